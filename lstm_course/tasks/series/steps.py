"""Which steps dates make, and where in them each date stands."""

from typing import NamedTuple

import numpy as np

SECOND = 1_000_000  # microseconds
DAY = 86400 * SECOND
SEASONS = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "6 months": 2, "4 months": 3, "2 months": 6}
CALENDAR = {"month": (28, 31, 1), "quarter": (89, 92, 3), "year": (365, 366, 12)}  # days, from and to, and months
MONTHS = {1: "month", 2: "2 months", 3: "quarter", 4: "4 months", 6: "6 months", 12: "year"}
FIXED = {3600 * SECOND: "hour", DAY: "day", 7 * DAY: "week"}
EVEN = "dates=None treats the rows as even steps"  # what helps where dates do not
MOST_MISSING = 0.2  # of all steps; with more, the straight lines would be what is forecast
ROUNDED = 0.05  # of a step: how far times of a fraction of a second may be off, as they are printed with few digits


class Steps(NamedTuple):
    """Even steps of time, and the dates in them."""

    step: str  # as in `Series`
    season: int
    places: np.ndarray  # (N,) of int, how many steps each date comes after the first
    dates: np.ndarray  # (T,) of datetime64, one for each step from the first date to the last


def find_steps(dates):
    """The steps that increasing dates make, some of which may be missing.

    Steps of one or more months are known by the day, which is the same in each month or its last. Where days differ,
    months, quarters and years are known by the median of the time between neighbours. Any other step is the time
    that is most common. Days without any Saturday or Sunday are those of a week of five.

    Parameters
    ----------
    dates : (N,) array of datetime64
        At least two, increasing; read to the microsecond.

    Returns
    -------
    Steps
        Two dates may have the same place, as two days of a month.

    Raises
    ------
    ValueError
        If a date does not stand at a whole number of steps after the first, which is said, or more than a fifth of
        the steps have no date.

    Examples
    --------
    >>> found = find_steps(np.array(["2020-01-31", "2020-02-29", "2020-04-30", "2020-05-31"], "datetime64[s]"))
    >>> found.step, found.places.tolist()
    ('month', [0, 1, 3, 4])
    """
    dates = dates.astype("datetime64[us]")
    ticks, days = dates.astype(np.int64), dates.astype("datetime64[D]")
    between = np.diff(ticks)
    months = _months(dates)
    if months:
        return _calendar(dates, *months, exact=True)
    lengths, counts = np.unique(between, return_counts=True)
    usual = int(lengths[counts.argmax()])
    middle = np.median(between) / DAY  # months differ: none of their lengths need be a common one
    for step, (least, most, size) in CALENDAR.items():
        if least <= middle <= most and not (len(dates) > 2 and (between % usual == 0).all()):
            return _calendar(dates, step, size)
    if usual == DAY and len(dates) > 5 and np.is_busday(days).all() and (between % DAY == 0).all():
        places = np.busday_count(days[0], days)
        few_missing(places)
        return Steps("day", 5, places, np.busday_offset(days[0], np.arange(places[-1] + 1)))
    if (ticks % SECOND).any():
        places, size = even_places((ticks - ticks[0]) / SECOND, lambda row: said(dates[row]))
        grid = dates[0] + np.rint(np.arange(places[-1] + 1) * size * SECOND).astype("timedelta64[us]")
        grid[places] = dates
        return Steps(f"{size:.3g} seconds" if size < 1 else f"{size:.6g} seconds", 0, places, grid)
    off = (ticks - ticks[0]) % usual
    if off.any():
        raise _not_in_step(_name(usual), said(dates[np.flatnonzero(off)[0]]))
    places = (ticks - ticks[0]) // usual
    few_missing(places)
    grid = dates[0] + np.arange(places[-1] + 1) * np.timedelta64(usual, "us")
    step = _name(usual)
    return Steps(step, SEASONS.get(step, 0), places, _days_where_whole(grid))


def even_places(times, saying=str):
    """Where each of some increasing numbers stands among even steps, to within a twentieth of a step.

    Parameters
    ----------
    times : (N,) array
    saying : function of int
        What a sentence calls the number in a row.

    Returns
    -------
    places : (N,) array of int
    size : float
        Of a step.

    Raises
    ------
    ValueError
        If they are not even, or more than a fifth of the steps is missing.
    """
    since = np.asarray(times - times[0], np.float64)
    steps = len(since) - 1, max(1, np.rint(since[-1] / np.median(np.diff(since))))  # without gaps, and with some
    for count in steps:
        size = since[-1] / count
        places = np.rint(since / size).astype(np.int64)
        off = np.abs(since / size - places) > ROUNDED
        if not off.any():
            break
    if off.any():
        raise _not_in_step(f"{size:g}", saying(int(np.flatnonzero(off)[0])))
    few_missing(places)
    return places, size


def few_missing(places):
    """Refuse what is mostly gaps, before there is a place in memory for each of them."""
    T = int(places[-1]) + 1
    if T - len(places) > MOST_MISSING * T:
        came = f"{T - len(places)} of {T}; {EVEN}"
        raise ValueError(f"dates: wanted at most {MOST_MISSING:.0%} of the steps missing, got {came}")


def said(date):
    """A date as one reads it; without the time at midnight."""
    return str(date.astype("datetime64[us]")).removesuffix(".000000").removesuffix("T00:00:00").replace("T", " ")


def _not_in_step(step, came):
    return ValueError(f"dates: wanted even steps, here of {step}, got {came}, which is not in step; {EVEN}")


def _months(dates):
    """The step and its months, if all dates stand on the same day of a month, or each on the last; else None."""
    days, months = dates.astype("datetime64[D]"), dates.astype("datetime64[M]").astype(np.int64)
    of_month = (days - days.astype("datetime64[M]")).astype(np.int64)
    last = (days + 1).astype("datetime64[M]") > days.astype("datetime64[M]")
    if not (last.all() or (of_month == of_month[0]).all()) or (np.diff(months) < 1).any():
        return None
    lengths, counts = np.unique(np.diff(months), return_counts=True)
    size = int(lengths[counts.argmax()])
    if size % 12 and size not in MONTHS:
        return None
    return MONTHS.get(size, f"{size // 12} years"), size


def _calendar(dates, step, months, exact=False):
    of_each = dates.astype("datetime64[M]").astype(np.int64)
    off = (of_each - of_each[0]) % months
    if exact and off.any():
        raise _not_in_step(step, said(dates[np.flatnonzero(off)[0]]))
    places = of_each // months - of_each[0] // months
    few_missing(places)
    # Those that are there keep their day; of a step that is missing, the month in which the first date would stand.
    grid = (of_each[0] + months * np.arange(places[-1] + 1)).astype("datetime64[M]").astype("datetime64[D]")
    grid[places] = dates.astype("datetime64[D]")
    return Steps(step, SEASONS.get(step, 0), places, grid)


def _days_where_whole(grid):
    days = grid.astype("datetime64[D]")
    return days if (days == grid).all() else grid.astype("datetime64[s]")


def _name(ticks):
    if ticks in FIXED:
        return FIXED[ticks]
    for unit, size in (("days", DAY), ("hours", 3600 * SECOND), ("minutes", 60 * SECOND), ("seconds", SECOND)):
        if ticks % size == 0:
            return f"{ticks // size} {unit}" if ticks > size else unit[:-1]
    return f"{ticks / SECOND:g} seconds"
