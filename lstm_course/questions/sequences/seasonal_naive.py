"""01-seasonal-naive: a forecast that repeats the last season."""

from lstm_course.baselines import seasonal_naive

from ..edits import edit
from ..question import Mistake, Output, Question


def _season_cases(rng):
    def case(N, T, season, horizon, scale=1.0):
        return dict(x=scale * rng.normal(size=(N, T)), season=season, horizon=horizon)

    return [
        case(1, 5, 3, 4),
        case(1, 1, 1, 1),
        case(2, 6, 6, 3),
        case(3, 7, 4, 9),
        case(4, 4, 3, 4),
        case(2, 9, 4, 6),  # not a multiple of the season, nor one more or less
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
            edit("np.arange(horizon) % season", "[-1] * horizon"),
        ),
        Mistake(
            "the end of the series, not the last season",
            "You begin with the last `horizon` numbers of the series. The first step ahead is the one that stands "
            "`season` before it: begin at `x[:, -season]`, whatever the horizon is.",
            edit("    last =", "    season = min(horizon, x.shape[1])\n    last ="),
        ),
        Mistake(
            "begins in the middle of the season",
            "You repeat the season and keep the *last* `horizon` steps of that, so that your forecast begins in the "
            "middle of a season. Keep the first ones, `[:, :horizon]`.",
            edit("last[:, np.arange(horizon) % season]", "np.tile(last, -(-horizon // season))[:, -horizon:]"),
        ),
        Mistake(
            "one step late",
            "Your forecast is one step late: it begins with the last value, and the season only then. The first step "
            "ahead is like `x[:, -season]`.",
            edit("np.arange(horizon) % season", "(np.arange(horizon) - 1) % season"),
        ),
        Mistake(
            "one step early",
            "Your forecast begins one step too far on, at `x[:, -season + 1]`. Count back from the first step ahead, "
            "which stands one after the last: one season before it is `x[:, -season]`.",
            edit("np.arange(horizon) % season", "(np.arange(horizon) + 1) % season"),
        ),
        Mistake(
            "the first season",
            "You repeat the season at the beginning of the series. The last one is nearer to what comes.",
            edit("x[:, -season:]", "x[:, :season]"),
        ),
        Mistake(
            "mean of the season",
            "You go on with the mean of the last season. That throws away what is seasonal; each step has a "
            "counterpart of its own.",
            edit(
                "last[:, np.arange(horizon) % season]", "np.repeat(last.mean(axis=1, keepdims=True), horizon, axis=1)"
            ),
        ),
        Mistake(
            "too short",
            "Your forecast ends with the season. For a longer horizon the season begins again, as often as needed.",
            edit("np.arange(horizon)", "np.arange(min(horizon, season))"),
        ),
        Mistake(
            "one series as if it were all",
            "Your rows are all the same. Each series goes on with its own season.",
            edit("x[:, -season:]", "np.repeat(x[:1, -season:], len(x), axis=0)"),
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
