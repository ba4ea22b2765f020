"""The cells of a CSV file, and what is written in them: numbers and dates, as spreadsheets here and there do."""

import csv
import datetime
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MISSING = {"", "-", ".", "?", "na", "n/a", "nan", "null", "none"}
DATE_FORMATS = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y-%m",
    "%Y/%m",
    "%m/%Y",
)
TIME_FORMATS = ("", " %H:%M", " %H:%M:%S")
NUMBER_LIKE_FORMATS = ("%Y", "%Y%m", "%Y%m%d", "%m.%Y")  # 2020 may be a year, and may be a value


@dataclass(frozen=True)
class Cells:
    """A table of text.

    Attributes
    ----------
    header : tuple of str
        The names of the columns; "column 1" and so on in a file without.
    rows : tuple of tuple of str
    lines : tuple of int
        In which line of the file each row ends, the first being 1.
    separator : str
    """

    header: tuple
    rows: tuple
    lines: tuple
    separator: str

    def column(self, place):
        """The cells of one column, from the top."""
        return [row[place] for row in self.rows]


def read_cells(path):
    """The cells of a file, separated by commas, semicolons or tabs; empty lines do not count.

    Raises
    ------
    ValueError
        If there is no such file, it is not text, has nothing in it, or a row has more or fewer cells than the first.
    """
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip()), None)
    if first is None:
        raise ValueError(f"path: wanted a CSV file, got {path}, which is empty")
    separator = ";" if ";" in first else "\t" if "\t" in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    rows, lines = [], []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append(tuple(cell.strip() for cell in row))
                lines.append(reader.line_num)
    except csv.Error as error:
        came = f"{path}, of which line {reader.line_num} is none ({error})"
        raise ValueError(f"path: wanted a CSV file, got {came}") from None
    for row, line in zip(rows, lines, strict=True):
        if len(row) != len(rows[0]):
            wanted = f"{len(rows[0])} cells in each line, as in line {lines[0]}"
            raise ValueError(f"path: wanted {wanted}, got {len(row)} in line {line} of {path}")
    if any(_begins_with_digit(cell) for cell in rows[0]):
        header = tuple(f"column {place}" for place in range(1, len(rows[0]) + 1))
    else:
        header, rows, lines = rows[0], rows[1:], lines[1:]
    if not rows:
        raise ValueError(f"path: wanted a CSV file with values, got {path}, which has one line")
    return Cells(header, tuple(rows), tuple(lines), separator)


def numbers(cells, separator):
    """What the cells of a column say as numbers.

    A comma stands before decimals where the cells are not separated by commas, or where no cell could mean
    thousands by it; ``1.234,5`` then is the number 1234.5. Else a comma marks thousands.

    Parameters
    ----------
    cells : list of str
    separator : str
        Of the file.

    Returns
    -------
    list
        For each cell a float, NaN where it is empty or says that a value is missing, or None if it is no number.
    """
    with_comma = [cell for cell in cells if "," in cell]
    thousands = all(re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", cell) for cell in with_comma)
    decimal_comma = bool(with_comma) and (separator != "," or not thousands)
    if any("." in cell[cell.rfind(",") :] for cell in with_comma):
        decimal_comma = False  # 1,234.5
    return [_number(cell, decimal_comma) for cell in cells]


def dates(cells, number_like=True):
    """What the cells of a column say as dates, in the one form that fits the most of them.

    Parameters
    ----------
    cells : list of str
    number_like : bool
        Whether a mere number, such as 2020 or 20200131, may be a date.

    Returns
    -------
    list of list
        One reading of the column, or two where it is not clear which is the day and which the month, as in
        01/02/2020. Each has for every cell a datetime, or None where the cell is no date of this form.
    """
    forms = [form + time for form in DATE_FORMATS for time in TIME_FORMATS]
    forms = [None, *forms, *(NUMBER_LIKE_FORMATS if number_like else ())]
    few = cells[:: max(1, len(cells) // 50)]
    fitting = {form: sum(_date(cell, form) is not None for cell in few) for form in forms}
    most = max(fitting.values())
    likely = [form for form in forms if fitting[form] == most] if most else forms[:1]
    readings = []
    for form in likely:
        reading = [_date(cell, form) for cell in cells]
        if reading not in readings:
            readings.append(reading)
    known = [sum(date is not None for date in reading) for reading in readings]
    return [reading for reading, count in zip(readings, known, strict=True) if count == max(known)]


def _text(path):
    try:
        raw = Path(path).read_bytes()
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"path: wanted a CSV file, got {path}, which cannot be read ({error})") from None
    if b"\0" in raw:
        advice = "save a spreadsheet as CSV first"
        raise ValueError(f"path: wanted a CSV file, got {path}, which is not text; {advice}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")  # what spreadsheets under Windows write, as far as it matters for numbers


def _begins_with_digit(cell):
    """Whether a cell of the first line is a number or a date, so that the line is no header."""
    return bool(re.match(r"[+-]?[.,]?\d", cell)) and not re.search(r"[^\W\d]{2}", cell)


def _number(cell, decimal_comma):
    if cell.lower() in MISSING:
        return np.nan
    if decimal_comma:
        cell = re.sub(r"(?<=\d)\.(?=\d{3}(\D|$))", "", cell).replace(",", ".")
    else:
        cell = re.sub(r"(?<=\d),(?=\d{3}(\D|$))", "", cell)
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", cell):
        return float(cell)
    return float(cell) if re.fullmatch(r"[+-]?inf(inity)?", cell, re.IGNORECASE) else None


def _date(cell, form):
    """The date of a cell; without a form, in any of ISO 8601 that has days. Times with a zone become UTC."""
    try:
        if form is not None:
            return datetime.datetime.strptime(cell, form)
        if not re.match(r"\d{4}-\d\d?-\d|\d{8}T", cell):
            return None  # a mere number
        date = datetime.datetime.fromisoformat(cell)
        return date.astimezone(datetime.UTC).replace(tzinfo=None) if date.tzinfo else date
    except (ValueError, OverflowError):
        return None
