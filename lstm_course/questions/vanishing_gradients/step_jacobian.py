"""03-step-jacobian: the Jacobian of one step with respect to the state."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import network


def _step_cases(rng):
    def case(H, D, scale=1.0):
        return dict(
            x=scale * rng.normal(size=D),
            h=rng.uniform(-0.9, 0.9, H),
            W_x=rng.normal(size=(H, D)),
            W_h=rng.normal(size=(H, H)),
            b=rng.normal(size=H),
        )

    return [case(1, 1), case(2, 3), case(3, 3), case(4, 2), case(2, 5), case(3, 2, scale=100.0)]


def _step_jacobian(x, h, W_x, W_h, b):
    """Row i is the result of the layer's backward pass for a gradient of one at unit i."""
    layer, H = network(W_x, W_h, b), len(h)
    layer(np.tile(x, (H, 1, 1)), np.tile(h, (1, H, 1)))
    return layer.backward(np.eye(H)[:, None])[1][0]


STEP_JACOBIAN = Question(
    id="03-step-jacobian",
    name="step_jacobian",
    points=2,
    outputs=(Output("J", ("row", "column")),),
    cases=_step_cases,
    reference=_step_jacobian,
    mistakes=(
        Mistake(
            "transposed",
            "Your matrix is the transpose. Row i belongs to the unit of the new state, column j to that of the old "
            "one: the slope of unit i multiplies row i of `W_h`.",
            edit("(1 - h_next**2)[:, None] * W_h", "((1 - h_next**2)[:, None] * W_h).T"),
        ),
        Mistake(
            "slope missing",
            "You return `W_h` itself, or its transpose. The tanh passes a change on with its slope, 1 - h'^2, unit by "
            "unit.",
            edit("(1 - h_next**2)[:, None] * W_h", "W_h"),
        ),
        Mistake(
            "slope taken at z",
            "Your slope is 1 - z^2, with the sum z before the tanh. The slope of a tanh is written with what comes "
            "*out* of it: 1 - h'^2.",
            edit("h_next = np.tanh(W_h @ h + W_x @ x + b)", "z = W_h @ h + W_x @ x + b", "h_next**2", "z**2"),
        ),
        Mistake(
            "slope of the old state",
            "Your slope is 1 - h^2, with the state that goes into the step. It belongs to the tanh of *this* step: "
            "compute h' first.",
            edit("h_next**2", "h**2"),
        ),
        Mistake(
            "columns scaled instead of rows",
            "You multiply column j by the slope of unit j. `slope * W_h` lays the slopes along the columns; "
            "`slope[:, None] * W_h` lays them along the rows.",
            edit("[:, None]", ""),
        ),
        Mistake(
            "square forgotten",
            "Your slope is 1 - h'. The slope of a tanh is 1 - h'^2.",
            edit("h_next**2", "h_next"),
        ),
        Mistake(
            "weights of the input",
            "You scale the rows of `W_x`: that is the derivative by the *input*. The old state comes in through `W_h`.",
            edit("[:, None] * W_h", "[:, None] * W_x"),
        ),
    ),
    raising=(
        Mistake(
            "weights swapped",
            "You multiply the state by `W_x` and the input by `W_h`. `W_h` belongs to `h`, `W_x` to `x`.",
            edit("W_h @ h + W_x @ x", "W_x @ h + W_h @ x"),
        ),
        Mistake(
            "weights swapped, input first",
            "You multiply the input by `W_h` and the state by `W_x`. `W_h` belongs to `h`, `W_x` to `x`.",
            edit("W_h @ h + W_x @ x", "W_h @ x + W_x @ h"),
        ),
    ),
    hints=(
        "The entry in row i and column j says how much $h'_i$ moves when $h_j$ does. Which two things stand between "
        "them?",
        "Compute h' as the network does. The slope of its tanh is `1 - h_next**2`, one number for each unit of the "
        "*new* state. Which axis of `W_h` belongs to the new state?",
        "`h_next = np.tanh(W_h @ h + W_x @ x + b)`, then `(1 - h_next**2)[:, None] * W_h`. The `[:, None]` makes a "
        "column of the slopes, so that each multiplies a row.",
    ),
    explain_right="Everything that goes back through a plain network goes through this matrix, once a step.",
)
