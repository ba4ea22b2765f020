"""Which columns of a table hold the dates of its rows, joined into one where there are several."""

import re

import numpy as np
import pandas as pd

from .column_names import is_time, listed, part, plain
from .dates import is_clock, numeric_readings, one_way, read_clocks, readings
from .numbers import is_missing, mostly_numbers, to_float
from .timeline import TURNED, Timeline, timeline_of

CLOCK_PARTS = ("hour", "minute", "second")
ALL_PARTS = ("year", "month", "day", *CLOCK_PARTS)
DAY_PARTS = (("year", "month", "day"), ("year", "quarter"), ("year", "week"), ("year", "day of year"))
SEEN = 200  # rows that show whether a column goes back in time


def find_timeline(table, dates=True, dayfirst=None, order=None, values=None):
    """The `Timeline` of a table, and the positions of the columns with its dates.

    `dates` is a list of names, None for rows without dates, or True to search; `values` is the position of the column
    of values, if the caller named it.
    """
    if dates is True:
        positions = _date_positions(table, values)
    else:
        positions = [table.position("dates", name) for name in dates or ()]
    if values in positions:
        raise ValueError(f"column: wanted one with values, got {table.names[values]!r}, which has the dates")
    if not positions:
        return _without_dates(table, order, values), positions
    texts = _joined([table.column(k) for k in positions])
    return timeline_of(texts, dayfirst, order, dates is not True or part(texts.name) == "year"), positions


def _date_positions(table, values):
    """The positions of the columns with dates, told by their names and cells; none if no column can hold any."""
    others = [k for k in range(len(table.names)) if k != values]
    samples = {k: table.sample(k) for k in others}
    dated = [k for k in others if _has_dates(table.names[k], samples[k])]
    if len(dated) == 1:
        if table.column(dated[0]).is_unique:
            return dated
        clocks = [k for k in others if k not in dated and is_time(table.names[k])]
        return dated + [k for k in clocks if _kind(table.names[k], samples[k]) in CLOCK_PARTS]
    if not dated:
        named = {part(table.names[k]): k for k in others[::-1]}
        for parts in DAY_PARTS:
            if set(parts[:2]) <= set(named):
                return [named[each] for each in (*parts, *CLOCK_PARTS) if each in named]
        dated = [k for k in others if is_time(table.names[k])]
        if values is None and not any(mostly_numbers(samples[k]) for k in others if k not in dated):
            dated = [k for k in dated if not mostly_numbers(samples[k])]  # those are the values
        if len(dated) == 1:
            return dated
        dated = dated or _possible_dates(samples, values)
        if not dated:
            return []
    names = [table.names[k] for k in dated]
    choice = f"one of {listed(names)}, a list of them" if len(names) > 1 else f"{names[0]!r}"
    cell = next(iter(samples[dated[0]]), "")
    raise ValueError(f"dates: wanted {choice}, or None if the file has no dates, as {cell!r} may be a date")


def _have_digits(cells):
    """Whether at least half of some cells have digits."""
    return len(cells) > 0 and 2 * sum(any(map(str.isdigit, cell)) for cell in cells) >= len(cells)


def _has_dates(name, cells):
    """Whether most cells are dates, and cannot be numbers or are days without marks in a column for dates."""
    if not _have_digits(cells):
        return False
    if mostly_numbers(cells) and not (is_time(name) and all(re.fullmatch(r"\d{8}", cell) for cell in cells)):
        return False
    best = readings(cells)[:1]
    return bool(best) and 2 * np.isnat(best[0].dates).sum() <= len(cells)


def _possible_dates(samples, values):
    """Columns that may hold dates: texts with digits that never repeat, and numbers such as 20240131 or 2024."""
    numeric = [k for k, cells in samples.items() if mostly_numbers(cells)]
    beside = len(numeric) + (values is not None) > 1  # a single column of numbers holds the values
    possible = []
    for k, cells in samples.items():
        if k in numeric:
            likely = [reading for reading in numeric_readings(cells) if reading.likely] if beside else []
            may = any(one_way(reading.dates) or len(cells[0]) >= 8 for reading in likely)
        else:
            may = _have_digits(cells) and len(set(cells)) == len(cells)
        if may and len(cells) > 1:
            possible.append(k)
    return possible


def _joined(columns):
    """A column of dates, or several that together hold one, as one column of texts such as "2010-1-31 23:00".

    The part that a column holds is told by its name or, if no name tells, by its position: year, month, day, hour,
    minute, second. Cells that cannot be part of a date are kept as they are, for `timeline_of` to refuse.
    """
    if len(columns) == 1:
        return columns[0]
    names = [column.name for column in columns]
    columns = [column.str.removesuffix(".0") if column.iloc[0].endswith(".0") else column for column in columns]
    kinds = [_kind(column.name, column.tolist()) for column in columns]
    if not any(kinds) and all(_whole(column.tolist()[:50]) for column in columns) and len(columns[0].iloc[0]) == 4:
        kinds = [*ALL_PARTS, *kinds][: len(kinds)]
    repeated = [name for name, kind in zip(names, kinds, strict=True) if kind and kinds.count(kind) > 1]
    if repeated:
        raise ValueError(f"dates: wanted one column for each part of a date, got {' and '.join(map(repr, repeated))}")
    parts = {kind: column for kind, column in zip(kinds, columns, strict=True) if kind}
    days = [column for column, kind in zip(columns, kinds, strict=True) if kind is None]
    days += [_days(parts)] if "year" in parts else [parts[kind] for kind in ("day", "month") if kind in parts]
    if not days:
        got = " and ".join(map(repr, names))
        raise ValueError(f"dates: wanted a column with days beside those with times, got {got}")
    clocks = [parts[kind] for kind in CLOCK_PARTS if kind in parts]
    clocks = [_clocks(clocks[0])] if len(clocks) == 1 else [column.str.zfill(2) for column in clocks]
    return _cat([*days, _cat(clocks, ":")] if clocks else days, " ").rename(" and ".join(names))


def _kind(name, cells):
    """The part of a date in a column, "hour" if it holds times of day, or None if it holds whole days."""
    some, kind = [cell for cell in cells[:50] if cell], part(name, short=True)
    if kind in ("month", "quarter", "week"):  # also January, M01, Q1, W5
        return kind if all(re.fullmatch(r"[^\W\d]*\.?\d{0,2}", cell) for cell in some) else None
    if kind and _whole(some) and max(map(len, some)) <= 4:
        return kind
    return "hour" if is_clock(some) or (_whole(some) and plain(name) in ("time", "zeit", "uhrzeit")) else None


def _whole(cells):
    return bool(cells) and all(map(str.isdecimal, cells))


def _days(parts):
    """The days of years, and of months, quarters, weeks or days in them."""
    years = parts["year"]
    early = {year for year in set(years) if len(year) == 2 and "29" < year < "69"}
    if early:
        raise ValueError(f"dates: wanted years of four digits, got {min(early)!r}, which may be of two centuries")
    if years.str.len().max() <= 2:
        years = years.str.zfill(2).map(lambda year: ("19" if year > "68" else "20") + year)
    if "month" in parts:
        months = parts["month"].str.replace(r"^[Mm](?=\d+$)", "", regex=True)
        days = [parts["day"]] if "day" in parts else []
        return _cat([years, *(column.str.zfill(2) for column in (months, *days))], "-")
    for kind, letter in (("quarter", "Q"), ("week", "W")):
        if kind in parts:
            return years + f"-{letter}" + parts[kind].str.replace(r"\D", "", regex=True)
    if "day of year" in parts:
        texts = years.where(years.str.len() == 4) + parts["day of year"].str.zfill(3)
        days = pd.to_datetime(texts, format="%Y%j", errors="coerce")
        return days.dt.strftime("%Y-%m-%d").fillna("day " + parts["day of year"] + " of " + years)
    return _cat([years, parts["day"]], " ") if "day" in parts else years


def _clocks(cells):
    """Times of day from hours (0 to 24), or from digits such as 1730 and 173000."""
    if not cells.str.isdecimal().all():
        return cells
    size = cells.str.len().max()
    if size < 4 and cells.astype(int).max() <= 24:
        return cells.str.zfill(2) + ":00"
    cells = cells.str.zfill(4 if size <= 4 else 6)
    return _cat([cells.str[:2], cells.str[2:4], cells.str[4:]][: 2 if size <= 4 else 3], ":")


def _cat(columns, mark):
    """Columns of text as one, with a mark between them."""
    return columns[0].str.cat(columns[1:], mark) if len(columns) > 1 else columns[0]


def _without_dates(table, order, values):
    """Rows as even steps, in the order of the file or in the one given."""
    if order == "mixed":
        raise ValueError("order: wanted 'oldest first' or 'newest first' for rows without dates, got 'mixed'")
    numeric = table.numeric()
    values = numeric[0] if values is None and len(numeric) == 1 else values
    others = (table.column(k) for k in range(len(table.names)) if k != values)
    falling = next(filter(_may_fall, others), None)
    if falling is not None and order is None:
        got = f"None, though {falling.name!r} goes from {falling.iloc[0]!r} to {falling.iloc[-1]!r}"
        raise ValueError(f"order: wanted 'oldest first' or 'newest first' for rows without dates, got {got}")
    across = [name for name in table.names if any(map(str.isdigit, name))]
    years = all(re.fullmatch(r"1[5-9]\d\d|2[01]\d\d", name) for name in across)
    if len(across) > 1 and 2 * len(across) >= len(table.names) and (years or _has_dates("", across[:50])):
        got = f"names such as {across[0]!r} and {across[1]!r}"
        raise ValueError(f"dates: wanted a row for each date and not a column, got {got}; transpose the table first")
    if table.blank:
        raise ValueError(f"path: wanted NA where a value is missing, got an empty line {table.blank} between values")
    rows = np.arange(len(table.cells))
    return Timeline(rows[::-1], rows, notes=(TURNED,)) if order == "newest first" else Timeline(rows, rows)


def _may_fall(column):
    """Whether a column seems to go back in time or count down, or has dates that cannot be read."""
    cells = [cell for cell in column.iloc[:SEEN] if not is_missing(cell)]
    if len(cells) < 2 or not any(map(str.isdigit, cells[0])):
        return False
    if mostly_numbers(cells):
        numbers = to_float(cells)
        return _mostly_falls(numbers) if is_time(column.name) else bool((np.diff(numbers) == -1).all())
    if is_clock(cells):
        return _mostly_falls(read_clocks(cells)[0].astype(np.int64))
    good = [each.dates[~np.isnat(each.dates)].astype(np.int64) for each in readings(cells)]
    good = [dates for dates in good if 2 * len(dates) > len(cells)]
    if good:
        return any(map(_mostly_falls, good))
    words = {re.sub(r"[\W\d_]+", " ", cell) for cell in cells}
    counts = [int(re.findall(r"\d+", cell)[-1]) if re.search(r"\d", cell) else 0 for cell in cells]
    return is_time(column.name) or (1 < len(words) and len(set(cells)) == len(cells)) or _mostly_falls(counts)


def _mostly_falls(numbers):
    change = np.diff(numbers)
    return bool((change < 0).sum() > (change > 0).sum())
