"""02-step-backward: the gradients of one step."""

from lstm_course.scratch import rnn_step

from ..edits import edit
from ..question import Mistake, Question
from .common import GRADIENTS, LIBRARY, STEP_SIZES, layer_with, step_inputs, weight_gradients


def _step_backward_cases(rng):
    def case(*size, scale=1.0):
        inputs = step_inputs(rng, *size, scale=scale)
        h_next = rnn_step(**inputs)
        dh_next = rng.normal(size=h_next.shape)
        return dict(dh_next=dh_next, x=inputs["x"], h=inputs["h"], h_next=h_next, W=inputs["W"], b=inputs["b"])

    return [case(*size) for size in STEP_SIZES] + [case(3, 2, 4, scale=3.0)]


def _one_step_backward(dh_next, x, h, h_next, W, b):
    layer = layer_with(x.shape[1], W, b)
    layer(x[:, None], h[None])
    dx, dh = layer.backward(dh_next[:, None])
    return dx[:, 0], dh[0], *weight_gradients(layer)


STEP_BACKWARD = Question(
    id="02-step-backward",
    name="rnn_step_backward",
    points=3,
    outputs=GRADIENTS,
    withheld=("b",),
    cases=_step_backward_cases,
    reference=_one_step_backward,
    mistakes=(
        Mistake(
            "slope of the tanh missing",
            "You use `dh_next` as if it were the gradient of z. Between the two stands a tanh: multiply by its slope, "
            "`1 - h_next**2`.",
            edit("dh_next * (1 - h_next**2)", "dh_next"),
        ),
        Mistake(
            "slope taken at z",
            "The slope of a tanh is `1 - tanh(z)**2`; you wrote `1 - z**2`. `tanh(z)` is there already: it is "
            "`h_next`.",
            edit("h_next**2", "np.arctanh(np.clip(h_next, -1 + 1e-15, 1 - 1e-15)) ** 2"),
        ),
        Mistake(
            "slope taken at the state before the step",
            "You take the slope from `h`, the state that the step found. The tanh gave `h_next`: its slope is "
            "`1 - h_next**2`.",
            edit("h_next**2", "h**2"),
        ),
        Mistake(
            "tanh taken twice",
            "You take the tanh of `h_next`, which is a tanh already. The slope is `1 - h_next**2`.",
            edit("h_next**2", "np.tanh(h_next) ** 2"),
        ),
        Mistake(
            "slope of a sigmoid",
            "`h (1 - h)` is the slope of a sigmoid. This cell has a tanh: `1 - h_next**2`.",
            edit("(1 - h_next**2)", "h_next * (1 - h_next)"),
        ),
        Mistake(
            "slope used for the weights only",
            "`dW` and `db` are made from dz, but `dx` and `dh` from `dh_next`. They too lie behind the tanh: `dz @ W`.",
            edit("dhx = dz @ W", "dhx = dh_next @ W"),
        ),
        Mistake(
            "slices of [h, x] mixed up",
            "`dz @ W` holds the gradients of h and of x side by side, h first: columns 0 to H - 1 are dh, the others "
            "dx.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :-H], dhx[:, -H:]"),
        ),
        Mistake(
            "wrong transposition",
            "Your `dh` comes from the transpose of the recurrent weights. Forward the product was `hx @ W.T`; "
            "backward it is `dz @ W`, without the `.T`.",
            edit("dz @ W", "dz @ np.concatenate([W[:, :H].T, W[:, H:]], axis=1)"),
        ),
        Mistake(
            "columns of dW in another order",
            "The columns of your `dW` belong to x first and then to h. They must stand as those of `W`: [h, x].",
            edit("[h, x]", "[x, h]"),
        ),
        Mistake(
            "averaged over the batch",
            "`dW` and `db` are divided by the number of samples. A gradient is summed over the samples; an average, "
            "where one is wanted, is the business of the loss.",
            edit(":H], dW, db", ":H], dW / len(x), db / len(x)"),
        ),
        Mistake(
            "bias gradient not summed over the samples",
            "Your `db` still has a row for each sample. All samples share the bias, so its gradient is the sum over "
            "them: `dz.sum(axis=0)`.",
            edit("dz.sum(axis=0)", "dz"),
        ),
        Mistake(
            "bias summed over the units",
            "You summed `dz` over its units, `axis=1`, and have one number for each sample. The bias has one number "
            "for each unit: sum over the samples, `axis=0`.",
            edit("axis=0", "axis=1"),
        ),
        Mistake(
            "dx and dh in another order",
            "Your first result is the gradient of h and your second that of x. The order is dx, dh, dW, db.",
            edit("dhx[:, H:], dhx[:, :H]", "dhx[:, :H], dhx[:, H:]"),
        ),
    ),
    hints=(
        "Write the step as two lines, `z = W [h, x] + b` and `h' = tanh(z)`, and go through them from the last to the "
        "first. What is the gradient of z, if that of h' is known?",
        "`dz = dh_next * (1 - h_next**2)`. Entry by entry `z_k` is the sum of `W_kj [h, x]_j`, plus `b_k`: what does "
        "each of the three receive, and which of them are shared by all samples?",
        "With `hx = np.concatenate([h, x], axis=1)`: `dW = dz.T @ hx`, `db = dz.sum(axis=0)`, `dhx = dz @ W`; then "
        "`dh = dhx[:, :H]` and `dx = dhx[:, H:]`.",
    ),
    forbids=("lstm_course.scratch:rnn_step_backward", *LIBRARY),
    explain_right="Four gradients from three products. They are all that backpropagation through time repeats.",
)
