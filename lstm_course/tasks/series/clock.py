"""Times of day in texts, and the time zones that stand with them."""

import re

import numpy as np

HOUR = 3_600_000_000  # microseconds
NEVER = np.timedelta64("NaT", "us")
CLOCK = re.compile(
    r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?"  # hours, minutes, seconds, fraction
    r"\s*(?:([ap])\.?m\b\.?)?"
    r"\s*(z\b|(?:utc|gmt)?\s?[+-]\d\d?(?::?\d\d)?\b|[a-z]{3,4}\b)?"  # zone
    r"(?:\s*[(\[][a-z /_]+[)\]])?(.*)",  # its name; what is left belongs to the date
    re.ASCII,
)
# Hours from UTC, for a column in which the names of zones differ as summer comes and goes.
ZONES = {"z": 0, "utc": 0, "gmt": 0, "bst": 1, "wet": 0, "west": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "est": -5,
         "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip


def split_clocks(cells):
    """What stands in each of some cells before the time of day, and the rest of each: two lists."""
    colon = cells[0].find(":")
    usual = cells[0][max(0, colon - 3) : colon]  # hours of two digits, or of one after a space
    if colon > 2 and re.fullmatch(r"\D\d\d|. \d", usual) and all(cell.find(":") == colon for cell in cells):
        return [cell[: colon - 2] for cell in cells], [cell[colon - 2 :] for cell in cells]  # a quicker way to the same
    days, clocks = zip(*map(_split, cells), strict=True)
    return list(days), list(clocks)


def _split(cell):
    colon = cell.find(":")
    if colon < 1 or not cell[colon - 1].isdigit() or not cell[colon + 1 : colon + 2].isdigit():
        return cell, ""
    start = colon - 2 if cell[colon - 2 : colon - 1].isdigit() else colon - 1
    if cell[start - 1 : start].isdigit():  # 01JAN2020:12:30:00
        return cell[:colon], cell[colon + 1 :]
    return cell[:start], cell[start:]


def is_clock(cells):
    """Whether each of some cells is a time of day and nothing else."""
    if not cells or not all(re.match(r"\d\d?:", cell) for cell in cells):
        return False
    times, rests = read_clocks(sorted(set(cells)))
    return not np.isnat(times).any() and not any(rests)


def read_clocks(texts):
    """Times of day.

    Parameters
    ----------
    texts : sequence of str
        Each a time, or empty for midnight.

    Returns
    -------
    times : (N,) array of timedelta64[us]
        Since midnight; in UTC if zones differ and not all times are midnight. Not-a-time where a text is no time.
    rests : list of str
        What stands after each.
    """
    clocks = [_clock(text) for text in texts]
    times = np.array([NEVER if time is None else time for time, _, _ in clocks], "timedelta64[us]")
    zones = [zone for _, zone, _ in clocks]
    if len(set(zones)) > 1 and any(time for time, _, _ in clocks):
        hours = [ZONES.get(zone, zone) for zone in zones]
        known = [isinstance(hour, (int, float)) for hour in hours]
        times -= np.array([round(hour * HOUR) if sure else NEVER for hour, sure in zip(hours, known, strict=True)],
                          "timedelta64[us]")  # fmt: skip
    return times, [rest for _, _, rest in clocks]


def _clock(text):
    """Microseconds since midnight, the zone (hours from UTC, a name or None), and what stands after it."""
    if not text:
        return 0, None, ""
    found = CLOCK.fullmatch(text.strip().lower())
    if not found:
        return None, None, ""
    hour, minute, second = (int(found[k] or 0) for k in (1, 2, 3))
    half, zone, rest = found[5], found[6], found[7]
    if zone and zone.isalpha() and zone not in ZONES:  # a word that belongs to the date
        zone, rest = None, f"{zone} {rest}"
    time = hour * HOUR + minute * HOUR // 60 + second * HOUR // 3600 + int((found[4] or "0").ljust(6, "0")[:6])
    if minute > 59 or second > 59 or time > 24 * HOUR or (half and not 1 <= hour <= 12):
        return None, None, rest
    if half:
        time += {("a", True): -12, ("p", False): 12}.get((half, hour == 12), 0) * HOUR
    if zone and not zone.isalpha():
        if found[3] is None and zone[0] == "-" and ":" in zone:
            return time, f"until {zone[1:]}", rest  # 12:00-13:00 is a span of time as well
        sign, hours, minutes = re.search(r"([+-])(\d\d?):?(\d\d)?", zone).groups()
        zone = (int(hours) + int(minutes or 0) / 60) * (-1 if sign == "-" else 1)
    return time, zone, rest
