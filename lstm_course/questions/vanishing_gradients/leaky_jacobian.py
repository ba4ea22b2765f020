"""03-leaky-jacobian: the Jacobian of a step that keeps a share of its old state."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import network


def _cases(rng):
    def case(H, D, leak, scale=1.0):
        return dict(
            x=scale * rng.normal(size=D),
            h=rng.uniform(-0.9, 0.9, H),
            W_x=rng.normal(size=(H, D)),
            W_h=rng.normal(size=(H, H)),
            b=rng.normal(size=H),
            leak=leak,
        )

    return [
        case(1, 1, 0.25),
        case(2, 3, 0.3),
        case(3, 3, 0.8),
        case(4, 2, 0.1),
        case(2, 5, 0.6),
        case(3, 2, 0.4, scale=100.0),
    ]


def _leaky_jacobian(x, h, W_x, W_h, b, leak):
    """The kept share, and what the plain layer's backward pass makes of a gradient of one at each unit."""
    layer, H = network(W_x, W_h, b), len(h)
    layer(np.tile(x, (H, 1, 1)), np.tile(h, (1, H, 1)))
    return (1 - leak) * np.eye(H) + leak * layer.backward(np.eye(H)[:, None])[1][0]


WEIGHTED = "leak * (1 - candidate**2)[:, None] * W_h"

LEAKY_JACOBIAN = Question(
    id="03-leaky-jacobian",
    name="leaky_jacobian",
    points=3,
    outputs=(Output("J", ("row", "column")),),
    cases=_cases,
    reference=_leaky_jacobian,
    mistakes=(
        Mistake(
            "kept share missing",
            "Your matrix is the part that goes through the tanh. The old state also reaches the new one directly, "
            "as (1 - leak) h: what is the derivative of that with respect to h?",
            edit("(1 - leak) * np.eye(len(h)) + ", ""),
        ),
        Mistake(
            "plain step",
            "Your matrix is the Jacobian of the plain step, without the leak: both parts of the new state have a "
            "weight, `1 - leak` and `leak`.",
            edit("(1 - leak) * np.eye(len(h)) + leak * ", ""),
        ),
        Mistake(
            "ones instead of the identity",
            "You add `1 - leak` to every entry. Unit i keeps a share of its own old value only, so the share belongs "
            "on the diagonal.",
            edit("np.eye(len(h))", "np.ones((len(h), len(h)))"),
        ),
        Mistake(
            "shares swapped",
            "The two shares are swapped: the old state has the weight `1 - leak`, and the tanh has the weight `leak`.",
            edit("(1 - leak) * np.eye", "leak * np.eye", "leak * (1 - candidate", "(1 - leak) * (1 - candidate"),
        ),
        Mistake(
            "leak missing in front of the tanh",
            "The part that goes through the tanh has the full weight 1. In the new state the tanh is multiplied by "
            "`leak`, and so is its derivative.",
            edit("+ leak * (1", "+ (1"),
        ),
        Mistake(
            "slope of the new state",
            "Your slope is 1 - h'^2, with the new state. Here h' is a mixture; the slope belongs to the tanh alone: "
            "1 - tanh(z)^2.",
            edit(
                "candidate = np.tanh(W_h @ h + W_x @ x + b)",
                "candidate = (1 - leak) * h + leak * np.tanh(W_h @ h + W_x @ x + b)",
            ),
        ),
        Mistake(
            "slope missing",
            "The slope of the tanh is missing: it passes a change on with 1 - tanh(z)^2, unit by unit.",
            edit("(1 - candidate**2)[:, None] * ", ""),
        ),
        Mistake(
            "slope taken at z",
            "Your slope is 1 - z^2, with the sum z before the tanh. The slope of a tanh is 1 minus the square of its "
            "*output*.",
            edit("candidate = np.tanh(W_h @ h + W_x @ x + b)", "candidate = W_h @ h + W_x @ x + b"),
        ),
        Mistake(
            "columns scaled instead of rows",
            "You multiply column j by the slope of unit j. `slope * W_h` lays the slopes along the columns; "
            "`slope[:, None] * W_h` lays them along the rows.",
            edit("[:, None]", ""),
        ),
        Mistake(
            "square forgotten",
            "Your slope is 1 - tanh(z). The slope of a tanh is 1 - tanh(z)^2.",
            edit("candidate**2", "candidate"),
        ),
        Mistake(
            "transposed",
            "Your matrix is the transpose. Row i belongs to unit i of the new state, and column j to unit j of the "
            "old one.",
            edit(WEIGHTED, f"({WEIGHTED}).T"),
        ),
    ),
    hints=(
        "The old state reaches the new one along two paths. What is the derivative along each of them?",
        "Directly, h is multiplied by `1 - leak`, unit by unit: that is a diagonal matrix. Through the tanh, you "
        "have the Jacobian of the plain step, times `leak`.",
        "`candidate = np.tanh(W_h @ h + W_x @ x + b)`, then `(1 - leak) * np.eye(len(h))` plus `leak` times "
        "`(1 - candidate**2)[:, None] * W_h`.",
    ),
    explain_right="With a small leak this matrix is close to the identity, and so is the product of many of them. "
    "A gate does the same, with a share that the network computes at each step.",
)
