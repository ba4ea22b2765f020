"""00-layer-backward: the gradients of a linear layer on a batch."""

from lstm_course.scratch import Linear

from ..edits import edit
from ..question import Mistake, Output, Question


def _backward_cases(rng):
    def case(N, D, H):
        return dict(dz=rng.normal(size=(N, H)), x=rng.normal(size=(N, D)), W=rng.normal(size=(H, D)))

    return [case(2, 3, 4), case(1, 1, 1), case(3, 3, 3), case(5, 2, 1), case(4, 1, 3)]


def _backward(dz, x, W):
    layer = Linear(*W.T.shape)
    layer.parameters["weight"][:] = W
    layer(x)
    dx = layer.backward(dz)
    return layer.gradients["weight"], layer.gradients["bias"], dx


LAYER_BACKWARD = Question(
    id="00-layer-backward",
    name="layer_backward",
    points=2,
    outputs=(Output("dW", ("unit", "feature")), Output("db", ("unit",)), Output("dx", ("sample", "feature"))),
    cases=_backward_cases,
    reference=_backward,
    seconds=20.0,  # an answer may use autograd, and importing torch alone can take 5
    mistakes=(
        Mistake(
            "mean instead of sum",
            "You averaged over the samples. `dz` already contains whatever the loss does with them, so the weights and "
            "the bias just sum.",
            edit("dz.T @ x, dz.sum(axis=0)", "dz.T @ x / len(x), dz.mean(axis=0)"),
        ),
        Mistake(
            "W transposed",
            "For `dx` you multiplied by the transpose of `W`. Each sample's `dz` (H,) meets the rows of `W` (H, D): "
            "`dz @ W`.",
            edit("dz @ W", "dz @ W.T if len(W) == len(W.T) else dz @ W"),
        ),
        Mistake(
            "dW transposed",
            "Your `dW` is transposed. A gradient has the shape of its array, (H, D): `dz.T @ x`.",
            edit("dz.T @ x", "x.T @ dz"),
        ),
        Mistake(
            "bias of the first sample",
            "Your `db` contains the first sample only. The bias is added to every sample, so its gradient is the sum "
            "over all of them.",
            edit("dz.sum(axis=0)", "dz[0]"),
        ),
        Mistake(
            "in another order",
            "You return `dx` first. The order is dW, db, dx.",
            edit("dz.T @ x, dz.sum(axis=0), dz @ W", "dz @ W, dz.sum(axis=0), dz.T @ x"),
        ),
    ),
    raising=(
        Mistake(
            "not summed over the samples",
            "`dz` is (N, H) and `x` is (N, D). Their gradient for the weights is summed over the samples, so the axis "
            "of size N must disappear: `dz.T @ x`.",
            edit("dz.T @ x", "dz @ x"),
        ),
    ),
    hints=(
        "A gradient has the shape of its array. Which of the sizes N, D and H must disappear in dW, in db and in dx?",
        "In dW and db the samples disappear, in dx the units. Which products of `dz`, `x` and `W` do that?",
        "`dW = dz.T @ x`, `db = dz.sum(axis=0)`, `dx = dz @ W`.",
    ),
    explain_right="Every backward pass in this course consists of these three lines and a few slopes. If it was hard: "
    "*The chain rule for a whole batch* in the primer.",
)
