"""Which device is chosen, and what is moved there."""

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest
import torch

from lstm_course import nets
from lstm_course.nets import device

Pair = namedtuple("Pair", "x target")
META = torch.device("meta")  # a device that every machine has; its tensors hold no numbers


@dataclass
class Batch:
    x: torch.Tensor


@pytest.mark.parametrize(
    "cuda, mps, dtype, wanted",
    [
        (True, True, torch.float64, "cuda"),
        (False, True, torch.float32, "mps"),
        (False, True, torch.float64, "cpu"),
        (False, False, torch.float32, "cpu"),
    ],
)
def test_auto_takes_the_fastest(monkeypatch, cuda, mps, dtype, wanted):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
    assert device.choose("auto", torch.nn.Linear(1, 1, dtype=dtype)) == torch.device(wanted)


def test_a_device_by_name():
    model = torch.nn.Linear(1, 1)
    assert device.choose("cpu", model) == device.choose(torch.device("cpu"), model) == torch.device("cpu")


@pytest.mark.parametrize("wrong", ["gpu", "cuda:99", None, 1.5, ["cpu"]])
def test_a_device_that_is_not_there(wrong):
    with pytest.raises(ValueError, match="^device: wanted 'auto' or a device of this machine, got ") as raised:
        device.choose(wrong, torch.nn.Linear(1, 1))
    assert repr(wrong) in str(raised.value)


def test_tensors_move_wherever_they_are():
    x = torch.ones(2)
    batch = {"x": x, "more": [x, (x, Pair(x, 3))], "name": "a"}
    moved = nets.move(batch, META)
    assert moved["x"].device == moved["more"][0].device == moved["more"][1][0].device == META
    pair = moved["more"][1][1]
    assert type(pair) is Pair and pair.x.device == META and pair.target == 3
    assert moved["name"] == "a" and moved.keys() == batch.keys()
    assert x.device.type == batch["more"][0].device.type == "cpu"  # what was given is as it was


def test_packed_sequences_move_whole():
    packed = torch.nn.utils.rnn.pack_sequence([torch.ones(3, 2), torch.ones(1, 2)])
    moved = nets.move([packed], META)[0]
    assert moved.data.device == META and moved.batch_sizes.device.type == "cpu"


@pytest.mark.parametrize("other", [np.ones(2), Batch(torch.ones(1)), 3, None, "text"])
def test_all_else_is_handed_on_as_it_is(other):
    assert nets.move(other, META) is other
    assert nets.move([other], META)[0] is other
