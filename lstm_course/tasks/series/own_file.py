"""A series of one's own, from a CSV file, or a sentence about what cannot be read in one way only."""

from pathlib import Path

import numpy as np

from . import numbers
from .date_columns import find_timeline
from .record import Series
from .steps import MOST_MISSING
from .table import listed, read_table
from .timeline import ORDERS


def read(
    path, column=None, dates=True, *, dayfirst=None, decimal=None, thousands=None, order=None, missing=None, date=True
):
    """Read a series from a CSV file: a row for each step, with its value and perhaps its date.

    Cells may be separated by commas, semicolons, tabs or bars, and the file may be compressed with gzip. Lines above
    and below the rows, such as titles, units and totals, are left out. Where a file can be read in two ways, none is
    guessed: the error names the argument that settles it.

    The dates show the step and, with it, the season: hours have a season of 24, days of 7, or of 5 if there are no
    Saturdays and Sundays, weeks of 52, months of 12, quarters of 4; others none. If your series has another, set it:
    ``dataclasses.replace(series, season=...)``. Times with the same offset from UTC stay as they are written; where
    offsets differ, they become UTC. Times since a beginning, as in a column of seconds from 0, make even steps
    without dates.

    Parameters
    ----------
    path : str or pathlib.Path
    column : str, optional
        The name of the column with the values; needed if several have numbers. In a file without names, columns are
        called ``"column 1"`` and so on.
    dates : str, list of str or None, optional
        The name of the column with the dates, or the names of several that together hold them, such as
        ``["Date", "Time"]`` or ``["year", "month", "day", "hour"]``. None says that there are no dates: rows are
        taken to be even steps. Not given, dates are looked for.
    dayfirst : bool, optional
        Whether 01/02/2024 is in February. Needed if no date in the file shows it.
    decimal, thousands : str, optional
        The marks before decimals (``"."`` or ``","``) and between thousands (one of these, ``" "`` or ``"'"``).
        Needed if no number in the file shows them: 1.020 is 1020 in one country and 1.02 in another.
    order : str, optional
        ``"oldest first"``, ``"newest first"``, or ``"mixed"`` for rows to be sorted by date. Not given, rows with
        dates are turned round if the newest stands first.
    missing : number, str or list of them, optional
        What stands for a missing value, such as -9999, besides an empty cell, a hyphen, NA, NaN, null and the like.
        An empty list says that nothing else does, and that -9999 was measured.
    date : str, optional
        The name that `dates` had at first.

    Returns
    -------
    Series
        Steps that the file leaves out, and values that are missing, are gaps: see ``Series.filled``. The source says
        which rows were left out or turned round.

    Raises
    ------
    ValueError
        In a sentence that begins with the name of an argument: if the file cannot be read or holds no table; if there
        is no such column, or it is not clear which; if values are no finite numbers, or all the same; if dates cannot
        be read, are not in order, or make no even steps; if more than a fifth of all steps are gaps; or if two
        readings are possible.

    Examples
    --------
    >>> with open("tide.csv", "w") as file:
    ...     _ = file.write("day;metres\\n1.3.2024;2,5\\n2.3.2024;2,75\\n4.3.2024;2,5\\n5.3.2024;2,25\\n6.3.2024;2\\n")
    >>> series = read("tide.csv")
    >>> series.values.tolist(), series.step
    ([2.5, 2.75, nan, 2.5, 2.25, 2.0], 'day')
    """
    dates = _names(dates if date is True else date)
    missing = _checked(dayfirst, decimal, thousands, order, missing)
    wanted = {str(name) for name in (column, *(dates if isinstance(dates, list) else ())) if name is not None}
    table = read_table(path, wanted, decimal)
    place = None if column is None else table.place("column", column)
    timeline, taken = find_timeline(table, dates, dayfirst, order, place)
    if place is None:
        place = _only_numbers(table, taken)
    found, unit = numbers.read(table, place, decimal, thousands, missing)
    name, size = table.names[place], len(found) if timeline.dates is None else len(timeline.dates)
    values = np.full(max(size, int(timeline.places[-1]) + 1), np.nan)
    values[timeline.places] = found[timeline.rows]
    gaps = int(np.isnan(values).sum())
    if gaps > MOST_MISSING * len(values):
        share = f"{MOST_MISSING:.0%} of the steps without a value"
        raise ValueError(f"column: wanted at most {share}, got {gaps} of {len(values)} in {name!r}")
    known = values[~np.isnan(values)]
    if (known == known[0]).all():
        raise ValueError(f"column: wanted values that differ, got {known[0]:g} only in {name!r}")
    source = " ".join([f"Read from column {name!r} of {Path(path).name}.", *timeline.notes, *table.notes])
    return Series(name, values, timeline.dates, unit, timeline.step, timeline.season, source)


def _names(dates):
    """True, None or a list of names."""
    if dates is None or dates is True:
        return dates
    names = list(dates) if isinstance(dates, (list, tuple)) else [dates]
    if not names or any(isinstance(name, bool) or not isinstance(name, (str, int)) for name in names):
        raise ValueError(f"dates: wanted the name of a column, a list of names, or None, got {dates!r}")
    return names


def _checked(dayfirst, decimal, thousands, order, missing):
    """`missing` as a tuple or None, if all arguments are as described."""
    for name, value, allowed in (
        ("dayfirst", dayfirst, (True, False)),
        ("decimal", decimal, (".", ",")),
        ("thousands", thousands, (".", ",", " ", "'")),
        ("order", order, ORDERS),
    ):
        if value is not None and (type(value), value) not in [(type(each), each) for each in allowed]:
            raise ValueError(f"{name}: wanted {' or '.join(map(repr, allowed))}, got {value!r}")
    if decimal is not None and thousands == decimal:
        raise ValueError(f"thousands: wanted another mark than before decimals, got {thousands!r} for both")
    if missing is None:
        return None
    given = (missing,) if isinstance(missing, (str, int, float)) else missing
    if not isinstance(given, (list, tuple)) or not all(isinstance(each, (str, int, float)) for each in given):
        raise ValueError(f"missing: wanted a number, a text or a list of them, got {missing!r}")
    return tuple(given)


def _only_numbers(table, taken):
    """The place of the one column with numbers beside the dates, and beside an unnamed one that counts rows."""
    found = [k for k in range(len(table.names)) if k not in taken and numbers.mostly(table.sample(k))]
    counting = [k for k in found if table.names[k].startswith(("column ", "Unnamed: ")) and _counts(table.column(k))]
    if len(found) > 1:
        found = [k for k in found if k not in counting] or found
    names = [table.names[k] for k in found]
    if len(found) > 1:
        raise ValueError(f"column: wanted the name of one of {listed(names)}, as all of them have numbers, got None")
    if not found:
        raise ValueError(f"column: wanted a column with numbers beside the dates, got none among {listed(table.names)}")
    return found[0]


def _counts(cells):
    """Whether cells count 0, 1, 2 or 1, 2, 3 and on."""
    return any(cells == list(map(str, range(first, first + len(cells)))) for first in (0, 1))
