"""03-recent-share: how much of the gradient the most recent steps hold, and so what truncation would cut."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import network


def _cases(rng):
    def case(T, H, gain=1.0, scale=1.0):
        x = scale * rng.normal(size=(T, H))
        W_h = gain * rng.normal(size=(H, H)) / np.sqrt(H)
        y, _ = network(np.eye(H), W_h)(x[None])
        return dict(states=y[0], W_h=W_h, u=rng.normal(size=H), x=x)

    # Several steps, a single unit, a single step, a square shape, and a product that explodes.
    return [case(3, 2), case(4, 1), case(1, 3), case(4, 4, gain=0.5), case(6, 3), case(7, 5, gain=4.0, scale=0.2)]


def _recent_share(states, W_h, u, x):
    """From the layer's backward pass over the last k steps, with respect to the state before them."""
    layer, T = network(np.eye(len(u)), W_h), len(states)
    norms = [np.linalg.norm(u)]
    for k in range(1, T):
        y, _ = layer(x[None, T - k :], states[None, None, T - k - 1])
        dy = np.zeros_like(y)
        dy[0, -1] = u
        norms.append(np.linalg.norm(layer.backward(dy)[1]))
    return np.cumsum(norms) / np.sum(norms)


BACK = "(g * (1 - h**2)) @ W_h"
LOOP = f"norms.append(np.linalg.norm(g))\n        g = {BACK}"

RECENT_SHARE = Question(
    id="03-recent-share",
    name="recent_share",
    points=3,
    outputs=(Output("shares", ("lag",)),),
    withheld=("x",),
    cases=_cases,
    reference=_recent_share,
    mistakes=(
        Mistake(
            "norms instead of shares",
            "Your numbers are the norms themselves. Add them up, from lag 0 on, and divide by the sum of all.",
            edit("np.cumsum(norms) / np.sum(norms)", "np.array(norms)"),
        ),
        Mistake(
            "not added up",
            "Entry k is the share of lag k alone. The exercise asks for the share of lags 0 to k together.",
            edit("np.cumsum(norms)", "np.array(norms)"),
        ),
        Mistake(
            "not divided by the sum",
            "Your sums are right. Divide them by the sum of all norms, so that the last entry is 1.",
            edit(" / np.sum(norms)", ""),
        ),
        Mistake(
            "distant steps first",
            "You add up the shares beginning with the most distant step. Entry 0 belongs to the last state, whose norm "
            "is the length of `u`.",
            edit("np.cumsum(norms)", "np.cumsum(norms[::-1])"),
        ),
        Mistake(
            "slopes missing",
            "You go back through `W_h` alone. Each step also multiplies by the slopes of its tanh, `1 - states[t]**2`.",
            edit(BACK, "g @ W_h"),
        ),
        Mistake(
            "weights transposed",
            "You go back with `W_h @ g`. Going back leads from the new state to the old one: `g @ W_h` or `W_h.T @ g`.",
            edit(BACK, "W_h @ (g * (1 - h**2))"),
        ),
        Mistake(
            "from the wrong side",
            "You multiply `J @ g`. The row stands on the left: `g @ J`, not `J @ g`.",
            edit(BACK, "(1 - h**2) * (W_h @ g)"),
        ),
        Mistake(
            "slope after the weights",
            "You multiply by `W_h` first and by the slopes afterwards. Going back, the tanh comes first, because it "
            "is the last thing the step did.",
            edit(BACK, "(g @ W_h) * (1 - h**2)"),
        ),
        Mistake(
            "one step too far",
            "You multiply before you take the first norm. At lag 0 nothing has been multiplied yet: the norm is that "
            "of `u`.",
            edit(LOOP, f"g = {BACK}\n        norms.append(np.linalg.norm(g))"),
        ),
        Mistake(
            "forwards in time",
            "You take the slopes of the first state first. The way back begins at the last state.",
            edit("states[::-1]", "states"),
        ),
        Mistake(
            "squares of the norms",
            "You add up the squares of the norms. The shares are those of the norms themselves.",
            edit("norms.append(np.linalg.norm(g))", "norms.append(g @ g)"),
        ),
    ),
    hints=(
        "First you need the norm at each lag, as in the lesson. What is the norm at lag 0?",
        "Start with `g = u`. For each state from the last to the first, store the norm of `g`, then replace `g` by "
        "`g` times the Jacobian of the step that produced this state. Then turn the norms into sums from lag 0 on.",
        "`for h in states[::-1]:`, then `norms.append(np.linalg.norm(g))` and `g = (g * (1 - h**2)) @ W_h`. At the "
        "end, `np.cumsum(norms) / np.sum(norms)`.",
    ),
    forbids=("lstm_course.scratch.diagnostics:gradient_norms",),
    explain_right="This is how you choose the length for truncated backpropagation: take the first lag at which the "
    "share is large enough. But a small share can hold everything the task needs, as the capital letters showed.",
)
