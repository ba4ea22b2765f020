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
            "You leave a share of 1 - level outside at each end. Both ends together should be 1 - level, so each gets "
            "half of it.",
            edit("(1 - level) / 2", "1 - level", "(1 + level) / 2", "max(level, 1 - level)"),
        ),
        Mistake(
            "one width for all steps",
            "You take the quantiles of all steps ahead together. Errors grow with the step, so each step needs its own "
            "quantiles (`axis=0`).",
            edit("(1 - level) / 2, axis=0", "(1 - level) / 2", "(1 + level) / 2, axis=0", "(1 + level) / 2"),
        ),
        Mistake(
            "same width up and down",
            "You take one quantile of the absolute errors, so the interval goes equally far up and down. These errors "
            "are skewed. Keep their signs and take two quantiles.",
            edit(
                "forecast + np.quantile(errors, (1 - level) / 2",
                "forecast - np.quantile(np.abs(errors), level",
                "errors, (1 + level) / 2",
                "np.abs(errors), level",
            ),
        ),
        Mistake(
            "errors the other way round",
            "You subtract the quantiles from the forecast. The errors are actual minus forecast, so add them.",
            edit("    low =", "    errors = -errors\n    low ="),
        ),
        Mistake(
            "share of all steps together",
            "You return one share for all steps. The card asks for one share for each: the mean over the forecasts.",
            edit("high, covered", "high, covered.mean()"),
        ),
        Mistake(
            "share outside instead of inside",
            "You count the values outside the interval. The card asks for the share inside.",
            edit("high, covered", "high, 1 - covered"),
        ),
        Mistake(
            "low and high swapped",
            "You return the upper bound first. Return `low`, then `high`.",
            edit("return low, high", "return high, low"),
        ),
    ),
    hints=(
        "At a level of 0.8, a tenth of the past errors should lie below the interval and a tenth above it. Which two "
        "quantiles of the errors are these bounds?",
        "`np.quantile(errors, (1 - level) / 2, axis=0)` gives one number for each step ahead. Add it to the forecast, "
        "and you have the lower bound. For the upper one, use `(1 + level) / 2`.",
        "A value is covered if `(low <= actual) & (actual <= high)`. The mean of this over the forecasts (`axis=0`) is "
        "the share for each step.",
    ),
    explain_right="The level is what you promised, and the share is what happened. Always report both.",
)
