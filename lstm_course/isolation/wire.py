"""Messages between the judge and a process that runs a learner's cells: a JSON head, then the bytes of its arrays.

The judge reads what a hostile process may have written. Nothing is unpickled or unzipped, no message may be longer than
its bound, and an array consists of exactly the bytes that arrived.
"""

import json
import math
import struct

import numpy as np

HEAD = struct.Struct("<II")  # length of the JSON text, and of all arrays, in bytes
LARGEST_HEAD = 64 << 20
LARGEST_JOB = 256 << 20
KINDS = "fiub"  # real numbers, integers, booleans


class BadMessage(ValueError):
    """The bytes are not a valid message."""


def encode(content, arrays=None):
    """Encode a message as bytes.

    Parameters
    ----------
    content : object
        Anything that `json.dumps` accepts.
    arrays : dict of str to numpy.ndarray, optional
        Of real numbers, integers or booleans.
    """
    arrays = {name: np.asarray(array, order="C") for name, array in (arrays or {}).items()}
    described = [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()]
    head = json.dumps({"content": content, "arrays": described}).encode()
    body = b"".join(array.tobytes() for array in arrays.values())
    return HEAD.pack(len(head), len(body)) + head + body


class Decoder:
    """Decodes messages from bytes that arrive in pieces of any size.

    Parameters
    ----------
    most_bytes : int
        Bound on the length of all messages together; more is a `BadMessage`.
    largest_head : int
        Bound on the length of the JSON text of each message. Parsed, it can take thirty times as much memory.
    """

    def __init__(self, most_bytes, largest_head=LARGEST_HEAD):
        self._left, self._largest_head, self._buffer = most_bytes, largest_head, bytearray()

    def missing(self):
        """Number of bytes that complete the current message, or its head."""
        if len(self._buffer) < HEAD.size:
            return HEAD.size - len(self._buffer)
        return HEAD.size + sum(HEAD.unpack_from(self._buffer)) - len(self._buffer)

    def feed(self, piece):
        """Add some bytes, and yield the content and the arrays of each message that they complete.

        Raises
        ------
        BadMessage
            If the bytes are not a message, or too many.
        """
        self._left -= len(piece)
        if self._left < 0:
            raise BadMessage("the messages are longer in total than allowed")
        self._buffer += piece
        while len(self._buffer) >= HEAD.size:
            head, body = HEAD.unpack_from(self._buffer)
            if head > self._largest_head or head + body > self._left + len(self._buffer):
                raise BadMessage("a message claims to be longer than allowed")
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
        arrays, offset = {}, 0
        for name, type_code, shape in described:
            dtype = np.dtype(type_code) if isinstance(type_code, str) and len(type_code) < 8 else None
            if dtype is None or dtype.kind not in KINDS or len(shape) > 32:
                raise BadMessage("an array does not hold real numbers, integers or booleans")
            if not all(type(length) is int and length >= 0 for length in shape):
                raise BadMessage("an array has an invalid shape")
            size = math.prod(shape)
            if size * dtype.itemsize > len(numbers) - offset:
                raise BadMessage("an array claims more bytes than arrived")
            arrays[str(name)] = np.frombuffer(numbers, dtype, size, offset).reshape(shape).copy()
            offset += size * dtype.itemsize
    except BadMessage:
        raise
    except Exception as problem:  # a text can be broken in many ways, each with its own exception
        raise BadMessage(type(problem).__name__) from None
    return content, arrays


def receive(read, most_bytes):
    """Read one message and nothing beyond it.

    Parameters
    ----------
    read : callable
        Called with a number of bytes, returns at most that many; none at the end.
    most_bytes : int

    Returns
    -------
    content : object
    arrays : dict of str to numpy.ndarray

    Raises
    ------
    BadMessage
    """
    decoder = Decoder(most_bytes)
    missing = HEAD.size
    while True:
        data = read(missing)
        if not data:
            raise BadMessage("the connection was closed before the message was complete")
        for message in decoder.feed(data):
            return message
        missing = decoder.missing()
