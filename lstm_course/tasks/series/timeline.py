"""The one series that a column of dates makes, or the reason why it makes none or several."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from .column_names import CLOCKS, part, plain
from .dates import is_clock, numeric_readings, one_way, read_clocks, readings
from .numbers import mostly_numbers, to_float
from .steps import EVEN, date_text, even_positions, find_steps

TURNED = "The newest row came first, so the order was reversed."
NAME_ALL = "if other columns hold the rest of the date, name them all in dates=[...]"
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
    cells = texts.tolist()
    if is_clock(cells):
        times, _ = read_clocks(cells)
        return _elapsed(texts, times / np.timedelta64(1, "s"), None if order == "mixed" else order)
    texts = _labelled(texts)
    cells = texts.tolist()
    if not mostly_numbers(cells[:50]):
        return _dated(texts, readings(cells), dayfirst, order)
    possible = numeric_readings(cells)
    if possible:
        if possible[0].form == "%Y" and not sure and plain(texts.name) in CLOCKS:
            what = f"to know what {texts.name!r} holds"
            raise _refusal(what, texts, 0, "may be a year or an elapsed time", f"say dates={texts.name!r} for years; ")
        return _dated(texts, possible, dayfirst, order)
    times, year = to_float(texts), part(texts.name) == "year"
    if np.isnan(times).any():
        raise _refusal("dates or numbers", texts, np.isnan(times).argmax())
    if abs(times).min() >= (2 if year else SMALL):
        why = "may be a year or an elapsed time" if year else "is not a known kind of date or time"
        raise _refusal("dates such as 2024-01-31", texts, 0, why)
    return _elapsed(texts, times, order)


def _at(texts, row):
    """A cell and its line, for a sentence."""
    return f"{texts.iloc[row]!r} in line {texts.index[row]}"


def _refusal(wanted, texts, row, why="", advice="", way_out=EVEN):
    """The error about a cell that is not what was wanted."""
    column = "" if repr(texts.name) in wanted else f" in {texts.name!r}"
    end = f"; {advice}{way_out}" if advice or way_out else ""
    return ValueError(f"dates: wanted {wanted}{column}, got {_at(texts, row)}{why and ', which '}{why}{end}")


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
        raise _refusal("weeks such as 2024-W05", texts, 0, "may be a week or a month")
    return (years + f"-{kind[0]}" + counts).rename(texts.name)


def _dated(texts, candidates, dayfirst, order):
    """The timeline of the one plausible reading among the candidates."""
    allowed = [reading for reading in candidates if dayfirst is None or reading.dayfirst in (None, dayfirst)]
    dotted = re.match(r"\d\d?\.\d\d?\.", texts.iloc[0])  # 1.2.2024 has the day first wherever it is written
    if dotted and any(reading.fits and reading.dayfirst is True for reading in allowed):
        allowed = [reading for reading in allowed if reading.dayfirst is not False]
    possible = []
    for reading in allowed:
        if reading.fits and not any(np.array_equal(reading.dates, other.dates) for other in possible):
            possible.append(reading)
    if not possible:
        raise _unread(texts, candidates, allowed, dayfirst)
    if part(texts.name) == "month":
        possible = [reading for reading in possible if reading.form == "%Y%m"] or possible
    if order != "mixed":  # time does not go back and forth
        possible = [reading for reading in possible if one_way(reading.dates)] or possible[:1]
    dense = [_density(reading.dates) for reading in possible]
    if max(dense) >= 0.9:
        possible = [reading for reading, share in zip(possible, dense, strict=True) if share > 0.5]
    if len(possible) > 1:
        one, other = possible[:2]
        row = int((one.dates != other.dates).argmax())
        advice, orders = "write days as 2024-01-31", {one.dayfirst, other.dayfirst}
        if True in orders:
            advice = "dayfirst=True or dayfirst=False" if False in orders else f"dayfirst=True, or {advice}"
            advice = f"say {advice}"
        why = f"may be {date_text(one.dates[row])} or {date_text(other.dates[row])}"
        raise _refusal("dates that can be read in one way", texts, row, why, advice, "")
    return _in_steps(texts, possible[0], order)


def _density(dates):
    """The share of steps between the first and the last date that are there; 0 for a few dates, a chance pattern."""
    between = np.diff(np.sort(dates).astype(np.int64))
    return 0 if len(dates) < 8 else len(dates) / (between.sum() / max(1, np.median(between)) + 1)


def _unread(texts, candidates, allowed, dayfirst):
    """The error for texts that no reading fits."""
    unread = {each.dayfirst: np.isnat(each.dates) for each in candidates[::-1]}
    if dayfirst is None and {True, False} <= unread.keys() and not (unread[True] & unread[False]).any():
        day, month = (_at(texts, unread[first].argmax()) for first in (False, True))
        got = f"{day}, which has the day first, and {month}, which has the month first"
        return ValueError(f"dates: wanted days and months in one order in {texts.name!r}, got {got}")
    unread = [np.isnat(each.dates) for each in allowed] or [np.array([True])]
    row = (np.all(unread, axis=0) if np.all(unread, axis=0).any() else unread[0]).argmax()
    how = "" if dayfirst is None or not candidates else f" with dayfirst={dayfirst}"
    return _refusal(f"dates such as 2024-01-31{how}", texts, row)


def _in_steps(texts, reading, order):
    """The timeline of dates, refused if they are out of order or uneven, or may be other years or weeks."""
    dates, form = reading
    if "%y" in form:
        century = (dates.astype("datetime64[Y]").astype(int) + 1970) % 100
        doubtful = (century > 29) & (century < 69)
        if doubtful.any():
            raise _refusal("years of four digits", texts, doubtful.argmax(), "may be of two centuries", way_out="")
    rows, notes = _in_order(texts, dates.astype(np.int64), order)
    steps = find_steps(dates[rows])
    repeated = np.diff(steps.positions) == 0
    if repeated.any():
        row = repeated.argmax() + 1
        got = f"{_at(texts, rows[row])} beside {_at(texts, rows[row - 1])}"
        raise ValueError(f"dates: wanted one row for each {steps.step} in {texts.name!r}, got {got}")
    if form == "m%m-%y" and "year" in steps.step:
        raise _refusal("dates with a year", texts, 0, "may be a day or a year", way_out="")
    if form == "%G-w%V-%u" and steps.step == "week":
        skipped = pd.DatetimeIndex(np.delete(steps.dates, steps.positions)).isocalendar()
        if (skipped.week == 53).any():
            got = f"none for week 53 of {skipped.year[skipped.week == 53].iloc[0]}"
            advice = "if they are counted otherwise, write the day of each week"
            raise ValueError(f"dates: wanted the weeks of ISO 8601 in {texts.name!r}, got {got}; {advice}; {EVEN}")
    return Timeline(rows, steps.positions, steps.step, steps.season, steps.dates, notes)


def _elapsed(texts, times, order):
    """The timeline of the time since a start: even steps without dates."""
    falls = np.diff(times) <= 0
    if order is None and falls.any():
        wanted = f"times that increase in {texts.name!r}"
        if falls.all() and not (np.diff(times) == 0).any():
            got = f"{_at(texts, -1)} after {texts.iloc[0]!r}"
            raise ValueError(f"order: wanted {wanted}, got {got}; say order='newest first' or dates=None")
        row = falls.argmax() + 1
        got = f"{_at(texts, row)} after {texts.iloc[row - 1]!r}"
        raise ValueError(f"dates: wanted {wanted}, got {got}; {NAME_ALL}; {EVEN}")
    rows, notes = _in_order(texts, times, order)
    positions, _ = even_positions(times[rows], lambda row: _at(texts, rows[row]))
    return Timeline(rows, positions, notes=notes)


def _in_order(texts, times, order):
    """The rows from the oldest to the newest, and notes about the change."""
    again = pd.Series(times).duplicated()
    if again.any():
        row, advice = again.argmax(), NAME_ALL
        if ":" in texts.iloc[row] and "." not in texts.iloc[row]:
            advice += "; if it is the hour by which clocks are put back, give times in UTC or say dates=None"
        got = f"{_at(texts, row)} for the second time"
        raise ValueError(f"dates: wanted one row for each date in {texts.name!r}, got {got}; {advice}")
    rises, rows = np.diff(times) > 0, np.arange(len(times))
    if order == "mixed":
        return np.argsort(times, kind="stable"), (f"Rows were sorted by {texts.name!r}.",)
    if rises.all() and order != "newest first":
        return rows, ()
    if not rises.any() and order != "oldest first":
        return rows[::-1], (TURNED,)
    down = order == "newest first" or (order is None and 2 * rises.sum() < len(rises))
    row = (rises if down else ~rises).argmax() + 1
    wanted = f"rows in the order of {texts.name!r}, {'newest' if down else 'oldest'} first"
    got = f"{_at(texts, row)} after {texts.iloc[row - 1]!r}"
    raise ValueError(f"order: wanted {wanted}, got {got}; order='mixed' sorts them")
