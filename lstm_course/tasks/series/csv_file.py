"""The cells of a CSV file as text: encoding, separator, and the line of the file in which each row ends."""

import contextlib
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")  # never in a table of text
NOT_A_TABLE = re.compile(r"\s*(?:(<!doctype|<html|<\?xml)|\{|\[\s*[\[{\"\d-])", re.IGNORECASE)
SEPARATORS = ";\t|,"  # the first one wins a tie
SAMPLE = 200  # lines from which the separator is inferred


class Cells(NamedTuple):
    """All rows of a file, including titles and blank lines."""

    path: object
    text: np.ndarray  # (N, K) of str, "" where a row has no such cell
    sizes: np.ndarray  # (N,) number of cells in each row, 0 for a blank line
    lines: np.ndarray  # (N,) line of the file in which each row ends, counted from 1
    separator: str
    width: int  # the usual number of cells in a row

    def row(self, k):
        """The cells of one row."""
        return [cell.strip() for cell in self.text[k, : self.sizes[k]]]


def read_cells(path, decimal=None):
    """Read the cells of a CSV file as `Cells`, without a first line such as ``sep=;`` and the comments after it.

    The last of these comments is kept, without its ``#``, because it may hold the names of the columns. If `decimal`
    is a comma, commas are taken for separators only in a file that quotes some cells.
    """
    text = _text(path)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator, comment = None, None
    for k, line in enumerate(lines):
        declared = re.fullmatch(r'"?sep=(.)"?\s*', line, re.IGNORECASE)
        if declared and separator is None:
            separator = declared[1]
        elif line.startswith("#"):
            comment = k, line[1:]
        elif line.strip():
            break
        lines[k] = ""
    if comment:
        lines[comment[0]] = comment[1]
    separator, width = _separator(lines, separator or (SEPARATORS if decimal != "," or '"' in text else ";\t|"))
    text = "\n".join(lines) + "\n"
    sizes, ends = [line.count(separator) + 1 if line else 0 for line in lines], range(1, len(lines) + 1)
    if '"' in text:  # separators and line breaks in quotation marks do not count
        reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True)
        try:
            sizes, ends = zip(*((len(row), reader.line_num) for row in reader), strict=True)
        except csv.Error as error:
            got = f"{path}, of which line {reader.line_num} is none ({error})"
            raise ValueError(f"path: wanted a CSV file, got {got}") from None
    frame = pd.read_csv(
        io.StringIO(text), sep=separator, header=None, names=range(max(1, *sizes)), index_col=False, dtype=str,
        keep_default_na=False, skipinitialspace=True, skip_blank_lines=False,
    )  # fmt: skip
    return Cells(path, frame.to_numpy(object), np.array(sizes), np.array(ends), separator, width)


def _text(path):
    """The text of a file in one of the usual encodings, compressed with gzip or not."""
    wanted = f"path: wanted a CSV file, got {path}, which"
    try:
        raw = Path(path).read_bytes()
        if raw.startswith(b"\x1f\x8b"):
            raw = gzip.decompress(raw)
    except (OSError, ValueError, TypeError, EOFError, zlib.error) as error:
        raise ValueError(f"{wanted} cannot be read ({error})") from None
    text = _decoded(raw).removesuffix("\x1a")  # the end of a file in DOS
    if CONTROL.search(text) or raw.startswith((b"%PDF", b"PAR1")):
        raise ValueError(f"{wanted} is not text; save a spreadsheet as CSV first")
    if not text.strip():
        raise ValueError(f"{wanted} is empty")
    if other := NOT_A_TABLE.match(text):
        kind = "a web page or XML" if other[1] else "JSON"
        raise ValueError(f"{wanted} looks like {kind}; save the table as CSV first")
    return text


def _decoded(raw):
    """Bytes decoded as UTF-8, UTF-16, UTF-32 or Windows-1252; other bytes become characters that no text has."""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    encodings = ["utf-8-sig", "cp1252"]
    if raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        encodings = ["utf-32"]
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif max(even, odd) > 0.4 * len(raw):  # without its mark, UTF-16 has a zero beside each Latin letter or digit
        encodings = ["utf-16-be" if even > odd else "utf-16-le"]
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("latin-1")


def _separator(lines, candidates):
    """The separator that gives the most columns of numbers and dates, and the usual number of cells in a row."""
    lines = [line[:10_000] for line in lines if line.strip()]
    lines = lines[len(lines) // 2 :][:SAMPLE]  # titles are rarer below the middle
    best, most, width = candidates[0], -1, 1
    for mark in candidates:
        rows = list(csv.reader(lines, delimiter=mark, skipinitialspace=True))
        sizes = Counter(len(row) for row in rows if len(row) > 1)
        size = max(sizes, key=lambda size: (sizes[size], size), default=1)
        if 3 * sizes[size] < len(rows):
            continue
        others = "".join(set(SEPARATORS) - {mark, ","})  # a comma may be a decimal mark
        fits = re.compile(rf"[^{others}]*\d[^{others}]*").fullmatch
        columns = zip(*(row for row in rows if len(row) == size), strict=True)
        columns = sum(2 * sum(map(bool, map(fits, column))) >= len(column) for column in columns)
        if columns > most:
            best, most, width = mark, columns, size
    return best, width
