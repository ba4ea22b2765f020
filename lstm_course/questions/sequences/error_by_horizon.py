"""01-error-by-horizon: forecast error at each number of steps ahead."""

import numpy as np

from lstm_course.baselines import error_by_horizon

from ..edits import edit
from ..question import Mistake, Output, Question


def _error_cases(rng):
    def case(K, H, spare=3, scale=1.0):
        T = K + H + spare
        # There is a step before the first origin and after the last target, so that an answer that is off by one step
        # returns numbers and gets a specific message.
        origins = rng.permutation(np.arange(1, T - H))[:K]
        return dict(x=scale * rng.normal(size=T), forecasts=scale * rng.normal(size=(K, H)), origins=origins)

    return [case(2, 2), case(1, 1), case(3, 3), case(4, 2), case(2, 6), case(5, 4, scale=1e6)]


def _futures(x, forecasts, origins):
    """The values after each origin, in the shape of the forecasts."""
    return np.lib.stride_tricks.sliding_window_view(x, forecasts.shape[1])[origins]


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
            edit("axis=0", "axis=1"),
        ),
        Mistake(
            "one number for all",
            "You return one number. It hides what the question is about: how the error grows with the step ahead.",
            edit("axis=0", ""),
        ),
        Mistake(
            "sign kept",
            "You average the differences with their signs, so that errors up and errors down cancel. Take the "
            "absolute value first.",
            edit("np.abs(forecasts - future)", "(forecasts - future)"),
        ),
        Mistake(
            "sign kept, the other way round",
            "You average the differences with their signs, so that errors up and errors down cancel. Take the "
            "absolute value first.",
            edit("np.abs(forecasts - future)", "(future - forecasts)"),
        ),
        Mistake(
            "absolute value too late",
            "You take the absolute value of the mean. By then errors up and errors down have cancelled: first the "
            "absolute value, then the mean.",
            edit("np.abs(forecasts - future).mean(axis=0)", "np.abs((forecasts - future).mean(axis=0))"),
        ),
        Mistake(
            "squared",
            "You average squared errors. They are not in the units of the series; wanted is the mean *absolute* error.",
            edit("np.abs(forecasts - future)", "((forecasts - future) ** 2)"),
        ),
        Mistake(
            "root of the mean square",
            "You return the root of the mean square. It counts large errors more; wanted is the mean absolute error.",
            edit("np.abs(forecasts - future).mean(axis=0)", "np.sqrt(((forecasts - future) ** 2).mean(axis=0))"),
        ),
        Mistake(
            "compared with the step before",
            "You compare each forecast with the value before the one that it is for. With `origin` values known, "
            "`x[0]` to `x[origin - 1]`, the first unknown one is `x[origin]`.",
            edit("origin : origin + H", "origin - 1 : origin + H - 1"),
        ),
        Mistake(
            "compared with the step after",
            "You compare each forecast with the value after the one that it is for. With `origin` values known, "
            "`x[0]` to `x[origin - 1]`, the first unknown one is `x[origin]`, not `x[origin + 1]`.",
            edit("origin : origin + H", "origin + 1 : origin + H + 1"),
        ),
        Mistake(
            "summed, not averaged",
            "You sum over the origins. Then the error grows with the number of forecasts; divide by it.",
            edit("mean(", "sum("),
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
