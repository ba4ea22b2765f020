"""The PyTorch LSTM from scratch against torch.nn.LSTM, and the two steps against each other."""

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_course import nets, scratch

torch.set_num_threads(1)

sizes = st.integers(1, 6)


@settings(max_examples=30, deadline=None, derandomize=True, database=None)
@example(N=1, T=1, D=1, H=1, seed=0)
@given(N=sizes, T=sizes, D=sizes, H=sizes, seed=st.integers(0, 2**32 - 1))
def test_equals_torch(N, T, D, H, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        reference = torch.nn.LSTM(D, H, batch_first=True).double()
        x, dy = torch.randn(N, T, D).double(), torch.randn(N, T, H).double()
        h0, c0, dh, dc = torch.randn(4, 1, N, H).double()
    ours = nets.LSTM(D, H).double()
    ours.load_state_dict(reference.state_dict())

    found = []
    for layer in (ours, reference):
        given_x, given_h, given_c = (array.clone().requires_grad_() for array in (x, h0, c0))
        y, (h, c) = layer(given_x, (given_h, given_c))
        torch.autograd.backward([y, h, c], [dy, dh, dc])
        found.append([y, h, c, given_x.grad, given_h.grad, given_c.grad, *(p.grad for p in layer.parameters())])
    for mine, theirs in zip(*found, strict=True):
        assert mine.shape == theirs.shape
        torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-10)


def test_state_dict_goes_back_and_float32():
    ours, reference = nets.LSTM(3, 4), torch.nn.LSTM(3, 4, batch_first=True)
    reference.load_state_dict(ours.state_dict())
    x = torch.randn(2, 50, 3)
    torch.testing.assert_close(ours(x)[0], reference(x)[0], rtol=0, atol=1e-5)


def run(layer, x, state, dy, dstate, **options):
    """All results of a forward and a backward pass, in order."""
    layer.zero_grad()
    x, *state = (tensor.clone().requires_grad_() for tensor in (x, *state))
    y, final = layer(x, tuple(state), **options)
    torch.autograd.backward([y, *final], [dy, *dstate])
    return [y, *final, x.grad, *(tensor.grad for tensor in state), *(p.grad.clone() for p in layer.parameters())]


def run_packed(layer, x, state, dy, dstate, lengths):
    packed = torch.nn.utils.rnn.pack_padded_sequence

    def forward(x, state):
        y, final = layer(packed(x, lengths, batch_first=True, enforce_sorted=False), state)
        return torch.nn.utils.rnn.pad_packed_sequence(y, batch_first=True, total_length=x.shape[1])[0], final

    forward.zero_grad, forward.parameters = layer.zero_grad, layer.parameters
    return run(forward, x, state, dy, dstate)


def draw(N, T, D, H, seed):
    """A layer of ours, PyTorch's with the same parameters, and the arguments of `run`."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        ours, reference = nets.LSTM(D, H).double(), torch.nn.LSTM(D, H, batch_first=True).double()
        x, dy = torch.randn(N, T, D).double(), torch.randn(N, T, H).double()
        states = torch.randn(4, 1, N, H).double()
    reference.load_state_dict(ours.state_dict())
    return ours, reference, (x, states[:2], dy, states[2:])


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@example(N=1, T=1, D=1, H=1, seed=0)
@given(N=sizes, T=st.integers(1, 9), D=sizes, H=sizes, seed=st.integers(0, 2**32 - 1))
def test_masks_equal_packed_sequences(N, T, D, H, seed):
    ours, reference, arrays = draw(N, T, D, H, seed)
    lengths = torch.from_numpy(np.random.default_rng(seed).integers(1, T + 1, N))
    mask = torch.arange(T) < lengths[:, None]
    for kind in (mask, mask.int()):
        for mine, theirs in zip(
            run(ours, *arrays, mask=kind), run_packed(reference, *arrays, lengths=lengths), strict=True
        ):
            torch.testing.assert_close(mine, theirs, rtol=0, atol=1e-10)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(N=sizes, T=st.integers(1, 9), seed=st.integers(0, 2**32 - 1))
def test_masks_anywhere_equal_those_of_scratch(N, T, seed):
    ours, _, (x, state, dy, dstate) = draw(N, T, 3, 4, seed)
    mask = np.random.default_rng(seed).random((N, T)) < 0.5  # some samples have no step that counts
    y, h, c, dx, dh, dc, *gradients = run(ours, x, state, dy, dstate, mask=torch.from_numpy(mask))

    layer = scratch.LSTM(3, 4)
    for name, parameter in ours.named_parameters():
        layer.parameters[name][...] = parameter.detach()
    wanted_y, wanted_states = layer(x.numpy(), tuple(state.numpy()), mask=mask)
    wanted_dx, wanted_dstates = layer.backward(dy.numpy(), tuple(dstate.numpy()))
    wanted = [wanted_y, *wanted_states, wanted_dx, *wanted_dstates, *layer.gradients.values()]
    for mine, theirs in zip((y, h, c, dx, dh, dc, *gradients), wanted, strict=True):
        np.testing.assert_allclose(mine.detach(), theirs, rtol=0, atol=1e-10)


@pytest.mark.parametrize("content", [-7.0, 1e308])
def test_what_stands_at_masked_steps_changes_nothing(content):
    ours, _, (x, *others) = draw(5, 8, 3, 4, 0)
    with torch.no_grad():
        ours.weight_ih_l0 *= 10  # the largest numbers there are come out of a product as NaN
    mask = torch.from_numpy(np.random.default_rng(0).random((5, 8)) < 0.6)
    before = run(ours, x, *others, mask=mask)
    for mine, theirs in zip(
        run(ours, torch.where(mask[:, :, None], x, content), *others, mask=mask), before, strict=True
    ):
        assert torch.equal(mine, theirs)


def test_starts_like_torch():
    with torch.random.fork_rng():
        torch.manual_seed(7)
        ours = nets.LSTM(3, 4)
        torch.manual_seed(7)
        reference = torch.nn.LSTM(3, 4)
    for mine, theirs in zip(ours.parameters(), reference.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=0, atol=0)


def test_forget_bias():
    layer = nets.LSTM(3, 4, forget_bias=2.5)
    bias = (layer.bias_ih_l0 + layer.bias_hh_l0).detach()
    assert (bias[4:8] == 2.5).all() and not (bias[:4] == 2.5).any() and not (bias[8:] == 2.5).any()
    assert all(parameter.requires_grad for parameter in layer.parameters())


def test_step_equals_the_step_in_numpy():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in ((2, 3), (2, 4), (2, 4), (16, 7), (16,))]
    h, c, _ = scratch.lstm_step(*arrays)
    torch_h, torch_c = nets.lstm_step(*map(torch.from_numpy, arrays))
    np.testing.assert_allclose(torch_h, h, rtol=0, atol=1e-14)
    np.testing.assert_allclose(torch_c, c, rtol=0, atol=1e-14)


def test_carried_state():
    layer, x = nets.LSTM(3, 4).double(), torch.randn(2, 9, 3).double()
    whole, (h, c) = layer(x)
    first, state = layer(x[:, :4])
    second, (h2, c2) = layer(x[:, 4:], state)
    torch.testing.assert_close(torch.cat([first, second], dim=1), whole, rtol=0, atol=1e-14)
    torch.testing.assert_close(h2, h, rtol=0, atol=1e-14)
    torch.testing.assert_close(c2, c, rtol=0, atol=1e-14)


def forward(x=None, **given):
    return nets.LSTM(3, 4)(torch.ones(2, 5, 3) if x is None else x, **given)


def step(**changes):
    shapes = {"x": (2, 3), "h": (2, 4), "c": (2, 4), "W": (16, 7), "b": (16,)}
    return nets.lstm_step(**({name: torch.ones(shape) for name, shape in shapes.items()} | changes))


@pytest.mark.parametrize(
    "function, given, name, came",
    [
        (nets.LSTM, {"input_size": 0, "hidden_size": 4}, "input_size", "0"),
        (nets.LSTM, {"input_size": 3, "hidden_size": 4.0}, "hidden_size", "4.0"),
        (nets.LSTM, {"input_size": 3, "hidden_size": 4, "forget_bias": "one"}, "forget_bias", "'one'"),
        (nets.LSTM, {"input_size": 3, "hidden_size": 4, "forget_bias": float("nan")}, "forget_bias", "nan"),
        (forward, {"x": np.ones((2, 5, 3))}, "x", "ndarray"),
        (forward, {"x": torch.ones(5, 3)}, "x", "(5, 3)"),
        (forward, {"x": torch.ones(2, 5, 4)}, "x", "(2, 5, 4)"),
        (forward, {"x": torch.ones(2, 0, 3)}, "x", "(2, 0, 3)"),
        (forward, {"x": torch.ones(2, 5, 3, dtype=int)}, "x", "int64"),
        (forward, {"x": torch.full((2, 5, 3), float("nan"))}, "x", "NaN"),
        (forward, {"x": torch.ones(2, 5, 3).double()}, "x", "float64"),
        (forward, {"state": torch.ones(1, 2, 4)}, "state", "Tensor"),
        (forward, {"state": (torch.ones(1, 2, 4), torch.ones(1, 3, 4))}, "c in state", "(1, 3, 4)"),
        (forward, {"state": (torch.ones(1, 2, 4), torch.ones(1, 2, 4).double())}, "c in state", "float64"),
        (forward, {"mask": np.ones((2, 5), bool)}, "mask", "ndarray"),
        (forward, {"mask": torch.ones(2, 6)}, "mask", "(2, 6)"),
        (forward, {"mask": torch.full((2, 5), 2)}, "mask", "int64"),
        (forward, {"mask": torch.full((2, 5), float("nan"))}, "mask", "float32"),
        (step, {"h": torch.ones(3, 4)}, "h", "(3, 4)"),
        (step, {"c": torch.ones(2, 5)}, "c", "(2, 5)"),
        (step, {"W": torch.ones(7, 16)}, "W", "(7, 16)"),
        (step, {"b": torch.ones(4)}, "b", "(4,)"),
    ],
)
def test_bad_input_is_said_in_one_sentence(function, given, name, came):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence
