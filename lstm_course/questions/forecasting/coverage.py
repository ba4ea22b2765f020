"""15-coverage: prediction intervals and their coverage."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _coverage_cases(rng):
    def case(V, N, horizon, level, drift=0.0):
        # The errors grow with the step, as those of forecasts do, and are skewed.
        size = np.sqrt(np.arange(1, horizon + 1))
        errors = size * (rng.normal(size=(V, horizon)) + 0.4 * rng.exponential(size=(V, horizon)))
        forecast = rng.normal(size=(N, horizon)).cumsum(axis=1)
        actual = forecast + drift + size * (rng.normal(size=(N, horizon)) + 0.4 * rng.exponential(size=(N, horizon)))
        return dict(errors=errors, forecast=forecast, actual=actual, level=level)

    # Small; one step; many; a level near 1; one forecast; errors that have changed.
    return [
        case(5, 2, 2, 0.5),
        case(30, 12, 1, 0.8),
        case(60, 40, 6, 0.8),
        case(41, 25, 3, 0.95),
        case(20, 1, 4, 0.9),
        case(25, 30, 5, 0.6, drift=2.0),
    ]


def _interval(errors, forecast, actual, level):
    """Bounds from the quantiles of the errors at each step ahead, and the share of values within them."""
    low, high = (forecast + np.quantile(errors, share, axis=0) for share in ((1 - level) / 2, (1 + level) / 2))
    return low, high, ((low <= actual) & (actual <= high)).mean(axis=0)


COVERAGE = Question(
    id="15-coverage",
    name="interval",
    points=3,
    outputs=(
        Output("low", ("forecast", "step ahead")),
        Output("high", ("forecast", "step ahead")),
        Output("covered", ("step ahead",)),
    ),
    cases=_coverage_cases,
    reference=_interval,
    mistakes=(
        Mistake(
            "tails of the wrong size",
            "You cut off 1 - level at each end. Both ends together are 1 - level, so that each is half of it.",
            edit("(1 - level) / 2", "1 - level", "(1 + level) / 2", "max(level, 1 - level)"),
        ),
        Mistake(
            "one width for all steps",
            "You take the quantiles over all steps ahead together. Errors grow with the step: each has quantiles of "
            "its own (`axis=0`).",
            edit("(1 - level) / 2, axis=0", "(1 - level) / 2", "(1 + level) / 2, axis=0", "(1 + level) / 2"),
        ),
        Mistake(
            "same width up and down",
            "You take one quantile of the absolute errors and go as far up as down. These errors lie more on one side: "
            "take the two quantiles of the errors with their signs.",
            edit(
                "forecast + np.quantile(errors, (1 - level) / 2",
                "forecast - np.quantile(np.abs(errors), level",
                "errors, (1 + level) / 2",
                "np.abs(errors), level",
            ),
        ),
        Mistake(
            "errors the other way round",
            "You take the quantiles off the forecast. The errors are actual less forecast, so that they are added.",
            edit("    low =", "    errors = -errors\n    low ="),
        ),
        Mistake(
            "share of all steps together",
            "Your share is one number for all. Each step ahead has a share of its own: the mean over the forecasts.",
            edit("high, covered", "high, covered.mean()"),
        ),
        Mistake(
            "share outside instead of inside",
            "You count how many values lie outside. Asked for is the share that lies within.",
            edit("high, covered", "high, 1 - covered"),
        ),
        Mistake(
            "low and high swapped",
            "You return the upper bound first, or have added the upper quantile to the lower bound.",
            edit("return low, high", "return high, low"),
        ),
    ),
    hints=(
        "At a level of 0.8, one tenth of the past errors is to lie below the interval and one tenth above. Which two "
        "quantiles of the errors are these?",
        "`np.quantile(errors, (1 - level) / 2, axis=0)` has one number for each step ahead; added to the forecast it "
        "is the lower bound. For the upper one take `(1 + level) / 2`.",
        "A value is covered if `(low <= actual) & (actual <= high)`; the mean of that over the forecasts (`axis=0`) is "
        "the share for each step.",
    ),
    explain_right="What was promised is the level; what was kept is the share. Always print both.",
)
