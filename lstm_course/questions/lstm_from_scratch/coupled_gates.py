"""05-coupled-gates: a cell with coupled input and forget gates."""

import numpy as np

from lstm_course.scratch import lstm_step, lstm_step_backward

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import GRADIENTS, STATE, STEP_SIZES, step_inputs


def _coupled_cases(rng):
    def case(*size):
        inputs = step_inputs(rng, *size, gates=3)
        shape = inputs["h"].shape
        return dict(**inputs, dh_next=rng.normal(size=shape), dc_next=rng.normal(size=shape))

    return [case(*size) for size in STEP_SIZES[:4]]


def _coupled(x, h, c, W, b, dh_next, dc_next):
    """The package's own step with the input gate's weights set to -W_f, since 1 - sigmoid(z) = sigmoid(-z)."""
    H = h.shape[1]
    h_next, c_next, cache = lstm_step(x, h, c, np.concatenate([-W[:H], W]), np.concatenate([-b[:H], b]))
    dx, dh, dc, dW, db = lstm_step_backward(dh_next, dc_next, cache, np.concatenate([-W[:H], W]))
    dW[H : 2 * H] -= dW[:H]
    db[H : 2 * H] -= db[:H]
    return h_next, c_next, dx, dh, dc, dW[H:], db[H:]


COUPLED_GATES = Question(
    id="05-coupled-gates",
    name="coupled_step",
    points=4,
    outputs=(
        Output("h_next", STATE),
        Output("c_next", STATE),
        *GRADIENTS[:3],
        Output("dW", ("row", "column"), backward=True, blocks=("f", "g", "o")),
        Output("db", ("row",), backward=True, blocks=("f", "g", "o")),
    ),
    cases=_coupled_cases,
    reference=_coupled,
    mistakes=(
        Mistake(
            "gradient through the input gate dropped",
            "The forget gate now acts in two places: it keeps `f * c` and lets in `(1 - f) * g`. Its gradient has two "
            "parts, and yours lacks the second: `df = dc_all * (c - g)`, with `dc_all` the whole gradient of c'.",
            edit("(c - g)", "c"),
        ),
        Mistake(
            "sign of the second part",
            "The input gate is 1 - f, so it contributes to the gradient of f with a minus sign: `dc_all * (c - g)`, "
            "not `dc_all * (c + g)`, with `dc_all` the whole gradient of c'.",
            edit("c - g", "c + g"),
        ),
        Mistake(
            "candidate's gradient through the forget gate",
            "In c' = f * c + (1 - f) * g the candidate is multiplied by 1 - f, so that is the factor of its gradient, "
            "not f.",
            edit("dc_all * (1 - f), dh_next", "dc_all * f, dh_next"),
        ),
        Mistake(
            "input gate equal to the forget gate",
            "You let in `f * g`. Coupled means that what isn't kept is replaced: `(1 - f) * g`.",
            edit("c + (1 - f) * g", "c + f * g", "(c - g), dc_all * (1 - f)", "(c + g), dc_all * f"),
        ),
        Mistake(
            "roles of f and 1 - f swapped",
            "You keep `1 - f` of the old state. In this cell, too, the forget gate is the share that is kept.",
            edit(
                "f * c + (1 - f) * g",
                "(1 - f) * c + f * g",
                "(c - g), dc_all * (1 - f)",
                "(g - c), dc_all * f",
                "dc_all * f, dz.T",
                "dc_all * (1 - f), dz.T",
            ),
        ),
        Mistake(
            "gradient of the next hidden state dropped",
            "`dh_next` has no effect on your gradients.",
            edit("    H = h.shape[1]", "    dh_next = 0 * dh_next\n    H = h.shape[1]"),
        ),
        Mistake(
            "gradient of the next cell state dropped",
            "`dc_next` has no effect on your gradients. Add it to what comes through h.",
            edit("dc_next + dh_next * o", "dh_next * o"),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "Columns 0 to H - 1 of `dz @ W` are dh, the others dx.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :-H], dhx[:, -H:]"),
        ),
        Mistake(
            "cell state carried back in part",
            "`dc` lacks the part that came through h. First add both parts of the gradient of c', then multiply their "
            "sum by f.",
            edit("dc_all * f, dz.T", "dc_next * f, dz.T"),
        ),
    ),
    hints=(
        "Forward: which line of the standard step changes, and how many blocks does z have now? Backward: on how many "
        "paths does f reach c'?",
        "`c_next = f * c + (1 - f) * g`. Differentiate this line with respect to f, g and c. Everything else is as in "
        "the standard step, with three blocks instead of four.",
        "`df = dc_all * (c - g)`, `dg = dc_all * (1 - f)`, `dc = dc_all * f`, with `dc_all` as before. There is also a "
        "way without any new derivative: 1 - sigmoid(z) is sigmoid(-z), so this is the standard cell whose input gate "
        "has the forget gate's weights with the opposite sign. What does that say about the gradients?",
    ),
    explain_right="Two gates and a candidate. It is also the standard cell with `W_i = -W_f` and `b_i = -b_f`.",
)
