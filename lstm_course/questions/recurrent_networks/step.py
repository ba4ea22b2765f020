"""02-rnn-step: one step of a plain recurrent network."""

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import LIBRARY, STATE, STEP_SIZES, layer_with, step_inputs


def _step_cases(rng):
    return [step_inputs(rng, *size) for size in STEP_SIZES] + [step_inputs(rng, 2, 3, 2, scale=1000.0)]


def _one_step(x, h, W, b):
    return layer_with(x.shape[1], W, b)(x[:, None], h[None])[0][:, 0]


RNN_STEP = Question(
    id="02-rnn-step",
    name="rnn_step",
    points=1,
    outputs=(Output("h_next", STATE),),
    cases=_step_cases,
    reference=_one_step,
    mistakes=(
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. The first H columns of `W` belong to h, the others to x.",
            edit("[h, x]", "[x, h]"),
        ),
        Mistake(
            "tanh missing",
            "You return z itself. Without the tanh the states can grow at every step without bound, and the whole "
            "network is one linear function.",
            edit("np.tanh(z)", "z"),
        ),
        Mistake(
            "sigmoid instead of tanh",
            "Your state lies between 0 and 1. The plain cell has a tanh, between -1 and 1.",
            edit("np.tanh(z)", "0.5 + 0.5 * np.tanh(0.5 * z)"),
        ),
        Mistake(
            "bias left out",
            "The bias `b` is missing: z = W [h, x] + b.",
            edit("W.T + b", "W.T"),
        ),
        Mistake(
            "state left out",
            "Your step looks at x alone, so that it can remember nothing. The previous state takes part in the sum: "
            "the first H columns of `W` are for h.",
            edit("np.concatenate([h, x], axis=1) @ W.T", "x @ W[:, h.shape[1] :].T"),
        ),
        Mistake(
            "old state added",
            "You add the old state to the new one. Other cells do that; the plain one makes its state anew, and h "
            "only takes part in the sum.",
            edit("np.tanh(z)", "h + np.tanh(z)"),
        ),
    ),
    hints=(
        "The step sees two arrays, `h` of shape `(N, H)` and `x` of shape `(N, D)`. How do you put them side by side?",
        "`np.concatenate([h, x], axis=1)` has shape `(N, H + D)`, and `W` has shape `(H, H + D)`. Which product gives "
        "`(N, H)`?",
        "`z = np.concatenate([h, x], axis=1) @ W.T + b`, and the new state is `np.tanh(z)`.",
    ),
    forbids=("lstm_course.scratch:rnn_step", *LIBRARY),
    explain_right="That is a whole recurrent network: all that is left is to call it again.",
)
