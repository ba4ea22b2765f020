"""One unit of a layer in the live cell, against the layer's own run and the equations written out.

Keras is loaded by the tests that need it, not when this file is read: it takes seconds.
"""

import os

import numpy as np
import pytest
import torch

from lstm_course import nets, scratch
from lstm_course.explore import LiveCell

torch.set_num_threads(1)
os.environ.setdefault("KERAS_TORCH_DEVICE", "cpu")  # where the others compute

TOLERANCE = {"float64": 1e-12, "float32": 1e-6}
T, D, H = 9, 3, 4

each_dtype = pytest.mark.parametrize("dtype", TOLERANCE)


def draw_sequence(T=T, D=D, seed=0):
    return np.random.default_rng(seed).normal(size=(T, D))


def of_scratch(D=D, H=H, dtype="float64", **options):
    layer = scratch.LSTM(D, H, dtype=dtype, seed=1, **options)
    for parameter in layer.parameters.values():
        parameter *= 2  # so that gates open and close
    return layer


def of_torch(kind, D=D, H=H, dtype="float64", **options):
    with torch.random.fork_rng():
        torch.manual_seed(2)
        layer = kind(D, H, **options).to(getattr(torch, dtype))
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter *= 2
    return layer


LIBRARIES = {
    "scratch": of_scratch,
    "nets": lambda **options: of_torch(nets.LSTM, **options),
    "torch": lambda **options: of_torch(torch.nn.LSTM, batch_first=True, **options),
}


def parameters_of(layer):
    """The parameters in float64, by the names that all three libraries share."""
    if isinstance(layer, scratch.LSTM):
        return {name: parameter.astype(float) for name, parameter in layer.parameters.items()}
    return {name: parameter.detach().double().numpy() for name, parameter in layer.named_parameters()}


def own_output(layer, x):
    """(T, H or 2H): what the layer itself makes of the sequence."""
    if isinstance(layer, scratch.LSTM):
        return layer(x[None].astype(layer.dtype))[0][0]
    with torch.no_grad():
        return layer(torch.from_numpy(x[None]).to(next(layer.parameters()).dtype))[0][0].numpy()


def written_out(parameters, suffix, x):
    """Gates and states of all units of one layer and direction, (T, H) each, from the equations."""
    W_x, W_h, b_x, b_h = (parameters[f"{name}_{suffix}"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    h = c = np.zeros(W_h.shape[1])
    run = {symbol: [] for symbol in "ifgoch"}
    for t in range(len(x)):
        i, f, g, o = np.split(W_x @ x[t] + b_x + W_h @ h + b_h, 4)
        i, f, o, g = 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), 1 / (1 + np.exp(-o)), np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        for symbol, value in zip("ifgoch", (i, f, g, o, c, h), strict=True):
            run[symbol].append(value)
    return {symbol: np.array(values) for symbol, values in run.items()}


def stack_written_out(parameters, x, depth, bidirectional):
    """The input of a layer of a stack, and the gates and states of its forward direction."""
    for below in range(depth):
        shown = [written_out(parameters, f"l{below}", x)["h"]]
        if bidirectional:
            shown.append(written_out(parameters, f"l{below}_reverse", x[::-1])["h"][::-1])
        x = np.concatenate(shown, axis=1)
    return x, written_out(parameters, f"l{depth}", x)


def assert_shows(cell, run, inputs, unit, feature, tolerance):
    assert cell.mode == "weights" and len(cell.x) == len(inputs)
    np.testing.assert_allclose(cell.values["x"], inputs[:, feature], rtol=0, atol=tolerance)
    for symbol in "ifgoch":
        np.testing.assert_allclose(cell.values[symbol], run[symbol][:, unit], rtol=0, atol=tolerance, err_msg=symbol)


# --- the layers of each library ---------------------------------------------------------------------------


@each_dtype
@pytest.mark.parametrize("library", LIBRARIES)
def test_each_unit_does_what_it_does_in_the_layer(library, dtype):
    layer, x = LIBRARIES[library](dtype=dtype), draw_sequence()
    run = written_out(parameters_of(layer), "l0", x)
    np.testing.assert_allclose(own_output(layer, x), run["h"], rtol=0, atol=TOLERANCE[dtype])
    for unit, feature in ((0, 0), (0, D - 1), (2, 1), (H - 1, 0)):
        cell = LiveCell.from_layer(layer, unit, x, feature=feature)
        assert_shows(cell, run, x, unit, feature, TOLERANCE[dtype])
        assert cell.preset == "" and (cell.step, cell.loss_step) == (1, T)
        assert f"Unit {unit} of an LSTM with {H} units" in cell.title


@each_dtype
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("library", ["scratch", "torch"])
def test_each_layer_of_a_stack(library, bidirectional, dtype):
    layer = LIBRARIES[library](dtype=dtype, num_layers=3, bidirectional=bidirectional)
    x, parameters = draw_sequence(), parameters_of(layer)
    top = stack_written_out(parameters, x, 2, bidirectional)[1]["h"]
    np.testing.assert_allclose(own_output(layer, x)[:, :H], top, rtol=0, atol=TOLERANCE[dtype])
    for depth in range(3):
        inputs, run = stack_written_out(parameters, x, depth, bidirectional)
        for unit, feature in ((0, inputs.shape[1] - 1), (H - 1, 0)):
            cell = LiveCell.from_layer(layer, unit, x, feature=feature, depth=depth)
            assert_shows(cell, run, inputs, unit, feature, TOLERANCE[dtype])
            assert f"layer {depth}" in cell.title


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # of Keras, in itself
@pytest.mark.parametrize("kind", ["one layer", "two directions", "a stack"])
def test_each_unit_of_a_layer_of_keras(kind):
    from lstm_course.convert.keras_layers import library

    keras, x = library(), draw_sequence()
    options = dict(return_sequences=True, bias_initializer="random_normal")
    layer = keras.layers.LSTM(H, seed=3, **options)
    if kind == "two directions":
        layer = keras.layers.Bidirectional(layer)
    elif kind == "a stack":
        layer = keras.Sequential([layer, keras.layers.LSTM(H, seed=4, **options)])
    output = keras.ops.convert_to_numpy(layer(x[None].astype("float32")))[0, :, :H]
    arrays = [np.asarray(array, float).T for array in layer.get_weights()]
    depth, parameters = int(kind == "a stack"), {}
    for k in range(depth + 1):
        for name, array in zip(("weight_ih", "weight_hh", "bias_ih"), arrays[3 * k :], strict=False):
            parameters[f"{name}_l{k}"] = array
        parameters[f"bias_hh_l{k}"] = 0
    inputs, run = stack_written_out(parameters, x, depth, False)
    np.testing.assert_allclose(output, run["h"], rtol=0, atol=1e-6)
    for unit in range(H):
        for feature in range(inputs.shape[1]):
            cell = LiveCell.from_layer(layer, unit, x, feature=feature, depth=depth)
            assert_shows(cell, run, inputs, unit, feature, 1e-6)


@pytest.mark.parametrize("D, H", [(1, 1), (1, 3), (3, 1)])
def test_the_rest_is_what_comes_from_elsewhere(D, H):
    layer, x = of_scratch(D, H), draw_sequence(D=D)
    parameters, unit, feature = parameters_of(layer), H - 1, D - 1
    run = written_out(parameters, "l0", x)
    cell = LiveCell.from_layer(layer, unit, x, feature=feature)
    assert_shows(cell, run, x, unit, feature, 1e-12)
    assert (cell.rest == []) == (D == H == 1)
    before = np.concatenate([np.zeros((1, H)), run["h"][:-1]])
    own = np.arange(4) * H + unit
    elsewhere = np.delete(x, feature, 1) @ np.delete(parameters["weight_ih_l0"][own], feature, 1).T
    elsewhere += np.delete(before, unit, 1) @ np.delete(parameters["weight_hh_l0"][own], unit, 1).T
    np.testing.assert_allclose(np.reshape(cell.rest or np.zeros((T, 4)), (T, 4)), elsewhere, rtol=0, atol=1e-12)


def test_a_moved_input_changes_this_unit_alone():
    """In the layer the other units would react; here their contribution stays the same."""
    layer, x = of_scratch(), draw_sequence()
    cell = LiveCell.from_layer(layer, 0, x, feature=1)
    rest, moved = cell.rest, [*cell.x]
    moved[3] += 1
    cell.x = moved
    assert cell.rest == rest
    z = np.outer(cell.x, cell.w) + np.outer([0, *cell.values["h"][:-1]], cell.u) + cell.b + cell.rest
    np.testing.assert_allclose(cell.values["f"], scratch.sigmoid(z[:, 1]), rtol=0, atol=1e-12)


# --- sequences and layers as they come --------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [np.ndarray.tolist, torch.from_numpy, lambda x: x.astype(np.float32).astype(object).tolist(), np.asfortranarray],
)
def test_a_sequence_may_be_a_list_or_a_tensor(given):
    x = draw_sequence().astype(np.float32).astype(float)  # exact in either type
    wanted = LiveCell.from_layer(of_scratch(), 1, x)
    assert LiveCell.from_layer(of_scratch(), 1, given(x)).state() == wanted.state()


@pytest.mark.parametrize("T", [1, 2, 500])
def test_the_shortest_and_the_longest_sequence(T):
    layer, x = of_scratch(), draw_sequence(T)
    assert_shows(LiveCell.from_layer(layer, 2, x), written_out(parameters_of(layer), "l0", x), x, 2, 0, 1e-12)


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_layer_stays_as_it_was(library):
    layer, x = LIBRARIES[library](), draw_sequence()
    parameters, given = {name: array.copy() for name, array in parameters_of(layer).items()}, x.copy()
    cell = LiveCell.from_layer(layer, 0, x)
    cell.w = [9, 9, 9, 9]
    assert layer.training
    np.testing.assert_array_equal(x, given)
    for name, array in parameters_of(layer).items():
        np.testing.assert_array_equal(array, parameters[name], err_msg=name)
    if library == "scratch":  # a backward pass that was about to be made is still possible
        y, _ = layer(x[None])
        LiveCell.from_layer(layer, 0, x[:4])
        dx, _ = layer.backward(np.ones_like(y))
        assert dx.shape == (1, *x.shape)


def test_dropout_is_left_out():
    layer, x = of_scratch(num_layers=2, dropout=0.5), draw_sequence()
    inputs, run = stack_written_out(parameters_of(layer), x, 1, False)
    assert_shows(LiveCell.from_layer(layer, 0, x, depth=1), run, inputs, 0, 0, 1e-12)


# --- what is refused --------------------------------------------------------------------------------------


def with_a_nan(layer):
    layer.parameters["bias_ih_l0"][0] = np.nan
    return layer


@pytest.mark.parametrize(
    "make",
    [
        lambda: scratch.GRU(D, H),
        lambda: scratch.RNN(D, H),
        lambda: scratch.VariantLSTM(D, H, variant="NP"),
        lambda: scratch.Linear(D, H),
        lambda: torch.nn.GRU(D, H),
        lambda: torch.nn.LSTMCell(D, H),
        lambda: torch.nn.LSTM(D, H, proj_size=2),
        lambda: torch.nn.LSTM,
        lambda: with_a_nan(of_scratch()),
        lambda: None,
        lambda: "lstm",
        lambda: [],
    ],
)
def test_what_is_no_such_layer_is_refused(make):
    with pytest.raises(ValueError, match=r"\Alayer: wanted [^\n]+, got [^\n]+\Z"):
        LiveCell.from_layer(make(), 0, draw_sequence())


@pytest.mark.parametrize(
    "argument, value, sentence",
    [
        *(
            ("unit", value, rf"unit: wanted a whole number from 0 to {H - 1}, got .+")
            for value in (H, -1, 1.0, None, True)
        ),
        *(
            ("feature", value, rf"feature: wanted a whole number from 0 to {D - 1}, got .+")
            for value in (D, -1, 0.5, "x")
        ),
        *(("depth", value, r"depth: wanted a whole number from 0 to 1, got .+") for value in (2, -1, 1.0, None)),
        ("sequence", np.zeros((T, D + 1)), rf"sequence: wanted shape \(T, D={D}\), got \({T}, {D + 1}\)"),
        ("sequence", np.zeros(T), rf"sequence: wanted shape \(T, D={D}\), got \({T},\)"),
        ("sequence", np.zeros((1, T, D)), rf"sequence: wanted shape \(T, D={D}\), got \(1, {T}, {D}\)"),
        ("sequence", np.zeros((0, D)), r"sequence: wanted at least one entry .+, got \(0, 3\)"),
        ("sequence", np.zeros((501, D)), r"sequence: wanted at most 500 steps, got 501"),
        ("sequence", np.full((T, D), np.nan), r"sequence: wanted finite numbers, got nan at index \(0, 0\)"),
        ("sequence", [[0] * D, [0]], r"sequence: wanted an array of shape .+, got rows of different length"),
        ("sequence", [["a"] * D] * T, r"sequence: wanted real numbers, got .+"),
        ("sequence", None, r"sequence: wanted real numbers, got None"),
        (
            "sequence",
            torch.ones(T, D, requires_grad=True),
            r"sequence: wanted an array .+, got a Tensor .+\.detach\(\).+",
        ),
    ],
)
def test_what_does_not_fit_the_layer_is_refused(argument, value, sentence):
    fitting = {"unit": 0, "sequence": draw_sequence(), "feature": 0, "depth": 0}
    with pytest.raises(ValueError, match=rf"\A{sentence}\Z"):
        LiveCell.from_layer(of_scratch(num_layers=2), **{**fitting, argument: value})


def test_a_feature_of_a_higher_layer_is_a_unit_of_the_one_below():
    layer, x = of_scratch(num_layers=2), draw_sequence()
    assert len(LiveCell.from_layer(layer, 0, x, feature=H - 1, depth=1).x) == T
    with pytest.raises(ValueError, match=rf"^feature: wanted a whole number from 0 to {H - 1}, got {H}$"):
        LiveCell.from_layer(layer, 0, x, feature=H, depth=1)
