"""A layer with shared parameters is written completely, or refused and left unchanged."""

import numpy as np
import pytest
import torch
from three_ways import arrays, assert_identical, assert_one_sentence, assert_same, draw, run
from tied_layers import BIASES, DIRECTIONS, LAYERS, layer_of, of_scratch, replaced, same_memory, tied

from lstm_course import nets
from lstm_course.convert import copy_weights, to_scratch
from lstm_course.scratch import LSTM, Linear

nn = torch.nn

WRITTEN = {
    "biases": (lambda: tied(layer_of(), BIASES), "bias_ih_l0"),
    "biases over one storage": (lambda: same_memory(layer_of(nn.LSTM), *BIASES), "bias_ih_l0"),
    "the course's own": (lambda: tied(layer_of(nets.LSTM), BIASES), "bias_ih_l0"),
    "directions": (lambda: tied(layer_of(bidirectional=True), *DIRECTIONS), "weight_ih_l0"),
    "layers": (lambda: tied(layer_of(D=4, num_layers=2), LAYERS[0]), "weight_ih_l0"),
    "square weights": (lambda: tied(layer_of(D=4), ("weight_hh_l0", "weight_ih_l0")), "weight_ih_l0"),
    "arrays of scratch": (lambda: of_scratch(BIASES), "bias_ih_l0"),
    "arrays of scratch in two directions": (lambda: of_scratch(*DIRECTIONS[:1], bidirectional=True), "weight_ih_l0"),
}


@pytest.mark.parametrize("case", WRITTEN)
def test_two_values_for_one_parameter_are_refused_and_nothing_is_changed(case):
    make_target, lost = WRITTEN[case]
    target = make_target()
    options = to_scratch(target).options | {"seed": 9}
    source, before = LSTM(**options), arrays(target)
    with pytest.raises(ValueError) as raised:
        copy_weights(source, target)
    assert_one_sentence(raised, "target", f"ties {lost}")
    assert_identical(arrays(target), before)


@pytest.mark.parametrize("case", WRITTEN)
def test_equal_values_for_one_parameter_are_taken_and_it_stays_tied(case):
    make_target, _ = WRITTEN[case]
    target, source = make_target(), make_target()
    for name, array in (source.parameters if isinstance(source, LSTM) else dict(source.named_parameters())).items():
        with torch.no_grad():
            array[...] = float(len(name)) / 10
    copy_weights(source, target)
    assert_identical(to_scratch(target).parameters, to_scratch(source).parameters)
    if isinstance(target, nn.Module):
        given = draw(to_scratch(source)) | {"lengths": None}
        assert_same(run(target, **given), run(source, **given), 1e-12)
        assert len(list(target.parameters())) == len(list(make_target().parameters()))


@pytest.mark.parametrize(
    "spoil, came",
    [
        (lambda layer: replaced(layer, "bias_hh_l0", torch.ones(1).double().expand(16)), "bias_hh_l0"),
        (lambda layer: replaced(layer, "bias_hh_l0", 2 * layer.bias_ih_l0), "computed from others"),
    ],
)
def test_a_tensor_that_cannot_be_written_is_refused_and_nothing_is_changed(spoil, came):
    target = spoil(layer_of())
    before = arrays(target)
    with pytest.raises(ValueError) as raised:
        copy_weights(LSTM(3, 4, seed=9), target)
    assert_one_sentence(raised, "target", came)
    assert_identical(arrays(target), before)


def test_a_tensor_of_inference_mode_is_refused_and_nothing_is_changed():
    with torch.inference_mode():
        bias = torch.ones(16).double()
    target = replaced(layer_of(), "bias_hh_l0", bias)
    before = arrays(target)
    assert (to_scratch(target).parameters["bias_hh_l0"] == 1).all()
    with pytest.raises(ValueError) as raised:
        copy_weights(LSTM(3, 4, seed=9), target)
    assert_one_sentence(raised, "target", "bias_hh_l0")
    assert_identical(arrays(target), before)


def test_what_is_written_into_a_shared_layer_shows_in_both_modules():
    embedding, decoder = nn.Embedding(7, 3).double(), nn.Linear(3, 7).double()
    decoder.weight = embedding.weight
    source = Linear(3, 7, seed=4)
    copy_weights(source, decoder)
    np.testing.assert_array_equal(embedding.weight.detach(), source.parameters["weight"])
