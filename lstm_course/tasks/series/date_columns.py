"""Which columns of a table hold the dates of its rows."""

import re

import numpy as np

from . import numbers
from .clock import is_clock, read_clocks
from .dates import readings
from .names import is_time, part
from .parts import is_clock_column, joined
from .table import listed
from .timeline import TURNED, Texts, Timeline
from .when import MONTH, one_way, timeline_of

PARTS = (("year", "month", "day"), ("year", "quarter"), ("year", "week"), ("year", "day of year"))
SEEN = 200  # rows that show whether a column goes back in time
CLOCK = ("hour", "minute", "second")


def find_timeline(table, dates=True, dayfirst=None, order=None, values=None):
    """The order of the rows of a table and the even steps they make.

    Parameters
    ----------
    table : Table
    dates : True, None, str or list of str
        Columns of dates: to be found, none, or their names.
    dayfirst : bool, optional
    order : str, optional
    values : int, optional
        The place of the column of values, if the caller has named it.

    Returns
    -------
    timeline : Timeline
    places : list of int
        Of the columns of dates.

    Raises
    ------
    ValueError
        In a sentence that begins with ``dates`` or ``order``, if dates cannot be read in one way.
    """
    if dates is None or dates is True:
        places = _found(table, values) if dates else []
    else:
        names = [dates] if isinstance(dates, (str, int)) else list(dates)
        places = [table.place("dates", name) for name in names]
        if values in places:
            raise ValueError(f"column: wanted one with values, got {table.names[values]!r}, which has the dates")
    if not places:
        return _without_dates(table, order, values), places
    names, columns = [table.names[place] for place in places], [table.column(place) for place in places]
    texts = Texts(names[0], columns[0], table.lines)
    if len(places) > 1:
        texts = Texts(" and ".join(names), joined(names, columns), table.lines)
    return timeline_of(texts, dayfirst, order, sure=dates is not True or part(names[0]) == "year"), places


def _found(table, values):
    """The places of the columns with dates, told by their names and cells; none if no column can be one."""
    others = [place for place in range(len(table.names)) if place != values]
    samples = {place: table.sample(place) for place in others}
    dated = [place for place in others if _has_dates(table.names[place], samples[place])]
    clocks = [place for place in others if is_clock_column(table.names[place], samples[place])]
    if len(dated) == 1:
        again = len(set(table.column(dated[0]))) < len(table.rows)
        return dated + [place for place in clocks if place not in dated] if again else dated
    if not dated:
        named = {part(table.names[place]): place for place in others[::-1]}
        for kinds in PARTS:
            if set(kinds[:2]) <= set(named):
                return [named[kind] for kind in (*kinds, *CLOCK) if kind in named]
        dated = [place for place in others if is_time(table.names[place])]
        if values is None and not any(numbers.mostly(samples[place]) for place in others if place not in dated):
            dated = [place for place in dated if not numbers.mostly(samples[place])]  # those are the values
        if len(dated) == 1:
            return dated
        dated = dated or _perhaps(table, samples, values)
        if not dated:
            return []
    names = [table.names[place] for place in dated]
    more = f"one of {listed(names)}, a list of them" if len(names) > 1 else f"{names[0]!r}"
    cell = next(iter(samples[dated[0]]), "")
    raise ValueError(f"dates: wanted {more}, or None if the file has no dates, as {cell!r} may be a date")


def _has_dates(name, cells):
    """Whether most of some cells are dates, and cannot be numbers, or are days without marks in a column for dates."""
    if 2 * sum(any(map(str.isdigit, cell)) for cell in cells) < max(1, len(cells)):
        return False
    if numbers.mostly(cells) and not (is_time(name) and all(re.fullmatch(r"\d{8}", cell) for cell in cells)):
        return False
    found = readings(cells)
    return bool(found) and 2 * np.isnat(found[0].dates).sum() <= len(cells)


def _perhaps(table, samples, values):
    """Columns that may hold dates though nothing says so: texts that never repeat, and numbers such as 20240131."""
    numeric = {place for place, cells in samples.items() if numbers.mostly(cells)}
    beside = len(numeric) + (values is not None) > 1  # a single column of numbers has the values
    found = []
    for place, cells in samples.items():
        digits = 2 * sum(any(map(str.isdigit, cell)) for cell in cells) > len(cells)
        if (beside and _like_dates(cells)) if place in numeric else (digits and len(set(cells)) == len(cells) > 1):
            found.append(place)
    return found


def _like_dates(cells):
    """Whether some numbers are dates without marks or seconds since 1970, or go up or down as years and months do."""
    sizes = set(map(len, cells))
    if len(cells) > 1 and all(MONTH.fullmatch(cell) for cell in cells):
        return any(each.likely and one_way(each.dates) for each in readings(cells))
    if len(cells) < 2 or len(sizes) > 1 or not all(map(str.isdecimal, cells)):
        return False
    if sizes <= {10, 13, 16, 19} and all(cell[0] == "1" for cell in cells):
        return True
    change = np.diff(np.array(cells, np.float64))
    if sizes <= {4, 6} and not ((change > 0).all() or (change < 0).all()):
        return False
    return any(each.likely for each in readings(cells))


def _without_dates(table, order, values):
    """Rows as even steps, in the order in which they stand, or in the one that is given."""
    rows = np.arange(len(table.rows))
    if order == "mixed":
        raise ValueError("order: wanted 'oldest first' or 'newest first' for rows without dates, got 'mixed'")
    counted = [place for place in range(len(table.names)) if numbers.mostly(table.sample(place))]
    values = counted[0] if values is None and len(counted) == 1 else values
    falling = [place for place in range(len(table.names)) if place != values and _may_fall(table, place)]
    if falling and order is None:
        first, *_, last = table.column(falling[0])
        came = f"None, though {table.names[falling[0]]!r} goes from {first!r} to {last!r}"
        raise ValueError(f"order: wanted 'oldest first' or 'newest first' for rows without dates, got {came}")
    across = [name for name in table.names if any(map(str.isdigit, name))]
    years = all(re.fullmatch(r"1[5-9]\d\d|2[01]\d\d", name) for name in across)
    if len(across) > 1 and 2 * len(across) >= len(table.names) and (years or _has_dates("", across[:50])):
        came = f"names such as {across[0]!r} and {across[1]!r}"
        raise ValueError(f"dates: wanted a row for each date and not a column, got {came}; transpose the table first")
    if table.blank:
        raise ValueError(f"path: wanted NA where a value is missing, got an empty line {table.blank} between values")
    if order == "newest first":
        return Timeline(rows[::-1], rows, notes=(TURNED,))
    return Timeline(rows, rows)


def _may_fall(table, place):
    """Whether the first rows of a column go back in time or count down, or may do so in dates that cannot be read."""
    import pandas as pd

    name = table.names[place]
    cells = [row[place].strip() for row in table.rows[:SEEN]]
    cells = [cell for cell in cells if cell.lower() not in numbers.MISSING]
    if len(cells) < 2 or not any(map(str.isdigit, cells[0])):
        return False
    if numbers.mostly(cells):
        change = np.diff(pd.to_numeric(pd.Series(cells).str.replace(",", ".", regex=False), errors="coerce"))
        return _more_back(change) if is_time(name) else bool((change == -1).all())
    if is_clock(cells):
        return _more_back(np.diff(read_clocks(cells)[0].astype(np.int64)))
    found = [each for each in readings(cells) if 2 * np.isnat(each.dates).sum() < len(cells)]
    if found:
        return any(_more_back(np.diff(each.dates[~np.isnat(each.dates)].astype(np.int64))) for each in found)
    words = {re.sub(r"[\W\d_]+", " ", cell) for cell in cells}
    counts = [int(re.findall(r"\d+", cell)[-1]) if re.search(r"\d", cell) else 0 for cell in cells]
    return is_time(name) or (1 < len(words) and len(set(cells)) == len(cells)) or _more_back(np.diff(counts))


def _more_back(change):
    return bool((change < 0).sum() > (change > 0).sum())
