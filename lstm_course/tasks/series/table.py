"""The table in a CSV file: the names of its columns, and the rows below titles and above totals."""

import re
from typing import NamedTuple

import pandas as pd

from .column_names import is_time, listed
from .csv_file import SAMPLE, read_rows
from .numbers import is_missing, mostly_numbers

TOTALS = re.compile(r"(grand |sub)?totals?|sums?|summe|gesamt|insgesamt|average|mean|mittelwert", re.IGNORECASE)
LETTERS = r"[^\W\d_]+"


class Table(NamedTuple):
    """Rows of text below the names of their columns."""

    names: tuple  # those in the file, or "column 1" and so on
    cells: pd.DataFrame  # of str, with positions as its columns, indexed by the line in which each row ends
    blank: int  # line of a blank row between the others, where a value may be missing; 0 if there is none
    notes: tuple  # sentences about rows that were left out

    def column(self, position):
        """A column as a Series of text that has its name, indexed by lines."""
        return self.cells[position].rename(self.names[position])

    def sample(self, position):
        """Up to 400 cells of a column, from top to bottom, without missing values."""
        cells = self.cells[position].iloc[:: max(1, len(self.cells) // SAMPLE)]
        return [cell for cell in cells if not is_missing(cell)]

    def numeric(self):
        """The positions of the columns that hold numbers."""
        return [k for k in self.cells if mostly_numbers(self.sample(k))]

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
    rows, lines, separator, width = read_rows(path, decimal)
    if not any(map(any, rows)):
        raise ValueError(f"path: wanted a CSV file, got {path}, which has no rows")
    while width > 1 and not any(row[width - 1] for row in rows if len(row) >= width):
        width -= 1  # columns at the end that are always empty
    if max(map(len, rows)) > width:
        rows = [row if any(row[width:]) else row[:width] for row in rows]
    layout = _Layout(path, rows, lines, separator, width, _patterns(rows, width), wanted)
    names, begin = layout.names()
    end, notes = layout.end(begin)
    kept = [k for k in range(begin, end) if any(rows[k]) or (width == 1 and rows[k])]
    if not kept:
        raise ValueError(f"path: wanted a CSV file with values, got {path}, which has no rows of values")
    for k in kept:
        if len(rows[k]) != width:
            like = f"{width} cells in each line, as in line {lines[kept[0] if k > kept[0] else kept[-1]]}"
            raise ValueError(f"path: wanted {like}, got {len(rows[k])} in line {lines[k]} of {path}")
        if k and lines[k] - lines[k - 1] > 1 and any("\n" in c and (width == 1 or separator in c) for c in rows[k]):
            got = f"{path}, in which a quotation mark encloses several lines, up to line {lines[k]}"
            raise ValueError(f"path: wanted a line for each row, got {got}")
    blank = [k for k in range(begin, end) if not any(rows[k]) and bool(rows[k]) != (width == 1)]
    blank = lines[blank[0]] if 0 < len(blank) < len(kept) - 1 else 0  # one after each row is a way of writing
    names = tuple(name or f"column {number}" for number, name in enumerate(names, 1))
    cells = pd.DataFrame([rows[k] for k in kept], [lines[k] for k in kept], dtype=object)
    table = Table(names, cells, blank, notes)
    if width == 1 and table.sample(0) and not table.numeric():
        like = "cells separated by commas, semicolons, tabs or bars, or one number in each line"
        raise ValueError(f"path: wanted {like}, got {cells.iloc[0, 0]!r} in line {cells.index[0]} of {path}")
    return table


def _patterns(rows, width):
    """For each column with digits in most of its cells, the patterns of these cells."""
    rows = [row for row in rows[len(rows) // 2 :] if len(row) == width and any(row)]  # titles are rarer there
    patterns = {}
    for position, column in enumerate(zip(*rows[:: max(1, len(rows) // SAMPLE)], strict=True)):
        known = [_pattern(cell) for cell in column if not is_missing(cell) and not TOTALS.fullmatch(cell)]
        if known and 2 * sum(map(bool, known)) >= len(known):
            patterns[position] = set(known) - {""}
    return patterns


def _pattern(cell):
    """A cell with 0 for its digits and "a" for its words, "0" for a number with its marks, "" without any digit."""
    cell = re.sub(r"(?<=\d)e(?=[+-]?\d)", "", cell, flags=re.IGNORECASE)
    if not re.search(r"\d", cell):
        return ""
    return re.sub(r"\d+", "0", re.sub(LETTERS, "a", cell)) if re.search(LETTERS, cell) else "0"


class _Layout(NamedTuple):
    """The rows of a file, among which names and values are to be told apart."""

    path: object
    rows: list
    lines: list
    separator: str
    width: int
    patterns: dict  # of the values in the columns that have digits
    wanted: frozenset

    def has_value(self, row):
        """Whether any cell of a row is written as those below it."""
        return any(_pattern(row[k]) in known for k, known in self.patterns.items() if k < len(row))

    def has_only_values(self, row):
        """Whether each cell of a row is written as those below it, or missing."""
        return self.has_value(row) and all(
            _pattern(row[k]) in known or is_missing(row[k]) for k, known in self.patterns.items()
        )

    def names(self):
        """The names of the columns, "" where there are none, and the position of the first row with values."""
        rows, wanted, width = self.rows, self.wanted, self.width
        count = len(rows)
        first = next((k for k in range(count) if len(rows[k]) == width and self.has_only_values(rows[k])), count)
        if first < count and rows[first] == ["", *map(str, range(width - 1))]:  # the names that pandas gives
            first += 1
        above = [k for k in range(first) if len(rows[k]) == width and not all(map(is_missing, rows[k]))]
        named = [k for k in [*above, first] if k < count and wanted and wanted <= set(_cleaned(rows[k]))]
        if not above and not named:
            if first < count:
                self.refuse_possible_names(first)
            return [""] * width, first
        k = named[0] if named else max(above, key=lambda k: (*self.likeness(rows[k]), k)) if self.patterns else above[0]
        names = _cleaned(rows[k])
        if not named and self.has_value(names) and all(names) and not any(map(is_time, names)):
            got = f"{listed(names)} in line {self.lines[k]}, which may be names or values"
            first_row = f"as the first row of {self.path} has {got}"
            raise ValueError(f"column: wanted the name of a column, {first_row}, got None")
        starts = (j for j in range(k + 1, count)
                  if self.has_value(rows[j]) or (rows[j] and all(map(is_missing, rows[j]))))  # fmt: skip
        return names, next(starts, k + 1)

    def likeness(self, row):
        """How much a row looks like the names of columns rather than a title or units; the larger, the more."""
        unit = any(re.fullmatch(r"[(\[].*[)\]]", cell) for cell in row) or all(len(cell) <= 3 for cell in row)
        return not self.has_value(row), len(set(row) - {""}), any(map(is_time, row)), not unit

    def refuse_possible_names(self, first):
        """Refuse a first row of values that may hold the names."""
        row, line, width = self.rows[first], self.lines[first], self.width
        before = next((k for k in range(first - 1, -1, -1) if any(self.rows[k])), None)
        if before is not None and 1 < len(self.rows[before]) != width:
            got = f"{len(self.rows[before])} in line {self.lines[before]} of {self.path}"
            raise ValueError(f"path: wanted {width} cells in each line, as in line {line}, got {got}")
        if before is not None and self.separator == "," and width == 2 and all(map(str.isdigit, row)):
            got = f"{','.join(row)!r} in line {line}, which may be one number or two"
            raise ValueError(f"decimal: wanted the mark before decimals, got {got}; say decimal=',' or name a column")
        texts = [k for k in range(width) if k not in self.patterns and row[k]]
        below = [other for other in self.rows[first + 1 :] if len(other) == width]
        unique = texts and not any(other[k] == row[k] for k in texts for other in below)
        whole = all(row[k].isdecimal() for k in self.patterns)
        if not self.wanted and (row == list(map(str, range(width))) or (unique and whole)):
            got = f"None with {listed(row)} in line {line}, which may be names or values"
            raise ValueError(f"column: wanted one of the columns {listed(row)}, or 'column 1' and on, got {got}")

    def end(self, begin):
        """The position after the last row with values, and sentences about the rows below it."""
        notes, end = (), len(self.rows)
        usual = self.rows[begin + (end - begin) // 2] if begin < end else []
        while end > begin + 1:
            row = self.rows[end - 1]
            total = any(TOTALS.fullmatch(cell.strip(" :")) and cell not in usual for cell in row)
            if any(row) and not total and (self.width == 1 or self.has_value(row)):
                break
            if any(row):
                notes = (f"Line {self.lines[end - 1]}, {next(filter(None, row))!r}, was left out.", *notes)
            end -= 1
        return end, notes


def _cleaned(row):
    """Names without line breaks and surplus spaces."""
    return [" ".join(cell.split()) for cell in row]
