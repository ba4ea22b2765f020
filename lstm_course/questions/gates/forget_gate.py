"""04-forget-gate: the forget gate of one step."""

import numpy as np

from lstm_course.scratch import lstm_step

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import UNITS


def _gate_cases(rng):
    def case(N, H, D, scale=1.0):
        return dict(
            h=rng.normal(size=(N, H)),
            x=scale * rng.normal(size=(N, D)),
            W_f=rng.normal(size=(H, H + D)),
            b_f=rng.normal(size=H),
        )

    # All sizes one; all sizes different; inputs so large that exp() overflows.
    return [case(1, 1, 1), case(2, 3, 3), case(4, 2, 5), case(3, 4, 1), case(2, 3, 4, scale=1000.0)]


def _gate(h, x, W_f, b_f):
    """The forget gate of the package's own step, with zeros in all other rows of its weights."""
    H = h.shape[1]
    W, b = np.zeros((4 * H, W_f.shape[1])), np.zeros(4 * H)
    W[H : 2 * H], b[H : 2 * H] = W_f, b_f
    return lstm_step(x, h, np.zeros_like(h), W, b)[2].f


FORGET_GATE = Question(
    id="04-forget-gate",
    name="forget_gate",
    points=2,
    outputs=(Output("f", UNITS),),
    cases=_gate_cases,
    reference=_gate,
    mistakes=(
        Mistake(
            "tanh instead of sigmoid",
            "Your gate uses tanh, which lies between -1 and 1. A gate is a share that is kept, between 0 and 1: "
            "use the sigmoid.",
            edit("0.5 + 0.5 * np.tanh(0.5 * z)", "np.tanh(z)"),
        ),
        Mistake(
            "no sigmoid",
            "You return the weighted sum itself, which can be any number. The sigmoid brings it between 0 and 1.",
            edit("0.5 + 0.5 * np.tanh(0.5 * z)", "z"),
        ),
        Mistake(
            "bias left out",
            "The bias `b_f` is missing. It decides how far the gate is open when all inputs are 0.",
            edit("W_f.T + b_f", "W_f.T"),
        ),
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. In this course the first columns of `W_f` belong to h and the others to x: [h, x].",
            edit("[h, x]", "[x, h]"),
        ),
        Mistake(
            "hidden state left out",
            "Your gate looks only at x. It must see the previous hidden state as well: the first H columns of `W_f` "
            "are for h.",
            edit("hx @ W_f.T", "x @ W_f[:, h.shape[1] :].T"),
        ),
        Mistake(
            "sign reversed",
            "Your gate is open where it should be shut: sigmoid(z) is 1 / (1 + exp(-z)), with a minus in the exponent.",
            edit("np.tanh(0.5 * z)", "np.tanh(-0.5 * z)"),
        ),
    ),
    raising=(
        Mistake(
            "stacked instead of side by side",
            "`np.concatenate` puts the second array below the first unless you name the axis. Samples are rows here, "
            "so h and x go side by side: `axis=1`.",
            edit("[h, x], axis=1", "[h, x]"),
        ),
        Mistake(
            "W_f not transposed",
            "The product needs H + D rows in its second factor, but `W_f` has H + D columns. Transpose it: `W_f.T`.",
            edit("W_f.T", "W_f"),
        ),
    ),
    hints=(
        "A gate is one number for each unit, computed from everything that the cell can see. What does it see at this "
        "step, and how do you put two arrays of shapes `(N, H)` and `(N, D)` side by side?",
        "Join them with `np.concatenate([h, x], axis=1)`; the result has shape `(N, H + D)`. Multiply it by the "
        "transposed weights and add the bias. Which function then brings any number between 0 and 1?",
        "Compute `z = np.concatenate([h, x], axis=1) @ W_f.T + b_f`, then the sigmoid of `z`. If your sigmoid gives "
        "`nan` for large numbers, write it as `0.5 + 0.5 * np.tanh(0.5 * z)`, which is the same function and cannot "
        "overflow.",
    ),
    forbids=("lstm_course.scratch:lstm_step", "lstm_course.scratch:sigmoid"),
    explain_right="Each unit now decides for itself how much of its cell state to keep, from nothing (0) to all (1).",
)
