"""What the name of a column reveals: whether it holds times, and which part of a date."""

import re

# Columns with these names hold dates; those in CLOCKS may also hold the time since a start.
DATES = {"date", "dates", "datum", "datetime", "date time", "fecha", "period", "when", "zeitpunkt", "zeitstempel", "ds"}
CLOCKS = {"time", "zeit", "uhrzeit", "timestamp", "time stamp", "elapsed", "elapsed time", "epoch", "unix", "unix time",
          "unixtime", "millis", "t", "ts"}  # fmt: skip
PARTS = {
    "year": "year years yr yyyy jahr año année",
    "month": "month months monat mes mois",
    "day": "day days tag dom día jour",
    "hour": "hour hours hr stunde std hora heure",
    "minute": "minute minutes",
    "second": "second seconds",
    "quarter": "quarter quarters qtr quartal",
    "week": "week weeks kw woche isoweek iso_week yearweek year_week",
    "day of year": "doy yday dayofyear day_of_year",
}
SHORT = {"year": "yy y", "month": "mo mon mm m", "day": "dd d", "hour": "hh h", "minute": "min mi",
         "second": "sec ss s", "quarter": "q", "week": "wk w"}  # fmt: skip
PART_OF, SHORT_PART_OF = (
    {name.replace("_", " "): part for part, names in table.items() for name in names.split()}
    for table in (PARTS, SHORT)
)
UNIT = re.compile(r"[(\[{].*?[)\]}]|[-_ ](utc|gmt|local|s|sec|seconds|ms|us|ns|h|hours|min|minutes|days)$")
LISTED = 12  # names quoted in a sentence at most


def plain(name):
    """A name in lower case, without a unit, and with spaces in place of punctuation.

    Examples
    --------
    >>> plain("Elapsed_Time [s]")
    'elapsed time'
    """
    return " ".join(re.split(r"[\W_]+", UNIT.sub("", name.strip().lower()))).strip()


def is_time(name):
    """Whether a column with this name holds times rather than values."""
    name = plain(name)
    return name in DATES | CLOCKS or name.endswith((" date", " timestamp")) or part(name) is not None


def part(name, short=False):
    """The part of a date in a column with this name, or None; `short` accepts abbreviations such as ``m``."""
    name = plain(name)
    return PART_OF.get(name) or (SHORT_PART_OF.get(name) if short else None)


def listed(names):
    """Names quoted for a sentence; a long list is cut short."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(repr, names[:LISTED])) + more
