"""Rows in the order of time, and where they stand among even steps."""

from typing import NamedTuple

import numpy as np

from .steps import EVEN, even_places, find_steps

ORDERS = ("oldest first", "newest first", "mixed")
TURNED = "The newest row came first, so the order was reversed."


class Texts(NamedTuple):
    """A column of dates, or several that were joined, as it stands in the file."""

    name: str
    cells: list
    lines: list

    def at(self, row):
        """A cell and its line, for a sentence."""
        return f"{self.cells[row]!r} in line {self.lines[row]}"


class Timeline(NamedTuple):
    """Rows in the order of time, and where they stand among even steps.

    Attributes
    ----------
    rows : (N,) array of int
        Rows of the table, the oldest first.
    places : (N,) array of int
        How many steps each comes after the first.
    step, season : str, int
        As in `Series`.
    dates : (T,) array of datetime64, or None
        Of all steps, also of those without a row.
    notes : tuple of str
        Sentences about what was done to the order.
    """

    rows: np.ndarray
    places: np.ndarray
    step: str = ""
    season: int = 0
    dates: np.ndarray | None = None
    notes: tuple = ()


def in_steps(texts, reading, order):
    """The timeline of dates.

    Parameters
    ----------
    texts : Texts
    reading : Reading
        Of all texts.
    order : str or None
        One of `ORDERS`; None turns rows round that all decrease.

    Raises
    ------
    ValueError
        If dates are not in order or make no even steps, or years or weeks may be others.
    """
    dates, form = reading.dates, reading.form
    if "%y" in form:
        century = (dates.astype("datetime64[Y]").astype(int) + 1970) % 100
        row = np.flatnonzero((century > 29) & (century < 69))
        if len(row):
            came = f"{texts.at(int(row[0]))}, which may be of two centuries"
            raise ValueError(f"dates: wanted years of four digits in {texts.name!r}, got {came}")
    rows, notes = _in_order(texts, dates.astype(np.int64), order)
    dates = dates[rows]
    steps = find_steps(dates)
    again = np.flatnonzero(np.diff(steps.places) == 0)
    if len(again):
        row = int(again[0]) + 1
        came = f"{texts.at(rows[row])} beside {texts.at(rows[row - 1])}"
        raise ValueError(f"dates: wanted one row for each {steps.step} in {texts.name!r}, got {came}")
    if form == "m%m-%y" and "year" in steps.step:
        came = f"{texts.at(0)}, which may be a day or a year"
        raise ValueError(f"dates: wanted dates with a year in {texts.name!r}, got {came}")
    if form == "%G-w%V-%u" and steps.step == "week":
        without = np.setdiff1d(np.arange(len(steps.dates)), steps.places)
        last = [str(day) for day in steps.dates[without] if day.item().isocalendar().week == 53]
        if last:
            advice = f"if they are counted otherwise, write the day of each week; {EVEN}"
            came = f"none for week 53 of {last[0][:4]}; {advice}"
            raise ValueError(f"dates: wanted the weeks of ISO 8601 in {texts.name!r}, got {came}")
    return Timeline(rows, steps.places, steps.step, steps.season, steps.dates, notes)


def elapsed(texts, times, order):
    """The timeline of the time since a beginning: even steps without dates.

    Parameters
    ----------
    texts : Texts
    times : (N,) array
    order : str or None

    Raises
    ------
    ValueError
        If the times do not increase evenly.
    """
    between = np.diff(times)
    if order is None and (between < 0).all():
        came = f"{texts.at(len(times) - 1)} after {texts.cells[0]!r}; say order='newest first' or dates=None"
        raise ValueError(f"order: wanted times that increase in {texts.name!r}, got {came}")
    if order is None and (between <= 0).any():
        row = int(np.flatnonzero(between <= 0)[0]) + 1
        came = f"{texts.at(row)} after {texts.cells[row - 1]!r}"
        advice = f"if other columns hold the rest of the date, name them all in dates=[...]; {EVEN}"
        raise ValueError(f"dates: wanted times that increase in {texts.name!r}, got {came}; {advice}")
    rows, notes = _in_order(texts, times, order)
    places, _ = even_places(times[rows], lambda row: texts.at(int(rows[row])))
    return Timeline(rows, places, notes=notes)


def _in_order(texts, times, order):
    """The rows from the oldest to the newest, and what was done to put them so."""
    _, firsts = np.unique(times, return_index=True)
    if len(firsts) < len(times):
        row = int(np.setdiff1d(np.arange(len(times)), firsts)[0])
        advice = "if other columns hold the rest of the date, name them all in dates=[...]"
        if ":" in texts.cells[row] and "." not in texts.cells[row]:
            advice += "; if it is the hour by which clocks are put back, give times in UTC or say dates=None"
        raise ValueError(
            f"dates: wanted one row for each date in {texts.name!r}, got {texts.at(row)} for the second time; {advice}"
        )
    between, rows = np.diff(times), np.arange(len(times))
    if order == "mixed":
        return np.argsort(times, kind="stable"), (f"Rows were sorted by {texts.name!r}.",)
    if (between > 0).all() and order != "newest first":
        return rows, ()
    if (between < 0).all() and order != "oldest first":
        return rows[::-1], (TURNED,)
    down = order == "newest first" or (order is None and (between < 0).sum() > (between > 0).sum())
    row = int(np.flatnonzero(between > 0 if down else between < 0)[0]) + 1
    wanted = f"rows in the order of {texts.name!r}, {'newest' if down else 'oldest'} first"
    came = f"{texts.at(row)} after {texts.cells[row - 1]!r}"
    raise ValueError(f"order: wanted {wanted}, got {came}; order='mixed' sorts them")
