"""02-rnn-forward: a plain recurrent network over a whole sequence."""

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import LIBRARY, STATES, STEP, layer_with, sequence_inputs


def _forward_cases(rng):
    sizes = [(1, 2, 1, 1), (2, 3, 3, 3), (3, 1, 2, 4), (2, 6, 1, 3), (4, 4, 3, 2)]
    return [sequence_inputs(rng, *size) for size in sizes] + [sequence_inputs(rng, 2, 3, 4, 2, scale=1000.0)]


RNN_FORWARD = Question(
    id="02-rnn-forward",
    name="rnn_forward",
    points=2,
    outputs=(Output("y", STATES),),
    cases=_forward_cases,
    reference=lambda x, h, W, b: layer_with(x.shape[2], W, b)(x, h[None])[0],
    mistakes=(
        Mistake(
            "state not carried",
            "Each step starts again from the first state. What one step leaves is what the next one finds: bind the "
            "new state to the h that the loop uses.",
            edit("h = rnn_step(", "h_next = rnn_step(", "y.append(h)", "y.append(h_next)"),
        ),
        Mistake(
            "first state ignored",
            "You start from zeros. Start from the `h` that is given: it may be what an earlier piece of the sequence "
            "left.",
            edit("y = []", "y, h = [], np.zeros_like(h)"),
        ),
        Mistake(
            "one step late",
            "You store the state before the step: entry t holds what step t found, not what it left.",
            edit(
                "h = rnn_step(x[:, t], h, W, b)\n        y.append(h)",
                "y.append(h)\n        h = rnn_step(x[:, t], h, W, b)",
            ),
        ),
        Mistake(
            "one array for all steps",
            "All your steps are equal to the last one. You changed one array in place and stored it again and again; "
            "store a copy, or make a new array at each step.",
            edit("np.stack(y,", "np.stack([h] * len(y),"),
        ),
        Mistake(
            "from the last step to the first",
            "Your loop reads the sequence backwards. The state goes from the past to the future: step 0 comes first.",
            edit("range(x.shape[1])", "reversed(range(x.shape[1]))", "np.stack(y,", "np.stack(y[::-1],"),
        ),
        Mistake(
            "time before samples",
            "Your result has the time steps first. This course keeps (samples, time steps, units): stack along "
            "`axis=1`.",
            edit("axis=1", "axis=0"),
        ),
        Mistake(
            "first state among the results",
            "You return T + 1 states. The state before the first step does not belong in `y`, which holds what the T "
            "steps left.",
            edit("y = []", "y = [h]"),
        ),
    ),
    hints=(
        "What must a step know of the step before it, and where do you keep that between two rounds of the loop?",
        "Loop over the T steps; the input of step t is `x[:, t]`, of shape `(N, D)`. Bind the result of `rnn_step` to "
        "`h` again and append it to a list. How does a list of T arrays `(N, H)` become one of `(N, T, H)`?",
        "In the loop: `h = rnn_step(x[:, t], h, W, b)`, then `y.append(h)`. At the end `np.stack(y, axis=1)`.",
    ),
    provides=STEP,
    forbids=LIBRARY,
    explain_right="The same function at every step, and one array that goes from each to the next.",
)
