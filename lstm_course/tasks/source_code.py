"""Source code to be coloured: for each character, whether it belongs to code, to a string or to a comment.

The texts are definitions (``def`` and ``class``) from Python's own standard library, read where Python is installed.
A network reads from left to right and has to say at each character what it is reading::

    def gcd(a, b):  # Euclid
    ccccccccccccccccc#######

Quotes open and close strings, a number sign opens a comment unless it stands in a string, and the end of a line closes
the comment, so the tag depends on characters that may lie far back. The right tags come from Python's `tokenize`.

The files belong to the installed version of Python, so other versions give slightly different definitions. The tags of
one and the same text are the same in all of them.
"""

import io
import re
import sysconfig
import tokenize
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..scratch import arguments

CHARACTERS = "\n" + "".join(map(chr, range(32, 127)))
TAGS = ("code", "string", "comment")


class Definitions(NamedTuple):
    """The first characters of definitions.

    Attributes
    ----------
    x : (N, T) array of int
        Each character as its index in `CHARACTERS`.
    tags : (N, T) array of int
        Its tag as an index in `TAGS`.
    """

    x: np.ndarray
    tags: np.ndarray


def definitions(modules, length):
    """The first characters of each definition in some modules of the standard library.

    A definition is left out if it begins within the characters of the one before, so no two overlap, if it is cut
    short by the end of its file, or if it has characters other than `CHARACTERS`.

    Parameters
    ----------
    modules : sequence of str
        Such as ``["csv", "json/decoder"]``.
    length : int
        T, the number of characters of each.

    Returns
    -------
    Definitions

    Raises
    ------
    ValueError
        If an argument is not as described, or there is no such module.
    """
    length = arguments.size("length", length)
    pieces = [piece for name in modules for piece in _of(source(name), length)]
    if not pieces:
        raise ValueError(f"length: there is no definition with {length} characters in {', '.join(modules)}")
    x = np.array([[CHARACTERS.index(character) for character in text] for text, _ in pieces])
    return Definitions(x, np.array([tags for _, tags in pieces]))


def source(name):
    """The text of a module of the standard library.

    Raises
    ------
    ValueError
        If its file is not there; some installations of Python leave it out.
    """
    path = Path(sysconfig.get_path("stdlib"), f"{name}.py")
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"modules: wanted a module of the standard library, and {path} cannot be read") from error


def tagged(text):
    """The tag of each character of a Python program, as an index in `TAGS`.

    All of an f-string is string, with the expressions in its braces.

    Parameters
    ----------
    text : str

    Returns
    -------
    (T,) array of int

    Examples
    --------
    >>> tagged("a = 'b'  # c").tolist()
    [0, 0, 0, 0, 1, 1, 1, 0, 0, 2, 2, 2]
    """
    begins = np.cumsum([0, *map(len, io.StringIO(text))])
    tags, opened = np.zeros(len(text), dtype=int), []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        kind = tokenize.tok_name[token.type]
        first, last = (begins[line - 1] + column for line, column in (token.start, token.end))
        if kind in ("FSTRING_START", "TSTRING_START"):  # since Python 3.12; strings may lie within strings
            opened.append(first)
        elif kind in ("FSTRING_END", "TSTRING_END"):
            tags[opened.pop() : last] = TAGS.index("string")
        elif kind in ("COMMENT", "STRING"):
            tags[first:last] = TAGS.index(kind.lower())
    return tags


def text_of(x):
    """The characters (T,) as a string."""
    return "".join(CHARACTERS[k] for k in x)


def _of(text, length):
    """Pairs of the text and the tags of each definition."""
    tags, end, pieces = tagged(text), 0, []
    for match in re.finditer(r"^ *(?:def|class) ", text, re.MULTILINE):
        first, piece = match.start(), text[match.start() : match.start() + length]
        if first >= end and len(piece) == length and not tags[first] and set(piece) <= set(CHARACTERS):
            end = first + length
            pieces.append((piece, tags[first:end]))
    return pieces
