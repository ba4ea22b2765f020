"""02-truncated (blank page): truncated backpropagation through time."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import (
    GRADIENTS,
    LIBRARY,
    SEQUENCE_GRADIENTS,
    STATES,
    STEP,
    STEP_BACKWARD_GIVEN,
    layer_with,
    sequence_inputs,
    weight_gradients,
)

# The lines of the solution that stop the gradient at the beginning of a window.
CUT = (
    "        if t % k == 0:  # a window starts here: nothing goes back into the one before\n"
    "            dh = np.zeros(h.shape)\n"
)


def _windows_start_from(state):
    """An edit after which every window but the first starts from `state` instead of the last state."""
    return edit(
        "states = [h]",
        "states, found = [h], []",
        "states.append(rnn_step(x[:, t], states[t], W, b))",
        f"found.append({state} if t > 0 and t % k == 0 else states[t])\n"
        "        states.append(rnn_step(x[:, t], found[t], W, b))",
        "x[:, t], states[t], states[t + 1]",
        "x[:, t], found[t], states[t + 1]",
    )


def _truncated_cases(rng):
    def case(N, T, D, H, k):
        inputs = sequence_inputs(rng, N, T, D, H)
        return dict(**inputs, dy=rng.normal(size=(N, T, H)), k=k)

    return [
        case(1, 4, 1, 1, k=2),
        case(2, 7, 3, 3, k=3),  # the last window is shorter
        case(3, 5, 2, 4, k=1),
        case(2, 3, 4, 2, k=8),  # a single window
        case(1, 6, 2, 3, k=4),
    ]


def _window_by_window(x, h, W, b, dy, k):
    layer = layer_with(x.shape[2], W, b)
    y, dx, dW, db = [], [], 0, 0
    for first in range(0, x.shape[1], k):
        part, state = layer(x[:, first : first + k], h[None])
        y.append(part)
        dx.append(layer.backward(dy[:, first : first + k])[0])
        h = state[0]
        dW_part, db_part = weight_gradients(layer)
        dW, db = dW + dW_part, db + db_part
    return np.concatenate(y, axis=1), np.concatenate(dx, axis=1), dW, db


TRUNCATED = Question(
    id="02-truncated",
    name="truncated",
    points=4,
    outputs=(Output("y", STATES), SEQUENCE_GRADIENTS[0], *GRADIENTS[2:]),
    cases=_truncated_cases,
    reference=_window_by_window,
    mistakes=(
        Mistake(
            "nothing cut",
            "Your gradients go back to the first step of the sequence. They have to stop at the first step of each "
            "window: nothing goes back from there.",
            edit(CUT, ""),
        ),
        Mistake(
            "state reset at each window",
            "You start each window from a state of zeros. Only the gradient is cut. The state is carried on, so y is "
            "the same as without windows.",
            _windows_start_from("np.zeros(h.shape)"),
        ),
        Mistake(
            "cut at every step",
            "Your gradient doesn't go back even one step. Within a window it is carried as usual.",
            edit("dy[:, t] + dh", "dy[:, t]"),
        ),
        Mistake(
            "windows counted from the end",
            "Your windows are counted from the end of the sequence. The first window starts at step 0, and the last "
            "one may be shorter than k.",
            edit("t % k == 0", "(T - t) % k == 0"),
        ),
        Mistake(
            "cut at the second step of a window",
            "Your cut is off by one: the gradient stops at the second step of a window instead of the first. Windows "
            "start at 0, k, 2k and so on.",
            edit("t % k == 0", "(t - 1) % k == 0"),
        ),
        Mistake(
            "cut at the last step of a window",
            "Your cut is off by one: you drop what the last step of a window hands back, where `(t + 1) % k == 0`. "
            "Drop what its *first* step hands back, where `t % k == 0`.",
            edit("t % k == 0", "(t + 1) % k == 0"),
        ),
        Mistake(
            "each window from the given state",
            "Each of your windows starts again from the given `h`. A window starts from the last state of the window "
            "before it.",
            _windows_start_from("h"),
        ),
        Mistake(
            "the last k steps only",
            "Your gradients cover the last k steps of the sequence, as in the lesson, where the loss was at the end. "
            "Here every window has losses of its own, and so it has gradients.",
            edit(CUT, "", "reversed(range(T))", "reversed(range(max(T - k, 0), T))"),
        ),
        Mistake(
            "dx of the last k steps only",
            "You return a `dx` of the last k steps only, as the lesson's `truncated_backward` does. Here every window "
            "has losses of its own, and `dx` has all T steps.",
            edit(
                CUT, "", "reversed(range(T))", "reversed(range(max(T - k, 0), T))", "axis=1), dx", "axis=1), dx[:, -k:]"
            ),
        ),
        Mistake(
            "each loss goes back k steps",
            "You carry the gradient of each step's loss back over k steps, across the start of its window. A gradient "
            "stops where its window starts, so from a window's first step it goes nowhere.",
            edit(
                CUT,
                "",
                "for t in reversed(range(T))",
                "for last, t in [(last, t) for last in range(T) for t in range(last, max(last - k, -1), -1)]",
                "dy[:, t] + dh",
                "dy[:, t] if t == last else dh",
                "dx[:, t], dh = step[:2]",
                "dx[:, t] += step[0]\n        dh = step[1]",
            ),
        ),
        Mistake(
            "weights of the last window only",
            "`dW` and `db` contain the contribution of the last window only. Every window adds its own.",
            edit(
                "dW += step[2]",
                "dW += step[2] * (t >= (T - 1) // k * k)",
                "db += step[3]",
                "db += step[3] * (t >= (T - 1) // k * k)",
            ),
        ),
        Mistake(
            "averaged over the windows",
            "`dW` and `db` are divided by the number of windows. Gradients are summed over all uses of the weights.",
            edit("axis=1), dx, dW, db", "axis=1), dx, dW / -(-T // k), db / -(-T // k)"),
        ),
        Mistake(
            "short window left out",
            "If T isn't a multiple of k, the last window is shorter than k. In your result it has no gradients.",
            edit("reversed(range(T))", "reversed(range(T // k * k))"),
        ),
        Mistake(
            "short window left out, states and all",
            "If T isn't a multiple of k, the last window is shorter than k. Yours is zero, states included.",
            edit(
                "reversed(range(T))",
                "reversed(range(T // k * k))",
                "return np.stack(states[1:], axis=1)",
                "y = np.stack(states[1:], axis=1)\n    y[:, T // k * k :] = 0\n    return y",
            ),
        ),
    ),
    raising=(
        Mistake(
            "no window at all",
            "If k is larger than T, your code has no window at all. The last window may be shorter than k, and here it "
            "is the only one.",
            edit(
                "T = x.shape[1]",
                "T = x.shape[1] // k * k",
                "np.stack(states[1:], axis=1)",
                "np.concatenate([state[:, None] for state in states[1:]], axis=1)",
            ),
        ),
    ),
    hints=(
        "Without truncation, two things pass from window to window, one forward, one backward. Which remains?",
        "The forward pass doesn't change. The backward pass loops over `reversed(range(T))` as usual. After which "
        "steps must `dh`, which you are about to hand to the step before, be zero instead?",
        "A window starts where `t % k == 0`. After the call of `rnn_step_backward` for such a t, set "
        "`dh = np.zeros_like(dh)`. Everything else is the ordinary backward pass.",
    ),
    provides=STEP | STEP_BACKWARD_GIVEN,
    forbids=LIBRARY,
    explain_right="The state has seen every step, a gradient only its own window. In PyTorch, `detach` makes the cut.",
)
