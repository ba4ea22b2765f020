"""Questions of lesson 01: sequences, and why order matters."""

import numpy as np

from lstm_course.baselines import error_by_horizon, seasonal_naive, windows
from lstm_course.tasks import common

from .question import Choice, Mistake, Option, Output, Question

# --- 01-windows -------------------------------------------------------------------------------------------------


def _window_cases(rng):
    def case(T, width, scale=1.0):
        return dict(x=scale * rng.normal(size=T), width=width)

    # Small; one window of one number; one window of all; as many windows as numbers in each; many; large numbers.
    return [case(5, 2), case(2, 1), case(6, 5), case(6, 3), case(20, 4), case(9, 2, scale=1e6)]


def _windows(x, width):
    """The package's windows, without those that reach back before the start, and without the last, that has no next."""
    return windows(x[None, :, None], width)[0, width - 1 : -1], x[width:]


def _wrong_windows(change):
    return lambda x, width: change(x, width, *_windows(x, width))


def _one_missing(x, width, inputs, targets):
    return (inputs[:-1], targets[:-1]) if len(inputs) > 1 else (inputs, targets)


MAKE_WINDOWS = Question(
    id="01-windows",
    name="make_windows",
    points=2,
    outputs=(Output("inputs", ("window", "place")), Output("targets", ("window",))),
    cases=_window_cases,
    reference=_windows,
    mistakes=(
        Mistake(
            "window holds its own target",
            "The last number of each window is the target itself. A model then only has to copy it, and is worth "
            "nothing when the target is not known yet: the window ends one step before its target.",
            lambda x, width: (np.stack([x[t - width + 1 : t + 1] for t in range(width, len(x))]), x[width:]),
        ),
        Mistake(
            "last window missing",
            "You stop one window too early. The last target is the last number of the series, so that there are "
            "T - width windows; `range` leaves out its own end.",
            _wrong_windows(_one_missing),
        ),
        Mistake(
            "one window too many",
            "You make one window too many: the last one ends with the last number of the series, and nothing comes "
            "after it. There are T - width windows, not T - width + 1.",
            lambda x, width: (np.stack([x[t : t + width] for t in range(len(x) - width + 1)]), x[width:]),
        ),
        Mistake(
            "newest first",
            "Your windows are turned round: the newest number comes first. In this course time runs from left to "
            "right, the oldest first.",
            _wrong_windows(lambda x, width, inputs, targets: (inputs[:, ::-1], targets)),
        ),
        Mistake(
            "windows and places swapped",
            "Your `inputs` are the transpose of what is wanted: a row is a window, a column a place in it.",
            _wrong_windows(lambda x, width, inputs, targets: (inputs.T, targets)),
        ),
        Mistake(
            "target is the last of the window",
            "Your targets are the last numbers of the windows themselves. What is wanted is the number *after* each "
            "window.",
            _wrong_windows(lambda x, width, inputs, targets: (inputs, inputs[:, -1])),
        ),
        Mistake(
            "windows do not overlap",
            "Your windows lie end to end. Each window starts one step after the one before, so that they overlap and "
            "every number from `width` on is a target once.",
            _wrong_windows(lambda x, width, inputs, targets: (inputs[::width], targets[::width])),
        ),
        Mistake(
            "results in another order",
            "You return the targets first. The order is inputs, then targets.",
            _wrong_windows(lambda x, width, inputs, targets: (targets, inputs)),
        ),
    ),
    raising=(
        Mistake(
            "a target after the end",
            "Your last window has no target any more: you ask for the number after the last one of the series. There "
            "are T - width windows, not T - width + 1.",
            lambda x, width: (
                np.stack([x[t : t + width] for t in range(len(x) - width + 1)]),
                np.array([x[t + width] for t in range(len(x) - width + 1)]),
            ),
        ),
    ),
    hints=(
        "Take the series 1, 2, 3, 4, 5 and a width of 2 on paper. Which numbers can be a target, and which two stand "
        "before each?",
        "The targets are all numbers from place `width` on: `x[width:]`. The window of the target at place t starts "
        "`width` places before it and ends just before it, as a slice does by itself.",
        "`inputs = np.array([x[t - width : t] for t in range(width, len(x))])`, and return it with `x[width:]`.",
    ),
    forbids=("lstm_course.baselines:windows",),
    explain_right="A series has become a table, which any regression can learn from, and no row knows its own target.",
)


# --- 01-one-hot -------------------------------------------------------------------------------------------------

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _word_cases(rng):
    def case(size, *lengths):
        alphabet = "".join(rng.permutation(list(LETTERS))[:size])
        # The first word has the last letter of the alphabet, so that no order of its own can be right by accident.
        words = ["".join(rng.choice(list(alphabet), length)) for length in lengths]
        words[0] = alphabet[-1] + words[0][1:]
        return dict(words=words, alphabet=alphabet)

    return [case(3, 2, 3), case(1, 1), case(4, 4, 2, 4), case(5, 3, 5, 1, 2), case(26, 12, 1), case(2, 1, 1, 6)]


def _one_hot_words(words, alphabet):
    """With padding as one more symbol, which is cut off at the end."""
    T, K = max(map(len, words)), len(alphabet)
    places = [[alphabet.index(letter) for letter in word] + [K] * (T - len(word)) for word in words]
    return common.one_hot(np.array(places), K + 1)[..., :K]


def _padded_in_front(words, alphabet):
    x = _one_hot_words(words, alphabet)
    return np.stack([np.roll(sample, len(sample) - len(word), axis=0) for sample, word in zip(x, words)])


def _written_into(T, D):
    """Letter by letter into zeros of these sizes, as in the solution."""

    def write(words, alphabet):
        x = np.zeros((len(words), T(words), D(words, alphabet)))
        for n, word in enumerate(words):
            for t, letter in enumerate(word):
                x[n, t, alphabet.index(letter)] = 1
        return x

    return write


def _longest(words):
    return max(map(len, words))


def _padded_with_a_letter(words, alphabet):
    x = _one_hot_words(words, alphabet)
    x[..., 0] += x.sum(axis=2) == 0
    return x


ONE_HOT = Question(
    id="01-one-hot",
    name="one_hot_words",
    points=2,
    outputs=(Output("x", ("sample", "time step", "feature")),),
    cases=_word_cases,
    reference=_one_hot_words,
    mistakes=(
        Mistake(
            "padding in front",
            "The zeros stand before the short words. In this course they come at the end, so that step 0 is the first "
            "letter of every word.",
            _padded_in_front,
        ),
        Mistake(
            "padding that is a letter",
            "After the end of a short word your array says: the first letter of the alphabet. Probably the words "
            "were filled up with place 0 before they were made one-hot. Padding is a row of zeros, no letter at all.",
            _padded_with_a_letter,
        ),
        Mistake(
            "features before time steps",
            "Your array is (samples, features, time_steps). The order is samples, time steps, features.",
            lambda words, alphabet: _one_hot_words(words, alphabet).transpose(0, 2, 1),
        ),
        Mistake(
            "time steps before samples",
            "Your array is (time_steps, samples, features). In this course the samples come first.",
            lambda words, alphabet: _one_hot_words(words, alphabet).transpose(1, 0, 2),
        ),
        Mistake(
            "alphabet in an order of its own",
            "You have sorted the alphabet. A feature belongs to the letter at the same place in `alphabet`, in the "
            "order given; otherwise two arrays cannot be compared.",
            lambda words, alphabet: (
                _one_hot_words(words, "".join(sorted(alphabet)))
                if list(alphabet) != sorted(alphabet)
                else _one_hot_words(words, alphabet)
            ),
        ),
        Mistake(
            "cut to the shortest word",
            "You keep only as many letters as the shortest word has. Nothing is thrown away: T is the length of the "
            "longest word, and shorter ones are filled up.",
            lambda words, alphabet: _one_hot_words(words, alphabet)[:, : min(map(len, words))],
        ),
    ),
    raising=(
        Mistake(
            "steps of the first word",
            "There is no room for a longer word than the first one. T is the length of the longest word.",
            _written_into(lambda words: len(words[0]), lambda words, alphabet: len(alphabet)),
        ),
        Mistake(
            "features only for the letters that occur",
            "There is no room for some letters of the alphabet. D is the number of letters in `alphabet`, whether they "
            "occur in these words or not.",
            _written_into(_longest, lambda words, alphabet: len(set("".join(words)))),
        ),
    ),
    hints=(
        "How many samples are there, how many steps must there be so that every word fits, and how many features? "
        "That is the shape. What should stand where nothing has been written?",
        "Begin with `np.zeros` of that shape. `enumerate(words)` gives the number of each word, `enumerate(word)` the "
        "step of each letter, and `alphabet.index(letter)` its feature.",
        "`x = np.zeros((len(words), max(len(word) for word in words), len(alphabet)))`, then in two loops "
        "`x[n, t, alphabet.index(letter)] = 1`. Steps after the end of a word stay 0 by themselves.",
    ),
    forbids=("lstm_course.tasks.common:one_hot",),
    explain_right="Any network of this course can read these words now; a mask tells it where each ends (lesson 10).",
)


# --- 01-seasonal-naive ------------------------------------------------------------------------------------------


def _season_cases(rng):
    def case(N, T, season, horizon, scale=1.0):
        return dict(x=scale * rng.normal(size=(N, T)), season=season, horizon=horizon)

    return [
        case(1, 5, 3, 4),
        case(1, 1, 1, 1),
        case(2, 6, 6, 3),
        case(3, 7, 4, 9),
        case(4, 4, 3, 4),
        case(2, 9, 4, 6),  # neither a season, nor one step more or less
        case(2, 11, 2, 5, scale=1e6),
    ]


SEASONAL_NAIVE = Question(
    id="01-seasonal-naive",
    name="same_as_last_season",
    points=2,
    outputs=(Output("forecast", ("sample", "time step")),),
    cases=_season_cases,
    reference=seasonal_naive,
    mistakes=(
        Mistake(
            "last value",
            "You go on with the last value. Here the forecast for a step is what stood *one season before it*.",
            lambda x, season, horizon: seasonal_naive(x, 1, horizon),
        ),
        Mistake(
            "the end of the series, not the last season",
            "You begin with the last `horizon` numbers of the series. The first step ahead is the one that stands "
            "`season` before it: begin at `x[:, -season]`, whatever the horizon is.",
            lambda x, season, horizon: seasonal_naive(x, min(horizon, x.shape[1]), horizon),
        ),
        Mistake(
            "begins in the middle of the season",
            "You repeat the season and keep the *last* `horizon` steps of that, so that your forecast begins in the "
            "middle of a season. Keep the first ones, `[:, :horizon]`.",
            lambda x, season, horizon: np.tile(x[:, -season:], -(-horizon // season))[:, -horizon:],
        ),
        Mistake(
            "one step late",
            "Your forecast is one step late: it begins with the last value, and the season only then. The first step "
            "ahead is like `x[:, -season]`.",
            lambda x, season, horizon: np.concatenate([x[:, -1:], seasonal_naive(x, season, horizon)], 1)[:, :horizon],
        ),
        Mistake(
            "one step early",
            "Your forecast begins one step too far on, at `x[:, -season + 1]`. Count back from the first step ahead, "
            "which stands one after the last: one season before it is `x[:, -season]`.",
            lambda x, season, horizon: seasonal_naive(x, season, horizon + 1)[:, 1:],
        ),
        Mistake(
            "the first season",
            "You repeat the season at the beginning of the series. The last one is nearer to what comes.",
            lambda x, season, horizon: seasonal_naive(x[:, :season], season, horizon),
        ),
        Mistake(
            "mean of the season",
            "You go on with the mean of the last season. That throws away what is seasonal; each step has a "
            "counterpart of its own.",
            lambda x, season, horizon: np.repeat(x[:, -season:].mean(axis=1, keepdims=True), horizon, axis=1),
        ),
        Mistake(
            "too short",
            "Your forecast ends with the season. For a longer horizon the season begins again, as often as needed.",
            lambda x, season, horizon: seasonal_naive(x, season, min(horizon, season)),
        ),
        Mistake(
            "one series as if it were all",
            "Your rows are all the same. Each series goes on with its own season.",
            lambda x, season, horizon: np.repeat(seasonal_naive(x[:1], season, horizon), len(x), axis=0),
        ),
    ),
    hints=(
        "The series ends with ... 7, 8, 9, and a season is 3 steps. What comes next, and after that, and what is the "
        "fourth step ahead?",
        "All you need is the last season, `x[:, -season:]`. Step h ahead, counted from 0, is its entry number h, and "
        "after the last entry it begins again. Which operator counts 0, 1, 2, 0, 1, 2?",
        "`x[:, -season:]` is the last season, `np.arange(horizon) % season` says which of its entries each step takes: "
        "`return x[:, -season:][:, np.arange(horizon) % season]`.",
    ),
    forbids=("lstm_course.baselines:seasonal_naive", "lstm_course.baselines:last_value"),
    explain_right="It learned nothing and costs nothing. A forecast with a season in it has to be better than this.",
)


# --- 01-error-by-horizon ----------------------------------------------------------------------------------------


def _error_cases(rng):
    def case(K, H, spare=3, scale=1.0):
        T = K + H + spare
        # A step is left before the first origin and after the last target, so that an answer that is one step early
        # or late gets numbers, and can be told so.
        origins = rng.permutation(np.arange(1, T - H))[:K]
        return dict(x=scale * rng.normal(size=T), forecasts=scale * rng.normal(size=(K, H)), origins=origins)

    return [case(2, 2), case(1, 1), case(3, 3), case(4, 2), case(2, 6), case(5, 4, scale=1e6)]


def _futures(x, forecasts, origins, later=0):
    """What came after each origin, in the shape of the forecasts; `later` moves it on by so many steps."""
    return np.lib.stride_tricks.sliding_window_view(x, forecasts.shape[1])[origins + later]


ERROR_BY_HORIZON = Question(
    id="01-error-by-horizon",
    name="errors_ahead",
    points=2,
    outputs=(Output("errors", ("step ahead",)),),
    cases=_error_cases,
    reference=lambda x, forecasts, origins: error_by_horizon(forecasts, _futures(x, forecasts, origins)),
    mistakes=(
        Mistake(
            "averaged over the steps ahead",
            "You average over the steps ahead and keep one number for each origin. It is the other way round: one "
            "number for each step ahead, averaged over the origins (`axis=0`).",
            lambda x, forecasts, origins: error_by_horizon(forecasts.T, _futures(x, forecasts, origins).T),
        ),
        Mistake(
            "one number for all",
            "You return one number. It hides what the question is about: how the error grows with the step ahead.",
            lambda x, forecasts, origins: np.abs(forecasts - _futures(x, forecasts, origins)).mean(),
        ),
        Mistake(
            "sign kept",
            "You average the differences with their signs, so that errors up and errors down cancel. Take the "
            "absolute value first.",
            lambda x, forecasts, origins: (forecasts - _futures(x, forecasts, origins)).mean(axis=0),
        ),
        Mistake(
            "sign kept, the other way round",
            "You average the differences with their signs, so that errors up and errors down cancel. Take the "
            "absolute value first.",
            lambda x, forecasts, origins: (_futures(x, forecasts, origins) - forecasts).mean(axis=0),
        ),
        Mistake(
            "absolute value too late",
            "You take the absolute value of the mean. By then errors up and errors down have cancelled: first the "
            "absolute value, then the mean.",
            lambda x, forecasts, origins: np.abs((forecasts - _futures(x, forecasts, origins)).mean(axis=0)),
        ),
        Mistake(
            "squared",
            "You average squared errors. They are not in the units of the series; wanted is the mean *absolute* error.",
            lambda x, forecasts, origins: ((forecasts - _futures(x, forecasts, origins)) ** 2).mean(axis=0),
        ),
        Mistake(
            "root of the mean square",
            "You return the root of the mean square. It counts large errors more; wanted is the mean absolute error.",
            lambda x, forecasts, origins: (
                np.sqrt(((forecasts - _futures(x, forecasts, origins)) ** 2).mean(axis=0))
                if len(forecasts) > 1
                else error_by_horizon(forecasts, _futures(x, forecasts, origins))
            ),
        ),
        Mistake(
            "compared with the step before",
            "You compare each forecast with the value before the one that it is for. With `origin` values known, "
            "`x[0]` to `x[origin - 1]`, the first unknown one is `x[origin]`.",
            lambda x, forecasts, origins: error_by_horizon(forecasts, _futures(x, forecasts, origins, later=-1)),
        ),
        Mistake(
            "compared with the step after",
            "You compare each forecast with the value after the one that it is for. With `origin` values known, "
            "`x[0]` to `x[origin - 1]`, the first unknown one is `x[origin]`, not `x[origin + 1]`.",
            lambda x, forecasts, origins: error_by_horizon(forecasts, _futures(x, forecasts, origins, later=1)),
        ),
        Mistake(
            "summed, not averaged",
            "You sum over the origins. Then the error grows with the number of forecasts; divide by it.",
            lambda x, forecasts, origins: np.abs(forecasts - _futures(x, forecasts, origins)).sum(axis=0),
        ),
    ),
    hints=(
        "At origin 10 the values x[0] to x[9] are known. Which value does the first forecast of that row stand for, "
        "and which the last?",
        "Row k is for `x[origins[k] : origins[k] + H]`, with H columns in `forecasts`. Stack these slices to an array "
        "of the same shape. Over which axis is then averaged?",
        "`future = np.array([x[origin : origin + H] for origin in origins])`, with `H = forecasts.shape[1]`; then "
        "`np.abs(forecasts - future).mean(axis=0)`.",
    ),
    forbids=("lstm_course.baselines:error_by_horizon",),
    explain_right="Beside the same curve of a baseline, it says up to which step ahead a forecast is worth having.",
)


# --- 01-two-bits (blank page) -----------------------------------------------------------------------------------

MARKS = "ABcd"
ENDINGS = ("AA", "AB", "BA", "BB")
STATES = 4


def _letter_cases(rng):
    def case(M, T):
        """M sequences of T letters, at least two of them A or B; the more of them, the rarer A and B become."""
        symbols = np.where(rng.random((M, T)) < 2.5 / T, rng.integers(0, 2, (M, T)), rng.integers(2, 4, (M, T)))
        for row in symbols:
            row[rng.permutation(T)[:2]] = rng.integers(0, 2, 2)
        return dict(symbols=symbols)

    every = np.array([[a, b] for a in (0, 1) for b in (0, 1)])
    filled = np.concatenate([every, np.full((4, 1), 2), every[::-1], np.full((4, 1), 3)], axis=1)
    return [dict(symbols=every), dict(symbols=filled), case(20, 6), case(20, 12), case(1, 3), case(40, 60)]


def _last_two(symbols):
    """The property itself: the last two A or B of each row, read as a number of two digits."""
    return np.array([2 * row[row < 2][-2] + row[row < 2][-1] for row in symbols])


def _whole(name, array, shape, most):
    if array.shape != shape:
        raise ValueError(f"`{name}` has shape {array.shape}; wanted {shape}.")
    if not np.isin(array, np.arange(most)).all():
        raise ValueError(f"`{name}` holds something else than the whole numbers 0 to {most - 1}.")
    return array.astype(int)


def _read_with(inputs, table, answers):
    """What the learner's reader answers: it starts in state 0 and goes through each row, letter by letter."""
    if table.ndim == 2 and len(table) > STATES and table.shape[1] == len(MARKS):
        raise ValueError(
            f"`table` has {len(table)} states; two bits allow {STATES}. Which of yours need not be told apart, as "
            "every sequence holds at least two letters A or B?"
        )
    table = _whole("table", table, (STATES, len(MARKS)), STATES)
    answers = _whole("answers", answers, (STATES,), len(ENDINGS))
    state = np.zeros(len(inputs["symbols"]), dtype=int)
    for letters in inputs["symbols"].T:
        state = table[state, letters]
    return (answers[state],)


def _reader(push=lambda older, newer, letter: (newer, letter), other=lambda older, newer, letter: (older, newer)):
    """A reader from two rules: what A or B does with the two letters on the notepad, and what c or d does."""
    pairs = [(older, newer) for older in (0, 1) for newer in (0, 1)]
    rows = [[push(*pair, letter) for letter in (0, 1)] + [other(*pair, letter) for letter in (2, 3)] for pair in pairs]
    table = np.array([[2 * older + newer for older, newer in row] for row in rows])
    return lambda: (table, np.arange(4))


def _asks_for(reader, relabel=(0, 1, 2, 3)):
    """Recognises a reader that answers as `reader` does, whatever its states are called."""
    probe = np.random.default_rng(0)
    symbols = [case["symbols"] for case in _letter_cases(probe)]

    def recognise(table, answers):
        try:
            return all(
                np.array_equal(
                    _read_with({"symbols": each}, table, answers)[0],
                    np.array(relabel)[_read_with({"symbols": each}, *reader())[0]],
                )
                for each in symbols
            )
        except ValueError:
            return False

    return recognise


def _transposed(table, answers):
    return _asks_for(_reader())(table.T, answers)


def _others_change_the_state(table, answers):
    """Whether c or d leads from a state that can be reached to another one."""
    reached = {0}
    while True:
        more = reached | {int(table[state, letter]) for state in reached for letter in range(len(MARKS))}
        if more == reached:
            return any(table[state, letter] != state for state in reached for letter in (2, 3))
        reached = more


_FORGETFUL = _reader(other=lambda older, newer, letter: (0, 0))
_ONE_BIT = _reader(push=lambda older, newer, letter: (letter, letter))
_WRONG_SIDE = _reader(push=lambda older, newer, letter: (letter, newer))
_FIRST_KEPT = _reader(push=lambda older, newer, letter: (older, letter))


def _show_sequence(case, place):
    return "the sequence: " + "".join(MARKS[symbol] for symbol in case["symbols"][place[0]])


TWO_BITS = Question(
    id="01-two-bits",
    name="two_bit_reader",
    points=3,
    outputs=(Output("answer", ("sequence",)),),
    returns=("table", "answers"),
    withheld=("symbols",),
    cases=_letter_cases,
    reference=_last_two,
    observe=_read_with,
    tolerance=0.0,
    show=_show_sequence,
    mistakes=(
        Mistake(
            "transposed",
            "Your `table` is the transpose of what is wanted: a row is a state, a column a letter.",
            lambda: (_reader()()[0].T, _reader()()[1]),
            _transposed,
        ),
        Mistake(
            "older and newer swapped in the answers",
            "Your reader keeps the right two letters and names them in the wrong order: AB for BA and BA for AB. Look "
            "at `answers`, or at which of the two letters your states name first.",
            lambda: (_reader()()[0], np.array([0, 2, 1, 3])),
            _asks_for(_reader(), relabel=(0, 2, 1, 3)),
        ),
        Mistake(
            "A and B swapped",
            "Your reader takes A for B and B for A. The columns of `table` stand in the order A, B, c, d.",
            lambda: (_reader()()[0][:, [1, 0, 2, 3]], _reader()()[1]),
            _asks_for(_reader(), relabel=(3, 2, 1, 0)),
        ),
        Mistake(
            "c or d changes the state",
            "A letter c or d changes your state. They mean nothing: in their columns every state must lead to itself.",
            _FORGETFUL,
            _others_change_the_state,
        ),
        Mistake(
            "only the last letter is kept",
            "Your reader knows only the last A or B: it answers AA or BB, whatever came before. When a letter comes, "
            "the one that was the newer becomes the older.",
            _ONE_BIT,
            _asks_for(_ONE_BIT),
        ),
        Mistake(
            "the older letter is replaced, the newer stays",
            "A new letter takes the place of the older one, and the newer stays where it is. It should move up: newer "
            "becomes older, and the new letter becomes the newer.",
            _WRONG_SIDE,
            _asks_for(_WRONG_SIDE),
        ),
        Mistake(
            "the older letter never changes",
            "A new letter takes the place of the newer one, and the older letter never changes. When a letter comes, "
            "the newer must become the older.",
            _FIRST_KEPT,
            _asks_for(_FIRST_KEPT),
        ),
    ),
    hints=(
        "Somebody reads the letters to you one at a time. What do you have to know at each moment, so that you could "
        "answer if the sequence ended here? How many different things can that be?",
        "Let the four states stand for AA, AB, BA and BB, the last two letters that counted. In state AB the letter A "
        "comes: which state is next? And in every state, what do c and d do? State 0 as the start is no harm: two "
        "letters that count are sure to come, and then nothing of it is left.",
        "States 0 to 3 are AA, AB, BA, BB. On A, a state that ends with A leads to 0 and one that ends with B to 2; on "
        "B, to 1 and to 3; c and d lead back to the state itself. So row 0 is `[0, 1, 0, 0]` and row 1 is "
        "`[2, 3, 1, 1]`; the other two you find in the same way. `answers` is `[0, 1, 2, 3]`.",
    ),
    explain_right="A state, and a rule that changes it at each step: a recurrent network is this, with a learned rule.",
)


# --- quiz -------------------------------------------------------------------------------------------------------

QUIZ_ORDER = Choice(
    id="01-quiz-order",
    name="quiz_order",
    points=1,
    text="A filter for messages turns each message into the counts of its words, and a deep network reads the counts. "
    'What can it tell about "the dog bit the man" and "the man bit the dog"?',
    options={
        "a": Option(
            "It can tell them apart if the network has enough layers.",
            "The order is gone before the first layer. No layer can bring back what its input does not hold.",
        ),
        "b": Option(
            "It gives both the same answer, whatever it has learned.",
            "Yes: both are the same counts, and the same input gives the same output.",
        ),
        "c": Option(
            "It can tell them apart after training on enough messages.",
            "Training changes weights. Two equal inputs stay equal under all of them.",
        ),
        "d": Option(
            "It can read neither: a network needs sequences.",
            "It reads both, and for many questions (is this about dogs?) counts are enough. It cannot tell the two "
            "apart.",
        ),
    },
    right="b",
    hints=(
        "Write down the counts of both messages. Where do they differ?",
        "A network is a function. What does a function do with two inputs that are equal?",
        "Both messages are: the 2, dog 1, bit 1, man 1. Whatever comes after that, however deep, sees one and the same "
        "thing.",
    ),
)

QUIZ_SHAPE = Choice(
    id="01-quiz-shape",
    name="quiz_shape",
    points=1,
    text="For 200 days temperature and pressure were measured every hour. One sample is to be one day. Which shape has "
    "the array?",
    options={
        "a": Option(
            "(24, 200, 2)", "These axes are time steps, samples, features. In this course the samples come first."
        ),
        "b": Option(
            "(4800, 2)",
            "That is the whole record as one table of hours. It does not say any more where a day begins.",
        ),
        "c": Option(
            "(200, 48, 1)",
            "Then 48 steps would stand for 24 hours, and temperature and pressure would take turns in one feature. "
            "Measured together, they are two features of one step.",
        ),
        "d": Option("(200, 24, 2)", "Yes: 200 samples of 24 time steps with 2 features each."),
    },
    right="d",
    hints=(
        "Three questions: how many examples, how many moments in each, how many numbers at each moment?",
        "An example is a day, a moment is an hour. What is known at one moment?",
        "The axes are samples, time steps, features: days, hours in a day, quantities measured in an hour.",
    ),
)

QUIZ_TOO_GOOD = Choice(
    id="01-quiz-too-good",
    name="quiz_too_good",
    points=1,
    text="A linear model on windows predicts the next hour of a noisy record. Its error on held-out days is a "
    "thousandth of that of last value. What do you think first?",
    options={
        "a": Option(
            "The windows hold the target: an index is off by one.",
            "Yes. Noise cannot be predicted, so nothing honest is a thousand times better. Look at one window and its "
            "target by eye.",
        ),
        "b": Option(
            "The model has overfitted.",
            "Then it would be good on the days it learned from and bad on held-out ones. It is good on the held-out "
            "ones.",
        ),
        "c": Option(
            "A linear model suits this record.",
            "It may. But the noise of the next hour stands in no window that is honest, and no model gets below it.",
        ),
        "d": Option(
            "Last value is a poor baseline for one hour.",
            "One hour ahead it is usually a good one, as in the lesson. A factor of a thousand needs another reason.",
        ),
    },
    right="a",
    hints=(
        "What is the smallest error that any forecast can have on a record with noise in it?",
        "A model that knows the noise of an hour to come must have been told. By what?",
        "Print one window and its target. Does the number that is to be predicted stand in the window already?",
    ),
)

QUIZ_HORIZON = Choice(
    id="01-quiz-horizon",
    name="quiz_horizon",
    points=1,
    text="A power company needs, each midnight, the demand of all 24 hours of the next day. A network that was "
    "trained on one hour ahead has half the error of last value there. What do you do before it is used?",
    options={
        "a": Option(
            "Nothing: half the error of the baseline is what was wanted.",
            "It was shown for one hour only. In the lesson such a network lost to seasonal naive at 12 hours.",
        ),
        "b": Option(
            "Train it longer, so that the error of one hour falls further.",
            "The error of one hour says little about the 24th, to which predictions are fed back 23 times.",
        ),
        "c": Option(
            "Measure its error at each of the 24 hours, beside that of seasonal naive.",
            "Yes: judged by what it will be used for, and against the baseline that is strong there.",
        ),
        "d": Option(
            "Average its error over all 24 hours, beside that of last value.",
            "Better than one hour. But one average hides at which hours it fails, and at most of them last value is "
            "a weak opponent.",
        ),
    },
    right="c",
    hints=(
        "For how many hours ahead has the network been judged, and for how many will it be used?",
        "Which of the baselines is hard to beat at 12 hours ahead, for something that has a daily course?",
        "Two things should be changed about the comparison: over which hours it is made, and against what.",
    ),
)


# --- predictions in the lesson: no points -----------------------------------------------------------------------

PREDICTIONS = (
    Choice(
        id="01-predict-alone",
        text="The network sees each letter alone, without the number of its step, and the votes are averaged. It "
        "learns from 2,000 sequences which of A and B came first. How often is it right on new ones?",
        options={
            "a": Option(
                "nearly always: the letters A and B are easily told from the others",
                "It does see that there is an A and that there is a B. So there is in every sequence.",
            ),
            "b": Option(
                "in about three of four: it learns something about the order",
                "About the order it learns nothing at all. The next cells show why.",
            ),
            "c": Option("in about half, as by tossing a coin", "Yes, and you will see that it cannot be otherwise."),
        },
        right="c",
    ),
    Choice(
        id="01-predict-window",
        text="A network with a window of 4 letters learns the task anew for each lag, the number of letters after the "
        "pair. How does its accuracy go as the lag grows?",
        options={
            "a": Option(
                "it sinks slowly, as the pair lies further and further back",
                "Distance within the window does not matter: each place has weights of its own. Outside it, nothing is "
                "seen.",
            ),
            "b": Option(
                "it stays at 1, and falls to one half at a stroke",
                "Yes: what is in the window is seen, what has left it is gone.",
            ),
            "c": Option(
                "it stays at 1: each lag is learned anew",
                "Learning cannot help where the window holds only letters that mean nothing.",
            ),
        },
        right="b",
    ),
    Choice(
        id="01-predict-memory",
        text="Somebody reads 1,000 letters one by one and is to say at the end which of A and B came first. How many "
        "different things must be possible on the notepad?",
        options={
            "a": Option("three", 'Yes: "nothing yet", "A first" and "B first".'),
            "b": Option(
                "about 1,000: one for each place at which the letter may have stood",
                "The place is not asked for. It may be dropped.",
            ),
            "c": Option(
                "as many as there are sequences of 1,000 letters",
                "That is needed to say the whole sequence again. The question is only which came first.",
            ),
        },
        right="a",
    ),
    Choice(
        id="01-predict-horizon",
        text="One hour ahead, last value is off by about 1 °C and seasonal naive by about 2 °C. Twelve hours ahead?",
        options={
            "a": Option(
                "last value is still the better one",
                "After 12 hours the day has turned to night, and last value has not.",
            ),
            "b": Option(
                "both are off by about twelve times as much",
                "Errors need not grow with each hour. A forecast of seasonal naive is one season old for every hour of "
                "the first day.",
            ),
            "c": Option(
                "seasonal naive is where it was, last value is far off",
                "Yes: within the first day seasonal naive always looks back by 24 hours, and last value by 12.",
            ),
        },
        right="c",
    ),
    Choice(
        id="01-bag-of-steps",
        text="A large network reads each step alone and is not told the number of the step. The *largest* vote of all "
        "steps is taken instead of the mean. Can this model see order?",
        options={
            "a": Option(
                "No: the largest of some votes does not depend on their order either.",
                "Yes, that is it: sum, mean and maximum all give the same for shuffled steps.",
            ),
            "b": Option(
                "Yes: the maximum picks out one step.",
                "It picks one, and does not know which: shuffle the steps, and the same vote is the largest.",
            ),
            "c": Option(
                "Yes, if the network is large enough.",
                "Each vote knows one letter only. No size brings in the others.",
            ),
        },
        right="a",
    ),
    Choice(
        id="01-what-to-drop",
        text="A reader is to say at the end whether the number of A seen was even or odd. What must it carry from "
        "letter to letter?",
        options={
            "a": Option("all letters so far", "That would do, and grows without end. Almost all of it may be dropped."),
            "b": Option(
                "one bit: even or odd so far", "Yes. Each A turns it over, every other letter leaves it as it is."
            ),
            "c": Option(
                "the number of A so far",
                "That would do as well, but it can be any number. The number itself is not asked for.",
            ),
            "d": Option("nothing: the last letter decides", "The last letter does not tell how many A came before it."),
        },
        right="b",
    ),
)

QUESTIONS = (
    MAKE_WINDOWS,
    ONE_HOT,
    SEASONAL_NAIVE,
    ERROR_BY_HORIZON,
    TWO_BITS,
    QUIZ_ORDER,
    QUIZ_SHAPE,
    QUIZ_TOO_GOOD,
    QUIZ_HORIZON,
    *PREDICTIONS,
)
