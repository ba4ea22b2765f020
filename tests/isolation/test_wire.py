"""Messages between the judge and a confined process: valid ones arrive unchanged, and invalid ones do no harm."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from lstm_course.isolation import wire

MOST = 1 << 20


def decoded(data, pieces=1, most=MOST):
    decoder, messages = wire.Decoder(most), []
    size = max(1, len(data) // pieces)
    for start in range(0, len(data), size):
        messages += decoder.feed(data[start : start + size])
    return messages


def raw(head, body=b"", head_bytes=None, body_bytes=None):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    sizes = len(text) if head_bytes is None else head_bytes, len(body) if body_bytes is None else body_bytes
    return wire.HEAD.pack(*sizes) + text + body


@given(
    st.lists(
        arrays_of.arrays(
            st.sampled_from([">f8", "<f4", "<i8", "|b1", "<u2", "<f2"]),
            arrays_of.array_shapes(min_dims=0, min_side=0, max_side=4),
        ),
        max_size=4,
    ),
    st.integers(1, 50),
)
def test_messages_arrive_unchanged_in_pieces_of_any_size(sent, pieces):
    named = {f"a{k}": array for k, array in enumerate(sent)}
    messages = decoded(wire.encode({"n": 1}, named) + wire.encode(["next"]), pieces)
    assert [content for content, _ in messages] == [{"n": 1}, ["next"]]
    back = messages[0][1]
    assert list(back) == list(named)
    for name, array in named.items():
        assert back[name].dtype == array.dtype and back[name].shape == array.shape
        assert back[name].tobytes() == array.tobytes()
        assert back[name].flags.writeable and back[name].flags.owndata


@given(st.binary(max_size=200), st.integers(1, 9))
def test_noise_is_refused_or_waits_for_more(data, pieces):
    try:
        decoded(data, pieces)
    except wire.BadMessage:
        pass


BAD = {
    "no JSON": raw(b"{"),
    "no UTF-8": raw(b"\xff\xfe"),
    "brackets without end": raw(b"[" * 10**5),
    "a list": raw([1, 2]),
    "no arrays": raw({"content": 1}),
    "objects": raw({"content": 1, "arrays": [["a", "|O", [1]]]}, bytes(8)),
    "text": raw({"content": 1, "arrays": [["a", "<U1", [1]]]}, bytes(4)),
    "a structure": raw({"content": 1, "arrays": [["a", "f8,f8", [1]]]}, bytes(16)),
    "dates": raw({"content": 1, "arrays": [["a", "<M8[s]", [1]]]}, bytes(8)),
    "complex numbers": raw({"content": 1, "arrays": [["a", "<c16", [1]]]}, bytes(16)),
    "a type that is none": raw({"content": 1, "arrays": [["a", "f99", [1]]]}, bytes(8)),
    "a negative length": raw({"content": 1, "arrays": [["a", "<f8", [-1]]]}, bytes(8)),
    "half a length": raw({"content": 1, "arrays": [["a", "<f8", [0.5]]]}, bytes(8)),
    "a boolean length": raw({"content": 1, "arrays": [["a", "<f8", [True]]]}, bytes(8)),
    "more numbers than came": raw({"content": 1, "arrays": [["a", "<f8", [2]]]}, bytes(8)),
    "far more numbers than came": raw({"content": 1, "arrays": [["a", "<f8", [10**9, 10**9]]]}, bytes(8)),
    "too many axes": raw({"content": 1, "arrays": [["a", "<f8", [1] * 65]]}, bytes(8)),
    "a head that is too long": raw(b"", head_bytes=2**32 - 1),
    "a body that is too long": raw({"content": 1, "arrays": []}, body_bytes=2**32 - 1),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_an_invalid_message_is_refused(data):
    with pytest.raises(wire.BadMessage):
        decoded(data)


def test_messages_before_an_invalid_one_are_delivered():
    messages = []
    with pytest.raises(wire.BadMessage):
        for message in wire.Decoder(MOST).feed(wire.encode({"cell": 3}) + raw(b"{")):
            messages.append(message)
    assert [content for content, _ in messages] == [{"cell": 3}]


def test_a_head_has_a_bound_of_its_own():
    message = wire.encode({"text": "x" * 1000})
    assert len(list(wire.Decoder(MOST, largest_head=2000).feed(message))) == 1
    with pytest.raises(wire.BadMessage, match="claims to be longer"):
        list(wire.Decoder(MOST, largest_head=1000).feed(message))


def test_all_messages_together_have_a_bound():
    message = wire.encode({}, {"a": np.zeros(1000)})
    decoder = wire.Decoder(3 * len(message))
    for _ in range(3):
        assert len(list(decoder.feed(message))) == 1
    with pytest.raises(wire.BadMessage, match="longer in total than allowed"):
        list(decoder.feed(message))


def test_an_empty_array_of_any_shape_takes_no_room():
    content = {"content": 1, "arrays": [["a", "<f8", [10**9, 0]]]}
    ((_, arrays),) = decoded(raw(content))
    assert arrays["a"].shape == (10**9, 0)


def test_receive_reads_one_message_and_not_a_byte_of_the_next():
    sent = wire.encode({"first": 1}, {"a": np.arange(3)}) + wire.encode({"second": 2})
    position = 0

    def read(size):
        nonlocal position
        position += min(size, 5)
        return sent[position - min(size, 5) : position]

    content, arrays = wire.receive(read, MOST)
    assert content == {"first": 1} and arrays["a"].tolist() == [0, 1, 2]
    assert sent[position:] == wire.encode({"second": 2})


def test_receive_raises_when_the_connection_is_closed():
    with pytest.raises(wire.BadMessage, match="connection was closed"):
        wire.receive(lambda size: b"", MOST)


def test_a_head_is_two_numbers():
    assert wire.HEAD.size == struct.calcsize("<II")
