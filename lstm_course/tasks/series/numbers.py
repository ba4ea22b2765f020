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
UNCLEAR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # thousands, or three decimals


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
    parsed = [_number(cell) or (("nan", None) if cell.lower() in absent else None) for cell in unique]
    known = [number for number in parsed if number and number[1] is not None]
    marks = _marks([text for text, _ in known], table, position, decimal, thousands)
    texts = pd.Series(_with_points([number[0] if number else "" for number in parsed], *marks), dtype=object)
    values = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64, copy=True)
    bad = np.isnan(values) & [number is None or number[1] is not None for number in parsed] | np.isinf(values)
    if bad.any():
        k = codes[np.flatnonzero(bad[codes])[0]]
        infinite = re.fullmatch(r"[+-]?(inf(inity)?|[\d.]+e\+?\d{3,})", texts[k] or unique[k], re.IGNORECASE)
        wanted = "finite numbers" if infinite else "numbers"
        if parsed[k] and not infinite:
            wanted += f" with {marks[0]!r} before decimals, as decimal= or the others say,"
        raise ValueError(f"column: wanted {wanted} in {name!r}, got {_first(cells, unique[k])}")
    if not known:
        raise ValueError(f"column: wanted numbers in {name!r}, got none")
    unit = known[0][1]
    for number, cell in zip(parsed, unique, strict=True):
        if number[1] not in (None, unit):
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


def _marks(texts, table, position, decimal, thousands):
    """The decimal and the thousands mark: those given, or those that some number shows."""
    if decimal or thousands in OTHER:
        decimal = decimal or OTHER[thousands]
        return decimal, thousands or OTHER[decimal]
    sure, unclear, everywhere = _evidence(texts)
    if unclear and not sure and thousands:  # these are marked in another way, so the marks are decimal
        sure = unclear
    elif len(unclear) == 1 and not sure:
        samples = (table.sample(k) for k, name in enumerate(table.names) if k != position and not is_time(name))
        numbers = [number[0] for cells in samples if mostly_numbers(cells) for number in map(_number, cells) if number]
        elsewhere = _evidence(numbers)[0]
        if elsewhere and (everywhere or elsewhere != unclear):
            sure = elsewhere
    if unclear and not sure:
        cells = table.column(position)
        cell, text = next((cell, number[0]) for cell, number in zip(cells, map(_number, cells), strict=True)
                          if number and UNCLEAR.fullmatch(number[0].strip("+-")))  # fmt: skip
        mark = "." if "." in text else ","
        raise ValueError(
            f"decimal: wanted the mark before decimals in {cells.name!r}, got {_first(cells, cell)}, which may be "
            f"{text.replace(mark, '')} or {text.replace(mark, '.')}; say thousands={mark!r} or decimal={mark!r}"
        )
    decimal = "," if sure == {","} else "."
    return decimal, OTHER[decimal]


def _evidence(texts):
    """The mark that must be decimal; if there is none, those that may be, and whether every number has one."""
    unclear, everywhere = set(), True
    for text in texts:
        marks = [character for character in text if character in OTHER]
        if not marks:
            everywhere = False
        elif len(marks) > 1 and len(set(marks)) == 1:
            return {OTHER[marks[0]]}, set(), True  # 1.234.567
        elif len(marks) > 1 or not UNCLEAR.fullmatch(text.strip("-+")):
            return {marks[-1]}, set(), True
        else:
            unclear.add(marks[0])
    return set(), unclear, everywhere


def _with_points(texts, decimal, thousands):
    """Numbers with a decimal point and without thousands marks; empty where the marks do not fit."""
    mark, point = re.escape(thousands), re.escape(decimal)
    groups = re.compile(rf"[+-]?\d{{1,3}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}(?:{point}[^{mark}]*|[eE].*)?")
    if any(thousands in text for text in texts):
        texts = [text if thousands not in text else text.replace(thousands, "") if groups.fullmatch(text) else ""
                 for text in texts]  # fmt: skip
    return texts if decimal == "." else [text.replace(decimal, ".") for text in texts]


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
