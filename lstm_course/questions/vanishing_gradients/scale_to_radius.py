"""03-scale-to-radius: a matrix with a given spectral radius."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _matrix_cases(rng):
    def turning(H):
        """A matrix whose largest eigenvalues are a complex pair with negative real part."""
        W = 0.1 * rng.normal(size=(H, H))
        W[:2, :2] = [[-0.6, -2.0], [2.0, -0.6]]
        return W

    def matrix(H, radius, size=1.0):
        return dict(W=size * rng.normal(size=(H, H)), radius=radius)

    cases = [matrix(2, 0.9), dict(W=-rng.uniform(0.5, 3, (1, 1)), radius=1.0), dict(W=turning(3), radius=1.0)]
    cases += [dict(W=turning(5), radius=rng.uniform(0.5, 2)), matrix(4, 1.5, size=1e-4), matrix(8, 0.5, size=1e3)]
    return [*cases, dict(W=np.array([[0.9, rng.uniform(4, 6)], [0.0, 0.8]]), radius=1.2)]


def _scaled(W, radius):
    """By Gelfand's formula, radius = lim ||W^k||^(1/k), with k = 2^50 reached by squaring."""
    logarithm, power = 0.0, W
    for doubling in range(50):
        length = np.linalg.norm(power)
        logarithm += np.log(length) / 2.0**doubling
        power = (power / length) @ (power / length)
    return W * radius / np.exp(logarithm)


SCALE_TO_RADIUS = Question(
    id="03-scale-to-radius",
    name="scale_to_radius",
    points=2,
    outputs=(Output("W", ("row", "column")),),
    cases=_matrix_cases,
    reference=_scaled,
    mistakes=(
        Mistake(
            "largest singular value",
            "You divide by the largest singular value (`np.linalg.norm(W, 2)` computes the same). It bounds one step; "
            "the spectral radius is the largest magnitude of an *eigenvalue*.",
            edit("distances.max()", "np.linalg.norm(W, 2)"),
        ),
        Mistake(
            "largest real part",
            "You divide by the largest real part. Eigenvalues may be complex or negative; what counts is their "
            "distance from 0: `np.abs(np.linalg.eigvals(W)).max()`.",
            edit("distances.max()", "eigenvalues.real.max()"),
        ),
        Mistake(
            "real parts only",
            "You take the magnitude of the real parts. A complex eigenvalue also has an imaginary part, and `np.abs` "
            "of the complex number takes both into account.",
            edit("distances.max()", "np.abs(eigenvalues.real).max()"),
        ),
        Mistake(
            "largest entry",
            "You divide by the largest entry. That says little about what happens when the matrix is applied again and "
            "again; take its eigenvalues.",
            edit("distances.max()", "np.abs(W).max()"),
        ),
        Mistake(
            "length of all entries",
            "You divide by `np.linalg.norm(W)`, the root of the sum of all squares. Take the eigenvalues.",
            edit("distances.max()", "np.linalg.norm(W)"),
        ),
        Mistake(
            "multiplied without dividing",
            "You multiply by `radius` without taking into account the radius that the matrix already has. Divide by "
            "that first.",
            edit("(radius / distances.max())", "radius"),
        ),
        Mistake(
            "upside down",
            "You divide by the radius you should reach and multiply by the current one. It is the other way round.",
            edit("radius / distances.max()", "distances.max() / radius"),
        ),
    ),
    hints=(
        "When all of a matrix is multiplied by 3, what happens to its eigenvalues?",
        "They are multiplied by 3 as well. So you need one number: `radius` divided by the current radius, which is "
        "the largest magnitude of the eigenvalues, `np.linalg.eigvals(W)`. They may be complex: if the card says "
        "complex128, you forgot the magnitude (`np.abs`).",
        "`W * radius / np.abs(np.linalg.eigvals(W)).max()`",
    ),
    explain_right="The same directions with another factor: now you can start a network with any radius you like.",
)
