"""15-own-file: a forecast of the series in a CSV file, and how far off such forecasts have been."""

import numpy as np

from lstm_course.forecasting import SeasonalNaive, rolling_origin
from lstm_course.tasks.series import gaps

from ..edits import edit
from ..question import Mistake, Output, Question


def _file_cases(rng):
    def case(T, season, horizon, origins, holes, size=10.0):
        wave = size * np.sin(2 * np.pi * np.arange(T) / season + rng.uniform(0, 6))
        values = np.round(10 * size + 0.3 * size * np.arange(T) / season + wave + 0.2 * size * rng.normal(size=T), 2)
        values[list(holes)] = np.nan
        first = rng.integers(1990, 2015)
        rows = [
            f"{first + t // season}-{1 + t % season * 12 // season:02d}-01,{'' if np.isnan(value) else f'{value:.2f}'}"
            for t, value in enumerate(values)
        ]
        text = "date,visitors\n" + "\n".join(rows) + "\n"
        return dict(text=text, season=season, horizon=horizon, origins=origins, values=values)

    # Small; months without gaps; with gaps, one at an origin; quarters; a horizon beyond a season; the last missing;
    # a first origin with no more past than the rule needs.
    return [
        case(8, 2, 1, 1, ()),
        case(60, 12, 6, 1, ()),
        case(72, 12, 6, 3, (5, 6, 40, 71 - 5, 71 - 6)),
        case(40, 4, 3, 4, (12, 39 - 2), size=0.5),
        case(30, 4, 7, 2, (9, 10), size=1000.0),
        case(48, 12, 12, 2, (20, 47)),
        case(16, 4, 3, 9, ()),
    ]


def _from_file(text, season, horizon, origins, values):
    method = SeasonalNaive(season, drift=True)
    last = len(values) - horizon
    earlier = rolling_origin(values, method, np.arange(last - origins + 1, last + 1), horizon)
    return method.forecast(gaps.fill(values), horizon), np.array(earlier.mae())


OWN_FILE = Question(
    id="15-own-file",
    name="forecast_file",
    points=4,
    outputs=(Output("forecast", ("step ahead",)), Output("error", ())),
    cases=_file_cases,
    reference=_from_file,
    withheld=("values",),
    mistakes=(
        Mistake(
            "gaps dropped",
            "You leave out the rows without a value. Everything after a gap then moves up, and the season no longer "
            "fits. Keep the row, and put the value of a straight line there.",
            edit("    steps =", "    values = values[~np.isnan(values)]\n    steps ="),
        ),
        Mistake(
            "gaps read as zero",
            "You read a missing value as zero. Nobody counted zero visitors; nobody counted. Put the value of a "
            "straight line there.",
            edit("if number else np.nan", "if number else 0.0"),
        ),
        Mistake(
            "gaps filled with what came later",
            "You fill the gaps once, in the whole file. At an earlier origin the value after the gap was not known "
            "yet. Fill what was known at that origin.",
            edit("ahead(values[:o])", "ahead(filled(values)[:o])"),
        ),
        Mistake(
            "forecast of the end for all origins",
            "You compare one forecast, made at the end of the file, with all the earlier values. Make a new forecast "
            "at each origin, from what was known there.",
            edit("ahead(values[:o])", "ahead(values)"),
        ),
        Mistake(
            "no drift",
            "You repeat last season as it was. Add the rise: the last value minus the one a season before it.",
            edit("+ rise * (1 + steps // season)", "+ 0 * rise"),
        ),
        Mistake(
            "the same rise for every season ahead",
            "Beyond one season the series has risen twice. Add the rise once for each season you look ahead.",
            edit("(1 + steps // season)", "1"),
        ),
        Mistake(
            "missing values counted as errors",
            "You compare forecasts with values that you filled in yourself. Where nothing was measured, nothing can be "
            "judged: leave those steps out of the mean.",
            edit("values[o : o + horizon] - ahead", "filled(values)[o : o + horizon] - ahead"),
        ),
        Mistake(
            "squared error",
            "You average squares. The card asks for the mean absolute error.",
            edit("np.nanmean(np.abs(errors))", "np.nanmean(np.square(errors))"),
        ),
    ),
    hints=(
        "Take the lines apart first. What stands between the comma and the end of a line whose value is missing, and "
        "what would `float` say to it?",
        "Write one function that takes the values known at an origin, with NaN for gaps, fills them (`np.interp` fills "
        "the ends with the nearest value, too) and returns the forecast. Call it with all values for the forecast, and "
        "with `values[:o]` at each earlier origin o for the error.",
        "The origins are `last - origins + 1` to `last`, where `last = len(values) - horizon`. Step h, counted from 0, "
        "is `known[len(known) - season + h % season] + (1 + h // season) * rise`; the error is "
        "`np.nanmean(np.abs(errors))`.",
    ),
    forbids=("lstm_course.forecasting:rolling_origin", "lstm_course.forecasting:SeasonalNaive"),
    explain_right="A forecast of your own file, with the error that the same rule made on its recent past beside it.",
)
