"""Bad input to every public function of scratch raises one sentence: the argument, what was wanted, what it got."""

import numpy as np
import pytest
import torch

from lstm_course import scratch
from lstm_course.scratch import (
    GRU,
    LSTM,
    RNN,
    SGD,
    Adam,
    Dropout,
    Embedding,
    Linear,
    VariantLSTM,
    arguments,
    check_layer,
    clip_by_norm,
    clip_by_value,
    gradient_check,
    initialise,
    load,
    lstm_step,
    lstm_step_backward,
    rnn_step,
    rnn_step_backward,
    save,
    schedules,
    softmax_cross_entropy,
    squared_error,
    stacked_weights,
)

N, T, D, H, K = 2, 5, 3, 4, 6
NAN = np.full((N, T, D), np.nan)


def step(**changes):
    shapes = {"x": (N, D), "h": (N, H), "c": (N, H), "W": (4 * H, H + D), "b": (4 * H,)}
    lstm_step(**({name: np.ones(shape) for name, shape in shapes.items()} | changes))


def step_backward(**changes):
    W = np.ones((4 * H, H + D))
    cache = lstm_step(np.ones((N, D)), np.ones((N, H)), np.ones((N, H)), W, np.ones(4 * H))[2]
    given = {"dh_next": np.ones((N, H)), "dc_next": np.ones((N, H)), "cache": cache, "W": W}
    lstm_step_backward(**(given | changes))


def forward(kind, **changes):
    kind(D, H)(**({"x": np.ones((N, T, D))} | changes))


def backward(kind, **changes):
    layer = kind(D, H)
    layer(np.ones((N, T, D)))
    layer.backward(**({"dy": np.ones((N, T, H))} | changes))


def two_layers(D, H):
    return LSTM(D, H, num_layers=2)


def both_ways(D, H):
    return LSTM(D, H, bidirectional=True)


def full_recurrence(D, H):
    return VariantLSTM(D, H, variant="FGR")


def activations(**given):
    layer = LSTM(D, H)
    layer(np.ones((N, T, D)))
    layer.activations(**given)


def dropout_backward(dy):
    layer = Dropout(0.5)
    layer(np.ones((N, T, D)))
    layer.backward(dy)


def dropout_locked(dy):
    layer = Dropout(0.5, locked=True)
    layer(np.ones((N, T, D)))
    layer.backward(dy)


ONE_LAYER = Linear(D, K)


def later(change, value):
    adam = Adam(with_gradients(1.0))
    adam.steps = 3
    setattr(adam, change, value)
    adam.step()


def added():
    (layer,) = with_gradients(1.0)
    adam = Adam([layer])
    layer.parameters["extra"] = layer.gradients["extra"] = np.ones(2)
    adam.step()


def linear_backward(dy):
    layer = Linear(D, K)
    layer(np.ones((N, T, D)))
    layer.backward(dy)


def cross_entropy(**changes):
    given = {"logits": np.ones((N, T, K)), "targets": np.zeros((N, T), int)}
    softmax_cross_entropy(**(given | changes))


def embedding_backward(dy):
    layer = Embedding(K, D)
    layer(np.zeros((N, T), int))
    layer.backward(dy)


def mean_square(**changes):
    squared_error(**({"outputs": np.ones((N, T, K)), "targets": np.ones((N, T, K))} | changes))


def scheduled_step(factor):
    Adam(with_gradients(1.0), schedule=lambda step: factor).step()


def check(**changes):
    """A gradient check of W, changed."""
    W = np.ones((2, 2))
    gradient_check(**({"loss": lambda: np.sum(W), "arrays": {"W": W}, "gradients": {"W": W}} | changes))


RANDOM = np.random.default_rng(0)


def random_loss():
    return RANDOM.normal()


def read_only():
    array = np.ones(2)
    array.flags.writeable = False
    return array


def with_gradients(value, **changes):
    layer = Linear(D, K)
    gradients = {name: np.full_like(p, value) for name, p in layer.parameters.items()} | changes
    layer.gradients = {name: gradient for name, gradient in gradients.items() if gradient is not None}
    return [layer]


def states(*shape):
    return (np.ones(shape), np.ones(shape))


# What is called, with what, the argument that is wrong, and a word of what came.
BAD = [
    # the step
    (step, {"x": np.ones(D)}, "x", "(3,)"),
    (step, {"x": np.full((N, D), np.nan)}, "x", "nan at index (0, 0)"),
    (step, {"x": [[1.0, 2.0], [3.0]]}, "x", "rows of different length"),
    (step, {"x": np.ones((0, D))}, "x", "(0, 3)"),
    (step, {"h": np.ones((N + 1, H))}, "h", "(3, 4)"),
    (step, {"c": np.ones((N, H + 1))}, "c", "(2, 5)"),
    (step, {"W": np.ones((H + D, 4 * H))}, "W", "(7, 16)"),
    (step, {"b": np.ones(H)}, "b", "(4,)"),
    (step, {"b": None}, "b", "None"),
    (step_backward, {"dh_next": np.ones((N, H + 1))}, "dh_next", "(2, 5)"),
    (step_backward, {"dc_next": np.full((N, H), np.inf)}, "dc_next", "inf"),
    (step_backward, {"W": np.ones((4 * H, H))}, "W", "(16, 4)"),
    (step_backward, {"cache": None}, "cache", "NoneType"),
    (step_backward, {"cache": (1,) * 7}, "cache", "tuple"),
    (step, {"x": torch.ones(N, D, requires_grad=True)}, "x", "Tensor"),
    (step, {"x": {"a": 1}}, "x", "dict"),
    (stacked_weights, {"parameters": None}, "parameters", "NoneType"),
    (stacked_weights, {"parameters": GRU(D, H).parameters}, "weight_hh_l0 in parameters", "(12, 4)"),
    (Dropout, {"rate": 0.5, "dtype": None}, "dtype", "None"),
    (Linear(D, K, dtype=np.float32), {"x": np.full((N, T, D), 1e300)}, "x", "1e+300"),
    (dropout_locked, {"dy": np.ones((N, T + 1, D))}, "dy", "(2, 6, 3)"),
    (VariantLSTM, {"input_size": D, "hidden_size": H, "variant": ["NP"]}, "variant", "['NP']"),
    (VariantLSTM, {"input_size": D, "hidden_size": H, "variant": 1997}, "variant", "1997"),
    (stacked_weights, {"parameters": {"weight_ih_l0": np.ones((4, 1))}}, "parameters", "weight_ih_l0"),
    # linear layer
    (Linear, {"input_size": 0, "output_size": 1}, "input_size", "0"),
    (Linear, {"input_size": 1, "output_size": 2.5}, "output_size", "2.5"),
    (Linear, {"input_size": 1, "output_size": 1, "dtype": int}, "dtype", "int64"),
    (Linear, {"input_size": 1, "output_size": 1, "seed": -1}, "seed", "-1"),
    (Linear(D, K), {"x": np.ones((N, T, D + 1))}, "x", "(2, 5, 4)"),
    (Linear(D, K), {"x": 1.0}, "x", "()"),
    (Linear(D, K), {"x": NAN}, "x", "nan"),
    (linear_backward, {"dy": np.ones((N, T + 1, K))}, "dy", "(2, 6, 6)"),
    (linear_backward, {"dy": np.ones((N, T, K + 1))}, "dy", "(2, 5, 7)"),
    # cross-entropy
    (cross_entropy, {"logits": 1.0}, "logits", "()"),
    (cross_entropy, {"logits": NAN}, "logits", "nan"),
    (cross_entropy, {"logits": np.ones((N, 0, K))}, "logits", "(2, 0, 6)"),
    (cross_entropy, {"targets": np.zeros((N, T + 1), int)}, "targets", "(2, 6)"),
    (cross_entropy, {"targets": np.zeros((N, T))}, "targets", "float64"),
    (cross_entropy, {"targets": np.full((N, T), K)}, "targets", "6"),
    (cross_entropy, {"targets": np.full((N, T), -1)}, "targets", "-1"),
    (cross_entropy, {"targets": [[0, 1], [2]]}, "targets", "rows of different length"),
    (cross_entropy, {"targets": None}, "targets", "None"),
    (cross_entropy, {"mask": np.ones((T, N), bool)}, "mask", "(5, 2)"),
    (cross_entropy, {"mask": np.zeros((N, T), bool)}, "mask", "none"),
    # optimiser and clipping
    (Adam, {"layers": Linear(D, K)}, "layers", "Linear"),
    (Adam, {"layers": []}, "layers", "an empty one"),
    (Adam, {"layers": ["layer"]}, "layers", "str"),
    (Adam, {"layers": [Linear(D, K)], "learning_rate": 0}, "learning_rate", "0"),
    (Adam, {"layers": [Linear(D, K)], "learning_rate": "fast"}, "learning_rate", "'fast'"),
    (Adam, {"layers": [Linear(D, K)], "betas": (0.9, 1.0)}, "betas", "(0.9, 1.0)"),
    (Adam, {"layers": [Linear(D, K)], "betas": 0.9}, "betas", "0.9"),
    (Adam, {"layers": [Linear(D, K)], "epsilon": -1e-8}, "epsilon", "-1e-08"),
    (Adam([Linear(D, K)]).step, {}, "layers", "without gradients"),
    (Adam(with_gradients(np.nan)).step, {}, "layers", "NaN"),
    (clip_by_norm, {"layers": with_gradients(1.0), "max_norm": 0.0}, "max_norm", "0.0"),
    (clip_by_norm, {"layers": with_gradients(1.0), "max_norm": np.inf}, "max_norm", "inf"),
    (clip_by_norm, {"layers": [Linear(D, K)], "max_norm": 1.0}, "layers", "without gradients"),
    (clip_by_norm, {"layers": with_gradients(np.inf), "max_norm": 1.0}, "layers", "infinity"),
    (clip_by_norm, {"layers": None, "max_norm": 1.0}, "layers", "NoneType"),
]
BAD += [
    # embedding
    (Embedding, {"count": 0, "size": 1}, "count", "0"),
    (Embedding, {"count": 1, "size": 2.0}, "size", "2.0"),
    (Embedding, {"count": 1, "size": 1, "dtype": int}, "dtype", "int64"),
    (Embedding, {"count": 1, "size": 1, "seed": None}, "seed", "None"),
    (Embedding(K, D), {"x": np.zeros((N, T))}, "x", "float64"),
    (Embedding(K, D), {"x": [[0, K]]}, "x", "6"),
    (Embedding(K, D), {"x": [[-1]]}, "x", "-1"),
    (Embedding(K, D), {"x": np.zeros((N, 0), int)}, "x", "(2, 0)"),
    (Embedding(K, D), {"x": [[0, 1], [2]]}, "x", "rows of different length"),
    (Embedding(K, D), {"x": "symbols"}, "x", "'symbols'"),
    (embedding_backward, {"dy": np.ones((N, T, D + 1))}, "dy", "(2, 5, 4)"),
    (embedding_backward, {"dy": np.ones((N, D))}, "dy", "(2, 3)"),
    (embedding_backward, {"dy": NAN}, "dy", "nan"),
    # squared error
    (mean_square, {"outputs": 1.0}, "outputs", "()"),
    (mean_square, {"outputs": NAN}, "outputs", "nan"),
    (mean_square, {"outputs": np.ones((0, K))}, "outputs", "(0, 6)"),
    (mean_square, {"targets": np.ones((N, T))}, "targets", "(2, 5)"),
    (mean_square, {"targets": np.full((N, T, K), np.nan)}, "targets", "nan at index (0, 0, 0)"),
    (mean_square, {"targets": np.full((N, T, K), "a")}, "targets", "<U"),
    (mean_square, {"targets": None}, "targets", "None"),
    (mean_square, {"targets": [[1.0], [2.0, 3.0]]}, "targets", "rows of different length"),
    (mean_square, {"mask": np.ones((N, T, K), bool)}, "mask", "(2, 5, 6)"),
    (mean_square, {"mask": np.full((N, T), 0.5)}, "mask", "float64"),
    (mean_square, {"mask": np.zeros((N, T), bool)}, "mask", "none"),
    # optimisers and clipping
    (SGD, {"layers": [], "learning_rate": 1}, "layers", "an empty one"),
    (SGD, {"layers": [Linear(D, K)], "learning_rate": -1}, "learning_rate", "-1"),
    (SGD, {"layers": [Linear(D, K)], "learning_rate": 1, "momentum": 1.0}, "momentum", "1.0"),
    (SGD, {"layers": [Linear(D, K)], "learning_rate": 1, "momentum": None}, "momentum", "None"),
    (SGD([Linear(D, K)], 1).step, {}, "layers", "without gradients"),
    (Adam, {"layers": [Linear(D, K)], "schedule": 0.5}, "schedule", "0.5"),
    (scheduled_step, {"factor": -0.1}, "schedule", "-0.1 at step 0"),
    (scheduled_step, {"factor": np.nan}, "schedule", "nan at step 0"),
    (scheduled_step, {"factor": None}, "schedule", "None at step 0"),
    (Adam(with_gradients(1.0, bias=None)).step, {}, "layers", "only one of the two for ['bias'] of a Linear"),
    (Adam(with_gradients(1.0, more=np.ones(1))).step, {}, "layers", "only one of the two for ['more'] of a Linear"),
    (Adam(with_gradients(1.0, bias=np.ones((1, K)))).step, {}, "layers", "(1, 6)"),
    (clip_by_value, {"layers": with_gradients(1.0), "limit": 0}, "limit", "0"),
    (clip_by_value, {"layers": with_gradients(np.nan), "limit": 1}, "layers", "NaN"),
    (clip_by_value, {"layers": Linear(D, K), "limit": 1}, "layers", "Linear"),
    # schedules
    (schedules.warmup, {"steps": 0}, "steps", "0"),
    (schedules.warmup, {"steps": 5, "then": 1.0}, "then", "1.0"),
    (schedules.step_decay, {"every": 1.5, "factor": 0.5}, "every", "1.5"),
    (schedules.step_decay, {"every": 1, "factor": 0}, "factor", "0"),
    (schedules.exponential, {"half_life": np.inf}, "half_life", "inf"),
    (schedules.cosine, {"steps": "100"}, "steps", "'100'"),
    (schedules.cosine, {"steps": 100, "floor": 1.0}, "floor", "1.0"),
    (schedules.check, {"name": "schedule", "schedule": "cosine"}, "schedule", "'cosine'"),
    # initial parameters
    (initialise.uniform, {"layer": Linear(D, K)}, "layer", "Linear"),
    (initialise.uniform, {"layer": LSTM(D, H), "bound": 0.0}, "bound", "0.0"),
    (initialise.uniform, {"layer": LSTM(D, H), "seed": -1}, "seed", "-1"),
    (initialise.orthogonal, {"layer": None}, "layer", "NoneType"),
    (initialise.orthogonal, {"layer": LSTM(D, H), "gain": "1"}, "gain", "'1'"),
    (initialise.orthogonal, {"layer": LSTM(D, H), "seed": 1.0}, "seed", "1.0"),
    (initialise.forget_bias, {"layer": LSTM, "value": 1.0}, "layer", "type"),
    (initialise.forget_bias, {"layer": GRU(D, H), "value": 1.0}, "layer", "GRU with r, z, n alone"),
    (initialise.forget_bias, {"layer": LSTM(D, H), "value": np.nan}, "value", "nan"),
    (initialise.forget_bias, {"layer": LSTM(D, H), "value": [1.0]}, "value", "[1.0]"),
    (initialise.chrono, {"layer": RNN(D, H), "longest": 10}, "layer", "RNN with h alone"),
    (initialise.chrono, {"layer": LSTM(D, H), "longest": 1.5}, "longest", "1.5"),
    (initialise.chrono, {"layer": LSTM(D, H), "longest": None}, "longest", "None"),
    (initialise.chrono, {"layer": LSTM(D, H), "longest": 10, "seed": "s"}, "seed", "'s'"),
    # gradient check
    (gradient_check, {"loss": 1.0, "arrays": {}, "gradients": {}}, "loss", "float"),
    (check, {"loss": lambda: (1.0, None)}, "loss", "tuple"),
    (check, {"loss": lambda: np.ones(2)}, "loss", "shape (2,)"),
    (check, {"loss": lambda: None}, "loss", "NoneType"),
    (check, {"loss": lambda: np.nan}, "loss", "nan"),
    (check, {"loss": random_loss}, "loss", "and then"),
    (check, {"arrays": {}}, "arrays", "{}"),
    (check, {"arrays": {"W": [1.0]}}, "arrays", "list as W"),
    (check, {"arrays": {"W": np.ones(2, np.float32)}}, "arrays", "float32 as W"),
    (check, {"arrays": {"W": read_only()}}, "arrays", "read-only one as W"),
    (check, {"arrays": {0: np.ones(2)}}, "arrays", "0"),
    (check, {"arrays": {"W": np.full(2, np.inf)}}, "W in arrays", "inf"),
    (check, {"arrays": {"W": np.ones((0, 2))}}, "W in arrays", "(0, 2)"),
    (check, {"gradients": {}}, "gradients", "[]"),
    (check, {"gradients": np.ones((2, 2))}, "gradients", "ndarray"),
    (check, {"gradients": {"W": np.ones((2, 1))}}, "W in gradients", "(2, 1)"),
    (check, {"gradients": {"W": NAN[0, :2, :2]}}, "W in gradients", "nan"),
    (check, {"gradients": {"W": None}}, "W in gradients", "None"),
    (check, {"time_axes": 1}, "time_axes", "1"),
    (check, {"time_axes": {"W": 2}}, "time_axes", "2 of W"),
    (check, {"time_axes": {"x": 0}}, "time_axes", "0 of x"),
    (check, {"seed": -1}, "seed", "-1"),
    (check_layer, {"layer": np.tanh, "x": np.ones(D)}, "layer", "ufunc"),
    (check_layer, {"layer": LSTM(D, H, dtype=np.float32), "x": np.ones((N, T, D))}, "layer", "float32 in weight_ih"),
    (check_layer, {"layer": Dropout(0.5), "x": np.ones((N, T, D))}, "layer", "training = False"),
    (check_layer, {"layer": LSTM(D, H), "x": np.ones((N, D))}, "x", "(2, 3)"),
    (check_layer, {"layer": LSTM(D, H), "x": np.ones((N, T, D)), "mask": [[1]]}, "mask", "(1, 1)"),
    (check_layer, {"layer": LSTM(D, H), "x": np.ones((N, T, D)), "state": 0}, "state", "int"),
    (check_layer, {"layer": Linear(D, H), "x": np.ones((N, D)), "state": 0}, "state", "int"),
    (check_layer, {"layer": Linear(D, H), "x": np.ones((N, D)), "seed": None}, "seed", "None"),
    # storage
    (save, {"path": None, "layers": {}}, "path", "None"),
    (save, {"path": "file", "layers": [LSTM(D, H)]}, "layers", "list"),
    (load, {"path": 3}, "path", "3"),
    (load, {"path": "no/such/file"}, "path", "no/such/file, which cannot be read"),
]
for kind in (LSTM, GRU, RNN, VariantLSTM):
    BAD += [
        (kind, {"input_size": 0, "hidden_size": H}, "input_size", "0"),
        (kind, {"input_size": D, "hidden_size": "4"}, "hidden_size", "'4'"),
        (kind, {"input_size": D, "hidden_size": True}, "hidden_size", "True"),
        (kind, {"input_size": D, "hidden_size": H, "num_layers": 0}, "num_layers", "0"),
        (kind, {"input_size": D, "hidden_size": H, "bidirectional": "both"}, "bidirectional", "'both'"),
        (kind, {"input_size": D, "hidden_size": H, "dropout": 1.0}, "dropout", "1.0"),
        (kind, {"input_size": D, "hidden_size": H, "recurrent_dropout": -0.1}, "recurrent_dropout", "-0.1"),
        (kind, {"input_size": D, "hidden_size": H, "locked": 1}, "locked", "1"),
        (kind, {"input_size": D, "hidden_size": H, "dtype": np.float16}, "dtype", "float16"),
        (kind, {"input_size": D, "hidden_size": H, "dtype": "numbers"}, "dtype", "'numbers'"),
        (kind, {"input_size": D, "hidden_size": H, "seed": 0.5}, "seed", "0.5"),
        (forward, {"kind": kind, "x": np.ones((T, D))}, "x", "(5, 3)"),
        (forward, {"kind": kind, "x": np.ones((N, T, D + 1))}, "x", "(2, 5, 4)"),
        (forward, {"kind": kind, "x": np.ones((N, 0, D))}, "x", "(2, 0, 3)"),
        (forward, {"kind": kind, "x": NAN}, "x", "nan"),
        (forward, {"kind": kind, "x": np.ones((N, T, D)) * 1j}, "x", "complex128"),
        (forward, {"kind": kind, "x": [["a"]]}, "x", "list"),
        (forward, {"kind": kind, "mask": np.ones((N, T + 1), bool)}, "mask", "(2, 6)"),
        (forward, {"kind": kind, "mask": np.full((N, T), 2)}, "mask", "int64"),
        (forward, {"kind": kind, "mask": np.full((N, T), np.nan)}, "mask", "float64"),
        (forward, {"kind": kind, "mask": [[True], [True, False]]}, "mask", "rows of different length"),
        (backward, {"kind": kind, "dy": np.ones((N, T, H + 1))}, "dy", "(2, 5, 5)"),
        (backward, {"kind": kind, "dy": np.full((N, T, H), -np.inf)}, "dy", "-inf at index (0, 0, 0)"),
    ]
PLAIN = {"x": np.ones((N, D)), "h": np.ones((N, H)), "W": np.ones((H, H + D))}
PLAIN_BACKWARD = PLAIN | {"dh_next": np.ones((N, H)), "h_next": np.ones((N, H))}
BAD += [
    (rnn_step, PLAIN | {"b": np.ones(H + 1)}, "b", "(5,)"),
    (rnn_step, PLAIN | {"b": np.ones(H), "x": np.full((N, D), np.nan)}, "x", "nan"),
    (rnn_step, PLAIN | {"b": np.ones(H), "h": np.ones((N + 1, H))}, "h", "(3, 4)"),
    (rnn_step, PLAIN | {"b": np.ones(H), "W": np.ones((H + D, H))}, "W", "(7, 4)"),
    (rnn_step_backward, PLAIN_BACKWARD | {"dh_next": np.ones((N, H + 1))}, "dh_next", "(2, 5)"),
    (rnn_step_backward, PLAIN_BACKWARD | {"h_next": np.full((N, H), np.inf)}, "h_next", "inf"),
    (forward, {"kind": LSTM, "state": np.ones((1, N, H))}, "state", "ndarray"),
    (forward, {"kind": LSTM, "state": states(N, H)}, "h in state", "(2, 4)"),
    (forward, {"kind": LSTM, "state": (np.ones((1, N, H)), np.ones((2, N, H)))}, "c in state", "(2, 2, 4)"),
    (backward, {"kind": LSTM, "dstate": states(1, N, H + 1)}, "h in dstate", "(1, 2, 5)"),
    (forward, {"kind": two_layers, "state": states(1, N, H)}, "h in state", "(1, 2, 4)"),
    (backward, {"kind": both_ways, "dy": np.ones((N, T, H))}, "dy", "(2, 5, 4)"),
    (forward, {"kind": full_recurrence, "state": states(1, N, H)}, "state", "2 of them"),
    (VariantLSTM, {"input_size": D, "hidden_size": H, "variant": "GRU"}, "variant", "'GRU'"),
    (RNN, {"input_size": D, "hidden_size": H, "nonlinearity": "sin"}, "nonlinearity", "'sin'"),
    (activations, {"depth": 1}, "depth", "1"),
    (Adam, {"layers": [ONE_LAYER, ONE_LAYER]}, "layers", "twice"),
    (Adam, {"layers": [Linear(D, K)], "learning_rate": np.complex64(1)}, "learning_rate", "1+0j"),
    (later, {"change": "learning_rate", "value": np.nan}, "learning_rate", "nan"),
    (later, {"change": "learning_rate", "value": -1.0}, "learning_rate", "-1.0"),
    (later, {"change": "schedule", "value": schedules.step_decay(1, 1e200)}, "schedule", "inf"),
    (added, {}, "layers", "others in a Linear"),
    (activations, {"reverse": True}, "reverse", "True"),
    (Dropout, {"rate": 1.5}, "rate", "1.5"),
    (Dropout, {"rate": 0.5, "locked": None}, "locked", "None"),
    (Dropout(0.5), {"x": np.ones((N, T))}, "x", "(2, 5)"),
    (Dropout(0.5), {"x": NAN}, "x", "nan"),
    (dropout_backward, {"dy": np.ones((N, T + 1, D))}, "dy", "(2, 6, 3)"),
    (forward, {"kind": RNN, "state": np.ones((N, H))}, "h in state", "(2, 4)"),
    (forward, {"kind": RNN, "state": np.full((1, N, H), np.nan)}, "h in state", "nan"),
    (backward, {"kind": RNN, "dstate": states(1, N, H)}, "h in dstate", "(2, 1, 2, 4)"),
]


@pytest.mark.parametrize("function, given, name, came", BAD)
def test_bad_input_is_said_in_one_sentence(function, given, name, came):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted "), sentence
    before, got, after = sentence.partition(", got ")
    assert got and came in after, sentence
    assert "\n" not in sentence and ". " not in sentence and len(sentence) < 160


def test_every_public_function_is_tried():
    tried = {name for function, *_ in BAD for name in (function.__name__ if hasattr(function, "__name__") else "",)}
    covered_by = {
        "lstm_step": "step",
        "lstm_step_backward": "step_backward",
        "softmax_cross_entropy": "cross_entropy",
        "squared_error": "mean_square",
    }
    # `sigmoid` takes whatever NumPy's tanh takes, infinities among it; `StepCache` and `VARIANTS` only hold.
    modules = {"initialise": initialise, "schedules": schedules}
    for name in set(scratch.__all__) - {"sigmoid", "StepCache", "VARIANTS", "diagnostics", *modules}:
        assert covered_by.get(name, name) in tried, name
    for module in modules.values():
        own = {name for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}
        for name in own - {"constant"}:  # which takes nothing
            assert name.startswith("_") or name in tried, name


def test_what_is_right_passes():
    x = np.ones((2, 3))
    assert arguments.array("x", x, N=None, D=3) is x
    assert arguments.array("x", [[1, 2]], np.float32, N=1, D=None).dtype == np.float32
    assert arguments.array("x", np.ones((4, 5, 2)), leading=True, D=2).shape == (4, 5, 2)
    assert arguments.array("x", [1.0, 2.0], leading=True, D=2).shape == (2,)
    assert arguments.mask("mask", None, 1, 2) is None
    np.testing.assert_array_equal(arguments.mask("mask", [[1, 0]], 1, 2), [[True, False]])
    np.testing.assert_array_equal(arguments.integers("k", [3, -9], 4, where=[True, False], N=2), [3, 0])
    assert arguments.size("size", np.int64(3)) == 3 and arguments.seed("seed", 0) == 0
    assert arguments.positive("rate", np.float32(0.5)) == 0.5
    assert arguments.float_type("dtype", "float32") == np.float32
    assert arguments.number("value", -2) == -2.0 and arguments.number("value", np.float32(0)) == 0.0
    assert arguments.shaped("x", [["a", None]], (1, 2)).shape == (1, 2)
    np.testing.assert_array_equal(arguments.mask_shaped("mask", None, (2, 1, 1)), np.ones((2, 1, 1), bool))
    np.testing.assert_array_equal(arguments.mask_shaped("mask", [1, 0, 1], (3,)), [True, False, True])
    assert arguments.mask_shaped("mask", True, ()).shape == ()
