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
            "You take mean and standard deviation of all values, those after `stop` among them. They are not known "
            "yet when the model learns. Take them of `values[:stop]`, and scale everything with them.",
            edit("values[:stop].mean(), values[:stop].std()", "values.mean(), values.std()"),
        ),
        Mistake(
            "two scales",
            "You scale the later values by their own mean and deviation. A trend then vanishes, and the later mean is "
            "not known when it is needed: one mean and one deviation, of `values[:stop]`, for all.",
            edit(
                "    return (values - mean) / std",
                "    parts = [part for part in (values[:stop], values[stop:]) if len(part)]\n"
                "    z = np.concatenate([(part - part.mean()) / (part.std() or 1.0) for part in parts])\n"
                "    return z",
            ),
        ),
        Mistake(
            "only the known part scaled",
            "You scale `values[:stop]` alone and return as many numbers. The later values are scaled as well, with "
            "the mean and deviation of the earlier ones.",
            edit("(values - mean)", "(values[:stop] - mean)"),
        ),
        Mistake(
            "variance instead of deviation",
            "You divide by the variance. Its root, the standard deviation (`np.std`), is what brings values to size 1.",
            edit("std()", "var()"),
        ),
        Mistake(
            "one value too few",
            "You take mean and deviation of `values[:stop - 1]`. The value at place `stop - 1` is known as well: a "
            "slice leaves out its end by itself.",
            edit(
                "values[:stop].mean(), values[:stop].std()",
                "values[: stop - 1].mean(), values[: stop - 1].std() or 1.0",
            ),
        ),
        Mistake(
            "mean not taken off",
            "You divide by the deviation and do not take off the mean, so that the numbers lie where the series lies.",
            edit("(values - mean) / std", "values / std"),
        ),
        Mistake(
            "divided by one less",
            "Your deviation divides by one less than the number of values (`ddof=1`). Asked for is `np.std` as it is.",
            edit("std()", "std(ddof=1)"),
        ),
        Mistake(
            "scaled by lowest and highest",
            "You bring the lowest value to 0 and the highest to 1. Asked for are mean and standard deviation; lowest "
            "and highest hang on two single values.",
            edit("values[:stop].mean(), values[:stop].std()", "values[:stop].min(), np.ptp(values[:stop])"),
        ),
    ),
    hints=(
        "On the day on which the model learns, `values[:stop]` has come and nothing else. From which values can a mean "
        "be taken that day?",
        "`known = values[:stop]` gives mean and standard deviation; with these two numbers *all* values are scaled.",
        "`mean, std = known.mean(), known.std()`, and return `(values - mean) / std, mean, std`.",
    ),
    forbids=("lstm_course.forecasting:Scaler",),
    explain_right="A later value may now lie far from 0. That is honest: the model has not seen such values.",
)
