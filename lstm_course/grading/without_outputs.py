"""Reading a notebook file without its outputs, which do not affect the grade, so that their size does not matter.

A file of several hundred megabytes is read in pieces, and only the JSON of its cells and metadata is kept in memory.
Streaming JSON parsers cannot be used, because they reject the NaN that Jupyter writes into outputs.
"""

import re

import numpy as np

LARGEST_FILE = 512 << 20  # bytes of a file, outputs and all
LARGEST = 20 << 20  # bytes of a file without its outputs
MOST_OUTPUTS = 20_000  # places at which something is left out, each of which takes some time
SMALL = 1 << 20  # bytes up to which a file is returned unchanged
PIECE = 1 << 20

# The values of these keys are neither run nor judged, at any depth: the outputs of a cell, the pictures attached to a
# text, and the state of widgets. They never contain the source of a cell.
KEY = rb'"(?:outputs|attachments|widgets)"\s*+'
STRING_ENDS = rb'(?:[^"\\]++|\\.)*+"'
# Everything up to the next such key. A string at the end of a piece is left for the next one, which shows whether the
# string is a key.
KEPT = re.compile(rb'(?:[^"]++|"(?!' + KEY[1:] + rb"(?::\s*+(?:[\[{]|\Z)|\Z))" + STRING_ENDS + rb")*+", re.DOTALL)
DROPPED = re.compile(KEY + rb":\s*+[\[{]")
# A picture that was pasted into a text, as Colab stores it.
PICTURE = re.compile(rb"\]\(data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=\\]++\)")

TOO_LARGE = f"it is too large: it has more than {LARGEST_FILE >> 20} MB, or {LARGEST >> 20} MB without its outputs"
QUOTE = ord('"')
LEVELS = np.zeros(256, np.int8)
LEVELS[list(b"[{")], LEVELS[list(b"]}")] = 1, -1


class TooLarge(ValueError):
    """The file is too large to be read; the message begins with "it is"."""


def without_outputs(file):
    """The content of a notebook file, without outputs if it is large.

    Parameters
    ----------
    file : binary file
        It is read to its end and need not be a notebook.

    Returns
    -------
    bytes
        The unchanged file, if it has at most `SMALL` bytes. Otherwise the same JSON with empty outputs, attachments,
        widgets and pasted pictures. If the file is not valid JSON, neither is the result.

    Raises
    ------
    TooLarge
        If the file has more than `LARGEST_FILE` bytes, or more than `LARGEST` without what is left out, or if something
        is left out at more than `MOST_OUTPUTS` places.
    """
    piece = file.read(SMALL + 1)
    if len(piece) <= SMALL:
        return piece
    cutter, size = _Cutter(), 0
    while piece:
        size += len(piece)
        if size > LARGEST_FILE:
            raise TooLarge(TOO_LARGE)
        cutter.feed(piece)
        # The rest is searched again from its start; larger pieces keep that from happening too often.
        piece = file.read(max(PIECE, len(cutter.rest)))
    return cutter.finish()


class _Cutter:
    """Takes the pieces of a file and leaves out the values of `KEY`.

    Attributes
    ----------
    rest : bytes
        The end of the last piece, which can be read only together with the next one.
    """

    def __init__(self):
        self.rest, self._kept, self._size, self._places = b"", [], 0, 0
        self._depth, self._in_string, self._escaped = 0, False, False  # within a value that is left out

    def feed(self, piece):
        """Read the next piece of the file."""
        piece, start = self.rest + piece, 0
        self.rest = b""
        while start < len(piece):
            if self._depth:
                start = self._leave_out(piece, start)
                continue
            end = KEPT.match(piece, start).end()
            dropped = DROPPED.match(piece, end)
            self._keep(piece[start : dropped.end() if dropped else end])
            if dropped:
                start, self._depth, self._places = dropped.end(), 1, self._places + 1
            else:
                start, self.rest = len(piece), piece[end:]
            if self._places > MOST_OUTPUTS:
                raise TooLarge(f"it is too large: it has outputs in more than {MOST_OUTPUTS} places")
        if self._size + len(self.rest) > LARGEST:
            raise TooLarge(TOO_LARGE)

    def finish(self):
        """The content of all the pieces, without what is left out."""
        return b"".join([*self._kept, self.rest])

    def _keep(self, part):
        part = PICTURE.sub(b"](data:,)", part)
        self._kept.append(part)
        self._size += len(part)

    def _leave_out(self, piece, start):
        """Skip a value up to its closing bracket, which is kept, or to the end of the piece.

        Returns
        -------
        int
            The index in the piece at which to continue.
        """
        window = 1 << 10
        while start < len(piece):
            closing = self._closing(piece[start : start + window])
            if closing is not None:
                end = start + closing + 1
                self._keep(piece[end - 1 : end])
                self._depth = 0
                return end
            start += window
            window = min(4 * window, PIECE)
        return len(piece)

    def _closing(self, part):
        """The index of the bracket that closes the value, or None if it is not in this part."""
        if self._escaped:
            part = b"_" + part[1:]
        # Escapes are read in pairs from the left, so every quotation mark that remains begins or ends a string.
        part = part.replace(rb"\\", b"__").replace(rb"\"", b"__")
        self._escaped = part.endswith(b"\\")
        if self._in_string and b'"' not in part:
            return None
        letters = np.frombuffer(part, np.uint8)
        quotes = letters == QUOTE
        inside = np.bitwise_xor.accumulate(quotes.view(np.uint8)) != self._in_string
        depths = self._depth + np.cumsum(np.where(inside, 0, LEVELS[letters]), dtype=np.int64)
        closed = np.flatnonzero(depths == 0)
        if closed.size:
            self._in_string = self._escaped = False
            return int(closed[0])
        self._depth, self._in_string = int(depths[-1]), bool(inside[-1])
        return None
