"""Initial parameters in PyTorch: the same numbers as in NumPy, and only those."""

import copy

import numpy as np
import pytest
import torch

from lstm_course import nets, scratch
from lstm_course.nets import initialise
from lstm_course.scratch import initialise as in_numpy

PAIRS = {
    "lstm": (torch.nn.LSTM, scratch.LSTM),
    "gru": (torch.nn.GRU, scratch.GRU),
    "rnn": (torch.nn.RNN, scratch.RNN),
}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(
    "kind, function, options",
    [
        ("lstm", "orthogonal", {"seed": 3}),
        ("gru", "orthogonal", {"gain": 0.5, "seed": 4}),
        ("rnn", "orthogonal", {}),
        ("lstm", "forget_bias", {"value": 1}),
        ("lstm", "chrono", {"longest": 50, "seed": 5}),
    ],
)
def test_the_same_numbers_as_in_numpy(kind, dtype, function, options):
    in_torch, in_scratch = PAIRS[kind]
    layer = in_torch(3, 4, num_layers=2, bidirectional=True, dtype=dtype)
    reference = in_scratch(3, 4, num_layers=2, bidirectional=True, dtype=str(dtype).removeprefix("torch."))
    for name, parameter in layer.named_parameters():
        reference.parameters[name][...] = parameter.detach().numpy()
    getattr(initialise, function)(layer, **options)
    getattr(in_numpy, function)(reference, **options)
    for name, parameter in layer.named_parameters():
        assert parameter.dtype == dtype and parameter.requires_grad and parameter.grad is None
        np.testing.assert_array_equal(parameter.detach().numpy(), reference.parameters[name], err_msg=name)


def test_only_what_is_spoken_of_changes():
    layer = nets.LSTM(3, 4)
    before = copy.deepcopy(layer.state_dict())
    initialise.orthogonal(layer)
    changed = {name for name, value in layer.state_dict().items() if not torch.equal(value, before[name])}
    assert changed == {"weight_hh_l0"}


def test_layers_of_this_part():
    layer, other = nets.LSTM(3, 4), nets.LSTM1997(3, 4, num_layers=2)
    initialise.forget_bias(layer, 2)
    assert torch.equal(layer.bias_ih_l0[4:8], torch.full((4,), 2.0)) and not layer.bias_hh_l0[4:8].any()
    initialise.orthogonal(other, gain=2)
    for weight in (other.weight_hh_l0, other.weight_hh_l1):
        for block in weight.chunk(3):
            torch.testing.assert_close(block @ block.T, 4 * torch.eye(4), rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    "function, given, name, came",
    [
        ("orthogonal", {"layer": torch.nn.Linear(2, 3)}, "layer", "Linear"),
        ("orthogonal", {"layer": None}, "layer", "NoneType"),
        ("orthogonal", {"layer": torch.nn.LSTM(2, 3, proj_size=1)}, "layer", "proj_size=1"),
        ("orthogonal", {"layer": torch.nn.LSTM(2, 3), "gain": 0}, "gain", "0"),
        ("orthogonal", {"layer": torch.nn.LSTM(2, 3), "seed": -1}, "seed", "-1"),
        ("forget_bias", {"layer": torch.nn.LSTM(2, 3, bias=False), "value": 1}, "layer", "bias=False"),
        ("forget_bias", {"layer": torch.nn.GRU(2, 3), "value": 1}, "layer", "GRU with r, z, n"),
        ("forget_bias", {"layer": nets.LSTM1997(2, 3), "value": 1}, "layer", "LSTM1997 with i, g, o"),
        ("forget_bias", {"layer": torch.nn.LSTM(2, 3), "value": "one"}, "value", "'one'"),
        ("chrono", {"layer": torch.nn.RNN(2, 3), "longest": 9}, "layer", "RNN with h"),
        ("chrono", {"layer": torch.nn.LSTM(2, 3), "longest": 1}, "longest", "1"),
    ],
)
def test_bad_input_is_said_in_one_sentence_and_changes_nothing(function, given, name, came):
    layer = given["layer"]
    before = copy.deepcopy(layer.state_dict()) if layer is not None else {}
    with pytest.raises(ValueError) as raised:
        getattr(initialise, function)(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence
    for key, value in before.items():
        assert torch.equal(layer.state_dict()[key], value)


@pytest.mark.parametrize("function, value", [("forget_bias", 1.5), ("chrono", 20)])
def test_biases_that_are_one_parameter_cannot_start_from_two_values(function, value):
    layer = torch.nn.LSTM(3, 4)
    layer.bias_hh_l0 = layer.bias_ih_l0
    ours = scratch.LSTM(3, 4)
    ours.parameters["bias_hh_l0"] = ours.parameters["bias_ih_l0"]
    before = layer.bias_ih_l0.detach().clone(), ours.parameters["bias_ih_l0"].copy()
    sentence = "^layer: wanted a parameter bias_hh_l0 beside bias_ih_l0, got one tied to the first$"
    for where, each in ((initialise, layer), (in_numpy, ours)):
        with pytest.raises(ValueError, match=sentence):
            getattr(where, function)(each, value)
    assert torch.equal(layer.bias_ih_l0, before[0]) and (ours.parameters["bias_ih_l0"] == before[1]).all()


def test_a_bias_that_is_no_parameter_is_missed():
    layer = torch.nn.LSTM(3, 4)
    del layer.bias_hh_l0
    layer.register_buffer("bias_hh_l0", torch.ones(16))
    with pytest.raises(ValueError, match="^layer: wanted a parameter bias_hh_l0 beside bias_ih_l0, got none$"):
        initialise.forget_bias(layer, 1)


def test_directions_that_share_their_biases_start_from_the_same():
    layer = torch.nn.LSTM(3, 4, bidirectional=True)
    layer.bias_ih_l0_reverse, layer.bias_hh_l0_reverse = layer.bias_ih_l0, layer.bias_hh_l0
    initialise.forget_bias(layer, 1.5)
    assert (layer.bias_ih_l0_reverse + layer.bias_hh_l0_reverse)[4:8].tolist() == [1.5] * 4
    assert layer.bias_ih_l0_reverse is layer.bias_ih_l0
