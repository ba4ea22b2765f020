"""Texts as dates and times, in every reading that their form allows."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from .numbers import to_float

MONTHS = "january february march april may june july august september october november december".split()
NAMED = {name[:size]: number for number, name in enumerate(MONTHS, 1) for size in range(3, 10)} | {"sept": 9}
WEEKDAY = re.compile(r"\b(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?,?")
WORD = re.compile(r"[^\W\d_]+")
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?", re.ASCII)
SPAN = re.compile(r"(.*\d{4}.*?)\s+(?:[-–—]|to)\s+.*\d{4}.*|(\d{4}-\d\d-\d\d)/\d{4}-\d\d-\d\d")  # from one day to ...
QUARTER, WEEK = "q(?:tr|uarter)?", "(?:w|wk|kw|cw|week)"
LABELS = (  # labels of periods, and the same in one of FORMS
    (rf"(\d{{4}})\W*{QUARTER}\W*([1-4])", lambda year, number: f"{year}-m{3 * int(number) - 2}"),
    (rf"{QUARTER}\W*([1-4])\W*(\d{{4}})", lambda number, year: f"{year}-m{3 * int(number) - 2}"),
    (rf"([1-4])\W*{QUARTER}\W*(\d{{4}})", lambda number, year: f"{year}-m{3 * int(number) - 2}"),
    (r"(\d{4})\W*m\W*(\d{1,2})", lambda year, number: f"{year}-m{number}"),
    (rf"(\d{{4}})\W*{WEEK}\W*(\d{{1,2}})", lambda year, number: f"{year}-w{number}-1"),
    (rf"(\d{{4}})\W*{WEEK}\W*(\d\d)-([1-7])", lambda year, number, day: f"{year}-w{number}-{day}"),
    (rf"{WEEK}\W*(\d{{1,2}})\W*(?:of)?\W*(\d{{4}})", lambda number, year: f"{year}-w{number}-1"),
)
# Formats for what `_normal` makes of a day: numbers with "-" between them, an "m" before the number of a named month.
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
YEARS = np.datetime64("1500"), np.datetime64("2200")  # of plausible dates
EPOCH_UNITS = 1, 1_000, 1_000_000, 1_000_000_000  # of the time since 1970, in a second
EPOCH_SECONDS = 5e8, 1.9e9  # 1985 to 2030; numbers with more digits begin as 20240131 does
MONTH = re.compile(r"\d\d?\.\d{4}|\d{4}\.\d\d", re.ASCII)  # may be a number as well
HOUR = 3_600_000_000  # microseconds
CLOCK = re.compile(
    r"(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,9}))?)?"  # hours, minutes, seconds, fraction
    r"\s*(?:([ap])\.?m\b\.?)?"
    r"\s*(z\b|(?:utc|gmt)?\s?[+-]\d\d?(?::?\d\d)?\b|[a-z]{3,4}\b)?"  # time zone
    r"(?:\s*[(\[][a-z /_]+[)\]])?(.*)",  # its name; the rest belongs to the date
    re.ASCII,
)
# Hours from UTC, for columns in which the zone changes with daylight saving time.
ZONES = {"z": 0, "utc": 0, "gmt": 0, "bst": 1, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "est": -5,
         "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip


class Reading(NamedTuple):
    """One way of reading a column of dates."""

    dates: np.ndarray  # (N,) of datetime64[us], not-a-time where a cell does not fit
    form: str  # of the days, as pandas writes it

    @property
    def fits(self):
        """Whether every cell is such a date."""
        return not np.isnat(self.dates).any()

    @property
    def likely(self):
        """Whether it fits and all years are plausible, as required of a number that may be a date."""
        return self.fits and bool((self.dates >= YEARS[0]).all() and (self.dates < YEARS[1]).all())

    @property
    def dayfirst(self):
        """Whether the day stands before the month; None if nobody could doubt it, "no" if the year is first."""
        return {"%d-%m": True, "%d%m": True, "%m-%d": False, "%m%d": False, "%y-%m": "no", "%y%m": "no"}.get(
            self.form[: 5 if "-" in self.form else 4]
        )


def readings(cells):
    """Every `Reading` of a list of texts that fits at least one of them, starting with the best fit.

    Names of months are English, and years of two digits mean 1969 to 2068. Times with one and the same offset from
    UTC stay as written. If offsets differ, times are converted to UTC, unless all of them are midnight.
    """
    if ISO.fullmatch(cells[0]) and len(set(map(len, cells))) == 1:  # the usual case, much faster
        dates = pd.to_datetime(pd.Series(cells), format="ISO8601", errors="coerce").to_numpy("datetime64[us]")
        if not np.isnat(dates).any():
            return [Reading(dates, "%Y-%m-%d")]
    if SPAN.fullmatch(cells[0]):
        cells = [span[1] or span[2] if (span := SPAN.fullmatch(cell)) else cell for cell in cells]
    days, clocks = zip(*map(_day_and_clock, cells), strict=True)
    clock_of, clocks = pd.factorize(np.array(clocks, object))
    times, rests = read_clocks(clocks)
    if any(rests):
        days = [f"{day} {rests[k]}" for day, k in zip(days, clock_of, strict=True)]
    day_of, days = pd.factorize(np.array(days, object))
    forms = _forms(list(map(_normal, days[:: max(1, len(days) // 50)])))
    days = list(map(_normal, days)) if forms else []
    midnights = [pd.to_datetime(days, format=form, errors="coerce").to_numpy("datetime64[us]") for form in forms]
    possible = [Reading(each[day_of] + times[clock_of], form) for each, form in zip(midnights, forms, strict=True)]
    return sorted(possible, key=lambda reading: np.isnat(reading.dates).sum())


def numeric_readings(cells):
    """Every `Reading` of numbers as dates: years, days such as 20240131, months such as 01.2024, time since 1970."""
    digits, sizes = all(map(str.isdecimal, cells)), set(map(len, cells))
    possible = []
    if all(map(MONTH.fullmatch, cells)) or (digits and len(sizes) == 1 and readings(cells[:50])):
        possible = [reading for reading in readings(cells) if reading.likely or (sizes == {4} and reading.fits)]
    times = to_float(cells)
    for unit in EPOCH_UNITS:
        if EPOCH_SECONDS[0] * unit <= times.min() and times.max() < EPOCH_SECONDS[1] * unit:
            since = np.rint(times * (1_000_000 / unit))
            if digits:  # perhaps more than a float can hold
                since = np.array(cells, np.int64) // max(1, unit // 1_000_000) * max(1, 1_000_000 // unit)
            possible.append(Reading(since.astype("datetime64[us]"), "since 1970"))
    return possible


def one_way(dates):
    """Whether dates strictly increase or strictly decrease."""
    between = np.diff(dates).astype(np.int64)
    return bool((between > 0).all() or (between < 0).all())


def is_clock(cells):
    """Whether each of some cells is a time of day and nothing else."""
    if not cells or not all(re.match(r"\d\d?:", cell) for cell in cells):
        return False
    times, rests = read_clocks(sorted(set(cells)))
    return not np.isnat(times).any() and not any(rests)


def read_clocks(texts):
    """Times of day, and what follows each time in its text.

    An empty text is midnight. If zones differ and not all times are midnight, times are converted to UTC.

    Returns
    -------
    times : (N,) array of timedelta64[us]
        Since midnight; not-a-time where a text is no time.
    rests : list of str
    """
    times, zones, rests = zip(*map(_clock, texts), strict=True)
    times = np.array(times, np.float64)
    if len(set(zones)) > 1 and np.nansum(times):
        hours = pd.Series([ZONES.get(zone, zone) for zone in zones], dtype=object)
        times -= HOUR * pd.to_numeric(hours, errors="coerce").to_numpy(np.float64)
    return pd.to_timedelta(times, unit="us").to_numpy("timedelta64[us]"), list(rests)


def _clock(text):
    """Microseconds since midnight or None, the zone (hours from UTC, a name or None), and the text after it."""
    match = CLOCK.fullmatch(text.strip().lower())
    if not match:
        return None if text else 0, None, ""
    hour, minute, second = (int(match[k] or 0) for k in (1, 2, 3))
    fraction, half, zone, rest = match.groups()[3:]
    if zone and zone.isalpha() and zone not in ZONES:  # a word that belongs to the date
        zone, rest = None, f"{zone} {rest}"
    if half and not 1 <= hour <= 12:
        return None, None, rest
    if half:
        hour = hour % 12 + 12 * (half == "p")
    time = hour * HOUR + minute * HOUR // 60 + second * HOUR // 3600 + int((fraction or "0").ljust(6, "0")[:6])
    if time > 24 * HOUR:
        return None, None, rest
    if zone and not zone.isalpha():
        if match[3] is None and zone[0] == "-" and ":" in zone:
            return time, f"until {zone[1:]}", rest  # 12:00-13:00 may be a span of time as well
        sign, hours, minutes = re.search(r"([+-])(\d\d?):?(\d\d)?", zone).groups()
        zone = (int(hours) + int(minutes or 0) / 60) * (-1 if sign == "-" else 1)
    return time, zone, rest


def _day_and_clock(cell):
    """The text before the time of day, and the rest."""
    colon = cell.find(":")
    if colon < 1 or not cell[colon - 1].isdigit() or not cell[colon + 1 : colon + 2].isdigit():
        return cell, ""
    start = colon - 2 if cell[colon - 2 : colon - 1].isdigit() else colon - 1
    if cell[start - 1 : start].isdigit():  # 01JAN2020:12:30:00
        return cell[:colon], cell[colon + 1 :]
    return cell[:start], cell[start:]


def _forms(days):
    """The formats that fit at least one of some days, as they come from `_normal`."""
    forms = FORMS
    if all(map(str.isdecimal, days)):
        sizes = set(map(len, days))
        forms = DIGITS.get(sizes.pop(), ()) if len(sizes) == 1 else ()
    return [form for form in forms if pd.to_datetime(days, format=form, errors="coerce").notna().any()]


def _normal(day):
    """A day in lower case, with months as numbers after an "m", and "-" between its parts."""
    day = WEEKDAY.sub(" ", day.lower().translate({ord("年"): "-", ord("月"): "-", ord("日"): " "})).strip(" []()")
    for label, rewritten in LABELS:
        match = re.fullmatch(label, day)
        if match:
            return rewritten(*match.groups())
    day = WORD.sub(lambda word: f"-m{NAMED[word[0]]}-" if word[0] in NAMED else word[0], day)
    day = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|(?<=\d)t$", "", day)
    day = re.sub(r"(?:[\s/.,_'-]|(?<=\d)t(?=\d))+", "-", day).strip("-")
    return day.replace("-", "") if re.fullmatch(r"\d{8}-\d{2,6}", day) else day
