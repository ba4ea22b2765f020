"""The diagnostics against autograd, brute force and hand-made layers."""

import numpy as np
import pytest
import torch
import written_out
from compare import make, torch_layer

from lstm_course.scratch import GRU, LSTM, RNN, VariantLSTM, diagnostics, lstm_step, stacked_weights

N, T, D, H = 3, 6, 2, 4


def x_of(*shape):
    return np.random.default_rng(0).normal(size=shape or (N, T, D))


def test_gate_activations_are_those_of_the_step():
    layer = make("lstm", D, H, dropout=0.5, recurrent_dropout=0.5)
    W, b = stacked_weights(layer.parameters)
    x, h, c = x_of(), np.zeros((N, H)), np.zeros((N, H))
    shown = diagnostics.gate_activations(layer, x)
    for t in range(T):
        h, c, cache = lstm_step(x[:, t], h, c, W, b)
        for letter, value in {"i": cache.i, "f": cache.f, "g": cache.g, "o": cache.o, "h": h, "c": c}.items():
            np.testing.assert_allclose(shown[letter][:, t], value, rtol=0, atol=1e-12, err_msg=letter)
    assert layer.training  # dropout is only put off


@pytest.mark.parametrize("kind, letters", [("lstm", "ifgohc"), ("gru", "rznh"), ("rnn", "h")])
@pytest.mark.parametrize("depth, reverse", [(0, False), (1, False), (1, True)])
def test_activations_of_stacks_and_directions(kind, letters, depth, reverse):
    layer = make(kind, D, H, num_layers=2, bidirectional=True)
    mask = np.arange(T) < np.array([[T], [2], [4]])
    shown = diagnostics.gate_activations(layer, x_of(), mask=mask, depth=depth, reverse=reverse)
    assert shown.keys() == set(letters)
    y, _ = layer(x_of(), mask=mask)
    if depth == 1:
        half = y[:, :, H:] if reverse else y[:, :, :H]
        np.testing.assert_array_equal(shown["h"][mask], half[mask])
    for values in shown.values():
        assert values.shape == (N, T, H) and (np.isnan(values) == ~mask[:, :, None]).all()


def test_saturation_counts_steps():
    activations = {
        "f": np.array([[[0.95, 0.2], [0.5, 0.05]], [[np.nan, np.nan], [0.99, 0.5]]]),
        "c": np.full((2, 2, 2), 7.0),
    }
    saturated = diagnostics.saturation(activations)
    assert saturated.keys() == {"f"}
    np.testing.assert_allclose(saturated["f"].open, [2 / 3, 0])
    np.testing.assert_allclose(saturated["f"].closed, [0, 1 / 3])
    np.testing.assert_allclose(diagnostics.saturation(activations, low=0.4)["f"].closed, [0, 2 / 3])


@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
def test_gradient_norms_equal_autograd(kind):
    layer = make(kind, D, H, num_layers=2, dropout=0.3)
    layer.gradients = {"kept": np.ones(1)}
    norms = diagnostics.gradient_norms(layer, x_of(), seed=5)
    assert list(layer.gradients) == ["kept"]
    u = np.random.default_rng(5).normal(size=(N, H))
    x = torch.tensor(x_of(), requires_grad=True)
    reference = torch_layer(layer).eval()
    (reference(x)[0][:, -1] * torch.tensor(u / np.linalg.norm(u, axis=1, keepdims=True))).sum().backward()
    wanted = [x.grad[:, T - 1 - lag].norm(dim=1).mean().item() for lag in range(T)]
    np.testing.assert_allclose(norms, wanted, rtol=1e-10)


def test_factor_per_step_of_a_known_layer():
    # With recurrent weights of 0.8 times an orthogonal matrix and tiny inputs, tanh is the identity and each
    # step back shrinks every gradient by 0.8.
    layer = RNN(D, H)
    rotation, _ = np.linalg.qr(x_of(H, H))
    layer.parameters["weight_hh_l0"][...] = 0.8 * rotation
    for name in ("bias_ih_l0", "bias_hh_l0"):
        layer.parameters[name][...] = 0
    norms = diagnostics.gradient_norms(layer, 1e-6 * x_of(N, 60, D))
    assert diagnostics.factor_per_step(norms, first=1, last=40) == pytest.approx(0.8, abs=2e-3)


def total(layer, x, letter, t):
    """The derivative of each unit's last state by its state after t steps, (N, H), by autograd."""
    parameters = {name.removesuffix("_l0"): torch.tensor(p) for name, p in layer.parameters.items()}
    step = written_out.VARIANT_STEPS[layer.options["variant"]] if "variant" in layer.options else None
    step = step or written_out.STEPS[type(layer)]
    rows = []
    for sample in torch.tensor(x):
        states = tuple(torch.zeros(H, dtype=torch.float64) for _ in layer.state_names)
        # A number added to the state of step t, before the hidden state is made from it, moves all that follows.
        for k in range(t):
            states = step(parameters, sample[k], states, states[0])
        if letter == "c" and t > 0:
            o = torch.tensor(diagnostics.gate_activations(layer, sample[None].numpy())["o"][0, t - 1])
            c = states[1]

            def rest(given, sample=sample, states=states, o=o, c=c):
                now = list(states)
                now[0], seen_o = through(layer, o, c, given)
                now[1] = given
                if "o" in layer.state_names:
                    now[layer.state_names.index("o")] = seen_o
                now = tuple(now)
                for k in range(t, T):
                    now = step(parameters, sample[k], now, now[0])
                return now[1]

            start = c
        else:
            which = layer.state_names.index(letter)

            def rest(given, sample=sample, states=states, which=which):
                now = tuple(given if k == which else each for k, each in enumerate(states))
                for k in range(t, T):
                    now = step(parameters, sample[k], now, now[0])
                return now[which]

            start = states[which]
        rows.append(torch.autograd.functional.jacobian(rest, start).diagonal().numpy())
    return np.array(rows)


def through(layer, o, c, given):
    """The hidden state and the output gate of the step if it had the given cell state."""
    variant = layer.options.get("variant")
    squash = (lambda value: value) if variant == "NOAF" else torch.tanh
    if variant in ("vanilla", "NOAF", "FGR"):  # the output gate looks through its peephole at the cell state
        p_o = torch.tensor(layer.parameters["weight_peephole_l0"][-1])
        o = (torch.logit(o) + p_o * (given - c)).sigmoid()
    return o * squash(given), o


@pytest.mark.parametrize("kind", ["lstm", "gru", "vanilla", "NOAF", "NOG", "FGR", "1997"])
def test_full_path_equals_autograd_and_direct_path_is_the_product(kind):
    layer = make(kind, D, H) if kind in ("lstm", "gru") else VariantLSTM(D, H, variant=kind)
    letter, gate = ("h", "z") if kind == "gru" else ("c", "f")
    x = x_of()
    paths = diagnostics.memory_paths(layer, x)
    assert paths.direct.shape == paths.full.shape == (N, T + 1, H)
    gates = diagnostics.gate_activations(layer, x)[gate]
    for t in range(T):
        np.testing.assert_allclose(paths.full[:, t], total(layer, x, letter, t), rtol=0, atol=1e-10)
        np.testing.assert_allclose(paths.direct[:, t], gates[:, t:].prod(axis=1), rtol=1e-12)
    assert (paths.direct[:, T] == 1).all() and (paths.full[:, T] == 1).all()
    assert np.abs(paths.full - paths.direct).max() > 1e-3  # the direct path is not the whole gradient


@pytest.mark.parametrize(
    "look",
    [diagnostics.gate_activations, diagnostics.gradient_norms, diagnostics.memory_paths],
)
def test_looking_does_not_disturb_a_training_step(look):
    layer, x = make("lstm", D, H, recurrent_dropout=0.3), x_of()
    dy = x_of(N, T, H)
    layer(x)
    layer.backward(dy)
    expected = {name: gradient.copy() for name, gradient in layer.gradients.items()}
    look(layer, x_of(2, 3, D))
    assert layer.training
    layer.backward(dy)  # still that of the call before
    for name, gradient in layer.gradients.items():
        np.testing.assert_array_equal(gradient, expected[name])


def test_without_recurrent_weights_the_direct_path_is_the_whole():
    layer = make("lstm", D, H)
    layer.parameters["weight_hh_l0"][...] = 0
    paths = diagnostics.memory_paths(layer, x_of())
    np.testing.assert_allclose(paths.full, paths.direct, rtol=1e-12)


def test_the_direct_path_of_the_1997_cell_is_one():
    paths = diagnostics.memory_paths(VariantLSTM(D, H, variant="1997"), x_of())
    assert (paths.direct == 1).all() and not np.allclose(paths.full, 1)


def test_a_state_can_be_given():
    layer, x = make("lstm", D, H), x_of()
    _, state = layer(x[:, :2])
    whole, rest = diagnostics.memory_paths(layer, x), diagnostics.memory_paths(layer, x[:, 2:], state)
    np.testing.assert_allclose(rest.full[:, 1:], whole.full[:, 3:], rtol=1e-10)  # a given h depends on no c
    np.testing.assert_allclose(rest.direct, whole.direct[:, 2:], rtol=1e-10)


@pytest.mark.parametrize(
    "function, given, name, came",
    [
        (diagnostics.gate_activations, {"layer": torch.nn.LSTM(D, H), "x": x_of()}, "layer", "LSTM"),
        (diagnostics.gate_activations, {"layer": LSTM(D, H), "x": x_of(T, D)}, "x", "(6, 2)"),
        (diagnostics.gate_activations, {"layer": LSTM(D, H), "x": x_of(), "depth": 1}, "depth", "1"),
        (diagnostics.saturation, {"activations": {"c": np.ones((1, 1, 1))}}, "activations", "['c']"),
        (diagnostics.saturation, {"activations": {"f": np.ones((1, 1, 1))}, "low": 0.95}, "high", "0.9"),
        (diagnostics.saturation, {"activations": {"f": np.ones((1, 1, 1))}, "high": 1.0}, "high", "1.0"),
        (diagnostics.saturation, {"activations": {"f": [[[0.5]]]}}, "f in activations", "list"),
        (diagnostics.saturation, {"activations": {"f": np.full((1, 1, 1), np.nan)}}, "f in activations", "none"),
        (diagnostics.saturation, {"activations": None}, "activations", "NoneType"),
        (diagnostics.saturation, {"activations": {"f": np.ones(4)}}, "f in activations", "(4,)"),
        (diagnostics.factor_per_step, {"norms": np.ones(5), "first": "a"}, "first", "'a'"),
        (diagnostics.gradient_norms, {"layer": None, "x": x_of()}, "layer", "NoneType"),
        (diagnostics.gradient_norms, {"layer": GRU(D, H, bidirectional=True), "x": x_of()}, "layer", "two"),
        (diagnostics.factor_per_step, {"norms": np.ones(5)}, "norms", "0"),
        (diagnostics.factor_per_step, {"norms": np.ones((5, 5))}, "norms", "(5, 5)"),
        (diagnostics.memory_paths, {"layer": RNN(D, H), "x": x_of()}, "layer", "RNN"),
        (diagnostics.memory_paths, {"layer": LSTM(D, H, num_layers=2), "x": x_of()}, "layer", "num_layers=2"),
        (diagnostics.memory_paths, {"layer": LSTM(D, H), "x": x_of(T, D)}, "x", "(6, 2)"),
    ],
)
def test_bad_input_is_said_in_one_sentence(function, given, name, came):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and came in sentence.partition(", got ")[2], sentence
