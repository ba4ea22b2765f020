"""Numbers as people and programs write them: marks for decimals and thousands, units, missing values."""

import re

import numpy as np
import pandas as pd

from .column_names import is_time

MISSING = {"", "-", "--", "–", "—", ".", "..", "...", "?", ":", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan",
           "null", "none", "nil", "missing"}  # fmt: skip
OTHER = {".": ",", ",": "."}  # of the two marks
ALIKE = str.maketrans({"−": "-", "–": "-", "‐": "-", "－": "-", "’": "'", "ʼ": "'", "`": "'", "´": "'",
                       **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000", " ")})  # fmt: skip
CURRENCY = r"[A-Z]{0,2}[$€£¥₹₩₽₺₴₪฿₫]|EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|BRL|kr\.?|zł|Kč|Fr\.?"
NUMBER = (  # with thousands marks, which Indian numbers set after every two digits; or with one mark
    r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d*)?|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?|\d{1,3}(?:\.\d{3})+(?:,\d*)?"
    r"|\d+[.,]?\d*|[.,]\d+"
)
FORM = re.compile(
    rf"(?P<open>\(?)(?P<sign>[+-]?) ?(?P<before>{CURRENCY})? ?(?P<also>[+-]?)(?P<number>{NUMBER})"
    rf"(?P<power>[eE][+-]?\d+)? ?(?P<after>{CURRENCY}|[%‰])?(?P<minus>-?)(?P<close>\)?)",
    re.ASCII,
)
PLAIN = re.compile(  # a number from which `FORM` would remove nothing; matches five times as fast
    r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)(?:[eE][+-]?\d+)?", re.ASCII
)
LIMITS = {2**15 - 1, 2**15, 2**31 - 1, 2**31}  # of integer types; they stand for missing values as -9999 does


def is_missing(cell):
    """Whether a cell is empty or one of the usual texts for a missing value."""
    return cell.strip().lower() in MISSING


def mostly_numbers(cells):
    """Whether at least half of some cells, none of them missing, are numbers."""
    return len(cells) > 0 and 2 * sum(_number(cell) is not None for cell in cells) >= len(cells)


def to_float(cells):
    """Plain numbers as floats, a comma being a decimal mark; NaN for anything else."""
    cells = pd.Series(cells, dtype=object).str.replace(",", ".", regex=False)
    return pd.to_numeric(cells, errors="coerce").to_numpy(np.float64)


def read_numbers(table, position, decimal=None, thousands=None, missing=None):
    """The values of a column, NaN where one is missing, and their unit: a currency, a percent sign or "".

    A decimal or thousands mark that is not given has to be evident from some number. `missing` is a tuple of texts
    and numbers that stand for a missing value besides `MISSING`; an empty one says that there are none.
    """
    cells = table.column(position)
    name = cells.name
    codes, unique = pd.factorize(cells.to_numpy(object))
    absent = MISSING | {str(text).lower() for text in missing or ()}
    numbers = [_number(cell) or ("", None) for cell in unique]
    texts, units = zip(*numbers, strict=True)
    values, mark = _read_marked(texts, table, position, decimal, thousands)
    gaps = np.array([unit is None and cell.lower() in absent for cell, unit in zip(unique, units, strict=True)])
    bad = ~gaps & ~np.isfinite(values)
    if bad.any():
        k = codes[bad[codes].argmax()]
        wanted = "numbers"
        if units[k] is not None:
            wanted = f"numbers with {mark!r} before decimals, as decimal= or the others say,"
        if re.fullmatch(r"[+-]?(inf(inity)?|[\d.]+e\+?\d{3,})", texts[k] or unique[k], re.IGNORECASE):
            wanted = "finite numbers"
        raise ValueError(f"column: wanted {wanted} in {name!r}, got {_first(cells, unique[k])}")
    if gaps.all():
        raise ValueError(f"column: wanted numbers in {name!r}, got none")
    unit = units[gaps.argmin()]
    for cell, other in zip(unique, units, strict=True):
        if other not in (None, unit):
            got = f"{_first(cells, cell)} beside {unit or 'numbers without'}"
            raise ValueError(f"column: wanted one unit in {name!r}, got {got}")
    stand_ins = pd.to_numeric(pd.Series(list(missing or ()), dtype=object), errors="coerce")
    values = pd.Series(np.where(np.isin(values, stand_ins), np.nan, values)[codes], cells.index, name=name)
    if missing != () and values.notna().any():
        _refuse_stand_in(values)
    return values.to_numpy(), unit


def _first(cells, cell):
    """A cell and its line, for a sentence."""
    return f"{cell!r} in line {cells.index[(cells == cell).argmax()]}"


def _number(cell):
    """The number in a cell and its unit, or None: a minus stands in front, and no spaces between thousands."""
    if PLAIN.fullmatch(cell):
        return cell, ""
    match = FORM.fullmatch(cell.translate(ALIKE))
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    minus = (match["sign"] + match["also"] + match["minus"]).replace("+", "") + "-" * bool(match["open"])
    before, after = match["before"] or "", match["after"] or ""
    if len(minus) > 1 or (before and after):
        return None
    return minus + re.sub("[ ']", "", match["number"]) + (match["power"] or ""), before or after


def _read_marked(texts, table, position, decimal, thousands):
    """The values of texts, and the mark before decimals: the one given, or the only one with which all can be read.

    Texts are read with either mark. If both readings succeed and differ, the other columns may settle the question.
    """
    marks = decimal or (OTHER[thousands] if thousands in OTHER else ".,")
    grouped = thousands is None or thousands in OTHER
    readings = {mark: _values(texts, mark, grouped) for mark in marks}
    fitting = {mark: ~np.isnan(values) | np.array([not text for text in texts]) for mark, values in readings.items()}
    if len(marks) > 1 and all(fits.all() for fits in fitting.values()):
        differing = np.flatnonzero(np.nan_to_num(readings["."]) != np.nan_to_num(readings[","]))
        if len(differing):
            mark = _mark_elsewhere(texts, table, position, grouped)
            if not mark:
                raise _unclear(texts[differing[0]], table.column(position))
            return readings[mark], mark
    mark = max(marks, key=lambda mark: np.append(fitting[mark], False).argmin())  # that of the first clear number
    return readings[mark], mark


def _values(texts, decimal, grouped=True):
    """Numbers with this mark before decimals and, if `grouped`, the other between thousands; NaN for other texts."""
    other = OTHER[decimal]
    groups = re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:[{other}]\d{{2,3}})*[{other}]\d{{3}}(?:[{decimal}][^{other}]*)?")
    texts = [text if other not in text else text.replace(other, "") if grouped and groups.fullmatch(text) else ""
             for text in texts]  # fmt: skip
    points = pd.Series(texts, dtype=object).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(points, errors="coerce").to_numpy(np.float64)


def _mark_elsewhere(texts, table, position, grouped):
    """The mark before decimals that other columns show, if it can be that of these texts as well."""
    samples = (table.sample(k) for k, name in enumerate(table.names) if k != position and not is_time(name))
    others = [number[0] for cells in samples if mostly_numbers(cells) for number in map(_number, cells) if number]
    shown = [mark for mark in OTHER if not np.isnan(_values(others, mark, grouped)).any()]
    used = [set(text) & set(OTHER) for text in texts if text]
    # 1.020 beside 980 has no decimals, although other columns have them.
    if len(shown) == 1 and len(set.union(*used)) == 1 and (all(used) or shown[0] not in set.union(*used)):
        return shown[0]
    return None


def _unclear(text, cells):
    """The error about a number that may have thousands or decimals."""
    cell = next(cell for cell in cells if (_number(cell) or ("",))[0] == text)
    mark = "." if "." in text else ","
    either = f"{text.replace(mark, '')} or {text.replace(mark, '.')}"
    return ValueError(
        f"decimal: wanted the mark before decimals in {cells.name!r}, got {_first(cells, cell)}, "
        f"which may be {either}; say thousands={mark!r} or decimal={mark!r}"
    )


def _refuse_stand_in(values):
    """Refuse a number such as -9999, far from all others, that probably stands for a missing value."""
    known = np.unique(values.dropna())
    for value, rest in ((known[0], known[1:]), (known[-1], known[:-1])):
        if not len(rest) or abs(value) < 99:
            continue
        distance, spread = np.abs(rest - value).min(), np.ptp(rest)
        alone = value < 0 <= rest.min()
        usual = (set(f"{abs(value):.10g}") <= {"9", "."} or abs(value) in LIMITS) and (alone or distance > spread)
        again, absurd = alone and (values == value).sum() > 1, distance > 1e6 * np.abs(rest).max()
        if usual or again or absurd:
            got = f"{value:g} in line {(values == value).idxmax()}, which is far from all others"
            raise ValueError(
                f"missing: wanted to know what stands for a missing value in {values.name!r}, got {got}; "
                f"say missing={value:g} if that does, or missing=() if it was measured"
            )
