"""Layers of Keras that share weights are read correctly and never half written. Keras' own results are the judge."""

import os

import numpy as np
import pytest
import torch
from three_ways import arrays, assert_identical, assert_one_sentence

from lstm_course.convert import copy_weights, to_scratch, to_torch
from lstm_course.convert.keras_layers import library
from lstm_course.explore import LiveCell
from lstm_course.scratch import GRU, LSTM, RNN, Linear

pytestmark = pytest.mark.slow
os.environ.setdefault("KERAS_TORCH_DEVICE", "cpu")  # where the others compute

KINDS = {"LSTM": LSTM, "GRU": GRU, "SimpleRNN": RNN}


def built(kind, D=4, H=4, seed=0, **options):
    layer = getattr(library().layers, kind)(H, return_sequences=True, **options)
    layer.build((None, None, D))
    return drawn(layer, seed)


def drawn(layer, seed):
    rng = np.random.default_rng(seed)
    for variable in layer.weights:
        variable.assign(rng.normal(size=variable.shape))
    return layer


def shared(layer, other, *names):
    """Replace these weights of `layer` by those of `other`."""
    layer.cell._tracker.unlock()  # Keras means the weights of a built layer to stay as they are
    for name in names:
        setattr(layer.cell, name, getattr(other.cell, name))
    layer.cell._tracker.lock()
    return layer


def directions_that_share(kind, *names):
    both = library().layers.Bidirectional(getattr(library().layers, kind)(4, return_sequences=True))
    both.build((None, None, 4))
    drawn(both, 1)
    shared(both.backward_layer, both.forward_layer, *names)
    return both


def layers_that_share(kind, *names):
    below, above = built(kind, seed=1), built(kind, seed=2)
    return [below, shared(above, below, *names)]


def layers_with_one_cell(kind):
    below = built(kind, seed=1)
    above = getattr(library().layers, kind)(4, return_sequences=True)
    above.cell = below.cell
    above.build((None, None, 4))
    return [below, above]


CASES = {
    "one layer twice": lambda kind: [built(kind)] * 2,
    "one cell in two layers": layers_with_one_cell,
    "one kernel in two layers": lambda kind: layers_that_share(kind, "kernel"),
    "all weights of two layers": lambda kind: layers_that_share(kind, "kernel", "recurrent_kernel", "bias"),
    "the bias of two directions": lambda kind: directions_that_share(kind, "bias"),
    "all weights of two directions": lambda kind: directions_that_share(kind, "kernel", "recurrent_kernel", "bias"),
}


def output(layer, x):
    for each in layer if isinstance(layer, list) else [layer]:
        x = each(x)
    return x.detach().numpy()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_the_copy_computes_what_the_layers_compute(case, kind):
    layer = CASES[case](kind)
    x = np.random.default_rng(3).normal(size=(2, 5, 4)).astype("float32")
    expected = output(layer, x)
    np.testing.assert_allclose(to_scratch(layer)(x)[0], expected, rtol=0, atol=1e-5)
    np.testing.assert_allclose(to_torch(layer)(torch.tensor(x))[0].detach(), expected, rtol=0, atol=1e-5)
    if kind == "LSTM":
        cell = LiveCell.from_layer(layer, 2, x[0], depth=len(layer) - 1 if isinstance(layer, list) else 0)
        np.testing.assert_allclose(cell.values["h"], expected[0, :, 2], rtol=0, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_two_values_for_one_weight_are_refused_and_equal_ones_are_taken(case, kind):
    target = CASES[case](kind)
    source, before = KINDS[kind](**to_scratch(target).options | {"seed": 9}), arrays(target)
    with pytest.raises(ValueError) as raised:
        copy_weights(source, target)
    assert_one_sentence(raised, "target", "ties ")
    assert_identical(arrays(target), before)

    places = ("_l0", "_l1") if isinstance(target, list) else ("_l0", "_l0_reverse")
    for name, array in source.parameters.items():
        array[...] = source.parameters[name.replace(places[1], places[0])]
    copy_weights(source, target)
    x = np.random.default_rng(3).normal(size=(2, 5, 4)).astype("float32")
    np.testing.assert_allclose(output(target, x), source(x)[0], rtol=0, atol=1e-5)


def test_what_two_dense_layers_share_is_read_from_each():
    one, two = (library().layers.Dense(3) for _ in range(2))
    for layer in (one, two):
        layer.build((None, 3))
    drawn(one, 1), drawn(two, 2)
    two._tracker.unlock()
    two._kernel = one._kernel
    two._tracker.lock()
    x = np.random.default_rng(3).normal(size=(2, 3)).astype("float32")
    np.testing.assert_allclose(to_scratch(two)(x), two(x).detach(), rtol=0, atol=1e-5)
    source = Linear(3, 3, dtype="float32", seed=4)
    copy_weights(source, two)  # what shares it follows
    np.testing.assert_array_equal(to_scratch(one).parameters["weight"], source.parameters["weight"])


def with_another_cell():
    layer = library().layers.LSTM(4)
    layer.cell = library().layers.GRUCell(4)
    layer.build((None, None, 3))
    return layer


def adapted():
    layer = library().layers.Dense(4)
    layer.build((None, 3))
    layer.enable_lora(2)
    return layer


def quantized():
    layer = library().layers.Dense(4)
    layer.build((None, 3))
    layer.quantize("int8")
    return layer


@pytest.mark.parametrize(
    "layer, came",
    [
        (with_another_cell, "GRUCell"),
        (adapted, "lora_kernel_a"),
        (quantized, "kernel_scale"),
        (lambda: built("GRU", dtype="mixed_float16"), "float16"),
        (lambda: built("LSTM", dtype="mixed_bfloat16"), "mixed_bfloat16"),
    ],
)
def test_what_is_computed_otherwise_is_refused(layer, came):
    with pytest.raises(ValueError) as raised:
        to_scratch(layer())
    assert_one_sentence(raised, "layer", came)
