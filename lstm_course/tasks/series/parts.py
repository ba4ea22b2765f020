"""Dates that stand in several columns, such as year, month, day and hour, or a date and a time."""

import re

import numpy as np

from .clock import is_clock
from .names import is_time, part, plain

POSITIONS = ("year", "month", "day", "hour", "minute", "second")


def joined(names, columns):
    """Columns that together hold a date, as one text for each row.

    Which part a column holds is told by its name or, where no name tells, by its place: year, month, day, hour,
    minute, second.

    Parameters
    ----------
    names : list of str
    columns : list of list of str
        The cells of each.

    Returns
    -------
    list of str
        Such as "2010-1-31 23:00". What cannot be part of a date stands there as it is.

    Raises
    ------
    ValueError
        If two columns hold the same part, none holds days, or a year of two digits may be of two centuries.
    """
    columns = [[cell.removesuffix(".0") for cell in cells] if cells[0].endswith(".0") else cells for cells in columns]
    kinds = [_kind(name, cells) for name, cells in zip(names, columns, strict=True)]
    if not any(kinds) and len(kinds) <= len(POSITIONS) and all(map(_numeric, columns)) and len(columns[0][0]) == 4:
        kinds = list(POSITIONS[: len(kinds)])
    twice = [name for name, kind in zip(names, kinds, strict=True) if kind and kinds.count(kind) > 1]
    if twice:
        raise ValueError(f"dates: wanted one column for each part of a date, got {' and '.join(map(repr, twice))}")
    found = {kind: cells for kind, cells in zip(kinds, columns, strict=True) if kind}
    days = [cells for kind, cells in zip(kinds, columns, strict=True) if kind is None]
    days += [_days(found)] if "year" in found else [found[kind] for kind in ("day", "month") if kind in found]
    if not days:
        came = " and ".join(map(repr, names))
        raise ValueError(f"dates: wanted a column with days beside those with times, got {came}")
    clocks = [found[kind] for kind in POSITIONS[3:] if kind in found]
    if len(clocks) == 1:
        clocks = [_clocks(clocks[0])]
    else:
        clocks = [[cell.zfill(2) for cell in cells] for cells in clocks]
    days = days[0] if len(days) == 1 else [" ".join(cells) for cells in zip(*days, strict=True)]
    return [f"{day} {':'.join(clock)}" for day, *clock in zip(days, *clocks, strict=True)] if clocks else days


def is_clock_column(name, cells):
    """Whether a column of this name and these cells holds the hour, minute, second or time of each row."""
    return is_time(name) and _kind(name, cells) in POSITIONS[3:]


def _kind(name, cells):
    """Which part of a date a column holds, "hour" for times of day, or None for whole days."""
    some, kind = [cell for cell in cells[:50] if cell], part(name, short=True)
    if kind in ("month", "quarter", "week"):  # also January, M01, Q1, W5
        return kind if all(re.fullmatch(r"[^\W\d]*\.?\d{0,2}", cell) for cell in some) else None
    if kind and _numeric(some) and max(map(len, some)) <= 4:
        return kind
    return "hour" if is_clock(some) or (_numeric(some) and plain(name) in ("time", "zeit", "uhrzeit")) else None


def _numeric(cells):
    return bool(cells) and all(cell.isdecimal() for cell in cells[:50])


def _days(found):
    """The days of years, and of months, quarters, weeks or days in them."""
    years = found["year"]
    early = {year for year in set(years) if len(year) == 2 and "29" < year < "69"}
    if early:
        raise ValueError(f"dates: wanted years of four digits, got {min(early)!r}, which may be of two centuries")
    if max(map(len, years)) <= 2:
        years = [f"{'19' if year.zfill(2) > '68' else '20'}{year.zfill(2)}" for year in years]
    if "month" in found:
        months = [cell[1:] if cell[1:].isdecimal() and cell[0] in "Mm" else cell for cell in found["month"]]
        parts = [months, found["day"]] if "day" in found else [months]
        parts = [[cell.zfill(2) for cell in cells] for cells in parts]
        return ["-".join(cells) for cells in zip(years, *parts, strict=True)]
    for kind, letter in (("quarter", "Q"), ("week", "W")):
        if kind in found:
            digits = [re.sub(r"\D", "", cell) for cell in found[kind]]
            return [f"{year}-{letter}{cell}" for year, cell in zip(years, digits, strict=True)]
    if "day of year" in found and all(re.fullmatch(r"\d{4}", year, re.ASCII) for year in set(years)):
        days = np.array([int(cell) if cell.isdecimal() else 0 for cell in found["day of year"]])
        dates = (np.array(years, "datetime64[Y]").astype("datetime64[D]") + (days - 1)).astype(str).tolist()
        rows = zip(dates, years, found["day of year"], strict=True)
        return [date if date.startswith(year) else f"day {day} of {year}" for date, year, day in rows]
    return [" ".join(cells) for cells in zip(years, *([found["day"]] if "day" in found else []), strict=True)]


def _clocks(cells):
    """Times of day from hours (0 to 24), or from digits such as 1730 and 173000."""
    if not all(map(str.isdecimal, cells)):
        return cells
    size, most = max(map(len, cells)), max(map(int, cells))
    if most <= 24 and size < 4:
        return [f"{cell.zfill(2)}:00" for cell in cells]
    if size <= 4:
        return [f"{cell.zfill(4)[:2]}:{cell.zfill(4)[2:]}" for cell in cells]
    return [f"{cell.zfill(6)[:2]}:{cell.zfill(6)[2:4]}:{cell.zfill(6)[4:]}" for cell in cells]
