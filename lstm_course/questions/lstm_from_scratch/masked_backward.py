"""05-masked-backward: backpropagation through sequences of different lengths."""

import numpy as np

from lstm_course.scratch import LSTM, lstm_step

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import GRADIENTS, LIBRARY, step_inputs


def _masked_cases(rng):
    def case(mask, D, H):
        mask = np.array(mask, dtype=bool)
        N, T = mask.shape
        first = step_inputs(rng, N, D, H)
        x, (h, c) = rng.normal(size=(N, T, D)), (first["h"], first["c"])
        W, b = first["W"] / np.sqrt(H), first["b"]
        caches, h_t, c_t = [], h, c
        for t in range(T):
            h_new, c_new, cache = lstm_step(x[:, t], h_t, c_t, W, b)
            h_t, c_t = np.where(mask[:, t, None], h_new, h_t), np.where(mask[:, t, None], c_new, c_t)
            caches.append(tuple(cache))
        return dict(dy=rng.normal(size=(N, T, H)), caches=caches, mask=mask, W=W, x=x, h=h, c=c, b=b)

    ragged = np.arange(6) < np.array([[6], [4], [1], [3]])
    gaps = [[1, 0, 0, 1, 1], [0, 1, 0, 1, 0], [1, 1, 1, 1, 1]]
    return [
        case([[1, 1, 0]], 1, 1),
        case(ragged, 3, 2),
        case(gaps, 2, 4),
        case(np.ones((2, 4)), 3, 3),
        case([[1], [0]], 4, 2),
        case([[0, 0, 1, 1], [0, 0, 0, 0]], 1, 3),
    ]


def _through_the_layer(dy, caches, mask, W, x, h, c, b):
    """The gradients from the package's fast layer, which shares no code with its step."""
    H = h.shape[1]
    layer = LSTM(x.shape[2], H)
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(), weight_ih_l0=W[:, H:].copy(), bias_ih_l0=b, bias_hh_l0=np.zeros_like(b)
    )
    layer(x, (h[None], c[None]), mask=mask)
    dx, (dh, dc) = layer.backward(dy)
    gradients = layer.gradients
    dW = np.concatenate([gradients["weight_hh_l0"], gradients["weight_ih_l0"]], axis=1)
    return dx, dh[0], dc[0], dW, gradients["bias_ih_l0"]


MASKED_BACKWARD = Question(
    id="05-masked-backward",
    name="masked_backward",
    points=4,
    outputs=(Output("dx", ("sample", "time step", "feature"), backward=True), *GRADIENTS[1:]),
    withheld=("x", "h", "c", "b"),
    cases=_masked_cases,
    reference=_through_the_layer,
    mistakes=(
        Mistake(
            "mask ignored",
            "You treat every step as if it had been taken. Where the mask is false, the state was copied: the cache of "
            "that step played no part in it.",
            edit("on = mask[:, t, None]", "on = np.full((N, 1), True)"),
        ),
        Mistake(
            "gradient stops at a masked step",
            "Nothing passes a masked step in your backward pass. The step copied h and c, so it hands their gradients "
            "on unchanged.",
            edit("np.where(on, dh_t, dh), np.where(on, dc_t, dc)", "dh_t, dc_t"),
        ),
        Mistake(
            "only h handed on at a masked step",
            "At a masked step you hand on the gradient of h, but not that of c. The step copied both.",
            edit("np.where(on, dc_t, dc)", "dc_t"),
        ),
        Mistake(
            "dy of masked steps used",
            "You use `dy` where the mask is false. The output of such a step is 0, whatever the weights are, so a loss "
            "there reaches nothing.",
            edit("np.where(on, dy[:, t], 0)", "dy[:, t]"),
        ),
        Mistake(
            "weights learn from masked steps",
            "`dx`, `dh` and `dc` are right at the masked steps, but `dW` and `db` still get a contribution from them. "
            "No weight was used there.",
            edit(
                "np.where(on, dh, 0), np.where(on, dc, 0)",
                "dh, dc",
                "dW = dW + dW_t",
                "dx[t] = dx[t] * on\n        dW = dW + dW_t",
            ),
        ),
        Mistake(
            "dx of masked steps not zero",
            "`dW`, `dh` and `dc` are right, but `dx` isn't zero where the mask is false. That input was never used.",
            edit(
                "dh, dc = np.where(on, dh_t",
                "dx[t] = lstm_step_backward(dh, dc, caches[t], W)[0]\n        dh, dc = np.where(on, dh_t",
            ),
        ),
        Mistake(
            "gradient of the next hidden state not carried",
            "Each step sees only its own `dy[:, t]`. Add the `dh` that the step after it hands back.",
            edit("dh = dh + np.where(on, dy[:, t], 0)", "dh = np.where(on, dy[:, t], dh)"),
        ),
        Mistake(
            "gradient not summed over the steps",
            "`dW` and `db` hold the contribution of one step only. The same weights act at every step: add the "
            "contributions up.",
            edit("dW = dW + dW_t", "dW = dW_t", "db = db + db_t", "db = db_t"),
        ),
        Mistake(
            "forwards in time",
            "Your loop runs from the first step to the last. A gradient comes from later steps: go from T - 1 down "
            "to 0.",
            edit("reversed(range(T))", "range(T)"),
        ),
    ),
    hints=(
        "Write down what a masked step does in the forward direction, as two equations for h and c. What is the "
        "backward pass of these two equations, and what do W and x receive?",
        "Where the mask is true, first add `dy[:, t]` to `dh`. Samples that took the step hand their `dh` and `dc` to "
        "`lstm_step_backward`; the others keep both and contribute nothing. The step is linear in the gradients that "
        "it receives, so what does it return for a sample whose `dh` and `dc` are zero?",
        "There is no third hint for this exercise. A test of your own helps more: one sample, two steps, a mask of "
        "`[True, False]`. Which gradients must equal those of a sequence of one step? What does `dy` at step 2 change?",
    ),
    provides={"lstm_step_backward": "lstm_course.scratch:lstm_step_backward"},
    forbids=LIBRARY,
    explain_right="Sequences of different lengths can now share a batch, and padding teaches the weights nothing.",
)
