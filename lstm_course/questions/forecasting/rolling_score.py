"""15-rolling-score: the error of a method over rolling origins."""

from lstm_course.forecasting import SeasonalNaive, origins_every, rolling_origin

from ..edits import edit
from ..question import Mistake, Output, Question


def _rolling_cases(rng):
    def case(T, season, first, horizon, stride):
        return dict(values=rng.normal(size=T).cumsum(), season=season, first=first, horizon=horizon, stride=stride)

    # Small; one origin; a horizon longer than the season; a last origin that just fits; one that does not; every step.
    return [
        case(8, 2, 4, 2, 2),
        case(12, 3, 9, 3, 5),
        case(40, 4, 12, 9, 3),
        case(30, 7, 14, 5, 4),
        case(31, 6, 10, 6, 5),
        case(25, 1, 1, 1, 1),
    ]


def _rolling(values, season, first, horizon, stride):
    origins = origins_every(len(values), max(first, season), horizon, stride)
    return rolling_origin(values, SeasonalNaive(season), origins, horizon).mae_by_step()


ROLLING = Question(
    id="15-rolling-score",
    name="rolling_error",
    points=3,
    outputs=(Output("error", ("step ahead",)),),
    cases=_rolling_cases,
    reference=_rolling,
    mistakes=(
        Mistake(
            "looks ahead",
            "From one season ahead on you repeat values that have not come yet at the origin: `values[o + h - season]` "
            "lies at or after the origin when h is a season or more. Repeat the *last known* season, again and again.",
            edit("h % season", "h"),
        ),
        Mistake(
            "forecast made once",
            "You make one forecast, at the first origin, and compare it with what came after each. At each origin a "
            "new forecast is made, from what is known by then.",
            edit("values[o - season", "values[first - season"),
        ),
        Mistake(
            "last origin missing",
            "You leave out the last origin. The one at T - horizon still has all its values after it.",
            edit(
                "len(values) - horizon + 1",
                "len(values) - horizon",
                "np.mean(errors, axis=0)",
                "np.mean(errors, axis=0) if errors else np.zeros(horizon)",
            ),
        ),
        Mistake(
            "sign of the error kept",
            "You average errors with their signs, so that too high and too low cancel each other. Take the absolute "
            "value of each first.",
            edit("np.abs(values[o : o + horizon] - forecast)", "values[o : o + horizon] - forecast"),
        ),
        Mistake(
            "squared error",
            "You average squares. Asked for is the mean of absolute errors.",
            edit("np.abs(values[o : o + horizon] - forecast)", "np.square(values[o : o + horizon] - forecast)"),
        ),
        Mistake(
            "one number for all steps",
            "You average over the steps as well and give one number. Each step ahead keeps an error of its own: "
            "average over the origins alone (`axis=0`).",
            edit("errors, axis=0", "errors"),
        ),
        Mistake(
            "last value instead of a season ago",
            "You repeat the last value. Asked for is the seasonal forecast: what was a season ago.",
            edit("values[o - season + h % season]", "values[o - 1]"),
        ),
        Mistake(
            "stride ignored",
            "You forecast at every step. The origins are `first`, `first + stride` and so on.",
            edit("+ 1, stride", "+ 1, 1"),
        ),
        Mistake(
            "a season too early",
            "You repeat the season before the last. The last known one begins at `o - season`.",
            edit("values[o - season", "values[max(o - 2 * season, 0)"),
        ),
    ),
    hints=(
        "Stand at one origin o. What is known are the values before it. What does the seasonal forecast say for step "
        "h, counted from 0, when the season is shorter than the horizon?",
        "Step h of the forecast is `values[o - season + h % season]`. The origins run from `first` in steps of "
        "`stride`, as long as `o + horizon <= len(values)`.",
        "Collect `np.abs(values[o:o + horizon] - forecast)` for each origin in a list, and return the mean of the list "
        "with `axis=0`.",
    ),
    forbids=("lstm_course.forecasting:rolling_origin", "lstm_course.baselines:error_by_horizon"),
    explain_right="Every forecast was made from what was known at its origin, and from nothing else.",
)
