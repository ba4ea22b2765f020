"""A series of one's own, from a CSV file, with a sentence for what is wrong with it."""

from pathlib import Path

import numpy as np

from . import csv_cells
from .record import Series
from .steps import MOST_MISSING, find_steps, said

DATE_NAMES = ("date", "datum", "datetime", "time", "timestamp", "day", "week", "month", "quarter", "year", "jahr")


def read(path, column=None, date=None):
    """Read a series from a CSV file: a line for each step, with its value and perhaps its date.

    Cells may be separated by commas, semicolons or tabs, and decimals by a point or, as European spreadsheets
    write them, a comma. Step and season are guessed from the dates: hours have a season of 24, days of 7, or of 5
    if there are no Saturdays and Sundays, weeks of 52, months of 12, quarters of 4; others none. If the file names
    no season that fits yours, set one: ``dataclasses.replace(series, season=...)``.

    Parameters
    ----------
    path : str or pathlib.Path
    column : str, optional
        The name of the column with the values; needed if several have numbers.
    date : str, optional
        The name of the column with the dates; not given, the first that has dates. Without one, the lines are taken
        to be even steps.

    Returns
    -------
    Series
        Steps that the file leaves out, and values that are empty or say so (NA, NaN, null), are gaps: see
        ``Series.filled``.

    Raises
    ------
    ValueError
        In a sentence that begins with ``path``, ``column`` or ``date``: if the file cannot be read or is not CSV; if
        there is no such column, or it is not clear which; if there is text among the numbers, an infinity, or the
        same value everywhere; if dates cannot be read, do not increase, or make no even steps; or if more than a
        fifth of all steps are gaps.

    Examples
    --------
    >>> with open("tide.csv", "w") as file:
    ...     _ = file.write("day;metres\\n1.3.2024;2,5\\n2.3.2024;2,75\\n4.3.2024;2,5\\n5.3.2024;2,25\\n6.3.2024;2\\n")
    >>> series = read("tide.csv")
    >>> series.values.tolist(), series.step
    ([2.5, 2.75, nan, 2.5, 2.25, 2.0], 'day')
    """
    cells = csv_cells.read_cells(path)
    when = _date_column(cells, date)
    what = _value_column(cells, column, when)
    values = _values(cells, what)
    step, season, dates = "", 0, None
    if when is not None:
        step, season, places, dates = _steps(cells, when)
        spread = np.full(len(dates), np.nan)
        spread[places] = values
        values = spread
    missing = int(np.isnan(values).sum())
    if missing > MOST_MISSING * len(values):
        share = f"{MOST_MISSING:.0%} of the steps without a value"
        raise ValueError(f"column: wanted at most {share}, got {missing} of {len(values)} in {cells.header[what]!r}")
    known = values[~np.isnan(values)]
    if (known == known[0]).all():
        raise ValueError(f"column: wanted values that differ, got {known[0]:g} only in {cells.header[what]!r}")
    source = f"Read from column {cells.header[what]!r} of {Path(path).name}."
    return Series(cells.header[what], values, dates, step=step, season=season, source=source)


def _place(cells, name, wanted):
    if wanted not in cells.header:
        columns = ", ".join(map(repr, cells.header))
        raise ValueError(f"{name}: wanted one of the columns {columns}, got {wanted!r}")
    if cells.header.count(wanted) > 1:
        raise ValueError(f"{name}: wanted a column with a name of its own, got {wanted!r}, which stands twice")
    return cells.header.index(wanted)


def _date_column(cells, wanted):
    """The place of the column with the dates, or None."""
    if wanted is not None:
        return _place(cells, "date", wanted)
    for place, name in enumerate(cells.header):
        named = name.lower() in DATE_NAMES
        reading = csv_cells.dates(cells.column(place), number_like=named)[0]
        if 2 * sum(date is not None for date in reading) > len(reading):
            return place
    return None


def _value_column(cells, wanted, when):
    """The place of the column with the values."""
    if wanted is not None:
        place = _place(cells, "column", wanted)
        if place == when:
            raise ValueError(f"column: wanted one with values, got {wanted!r}, which has the dates")
        return place
    found = [place for place in range(len(cells.header)) if place != when and _mostly_numbers(cells, place)]
    names = ", ".join(repr(cells.header[place]) for place in found)
    if len(found) > 1:
        raise ValueError(f"column: wanted the name of one of {names}, as all of them have numbers, got None")
    if not found:
        columns = ", ".join(map(repr, cells.header))
        raise ValueError(f"column: wanted a column with numbers beside the dates, got none among {columns}")
    return found[0]


def _mostly_numbers(cells, place):
    read = csv_cells.numbers(cells.column(place), cells.separator)
    known = sum(number is not None and number == number for number in read)
    return known > 0 and 2 * known >= sum(number is None or number == number for number in read)


def _values(cells, place):
    """The values (N,) of a column, NaN where one is missing."""
    texts = cells.column(place)
    read = csv_cells.numbers(texts, cells.separator)
    for number, text, line in zip(read, texts, cells.lines, strict=True):
        if number is None or np.isinf(number):
            wanted = "numbers" if number is None else "finite numbers"
            raise ValueError(f"column: wanted {wanted} in {cells.header[place]!r}, got {text!r} in line {line}")
    if np.isnan(read).all():
        raise ValueError(f"column: wanted numbers in {cells.header[place]!r}, got none")
    return np.array(read)


def _steps(cells, place):
    """Step, season, the place of each row, and the date of each place."""
    texts, name = cells.column(place), cells.header[place]
    readings = csv_cells.dates(texts)
    for date, text, line in zip(readings[0], texts, cells.lines, strict=True):
        if date is None:
            raise ValueError(f"date: wanted dates such as 2024-01-31 in {name!r}, got {text!r} in line {line}")
    if len(texts) < 2:
        raise ValueError(f"date: wanted at least two dates in {name!r}, got one")
    readings = [np.array(reading, "datetime64[s]") for reading in readings]
    increasing = [reading for reading in readings if (np.diff(reading) > np.timedelta64(0)).all()]
    if len(increasing) > 1:
        advice = "which may be day/month or month/day; write 2024-01-31"
        raise ValueError(f"date: wanted dates that can be read in one way in {name!r}, got {texts[0]!r}, {advice}")
    if not increasing:
        dates = readings[0]
        row = int(np.flatnonzero(np.diff(dates) <= np.timedelta64(0))[0]) + 1
        how = "for the second time" if (dates[:row] == dates[row]).any() else f"after {texts[row - 1]!r}"
        raise ValueError(
            f"date: wanted dates that increase in {name!r}, got {texts[row]!r} {how} in line {cells.lines[row]}"
        )
    found = find_steps(increasing[0])
    again = np.flatnonzero(np.diff(found.places) == 0)
    if len(again):
        row = int(again[0]) + 1
        wanted = f"one line for each {found.step}"
        raise ValueError(
            f"date: wanted {wanted}, got {said(increasing[0][row])} in the same as the line before, "
            f"in line {cells.lines[row]}"
        )
    return found
