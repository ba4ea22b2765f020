"""05-lstm-step: one step forward."""

from lstm_course.scratch import lstm_step

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import LIBRARY, STATE, STEP_SIZES, step_inputs


def _step_cases(rng):
    return [step_inputs(rng, *size) for size in STEP_SIZES] + [step_inputs(rng, 2, 3, 2, scale=1000.0)]


LSTM_STEP = Question(
    id="05-lstm-step",
    name="lstm_step",
    points=3,
    outputs=(Output("h_next", STATE), Output("c_next", STATE)),
    cases=_step_cases,
    reference=lambda **inputs: lstm_step(**inputs)[:2],
    mistakes=(
        Mistake(
            "input and forget gate swapped",
            "You took the first block of rows for the forget gate and the second for the input gate. The order in "
            "this course, as in PyTorch, is i, f, g, o.",
            edit("z_i, z_f, z_g, z_o = np", "z_f, z_i, z_g, z_o = np"),
        ),
        Mistake(
            "candidate and output gate swapped",
            "You took the third block of rows for the output gate and the fourth for the candidate. The order is "
            "i, f, g, o.",
            edit("z_i, z_f, z_g, z_o = np", "z_i, z_f, z_o, z_g = np"),
        ),
        Mistake(
            "sigmoid on the candidate",
            "Your candidate goes through the sigmoid, so that it can only ever raise the cell state. It goes through "
            "a tanh: i, f and o are gates, g is not.",
            edit("np.tanh(z_g)", "0.5 + 0.5 * np.tanh(0.5 * z_g)"),
        ),
        Mistake(
            "tanh missing",
            "You let the cell state out as it is: `h = o * c`. The standard cell reads it through a tanh.",
            edit("np.tanh(c_next)", "c_next"),
        ),
        Mistake(
            "[x, h] instead of [h, x]",
            "You put x before h. The first H columns of `W` belong to h, the others to x.",
            edit("[h, x]", "[x, h]"),
        ),
        Mistake("bias left out", "The bias `b` is missing: z = W [h, x] + b.", edit("W.T + b", "W.T")),
        Mistake(
            "bias added twice",
            "The bias is counted twice. PyTorch keeps two bias vectors for each gate; `b` is already their sum.",
            edit("W.T + b", "W.T + 2 * b"),
        ),
        Mistake(
            "old cell state read",
            "h is read from the cell state before the step. First the new c, then `h = o * tanh(c)` from the new one.",
            edit("np.tanh(c_next)", "np.tanh(c)"),
        ),
        Mistake(
            "results in another order",
            "You return the cell state first. The order is h, then c.",
            edit("return h_next, c_next", "return c_next, h_next"),
        ),
    ),
    hints=(
        "How many numbers does `z = W [h, x] + b` hold for one sample, and how are they shared out among four "
        "quantities?",
        "`np.concatenate([h, x], axis=1) @ W.T + b` has shape `(N, 4H)`. `np.split(z, 4, axis=1)` cuts it into the "
        "four blocks, in the order i, f, g, o. Three of them are gates; which function makes the fourth?",
        "`i, f, o` go through the sigmoid, `g` through `np.tanh`. Then `c_next = f * c + i * g` and "
        "`h_next = o * np.tanh(c_next)`. For a sigmoid that cannot overflow: `0.5 + 0.5 * np.tanh(0.5 * z)`.",
    ),
    forbids=("lstm_course.scratch:lstm_step", *LIBRARY),
    explain_right="Your step gives what PyTorch gives. One matrix product, four blocks, two lines.",
)
