"""Which steps dates make, and where in them each date stands."""

from typing import NamedTuple

import numpy as np

DAY = 86400  # seconds
SEASONS = {"hour": 24, "day": 7, "week": 52, "month": 12, "quarter": 4, "year": 0}
CALENDAR = {"month": (28, 31, 1), "quarter": (89, 92, 3), "year": (365, 366, 12)}  # days, from and to, and months
FIXED = {3600: "hour", DAY: "day", 7 * DAY: "week"}  # seconds
MOST_MISSING = 0.2  # of all steps; with more, the straight lines would be what is forecast


class Steps(NamedTuple):
    """Even steps of time, and the dates in them."""

    step: str  # as in `Series`
    season: int
    places: np.ndarray  # (N,) of int, how many steps each date comes after the first
    dates: np.ndarray  # (T,) of datetime64, one for each step from the first date to the last


def find_steps(dates):
    """The steps that increasing dates make, some of which may be missing.

    Months, quarters and years are known by the median of the time between neighbours; any other step is the time
    that is most common. Days without any Saturday or Sunday are those of a week
    of five.

    Parameters
    ----------
    dates : (N,) array of datetime64[s]
        At least two, increasing.

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
    seconds = dates.astype("datetime64[s]").astype(np.int64)
    middle = np.median(np.diff(seconds)) / DAY  # months differ: none of their lengths need be a common one
    for step, (least, most, months) in CALENDAR.items():
        if least <= middle <= most:
            return _calendar(dates, step, months)
    lengths, counts = np.unique(np.diff(seconds), return_counts=True)
    usual, days = int(lengths[counts.argmax()]), dates.astype("datetime64[D]")
    if usual == DAY and len(dates) > 5 and np.is_busday(days).all() and (np.diff(seconds) % DAY == 0).all():
        places = np.busday_count(days[0], days)
        _few_missing(places)
        return Steps("day", 5, places, np.busday_offset(days[0], np.arange(places[-1] + 1)))
    off = (seconds - seconds[0]) % usual
    if off.any():
        wrong = dates[np.flatnonzero(off)[0]]
        raise ValueError(f"date: wanted even steps, here of {_name(usual)}, got {said(wrong)}, which is not in step")
    places = (seconds - seconds[0]) // usual
    _few_missing(places)
    grid = dates[0] + np.arange(places[-1] + 1) * np.timedelta64(usual, "s")
    step = _name(usual)
    return Steps(step, SEASONS.get(step, 0), places, _days_where_whole(grid))


def said(date):
    """A date as one reads it; without the time at midnight."""
    return str(date.astype("datetime64[s]")).replace("T00:00:00", "").replace("T", " ")


def _calendar(dates, step, months):
    months_since = dates.astype("datetime64[M]").astype(np.int64)
    places = months_since // months - months_since[0] // months
    _few_missing(places)
    # Those that are there keep their day; of a step that is missing, the month in which the first date would stand.
    grid = (months_since[0] + months * np.arange(places[-1] + 1)).astype("datetime64[M]").astype("datetime64[D]")
    grid[places] = dates.astype("datetime64[D]")
    return Steps(step, SEASONS[step], places, grid)


def _few_missing(places):
    """Refuse what is mostly gaps, before there is a place in memory for each of them."""
    T = int(places[-1]) + 1
    if T - len(places) > MOST_MISSING * T:
        raise ValueError(f"date: wanted at most {MOST_MISSING:.0%} of the steps missing, got {T - len(places)} of {T}")


def _days_where_whole(grid):
    days = grid.astype("datetime64[D]")
    return days if (days == grid).all() else grid.astype("datetime64[s]")


def _name(seconds):
    if seconds in FIXED:
        return FIXED[seconds]
    for unit, size in (("days", DAY), ("hours", 3600), ("minutes", 60)):
        if seconds % size == 0:
            return f"{seconds // size} {unit}" if seconds > size else unit[:-1]
    return f"{seconds} seconds"
