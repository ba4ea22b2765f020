"""A series of your own from a CSV file, or a sentence about what can be read in more than one way."""

from pathlib import Path

import numpy as np

from .column_names import listed
from .record import Series

CHOICES = {
    "dayfirst": (True, False),
    "decimal": (".", ","),
    "thousands": (".", ",", " ", "'"),
    "order": ("oldest first", "newest first", "mixed"),
}


def read(
    path, column=None, dates=True, *, dayfirst=None, decimal=None, thousands=None, order=None, missing=None, date=True
):
    """Read a series from a CSV file with one row per step: a value, and usually a date.

    Cells may be separated by commas, semicolons, tabs or bars, and the file may be compressed with gzip. Lines above
    and below the rows, such as titles, units and totals, are left out. If a file can be read in two ways, this
    function does not guess: the error names the argument that settles the question.

    The dates determine the step and its season: 24 for hours, 7 for days or 5 if there are no Saturdays and Sundays,
    52 for weeks, 12 for months, 4 for quarters, and none otherwise. If your series has another season, set it with
    ``dataclasses.replace(series, season=...)``. Times with the same offset from UTC stay as written; if offsets
    differ, times are converted to UTC. Times since a start, such as seconds from 0, give even steps without dates.

    Parameters
    ----------
    path : str or pathlib.Path
    column : str, optional
        The name of the column with the values; needed if several columns hold numbers. In a file without names,
        columns are called ``"column 1"`` and so on.
    dates : str, list of str or None, optional
        The name of the column with the dates, or the names of several columns that hold them together, such as
        ``["Date", "Time"]`` or ``["year", "month", "day", "hour"]``. None means that there are no dates and that
        rows are even steps. By default, dates are searched for.
    dayfirst : bool, optional
        Whether 01/02/2024 is in February. Needed if no date in the file shows it.
    decimal, thousands : str, optional
        The decimal mark (``"."`` or ``","``) and the thousands mark (one of these, ``" "`` or ``"'"``). Needed if no
        number in the file shows them: 1.020 is 1020 in one country and 1.02 in another.
    order : str, optional
        ``"oldest first"``, ``"newest first"``, or ``"mixed"`` for rows to be sorted by date. By default, rows with
        dates are reversed if the newest comes first.
    missing : number, str or list of them, optional
        What stands for a missing value, such as -9999, besides an empty cell, a hyphen, NA, NaN, null and the like.
        An empty list means that nothing else does, and that -9999 was measured.
    date : str, optional
        The former name of `dates`, still accepted.

    Returns
    -------
    Series
        Steps that the file skips, and values that are missing, are gaps: see ``Series.filled``. The source says
        which rows were left out or reversed.

    Raises
    ------
    ValueError
        With a sentence that begins with the name of an argument: if the file cannot be read or holds no table; if
        the column does not exist or several could be meant; if values are not finite numbers, or all the same; if
        dates cannot be read, are out of order, or are not evenly spaced; if more than a fifth of all steps are gaps;
        or if the file can be read in two ways.

    Examples
    --------
    >>> with open("tide.csv", "w") as file:
    ...     _ = file.write("day;metres\\n1.3.2024;2,5\\n2.3.2024;2,75\\n4.3.2024;2,5\\n5.3.2024;2,25\\n6.3.2024;2\\n")
    >>> series = read("tide.csv")
    >>> series.values.tolist(), series.step
    ([2.5, 2.75, nan, 2.5, 2.25, 2.0], 'day')
    """
    from . import date_columns, numbers, steps, table  # these load pandas, which takes a while

    dates = _date_names(dates if date is True else date)
    _check(dayfirst=dayfirst, decimal=decimal, thousands=thousands, order=order)
    missing = _missing_values(missing)
    wanted = {str(name) for name in (column, *(dates if isinstance(dates, list) else ())) if name is not None}
    rows = table.read_table(path, wanted, decimal)
    position = None if column is None else rows.position("column", column)
    timeline, date_positions = date_columns.find_timeline(rows, dates, dayfirst, order, position)
    if position is None:
        position = _value_column(rows, date_positions)
    measured, unit = numbers.read_numbers(rows, position, decimal, thousands, missing)
    name, T = rows.names[position], int(timeline.positions[-1]) + 1
    values = np.full(T, np.nan)
    values[timeline.positions] = measured[timeline.rows]
    gaps = int(np.isnan(values).sum())
    if gaps > steps.MOST_MISSING * T:
        share = f"{steps.MOST_MISSING:.0%} of the steps without a value"
        raise ValueError(f"column: wanted at most {share}, got {gaps} of {T} in {name!r}")
    if np.nanmin(values) == np.nanmax(values):
        raise ValueError(f"column: wanted values that differ, got {np.nanmin(values):g} only in {name!r}")
    source = " ".join([f"Read from column {name!r} of {Path(path).name}.", *timeline.notes, *rows.notes])
    return Series(name, values, timeline.dates, unit, timeline.step, timeline.season, source)


def _date_names(dates):
    """The argument `dates` as True, None or a list of names."""
    if dates is None or dates is True:
        return dates
    names = list(dates) if isinstance(dates, (list, tuple)) else [dates]
    if not names or any(isinstance(name, bool) or not isinstance(name, (str, int)) for name in names):
        raise ValueError(f"dates: wanted the name of a column, a list of names, or None, got {dates!r}")
    return names


def _check(**given):
    """Refuse arguments that are none of their `CHOICES`."""
    for name, value in given.items():
        if value is not None and (type(value), value) not in [(type(each), each) for each in CHOICES[name]]:
            raise ValueError(f"{name}: wanted {' or '.join(map(repr, CHOICES[name]))}, got {value!r}")
    if given["decimal"] and given["thousands"] == given["decimal"]:
        raise ValueError(f"thousands: wanted another mark than before decimals, got {given['decimal']!r} for both")


def _missing_values(missing):
    """The argument `missing` as None or a tuple."""
    values = (missing,) if isinstance(missing, (str, int, float)) else missing
    if missing is None:
        return None
    if not isinstance(values, (list, tuple)) or not all(isinstance(value, (str, int, float)) for value in values):
        raise ValueError(f"missing: wanted a number, a text or a list of them, got {missing!r}")
    return tuple(values)


def _value_column(table, date_positions):
    """The position of the only column of numbers, ignoring the dates and an unnamed column that counts rows."""
    numeric = [k for k in table.numeric() if k not in date_positions]
    if len(numeric) > 1:
        unnamed = [k for k in numeric if table.names[k].startswith(("column ", "Unnamed: "))]
        numeric = [k for k in numeric if k not in unnamed or not _counts_rows(table.column(k).tolist())] or numeric
    names = [table.names[k] for k in numeric]
    if len(numeric) > 1:
        raise ValueError(f"column: wanted the name of one of {listed(names)}, as all of them have numbers, got None")
    if not numeric:
        raise ValueError(f"column: wanted a column with numbers beside the dates, got none among {listed(table.names)}")
    return numeric[0]


def _counts_rows(cells):
    """Whether cells count 0, 1, 2 or 1, 2, 3 and so on."""
    return any(cells == list(map(str, range(first, first + len(cells)))) for first in (0, 1))
