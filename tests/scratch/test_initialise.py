"""Initial parameters: which are set, which stay unchanged, and the effect on the layer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import GRU, LSTM, RNN, VARIANTS, VariantLSTM
from lstm_course.scratch.initialise import chrono, forget_bias, orthogonal, uniform

property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
KINDS = [LSTM, GRU, RNN, VariantLSTM]
DEEP = dict(num_layers=2, bidirectional=True, seed=1)
LAYERS = ("l0", "l0_reverse", "l1", "l1_reverse")


def copies(layer):
    return {name: parameter.copy() for name, parameter in layer.parameters.items()}


def changed(layer, before):
    """The names of the parameters that have changed."""
    return {name for name, parameter in layer.parameters.items() if not np.array_equal(parameter, before[name])}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_uniform(kind, dtype):
    layer = kind(3, 16, dtype=dtype, **DEEP)
    before, arrays = copies(layer), list(layer.parameters.values())
    uniform(layer, seed=5)
    assert changed(layer, before) == set(before)
    assert all(one is other for one, other in zip(arrays, layer.parameters.values(), strict=True))  # in place
    values = np.concatenate([parameter.ravel() for parameter in arrays])
    assert values.dtype == dtype and 0.24 < np.abs(values).max() <= 0.25 and abs(values.mean()) < 0.03
    drawn = copies(layer)
    uniform(layer, bound=0.01, seed=5)
    for name, parameter in layer.parameters.items():  # the same numbers, only smaller
        np.testing.assert_allclose(parameter, drawn[name] * 0.04, rtol=1e-5)
    uniform(layer, seed=6)
    assert changed(layer, drawn) == set(before)


@property_test
@given(kind=st.sampled_from(KINDS), H=st.integers(1, 9), gain=st.floats(0.1, 10), seed=st.integers(0, 2**32 - 1))
def test_orthogonal(kind, H, gain, seed):
    layer = kind(3, H, **DEEP)
    before = copies(layer)
    orthogonal(layer, gain, seed)
    assert changed(layer, before) == {f"weight_hh_{suffix}" for suffix in LAYERS}
    blocks = [
        layer.parameters[f"weight_hh_{suffix}"][k * H : (k + 1) * H]
        for suffix in LAYERS
        for k in range(len(layer.gate_names))
    ]
    for block in blocks:
        np.testing.assert_allclose(block @ block.T, gain**2 * np.eye(H), rtol=0, atol=1e-12 * gain**2)
    if H > 1:
        assert not any(np.allclose(blocks[0], block) for block in blocks[1:])  # each drawn for itself
    again = kind(3, H, **DEEP)
    orthogonal(again, gain, seed)
    assert changed(again, copies(layer)) == set()


def test_no_direction_is_preferred_among_orthogonal_matrices():
    layer = RNN(1, 2000)  # of 2 x 2 blocks, as a GRU with very many gates
    layer.hidden_size, layer.gate_names = 2, tuple(range(1000))
    layer.parameters = {"weight_hh_l0": np.zeros((2000, 2))}
    orthogonal(layer, seed=0)
    matrices = layer.parameters["weight_hh_l0"].reshape(1000, 2, 2)
    # The mean of every entry is 0 and that of its square 1/2; half of the matrices turn, half of them mirror.
    np.testing.assert_allclose(matrices.mean(axis=0), 0, atol=0.08)
    np.testing.assert_allclose((matrices**2).mean(axis=0), 0.5, atol=0.05)
    assert abs(np.linalg.det(matrices).mean()) < 0.1


@pytest.mark.parametrize("variant", [None, *(name for name, parts in VARIANTS.items() if "f" in parts.gates)])
def test_forget_bias(variant):
    layer = LSTM(3, 4, **DEEP) if variant is None else VariantLSTM(3, 4, variant=variant, **DEEP)
    before = copies(layer)
    forget_bias(layer, 1.5)
    start = 4 * layer.gate_names.index("f")
    rows = np.arange(start, start + 4)
    assert changed(layer, before) == {f"bias_{kind}_{suffix}" for kind in ("ih", "hh") for suffix in LAYERS}
    for suffix in LAYERS:
        for kind, value in (("ih", 1.5), ("hh", 0.0)):
            bias, old = layer.parameters[f"bias_{kind}_{suffix}"], before[f"bias_{kind}_{suffix}"]
            np.testing.assert_array_equal(bias[rows], value)
            np.testing.assert_array_equal(np.delete(bias, rows), np.delete(old, rows))


def test_forget_bias_is_what_the_forget_gate_starts_from():
    layer = LSTM(3, 4)
    forget_bias(layer, 2.0)
    layer(np.zeros((1, 1, 3)))  # no input, no state: the biases alone
    np.testing.assert_allclose(layer.activations()["f"], 1 / (1 + np.exp(-2.0)))


def test_chrono():
    layer = LSTM(3, 500, **DEEP)
    before = copies(layer)
    chrono(layer, longest=100, seed=3)
    assert changed(layer, before) == {f"bias_{kind}_{suffix}" for kind in ("ih", "hh") for suffix in LAYERS}
    drawn = []
    for suffix in LAYERS:
        i, f, g, o = np.split(layer.parameters[f"bias_ih_{suffix}"], 4)
        np.testing.assert_array_equal(i, -f)
        assert not g.any() and not o.any() and not layer.parameters[f"bias_hh_{suffix}"].any()
        drawn.append(np.exp(f))
    assert all(1 <= u.min() < 3 and 97 < u.max() <= 99 and abs(u.mean() - 50) < 5 for u in drawn)
    assert not np.array_equal(drawn[0], drawn[1])
    other = LSTM(3, 500, **DEEP)
    chrono(other, longest=100, seed=3)
    np.testing.assert_array_equal(other.parameters["bias_ih_l1"], layer.parameters["bias_ih_l1"])
    chrono(other, longest=2)  # the shortest lag there is: u is 1, and the gates start half open
    assert not other.parameters["bias_ih_l0"].any()


def test_chrono_keeps_as_long_as_it_says():
    layer = LSTM(1, 50)
    chrono(layer, longest=30)
    layer(np.zeros((1, 1, 1)))
    f = layer.activations()["f"][0, 0]
    keeps = 1 / (1 - f)  # steps until what is in the cell has shrunk to 1/e, about
    np.testing.assert_allclose(keeps, 1 + np.exp(layer.parameters["bias_ih_l0"][50:100]))
    assert 2 <= keeps.min() and keeps.max() <= 30


@pytest.mark.parametrize(
    "layer, gates",
    [(GRU(2, 3), "r, z, n"), (RNN(2, 3), "h"), (VariantLSTM(2, 3, variant="CIFG"), "i, g, o")],
)
def test_layers_without_a_forget_gate_are_refused(layer, gates):
    before = copies(layer)
    for function, argument in ((forget_bias, 1.0), (chrono, 100)):
        with pytest.raises(ValueError, match=f"^layer: wanted one with a gate f, got .* with {gates} alone$"):
            function(layer, argument)
    assert changed(layer, before) == set()


def test_chrono_needs_an_input_gate():
    with pytest.raises(ValueError, match="^layer: wanted one with a gate i, got VariantLSTM with f, g, o alone$"):
        chrono(VariantLSTM(2, 3, variant="NIG"), 100)
