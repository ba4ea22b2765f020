"""The cells of a CSV file: what separates them, and in which line each row stands."""

import csv
import re
from collections import Counter
from typing import NamedTuple

SEPARATORS = ";\t|,"  # of two that do equally well, the first
SAMPLE = 200  # lines that show what separates their cells


class Cells(NamedTuple):
    """Rows of text as they stand in a file, an empty list for each empty line.

    Attributes
    ----------
    rows : list of list of str
    lines : list of int
        In which line of the file each row stands, the first being 1.
    separator : str
    width : int
        How many cells a row usually has.
    """

    rows: list
    lines: list
    separator: str
    width: int


def split(path, text, decimal=None):
    """The cells of a file, without a first line such as ``sep=;`` and the comments that follow it.

    The last of these comments stays, without its mark, as it may hold the names of the columns.

    Parameters
    ----------
    path : str or pathlib.Path
        For the sentences.
    text : str
    decimal : str, optional
        The mark before decimals, where the caller has given it. If it is a comma, commas separate cells only in a
        file that quotes some.

    Returns
    -------
    Cells

    Raises
    ------
    ValueError
        If a quotation mark is not closed, or a cell is longer than any number or date.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator, comment = None, None
    for place, line in enumerate(lines):
        said = re.fullmatch(r'"?sep=(.)"?\s*', line, re.IGNORECASE)
        if said and separator is None:
            separator = said[1]
        elif line.startswith("#"):
            comment = place, line[1:]
        elif line.strip():
            break
        lines[place] = ""
    if comment:
        lines[comment[0]] = comment[1]
    among = separator or (SEPARATORS if decimal != "," or '"' in text else SEPARATORS.replace(",", ""))
    separator, width = _separator(lines, among)
    rows, ends = [], []
    whole = (line + "\n" for line in lines) if '"' in text else lines  # the end of a line may stand in quotes
    reader = csv.reader(whole, delimiter=separator, skipinitialspace=True, strict=True)
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as error:
        came = f"{path}, of which line {reader.line_num} is none ({error})"
        raise ValueError(f"path: wanted a CSV file, got {came}") from None
    return Cells(rows, ends, separator, width)


def _separator(lines, among):
    """The mark that makes the most columns of numbers and dates, and how many cells it makes of a line."""
    lines = [line for line in lines if line.strip()]
    lines = lines[len(lines) // 2 :][:SAMPLE]  # there are fewer titles below the middle
    best, columns, width = among[0], -1, 1
    for mark in among:
        try:
            rows = list(csv.reader(lines, delimiter=mark, skipinitialspace=True))
        except csv.Error:  # which is said when all of the file is read
            continue
        sizes = Counter(len(row) for row in rows if len(row) > 1)
        size = max(sizes, key=lambda size: (sizes[size], size), default=1)
        if 3 * sizes[size] < len(rows):
            continue
        others = set(SEPARATORS) - {mark, ","}  # a comma may stand before decimals
        with_digits = ([any(map(str.isdigit, cell)) and others.isdisjoint(cell) for cell in column]
                       for column in zip(*(row for row in rows if len(row) == size), strict=True))  # fmt: skip
        found = sum(2 * sum(cells) >= len(cells) for cells in with_digits)
        if found > columns:
            best, columns, width = mark, found, size
    return best, width
