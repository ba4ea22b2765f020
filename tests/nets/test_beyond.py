"""Layers beyond the LSTM, each against an independent judge."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lstm_course.nets import LSTM, families
from lstm_course.nets.beyond import (
    MLSTM,
    SLSTM,
    CausalAttention,
    InputGatedLSTM,
    MinLSTM,
    Transformer,
    TransformerBlock,
    loop,
    positions,
    scan,
)

EVERY = (
    lambda: TransformerBlock(6),
    lambda: Transformer(6, 2),
    lambda: MinLSTM(6, 6),
    lambda: MinLSTM(6, 6, signed=True),
    lambda: MinLSTM(6, 6, normalised=False),
    lambda: InputGatedLSTM(6, 6),
    lambda: InputGatedLSTM(6, 6, signed=True),
    lambda: SLSTM(6, 6),
    lambda: MLSTM(6),
    lambda: families.PlainLSTM(6, 6),
    lambda: families.AttentiveLSTM(6, 6),
)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


@pytest.mark.parametrize("make", EVERY)
def test_no_step_sees_a_later_one(make):
    layer, x = make(), torch.randn(3, 9, 6)
    other = x.clone()
    other[:, 5:] = torch.randn(3, 4, 6)
    y, changed = layer(x), layer(other)
    torch.testing.assert_close(y[:, :5], changed[:, :5])
    assert not torch.allclose(y[:, 5], changed[:, 5])


def test_the_transformer_block_is_that_of_pytorch():
    block, x = TransformerBlock(12, heads=3, widen=2), torch.randn(4, 7, 12)
    judge = nn.TransformerEncoderLayer(12, 3, 24, dropout=0.0, activation="gelu", batch_first=True, norm_first=True)
    ours = {
        "self_attn.in_proj_weight": block.mixer.qkv.weight,
        "self_attn.in_proj_bias": block.mixer.qkv.bias,
        "self_attn.out_proj.weight": block.mixer.out.weight,
        "self_attn.out_proj.bias": block.mixer.out.bias,
        "linear1.weight": block.mlp[0].weight,
        "linear1.bias": block.mlp[0].bias,
        "linear2.weight": block.mlp[2].weight,
        "linear2.bias": block.mlp[2].bias,
    }
    judge.load_state_dict(judge.state_dict() | ours)
    mask = nn.Transformer.generate_square_subsequent_mask(7)
    torch.testing.assert_close(block(x), judge(x, src_mask=mask, is_causal=True), rtol=1e-4, atol=1e-5)


def test_attention_weights_are_shares_of_the_past():
    _, weights = CausalAttention(6, heads=2).attend(torch.randn(3, 5, 6))
    assert weights.shape == (3, 2, 5, 5) and not weights.triu(1).any()
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(3, 2, 5))


def test_positions_against_the_formula_and_what_they_change():
    table = positions(30, 8).numpy()
    for t in (0, 1, 29):
        for j in range(4):
            angle = t / 10_000 ** (2 * j / 8)
            assert table[t, 2 * j : 2 * j + 2] == pytest.approx([np.sin(angle), np.cos(angle)], abs=1e-5)
    x = torch.randn(1, 6, 8)
    order = torch.tensor([3, 1, 4, 0, 2, 5])  # the last step stays
    without = Transformer(8, 1, positions=False)
    torch.testing.assert_close(without(x)[:, -1], without(x[:, order])[:, -1])
    without.positions = True
    assert not torch.allclose(without(x)[:, -1], without(x[:, order])[:, -1], atol=1e-3)


@pytest.mark.parametrize("T", [1, 2, 3, 8, 13, 64])
def test_the_scan_is_the_loop(T):
    a, b = (torch.randn(2, T, 3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    torch.testing.assert_close(scan(a, b), loop(a, b))
    weight = torch.randn(2, T, 3, dtype=torch.float64)
    one, other = (
        torch.autograd.grad((states(a, b) * weight).sum(), (a, b), materialize_grads=True) for states in (scan, loop)
    )
    torch.testing.assert_close(one, other)


def test_the_gradient_of_the_scan_against_differences():
    a, b = (torch.randn(1, 6, 2, dtype=torch.float64, requires_grad=True) for _ in range(2))
    assert torch.autograd.gradcheck(scan, (a, b))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("signed, normalised", [(False, True), (False, False), (True, False)])
def test_min_lstm_against_its_equations(signed, normalised):
    layer, x = MinLSTM(3, 4, signed, normalised).double(), torch.randn(1, 8, 3, dtype=torch.float64)
    h, W, b = np.zeros(4), layer.linear.weight.detach().numpy(), layer.linear.bias.detach().numpy()
    for y_t, x_t in zip(layer(x)[0].detach().numpy(), x[0].numpy(), strict=True):
        f, i, g = np.split(W @ x_t + b, 3)
        f, i = np.tanh(f) if signed else sigmoid(f), sigmoid(i)
        h = (f * h + i * g) / ((f + i) if normalised else 1)
        np.testing.assert_allclose(y_t, h, rtol=1e-9)
    torch.testing.assert_close(layer(x), layer(x, parallel=False))


@pytest.mark.parametrize("signed", [False, True])
def test_gates_start_at_the_same_value_with_and_without_a_sign(signed):
    f, _ = MinLSTM(3, 4, signed, normalised=False, keep=0.7).steps(torch.zeros(1, 1, 3))
    torch.testing.assert_close(f, torch.full((1, 1, 4), 0.7))


def test_the_input_gated_lstm_is_an_lstm_without_its_recurrent_weights():
    ours, judge, x = InputGatedLSTM(3, 4), nn.LSTM(3, 4, batch_first=True), torch.randn(2, 9, 3)
    f, i, g, o = ours.linear.weight.detach().chunk(4)
    f_b, i_b, g_b, o_b = ours.linear.bias.detach().chunk(4)
    with torch.no_grad():
        judge.weight_ih_l0.copy_(torch.cat([i, f, g, o]))
        judge.bias_ih_l0.copy_(torch.cat([i_b, f_b, g_b, o_b]))
        judge.weight_hh_l0.zero_()
        judge.bias_hh_l0.zero_()
    torch.testing.assert_close(ours(x), judge(x)[0])


def test_slstm_against_a_loop_without_the_stabiliser():
    layer, x = SLSTM(3, 4).double(), torch.randn(1, 12, 3, dtype=torch.float64)
    W, b, R = (value.detach().numpy() for value in (layer.from_x.weight, layer.from_x.bias, layer.from_h.weight))
    h, c, n = np.zeros(4), np.zeros(4), np.zeros(4)
    for y_t, x_t in zip(layer(x)[0].detach().numpy(), x[0].numpy(), strict=True):
        i, f, z, o = np.split(W @ x_t + R @ h + b, 4)
        c = sigmoid(f) * c + np.exp(i) * np.tanh(z)
        n = sigmoid(f) * n + np.exp(i)
        h = sigmoid(o) * c / n
        np.testing.assert_allclose(y_t, h, rtol=1e-9)


def test_slstm_survives_exponents_that_a_float_does_not():
    layer = SLSTM(3, 4)
    nn.init.constant_(layer.from_x.bias[:4], 500.0)
    y = layer(torch.randn(2, 20, 3))
    assert torch.isfinite(y).all() and (y.abs() < 1).all()
    y.sum().backward()
    assert all(torch.isfinite(weight.grad).all() for weight in layer.parameters())


def test_slstm_gradients_against_differences():
    layer, x = SLSTM(2, 2).double(), torch.randn(1, 5, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(layer, (x,))


def test_mlstm_together_is_mlstm_one_by_one_and_a_loop_without_the_stabiliser():
    layer, x = MLSTM(6, heads=2).double(), torch.randn(2, 11, 6, dtype=torch.float64)
    y = layer(x)
    torch.testing.assert_close(y, layer(x, parallel=False))
    q, k, v = layer.qkv(x).detach().view(2, 11, 3, 2, 3).permute(2, 0, 3, 1, 4).numpy()
    gates, o = layer.gates(x).detach().numpy(), sigmoid(layer.o(x).detach().numpy())
    for sample in range(2):
        for head in range(2):
            C, n = np.zeros((3, 3)), np.zeros(3)
            for t in range(11):
                i, f = np.exp(gates[sample, t, head]), sigmoid(gates[sample, t, 2 + head])
                key, query = k[sample, head, t] / np.sqrt(3), q[sample, head, t]
                C, n = f * C + i * np.outer(v[sample, head, t], key), f * n + i * key
                part = slice(3 * head, 3 * head + 3)
                h = o[sample, t, part] * (C @ query) / max(abs(n @ query), 1)
                np.testing.assert_allclose(y[sample, t, part].detach().numpy(), h, rtol=1e-8, atol=1e-12)


def test_mlstm_gradients_are_the_same_in_both_forms():
    layer, x = MLSTM(4).double(), torch.randn(2, 7, 4, dtype=torch.float64, requires_grad=True)
    for one, other in zip(
        *(torch.autograd.grad(layer(x, parallel=p).square().sum(), (x, *layer.parameters())) for p in (True, False)),
        strict=True,
    ):
        torch.testing.assert_close(one, other)


# --- families ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", families.FAMILIES + families.CONTROLS)
def test_families_have_about_26_000_parameters(family):
    network = families.Network(family, 2, 2)
    assert 25_000 < families.parameters(network) < 27_500
    assert network(torch.randn(3, 5, 2)).shape == (3, 5, 2)


def test_an_lstm_that_attends_against_a_sum_over_steps():
    layer, x = families.AttentiveLSTM(3, 4), torch.randn(1, 6, 3)
    y, h = layer(x)[0], layer.lstm(x)[0]
    torch.testing.assert_close(y[:, :4], h)
    for t in range(6):
        scores = torch.stack([layer.q(h[t]) @ layer.k(h[j]) / 2 for j in range(t + 1)])
        torch.testing.assert_close(y[t, 4:], sum(w * h[j] for j, w in enumerate(scores.softmax(0))))


class Loops(nn.Module):
    """The LSTM of the course, which PyTorch's counter can count, in place of the fused one."""

    def __init__(self, lstm):
        super().__init__()
        self.lstm = LSTM(lstm.input_size, lstm.hidden_size)

    def forward(self, x):
        return self.lstm(x)[0]


@pytest.mark.parametrize("family", families.FAMILIES + families.CONTROLS)
def test_multiply_adds_against_pytorchs_counter(family):
    network, x = families.Network(family, 32, 16), torch.randn(4, 24, 32)
    ours = families.multiply_adds(network, 24)
    for module in list(network.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, families.PlainLSTM):
                setattr(module, name, Loops(child.lstm))
    with FlopCounterMode(display=False) as forwards:
        loss = network(x).square().sum()
    with FlopCounterMode(display=False) as backwards:
        loss.backward()
    assert forwards.get_total_flops() == 2 * 4 * ours  # a multiply-add is two operations
    # The first layer needs no gradient of its input, and the first step of an LSTM none of its state.
    assert 0.9 < backwards.get_total_flops() / (2 * forwards.get_total_flops()) <= 1


@pytest.mark.parametrize(
    "make, name",
    [
        (lambda: MinLSTM(0, 3), "input_size"),
        (lambda: MinLSTM(3, 3, keep=1), "keep"),
        (lambda: MLSTM(6, heads=4), "heads"),
        (lambda: CausalAttention(6, heads=4), "heads"),
        (lambda: positions(3, 5), "size"),
        (lambda: scan(torch.ones(1, 2, 3), torch.ones(1, 3, 3)), "b"),
        (lambda: SLSTM(3, 4)(torch.ones(2, 5, 4)), "x"),
        (lambda: families.Network("GRU", 2, 2), "family"),
        (lambda: families.Network("LSTM", 2, 0), "outputs"),
    ],
)
def test_bad_arguments_are_named(make, name):
    with pytest.raises(ValueError, match=f"^{name}: wanted "):
        make()
