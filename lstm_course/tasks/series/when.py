"""What the texts of dates say: the one series that they make, or why they make none or several."""

import re

import numpy as np

from . import numbers
from .clock import is_clock, read_clocks
from .dates import Reading, readings
from .names import CLOCKS, part, plain
from .steps import EVEN, said
from .timeline import elapsed, in_steps

US = 1_000_000  # microseconds in a second
EPOCH = 1, 1_000, 1_000_000, 1_000_000_000  # units of the time since 1970 in a second
EPOCH_SECONDS = 5e8, 1.9e9  # of the years 1985 to 2030; numbers with more digits begin as 20240131 does
MONTH = re.compile(r"\d\d?\.\d{4}|\d{4}\.\d\d", re.ASCII)  # which may be a number as well
SMALL = 1000  # up to here a number in a column of times is the time since a beginning


def timeline_of(texts, dayfirst=None, order=None, sure=False):
    """The order and steps of rows with dates.

    Mere digits may be years, dates such as 20240131, or seconds since 1970. Other numbers that increase from a small
    one are the time since a beginning: even steps without dates, and so are times of day.

    Parameters
    ----------
    texts : Texts
    dayfirst : bool, optional
        Whether 01/02/2024 is in February.
    order : str, optional
        One of `timeline.ORDERS`; not given, rows that all decrease are turned round.
    sure : bool
        Whether the caller has said that these are dates.

    Returns
    -------
    Timeline

    Raises
    ------
    ValueError
        If a text is no date, several readings make different series, dates are not in order, or steps are not even.
    """
    if len(texts.cells) < 2:
        raise ValueError(f"dates: wanted at least two dates in {texts.name!r}, got one")
    if is_clock(texts.cells):
        times, _ = read_clocks(texts.cells)
        return elapsed(texts, times / np.timedelta64(1, "s"), None if order == "mixed" else order)
    texts = texts._replace(cells=_periods(texts))
    if numbers.mostly(texts.cells[:50]):
        return _numeric(texts, dayfirst, order, sure)
    return _dated(texts, readings(texts.cells), dayfirst, order)


def _dated(texts, found, dayfirst, order):
    """The one series that the readings of some texts make."""
    first = [each for each in found if dayfirst is None or each.dayfirst in (None, dayfirst)]
    if re.match(r"\d\d?\.\d\d?\.", texts.cells[0]) and any(each.fits and each.dayfirst is True for each in first):
        first = [each for each in first if each.dayfirst is not False]  # who writes 1.2.2024 puts the day first
    fitting = [each for each in first if each.fits]
    if not fitting:
        raise _unread(texts, found, first, dayfirst)
    alike = [any(np.array_equal(each.dates, one.dates) for one in fitting[:k]) for k, each in enumerate(fitting)]
    fitting = [each for each, same in zip(fitting, alike, strict=True) if not same]
    if part(texts.name) == "month" and any(each.form == "%Y%m" for each in fitting):
        fitting = [each for each in fitting if each.form == "%Y%m"]
    if order != "mixed":  # a reading in which time goes forth and back is not meant
        fitting = [each for each in fitting if one_way(each.dates)] or fitting[:1]
    if len(fitting) > 1:
        dense = [_density(each.dates) for each in fitting]
        fitting = [each for each, share in zip(fitting, dense, strict=True) if max(dense) < 0.9 or share > 0.5]
    if len(fitting) > 1:
        one, other = fitting[:2]
        row = int(np.flatnonzero(one.dates != other.dates)[0])
        came = f"{texts.at(row)}, which may be {said(one.dates[row])} or {said(other.dates[row])}"
        say = "write days as 2024-01-31"
        if {one.dayfirst, other.dayfirst} == {True, False}:
            say = "say dayfirst=True or dayfirst=False"
        elif True in (one.dayfirst, other.dayfirst):
            say = "say dayfirst=True, or write days as 2024-01-31"
        raise ValueError(f"dates: wanted dates that can be read in one way in {texts.name!r}, got {came}; {say}")
    return in_steps(texts, fitting[0], order)


def one_way(dates):
    """Whether dates only increase, or only decrease."""
    between = np.diff(dates).astype(np.int64)
    return (between > 0).all() or (between < 0).all()


def _density(dates):
    """How much of the time from the first date to the last has its steps; 0 for a few dates, which may be chance."""
    between = np.diff(np.sort(dates).astype(np.int64))
    return 0 if len(dates) < 8 else len(dates) / (between.sum() / max(1, np.median(between)) + 1)


def _unread(texts, found, first, dayfirst):
    """The error for texts of which no reading fits all."""
    both = [next((each for each in found if each.dayfirst is first), None) for first in (True, False)]
    if dayfirst is None and all(both) and not (np.isnat(both[0].dates) & np.isnat(both[1].dates)).any():
        day, month = (texts.at(int(np.flatnonzero(np.isnat(each.dates))[0])) for each in both[::-1])
        came = f"{day}, which has the day first, and {month}, which has the month first"
        return ValueError(f"dates: wanted days and months in one order in {texts.name!r}, got {came}")
    unread = np.all([np.isnat(each.dates) for each in first], axis=0) if first else np.array([True])
    row = int(np.flatnonzero(unread if unread.any() else np.isnat(first[0].dates))[0])
    how = "" if dayfirst is None or not found else f" with dayfirst={dayfirst}"
    wanted = f"dates such as 2024-01-31{how} in {texts.name!r}"
    return ValueError(f"dates: wanted {wanted}, got {texts.at(row)}; {EVEN}")


def _periods(texts):
    """The texts, with W or Q in them where only the name of the column says that they count weeks or quarters."""
    kind = part(texts.name)
    if kind not in ("week", "quarter"):
        return texts.cells
    found = [re.fullmatch(r"(\d{4})\W?(\d\d?)|(\d\d?)\W(\d{4})", cell) for cell in texts.cells]
    if not all(found):
        return texts.cells
    years, counts = [each[1] or each[4] for each in found], [each[2] or each[3] for each in found]
    if kind == "week" and max(map(int, counts)) <= 12:
        came = f"{texts.at(0)}, which may be a week or a month"
        raise ValueError(f"dates: wanted weeks such as 2024-W05 in {texts.name!r}, got {came}; {EVEN}")
    return [f"{year}-{kind[0]}{count}" for year, count in zip(years, counts, strict=True)]


def _numeric(texts, dayfirst, order, sure):
    """The timeline of numbers: dates without marks, years, time since 1970, or time since another beginning."""
    import pandas as pd

    name, cells, _ = texts
    digits, sizes = all(map(str.isdecimal, cells)), set(map(len, cells))
    month = all(MONTH.fullmatch(cell) for cell in cells)
    found = readings(cells) if month or (digits and len(sizes) == 1 and readings(cells[:50])) else []
    found = [each for each in found if (each.fits if sizes == {4} else each.likely)]
    if found and sizes == {4} and not sure and plain(name) in CLOCKS:
        came = f"{texts.at(0)}, which may be a year or an elapsed time"
        raise ValueError(f"dates: wanted to know what {name!r} holds, got {came}; say dates={name!r} for years; {EVEN}")
    times = pd.to_numeric(pd.Series(cells).str.replace(",", ".", regex=False), errors="coerce").to_numpy()
    for unit in EPOCH:
        if EPOCH_SECONDS[0] * unit <= times.min() and times.max() < EPOCH_SECONDS[1] * unit:
            since = np.rint(times * (US / unit))
            if digits:  # which may be too many for a float
                since = np.array(cells, np.int64) // max(1, unit // US) * max(1, US // unit)
            found.append(Reading(since.astype("datetime64[us]"), "since 1970"))
    if found:
        return _dated(texts, found, dayfirst, order)
    unread = np.flatnonzero(np.isnan(times))
    if len(unread):
        raise ValueError(f"dates: wanted dates or numbers in {name!r}, got {texts.at(int(unread[0]))}; {EVEN}")
    year = part(name) == "year"
    if abs(times).min() >= (2 if year else SMALL):
        kind = "may be a year or an elapsed time" if year else "is not a known kind of date or time"
        came = f"{texts.at(0)}, which {kind}"
        raise ValueError(f"dates: wanted dates such as 2024-01-31 in {name!r}, got {came}; {EVEN}")
    return elapsed(texts, times, order)
