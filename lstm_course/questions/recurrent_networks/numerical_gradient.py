"""02-numerical-gradient: the gradient of the weights from the forward pass alone."""

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import LIBRARY, STEP, layer_with, sequence_inputs, weight_gradients


def _cases(rng):
    def case(N, T, D, H):
        return dict(**sequence_inputs(rng, N, T, D, H), dy=rng.normal(size=(N, T, H)))

    return [case(1, 2, 1, 1), case(2, 4, 3, 3), case(3, 1, 2, 4), case(2, 6, 1, 3)]


def _through_the_layer(x, h, W, b, dy):
    layer = layer_with(x.shape[2], W, b)
    layer(x, h[None])
    layer.backward(dy)
    return weight_gradients(layer)[0]


NUMERICAL_GRADIENT = Question(
    id="02-numerical-gradient",
    name="numerical_gradient",
    points=2,
    outputs=(Output("dW", ("row", "column"), backward=True),),
    cases=_cases,
    reference=_through_the_layer,
    tolerance=3e-6,
    mistakes=(
        Mistake(
            "divided by one step",
            "Your numbers are twice as large as they should be. Between *up* and *down* lie two steps: divide by "
            "`2 * step`.",
            edit("/ (2 * step)", "/ step"),
        ),
        Mistake(
            "up only",
            "You compare a step up with the loss itself. The error of such a one-sided difference is proportional to "
            "the step, and too large here. Take the losses a step up and a step down, and divide by `2 * step`.",
            edit("W[place] = kept - step", "W[place] = kept", "/ (2 * step)", "/ step"),
        ),
        Mistake(
            "not divided",
            "You return the change of the loss. A slope is the change of the loss divided by the change of the weight.",
            edit(" / (2 * step)", ""),
        ),
        Mistake(
            "entry not put back",
            "You don't restore an entry of `W` before you go on to the next, so the later differences are taken at "
            "other weights. The error is small, but it grows with every entry.",
            edit("        W[place] = kept\n", ""),
        ),
        Mistake(
            "step too large",
            "Your step is so large that the loss is curved between the two points. Take something like 1e-5.",
            edit("1e-5", "0.1"),
        ),
        Mistake(
            "down minus up",
            "Your gradient has the opposite sign. Where the loss rises with the weight, the gradient is positive: *up* "
            "minus *down*.",
            edit("(up - down)", "(down - up)"),
        ),
        Mistake(
            "last step only",
            "Your loss looks at the last state alone. Here it is the sum of `dy * y` over all steps.",
            edit("(dy * np.stack(states, axis=1)).sum()", "(dy[:, -1] * state).sum()"),
        ),
        Mistake(
            "dy left out",
            "Your loss is the sum of the states. Weight them with `dy`: the loss is the sum of `dy * y`.",
            edit("(dy * np.stack(states, axis=1)).sum()", "np.sum(states)"),
        ),
        Mistake(
            "state not carried",
            "In your forward pass every step starts from the first state. Hand each new state to the next step.",
            edit("rnn_step(x[:, t], state, W, b)", "rnn_step(x[:, t], h, W, b)"),
        ),
        Mistake(
            "first state ignored",
            "Your forward pass starts from zeros. Start from the `h` that is given.",
            edit("state, states = h, []", "state, states = np.zeros_like(h), []"),
        ),
    ),
    hints=(
        "Which function of `W` do you want the slope of? Write it first, as a function that returns a single number.",
        "For each entry of `W`: add a small step, compute the loss; subtract the step, compute the loss; put the entry "
        "back. `np.ndindex(W.shape)` runs over all places.",
        "In the loop over `place`: `kept = W[place]`, then `W[place] = kept + step` and `up = loss()`, then "
        "`W[place] = kept - step` and `down = loss()`, then `W[place] = kept`. The entry of the gradient is "
        "`(up - down) / (2 * step)`.",
    ),
    provides=STEP,
    forbids=("lstm_course.scratch:gradient_check", *LIBRARY),
    explain_right="This needs no chain rule, only the loss, so it can judge any backward pass you write.",
)
