"""03-clip-by-norm: gradient clipping by the global norm."""

from types import SimpleNamespace

import numpy as np

from lstm_course.scratch import clip_by_norm

from ..edits import edit
from ..question import Mistake, Output, Question

NAMES = ("dW_x", "dW_h", "db")
# Pieces of the solution.
NORM = "np.sqrt(sum((array**2).sum() for array in (dW_x, dW_h, db)))"
SCALED = "dW_x * scale, dW_h * scale, db * scale"


def _gradient_cases(rng):
    def case(H, D, size, max_norm):
        shapes = dict(zip(NAMES, ((H, D), (H, H), (H,)), strict=True))
        return {name: size * rng.normal(size=shape) + 0.0 for name, shape in shapes.items()} | {"max_norm": max_norm}

    # All zeros; a bound other than 1; shorter than the bound; far longer than the bound.
    cases = [case(1, 1, 0.0, 1.0), case(1, 1, 3.0, 0.5), case(2, 3, 0.01, 1.0), case(3, 3, 1e5, 1.0)]
    return [*cases, case(3, 2, 0.0, 1.0), case(4, 2, 2.0, 5.0)]


def _clipped(dW_x, dW_h, db, max_norm):
    gradients = {name: array.copy() for name, array in zip(NAMES, (dW_x, dW_h, db), strict=True)}
    clip_by_norm([SimpleNamespace(parameters=gradients, gradients=gradients)], max_norm)
    return tuple(gradients.values())


CLIP_BY_NORM = Question(
    id="03-clip-by-norm",
    name="clip_by_norm",
    points=2,
    outputs=(
        Output("dW_x", ("unit", "feature")),
        Output("dW_h", ("unit", "unit before")),
        Output("db", ("unit",)),
    ),
    cases=_gradient_cases,
    reference=_clipped,
    mistakes=(
        Mistake(
            "each array by itself",
            "You clip each array by its own norm. The three arrays are parts of *one* gradient: it needs one norm over "
            "all of them and the same factor for all, or its direction changes.",
            edit(
                "norm = " + NORM,
                "norms = [np.linalg.norm(array) for array in (dW_x, dW_h, db)]",
                "scale = max_norm / norm if norm > max_norm else 1.0",
                "scales = [max_norm / norm if norm > max_norm else 1.0 for norm in norms]",
                SCALED,
                "dW_x * scales[0], dW_h * scales[1], db * scales[2]",
            ),
        ),
        Mistake(
            "clipped by value",
            "You cut off each number at the bound. That is clipping by value, which changes the direction; here you "
            "should shorten the gradient as a whole.",
            edit(
                SCALED,
                "tuple(np.clip(array, -max_norm, max_norm) for array in (dW_x, dW_h, db))",
            ),
        ),
        Mistake(
            "short gradients made longer",
            "You scale every gradient to the bound, even short ones. Clipping only shortens: a gradient that is short "
            "enough stays as it is.",
            edit("if norm > max_norm", "if norm > 0"),
        ),
        Mistake(
            "nan for a gradient of zero",
            "A gradient of all zeros becomes nan, because you divide by its norm. Divide only when the norm is above "
            "the bound; a shorter gradient stays as it is.",
            edit("max_norm / norm if norm > max_norm else 1.0", "min(norm, max_norm) / norm"),
            recognise=lambda *clipped: any(np.isnan(array).any() for array in clipped),  # for a gradient of zeros
        ),
        Mistake(
            "norms added up",
            "Your norm is the sum of the three norms. Squares add up, lengths don't: take the square root of the sum "
            "of all squares.",
            edit(
                NORM,
                "sum(np.linalg.norm(array) for array in (dW_x, dW_h, db))",
            ),
        ),
        Mistake(
            "largest singular values",
            "Your norm of a matrix is its largest singular value, which is what `np.linalg.norm(W, 2)` computes. "
            "Without the 2 it is the square root of the sum of all squares.",
            edit("(array**2).sum()", "np.linalg.norm(array, 2) ** 2"),
        ),
        Mistake(
            "root forgotten",
            "You use the sum of the squares. The norm is its square root.",
            edit(
                NORM,
                "sum((array**2).sum() for array in (dW_x, dW_h, db))",
            ),
        ),
        Mistake(
            "largest number instead of the norm",
            "You measure the gradient by its largest entry. The direction stays, but the norm after clipping isn't the "
            "bound.",
            edit(
                NORM,
                "max(np.abs(array).max() for array in (dW_x, dW_h, db))",
            ),
        ),
    ),
    hints=(
        "Imagine all numbers of the three arrays as one long vector. What is its length, and what can you do to it "
        "without changing its direction?",
        "The norm is the square root of the sum of all squares over all three arrays. If it is above `max_norm`, "
        "multiply each array by the same factor, `max_norm / norm`. What if it isn't?",
        "`norm = np.sqrt((dW_x**2).sum() + (dW_h**2).sum() + (db**2).sum())`, then "
        "`scale = max_norm / norm if norm > max_norm else 1.0`, and return each array times `scale`.",
    ),
    forbids=("lstm_course.scratch:clip_by_norm",),
    explain_right="The length of the step is bounded now, and its direction is still that of the gradient.",
)
