"""The even steps that dates make, some of which may be missing."""

from typing import NamedTuple

import numpy as np
import pandas as pd

SECOND = 1_000_000  # microseconds
DAY = 86400 * SECOND
SEASONS = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "6 months": 2, "4 months": 3, "2 months": 6}
CALENDAR = {"month": (28, 31, 1), "quarter": (89, 92, 3), "year": (365, 366, 12)}  # days, from and to, and months
MONTHS = {1: "month", 2: "2 months", 3: "quarter", 4: "4 months", 6: "6 months", 12: "year"}
UNITS = {"day": DAY, "hour": 3600 * SECOND, "minute": 60 * SECOND, "second": SECOND}
EVEN = "dates=None treats the rows as even steps"  # the way out if dates do not help
MOST_MISSING = 0.2  # of all steps; with more, a forecast would be of straight lines
ROUNDED = 0.05  # of a step: the tolerance for fractions of a second, which are printed with few digits


class Steps(NamedTuple):
    """Even steps of time, and the dates in them."""

    step: str
    season: int
    positions: np.ndarray  # (N,) number of steps from the first date to each
    dates: np.ndarray  # (T,) one for each step from the first date to the last


def find_steps(dates):
    """The `Steps` that increasing dates make.

    Dates that stand on the same day of each month, or on its last, are one or more months apart. If days differ, the
    median distance tells months, quarters and years. Any other step is the most common distance. Days without any
    Saturday or Sunday make a week of five. Two dates may share a position, as two days of one month do.

    Raises
    ------
    ValueError
        If a date does not stand at a whole number of steps after the first, or more than a fifth of the steps are
        missing.

    Examples
    --------
    >>> found = find_steps(np.array(["2020-01-31", "2020-02-29", "2020-04-30", "2020-05-31"], "datetime64[s]"))
    >>> found.step, found.positions.tolist()
    ('month', [0, 1, 3, 4])
    """
    dates = dates.astype("datetime64[us]")
    ticks, days = dates.astype(np.int64), dates.astype("datetime64[D]")
    between = np.diff(ticks)
    months = _months(days)
    if months:
        return _calendar(dates, *months, exact=True)
    usual = int(pd.Series(between).mode()[0])
    median = np.median(between) / DAY
    for step, (least, most, size) in CALENDAR.items():
        if least <= median <= most and not (len(dates) > 2 and (between % usual == 0).all()):
            return _calendar(dates, step, size)
    if usual == DAY and len(dates) > 5 and np.is_busday(days).all() and (between % DAY == 0).all():
        positions = _few_missing(np.busday_count(days[0], days))
        return Steps("day", 5, positions, np.busday_offset(days[0], np.arange(positions[-1] + 1)))
    if (ticks % SECOND).any():
        positions, size = even_positions((ticks - ticks[0]) / SECOND, lambda row: date_text(dates[row]))
        grid = dates[0] + np.rint(np.arange(positions[-1] + 1) * size * SECOND).astype("timedelta64[us]")
        grid[positions] = dates
        return Steps(f"{size:.3g} seconds" if size < 1 else f"{size:.6g} seconds", 0, positions, grid)
    step, off = _name(usual), (ticks - ticks[0]) % usual > 0
    if off.any():
        raise _not_in_step(step, date_text(dates[off.argmax()]))
    positions = _few_missing((ticks - ticks[0]) // usual)
    grid = dates[0] + np.arange(positions[-1] + 1) * np.timedelta64(usual, "us")
    whole = (grid.astype("datetime64[D]") == grid).all()
    return Steps(step, SEASONS.get(step, 0), positions, grid.astype("datetime64[D]" if whole else "datetime64[s]"))


def even_positions(times, describe):
    """The positions of increasing numbers among even steps, to within a twentieth of a step, and the size of a step.

    `describe` names a row for the sentence in which uneven numbers, or mostly missing steps, are refused.
    """
    since = np.asarray(times - times[0], np.float64)
    steps = len(since) - 1, max(1, np.rint(since[-1] / np.median(np.diff(since))))  # without gaps, and with some
    for count in steps:
        size = since[-1] / count
        positions = np.rint(since / size).astype(np.int64)
        off = np.abs(since / size - positions) > ROUNDED
        if not off.any():
            return _few_missing(positions), size
    raise _not_in_step(f"{size:g}", describe(int(off.argmax())))


def date_text(date):
    """A date as one reads it, without the time at midnight."""
    return str(date.astype("datetime64[us]")).removesuffix(".000000").removesuffix("T00:00:00").replace("T", " ")


def _few_missing(positions):
    """The positions, refused before memory is allocated for steps that are mostly missing."""
    T = int(positions[-1]) + 1
    if T - len(positions) > MOST_MISSING * T:
        got = f"{T - len(positions)} of {T}; {EVEN}"
        raise ValueError(f"dates: wanted at most {MOST_MISSING:.0%} of the steps missing, got {got}")
    return positions


def _not_in_step(step, got):
    return ValueError(f"dates: wanted even steps, here of {step}, got {got}, which is not in step; {EVEN}")


def _months(days):
    """The step and its months, if all days are the same day of a month, or each its last; else None."""
    index = pd.DatetimeIndex(days)
    between = np.diff(days.astype("datetime64[M]").astype(np.int64))
    if not (index.is_month_end.all() or (index.day == index.day[0]).all()) or (between < 1).any():
        return None
    size = int(pd.Series(between).mode()[0])
    if size % 12 and size not in MONTHS:
        return None
    return MONTHS.get(size, f"{size // 12} years"), size


def _calendar(dates, step, months, exact=False):
    """Steps of some months."""
    month = dates.astype("datetime64[M]").astype(np.int64)
    off = (month - month[0]) % months > 0
    if exact and off.any():
        raise _not_in_step(step, date_text(dates[off.argmax()]))
    positions = _few_missing(month // months - month[0] // months)
    # Dates keep their day; a step without one gets the first day of the month that the first date implies.
    grid = (month[0] + months * np.arange(positions[-1] + 1)).astype("datetime64[M]").astype("datetime64[D]")
    grid[positions] = dates.astype("datetime64[D]")
    return Steps(step, SEASONS.get(step, 0), positions, grid)


def _name(ticks):
    """The name of a step of some microseconds."""
    if ticks == 7 * DAY:
        return "week"
    for unit, size in UNITS.items():
        if ticks % size == 0:
            return f"{ticks // size} {unit}s" if ticks > size else unit
    return f"{ticks / SECOND:g} seconds"
