"""What the cells of a column say as numbers, in the ways that people and programs write them."""

import re

import numpy as np

from .names import is_time

MISSING = {"", "-", "--", "–", "—", ".", "..", "...", "?", ":", "na", "n/a", "#n/a", "#na", "<na>", "nan", "-nan",
           "null", "none", "nil", "missing"}  # fmt: skip
MARKS = {".", ","}
ALIKE = str.maketrans({"−": "-", "–": "-", "‐": "-", "－": "-", "’": "'", "ʼ": "'", "`": "'", "´": "'",
                       **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000", " ")})  # fmt: skip
CURRENCY = r"[A-Z]{0,2}[$€£¥₹₩₽₺₴₪฿₫]|EUR|USD|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|BRL|kr\.?|zł|Kč|Fr\.?"
NUMBER = (  # with marks between thousands, of which Indian numbers have one for two digits; or with one mark
    r"\d{1,3}(?:[ ']\d{3})+(?:[.,]\d*)?|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?|\d{1,3}(?:\.\d{3})+(?:,\d*)?"
    r"|\d+[.,]?\d*|[.,]\d+"
)
FORM = re.compile(
    rf"(?P<open>\(?)(?P<sign>[+-]?) ?(?P<before>{CURRENCY})? ?(?P<also>[+-]?)(?P<number>{NUMBER})"
    rf"(?P<power>[eE][+-]?\d+)? ?(?P<after>{CURRENCY}|[%‰])?(?P<minus>-?)(?P<close>\)?)",
    re.ASCII,
)
PLAIN = re.compile(  # nothing that `FORM` would have to take away; matched in a fifth of its time
    r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+|\d{1,3}(?:,\d{3})+(?:\.\d*)?)(?:[eE][+-]?\d+)?", re.ASCII
)
LIMITS = {2**15 - 1, 2**15, 2**31 - 1, 2**31}  # of whole numbers; they stand for missing values as -9999 does
UNCLEAR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # may be thousands or three decimals


def mostly(cells):
    """Whether at least half of some cells, none of them missing, are numbers."""
    return bool(cells) and 2 * sum(_clean(cell) is not None for cell in cells) >= len(cells)


def read(table, place, decimal=None, thousands=None, missing=None):
    """The values of a column, and the unit that stands with each.

    Parameters
    ----------
    table : Table
    place : int
        Of the column.
    decimal, thousands : str, optional
        The marks before decimals and between thousands. Where they are not given, some number must show them.
    missing : tuple of str, optional
        What stands for a missing value besides `MISSING`; an empty one says that nothing else does.

    Returns
    -------
    values : (N,) array
        NaN where one is missing.
    unit : str
        A currency or a percent sign, else empty.

    Raises
    ------
    ValueError
        If a cell is no finite number, units differ, a mark may stand for thousands or decimals, or a number seems
        to stand for a missing value.
    """
    import pandas as pd

    name, cells = table.names[place], table.column(place)
    codes, unique = pd.factorize(np.array(cells, object))
    absent = MISSING | {str(text).lower() for text in missing or ()}
    cleaned = [_clean(cell) or (("nan", None) if cell.lower() in absent else None) for cell in unique]
    known = [each for each in cleaned if each and each[1] is not None]
    marks = _marks([text for text, _ in known], table, place, decimal, thousands)
    texts = pd.Series(_pointed([each[0] if each else "" for each in cleaned], *marks), dtype=object)
    numbers = pd.to_numeric(texts, errors="coerce").to_numpy(np.float64, copy=True)
    bad = np.isnan(numbers) & [each is None or each[1] is not None for each in cleaned] | np.isinf(numbers)
    if bad.any():
        row = int(np.flatnonzero(bad[codes])[0])
        infinite = re.fullmatch(r"[+-]?(inf(inity)?|[\d.]+e\+?\d{3,})", texts[codes[row]] or cells[row], re.IGNORECASE)
        wanted = "finite numbers" if infinite else "numbers"
        if _clean(cells[row]) and not infinite:
            wanted += f" with {marks[0]!r} before decimals, as decimal= or the others say,"
        raise ValueError(f"column: wanted {wanted} in {name!r}, got {cells[row]!r} in line {table.lines[row]}")
    if not known:
        raise ValueError(f"column: wanted numbers in {name!r}, got none")
    for (_, unit), cell in zip(cleaned, unique, strict=True):
        if unit is not None and unit != known[0][1]:
            came = f"{cell!r} in line {table.lines[cells.index(cell)]} beside {known[0][1] or 'numbers without'}"
            raise ValueError(f"column: wanted one unit in {name!r}, got {came}")
    numbers[np.isin(numbers, pd.to_numeric(pd.Series(list(missing or ()), dtype=object), errors="coerce"))] = np.nan
    values = numbers[codes]
    if missing != () and not np.isnan(values).all():
        _refuse_stand_in(name, values, table)
    return values, known[0][1]


def _clean(cell):
    """The number in a cell, with a minus in front and without marks that can only mean thousands, and its unit."""
    if PLAIN.fullmatch(cell):
        return cell, ""
    found = FORM.fullmatch(cell.translate(ALIKE))
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    minus = (found["sign"] + found["also"] + found["minus"]).replace("+", "") + "-" * bool(found["open"])
    number, before, after = found["number"], found["before"] or "", found["after"] or ""
    if len(minus) > 1 or (before and after):
        return None
    return minus + re.sub("[ ']", "", number) + (found["power"] or ""), before or after


def _marks(texts, table, place, decimal, thousands):
    """The marks before decimals and between thousands, if they are given or some number shows them."""
    if decimal:
        return decimal, thousands or {".": ",", ",": "."}[decimal]
    if thousands in MARKS:
        return {".": ",", ",": "."}[thousands], thousands
    sure, unclear, everywhere = _evidence(texts)
    if unclear and not sure and thousands:  # which are marked otherwise
        sure = unclear
    elif len(unclear) == 1 and not sure:
        samples = (table.sample(k) for k, name in enumerate(table.names) if k != place and not is_time(name))
        numbers = [each[0] for cells in samples if mostly(cells) for each in map(_clean, cells) if each]
        elsewhere = _evidence(numbers)[0]
        # Three decimals in every number are a program's; beside whole numbers they may be thousands.
        pointed = unclear == {"."} and table.separator == ","
        if elsewhere == MARKS - unclear or (everywhere and (elsewhere == unclear or (pointed and not elsewhere))):
            sure = elsewhere or unclear
    if unclear and not sure:
        row, text = next((row, each[0]) for row, each in enumerate(map(_clean, table.column(place)))
                         if each and UNCLEAR.fullmatch(each[0].strip("+-")))  # fmt: skip
        mark = "." if "." in text else ","
        came = f"{table.rows[row][place].strip()!r} in line {table.lines[row]}"
        raise ValueError(
            f"decimal: wanted the mark before decimals in {table.names[place]!r}, got {came}, which may be "
            f"{text.replace(mark, '')} or {text.replace(mark, '.')}; say thousands={mark!r} or decimal={mark!r}"
        )
    decimal = "," if sure == {","} else "."
    return decimal, {".": ",", ",": "."}[decimal]


def _evidence(texts):
    """Which mark surely stands before decimals; if none does, which ones may, and whether every number has one."""
    unclear, everywhere = set(), True
    for text in texts:
        marks = [character for character in text if character in MARKS]
        if not marks:
            everywhere = False
        elif len(marks) > 1 and len(set(marks)) == 1:
            return MARKS - set(marks), set(), True  # 1.234.567
        elif len(marks) > 1 or not UNCLEAR.fullmatch(text.strip("-+")):
            return {marks[-1]}, set(), True
        else:
            unclear.add(marks[0])
    return set(), unclear, everywhere


def _pointed(texts, decimal, thousands):
    """Cleaned texts with a point before decimals and no marks between thousands; empty where these do not fit."""
    mark, point = re.escape(thousands), re.escape(decimal)
    groups = re.compile(rf"[+-]?\d{{1,3}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}(?:{point}[^{mark}]*|[eE].*)?")
    if any(thousands in text for text in texts):
        texts = [text if thousands not in text else text.replace(thousands, "") if groups.fullmatch(text) else ""
                 for text in texts]  # fmt: skip
    return texts if decimal == "." else [text.replace(decimal, ".") for text in texts]


def _refuse_stand_in(name, values, table):
    """Refuse a number such as -9999, far from all others, that is likely to say that a value is missing."""
    known = np.unique(values[~np.isnan(values)])
    for value, rest in ((known[0], known[1:]), (known[-1], known[:-1])):
        if not len(rest) or abs(value) < 99:
            continue
        distance, spread = np.abs(rest - value).min(), np.ptp(rest)
        alone = value < 0 <= rest.min()
        usual = (set(f"{abs(value):.10g}") <= {"9", "."} or abs(value) in LIMITS) and (alone or distance > spread)
        again, absurd = alone and (values == value).sum() > 1, distance > 1e6 * np.abs(rest).max()
        if usual or again or absurd:
            line = table.lines[int(np.flatnonzero(values == value)[0])]
            came = f"{value:g} in line {line}, which is far from all others"
            raise ValueError(
                f"missing: wanted to know what stands for a missing value in {name!r}, got {came}; "
                f"say missing={value:g} if that does, or missing=() if it was measured"
            )
