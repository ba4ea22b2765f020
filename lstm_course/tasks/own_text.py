"""A text file of the reader's own, split into three parts for training, validation and judging."""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from ..scratch import arguments

SHORTEST, LONGEST = 5_000, 2_000_000  # characters
SHARES = (0.8, 0.9)  # where the second and the third part begin
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class OwnText(NamedTuple):
    """The parts of a text, and its alphabet."""

    train: str
    validation: str
    held_out: str
    characters: str


def load(path, shortest=SHORTEST):
    """Read a text file and split it.

    The first part is for training and the last is held out. The text is cut at an empty line if it has any nearby, and
    else at the end of a line; a text without lines is cut where it must. Of a file with more than `LONGEST` characters,
    only the first are read.

    Parameters
    ----------
    path : str or pathlib.Path
    shortest : int
        The least number of characters that is accepted.

    Returns
    -------
    OwnText

    Raises
    ------
    ValueError
        If the file is missing, empty, binary, not encoded in UTF-8, or too short; the sentence names the file.
    """
    text = read(path)
    shortest = arguments.whole("shortest", shortest, 100)
    if len(text) < shortest:
        raise ValueError(f"path: wanted at least {shortest:,} characters, got {path}, which has {len(text):,}")
    first, second = (_cut(text, round(len(text) * share)) for share in SHARES)
    return OwnText(text[:first], text[first:second], text[second:], "".join(sorted(set(text))))


def read(path):
    """The text of a file in UTF-8, with line ends as in Unix; see `load` for the errors."""
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise ValueError(f"path: wanted a text file, got {path}, which cannot be read ({reason})") from None
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ValueError(f"path: wanted a text file in UTF-8, got {path}, which is in UTF-16: save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in data or data.startswith(b"%PDF"):
            raise _binary(path) from None
        where = f"which is in another encoding (see byte {error.start:,}): save it as UTF-8"
        raise ValueError(f"path: wanted a text file in UTF-8, got {path}, {where}") from None
    if _CONTROLS.search(text):
        raise _binary(path)
    text = re.sub(r"\r\n?", "\n", text)[:LONGEST]
    if not text.strip():
        raise ValueError(f"path: wanted a text file, got {path}, which is empty")
    return text


def _binary(path):
    return ValueError(f"path: wanted plain text, got {path}, which is binary: save the document as a text file first")


def _cut(text, near):
    """A place to cut at: after an empty line, or after a line, if one ends within a twentieth of the text."""
    for end in ("\n\n", "\n"):
        found = text.find(end, near, near + len(text) // 20)
        if found >= 0:
            return found + len(end)
    return near
