"""03-norms-by-lag: the norm of a gradient at each lag on its way back."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import network

# Pieces of the solution, and the two lines of its loop in reverse order.
STEP = "(g * (1 - h**2)) @ W_h"
ROUND = f"norms.append(np.linalg.norm(g))\n        g = {STEP}"
ROUND_REVERSED = f"g = {STEP}\n        norms.append(np.linalg.norm(g))"


def _norm_cases(rng):
    def case(T, H, gain=1.0, scale=1.0):
        x = scale * rng.normal(size=(T, H))
        W_h = gain * rng.normal(size=(H, H)) / np.sqrt(H)
        y, _ = network(np.eye(H), W_h)(x[None])
        return dict(states=y[0], W_h=W_h, u=rng.normal(size=H), x=x)

    # Among them: one step, one unit, as many steps as units, and a product that explodes.
    return [case(3, 2), case(1, 3), case(5, 1), case(4, 4, gain=0.5), case(6, 3), case(7, 5, gain=4.0, scale=0.2)]


def _norms(states, W_h, u, x):
    """From the layer's backward pass over the last k steps, with respect to the state before them."""
    layer, T = network(np.eye(len(u)), W_h), len(states)
    norms = [np.linalg.norm(u)]
    for k in range(1, T):
        y, _ = layer(x[None, T - k :], states[None, None, T - k - 1])
        dy = np.zeros_like(y)
        dy[0, -1] = u
        norms.append(np.linalg.norm(layer.backward(dy)[1]))
    return np.array(norms)


NORMS_BY_LAG = Question(
    id="03-norms-by-lag",
    name="norms_by_lag",
    points=3,
    outputs=(Output("norms", ("lag",)),),
    withheld=("x",),
    cases=_norm_cases,
    reference=_norms,
    mistakes=(
        Mistake(
            "oldest first",
            "Your norms are right and stand in the order of time. They are wanted by lag: entry 0 is that of the last "
            "state, the length of `u` itself.",
            edit("np.array(norms)", "np.array(norms[::-1])"),
        ),
        Mistake(
            "slopes missing",
            "You go back through `W_h` alone. Each step also multiplies by the slopes of its tanh, `1 - states[t]**2`.",
            edit(STEP, "g @ W_h"),
        ),
        Mistake(
            "weights transposed",
            "You go back with `W_h @ g`. Back means from the new state to the old one: `g @ W_h`, or `W_h.T @ g`.",
            edit(STEP, "W_h @ (g * (1 - h**2))"),
        ),
        Mistake(
            "from the wrong side",
            "You multiply `J @ g`. `u` stands on the left: `g @ J`, not `J @ g`.",
            edit(STEP, "(1 - h**2) * (W_h @ g)"),
        ),
        Mistake(
            "slope of the state before the step",
            "You take the slopes of the state that goes *into* a step. The tanh of a step is that of the state which "
            "comes out of it: for the last step, that is the last row of `states`.",
            edit(
                "norms = u, []",
                "norms = u, [np.linalg.norm(u)]",
                "states[::-1]",
                "states[-2::-1]",
                ROUND,
                ROUND_REVERSED,
            ),
        ),
        Mistake(
            "slope after the weights",
            "You multiply by `W_h` first and by the slopes after it. Going back, the tanh comes first: it is the last "
            "thing that the step did.",
            edit(STEP, "(g @ W_h) * (1 - h**2)"),
        ),
        Mistake(
            "one step too far",
            "Entry k holds the norm at lag k + 1. At lag 0 nothing has been multiplied yet: the norm is that of `u`.",
            edit(
                ROUND,
                ROUND_REVERSED,
            ),
        ),
        Mistake(
            "forwards in time",
            "You take the slopes of the first state first. The way back begins at the last state.",
            edit("states[::-1]", "states"),
        ),
        Mistake(
            "squares of the norms",
            "Your numbers are the squares of the norms: the root is missing.",
            edit("np.array(norms)", "np.array(norms) ** 2"),
        ),
    ),
    hints=(
        "At lag 0 the gradient is `u` itself. By which matrix do you multiply it to come to lag 1, and on which side "
        "does it stand?",
        "Start with `g = u`. For each state from the last to the first: note the norm of `g`, then replace it by g "
        "times the Jacobian of the step that made this state, `(1 - h**2)[:, None] * W_h`.",
        "`for h in states[::-1]:` then `norms.append(np.linalg.norm(g))` and `g = (g * (1 - h**2)) @ W_h`.",
    ),
    forbids=("lstm_course.scratch.diagnostics:gradient_norms",),
    explain_right="On a logarithmic axis these norms are nearly a line, and its slope is the factor per step.",
)
