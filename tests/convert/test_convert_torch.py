"""Weights between scratch and PyTorch, and features without a counterpart there."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from three_ways import (
    KINDS,
    TOLERANCE,
    arrays,
    assert_identical,
    assert_one_sentence,
    assert_same,
    draw,
    make,
    overwrite,
    run,
)

from lstm_course import nets
from lstm_course.convert import copy_weights, from_keras_arrays, to_keras_arrays, to_scratch, to_torch
from lstm_course.scratch import GRU, LSTM, RNN, VARIANTS, Dropout, Embedding, Linear, VariantLSTM

nn = torch.nn
TORCH = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN, "relu": nn.RNN}

each_kind = pytest.mark.parametrize("kind", KINDS)
each_dtype = pytest.mark.parametrize("dtype", TOLERANCE)
sizes = st.integers(1, 5)
property_test = settings(max_examples=40, deadline=None, derandomize=True, database=None)
shapes = given(
    N=sizes,
    T=sizes,
    D=sizes,
    H=sizes,
    num_layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    dtype=st.sampled_from(list(TOLERANCE)),
    seed=st.integers(0, 2**32 - 1),
)


def native(kind, *sizes, seed=0, **options):
    """A recurrent layer made by PyTorch."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return TORCH[kind](*sizes, **({"batch_first": True} | KINDS[kind][1] | options))


@each_kind
@property_test
@shapes
def test_scratch_to_torch_and_back(kind, N, T, D, H, num_layers, bidirectional, dtype, seed):
    layer = make(kind, D, H, seed, num_layers=num_layers, bidirectional=bidirectional, dtype=dtype)
    before, given = arrays(layer), draw(layer, N, T, seed)
    theirs = to_torch(layer)
    assert type(theirs) is TORCH[kind] and theirs.batch_first
    assert_same(run(theirs, **given), run(layer, **given), TOLERANCE[dtype])
    given["lengths"] = None
    assert_same(run(theirs, **given), run(layer, **given), TOLERANCE[dtype])
    back = to_scratch(theirs)
    assert back.options == layer.options | {"seed": 0}
    assert_identical(arrays(back), before)


@each_kind
@property_test
@shapes
def test_torch_to_scratch_and_back(kind, N, T, D, H, num_layers, bidirectional, dtype, seed):
    options = dict(num_layers=num_layers, bidirectional=bidirectional, dtype=getattr(torch, dtype))
    theirs = native(kind, D, H, seed=seed, **options)
    layer = to_scratch(theirs)
    given = draw(layer, N, T, seed)
    assert_same(run(layer, **given), run(theirs, **given), TOLERANCE[dtype])
    assert_identical(arrays(to_torch(layer)), arrays(theirs))


@each_dtype
def test_linear(dtype):
    layer, x = Linear(3, 5, dtype=dtype, seed=1), np.random.default_rng(0).normal(size=(2, 7, 3)).astype(dtype)
    theirs = to_torch(layer)
    assert type(theirs) is nn.Linear and (theirs.in_features, theirs.out_features) == (3, 5)
    np.testing.assert_allclose(theirs(torch.tensor(x)).detach(), layer(x), rtol=0, atol=TOLERANCE[dtype])
    assert_identical(arrays(to_scratch(theirs)), arrays(layer))


@each_dtype
def test_embedding(dtype):
    layer, x = Embedding(7, 3, dtype=dtype, seed=1), np.array([[0, 6, 6], [1, 2, 0]])
    theirs = to_torch(layer)
    assert type(theirs) is nn.Embedding and (theirs.num_embeddings, theirs.embedding_dim) == (7, 3)
    np.testing.assert_array_equal(theirs(torch.tensor(x)).detach(), layer(x))
    assert_identical(arrays(to_scratch(theirs)), arrays(layer))


@each_dtype
def test_the_lstm_of_the_course(dtype):
    ours = nets.LSTM(3, 4).to(getattr(torch, dtype))
    layer = to_scratch(ours)
    given = draw(layer) | {"lengths": None}
    expected = run(ours, **given)
    assert_same(run(layer, **given), expected, TOLERANCE[dtype])
    assert_same(run(to_torch(ours), **given), expected, TOLERANCE[dtype])
    other = nets.LSTM(3, 4).to(getattr(torch, dtype))
    copy_weights(layer, other)
    assert_identical(arrays(other), arrays(ours))


@each_kind
@pytest.mark.parametrize("bidirectional", [False, True])
def test_without_biases_they_are_zero(kind, bidirectional):
    theirs = native(kind, 3, 4, num_layers=2, bidirectional=bidirectional, bias=False, dtype=torch.float64)
    layer = to_scratch(theirs)
    assert not any(array.any() for name, array in layer.parameters.items() if name.startswith("bias"))
    given = draw(layer)
    for each in (layer, to_torch(theirs)):
        assert_same(run(each, **given), run(theirs, **given), 1e-10)
    assert not to_scratch(nn.Linear(3, 4, bias=False)).parameters["bias"].any()


@each_kind
def test_time_first_becomes_batch_first(kind):
    theirs = native(kind, 3, 4, batch_first=False, dtype=torch.float64)
    layer = to_scratch(theirs)
    x = draw(layer)["x"]
    y, _ = theirs(torch.tensor(x.transpose(1, 0, 2)))
    np.testing.assert_allclose(layer(x)[0], y.detach().numpy().transpose(1, 0, 2), rtol=0, atol=1e-10)
    assert to_torch(theirs).batch_first


@each_kind
def test_dropout_and_training_are_kept(kind):
    layer = make(kind, num_layers=2, dropout=0.25)
    theirs = to_torch(layer)
    assert theirs.dropout == 0.25 and theirs.training
    back = to_scratch(theirs.eval())
    assert back.dropout == 0.25 and not back.locked and not back.training
    assert not to_torch(back).training
    layer.training = False
    assert not to_scratch(layer).training


@pytest.mark.parametrize("options", [{}, {"locked": True}])
def test_dropout_of_a_single_layer_is_none(options, recwarn):
    assert to_torch(LSTM(3, 4, dropout=0.5, **options)).dropout == 0
    assert not recwarn.list  # PyTorch warns of a rate without effect


def test_a_rate_set_to_zero_is_seen():
    layer = LSTM(3, 4, num_layers=2, dropout=0.5, locked=True, recurrent_dropout=0.5)
    layer.dropout = layer.recurrent_dropout = 0.0
    assert to_torch(layer).dropout == 0
    assert to_scratch(layer).options == layer.options | {"dropout": 0.0, "recurrent_dropout": 0.0}


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_is_copied_within_scratch(variant):
    layer = VariantLSTM(3, 4, variant=variant, num_layers=2, locked=True, dropout=0.1, seed=5)
    again = to_scratch(layer)
    assert type(again) is VariantLSTM and again.options == layer.options
    assert_identical(arrays(again), arrays(layer))


def test_the_variant_without_peepholes_is_the_lstm():
    layer = VariantLSTM(3, 4, variant="NP", num_layers=2, bidirectional=True, dropout=0.1, seed=5)
    layer.training = False
    given, theirs = draw(layer), to_torch(layer)
    assert type(theirs) is nn.LSTM and theirs.dropout == 0.1 and not theirs.training
    assert_same(run(theirs, **given), run(layer, **given), 1e-10)
    copy_weights(make("lstm", num_layers=2, bidirectional=True), layer)
    copy_weights(layer, theirs)
    assert_same(run(theirs, **given), run(layer, **given), 1e-10)


LAYERS = {
    "scratch": lambda: make("lstm", num_layers=2, bidirectional=True),
    "torch": lambda: native("gru", 3, 4, num_layers=2),
    "linear": lambda: Linear(3, 4),
    "torch linear": lambda: nn.Linear(3, 4),
    "embedding": lambda: Embedding(3, 4),
    "torch embedding": lambda: nn.Embedding(3, 4),
    "course": lambda: nets.LSTM(3, 4),
}


@pytest.mark.parametrize("convert", [to_scratch, to_torch])
@pytest.mark.parametrize("layer", LAYERS)
def test_nothing_is_shared(layer, convert):
    layer = LAYERS[layer]()
    made = convert(layer)
    before, expected = arrays(layer), arrays(made)
    overwrite(made)
    assert_identical(arrays(layer), before)
    made = convert(layer)
    overwrite(layer)
    assert_identical(arrays(made), expected)


@pytest.mark.parametrize("layer", LAYERS)
def test_no_random_number_is_used_up(layer):
    layer, before = LAYERS[layer](), torch.random.get_rng_state()
    to_torch(layer)
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("bias", [True, False])
def test_copy_weights(bias):
    layer, theirs = make("gru", num_layers=2), native("gru", 3, 4, num_layers=2, dtype=torch.float64, bias=bias)
    if not bias:
        for name, array in layer.parameters.items():
            array *= not name.startswith("bias")
    given, places = draw(layer), {name: id(tensor) for name, tensor in theirs.named_parameters()}
    copy_weights(layer, theirs)
    assert_same(run(theirs, **given), run(layer, **given), 1e-10)
    assert {name: id(tensor) for name, tensor in theirs.named_parameters()} == places
    assert all(tensor.requires_grad for tensor in theirs.parameters())
    other = make("gru", num_layers=2, seed=7, dropout=0.3, locked=True, recurrent_dropout=0.2)
    other.parameters["weight_hh_l1"][0] = np.nan  # what is overwritten need not be finite
    copy_weights(theirs, other)
    assert_identical(arrays(other), arrays(layer))
    assert other.dropout == 0.3


def spoilt(layer, value=np.nan):
    tensors = layer.parameters.values() if isinstance(layer, LSTM) else layer.parameters()
    for tensor in tensors:
        tensor[..., 0] = value
    return layer


class Derived(nn.LSTM):
    pass


def pruned():
    from torch.nn.utils import prune

    return prune.random_unstructured(nn.LSTM(3, 4), "weight_hh_l0", amount=0.5)


def half_double():
    layer = nn.LSTM(3, 4)
    layer.weight_hh_l0.data = layer.weight_hh_l0.data.double()
    return layer


def variant(name):
    return VariantLSTM(3, 4, variant=name)


@pytest.mark.parametrize("convert", [to_scratch, to_torch])
@pytest.mark.parametrize(
    "layer, came",
    [
        (lambda: None, "NoneType"),
        (lambda: [], "list"),
        (lambda: [LSTM(3, 4)], "list"),
        (lambda: LSTM, "type"),
        (lambda: np.ones((3, 4)), "ndarray"),
        (lambda: Dropout(0.5), "Dropout"),
        (lambda: nn.LSTMCell(3, 4), "LSTMCell"),
        (lambda: nn.Sequential(nn.Linear(3, 4)), "Sequential"),
        (lambda: Derived(3, 4), "Derived"),
        (lambda: nn.LSTM(3, 4, proj_size=2), "2"),
        (lambda: nn.Embedding(3, 4, padding_idx=0), "0"),
        (lambda: nn.Embedding(3, 4, max_norm=1.0), "1.0"),
        (lambda: nn.Embedding(3, 4, scale_grad_by_freq=True), "True"),
        (lambda: nn.GRU(3, 4).half(), "float16"),
        (lambda: nn.Linear(3, 4, dtype=torch.bfloat16), "bfloat16"),
        (half_double, "float32, float64"),
        (pruned, "weight_hh_l0_orig"),
        (lambda: nn.utils.parametrizations.weight_norm(nn.LSTM(3, 4), "weight_hh_l0"), "ParametrizedLSTM"),
        (lambda: spoilt(LSTM(3, 4)), "weight_ih_l0"),
        (lambda: spoilt(nn.GRU(3, 4).requires_grad_(False), np.inf), "weight_ih_l0"),
    ],
)
def test_what_cannot_be_read(layer, came, convert):
    with pytest.raises(ValueError) as raised:
        convert(layer())
    assert_one_sentence(raised, "layer", came)


@pytest.mark.parametrize(
    "layer, came",
    [
        (lambda: variant("vanilla"), "vanilla with peepholes"),
        (lambda: variant("NIG"), "NIG with no input gate and peepholes"),
        (lambda: variant("NFG"), "no forget gate"),
        (lambda: variant("NOG"), "no output gate"),
        (lambda: variant("NIAF"), "no tanh around the candidate"),
        (lambda: variant("NOAF"), "no tanh around the cell state"),
        (lambda: variant("CIFG"), "a forget gate that is 1 - i"),
        (lambda: variant("FGR"), "gates that see the gates of the step before"),
        (lambda: variant("1997"), "1997 with no forget gate"),
        (lambda: RNN(3, 4, num_layers=2, dropout=0.5, locked=True), "locked=True with dropout=0.5"),
        (lambda: GRU(3, 4, recurrent_dropout=0.5), "recurrent_dropout=0.5"),
    ],
)
def test_what_torch_has_not(layer, came):
    with pytest.raises(ValueError) as raised:
        to_torch(layer())
    assert_one_sentence(raised, "layer", came)


def no_biases():
    return nn.LSTM(3, 4, bias=False).double()


@pytest.mark.parametrize(
    "source, target, name, came",
    [
        ("LSTM", lambda: LSTM(3, 4), "source", "str"),
        (lambda: LSTM(3, 4), "LSTM", "target", "str"),
        (lambda: spoilt(LSTM(3, 4)), lambda: LSTM(3, 4), "source", "weight_ih_l0"),
        (lambda: LSTM(3, 4), lambda: LSTM(3, 5), "target", "hidden_size=5"),
        (lambda: LSTM(3, 4), lambda: LSTM(2, 4), "target", "input_size=2"),
        (lambda: LSTM(3, 4), lambda: LSTM(3, 4, num_layers=2), "target", "num_layers=2"),
        (lambda: LSTM(3, 4), lambda: LSTM(3, 4, bidirectional=True), "target", "bidirectional=True"),
        (lambda: LSTM(3, 4), lambda: nn.LSTM(3, 4), "target", "float32"),
        (lambda: GRU(3, 4), lambda: nn.RNN(3, 4).double(), "target", "RNN"),
        (lambda: RNN(3, 4), lambda: nn.RNN(3, 4, nonlinearity="relu").double(), "target", "relu"),
        (lambda: variant("vanilla"), lambda: nn.LSTM(3, 4).double(), "target", "LSTM("),
        (lambda: LSTM(3, 4), lambda: variant("vanilla"), "target", "vanilla"),
        (lambda: Linear(3, 4), lambda: Embedding(3, 4), "target", "Embedding"),
        (lambda: LSTM(3, 4), no_biases, "target", "bias=False"),
    ],
)
def test_what_cannot_be_copied(source, target, name, came):
    source, target = (each() if callable(each) else each for each in (source, target))
    before = arrays(target) if not isinstance(target, str) else None
    with pytest.raises(ValueError) as raised:
        copy_weights(source, target)
    assert_one_sentence(raised, name, came)
    if before:
        assert_identical(arrays(target), before)


@pytest.mark.parametrize(
    "function, given, came",
    [
        (to_keras_arrays, (torch.nn.LSTM, {}), "kind: wanted RNN, LSTM, GRU, Linear, Embedding .* got LSTM"),
        (to_keras_arrays, (LSTM, {"weight_hh": np.ones((16, 4))}), "weights: wanted an array named weight_ih"),
        (to_keras_arrays, (LSTM, {"weight_hh": np.ones((4, 16))}), "weight_hh in weights: wanted shape .4H, H."),
        (to_keras_arrays, (LSTM, None), "weights: wanted a dict of arrays, got NoneType"),
        (
            from_keras_arrays,
            (GRU, {"kernel": np.ones((3, 12)), "recurrent_kernel": np.ones((4, 12)), "bias": np.ones(12)}),
            r"bias in arrays: wanted shape \(2, 3H\) = \(2, 12\), got \(12,\)",
        ),
        (from_keras_arrays, (Linear, {"bias": np.ones(3)}), "arrays: wanted an array named kernel"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(function, given, came):
    with pytest.raises(ValueError, match=came):
        function(*given)


def test_arrays_are_copies():
    weights = {"weight": np.ones((2, 3)), "bias": np.ones(2)}
    to_keras_arrays(Linear, weights)["kernel"][...] = 7
    assert (weights["weight"] == 1).all()
