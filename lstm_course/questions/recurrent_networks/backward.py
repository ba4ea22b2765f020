"""02-rnn-backward: backpropagation through time."""

from ..edits import edit
from ..question import Mistake, Question
from .common import LIBRARY, SEQUENCE_GRADIENTS, STEP_BACKWARD_GIVEN, layer_with, sequence_inputs, weight_gradients


def _backward_cases(rng):
    def case(N, T, D, H):
        inputs = sequence_inputs(rng, N, T, D, H)
        y = layer_with(D, inputs["W"], inputs["b"])(inputs["x"], inputs["h"][None])[0]
        return dict(dy=rng.normal(size=y.shape), x=inputs["x"], h=inputs["h"], y=y, W=inputs["W"], b=inputs["b"])

    return [case(1, 3, 1, 1), case(2, 4, 3, 3), case(3, 1, 2, 2), case(2, 6, 1, 3), case(1, 5, 4, 2)]


def _through_the_layer(dy, x, h, y, W, b):
    layer = layer_with(x.shape[2], W, b)
    layer(x, h[None])
    dx, dh = layer.backward(dy)
    return dx, dh[0], *weight_gradients(layer)


RNN_BACKWARD = Question(
    id="02-rnn-backward",
    name="rnn_backward",
    points=4,
    outputs=SEQUENCE_GRADIENTS,
    withheld=("b",),
    cases=_backward_cases,
    reference=_through_the_layer,
    mistakes=(
        Mistake(
            "gradient of later steps not carried",
            "Each step sees only its own `dy[:, t]`. What its state did for the later steps comes back as the `dh` of "
            "step t + 1: add it to `dy[:, t]`.",
            edit("dy[:, t] + dh", "dy[:, t]"),
        ),
        Mistake(
            "gradient not summed over the steps",
            "`dW` and `db` hold the share of one step only. The same weights act at every step: add the shares up.",
            edit("dW += step[2]", "dW = step[2]", "db += step[3]", "db = step[3]"),
        ),
        Mistake(
            "averaged over the steps",
            "`dW` and `db` are divided by the number of steps. The weights act at every step, and a gradient is the "
            "sum of what each of its uses receives.",
            edit("return dx, dh, dW, db", "return dx, dh, dW / T, db / T"),
        ),
        Mistake(
            "loss at the last step only",
            "You use `dy` at the last step only. Here each step may have a loss of its own, and each adds its "
            "gradient.",
            edit("dy[:, t] + dh", "dy[:, t] * (t == T - 1) + dh"),
        ),
        Mistake(
            "forwards in time",
            "Your loop runs from the first step to the last. Gradients come from the future: go from T - 1 down to 0.",
            edit("reversed(range(T))", "range(T)"),
        ),
        Mistake(
            "dx in reverse order",
            "Your `dx` is right but stands in the order in which you computed it, the last step first. Turn it round, "
            "or write into `dx[:, t]`.",
            edit("return dx,", "return dx[:, ::-1],"),
        ),
        Mistake(
            "first state taken for zero",
            "At the first step you use zeros as the state before it. It is the `h` that is given.",
            edit("else h", "else np.zeros_like(h)"),
        ),
        Mistake(
            "last state taken for the first",
            "At t = 0 `y[:, t - 1]` is `y[:, -1]`, the *last* state: Python counts on from the end, without a word. "
            "The state before the first step is `h`.",
            edit("y[:, t - 1] if t > 0 else h", "y[:, t - 1]"),
        ),
        Mistake(
            "state after the step in place of the one before",
            "You hand `y[:, t]` to the step twice. The state that step t *found* is `y[:, t - 1]`, and `h` at the "
            "first step.",
            edit("y[:, t - 1] if t > 0 else h", "y[:, t]"),
        ),
    ),
    hints=(
        "At which step do you know everything that the backward pass needs? And what does each step hand to the one "
        "before it?",
        "Start with `dh` as zeros and loop over `reversed(range(T))`. The gradient of the state at step t is "
        "`dy[:, t] + dh`. Which state did step t find, and which did it leave? What becomes of `dW`?",
        "In the loop: `before = y[:, t - 1] if t > 0 else h`, then `dx[:, t], dh, dW_t, db_t = "
        "rnn_step_backward(dy[:, t] + dh, x[:, t], before, y[:, t], W)`, then `dW += dW_t` and `db += db_t`. After "
        "the loop `dh` is the gradient of the first state.",
    ),
    provides=STEP_BACKWARD_GIVEN,
    forbids=LIBRARY,
    explain_right="That is backpropagation through time: carry the state's gradient, add up the weights'.",
)
