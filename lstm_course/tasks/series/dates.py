"""What the cells of a column say as dates, in each reading that they allow."""

import re
from typing import NamedTuple

import numpy as np

from .clock import read_clocks, split_clocks

MONTHS = "january february march april may june july august september october november december".split()
NAMED = {name[:size]: place for place, name in enumerate(MONTHS, 1) for size in range(3, 10)} | {"sept": 9}
WEEKDAY = re.compile(r"\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?,?")
WORD = re.compile(r"[^\W\d_]+")
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?", re.ASCII)
SPAN = re.compile(r"(.*\d{4}.*?)\s+(?:[-–—]|to)\s+.*\d{4}.*|(\d{4}-\d\d-\d\d)/\d{4}-\d\d-\d\d")  # it begins with ...
QUARTER, WEEK = "q(?:tr|uarter)?", "(?:w|wk|kw|cw|week)"
LABELS = (  # texts for periods, and what each is made of, as `FORMS` have it
    (rf"(\d{{4}})\W*{QUARTER}\W*([1-4])", lambda year, number: f"{year}-m{3 * int(number) - 2}"),
    (rf"{QUARTER}\W*([1-4])\W*(\d{{4}})", lambda number, year: f"{year}-m{3 * int(number) - 2}"),
    (rf"([1-4])\W*{QUARTER}\W*(\d{{4}})", lambda number, year: f"{year}-m{3 * int(number) - 2}"),
    (r"(\d{4})\W*m\W*(\d{1,2})", lambda year, number: f"{year}-m{number}"),
    (rf"(\d{{4}})\W*{WEEK}\W*(\d{{1,2}})", lambda year, number: f"{year}-w{number}-1"),
    (rf"(\d{{4}})\W*{WEEK}\W*(\d\d)-([1-7])", lambda year, number, day: f"{year}-w{number}-{day}"),
    (rf"{WEEK}\W*(\d{{1,2}})\W*(?:of)?\W*(\d{{4}})", lambda number, year: f"{year}-w{number}-1"),
)
# As pandas writes them, for what `_plain` makes of a text: numbers, letters that say what a number is, and "-".
FORMS = ("%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%Y-%m", "%m-%Y",
         "%d-m%m-%Y", "m%m-%d-%Y", "%Y-m%m-%d", "%d-m%m-%y", "m%m-%d-%y", "%y-m%m-%d", "m%m-%Y", "%Y-m%m", "m%m-%y",
         "%G-w%V-%u", "%Y-%m-%d-%H", "%Y-%m-%d-%H-%M-%S")  # fmt: skip
DIGITS = {
    4: ("%Y",),
    6: ("%Y%m", "%y%m%d", "%d%m%y", "%m%d%y"),
    8: ("%Y%m%d", "%d%m%Y", "%m%d%Y"),
    10: ("%Y%m%d%H", "%y%m%d%H%M"),
    12: ("%Y%m%d%H%M", "%y%m%d%H%M%S"),
    14: ("%Y%m%d%H%M%S",),
}
YEARS = np.datetime64("1500"), np.datetime64("2200")


class Reading(NamedTuple):
    """One way of reading a column.

    Attributes
    ----------
    dates : (N,) array of datetime64[us]
        Not-a-time where a cell does not fit.
    form : str
        Of the days, as pandas writes it.
    """

    dates: np.ndarray
    form: str

    @property
    def fits(self):
        """Whether every cell is such a date."""
        return not np.isnat(self.dates).any()

    @property
    def likely(self):
        """Whether it fits, and makes only years of which mere digits may be a date."""
        return self.fits and bool((self.dates >= YEARS[0]).all() and (self.dates < YEARS[1]).all())

    @property
    def dayfirst(self):
        """Whether the day stands before the month; None where that cannot be in doubt, "no" if the year is first."""
        return {"%d-%m": True, "%d%m": True, "%m-%d": False, "%m%d": False, "%y-%m": "no", "%y%m": "no"}.get(
            self.form[: 5 if "-" in self.form else 4]
        )


def readings(cells):
    """The ways in which cells can be read as dates, those that fit the most cells first.

    Names of months are English. A year of two digits is one of 1969 to 2068. Where each time has the same offset from
    UTC, it stays as it is written; where offsets differ, times become UTC, unless each is midnight.

    Parameters
    ----------
    cells : list of str

    Returns
    -------
    list of Reading
        Empty if no cell is a date in any.
    """
    import pandas as pd

    if ISO.fullmatch(cells[0]) and len(set(map(len, cells))) == 1:  # a quicker way to the same
        dates = pd.to_datetime(pd.Series(cells), format="ISO8601", errors="coerce").to_numpy("datetime64[us]")
        if not np.isnat(dates).any():
            return [Reading(dates, "%Y-%m-%d")]
    if SPAN.fullmatch(cells[0]):
        cells = [found[1] or found[2] if (found := SPAN.fullmatch(cell)) else cell for cell in cells]
    days, clocks = split_clocks(cells)
    which, clocks = pd.factorize(np.array(clocks, object))
    times, rests = read_clocks(clocks)
    if any(rests):
        days = [f"{day} {rests[k]}" for day, k in zip(days, which, strict=True)]
    of, days = pd.factorize(np.array(days, object))
    forms = _forms(list(map(_plain, days[:: max(1, len(days) // 50)])))
    days = list(map(_plain, days)) if forms else []
    found = []
    for form in forms:
        dates = pd.to_datetime(days, format=form, errors="coerce").to_numpy("datetime64[us]")
        found.append(Reading(dates[of] + times[which], form))
    return sorted(found, key=lambda reading: np.isnat(reading.dates).sum())


def _forms(days):
    """The forms that some texts have, as they come from `_plain`."""
    import pandas as pd

    forms = FORMS
    if all(map(str.isdecimal, days)):
        sizes = set(map(len, days))
        forms = DIGITS.get(sizes.pop(), ()) if len(sizes) == 1 else ()
    return [form for form in forms if pd.to_datetime(days, format=form, errors="coerce").notna().any()]


def _plain(text):
    """The day in a text, in small letters, with months as numbers after an m, and "-" between its parts."""
    text = WEEKDAY.sub(" ", text.lower().translate({ord("年"): "-", ord("月"): "-", ord("日"): " "})).strip(" []()")
    for label, made in LABELS:
        found = re.fullmatch(label, text)
        if found:
            return made(*found.groups())
    text = WORD.sub(lambda word: f"-m{NAMED[word[0]]}-" if word[0] in NAMED else word[0], text)
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|(?<=\d)t$", "", text)
    text = re.sub(r"(?:[\s/.,_'-]|(?<=\d)t(?=\d))+", "-", text).strip("-")
    return text.replace("-", "") if re.fullmatch(r"\d{8}-\d{2,6}", text) else text
