"""The variants of the LSTM, each against its equations written out, with gradients by autograd."""

import numpy as np
import pytest
import written_out
from compare import assert_same, draw, packed, results, run, unpacked
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.scratch import LSTM, VARIANTS, VariantLSTM

each_variant = pytest.mark.parametrize("variant", VARIANTS)
sizes = st.integers(1, 4)


def make(variant, D=3, H=4, seed=0, **options):
    layer = VariantLSTM(D, H, variant=variant, seed=seed, **options)
    for parameter in layer.parameters.values():
        parameter *= 2 * np.sqrt(H)
    return layer


@each_variant
@settings(max_examples=20, deadline=None, derandomize=True, database=None)
@given(
    N=sizes,
    T=st.integers(1, 6),
    D=sizes,
    H=sizes,
    num_layers=st.integers(1, 2),
    bidirectional=st.booleans(),
    masked=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_equals_the_equations_written_out(variant, N, T, D, H, num_layers, bidirectional, masked, seed):
    layer = make(variant, D, H, seed, num_layers=num_layers, bidirectional=bidirectional)
    arrays = draw(layer, N, T, seed)
    mask = np.random.default_rng(seed).random((N, T)) < 0.6 if masked else None
    assert_same(run(layer, **arrays, mask=mask), written_out.run(layer, **arrays, mask=mask), 1e-10)


@each_variant
def test_float32(variant):
    exact, single = (VariantLSTM(3, 8, variant=variant, dtype=dtype) for dtype in (np.float64, np.float32))
    arrays = draw(exact, 4, 30)
    wanted = run(exact, **arrays)
    rounded = {
        name: [each.astype(np.float32) for each in array] if isinstance(array, list) else array.astype(np.float32)
        for name, array in arrays.items()
    }
    found = run(single, **rounded)
    assert all(array.dtype == np.float32 for array in found.values())
    for name in wanted:
        scale = max(1, np.abs(wanted[name]).max())
        np.testing.assert_allclose(found[name] / scale, wanted[name] / scale, rtol=0, atol=1e-5, err_msg=name)


def test_without_peepholes_it_is_the_lstm():
    variant, plain = make("NP", num_layers=2, bidirectional=True), LSTM(3, 4, num_layers=2, bidirectional=True)
    assert variant.parameters.keys() == plain.parameters.keys()
    for name, parameter in variant.parameters.items():
        plain.parameters[name][...] = parameter
    arrays = draw(plain, 3, 7)
    mask = np.random.default_rng(0).random((3, 7)) < 0.6
    assert_same(run(variant, **arrays, mask=mask), run(plain, **arrays, mask=mask), 1e-12)


def test_a_peephole_of_zero_and_a_gate_matrix_of_zero_are_none():
    plain = make("NP")
    for name in ("vanilla", "FGR"):
        layer = make(name)
        for key, parameter in layer.parameters.items():
            parameter[...] = plain.parameters.get(key, 0)
        x = np.random.default_rng(0).normal(size=(2, 5, 3))
        np.testing.assert_allclose(layer(x)[0], plain(x)[0], rtol=0, atol=1e-14)


def test_the_1997_cell_sums_and_the_gate_of_2000_forgets():
    # With input gate and candidate held at one, the cell of 1997 counts the steps; a forget gate of one half
    # lets it grow to two.
    x = np.zeros((1, 50, 1))
    for variant, wanted in (("1997", 50.0), ("NP", 2.0)):
        layer = VariantLSTM(1, 1, variant=variant)
        for parameter in layer.parameters.values():
            parameter[...] = 0
        for letter in "ig":
            layer.parameters["bias_ih_l0"][layer.gate_names.index(letter)] = 50
        _, (_, c) = layer(x)
        assert c.item() == pytest.approx(wanted)


@pytest.mark.parametrize(
    "variant, gates",
    [("vanilla", "ifgo"), ("NIG", "fgo"), ("NFG", "igo"), ("NOG", "ifg"), ("CIFG", "igo"), ("1997", "igo")],
)
def test_a_gate_that_is_missing_has_no_weights_and_shows_what_it_is(variant, gates):
    layer = make(variant)
    assert layer.gate_names == tuple(gates) and layer.parameters["weight_hh_l0"].shape == (4 * len(gates), 4)
    assert ("weight_peephole_l0" in layer.parameters) == (variant not in ("NP", "1997"))
    layer(np.random.default_rng(0).normal(size=(2, 5, 3)))
    shown = layer.activations()
    assert shown.keys() == set("ifgohc")
    for letter in set("ifo") - set(gates):
        expected = 1 - shown["i"] if variant == "CIFG" else np.ones((2, 5, 4))
        np.testing.assert_allclose(shown[letter], expected, rtol=0, atol=1e-15)


@each_variant
def test_a_sequence_in_two_parts_with_the_state_carried_is_the_whole(variant):
    whole, first, second = (make(variant, num_layers=2) for _ in range(3))
    arrays = draw(whole, 2, 9)
    y1, carried = first(arrays["x"][:, :4], packed(arrays["state"]))
    y2, final = second(arrays["x"][:, 4:], carried)
    dx2, dcarried = second.backward(arrays["dy"][:, 4:], packed(arrays["dstate"]))
    dx1, dinitial = first.backward(arrays["dy"][:, :4], dcarried)
    gradients = {name: first.gradients[name] + second.gradients[name] for name in first.gradients}
    y, dx = np.concatenate([y1, y2], axis=1), np.concatenate([dx1, dx2], axis=1)
    assert_same(results(whole, y, unpacked(final), dx, unpacked(dinitial), gradients), run(whole, **arrays), 1e-12)


def test_every_name_of_the_study_is_there():
    study = {"vanilla", "NIG", "NFG", "NOG", "NIAF", "NOAF", "CIFG", "NP", "FGR"}
    assert set(VARIANTS) == study | {"1997"}


@each_variant
def test_options_make_the_same_layer_again(variant):
    layer = VariantLSTM(3, 4, variant=variant, seed=2)
    again = type(layer)(**layer.options)
    for name, parameter in layer.parameters.items():
        np.testing.assert_array_equal(parameter, again.parameters[name])
