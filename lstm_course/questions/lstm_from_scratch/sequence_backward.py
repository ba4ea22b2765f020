"""05-sequence-backward: backpropagation through time."""

import numpy as np

from lstm_course.scratch import LSTM, lstm_step

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import GRADIENTS, LIBRARY, step_inputs


def _sequence_cases(rng):
    def case(N, T, D, H):
        first = step_inputs(rng, N, D, H)
        x, (h, c) = rng.normal(size=(N, T, D)), (first["h"], first["c"])
        W, b = first["W"] / np.sqrt(H), first["b"]
        caches, h_t, c_t = [], h, c
        for t in range(T):
            h_t, c_t, cache = lstm_step(x[:, t], h_t, c_t, W, b)
            caches.append(tuple(cache))
        return dict(dy=rng.normal(size=(N, T, H)), caches=caches, W=W, x=x, h=h, c=c, b=b)

    return [case(1, 3, 1, 1), case(2, 4, 3, 3), case(3, 1, 2, 2), case(2, 6, 1, 3), case(1, 5, 4, 2)]


def _through_the_layer(dy, caches, W, x, h, c, b):
    """The gradients from the package's fast layer, which shares no code with its step."""
    H = h.shape[1]
    layer = LSTM(x.shape[2], H)
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(), weight_ih_l0=W[:, H:].copy(), bias_ih_l0=b, bias_hh_l0=np.zeros_like(b)
    )
    layer(x, (h[None], c[None]))
    dx, (dh, dc) = layer.backward(dy)
    gradients = layer.gradients
    dW = np.concatenate([gradients["weight_hh_l0"], gradients["weight_ih_l0"]], axis=1)
    return dx, dh[0], dc[0], dW, gradients["bias_ih_l0"]


SEQUENCE_BACKWARD = Question(
    id="05-sequence-backward",
    name="lstm_backward",
    points=4,
    outputs=(Output("dx", ("sample", "time step", "feature"), backward=True), *GRADIENTS[1:]),
    withheld=("x", "h", "c", "b"),
    cases=_sequence_cases,
    reference=_through_the_layer,
    mistakes=(
        Mistake(
            "gradient of the next hidden state not carried",
            "Each step sees only its own `dy[:, t]`. What h did for the later steps comes back as the `dh` of step "
            "t + 1: add it to `dy[:, t]`.",
            edit("dy[:, t] + dh", "dy[:, t]"),
        ),
        Mistake(
            "gradient of the next cell state not carried",
            "The gradient along the belt stops at each step. Hand the `dc` of step t + 1 to step t as its "
            "`dc_next`: it is the path that lets an LSTM learn over long times.",
            edit("dc, caches[t]", "np.zeros_like(dc), caches[t]"),
        ),
        Mistake(
            "nothing carried from step to step",
            "Each step is treated as if it stood alone. Both `dh` and `dc` of step t + 1 must go into step t.",
            edit("dy[:, t] + dh, dc,", "dy[:, t], np.zeros_like(dc),"),
        ),
        Mistake(
            "gradient not summed over the steps",
            "`dW` and `db` hold the share of one step only. The same weights act at every step: add the shares up.",
            edit("dW += dW_t", "dW = dW_t", "db += db_t", "db = db_t"),
        ),
        Mistake(
            "loss at the last step only",
            "You use `dy` at the last step only. Each step has an output of its own, and each adds its gradient.",
            edit("dy[:, t] + dh", "dy[:, t] * (t == T - 1) + dh"),
        ),
        Mistake(
            "forwards in time",
            "Your loop runs from the first step to the last. Gradients come from the future: go from T - 1 down to 0.",
            edit("reversed(range(T))", "range(T)"),
        ),
        Mistake(
            "dx in reverse order",
            "Your `dx` is right but stands in the order in which you computed it, the last step first. Turn it "
            "round, or write into `dx[:, t]`.",
            edit("np.stack(dx,", "np.stack(dx[::-1],"),
        ),
    ),
    hints=(
        "At which step do you know everything that the backward pass needs? And what does each step hand to the one "
        "before it?",
        "Start with `dh` and `dc` as zeros and loop over `reversed(range(T))`. The gradient of h at step t is "
        "`dy[:, t] + dh`: what the loss says directly, and what the next step said. What becomes of `dW`?",
        "In the loop: `dx[:, t], dh, dc, dW_t, db_t = lstm_step_backward(dy[:, t] + dh, dc, caches[t], W)`, then "
        "`dW += dW_t` and `db += db_t`. After the loop `dh` and `dc` are the gradients of the first states.",
    ),
    provides={"lstm_step_backward": "lstm_course.scratch:lstm_step_backward"},
    forbids=LIBRARY,
    explain_right="That is backpropagation through time: the step's backward pass, and two gradients handed back.",
)
