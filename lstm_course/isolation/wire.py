"""Messages between the judge and a process that runs a learner's cells: a JSON head, then the bytes of its arrays.

The judge reads what a hostile process may have written. Nothing is unpickled or unzipped; a message cannot claim
more than its bound, and arrays are made of just the bytes that came.
"""

import json
import math
import struct

import numpy as np

HEAD = struct.Struct("<II")  # bytes of the JSON text, bytes of all arrays
LARGEST_HEAD = 64 << 20
LARGEST_JOB = 256 << 20
KINDS = "fiub"  # real numbers, integers, booleans


class BadMessage(ValueError):
    """What came is not a message."""


def encode(content, arrays=None):
    """A message as bytes.

    Parameters
    ----------
    content : object
        What `json.dumps` takes.
    arrays : dict of str to numpy.ndarray, optional
        Of real numbers, integers or booleans.
    """
    arrays = {name: np.asarray(array, order="C") for name, array in (arrays or {}).items()}
    described = [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]
    head = json.dumps({"content": content, "arrays": described}).encode()
    body = b"".join(array.tobytes() for array in arrays.values())
    return HEAD.pack(len(head), len(body)) + head + body


class Decoder:
    """Makes messages of bytes, in whatever pieces they come.

    Parameters
    ----------
    most_bytes : int
        That all messages together may have; more is a `BadMessage`.
    """

    def __init__(self, most_bytes):
        self._left, self._buffer = most_bytes, bytearray()

    def missing(self):
        """Bytes until the present message, or its head, is complete."""
        if len(self._buffer) < HEAD.size:
            return HEAD.size - len(self._buffer)
        return HEAD.size + sum(HEAD.unpack_from(self._buffer)) - len(self._buffer)

    def feed(self, piece):
        """Take some bytes and yield the messages that are complete, as pairs of content and arrays.

        Raises
        ------
        BadMessage
            If they are none, or too many.
        """
        self._left -= len(piece)
        if self._left < 0:
            raise BadMessage("more came than was allowed")
        self._buffer += piece
        while len(self._buffer) >= HEAD.size:
            head, body = HEAD.unpack_from(self._buffer)
            if head > LARGEST_HEAD or head + body > self._left + len(self._buffer):
                raise BadMessage("a message claims more than is allowed")
            if len(self._buffer) < HEAD.size + head + body:
                return
            text = bytes(self._buffer[HEAD.size : HEAD.size + head])
            numbers = bytes(self._buffer[HEAD.size + head : HEAD.size + head + body])
            del self._buffer[: HEAD.size + head + body]
            yield _decoded(text, numbers)


def _decoded(text, numbers):
    try:
        head = json.loads(text)
        content, described = head["content"], head["arrays"]
        arrays, place = {}, 0
        for name, kind, shape in described:
            dtype = np.dtype(kind) if isinstance(kind, str) and len(kind) < 8 else None
            if dtype is None or dtype.kind not in KINDS or len(shape) > 32:
                raise BadMessage("an array of another kind")
            if not all(type(length) is int and length >= 0 for length in shape):
                raise BadMessage("an array of no shape")
            size = math.prod(shape)
            if size * dtype.itemsize > len(numbers) - place:
                raise BadMessage("an array claims more than came")
            arrays[str(name)] = np.frombuffer(numbers, dtype, size, place).reshape(shape).copy()
            place += size * dtype.itemsize
    except BadMessage:
        raise
    except Exception as problem:  # a different kind for each way in which a text can be broken
        raise BadMessage(type(problem).__name__) from None
    return content, arrays


def receive(read, most_bytes):
    """The one message that `read`, called with a number of bytes, gives piece by piece; its content and arrays."""
    decoder = Decoder(most_bytes)
    wanted = HEAD.size
    while True:
        piece = read(wanted)
        if not piece:
            raise BadMessage("the other side went away")
        for message in decoder.feed(piece):
            return message
        wanted = decoder.missing()
