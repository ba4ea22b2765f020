"""The one series that a column of dates makes, or the reason why it makes none or several."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from .column_names import CLOCKS, part, plain
from .dates import Reading, is_clock, read_clocks, readings
from .numbers import mostly_numbers, to_float
from .steps import EVEN, date_text, even_positions, find_steps

TURNED = "The newest row came first, so the order was reversed."
NAME_ALL = "if other columns hold the rest of the date, name them all in dates=[...]"
EPOCH_UNITS = 1, 1_000, 1_000_000, 1_000_000_000  # of the time since 1970, in a second
EPOCH_SECONDS = 5e8, 1.9e9  # 1985 to 2030; numbers with more digits begin as 20240131 does
MONTH = re.compile(r"\d\d?\.\d{4}|\d{4}\.\d\d", re.ASCII)  # may be a number as well
SMALL = 1000  # a column of times that starts below this holds the time since a start


class Timeline(NamedTuple):
    """Rows in the order of time, and their positions among even steps."""

    rows: np.ndarray  # (N,) rows of the table, the oldest first
    positions: np.ndarray  # (N,) number of steps between the first row and each
    step: str = ""
    season: int = 0
    dates: np.ndarray | None = None  # (T,) of all steps, including those without a row
    notes: tuple = ()  # sentences about changes to the order


def timeline_of(texts, dayfirst=None, order=None, sure=False):
    """The `Timeline` of a Series of texts indexed by the lines of the file.

    Digits alone may be years, dates such as 20240131, or seconds since 1970. Times of day, and other numbers that
    increase from a small one, are the time since a start: even steps without dates. `order` is as in `read`, and
    `sure` says that the caller named this column as one of dates.
    """
    if len(texts) < 2:
        raise ValueError(f"dates: wanted at least two dates in {texts.name!r}, got one")
    if is_clock(texts.tolist()):
        times, _ = read_clocks(texts)
        return _elapsed(texts, times / np.timedelta64(1, "s"), None if order == "mixed" else order)
    texts = _labelled(texts)
    if mostly_numbers(texts.tolist()[:50]):
        return _numeric(texts, dayfirst, order, sure)
    return _dated(texts, readings(texts.tolist()), dayfirst, order)


def one_way(dates):
    """Whether dates strictly increase or strictly decrease."""
    between = np.diff(dates).astype(np.int64)
    return bool((between > 0).all() or (between < 0).all())


def _at(texts, row):
    """A cell and its line, for a sentence."""
    return f"{texts.iloc[row]!r} in line {texts.index[row]}"


def _labelled(texts):
    """The texts, with W or Q inserted if only the name of the column says that they count weeks or quarters."""
    kind = part(texts.name)
    if kind not in ("week", "quarter"):
        return texts
    parts = texts.str.extract(r"^(\d{4})\W?(\d\d?)$|^(\d\d?)\W(\d{4})$")
    years, counts = parts[0].fillna(parts[3]), parts[1].fillna(parts[2])
    if years.isna().any():
        return texts
    if kind == "week" and counts.astype(int).max() <= 12:
        got = f"{_at(texts, 0)}, which may be a week or a month"
        raise ValueError(f"dates: wanted weeks such as 2024-W05 in {texts.name!r}, got {got}; {EVEN}")
    return (years + f"-{kind[0]}" + counts).rename(texts.name)


def _numeric(texts, dayfirst, order, sure):
    """The timeline of numbers: dates without marks, years, time since 1970, or time since another start."""
    name, cells = texts.name, texts.tolist()
    digits, sizes = all(map(str.isdecimal, cells)), set(map(len, cells))
    month = all(MONTH.fullmatch(cell) for cell in cells)
    possible = readings(cells) if month or (digits and len(sizes) == 1 and readings(cells[:50])) else []
    possible = [reading for reading in possible if (reading.fits if sizes == {4} else reading.likely)]
    if possible and sizes == {4} and not sure and plain(name) in CLOCKS:
        got = f"{_at(texts, 0)}, which may be a year or an elapsed time"
        raise ValueError(f"dates: wanted to know what {name!r} holds, got {got}; say dates={name!r} for years; {EVEN}")
    times = to_float(cells)
    for unit in EPOCH_UNITS:
        if EPOCH_SECONDS[0] * unit <= times.min() and times.max() < EPOCH_SECONDS[1] * unit:
            since = np.rint(times * (1_000_000 / unit))
            if digits:  # perhaps more than a float can hold
                since = np.array(cells, np.int64) // max(1, unit // 1_000_000) * max(1, 1_000_000 // unit)
            possible.append(Reading(since.astype("datetime64[us]"), "since 1970"))
    if possible:
        return _dated(texts, possible, dayfirst, order)
    if np.isnan(times).any():
        got = _at(texts, np.isnan(times).argmax())
        raise ValueError(f"dates: wanted dates or numbers in {name!r}, got {got}; {EVEN}")
    year = part(name) == "year"
    if abs(times).min() >= (2 if year else SMALL):
        kind = "may be a year or an elapsed time" if year else "is not a known kind of date or time"
        got = f"{_at(texts, 0)}, which {kind}"
        raise ValueError(f"dates: wanted dates such as 2024-01-31 in {name!r}, got {got}; {EVEN}")
    return _elapsed(texts, times, order)


def _dated(texts, candidates, dayfirst, order):
    """The timeline of the one plausible reading among the candidates."""
    allowed = [reading for reading in candidates if dayfirst is None or reading.dayfirst in (None, dayfirst)]
    dotted = re.match(r"\d\d?\.\d\d?\.", texts.iloc[0])  # 1.2.2024 has the day first wherever it is written
    if dotted and any(reading.fits and reading.dayfirst is True for reading in allowed):
        allowed = [reading for reading in allowed if reading.dayfirst is not False]
    possible = [reading for reading in allowed if reading.fits]
    if not possible:
        raise _unread(texts, candidates, allowed, dayfirst)
    alike = [any(np.array_equal(one.dates, other.dates) for other in possible[:k]) for k, one in enumerate(possible)]
    possible = [reading for reading, again in zip(possible, alike, strict=True) if not again]
    if part(texts.name) == "month":
        possible = [reading for reading in possible if reading.form == "%Y%m"] or possible
    if order != "mixed":  # time does not go back and forth
        possible = [reading for reading in possible if one_way(reading.dates)] or possible[:1]
    if len(possible) > 1:
        dense = [_density(reading.dates) for reading in possible]
        possible = [reading for reading, share in zip(possible, dense, strict=True) if max(dense) < 0.9 or share > 0.5]
    if len(possible) > 1:
        one, other = possible[:2]
        row = int((one.dates != other.dates).argmax())
        got = f"{_at(texts, row)}, which may be {date_text(one.dates[row])} or {date_text(other.dates[row])}"
        say = "write days as 2024-01-31"
        if {one.dayfirst, other.dayfirst} == {True, False}:
            say = "say dayfirst=True or dayfirst=False"
        elif True in (one.dayfirst, other.dayfirst):
            say = "say dayfirst=True, or write days as 2024-01-31"
        raise ValueError(f"dates: wanted dates that can be read in one way in {texts.name!r}, got {got}; {say}")
    return _in_steps(texts, possible[0], order)


def _density(dates):
    """The share of steps between the first and the last date that are there; 0 for a few dates, a chance pattern."""
    between = np.diff(np.sort(dates).astype(np.int64))
    return 0 if len(dates) < 8 else len(dates) / (between.sum() / max(1, np.median(between)) + 1)


def _unread(texts, candidates, allowed, dayfirst):
    """The error for texts that no reading fits."""
    both = [next((each for each in candidates if each.dayfirst is first), None) for first in (True, False)]
    if dayfirst is None and all(both) and not (np.isnat(both[0].dates) & np.isnat(both[1].dates)).any():
        day, month = (_at(texts, np.isnat(each.dates).argmax()) for each in both[::-1])
        got = f"{day}, which has the day first, and {month}, which has the month first"
        return ValueError(f"dates: wanted days and months in one order in {texts.name!r}, got {got}")
    unread = np.all([np.isnat(each.dates) for each in allowed], axis=0) if allowed else np.array([True])
    row = (unread if unread.any() else np.isnat(allowed[0].dates)).argmax()
    how = "" if dayfirst is None or not candidates else f" with dayfirst={dayfirst}"
    return ValueError(f"dates: wanted dates such as 2024-01-31{how} in {texts.name!r}, got {_at(texts, row)}; {EVEN}")


def _in_steps(texts, reading, order):
    """The timeline of dates, refused if they are out of order or uneven, or may be other years or weeks."""
    dates, form = reading
    if "%y" in form:
        century = (dates.astype("datetime64[Y]").astype(int) + 1970) % 100
        doubtful = (century > 29) & (century < 69)
        if doubtful.any():
            got = f"{_at(texts, doubtful.argmax())}, which may be of two centuries"
            raise ValueError(f"dates: wanted years of four digits in {texts.name!r}, got {got}")
    rows, notes = _in_order(texts, dates.astype(np.int64), order)
    steps = find_steps(dates[rows])
    repeated = np.diff(steps.positions) == 0
    if repeated.any():
        row = repeated.argmax() + 1
        got = f"{_at(texts, rows[row])} beside {_at(texts, rows[row - 1])}"
        raise ValueError(f"dates: wanted one row for each {steps.step} in {texts.name!r}, got {got}")
    if form == "m%m-%y" and "year" in steps.step:
        got = f"{_at(texts, 0)}, which may be a day or a year"
        raise ValueError(f"dates: wanted dates with a year in {texts.name!r}, got {got}")
    if form == "%G-w%V-%u" and steps.step == "week":
        skipped = np.delete(steps.dates, steps.positions)
        last = [str(day) for day in skipped if day.item().isocalendar().week == 53]
        if last:
            advice = f"if they are counted otherwise, write the day of each week; {EVEN}"
            got = f"none for week 53 of {last[0][:4]}; {advice}"
            raise ValueError(f"dates: wanted the weeks of ISO 8601 in {texts.name!r}, got {got}")
    return Timeline(rows, steps.positions, steps.step, steps.season, steps.dates, notes)


def _elapsed(texts, times, order):
    """The timeline of the time since a start: even steps without dates."""
    between = np.diff(times)
    if order is None and (between < 0).all():
        got = f"{_at(texts, -1)} after {texts.iloc[0]!r}; say order='newest first' or dates=None"
        raise ValueError(f"order: wanted times that increase in {texts.name!r}, got {got}")
    if order is None and (between <= 0).any():
        row = (between <= 0).argmax() + 1
        got = f"{_at(texts, row)} after {texts.iloc[row - 1]!r}"
        raise ValueError(f"dates: wanted times that increase in {texts.name!r}, got {got}; {NAME_ALL}; {EVEN}")
    rows, notes = _in_order(texts, times, order)
    positions, _ = even_positions(times[rows], lambda row: _at(texts, rows[row]))
    return Timeline(rows, positions, notes=notes)


def _in_order(texts, times, order):
    """The rows from the oldest to the newest, and notes about the change."""
    again = pd.Series(times).duplicated()
    if again.any():
        row = again.argmax()
        advice = NAME_ALL
        if ":" in texts.iloc[row] and "." not in texts.iloc[row]:
            advice += "; if it is the hour by which clocks are put back, give times in UTC or say dates=None"
        got = f"{_at(texts, row)} for the second time"
        raise ValueError(f"dates: wanted one row for each date in {texts.name!r}, got {got}; {advice}")
    between, rows = np.diff(times), np.arange(len(times))
    if order == "mixed":
        return np.argsort(times, kind="stable"), (f"Rows were sorted by {texts.name!r}.",)
    if (between > 0).all() and order != "newest first":
        return rows, ()
    if (between < 0).all() and order != "oldest first":
        return rows[::-1], (TURNED,)
    down = order == "newest first" or (order is None and (between < 0).sum() > (between > 0).sum())
    row = (between > 0 if down else between < 0).argmax() + 1
    wanted = f"rows in the order of {texts.name!r}, {'newest' if down else 'oldest'} first"
    got = f"{_at(texts, row)} after {texts.iloc[row - 1]!r}"
    raise ValueError(f"order: wanted {wanted}, got {got}; order='mixed' sorts them")
