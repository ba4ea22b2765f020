"""What the name of a column says: whether it holds times, and which part of a date."""

import re

# Columns of these names hold dates; those of CLOCKS may as well hold the time since a beginning.
DATES = {"date", "dates", "datum", "datetime", "date time", "fecha", "period", "when", "zeitpunkt", "zeitstempel", "ds"}
CLOCKS = {"time", "zeit", "uhrzeit", "timestamp", "time stamp", "elapsed", "elapsed time", "epoch", "unix", "unix time",
          "unixtime", "millis", "t", "ts"}  # fmt: skip
PARTS = {
    "year": {"year", "years", "yr", "yyyy", "jahr", "año", "année"},
    "month": {"month", "months", "monat", "mes", "mois"},
    "day": {"day", "days", "tag", "dom", "día", "jour"},
    "hour": {"hour", "hours", "hr", "stunde", "std", "hora", "heure"},
    "minute": {"minute", "minutes"},
    "second": {"second", "seconds"},
    "quarter": {"quarter", "quarters", "qtr", "quartal"},
    "week": {"week", "weeks", "kw", "woche", "isoweek", "iso week", "yearweek", "year week"},
    "day of year": {"doy", "yday", "dayofyear", "day of year"},
}
SHORT = {"year": {"yy", "y"}, "month": {"mo", "mon", "mm", "m"}, "day": {"dd", "d"}, "hour": {"hh", "h"},
         "minute": {"min", "mi"}, "second": {"sec", "ss", "s"}, "quarter": {"q"}, "week": {"wk", "w"}}  # fmt: skip
UNIT = re.compile(r"[(\[{].*?[)\]}]|[-_ ](utc|gmt|local|s|sec|seconds|ms|us|ns|h|hours|min|minutes|days)$")


def plain(name):
    """A name in small letters, without a unit, and with spaces for marks.

    Examples
    --------
    >>> plain("Elapsed_Time [s]")
    'elapsed time'
    """
    return " ".join(re.split(r"[\W_]+", UNIT.sub("", name.strip().lower()))).strip()


def is_time(name):
    """Whether the column of this name is one of times, and not of values."""
    name = plain(name)
    return name in DATES | CLOCKS or name.endswith((" date", " timestamp")) or part(name) is not None


def part(name, short=False):
    """Which part of a date the column of this name holds, or None.

    Parameters
    ----------
    name : str
    short : bool
        Whether ``m`` and the like are enough, as they are where the caller has said that it is a part of a date.
    """
    name = plain(name)
    for known in (PARTS, SHORT) if short else (PARTS,):
        for kind, names in known.items():
            if name in names:
                return kind
    return None
