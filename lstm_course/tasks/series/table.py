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

    def column(self, position):
        """A column as a Series of text that has its name, indexed by lines."""
        return pd.Series([cell.strip() for cell in self.cells[:, position]], self.lines, object, self.names[position])

    def sample(self, position):
        """Up to 400 cells of a column, from top to bottom, without missing values."""
        cells = (cell.strip() for cell in self.cells[:: max(1, len(self.cells) // SAMPLE), position])
        return [cell for cell in cells if not is_missing(cell)]

    def numeric(self):
        """The positions of the columns that hold numbers."""
        return [k for k in range(len(self.names)) if mostly_numbers(self.sample(k))]

    def position(self, argument, name):
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
    cells = read_cells(path, decimal)
    _, text, sizes, lines, separator, width = cells
    filled = text != ""
    if not filled.any():
        raise ValueError(f"path: wanted a CSV file, got {path}, which has no rows")
    while width > 1 and not any(cell.strip() for cell in text[sizes >= width, width - 1]):
        width -= 1  # columns at the end that are always empty
    sizes[(sizes > width) & ~filled[:, width:].any(axis=1)] = width
    cells = cells._replace(width=width)
    written = _written(cells)
    names, begin = _names(cells, written, wanted)
    end, notes = _end(cells, written, begin)
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
            got = f"{path}, in which a quotation mark encloses several lines, up to line {lines[k]}"
            raise ValueError(f"path: wanted a line for each row, got {got}")
    empty = begin + np.flatnonzero(~full & ((sizes[begin:end] > 0) != (width == 1)))
    blank = int(lines[empty[0]]) if 0 < len(empty) < len(kept) - 1 else 0  # one after each row is a way of writing
    names = tuple(name or f"column {number}" for number, name in enumerate(names, 1))
    table = Table(names, text[kept, :width], lines[kept], separator, blank, notes)
    if width == 1 and table.sample(0) and not table.numeric():
        like = "cells separated by commas, semicolons, tabs or bars, or one number in each line"
        raise ValueError(f"path: wanted {like}, got {table.cells[0, 0]!r} in line {table.lines[0]} of {path}")
    return table


def _written(cells):
    """For each column with digits in most of its cells, the patterns of these cells."""
    half = slice(len(cells.text) // 2, None)  # titles are rarer below the middle
    text = cells.text[half][(cells.sizes[half] == cells.width) & (cells.text[half] != "").any(axis=1)]
    written = {}
    for position in range(cells.width):
        column = [cell.strip() for cell in text[:: max(1, len(text) // SAMPLE), position]]
        known = [_pattern(cell) for cell in column if not is_missing(cell) and not TOTALS.fullmatch(cell)]
        if known and 2 * sum(map(bool, known)) >= len(known):
            written[position] = set(known) - {""}
    return written


def _pattern(cell):
    """A cell with 0 for its digits and "a" for its words, "0" for a number with its marks, "" without any digit."""
    cell = re.sub(r"(?<=\d)e(?=[+-]?\d)", "", cell, flags=re.IGNORECASE)
    if not re.search(r"\d", cell):
        return ""
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", cell)) if re.search(r"[^\W\d_]", cell) else "0"


def _holds_value(row, written):
    """Whether any cell of a row is written as those below it."""
    return any(_pattern(row[position]) in known for position, known in written.items() if position < len(row))


def _holds_only_values(row, written):
    """Whether each cell of a row is written as those below it, or missing."""
    fitting = (_pattern(row[position]) in known or is_missing(row[position]) for position, known in written.items())
    return all(fitting) and _holds_value(row, written)


def _names(cells, written, wanted):
    """The names of the columns, "" where there are none, and the position of the first row with values."""
    width, count, row = cells.width, len(cells.text), cells.row
    first = next((k for k in range(count) if len(row(k)) == width and _holds_only_values(row(k), written)), count)
    if first < count and row(first) == ["", *map(str, range(width - 1))]:  # the names that pandas gives
        first += 1
    above = [k for k in range(first) if cells.sizes[k] == width and not all(map(is_missing, row(k)))]
    named = [k for k in [*above, first] if k < count and wanted and wanted <= set(_cleaned(row(k)))]
    if above and not named and wanted and all(re.fullmatch(r"column \d+", name) for name in wanted):
        return [""] * width, above[-1]
    if not above and not named:
        if first < count:
            _refuse_possible_names(cells, written, first, wanted)
        return [""] * width, first
    k = named[0] if named else max(above, key=lambda k: (*_likeness(row(k), written), k)) if written else above[0]
    names = _cleaned(row(k))
    if not named and _holds_value(names, written) and all(names) and not any(map(is_time, names)):
        got = f"{listed(names)} in line {cells.lines[k]}, which may be names or values"
        raise ValueError(f"column: wanted the name of a column, as the first row of {cells.path} has {got}, got None")
    starts = (j for j in range(k + 1, count)
              if _holds_value(row(j), written) or (row(j) and all(map(is_missing, row(j)))))  # fmt: skip
    return names, next(starts, k + 1)


def _cleaned(row):
    """Names without line breaks and surplus spaces."""
    return [" ".join(cell.split()) for cell in row]


def _likeness(row, written):
    """How much a row looks like the names of columns rather than a title or units; the larger, the more."""
    unit = any(re.fullmatch(r"[(\[].*[)\]]", cell) for cell in row) or all(len(cell) <= 3 for cell in row)
    return not _holds_value(row, written), len(set(row) - {""}), any(map(is_time, row)), not unit


def _refuse_possible_names(cells, written, first, wanted):
    """Refuse a first row of values that may hold the names."""
    row, line, width = cells.row(first), cells.lines[first], cells.width
    before = next((k for k in range(first - 1, -1, -1) if any(cells.row(k))), None)
    if before is not None and 1 < cells.sizes[before] != width:
        got = f"{cells.sizes[before]} in line {cells.lines[before]} of {cells.path}"
        raise ValueError(f"path: wanted {width} cells in each line, as in line {line}, got {got}")
    if before is not None and cells.separator == "," and width == 2 and all(map(str.isdigit, row)):
        got = f"{','.join(row)!r} in line {line}, which may be one number or two"
        raise ValueError(f"decimal: wanted the mark before decimals, got {got}; say decimal=',' or name a column")
    texts = [position for position in range(width) if position not in written and row[position]]
    below = cells.text[first + 1 :][cells.sizes[first + 1 :] == width]
    unique = texts and not any((below[:, position] == row[position]).any() for position in texts)
    whole = all(row[position].isdecimal() for position in written)
    if not wanted and (row == list(map(str, range(width))) or (unique and whole)):
        got = f"{listed(row)} in line {line}, which may be names or values"
        raise ValueError(f"column: wanted one of the columns {listed(row)}, or 'column 1' and on, got None with {got}")


def _end(cells, written, begin):
    """The position after the last row with values, and sentences about the rows below it."""
    notes, end = (), len(cells.text)
    usual = cells.row(begin + (end - begin) // 2) if begin < end else []
    while end > begin + 1:
        row = cells.row(end - 1)
        total = any(TOTALS.fullmatch(cell.strip(" :")) and cell not in usual for cell in row)
        remark = cells.width > 1 and not _holds_value(row, written)
        if any(row) and not total and not remark:
            break
        if any(row):
            notes = (f"Line {cells.lines[end - 1]}, {next(filter(None, row))!r}, was left out.", *notes)
        end -= 1
    return end, notes
