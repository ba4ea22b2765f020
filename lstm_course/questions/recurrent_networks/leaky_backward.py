"""02-leaky-backward: the backward pass of one step of a leaky cell with rectified units."""

import torch

from ..edits import edit
from ..question import Mistake, Question
from .common import GRADIENTS, LIBRARY, STEP_SIZES, step_inputs


def _cases(rng):
    def case(size, leak, scale=1.0):
        inputs = step_inputs(rng, *size, scale=scale)
        dh_next = rng.normal(size=inputs["h"].shape)
        return dict(dh_next=dh_next, **inputs, leak=leak)

    leaks = (0.25, 0.3, 0.8, 0.1, 0.6)
    cases = [case(size, leak) for size, leak in zip(STEP_SIZES, leaks, strict=True)]
    return [*cases, case((6, 3, 4), 0.4), case((3, 2, 4), 0.7, scale=100.0)]


def _by_autograd(dh_next, x, h, W, b, leak):
    x, h, W, b = (torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in (x, h, W, b))
    z = torch.cat([h, x], dim=1) @ W.T + b
    ((1 - leak) * h + leak * torch.relu(z)).backward(torch.tensor(dh_next))
    return tuple(tensor.grad.numpy() for tensor in (x, h, W, b))


LEAKY_BACKWARD = Question(
    id="02-leaky-backward",
    name="leaky_backward",
    points=3,
    outputs=GRADIENTS,
    cases=_cases,
    reference=_by_autograd,
    mistakes=(
        Mistake(
            "direct path missing",
            "Your `dh` contains only what comes back through W. The old state also enters the new one directly, as "
            "`(1 - leak) * h`, and a gradient comes back on that path too.",
            edit(" + (1 - leak) * dh_next", ""),
        ),
        Mistake(
            "direct path without its weight",
            "On the direct path you hand back all of `dh_next`. The old state enters with the weight `1 - leak`, so "
            "its gradient has that weight as well.",
            edit("(1 - leak) * dh_next", "dh_next"),
        ),
        Mistake(
            "leak missing behind the rectifier",
            "Your `dz` lacks the factor `leak`, which is the weight of `max(0, z)` in the new state.",
            edit("leak * dh_next * (z > 0)", "dh_next * (z > 0)"),
        ),
        Mistake(
            "the two weights swapped",
            "You use `1 - leak` for the path through W and `leak` for the direct one. It is the other way round.",
            edit("leak * dh_next * (z > 0)", "(1 - leak) * dh_next * (z > 0)", "+ (1 - leak) * dh", "+ leak * dh"),
        ),
        Mistake(
            "slope missing",
            "The gradient passes `max(0, z)` unchanged in your code. Where z is negative, the rectifier lets nothing "
            "through: its slope there is 0.",
            edit(" * (z > 0)", ""),
        ),
        Mistake(
            "slope of a tanh",
            "You use the slope of a tanh. This cell has `max(0, z)`, whose slope is 1 where z is positive and 0 where "
            "it is negative.",
            edit("(z > 0)", "(1 - np.tanh(z) ** 2)"),
        ),
        Mistake(
            "value in place of the slope",
            "You multiply by `max(0, z)` itself. The chain rule asks for its slope: 1 where z is positive, 0 where it "
            "is negative.",
            edit("(z > 0)", "np.maximum(z, 0)"),
        ),
        Mistake(
            "slope taken at the state",
            "You test the sign of `h`. The rectifier acts on z, so its slope depends on the sign of z.",
            edit("(z > 0)", "(h > 0)"),
        ),
        Mistake(
            "slope taken at the new state",
            "You test the sign of the new state. A tanh lets you read its slope off the new state; here that state "
            "also contains `(1 - leak) * h`, so its sign may differ from that of z.",
            edit("(z > 0)", "((1 - leak) * h + leak * np.maximum(z, 0) > 0)"),
        ),
        Mistake(
            "weights transposed for the old state",
            "Your `dh` was multiplied by the transpose of the block of `W`. Forward it is `hx @ W.T`, so backward it "
            "is `dz @ W`. The block is square, so the shapes can't warn you.",
            edit("dhx[:, :H] + (1 - leak)", "dz @ W[:, :H].T + (1 - leak)"),
        ),
        Mistake(
            "averaged over the batch",
            "`dW` and `db` are divided by the number of samples. All samples use the same weights, so their gradients "
            "are summed; taking an average is up to the loss.",
            edit(", dW, db", ", dW / len(x), db / len(x)"),
        ),
        Mistake(
            "columns of dW in another order",
            "The columns of your `dW` belong to x first and then to h. Keep the order of the columns of `W`: [h, x].",
            edit("dz.T @ hx", "dz.T @ np.concatenate([x, h], axis=1)"),
        ),
        Mistake(
            "dx and dh in another order",
            "Your first result is the gradient of h and the second that of x. Return dx, dh, dW, db.",
            edit("dhx[:, H:], dh,", "dh, dhx[:, H:],"),
        ),
    ),
    hints=(
        "On how many paths does `h` reach the new state? What comes back on each of them?",
        "Compute `z` again and call the gradient that reaches it `dz`. The new state contains `leak * max(0, z)`: what "
        "is the slope of that with respect to z, for positive and for negative z? From `dz` on, everything is as in "
        "the lesson, except that `dh` also gets what comes back on the direct path.",
        "`dz = leak * dh_next * (z > 0)`, then `dW`, `db` and `dhx = dz @ W` as in the lesson, and finally "
        "`dh = dhx[:, :H] + (1 - leak) * dh_next`.",
    ),
    forbids=LIBRARY,
    explain_right="Two paths forward, so two gradients add up on the way back. The LSTM makes use of that.",
)
