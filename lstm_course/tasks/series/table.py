"""The table in a CSV file: the names of its columns, and which of the lines hold the rows."""

import re
from dataclasses import dataclass

from .cells import split
from .file_text import read_text
from .names import is_time
from .numbers import MISSING, mostly

TOTALS = re.compile(r"(grand |sub)?totals?|sums?|summe|gesamt|insgesamt|average|mean|mittelwert", re.IGNORECASE)
SAMPLE = 200  # rows that show what the columns hold
LISTED = 12  # names in a sentence; more of them help nobody


@dataclass(frozen=True)
class Table:
    """Rows of text below the names of their columns.

    Attributes
    ----------
    names : tuple of str
        Those in the file; "column 1" and so on where it has none.
    rows : list of list of str
    lines : list of int
        In which line of the file each row stands, the first being 1.
    separator : str
    blank : int
        A line between the rows in which nothing stands, though a value may be missing there; 0 if there is none.
    notes : tuple of str
        Sentences about what was left out.
    """

    names: tuple
    rows: list
    lines: list
    separator: str
    blank: int
    notes: tuple

    def column(self, place):
        """The cells of one column, from the top."""
        return [row[place].strip() for row in self.rows]

    def sample(self, place):
        """Some cells of a column that are not missing, from the top to the bottom."""
        cells = (row[place].strip() for row in self.rows[:: max(1, len(self.rows) // SAMPLE)])
        return [cell for cell in cells if cell.lower() not in MISSING]

    def place(self, argument, name):
        """Where the column stands that the caller has named in an argument."""
        if str(name) not in self.names:
            raise ValueError(f"{argument}: wanted one of the columns {listed(self.names)}, got {name!r}")
        if self.names.count(str(name)) > 1:
            raise ValueError(f"{argument}: wanted a column with a name of its own, got {name!r}, which stands twice")
        return self.names.index(str(name))


def listed(names):
    """Names as they stand in a sentence."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(map(repr, names[:LISTED])) + more


def read_table(path, wanted=(), decimal=None):
    """The table of a CSV file.

    Lines above the rows may be titles, comments, names and units; of these the names are taken, and what stands
    above or below them is left out. So are totals and remarks below the rows.

    Parameters
    ----------
    path : str or pathlib.Path
    wanted : set of str
        Names of columns that the caller has given: the line with all of them is that of the names.
    decimal : str, optional
        The mark before decimals, where the caller has given it.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        If the file cannot be read, a row has more or fewer cells than the others, or it is not clear whether the
        first line has names or values.
    """
    cells = split(path, read_text(path), decimal)
    if not any(map(any, cells.rows)):
        raise ValueError(f"path: wanted a CSV file, got {path}, which has no rows")
    width = cells.width  # without columns at the end that are always empty
    while width > 1 and not any(row[width - 1].strip() for row in cells.rows if len(row) >= width):
        width -= 1
    cells = cells._replace(rows=[row if len(row) <= width or any(row[width:]) else row[:width] for row in cells.rows])
    kinds = _kinds(cells.rows, width)
    names, begin = _names(path, cells, width, kinds, set(wanted))
    end, notes = _end(cells, width, kinds, begin)
    rows, lines = cells.rows, cells.lines
    full = [k for k in range(begin, end) if any(rows[k]) or (width == 1 and rows[k])]
    if not full:
        raise ValueError(f"path: wanted a CSV file with values, got {path}, which has no rows of values")
    for k in full if set(map(len, rows[begin:end])) != {width} else ():
        if len(rows[k]) != width:
            like = f"{width} cells in each line, as in line {lines[full[0] if k > full[0] else full[-1]]}"
            raise ValueError(f"path: wanted {like}, got {len(rows[k])} in line {lines[k]} of {path}")
    for k in full if lines[end - 1] - (lines[begin - 1] if begin else 0) != end - begin else ():
        if any("\n" in cell and (width == 1 or cells.separator in cell) for cell in rows[k]):
            came = f"{path}, in which a quotation mark encloses several lines, up to line {lines[k]}"
            raise ValueError(f"path: wanted a line for each row, got {came}")
    blank = 0
    if end - begin != len(full):
        empty = [lines[k] for k in range(begin, end) if not any(rows[k]) and (width == 1) != bool(rows[k])]
        blank = empty[0] if empty and len(empty) < len(full) - 1 else 0  # one after each row is but a way of writing
    names = tuple(name or f"column {place}" for place, name in enumerate(names, 1))
    table = Table(names, [rows[k] for k in full], [lines[k] for k in full], cells.separator, blank, notes)
    sample = table.sample(0)
    if width == 1 and sample and not mostly(sample):
        wanted = "cells separated by commas, semicolons, tabs or bars, or one number in each line"
        raise ValueError(f"path: wanted {wanted}, got {table.rows[0][0]!r} in line {table.lines[0]} of {path}")
    return table


def _kinds(rows, width):
    """For each column that holds digits in most of its cells, the kinds of these cells."""
    rows = [row for row in rows[len(rows) // 2 :] if len(row) == width and any(row)]
    kinds = {}
    for place in range(width):
        cells = [row[place].strip() for row in rows[:: max(1, len(rows) // SAMPLE)]]
        known = [_kind(cell) for cell in cells if cell.lower() not in MISSING and not TOTALS.fullmatch(cell)]
        if known and 2 * sum(map(bool, known)) >= len(known):
            kinds[place] = set(known) - {""}
    return kinds


def _kind(cell):
    """How a cell is written: digits and marks alone, digits and words in some order, or "" for neither."""
    cell = re.sub(r"(?<=\d)e(?=[+-]?\d)", "", cell.strip(), flags=re.IGNORECASE)
    if not re.search(r"\d", cell):
        return ""
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", cell)) if re.search(r"[^\W\d_]", cell) else "0"


def _holds_value(row, kinds):
    """Whether any cell of a row is written as those below it."""
    return any(_kind(row[place]) in known for place, known in kinds.items() if place < len(row))


def _is_row(row, kinds):
    """Whether each cell of a row is written as those below it, or missing."""
    fitting = (_kind(row[place]) in known or row[place].strip().lower() in MISSING for place, known in kinds.items())
    return all(fitting) and _holds_value(row, kinds)


def _names(path, table, width, kinds, wanted):
    """The names of the columns, "" where there are none, and the place of the first row with values."""
    rows, lines = table.rows, table.lines
    first = next((k for k, row in enumerate(rows) if len(row) == width and _is_row(row, kinds)), len(rows))
    if first < len(rows) and rows[first] == ["", *map(str, range(width - 1))]:  # the names that pandas gives
        first += 1
    above = [k for k in range(first) if len(rows[k]) == width and not all(cell.lower() in MISSING for cell in rows[k])]
    asked = [k for k in [*above, *range(first, len(rows))[:1]] if wanted and wanted <= set(_plain(rows[k]))]
    if above and not asked and wanted and all(re.fullmatch(r"column \d+", name) for name in wanted):
        return [""] * width, above[-1]
    if not above and not asked:
        if first < len(rows):
            _refuse_half_names(path, table, kinds, first, wanted)
        return [""] * width, first
    k = asked[0] if asked else max(above, key=lambda k: (*_like_names(rows[k], kinds), k)) if kinds else above[0]
    names = _plain(rows[k])
    if not asked and _holds_value(names, kinds) and all(names) and not any(map(is_time, names)):
        came = f"{listed(names)} in line {lines[k]}, which may be names or values"
        raise ValueError(f"column: wanted the name of a column, as the first row of {path} has {came}, got None")
    missing = (all(cell.lower() in MISSING for cell in row) and row for row in rows)
    return names, next((j for j, gap in enumerate(missing) if j > k and (gap or _holds_value(rows[j], kinds))), k + 1)


def _plain(row):
    """Names without line breaks and spaces around them."""
    return [" ".join(cell.split()) for cell in row]


def _like_names(row, kinds):
    """How much a row looks like the names of columns, and not like a title or units; the larger, the more."""
    cells = [cell.strip() for cell in row]
    unit = any(re.fullmatch(r"[(\[].*[)\]]", cell) for cell in cells) or all(len(cell) <= 3 for cell in cells)
    return not _holds_value(row, kinds), len(set(cells) - {""}), any(map(is_time, cells)), not unit


def _refuse_half_names(path, table, kinds, first, wanted):
    """Refuse a first row that may be names after all."""
    rows, lines, width = table.rows, table.lines, len(table.rows[first])
    before = next((k for k in range(first - 1, -1, -1) if any(rows[k])), None)
    if before is not None and 1 < len(rows[before]) != width:
        wanted = f"{width} cells in each line, as in line {lines[first]}"
        raise ValueError(f"path: wanted {wanted}, got {len(rows[before])} in line {lines[before]} of {path}")
    row = rows[first]
    if before is not None and table.separator == "," and width == 2 and all(map(str.isdigit, row)):
        came = f"{','.join(row)!r} in line {lines[first]}, which may be one number or two"
        raise ValueError(f"decimal: wanted the mark before decimals, got {came}; say decimal=',' or name a column")
    texts = [place for place in range(width) if place not in kinds and row[place]]
    counting = row == [str(place) for place in range(width)]
    alone = texts and all(row[place] not in {other[place] for other in rows[first + 1 :] if len(other) == width}
                          for place in texts)  # fmt: skip
    if not wanted and (counting or (alone and all(row[place].isdecimal() for place in kinds))):
        came = f"{listed(row)} in line {lines[first]}, which may be names or values"
        raise ValueError(f"column: wanted one of the columns {listed(row)}, or 'column 1' and on, got None with {came}")


def _end(table, width, kinds, begin):
    """The place after the last row with values, and sentences about what stands below."""
    rows, notes, end = table.rows, (), len(table.rows)
    usual = rows[begin + (end - begin) // 2] if begin < end else []
    while end > begin + 1:
        row = rows[end - 1]
        total = any(TOTALS.fullmatch(cell.strip(" :")) and cell not in usual for cell in row)
        remark = width > 1 and not _holds_value(row, kinds)
        if any(row) and not total and not remark:
            break
        if any(row):
            notes = (f"Line {table.lines[end - 1]}, {next(filter(None, row))!r}, was left out.", *notes)
        end -= 1
    return end, notes
