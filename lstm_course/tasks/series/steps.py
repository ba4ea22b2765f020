"""The even steps that dates make, some of which may be missing."""

from typing import NamedTuple

import numpy as np
import pandas as pd

SECOND = 1_000_000  # microseconds
DAY = 86400 * SECOND
SEASONS = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "6 months": 2, "4 months": 3, "2 months": 6}
UNITS = {"day": DAY, "hour": 3600 * SECOND, "minute": 60 * SECOND, "second": SECOND}
MONTHS = {1: "month", 2: "2 months", 3: "quarter", 4: "4 months", 6: "6 months", 12: "year"}
DAYS_OF = {1: (28, 31), 3: (89, 92), 12: (365, 366)}  # from one month, quarter or year to the next
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
    >>> steps = find_steps(np.array(["2020-01-31", "2020-02-29", "2020-04-30", "2020-05-31"], "datetime64[s]"))
    >>> steps.step, steps.positions.tolist()
    ('month', [0, 1, 3, 4])
    """
    dates = dates.astype("datetime64[us]")
    index = pd.DatetimeIndex(dates)
    ticks, days = index.asi8, index.to_numpy("datetime64[D]")
    months, between = np.diff(days.astype("datetime64[M]").astype(int)), np.diff(ticks)
    usual, apart = (int(pd.Series(each).mode()[0]) for each in (between, months))
    even = (between % usual == 0).all()
    if (index.is_month_end.all() or (index.day == index.day[0]).all()) and (months > 0).all():
        if apart in MONTHS or apart % 12 == 0:
            return _monthly(days, apart, exact=True)
    for size, (least, most) in DAYS_OF.items():
        if least <= np.median(between) / DAY <= most and not (even and len(days) > 2):
            return _monthly(days, size)
    if usual == DAY and even and len(days) > 5 and np.is_busday(days).all():
        positions = _few_missing(np.busday_count(days[0], days))
        return Steps("day", 5, positions, np.busday_offset(days[0], np.arange(positions[-1] + 1)))
    if (ticks % SECOND).any():
        positions, size = even_positions((ticks - ticks[0]) / SECOND, lambda row: date_text(dates[row]))
        grid = dates[0] + np.rint(np.arange(positions[-1] + 1) * size * SECOND).astype("timedelta64[us]")
        grid[positions] = dates
        return Steps(f"{size:.3g} seconds" if size < 1 else f"{size:.6g} seconds", 0, positions, grid)
    step = _name(usual)
    _refuse_uneven((ticks - ticks[0]) % usual > 0, step, lambda row: date_text(dates[row]))
    positions = _few_missing((ticks - ticks[0]) // usual)
    grid = pd.date_range(index[0], index[-1], freq=pd.Timedelta(usual, "us"), unit="us")
    unit = "datetime64[D]" if (grid == grid.normalize()).all() else "datetime64[s]"
    return Steps(step, SEASONS.get(step, 0), positions, grid.to_numpy(unit))


def _monthly(days, size, exact=False):
    """Steps of some months; dates keep their day, and a step without one has the first day of its month."""
    month = days.astype("datetime64[M]").astype(int)
    step = MONTHS.get(size, f"{size // 12} years")
    if exact:
        _refuse_uneven((month - month[0]) % size > 0, step, lambda row: str(days[row]))
    positions = _few_missing(month // size - month[0] // size)
    grid = (month[0] + size * np.arange(positions[-1] + 1)).astype("datetime64[M]").astype("datetime64[D]")
    grid[positions] = days
    return Steps(step, SEASONS.get(step, 0), positions, grid)


def even_positions(times, describe):
    """The positions of increasing numbers among even steps, to within a twentieth of a step, and the size of a step.

    `describe` names a row for the sentence in which uneven numbers, or mostly missing steps, are refused.
    """
    since = np.asarray(times - times[0], np.float64)
    for count in (len(since) - 1, max(1, np.rint(since[-1] / np.median(np.diff(since))))):  # without gaps, with some
        size = since[-1] / count
        positions = np.rint(since / size).astype(np.int64)
        off = np.abs(since / size - positions) > ROUNDED
        if not off.any():
            break
    _refuse_uneven(off, f"{size:g}", describe)
    return _few_missing(positions), size


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


def _refuse_uneven(off, step, describe):
    if off.any():
        got = f"{describe(int(off.argmax()))}, which is not in step"
        raise ValueError(f"dates: wanted even steps, here of {step}, got {got}; {EVEN}")


def _name(ticks):
    """The name of a step of some microseconds."""
    if ticks == 7 * DAY:
        return "week"
    for unit, size in UNITS.items():
        if ticks % size == 0:
            return f"{ticks // size} {unit}s" if ticks > size else unit
    return f"{ticks / SECOND:g} seconds"
