"""15-scaler: standardising a series with past values only."""

import numpy as np

from lstm_course.forecasting import Scaler

from ..edits import edit
from ..question import Mistake, Output, Question


def _scaler_cases(rng):
    def case(T, stop, slope, level=0.0, size=1.0):
        return dict(values=level + size * (rng.normal(size=T) + slope * np.arange(T)), stop=stop)

    # Small; with a trend, so that later values differ; two known values; all values known; large; tiny.
    return [
        case(5, 3, 1.0),
        case(60, 30, 0.5),
        case(9, 2, 1.0),
        case(20, 20, 0.1),
        case(50, 35, 0.2, level=400.0, size=20.0),
        case(30, 10, 0.3, size=1e-4),
    ]


def _scaled(values, stop):
    scaler = Scaler(values[:stop])
    return scaler.apply(values), np.array(scaler.mean), np.array(scaler.deviation)


SCALER = Question(
    id="15-scaler",
    name="scaled",
    points=2,
    outputs=(Output("z", ("time step",)), Output("mean", ()), Output("std", ())),
    cases=_scaler_cases,
    reference=_scaled,
    mistakes=(
        Mistake(
            "looks ahead",
            "You take the mean and the standard deviation of all values, including those after `stop`. They aren't "
            "known when the model is trained. Take both from `values[:stop]`, and use them for everything.",
            edit("values[:stop].mean(), values[:stop].std()", "values.mean(), values.std()"),
        ),
        Mistake(
            "two scales",
            "You scale the later values by their own mean and deviation. That hides any trend, and the later mean "
            "isn't known when you need it. Use one mean and one deviation, those of `values[:stop]`, for all values.",
            edit(
                "    return (values - mean) / std",
                "    parts = [part for part in (values[:stop], values[stop:]) if len(part)]\n"
                "    z = np.concatenate([(part - part.mean()) / (part.std() or 1.0) for part in parts])\n"
                "    return z",
            ),
        ),
        Mistake(
            "only the known part scaled",
            "You return only `values[:stop]`. The later values have to be scaled as well, with the mean and deviation "
            "of the earlier ones.",
            edit("(values - mean)", "(values[:stop] - mean)"),
        ),
        Mistake(
            "variance instead of deviation",
            "You divide by the variance. Divide by its square root, the standard deviation (`np.std`).",
            edit("std()", "var()"),
        ),
        Mistake(
            "one value too few",
            "You take mean and deviation of `values[:stop - 1]`. The value at index `stop - 1` is known as well; a "
            "slice already leaves out its end.",
            edit(
                "values[:stop].mean(), values[:stop].std()",
                "values[: stop - 1].mean(), values[: stop - 1].std() or 1.0",
            ),
        ),
        Mistake(
            "mean not taken off",
            "You divide by the deviation but don't subtract the mean, so the numbers aren't centred on zero.",
            edit("(values - mean) / std", "values / std"),
        ),
        Mistake(
            "divided by one less",
            "Your deviation divides by one less than the number of values (`ddof=1`). The card asks for `np.std` with "
            "its defaults.",
            edit("std()", "std(ddof=1)"),
        ),
        Mistake(
            "scaled by lowest and highest",
            "You map the lowest value to 0 and the highest to 1. The card asks for the mean and the standard "
            "deviation; the lowest and the highest are only two values, and outliers move them.",
            edit("values[:stop].mean(), values[:stop].std()", "values[:stop].min(), np.ptp(values[:stop])"),
        ),
    ),
    hints=(
        "On the day the model is trained, only `values[:stop]` is known. Which values can you take a mean of on that "
        "day?",
        "Take the mean and the standard deviation of `known = values[:stop]`, and scale *all* values with these two.",
        "Compute `mean, std = known.mean(), known.std()` and return `(values - mean) / std, mean, std`.",
    ),
    forbids=("lstm_course.forecasting:Scaler",),
    explain_right="Later values may lie far from 0 now, and that is honest: the model hasn't seen such values.",
)
