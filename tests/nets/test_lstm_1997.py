"""The cell without a forget gate against its equations, written out with f = 1."""

import copy
import pickle

import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_course import nets

torch.set_num_threads(1)

sizes = st.integers(1, 5)


class WrittenOut(torch.nn.Module):
    """The equations, step by step, with the parameters of the layer."""

    def __init__(self, layer):
        super().__init__()
        self.layers = layer.num_layers
        for name, parameter in layer.named_parameters():
            setattr(self, name, torch.nn.Parameter(parameter.detach().clone()))

    def forward(self, x, state):
        last_h, last_c = [], []
        for k in range(self.layers):
            W_ih, W_hh, b_ih, b_hh = (
                getattr(self, f"{name}_l{k}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            h, c, y = state[0][k], state[1][k], []
            for t in range(x.shape[1]):
                i, g, o = (x[:, t] @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(3, dim=1)
                c = c + torch.sigmoid(i) * torch.tanh(g)
                h = torch.sigmoid(o) * torch.tanh(c)
                y.append(h)
            x = torch.stack(y, dim=1)
            last_h.append(h)
            last_c.append(c)
        return x, (torch.stack(last_h), torch.stack(last_c))


def draw(N, T, D, H, layers, seed):
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layer = nets.LSTM1997(D, H, layers).double()
        x, dy = torch.randn(N, T, D).double(), torch.randn(N, T, H).double()
        state, dstate = torch.randn(2, 2, layers, N, H).double()
    return layer, x, state, dy, dstate


def run(layer, x, state, dy, dstate):
    layer.zero_grad()
    x, h, c = (tensor.clone().requires_grad_() for tensor in (x, *state))
    y, final = layer(x, (h, c))
    torch.autograd.backward([y, *final], [dy, *dstate])
    return [y, *final, x.grad, h.grad, c.grad, *(p.grad for p in layer.parameters())]


def assert_same(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        scale = max(1, other.abs().max().item())
        torch.testing.assert_close(mine / scale, other / scale, rtol=0, atol=1e-10)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@example(N=1, T=1, D=1, H=1, layers=1, seed=0)
@given(N=sizes, T=st.integers(1, 12), D=sizes, H=sizes, layers=st.integers(1, 3), seed=st.integers(0, 2**32 - 1))
def test_equals_the_equations(N, T, D, H, layers, seed):
    layer, *arrays = draw(N, T, D, H, layers, seed)
    assert_same(run(layer, *arrays), run(WrittenOut(layer), *arrays))


def test_equals_the_equations_after_adam_with_weight_decay():
    layer, *arrays = draw(4, 30, 3, 5, 2, seed=0)
    reference = WrittenOut(layer)
    optimisers = [torch.optim.AdamW(m.parameters(), lr=0.05, weight_decay=0.5) for m in (layer, reference)]
    before = layer.weight_hh_l0.detach().clone()
    for _ in range(20):
        for model, optimiser in zip((layer, reference), optimisers, strict=True):
            run(model, *arrays)
            optimiser.step()
    assert (layer.weight_hh_l0 - before).abs().max() > 0.1
    assert_same(list(layer.parameters()), list(reference.parameters()))
    assert_same(run(layer, *arrays), run(reference, *arrays))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_nothing_is_ever_forgotten(dtype):
    layer = nets.LSTM1997(1, 3).to(dtype)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
    c0 = torch.tensor([[[0.3, -2.0, 1.0]]], dtype=dtype, requires_grad=True)
    x = torch.ones(1, 1000, 1, dtype=dtype)
    _, (_, c) = layer(x, (torch.zeros_like(c0), c0))
    c.sum().backward()
    assert torch.equal(c, c0) and torch.equal(c0.grad, torch.ones_like(c0))


def test_the_rows_are_i_g_o_and_the_forget_gate_has_none():
    layer = nets.LSTM1997(3, 5, num_layers=2)
    assert {name: tuple(p.shape) for name, p in layer.named_parameters()} == {
        "weight_ih_l0": (15, 3),
        "weight_hh_l0": (15, 5),
        "bias_ih_l0": (15,),
        "bias_hh_l0": (15,),
        "weight_ih_l1": (15, 5),
        "weight_hh_l1": (15, 5),
        "bias_ih_l1": (15,),
        "bias_hh_l1": (15,),
    }
    values = torch.cat([p.flatten() for p in layer.parameters()]).abs()
    assert 0.4 < values.max() <= 5**-0.5


def test_float32_is_that_of_float64():
    layer, x, *_ = draw(2, 40, 3, 5, 1, seed=1)
    y, _ = layer(x)
    torch.testing.assert_close(layer.float()(x.float())[0].double(), y, rtol=0, atol=1e-5)


def test_copies_of_every_kind_are_the_same_layer():
    layer, x, *_ = draw(2, 6, 3, 5, 2, seed=2)
    y, _ = layer(x)
    loaded = nets.LSTM1997(3, 5, num_layers=2).double()
    loaded.load_state_dict(layer.state_dict())
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)), loaded, layer.float().double()):
        torch.testing.assert_close(other(x)[0], y, rtol=0, atol=1e-6)
    copied = copy.deepcopy(layer)
    with torch.no_grad():
        copied.bias_ih_l0 += 1
    torch.testing.assert_close(layer(x)[0], y, rtol=0, atol=1e-6)


def forward(x=None, **given):
    return nets.LSTM1997(3, 4, num_layers=2)(torch.ones(2, 5, 3) if x is None else x, **given)


@pytest.mark.parametrize(
    "function, given, name, came",
    [
        (nets.LSTM1997, {"input_size": 0, "hidden_size": 4}, "input_size", "0"),
        (nets.LSTM1997, {"input_size": 3, "hidden_size": True}, "hidden_size", "True"),
        (nets.LSTM1997, {"input_size": 3, "hidden_size": 4, "num_layers": 0}, "num_layers", "0"),
        (forward, {"x": torch.ones(5, 3)}, "x", "(5, 3)"),
        (forward, {"x": torch.ones(2, 5, 3).double()}, "x", "float64"),
        (forward, {"x": torch.full((2, 5, 3), float("inf"))}, "x", "infinity"),
        (forward, {"state": torch.ones(2, 2, 4)}, "state", "Tensor"),
        (forward, {"state": (torch.ones(1, 2, 4), torch.ones(1, 2, 4))}, "h in state", "(1, 2, 4)"),
    ],
)
def test_bad_input_is_said_in_one_sentence(function, given, name, came):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence
