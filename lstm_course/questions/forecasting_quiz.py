"""Predictions within lesson 15, and the quiz at its end."""

from .question import Choice, Option

PREDICTIONS = (
    Choice(
        id="15-predict-table",
        text=(
            "Six simple methods forecast the next twelve months of CO₂, again and again over ten years: last value, "
            "seasonal naive without and with drift, Holt-Winters, autoregression, ridge. Which is the best?"
        ),
        options={
            "a": Option("Last value: it is nearest", "Twelve months ahead the season has gone up and down once."),
            "b": Option(
                "Seasonal naive: the season is strong",
                "It has the season and not the growth, and is a whole year of growth too low.",
            ),
            "c": Option(
                "The ridge: it may weigh 36 months as it likes",
                "Yes, here. A weighted sum of 36 months has room for growth, season and what the last months tell.",
            ),
            "d": Option(
                "Holt-Winters: made for trend and season",
                "It beats the naive ones. But its weights on the past can only fall in one fixed way.",
            ),
        },
        right="c",
    ),
    Choice(
        id="15-predict-lstm",
        text="An LSTM of 32 units sees the same 36 months. Where does its error lie?",
        options={
            "a": Option(
                "Beside Holt-Winters, above the ridge",
                "Yes. It learns growth and season, and has many more numbers to settle than the data can settle well.",
            ),
            "b": Option("Clearly below the ridge", "There is little in this series that a weighted sum cannot say."),
            "c": Option("Above seasonal naive", "It does learn the season, and most of the growth."),
        },
        right="a",
    ),
    Choice(
        id="15-predict-coverage",
        text=(
            "From past errors you make intervals that held 80 % of them. In the ten years that follow, what share of "
            "the values will lie within?"
        ),
        options={
            "a": Option("80 %, that is what they are made for", "Only if the years to come are like those before."),
            "b": Option("About 90 %: it knows more by then", "Nothing here learns after the first origin."),
            "c": Option(
                "About 70 %",
                "Yes. The errors of these years are larger than those that made the intervals: a series does not stand "
                "still.",
            ),
        },
        right="c",
    ),
    Choice(
        id="15-predict-price",
        text="A network forecasts tomorrow's price from the last 20 days of a random walk. How large is its error?",
        options={
            "a": Option("Half that of yesterday's price", "There is nothing in the past that tells of tomorrow."),
            "b": Option(
                "As large as that of yesterday's price, or a little larger",
                "Yes. The best that it can learn is to repeat the last price, and it learns that with some error.",
            ),
            "c": Option("Much larger", "It learns quickly that the last price is the best guess."),
        },
        right="b",
    ),
)

GOOD = Choice(
    id="15-is-that-good",
    text="A paper reports a mean absolute error of 2.3 for its new network. Is that good?",
    options={
        "a": Option("Yes: it is a small number", "Of what? On sunspots it would be a wonder, on CO₂ it is last value."),
        "b": Option("It depends on the error of the test data", "Nearly: an error by itself says nothing yet."),
        "c": Option(
            "Nobody can tell before the simple methods are scored on the same origins",
            "Yes. On monthly CO₂ 2.3 is what repeating the last value gives.",
        ),
    },
    right="c",
)

SHIFTED = Choice(
    id="15-quiz-shifted",
    name="quiz_shifted",
    points=1,
    text=(
        "A picture shows a share price over a year, and a network's forecast for the next day. The two curves lie on "
        "each other, R² is 0.98. Which question do you ask first?"
    ),
    options={
        "a": Option(
            "How many units the network has",
            "Whether it has ten or a thousand, the picture would look the same if it only repeats yesterday.",
        ),
        "b": Option(
            "Whether the test data were shuffled",
            "A good question, too. But even without any leak the curve of yesterday's price looks like this.",
        ),
        "c": Option(
            "How large its error is beside that of yesterday's price",
            "Yes. Yesterday's price also has an R² of about 0.98, and its curve cannot be told from the other by eye. "
            "Only what is better than that was forecast.",
        ),
        "d": Option(
            "Whether R² stays as high on a longer series",
            "It will: the longer a price wanders, the higher R² becomes, for yesterday's price as well.",
        ),
    },
    right="c",
    hints=(
        "What would the picture look like if the network gave back the last price it has seen?",
        "Two curves of which one is the other, a day later, cannot be told apart on a picture that is a year wide.",
        "Ask for the number that tells a forecast from a copy of the last value.",
    ),
)

QUIZ = (
    SHIFTED,
    Choice(
        id="15-quiz-leak",
        name="quiz_leak",
        points=1,
        text=(
            "A colleague shuffles all windows of a series, keeps a fifth of them for judging, and trains on the rest. "
            "The score is excellent. What is wrong?"
        ),
        options={
            "a": Option(
                "A fifth is too little to judge by",
                "With more windows the number would be steadier, and just as wrong.",
            ),
            "b": Option(
                "Windows overlap: what is judged has been seen in training, one step shifted",
                "Yes. Neighbouring windows share nearly all their values. Cut by time: train before, judge after.",
            ),
            "c": Option(
                "Shuffling destroys the order within the windows",
                "Only the order of the windows is changed; each window itself stays whole.",
            ),
        },
        right="b",
        hints=(
            "Two windows that begin one month apart: how many of their values do they share?",
            "Where are the neighbours of a window that is kept for judging?",
            "Think of what the model would know on the day on which it has to forecast.",
        ),
    ),
    Choice(
        id="15-quiz-feedback",
        name="quiz_feedback",
        points=1,
        text="A model learns one step ahead, and its forecasts are fed back for twelve. What is its danger?",
        options={
            "a": Option(
                "Its errors become its inputs, which it has never seen in training",
                "Yes. A small error in one step changes all that follow. A model that learns all twelve at once has "
                "never to live on its own forecasts.",
            ),
            "b": Option("It is twelve times as slow to train", "It is trained on one step; only its use takes twelve."),
            "c": Option(
                "It cannot learn a season",
                "It can, if the window is as long as a season. What it has learned must last for twelve steps, though.",
            ),
        },
        right="a",
        hints=(
            "What stands in the window when the third month is forecast?",
            "Compare: in training every value of the window was measured.",
            "Small errors add up when they come back in at the other end.",
        ),
    ),
    Choice(
        id="15-quiz-lstm-wins",
        name="quiz_lstm_wins",
        points=1,
        text="In which of these would you expect an LSTM to beat a ridge on the same window?",
        options={
            "a": Option("One monthly series of forty years", "480 numbers, and growth and season are nearly a sum."),
            "b": Option("One daily share price", "Nothing beats its last value."),
            "c": Option(
                "Ten thousand related series, with events that change what the past means",
                "Yes. There is enough to learn from, and something that is no weighted sum of the past.",
            ),
            "d": Option(
                "One series with much noise",
                "A network averages noise away, and so does a ridge with a larger penalty. It is a tie.",
            ),
        },
        right="c",
        hints=(
            "What can an LSTM say that a weighted sum cannot? And how many examples does it need to learn it?",
            "A season and a trend are weighted sums of the past.",
            "Think of many examples, and of a past that means something else after an event.",
        ),
    ),
    Choice(
        id="15-quiz-broad-claim",
        name="quiz_broad_claim",
        points=1,
        text='"LSTMs beat other methods on time series." What does this lesson say to that?',
        options={
            "a": Option(
                "Not in general: show the simple methods beside it",
                "Yes. On five of six series here a simple method is ahead. A claim about forecasts is a claim about "
                "what else was tried, on the same origins.",
            ),
            "b": Option("It is true if they are trained long enough", "Training longer fits the noise as well."),
            "c": Option(
                "It is wrong: simple methods always win",
                "That is as broad as the other claim. Look at the table: it is not the same on every series.",
            ),
        },
        right="a",
        hints=(
            "Look at the table of all series once more: is one method the best everywhere?",
            "What must stand beside a score, so that it says something?",
            "Beware of *always* in either direction.",
        ),
    ),
)
