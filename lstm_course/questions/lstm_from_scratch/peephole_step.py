"""05-peephole-step: one step of a cell whose gates see the cell state."""

import numpy as np

from lstm_course.scratch import VariantLSTM

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import LIBRARY, STATE, STEP_SIZES, step_inputs


def _peephole_cases(rng):
    def case(*size, scale=1.0):
        inputs = step_inputs(rng, *size, scale=scale)
        return dict(**inputs, p=rng.normal(size=(3, inputs["h"].shape[1])))

    return [case(*size) for size in STEP_SIZES] + [case(2, 3, 2, scale=1000.0)]


def _through_the_layer(x, h, c, W, b, p):
    """One step of the package's layer, which is written for whole sequences of any variant."""
    H = h.shape[1]
    layer = VariantLSTM(x.shape[1], H, variant="vanilla")
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(),
        weight_ih_l0=W[:, H:].copy(),
        bias_ih_l0=b,
        bias_hh_l0=np.zeros_like(b),
        weight_peephole_l0=p,
    )
    _, (h_next, c_next) = layer(x[:, None], (h[None], c[None]))
    return h_next[0], c_next[0]


PEEPHOLE_STEP = Question(
    id="05-peephole-step",
    name="peephole_step",
    points=3,
    outputs=(Output("h_next", STATE), Output("c_next", STATE)),
    cases=_peephole_cases,
    reference=_through_the_layer,
    mistakes=(
        Mistake(
            "no peepholes",
            "This is the standard step: no gate looks at the cell state. Add `p[0] * c` inside the input gate's "
            "sigmoid, and correspondingly for the other two gates.",
            edit(" + p[0] * c)", ")", " + p[1] * c)", ")", " + p[2] * c_next)", ")"),
        ),
        Mistake(
            "output gate sees the old cell state",
            "Your output gate looks at the cell state from before the step. It decides what to show of the *new* cell "
            "state, so it looks at `c_next`, which has to be computed first.",
            edit("p[2] * c_next", "p[2] * c"),
        ),
        Mistake(
            "peepholes of the input and forget gates swapped",
            "The input gate uses `p[1]` and the forget gate `p[0]`. The rows of `p` belong to i, f and o, in this "
            "order.",
            edit("p[0]", "P", "p[1]", "p[0]", "P *", "p[1] *"),
        ),
        Mistake(
            "a peephole for the candidate",
            "Your candidate looks at the cell state as well. Only gates have peepholes, and g isn't a gate.",
            edit("np.tanh(z_g)", "np.tanh(z_g + p[2] * c)"),
        ),
        Mistake(
            "peephole outside the sigmoid",
            "You add the peephole after the sigmoid, so the gate can leave the range from 0 to 1. It belongs to the "
            "sum inside.",
            edit(
                "sigmoid(z_i + p[0] * c)",
                "sigmoid(z_i) + p[0] * c",
                "sigmoid(z_f + p[1] * c)",
                "sigmoid(z_f) + p[1] * c",
                "sigmoid(z_o + p[2] * c_next)",
                "sigmoid(z_o) + p[2] * c_next",
            ),
        ),
        Mistake(
            "peepholes see tanh(c)",
            "Your gates look at tanh of the cell state. A peephole is connected to the cell state itself.",
            edit(
                "p[0] * c)",
                "p[0] * np.tanh(c))",
                "p[1] * c)",
                "p[1] * np.tanh(c))",
                "p[2] * c_next)",
                "p[2] * np.tanh(c_next))",
            ),
        ),
        Mistake(
            "tanh missing",
            "You let the cell state out without its tanh: `h = o * c`. The peepholes change nothing but the gates.",
            edit("o * np.tanh(c_next)", "o * c_next"),
        ),
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. The first H columns of `W` belong to h, the others to x.",
            edit("[h, x]", "[x, h]"),
        ),
        Mistake(
            "gates in another order",
            "You take the third block of z for the output gate and the fourth for the candidate. The order is i, f, g, "
            "o.",
            edit("z_i, z_f, z_g, z_o", "z_i, z_f, z_o, z_g"),
        ),
        Mistake("bias left out", "The bias `b` is missing: z = W [h, x] + b.", edit("W.T + b", "W.T")),
        Mistake(
            "results in another order",
            "You return the cell state first. The order is h, then c.",
            edit("c_next), c_next", "c_next)", "return o", "return c_next, o"),
        ),
    ),
    hints=(
        "Which of the three gates can be computed before c' is known, and which has to wait?",
        "Compute z as in the lesson and split it into four blocks. Add `p[0] * c` and `p[1] * c` to the sums of the "
        "input and the forget gate, compute the new cell state, and only then the output gate.",
        "`i = sigmoid(z_i + p[0] * c)`, `f = sigmoid(z_f + p[1] * c)`, `c_next = f * c + i * np.tanh(z_g)`, then "
        "`o = sigmoid(z_o + p[2] * c_next)`. For a sigmoid that can't overflow: `0.5 + 0.5 * np.tanh(0.5 * z)`.",
    ),
    forbids=LIBRARY,
    explain_right="With p = 0 this is the standard step, which makes a good test of your own. Lesson 08 asks whether "
    "peepholes are worth their weights.",
)
