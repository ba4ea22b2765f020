"""Bad input to every public function of scratch: one sentence: the argument, what was wanted, what came."""

import numpy as np
import pytest

from lstm_course import scratch
from lstm_course.scratch import (
    LSTM,
    RNN,
    Adam,
    Linear,
    arguments,
    clip_by_norm,
    lstm_step,
    lstm_step_backward,
    softmax_cross_entropy,
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


def linear_backward(dy):
    layer = Linear(D, K)
    layer(np.ones((N, T, D)))
    layer.backward(dy)


def cross_entropy(**changes):
    given = {"logits": np.ones((N, T, K)), "targets": np.zeros((N, T), int)}
    softmax_cross_entropy(**(given | changes))


def with_gradients(value):
    layer = Linear(D, K)
    layer.gradients = {name: np.full_like(p, value) for name, p in layer.parameters.items()}
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
    (cross_entropy, {"logits": np.ones((N, K))}, "logits", "(2, 6)"),
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
for kind in (LSTM, RNN):
    BAD += [
        (kind, {"input_size": 0, "hidden_size": H}, "input_size", "0"),
        (kind, {"input_size": D, "hidden_size": "4"}, "hidden_size", "'4'"),
        (kind, {"input_size": D, "hidden_size": True}, "hidden_size", "True"),
        (kind, {"input_size": D, "hidden_size": H, "num_layers": 0}, "num_layers", "0"),
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
BAD += [
    (forward, {"kind": LSTM, "state": np.ones((1, N, H))}, "state", "ndarray"),
    (forward, {"kind": LSTM, "state": states(N, H)}, "h in state", "(2, 4)"),
    (forward, {"kind": LSTM, "state": (np.ones((1, N, H)), np.ones((2, N, H)))}, "c in state", "(2, 2, 4)"),
    (backward, {"kind": LSTM, "dstate": states(1, N, H + 1)}, "h in dstate", "(1, 2, 5)"),
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
    }
    # `sigmoid` takes whatever NumPy's tanh takes, infinities among it; `StepCache` only holds.
    for name in set(scratch.__all__) - {"sigmoid", "StepCache"}:
        assert covered_by.get(name, name) in tried, name


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
