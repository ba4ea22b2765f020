"""Reading a notebook file without its outputs, which count for nothing, so that their size does not count either.

A file of several hundred megabytes is read in pieces, and only the JSON of its cells and metadata is kept in memory.
The streaming parsers for JSON do not serve here: they refuse the NaN that Jupyter writes into outputs.
"""

import re

import numpy as np

LARGEST_FILE = 512 << 20  # bytes of a file, outputs and all
LARGEST = 20 << 20  # bytes of it without outputs
MOST_OUTPUTS = 20_000  # places where something is left out, since each of them takes some time
SMALL = 1 << 20  # bytes up to which a file is returned as it is
PIECE = 1 << 20

# What these keys hold is neither run nor judged, at whatever depth they stand: the outputs of a cell, the pictures
# attached to a text, and the state of widgets. The source of a cell is never among it.
KEY = rb'"(?:outputs|attachments|widgets)"\s*+'
STRING_ENDS = rb'(?:[^"\\]++|\\.)*+"'
# Everything up to the next such key. A string at the end of a piece is left over, as only the next piece tells whether
# it is a key.
KEPT = re.compile(rb'(?:[^"]++|"(?!' + KEY[1:] + rb"(?::\s*+(?:[\[{]|\Z)|\Z))" + STRING_ENDS + rb")*+", re.DOTALL)
DROPPED = re.compile(KEY + rb":\s*+[\[{]")
# A picture that was pasted into a text, as Colab stores it.
PICTURE = re.compile(rb"\]\(data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/=\\]++\)")

TOO_LARGE = f"it is too large: it has more than {LARGEST_FILE >> 20} MB, or {LARGEST >> 20} MB without its outputs"
QUOTE = ord('"')
LEVELS = np.zeros(256, np.int8)
LEVELS[list(b"[{")], LEVELS[list(b"]}")] = 1, -1


class TooLarge(ValueError):
    """A file is larger than what is read; the message says so, beginning with "it is"."""


def without_outputs(file):
    """The content of a notebook file, without outputs where it is large.

    Parameters
    ----------
    file : binary file
        It is read to its end, and need not be a notebook.

    Returns
    -------
    bytes
        The file as it is, if it has at most `SMALL` bytes. Otherwise the same JSON, in which outputs, attachments,
        widgets and pasted pictures are empty. If the file is broken, so is what is returned.

    Raises
    ------
    TooLarge
        If the file has more than `LARGEST_FILE` bytes, or more than `LARGEST` without what is left out, or if that is
        scattered over more than `MOST_OUTPUTS` places.
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
        # What is left over is searched again from its start. Larger pieces keep that from happening too often.
        piece = file.read(max(PIECE, len(cutter.rest)))
    return cutter.finish()


class _Cutter:
    """Takes a file in pieces, and keeps what counts of it.

    Attributes
    ----------
    rest : bytes
        The end of the last piece, which only makes sense together with the next one.
    """

    def __init__(self):
        self.rest, self._kept, self._size, self._places = b"", [], 0, 0
        self._depth, self._in_string, self._escaped = 0, False, False  # within what is left out

    def feed(self, piece):
        piece, place = self.rest + piece, 0
        self.rest = b""
        while place < len(piece):
            if self._depth:
                place = self._leave_out(piece, place)
                continue
            end = KEPT.match(piece, place).end()
            found = DROPPED.match(piece, end)
            self._keep(piece[place : found.end() if found else end])
            if found:
                place, self._depth, self._places = found.end(), 1, self._places + 1
            else:
                place, self.rest = len(piece), piece[end:]
            if self._places > MOST_OUTPUTS:
                raise TooLarge(f"it is too large: it has outputs in more than {MOST_OUTPUTS} places")
        if self._size + len(self.rest) > LARGEST:
            raise TooLarge(TOO_LARGE)

    def finish(self):
        """What counts of all the pieces."""
        return b"".join([*self._kept, self.rest])

    def _keep(self, part):
        part = PICTURE.sub(b"](data:,)", part)
        self._kept.append(part)
        self._size += len(part)

    def _leave_out(self, piece, place):
        """Skip what is left out, up to and with its closing bracket, which is kept, or up to the end of the piece.

        Returns
        -------
        int
            The place in the piece from which to go on.
        """
        window = 1 << 10
        while place < len(piece):
            ends = self._closing(piece[place : place + window])
            if ends is not None:
                self._keep(piece[place + ends : place + ends + 1])
                self._depth = 0
                return place + ends + 1
            place += window
            window = min(4 * window, PIECE)
        return len(piece)

    def _closing(self, part):
        """The place of the bracket that closes what is left out, or None if it is not in this part."""
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
