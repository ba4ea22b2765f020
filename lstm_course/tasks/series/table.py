"""The table in a CSV file: the names of its columns, and the rows below titles and above totals."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from .column_names import is_time, listed
from .csv_file import SAMPLE, read_cells
from .numbers import is_missing, mostly_numbers

TOTALS = re.compile(r"(grand |sub)?totals?|sums?|summe|gesamt|insgesamt|average|mean|mittelwert", re.IGNORECASE)


class Table(NamedTuple):
    """Rows of text below the names of their columns."""

    names: tuple  # those in the file, or "column 1" and so on
    cells: np.ndarray  # (N, K) of str
    lines: np.ndarray  # (N,) line of the file in which each row ends, counted from 1
    separator: str
    blank: int  # line of a blank row between the others, where a value may be missing; 0 if there is none
    notes: tuple  # sentences about rows that were left out

    def column(self, place):
        """A column as a Series of text that has its name, indexed by lines."""
        return pd.Series([cell.strip() for cell in self.cells[:, place]], self.lines, object, self.names[place])

    def sample(self, place):
        """Up to 400 cells of a column, from top to bottom, without missing values."""
        cells = (cell.strip() for cell in self.cells[:: max(1, len(self.cells) // SAMPLE), place])
        return [cell for cell in cells if not is_missing(cell)]

    def place(self, argument, name):
        """The position of the column that the caller named in `argument`."""
        if str(name) not in self.names:
            raise ValueError(f"{argument}: wanted one of the columns {listed(self.names)}, got {name!r}")
        if self.names.count(str(name)) > 1:
            raise ValueError(f"{argument}: wanted a column with a name of its own, got {name!r}, which stands twice")
        return self.names.index(str(name))


def read_table(path, wanted=frozenset(), decimal=None):
    """Read the `Table` of a CSV file.

    The lines above the rows may hold titles, comments, names and units; only the names are kept. Totals and remarks
    below the rows are left out, and noted. The row that has all `wanted` names is the one with the names.
    """
    text, sizes, lines, separator, width = read_cells(path, decimal)
    filled = text != ""
    if not filled.any():
        raise ValueError(f"path: wanted a CSV file, got {path}, which has no rows")
    while width > 1 and not any(cell.strip() for cell in text[sizes >= width, width - 1]):
        width -= 1  # columns at the end that are always empty
    sizes[(sizes > width) & ~filled[:, width:].any(axis=1)] = width
    rows = _Rows(path, text, sizes, lines, separator, width, _written(text, sizes, width))
    names, begin = _names(rows, wanted)
    end, notes = _end(rows, begin)
    full = filled[begin:end].any(axis=1) | (sizes[begin:end] > 0 if width == 1 else False)
    kept = begin + np.flatnonzero(full)
    if not len(kept):
        raise ValueError(f"path: wanted a CSV file with values, got {path}, which has no rows of values")
    uneven = kept[sizes[kept] != width]
    if len(uneven):
        k = uneven[0]
        like = f"{width} cells in each line, as in line {lines[kept[0] if k > kept[0] else kept[-1]]}"
        raise ValueError(f"path: wanted {like}, got {sizes[k]} in line {lines[k]} of {path}")
    for k in kept[np.diff(lines, prepend=0)[kept] > 1]:
        if any("\n" in cell and (width == 1 or separator in cell) for cell in text[k]):
            came = f"{path}, in which a quotation mark encloses several lines, up to line {lines[k]}"
            raise ValueError(f"path: wanted a line for each row, got {came}")
    empty = begin + np.flatnonzero(~full & ((sizes[begin:end] > 0) != (width == 1)))
    blank = int(lines[empty[0]]) if 0 < len(empty) < len(kept) - 1 else 0  # one after each row is a way of writing
    names = tuple(name or f"column {number}" for number, name in enumerate(names, 1))
    table = Table(names, text[kept, :width], lines[kept], separator, blank, notes)
    if width == 1 and table.sample(0) and not mostly_numbers(table.sample(0)):
        cells = "cells separated by commas, semicolons, tabs or bars, or one number in each line"
        raise ValueError(f"path: wanted {cells}, got {table.cells[0, 0]!r} in line {table.lines[0]} of {path}")
    return table


class _Rows(NamedTuple):
    """All rows of a file, and how the cells of its columns of numbers and dates are written."""

    path: object
    text: np.ndarray
    sizes: np.ndarray
    lines: np.ndarray
    separator: str
    width: int
    written: dict

    def row(self, k):
        return [cell.strip() for cell in self.text[k, : self.sizes[k]]]

    def holds_value(self, k):
        """Whether any cell is written as those below it."""
        row = self.row(k)
        return any(_pattern(row[place]) in known for place, known in self.written.items() if place < len(row))

    def holds_only_values(self, k):
        """Whether each cell is written as those below it, or missing."""
        row = self.row(k)
        fitting = (_pattern(row[place]) in known or is_missing(row[place]) for place, known in self.written.items())
        return len(row) == self.width and all(fitting) and self.holds_value(k)


def _written(text, sizes, width):
    """For each column with digits in most of its cells, the patterns of these cells."""
    text, sizes = text[len(text) // 2 :], sizes[len(text) // 2 :]
    text = text[(sizes == width) & (text != "").any(axis=1)]
    written = {}
    for place in range(width):
        cells = [cell.strip() for cell in text[:: max(1, len(text) // SAMPLE), place]]
        known = [_pattern(cell) for cell in cells if not is_missing(cell) and not TOTALS.fullmatch(cell)]
        if known and 2 * sum(map(bool, known)) >= len(known):
            written[place] = set(known) - {""}
    return written


def _pattern(cell):
    """A cell with 0 for its digits and "a" for its words, "0" for a number with its marks, "" without any digit."""
    cell = re.sub(r"(?<=\d)e(?=[+-]?\d)", "", cell, flags=re.IGNORECASE)
    if not re.search(r"\d", cell):
        return ""
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", cell)) if re.search(r"[^\W\d_]", cell) else "0"


def _names(rows, wanted):
    """The names of the columns, "" where there are none, and the position of the first row with values."""
    width, count = rows.width, len(rows.text)
    first = next((k for k in range(count) if rows.holds_only_values(k)), count)
    if first < count and rows.row(first) == ["", *map(str, range(width - 1))]:  # the names that pandas gives
        first += 1
    above = [k for k in range(first) if rows.sizes[k] == width and not all(map(is_missing, rows.row(k)))]
    named = [k for k in [*above, first] if k < count and wanted and wanted <= set(_cleaned(rows.row(k)))]
    if above and not named and wanted and all(re.fullmatch(r"column \d+", name) for name in wanted):
        return [""] * width, above[-1]
    if not above and not named:
        if first < count:
            _refuse_possible_names(rows, first, wanted)
        return [""] * width, first
    k = named[0] if named else max(above, key=lambda k: (*_likeness(rows, k), k)) if rows.written else above[0]
    names = _cleaned(rows.row(k))
    if not named and rows.holds_value(k) and all(names) and not any(map(is_time, names)):
        came = f"{listed(names)} in line {rows.lines[k]}, which may be names or values"
        raise ValueError(f"column: wanted the name of a column, as the first row of {rows.path} has {came}, got None")
    starts = (j for j in range(k + 1, count)
              if rows.holds_value(j) or (rows.sizes[j] and all(map(is_missing, rows.row(j)))))  # fmt: skip
    return names, next(starts, k + 1)


def _cleaned(row):
    """Names without line breaks and surplus spaces."""
    return [" ".join(cell.split()) for cell in row]


def _likeness(rows, k):
    """How much a row looks like the names of columns rather than a title or units; the larger, the more."""
    cells = rows.row(k)
    unit = any(re.fullmatch(r"[(\[].*[)\]]", cell) for cell in cells) or all(len(cell) <= 3 for cell in cells)
    return not rows.holds_value(k), len(set(cells) - {""}), any(map(is_time, cells)), not unit


def _refuse_possible_names(rows, first, wanted):
    """Refuse a first row of values that may hold the names."""
    row, line, width = rows.row(first), rows.lines[first], rows.width
    before = next((k for k in range(first - 1, -1, -1) if any(rows.row(k))), None)
    if before is not None and 1 < rows.sizes[before] != width:
        like = f"{width} cells in each line, as in line {line}"
        raise ValueError(f"path: wanted {like}, got {rows.sizes[before]} in line {rows.lines[before]} of {rows.path}")
    if before is not None and rows.separator == "," and width == 2 and all(map(str.isdigit, row)):
        came = f"{','.join(row)!r} in line {line}, which may be one number or two"
        raise ValueError(f"decimal: wanted the mark before decimals, got {came}; say decimal=',' or name a column")
    texts = [place for place in range(width) if place not in rows.written and row[place]]
    below = rows.text[first + 1 :][rows.sizes[first + 1 :] == width]
    unique = texts and not any((below[:, place] == row[place]).any() for place in texts)
    whole = all(row[place].isdecimal() for place in rows.written)
    if not wanted and (row == list(map(str, range(width))) or (unique and whole)):
        came = f"{listed(row)} in line {line}, which may be names or values"
        raise ValueError(f"column: wanted one of the columns {listed(row)}, or 'column 1' and on, got None with {came}")


def _end(rows, begin):
    """The position after the last row with values, and sentences about the rows below it."""
    notes, end = (), len(rows.text)
    usual = rows.row(begin + (end - begin) // 2) if begin < end else []
    while end > begin + 1:
        row = rows.row(end - 1)
        total = any(TOTALS.fullmatch(cell.strip(" :")) and cell not in usual for cell in row)
        remark = rows.width > 1 and not rows.holds_value(end - 1)
        if any(row) and not total and not remark:
            break
        if any(row):
            notes = (f"Line {rows.lines[end - 1]}, {next(filter(None, row))!r}, was left out.", *notes)
        end -= 1
    return end, notes
