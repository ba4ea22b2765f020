"""The text of a file, in whichever of the usual encodings a spreadsheet or a logger saved it."""

import gzip
import re
import zlib
from pathlib import Path

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")  # never in a table of text
NOT_A_TABLE = re.compile(r"\s*(?:(<!doctype|<html|<\?xml)|\{|\[\s*[\[{\"\d-])", re.IGNORECASE)


def read_text(path):
    """The text of a file in UTF-8, UTF-16, UTF-32 or Windows-1252, which may be compressed with gzip.

    Raises
    ------
    ValueError
        If the file cannot be read, is empty, or is no table in text but a spreadsheet, a web page or JSON.
    """
    try:
        raw = Path(path).read_bytes()
        if raw.startswith(b"\x1f\x8b"):
            raw = gzip.decompress(raw)
    except (OSError, ValueError, TypeError, EOFError, zlib.error) as error:
        raise ValueError(f"path: wanted a CSV file, got {path}, which cannot be read ({error})") from None
    text = _decoded(raw)
    if text is not None:
        text = text.removesuffix("\x1a")  # DOS ended its files with it
    if text is None or CONTROL.search(text) or raw.startswith((b"%PDF", b"PAR1")):
        raise ValueError(f"path: wanted a CSV file, got {path}, which is not text; save a spreadsheet as CSV first")
    if not text.strip():
        raise ValueError(f"path: wanted a CSV file, got {path}, which is empty")
    other = NOT_A_TABLE.match(text)
    if other:
        kind = "a web page or XML" if other[1] else "JSON"
        raise ValueError(f"path: wanted a CSV file, got {path}, which looks like {kind}; save the table as CSV first")
    return text


def _decoded(raw):
    """The text of these bytes, or None where they are no text."""
    zeros = raw[::2].count(0), raw[1::2].count(0)
    if raw.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        encodings = ["utf-32"]
    elif raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif any(zeros):  # without its mark, UTF-16 is known by the zero beside each Latin letter or digit
        encodings = ["utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"] if max(zeros) > 0.4 * len(raw) else []
    else:  # Windows-1252 is what spreadsheets write in the West, and marks and digits are the same everywhere
        encodings = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
