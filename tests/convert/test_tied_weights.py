"""Layers whose parameters are shared, replaced or computed are read rightly, or refused.

The judge is what the original layer itself computes.
"""

import numpy as np
import pytest
import torch
from three_ways import arrays, assert_identical, assert_one_sentence, assert_same, draw, make, overwrite, run
from tied_layers import BIASES, DIRECTIONS, READ, layer_of, of_scratch, replaced, tied

from lstm_course import nets
from lstm_course.convert import to_keras_arrays, to_scratch, to_torch
from lstm_course.explore import LiveCell
from lstm_course.scratch import GRU, LSTM, RNN, Embedding, Linear
from lstm_course.scratch.storage import load, save

nn = torch.nn


@pytest.mark.parametrize("case", READ)
def test_the_copy_computes_what_the_layer_computes(case):
    layer = READ[case]()
    copy = to_scratch(layer)
    given = draw(copy) | {"lengths": None}
    again = to_torch(layer)
    for each in (copy, again):
        assert_same(run(each, **given), run(layer, **given), 1e-10)
    own = list(copy.parameters.values())
    assert not any(np.shares_memory(a, b) for k, a in enumerate(own) for b in own[:k])
    before = arrays(layer)
    overwrite(copy), overwrite(again)
    assert_identical(arrays(layer), before)


@pytest.mark.parametrize("case", [case for case, layer in READ.items() if isinstance(layer(), (nn.LSTM, nets.LSTM))])
def test_the_live_cell_computes_what_the_layer_computes(case):
    layer = READ[case]()
    x = np.random.default_rng(3).normal(size=(7, layer.input_size))
    y = layer(torch.tensor(x[None]))[0].detach().numpy()[0]
    for unit in range(layer.hidden_size):
        depth = getattr(layer, "num_layers", 1) - 1
        cell = LiveCell.from_layer(layer, unit, x, depth=depth)
        np.testing.assert_allclose(cell.values["h"], y[:, unit], rtol=0, atol=1e-10)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_the_gradient_of_a_tied_parameter_is_the_sum_of_its_copies(kind):
    layer = tied(layer_of(kind, bidirectional=True), BIASES, *DIRECTIONS)
    copy, x = to_scratch(layer), np.random.default_rng(1).normal(size=(2, 5, 3))
    inputs = torch.tensor(x, requires_grad=True)
    y = layer(inputs)[0]
    dy = np.random.default_rng(2).normal(size=y.shape)
    y.backward(torch.tensor(dy))
    copy(x)
    dx, _ = copy.backward(dy)
    np.testing.assert_allclose(dx, inputs.grad, rtol=0, atol=1e-9)
    for name, parameter in layer.named_parameters():
        copies = [other for other in copy.parameters if getattr(layer, other) is parameter]
        assert len(copies) == (4 if "bias" in name else 2)
        summed = sum(copy.gradients[other] for other in copies)
        np.testing.assert_allclose(summed, parameter.grad, rtol=1e-9, atol=1e-9, err_msg=name)


def test_what_two_modules_share_is_read_from_each():
    embedding, decoder = nn.Embedding(7, 3).double(), nn.Linear(3, 7).double()
    decoder.weight = embedding.weight
    symbols = np.array([[0, 6, 2]])
    expected = decoder(embedding(torch.tensor(symbols))).detach()
    ours = to_scratch(decoder)(to_scratch(embedding)(symbols))
    np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-12)
    decoder.bias = nn.Parameter(decoder.weight[:, 0].detach())
    assert (to_scratch(decoder).parameters["bias"] == embedding.weight[:, 0].detach().numpy()).all()


# --- layers of scratch ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [LSTM, GRU, RNN])
def test_shared_arrays_of_scratch_are_copied_and_stored(kind, tmp_path):
    layer = of_scratch(BIASES, ("weight_hh_l0", "weight_ih_l0"), kind=kind, D=4)
    x = np.random.default_rng(0).normal(size=(2, 5, 4))
    expected = layer(x)[0]
    np.testing.assert_array_equal(to_scratch(layer)(x)[0], expected)
    np.testing.assert_allclose(to_torch(layer)(torch.tensor(x))[0].detach(), expected, rtol=0, atol=1e-10)
    save(tmp_path / "tied.npz", {"layer": layer, "arrays": layer.parameters})
    loaded = load(tmp_path / "tied.npz")
    np.testing.assert_array_equal(loaded["layer"](x)[0], expected)
    loaded["layer"].parameters["bias_ih_l0"] += 1
    np.testing.assert_array_equal(loaded["layer"].parameters["bias_hh_l0"], layer.parameters["bias_hh_l0"])
    assert_identical(loaded["arrays"], layer.parameters)


@pytest.mark.parametrize(
    "put, came",
    [
        (np.zeros(1), "(1,)"),
        (np.zeros((16, 1)), "(16, 1)"),
        (np.zeros(16, complex), "complex128"),
        ([0.0] * 16, "list"),
        (None, "NoneType"),
        (torch.zeros(16), "torch.Size"),
    ],
)
def test_arrays_that_do_not_fit_the_layer_are_refused(put, came):
    layer = make("lstm")
    layer.parameters["bias_hh_l0"] = put
    for convert in (to_scratch, to_torch, lambda layer: LiveCell.from_layer(layer, 0, np.ones((2, 3)))):
        with pytest.raises(ValueError) as raised:
            convert(layer)
        assert_one_sentence(raised, "layer", came)


def test_an_embedding_of_scratch_is_refused_where_its_table_was_replaced_by_another():
    table = Embedding(5, 3)
    table.parameters["weight"] = np.ones((6, 3))
    with pytest.raises(ValueError, match=r"^layer: wanted an array of shape \(5, 3\) as weight, got \(6, 3\)$"):
        to_scratch(table)


# --- what is refused --------------------------------------------------------------------------------------------


class Symmetric(nn.Module):
    def forward(self, weight):
        return weight.triu() + weight.triu(1).T


class OtherBias(nn.Module):
    """A parametrization that ties one bias to another and follows its changes."""

    def __init__(self, layer):
        super().__init__()
        self.layer = (layer,)  # in a tuple, so that it is no part of this module

    def forward(self, bias):
        return self.layer[0].bias_ih_l0


def parametrized(layer, name, how):
    nn.utils.parametrize.register_parametrization(layer, name, how(layer) if how is OtherBias else how())
    return layer


def pruned(layer, name):
    from torch.nn.utils import prune

    return prune.l1_unstructured(layer, name, amount=0.5)


def tied_by_a_hook(layer):
    layer.register_forward_pre_hook(lambda module, inputs: tied(module, BIASES))
    return layer


def with_forward(layer):
    own = layer.forward
    layer.forward = lambda *given: own(*given)
    return layer


def quantized():
    model = nn.Sequential(nn.LSTM(3, 4))
    return torch.ao.quantization.quantize_dynamic(model, {nn.LSTM})[0]


def without(layer, name):
    setattr(layer, name, None)
    return layer


REFUSED = [
    (lambda: parametrized(nn.RNN(4, 4), "weight_hh_l0", Symmetric), "ParametrizedRNN, which computes weight_hh_l0"),
    (lambda: parametrized(nn.LSTM(3, 4), "bias_hh_l0", OtherBias), "ParametrizedLSTM, which computes bias_hh_l0"),
    (lambda: nn.utils.parametrizations.weight_norm(nn.GRU(3, 4), "weight_ih_l0"), "remove_parametrizations"),
    (lambda: nn.utils.parametrizations.spectral_norm(nn.Linear(3, 4)), "ParametrizedLinear"),
    (lambda: nn.utils.parametrizations.orthogonal(nn.Linear(4, 4)), "ParametrizedLinear"),
    (lambda: nn.utils.weight_norm(nn.LSTM(3, 4), "weight_hh_l0"), "weight_hh_l0_g, weight_hh_l0_v as well"),
    (lambda: nn.utils.spectral_norm(nn.Linear(3, 4)), "weight_orig as well"),
    (lambda: pruned(nn.Linear(3, 4), "bias"), "bias_orig as well"),
    (lambda: pruned(nn.GRU(3, 4), "bias_hh_l0"), "bias_hh_l0_orig as well"),
    (lambda: tied_by_a_hook(nn.LSTM(3, 4)), "a forward pre-hook"),
    (lambda: with_forward(nets.LSTM(3, 4)), "a forward method of its own"),
    (lambda: nn.LSTM(3, 4, proj_size=2, bidirectional=True), "2"),
    (lambda: tied(nn.LSTM(3, 4, device="meta"), BIASES), "weight_ih_l0"),
    (lambda: nn.Embedding(3, 4, device="meta"), "weight"),
    (lambda: replaced(nn.Linear(3, 4), "weight", torch.ones(4, 3).to_sparse()), "weight"),
    (lambda: tied(nn.LSTM(3, 4).half(), BIASES), "float16"),
    (lambda: nets.LSTM(3, 4).bfloat16(), "bfloat16"),
    (lambda: replaced(nn.LSTM(3, 4), "bias_hh_l0", torch.ones(16).half()), "float16, float32"),
    (lambda: replaced(nn.LSTM(3, 4), "bias_hh_l0", torch.ones(16, dtype=torch.complex64)), "complex64"),
    (lambda: nn.LazyLinear(4), "LazyLinear"),
    (lambda: without(nn.LSTM(3, 4), "bias_hh_l0"), "NoneType"),
    (lambda: without(nn.Linear(3, 4), "weight"), "NoneType"),
    (lambda: replaced(nets.LSTM(3, 4), "bias_hh_l0", torch.ones(1)), "(1,)"),
    (lambda: replaced(nn.Linear(3, 4), "weight", torch.ones(5, 3)), "(5, 3)"),
    (lambda: nets.LSTM1997(3, 4), "LSTM1997"),
    (lambda: nn.LSTM(3, 4).state_dict(), "OrderedDict"),
    (lambda: to_scratch(nn.LSTM(3, 4)).parameters, "dict"),
]


@pytest.mark.filterwarnings("ignore")  # of what PyTorch is about to give up
@pytest.mark.parametrize("layer, came", [*REFUSED, (quantized, "torch.ao")])
def test_what_cannot_be_copied_rightly_is_refused(layer, came):
    for convert in (to_scratch, to_torch, lambda layer: LiveCell.from_layer(layer, 0, np.ones((2, 3)))):
        with pytest.raises(ValueError) as raised:
            convert(layer())
        assert_one_sentence(raised, "layer", came)


@pytest.mark.parametrize(
    "weight, came",
    [
        (torch.ones(4, 3, requires_grad=True), "Tensor: Can't call numpy"),
        (torch.ones(4, 3, dtype=torch.bfloat16), "Tensor: "),
        (torch.ones(4, 3, device="meta"), "Tensor: "),
        ([[1, 2], [3]], "list: "),
        (np.full((4, 3), "a"), "<U1"),
        (np.full((4, 3), 1j), "complex128"),
    ],
)
def test_arrays_that_are_none_are_refused(weight, came):
    with pytest.raises(ValueError) as raised:
        to_keras_arrays(Linear, {"weight": weight, "bias": np.ones(4)})
    assert_one_sentence(raised, "weight in weights", came)
