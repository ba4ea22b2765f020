"""Weights between all three libraries, and features that exist only outside Keras or only in it.

Keras is loaded by the first test, not when this file is read: it takes seconds.
"""

import os

import numpy as np
import pytest
import torch
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

from lstm_course.convert import copy_weights, to_keras, to_scratch, to_torch
from lstm_course.convert.keras_layers import library
from lstm_course.scratch import GRU, LSTM, RNN, VARIANTS, Embedding, Linear, VariantLSTM

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # of Keras, in itself
]
os.environ.setdefault("KERAS_TORCH_DEVICE", "cpu")  # where the others compute

NAMES = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN", "relu": "SimpleRNN"}

each_kind = pytest.mark.parametrize("kind", KINDS)
each_dtype = pytest.mark.parametrize("dtype", TOLERANCE)
each_depth = pytest.mark.parametrize("num_layers", [1, 2, 3])
each_way = pytest.mark.parametrize("bidirectional", [False, True])


@pytest.fixture
def products_in_float64(monkeypatch):
    """Keras, told to multiply in float64 where layers have that dtype.

    As it is installed it does not on this backend: its rule for the type of a result turns float64 into float32.
    With that rule changed its own code is a judge to ten digits; without, to six: see the test below.
    """
    library()
    from keras.src.backend.common import dtypes

    monkeypatch.setitem(dtypes.BIT64_TO_BIT32_DTYPE, "float64", "float64")


to_ten_digits = pytest.mark.usefixtures("products_in_float64")


def built(D, layer):
    layer.build((None, None, D))
    return layer


def native(kind, D=3, H=4, bidirectional=False, dtype="float64", merge_mode="concat", **options):
    """A recurrent layer made by Keras, with its own initial weights, and random biases."""
    layers = library().layers
    if kind == "relu":
        options["activation"] = "relu"
    layer = getattr(layers, NAMES[kind])(
        H, **({"return_sequences": True, "return_state": True, "dtype": dtype} | options)
    )
    if bidirectional:
        layer = layers.Bidirectional(layer, merge_mode=merge_mode, dtype=dtype)
    built(D, layer)
    rng = np.random.default_rng(D)
    for variable in layer.weights:
        if variable.name == "bias":
            variable.assign(variable.value.detach().numpy() + rng.normal(size=variable.shape))
    return layer


@to_ten_digits
@each_kind
@each_depth
@each_way
@each_dtype
def test_scratch_torch_and_keras_say_the_same(kind, num_layers, bidirectional, dtype):
    layer = make(kind, num_layers=num_layers, bidirectional=bidirectional, dtype=dtype, seed=num_layers)
    in_keras, in_torch = to_keras(layer), to_torch(layer)
    everywhere = [in_keras, in_torch, to_scratch(in_keras), to_torch(in_keras), to_keras(in_torch), to_keras(in_keras)]
    given = draw(layer, seed=1)
    for lengths in (None, given["lengths"]):
        given["lengths"] = lengths
        expected = run(layer, **given)
        for each in everywhere:
            assert_same(run(each, **given), expected, TOLERANCE[dtype])

    there_and_back = [to_scratch(in_keras), to_scratch(to_keras(in_torch)), to_scratch(to_torch(in_keras))]
    for back in there_and_back:
        assert back.options == layer.options | {"seed": 0}
        for name, array in layer.parameters.items():
            if not name.startswith("bias") or kind == "gru":
                np.testing.assert_array_equal(back.parameters[name], array)
            elif name.startswith("bias_ih"):  # of the two biases, Keras has the sum
                both = array + layer.parameters[name.replace("ih", "hh")]
                np.testing.assert_array_equal(back.parameters[name], both)
            else:
                assert not back.parameters[name].any()
    for again in (to_keras(there_and_back[0]), to_keras(to_torch(in_keras)), to_keras(in_keras)):
        assert_identical(arrays(again), arrays(in_keras))


@each_kind
@each_way
def test_as_installed_keras_agrees_to_six_digits_in_float64_too(kind, bidirectional):
    layer = make(kind, num_layers=2, bidirectional=bidirectional)
    theirs, given = to_keras(layer), draw(layer)
    assert all(variable.dtype == "float64" for each in theirs for variable in each.weights)
    assert_same(run(theirs, **given), run(layer, **given), TOLERANCE["float32"])


@to_ten_digits
@each_kind
@each_way
@each_dtype
@pytest.mark.parametrize("use_bias", [True, False])
def test_layers_as_keras_makes_them(kind, bidirectional, dtype, use_bias):
    layer = native(kind, bidirectional=bidirectional, dtype=dtype, use_bias=use_bias)
    ours, theirs = to_scratch(layer), to_torch(layer)
    assert ours.dtype == dtype and ours.bidirectional == bidirectional
    given = draw(ours)
    expected = run(layer, **given)
    for each in (ours, theirs, to_keras(layer)):
        assert_same(run(each, **given), expected, TOLERANCE[dtype])


@each_kind
def test_each_gate_has_its_place(kind):
    # The numbers above would agree, too, if two gates were swapped on the way there and on the way back.
    layer = make(kind, D=1, H=1)
    for k, gate in enumerate(layer.gate_names):
        for name, parameter in layer.parameters.items():
            parameter[k] = 0 if name == "bias_hh_l0" and kind != "gru" else ord(gate)
    orders = {"lstm": "ifgo", "gru": "zrn", "rnn": "h", "relu": "h"}  # as the source of Keras splits its kernels
    for variable in to_keras(layer).weights:
        for row in np.atleast_2d(variable.value.detach().numpy()):
            assert "".join(chr(int(value)) for value in row) == orders[kind]


@to_ten_digits
@each_dtype
def test_dense(dtype):
    layer, x = Linear(3, 5, dtype=dtype, seed=1), np.random.default_rng(0).normal(size=(2, 7, 3)).astype(dtype)
    theirs = to_keras(layer)
    assert type(theirs) is library().layers.Dense
    for each in (theirs, to_torch(theirs), to_keras(to_torch(layer))):
        np.testing.assert_allclose(each(torch.tensor(x)).detach(), layer(x), rtol=0, atol=TOLERANCE[dtype])
    for back in (to_scratch(theirs), to_scratch([theirs])):
        assert_identical(arrays(back), arrays(layer))


@to_ten_digits
def test_dense_without_bias():
    dense = library().layers.Dense(5, use_bias=False, dtype="float64")
    dense.build((None, 3))
    layer = to_scratch(dense)
    assert not layer.parameters["bias"].any()
    x = np.ones((2, 3))
    np.testing.assert_allclose(layer(x), dense(torch.tensor(x)).detach(), rtol=0, atol=1e-12)
    copy_weights(layer, dense)
    layer.parameters["bias"][1] = 1
    with pytest.raises(ValueError) as raised:
        copy_weights(layer, dense)
    assert_one_sentence(raised, "target", "use_bias=False")


@each_dtype
def test_embedding(dtype):
    layer, x = Embedding(7, 3, dtype=dtype, seed=1), np.array([[0, 6, 6], [1, 2, 0]])
    theirs = to_keras(layer)
    assert type(theirs) is library().layers.Embedding
    for each in (theirs, to_torch(theirs), to_keras(to_torch(layer))):
        np.testing.assert_array_equal(each(torch.tensor(x)).detach(), layer(x))
    assert_identical(arrays(to_scratch(theirs)), arrays(layer))


def in_float32(x):
    """Numbers that a ``keras.Sequential`` does not change when it casts its inputs."""
    return x.astype("float32").astype("float64")


@to_ten_digits
def test_a_sequential_or_a_tuple_is_a_stack():
    layer = make("lstm", num_layers=3, bidirectional=True)
    parts = to_keras(layer, return_state=False)
    model = library().Sequential(parts)
    x = in_float32(draw(layer)["x"])
    np.testing.assert_allclose(model(x).detach(), layer(x)[0], rtol=0, atol=1e-10)
    for each in (model, tuple(parts)):
        assert_identical(arrays(to_torch(each)), arrays(to_torch(parts)))
        np.testing.assert_allclose(to_scratch(each)(x)[0], layer(x)[0], rtol=0, atol=1e-10)


@to_ten_digits
def test_a_whole_network():
    keras, rng = library(), np.random.default_rng(0)
    embedding, lstm, output = Embedding(7, 3), LSTM(3, 4, num_layers=2), Linear(4, 5)
    parts = [to_keras(embedding), *to_keras(lstm, return_state=False), to_keras(output)]
    x = rng.integers(0, 7, (2, 6))
    np.testing.assert_allclose(keras.Sequential(parts)(x).detach(), output(lstm(embedding(x))[0]), rtol=0, atol=1e-10)


@to_ten_digits
def test_what_is_handed_out_and_where_it_started_do_not_matter():
    options = dict(
        return_sequences=False, return_state=False, unroll=True, unit_forget_bias=False, zero_output_for_mask=True
    )
    layer = native("lstm", **options, kernel_initializer="orthogonal")
    x = np.random.default_rng(0).normal(size=(2, 5, 3))
    np.testing.assert_allclose(to_scratch(layer)(x)[0][:, -1], layer(x).detach(), rtol=0, atol=1e-10)


@to_ten_digits
def test_the_variant_without_peepholes_is_the_lstm():
    layer = VariantLSTM(3, 4, variant="NP", num_layers=2, bidirectional=True, seed=5)
    theirs, given = to_keras(layer), draw(layer)
    assert_same(run(theirs, **given), run(layer, **given), 1e-10)
    copy_weights(make("lstm", num_layers=2, bidirectional=True), layer)
    copy_weights(layer, theirs)
    assert_same(run(theirs, **given), run(layer, **given), 1e-10)


@to_ten_digits
@each_kind
@each_way
def test_dropout_is_kept(kind, bidirectional):
    options = dict(num_layers=3, bidirectional=bidirectional, dropout=0.25, locked=True, recurrent_dropout=0.5)
    layer = make(kind, **options)
    theirs = to_keras(layer)
    for k, each in enumerate(theirs):
        for leaf in [each.forward_layer, each.backward_layer] if bidirectional else [each]:
            assert leaf.dropout == (0.25 if k else 0) and leaf.recurrent_dropout == 0.5
    assert to_scratch(theirs).options == layer.options
    layer.training = False
    given = draw(layer)
    assert_same(run(theirs, **given), run(layer, **given), 1e-10)
    single = to_scratch(to_keras(make(kind, dropout=0.25)))  # of a single layer the rate has no effect
    assert single.dropout == 0 and not single.locked


@each_way
def test_how_keras_draws_its_dropout(bidirectional):
    # Layers that hand their input on as it is, so that their output shows the mask.
    layer = RNN(6, 6, num_layers=2, nonlinearity="relu", dropout=0.5, locked=True)
    below, above = to_keras(layer, return_state=False)
    if bidirectional:
        above = library().layers.Bidirectional(above, dtype="float64")
        built(6, above)
    for variable in above.weights:
        shape = variable.shape
        variable.assign(np.eye(6) if variable.name == "kernel" else np.zeros(shape))
    y = above(np.ones((4, 5, 6)), training=True).detach().numpy()
    assert set(np.unique(y)) == {0, 2}
    assert (y == y[:, :1]).all()  # one mask for all steps
    if bidirectional:
        assert (y[:, :, :6] != y[:, :, 6:]).any()  # for each direction its own


@each_way
def test_what_keras_hands_out_at_masked_steps(bidirectional):
    layer = make("lstm", bidirectional=bidirectional)
    y, *_ = to_keras(layer)(draw(layer)["x"][:1], mask=torch.tensor([[True, True, True, False, False, False]]))
    assert torch.equal(y[0, 3:], (torch.zeros_like(y[0, 3:]) if bidirectional else y[0, [2, 2, 2]]))


def own_layers():
    return {
        "scratch": make("lstm", num_layers=2, bidirectional=True),
        "torch": to_torch(make("gru")),
        "keras": native("gru", bidirectional=True),
        "stack": to_keras(make("rnn", num_layers=2)),
        "dense": to_keras(Linear(3, 4)),
        "embedding": to_keras(Embedding(3, 4)),
    }


@pytest.mark.parametrize("convert", [to_scratch, to_torch, to_keras])
def test_nothing_is_shared(convert):
    for layer in own_layers().values():
        made = convert(layer)
        before, expected = arrays(layer), arrays(made)
        overwrite(made)
        assert_identical(arrays(layer), before)
        made = convert(layer)
        overwrite(layer)
        assert_identical(arrays(made), expected)


def test_torch_draws_go_on_as_if_nothing_had_been():
    layer = make("lstm", num_layers=2, bidirectional=True)
    library()
    before = torch.random.get_rng_state()
    to_keras(layer)
    assert torch.equal(torch.random.get_rng_state(), before)


@to_ten_digits
@each_kind
@each_way
def test_copy_weights(kind, bidirectional):
    layer = make(kind, num_layers=2, bidirectional=bidirectional)
    model = library().Sequential(
        [native(kind, D, bidirectional=bidirectional, return_state=False) for D in (3, 8 if bidirectional else 4)]
    )
    variables, x = [id(variable) for variable in model.weights], in_float32(draw(layer)["x"])
    copy_weights(layer, model)
    np.testing.assert_allclose(model(x).detach(), layer(x)[0], rtol=0, atol=1e-10)
    assert [id(variable) for variable in model.weights] == variables and len(model.trainable_weights) == len(variables)
    theirs = to_torch(make(kind, num_layers=2, bidirectional=bidirectional, seed=9))
    copy_weights(model, theirs)
    copy_weights(theirs, list(model.layers))
    np.testing.assert_allclose(to_scratch(theirs)(x)[0], layer(x)[0], rtol=0, atol=1e-10)
    np.testing.assert_allclose(model(x).detach(), layer(x)[0], rtol=0, atol=1e-10)


def test_copy_into_a_model_that_learns_afterwards():
    keras, ours = library(), make("lstm", D=3, H=4, dtype="float32")
    model = keras.Sequential([keras.Input((None, 3)), keras.layers.LSTM(4), keras.layers.Dense(1)])
    copy_weights(ours, model.layers[0])
    x = draw(ours)["x"]
    np.testing.assert_allclose(model.layers[0](x).detach(), ours(x)[0][:, -1], rtol=0, atol=1e-5)
    model.compile("adam", "mse")
    model.fit(x, np.ones((3, 1), "float32"), verbose=0)
    assert np.abs(to_scratch(model.layers[0]).parameters["weight_hh_l0"] - ours.parameters["weight_hh_l0"]).max() > 0


def changed(layer, **attributes):
    for name, value in attributes.items():
        setattr(layer, name, value)
    return layer


def spoilt():
    layer = native("gru")
    layer.weights[1].assign(np.full((4, 12), np.nan))
    return layer


def in_keras(name, *sizes, build=(None, 3), **options):
    layer = getattr(library().layers, name)(*sizes, **options)
    layer.build(build)
    return layer


def with_lora():
    layer = in_keras("Dense", 4)
    layer.enable_lora(2)
    return layer


def derived():
    class Derived(library().layers.LSTM):
        pass

    return built(3, Derived(4))


def two_kinds_in_two_directions():
    layers = library().layers
    both = {"return_sequences": True}
    backward = layers.GRU(4, go_backwards=True, **both)
    return built(3, layers.Bidirectional(layers.LSTM(4, **both), backward_layer=backward))


def backward_first():
    layers = library().layers
    backward, forward = (layers.LSTM(4, return_sequences=True, go_backwards=each) for each in (True, False))
    return built(3, layers.Bidirectional(backward, backward_layer=forward))


def two_types():
    layers = library().layers
    return built(3, layers.Bidirectional(layers.LSTM(4, dtype="float64"), dtype="float32"))


def looks_like_tanh(x):
    return x


looks_like_tanh.__name__ = "tanh"


@pytest.mark.parametrize("convert", [to_scratch, to_torch, to_keras])
@pytest.mark.parametrize(
    "layer, came",
    [
        (lambda: library().layers.LSTM(4), "LSTM without weights yet"),
        (lambda: library().Sequential([library().layers.LSTM(4)]), "LSTM without weights yet"),
        (lambda: library().Sequential(), "empty"),
        (lambda: in_keras("Conv1D", 4, 2, build=(None, 5, 3)), "Conv1D"),
        (lambda: in_keras("LSTMCell", 4), "LSTMCell"),
        (derived, "Derived"),
        (lambda: native("gru", reset_after=False), "False"),
        (lambda: native("lstm", activation="relu"), "relu"),
        (lambda: native("lstm", activation=None), "linear"),
        (lambda: native("lstm", activation=looks_like_tanh), "function looks_like_tanh"),
        (lambda: native("lstm", recurrent_activation="hard_sigmoid"), "hard_sigmoid"),
        (lambda: native("gru", recurrent_activation="hard_sigmoid"), "hard_sigmoid"),
        (lambda: native("rnn", activation="sigmoid"), "sigmoid"),
        (lambda: native("lstm", go_backwards=True), "go_backwards=True"),
        (lambda: in_keras("LSTM", 4, build=(2, 5, 3), stateful=True), "True"),
        (lambda: native("lstm", kernel_regularizer="l2"), "L2"),
        (lambda: native("gru", recurrent_constraint="max_norm"), "MaxNorm"),
        (lambda: native("gru", activity_regularizer="l1"), "L1"),
        (lambda: native("lstm", dtype="mixed_float16"), "mixed_float16"),
        (two_types, "float32, float64, float64"),
        (lambda: native("lstm", dropout=0.2), "dropout=0.2"),
        (lambda: native("lstm", bidirectional=True, merge_mode="sum"), "sum"),
        (lambda: native("lstm", bidirectional=True, merge_mode=None), "None"),
        (backward_first, "go_backwards=True"),
        (two_kinds_in_two_directions, "LSTM, GRU"),
        (lambda: [native("lstm"), native("gru", 4)], "LSTM, GRU"),
        (lambda: [native("lstm"), to_keras(Linear(4, 2))], "LSTM, Dense"),
        (lambda: [to_keras(Linear(3, 4)), to_keras(Linear(4, 2))], "Dense, Dense"),
        (lambda: [native("lstm"), in_keras("Dropout", 0.2)], "Dropout"),
        (lambda: [native("lstm"), LSTM(4, 4)], "LSTM"),
        (lambda: [native("lstm"), [native("lstm", 4)]], "list"),
        (lambda: [native("rnn"), native("relu", 4)], "tanh, relu"),
        (lambda: [native("lstm"), native("lstm", 4, 5)], "4, 5"),
        (lambda: [native("lstm"), native("lstm", 5)], "one for 5"),
        (lambda: [native("lstm"), native("lstm", 4, bidirectional=True)], "1, 2"),
        (lambda: [native("lstm"), native("lstm", 4, dtype="float32")], "float64, float32"),
        (lambda: [native("lstm"), native("lstm", 4, recurrent_dropout=0.5)], "0.0, 0.5"),
        (lambda: [native("lstm"), native("lstm", 4, dropout=0.5), native("lstm", 4)], "0.5, 0.0"),
        (lambda: in_keras("Dense", 4, activation="softmax"), "softmax"),
        (with_lora, "lora_kernel_a"),
        (lambda: in_keras("Embedding", 5, 4, mask_zero=True), "True"),
        (lambda: in_keras("Dense", 4, dtype="bfloat16"), "bfloat16"),
        (spoilt, "weight_hh_l0"),
    ],
)
def test_what_cannot_be_read(layer, came, convert):
    with pytest.raises(ValueError) as raised:
        convert(layer())
    assert_one_sentence(raised, "layer", came)


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "NP"])
def test_variants_have_no_counterpart(name):
    with pytest.raises(ValueError) as raised:
        to_keras(VariantLSTM(3, 4, variant=name))
    assert_one_sentence(raised, "layer", f"{name} with ")


@pytest.mark.parametrize(
    "layer, given, name, came",
    [
        (lambda: LSTM(3, 4, num_layers=2, dropout=0.5), {}, "layer", "dropout=0.5"),
        (lambda: torch.nn.GRU(3, 4, num_layers=2, dropout=0.5), {}, "layer", "dropout=0.5"),
        (lambda: LSTM(3, 4), {"return_state": 1}, "return_state", "1"),
        (lambda: "LSTM", {}, "layer", "str"),
    ],
)
def test_what_keras_has_not(layer, given, name, came):
    with pytest.raises(ValueError) as raised:
        to_keras(layer(), **given)
    assert_one_sentence(raised, name, came)


@pytest.mark.parametrize("layer, came", [(lambda: native("lstm", recurrent_dropout=0.5), "0.5")])
def test_what_torch_has_not(layer, came):
    with pytest.raises(ValueError) as raised:
        to_torch(layer())
    assert_one_sentence(raised, "layer", came)


@pytest.mark.parametrize(
    "source, target, came",
    [
        (lambda: LSTM(3, 4), lambda: native("lstm", 3, 5), "hidden_size=5"),
        (lambda: LSTM(3, 4), lambda: native("lstm", dtype="float32"), "float32"),
        (lambda: LSTM(3, 4), lambda: native("gru"), "GRU"),
        (lambda: GRU(3, 4, bidirectional=True), lambda: native("gru"), "bidirectional=False"),
        (lambda: GRU(3, 4, num_layers=2), lambda: [native("gru")], "num_layers=1"),
        (lambda: GRU(3, 4), lambda: native("gru", use_bias=False), "use_bias=False"),
        (
            lambda: LSTM(3, 4, bidirectional=True),
            lambda: native("lstm", use_bias=False, bidirectional=True),
            "use_bias=False",
        ),
        (lambda: VariantLSTM(3, 4), lambda: native("lstm"), "LSTM("),
    ],
)
def test_what_cannot_be_copied(source, target, came):
    target = target()
    before = arrays(target)
    with pytest.raises(ValueError) as raised:
        copy_weights(source(), target)
    assert_one_sentence(raised, "target", came)
    assert_identical(arrays(target), before)


def test_making_a_layer_leaves_the_draws_of_keras_alone():
    keras = library()
    keras.utils.set_random_seed(1)
    expected = keras.random.normal((3,)).detach().cpu().numpy()
    keras.utils.set_random_seed(1)
    to_keras(make("lstm", num_layers=2, bidirectional=True))
    np.testing.assert_array_equal(keras.random.normal((3,)).detach().cpu().numpy(), expected)
