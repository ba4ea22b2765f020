"""00-chain: a gradient by the chain rule."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import derivative


def _chain_cases(rng):
    def case(N, D, scale=1.0):
        return dict(x=rng.normal(size=(N, D)), y=rng.normal(size=N), w=scale * rng.normal(size=D))

    return [case(2, 3), case(1, 1), case(3, 3), case(7, 2), case(2, 5, scale=3.0)]


def _chain(x, y, w):
    """One weight at a time, by `derivative`."""

    def slope(is_moved, w_k):
        return derivative(lambda value: ((np.tanh(x @ np.where(is_moved, value, w)) - y) ** 2).sum(), w_k)

    return np.array([slope(*pair) for pair in zip(np.eye(len(w), dtype=bool), w, strict=True)])


CHAIN = Question(
    id="00-chain",
    name="gradient",
    points=3,
    outputs=(Output("dw", ("weight",)),),
    cases=_chain_cases,
    reference=_chain,
    seconds=20.0,  # an answer may use autograd, and importing torch alone can take 5
    mistakes=(
        Mistake(
            "slope of the tanh missing",
            "The slope of the tanh is missing. There is a tanh between z and p, so dz is dp times 1 - p².",
            edit(" * (1 - p**2)", ""),
        ),
        Mistake(
            "slope taken at z",
            "You used 1 - z². The slope of the tanh is 1 minus the square of its *value*: 1 - p².",
            edit("(1 - p**2)", "(1 - (x @ w) ** 2)"),
        ),
        Mistake(
            "factor 2 missing",
            "The factor 2 of the square is missing: the slope of (p - y)² is 2 (p - y).",
            edit("2 * (p", "(p"),
        ),
        Mistake(
            "sign turned round",
            "The sign is reversed: the slope of (p - y)² with respect to p is 2 (p - y), not 2 (y - p).",
            edit("p - y", "y - p"),
        ),
        Mistake(
            "mean instead of sum",
            "You divided by the number of samples. The loss here is a sum over the samples, so the gradient is a sum "
            "as well.",
            edit("dz @ x", "dz @ x / len(x)"),
        ),
    ),
    raising=(
        Mistake(
            "not summed over the samples",
            "dz has one number per sample, (N,), and x is (N, D). Multiply each row of x by its sample's dz, then sum "
            "over the samples. That is a product: `dz @ x`.",
            edit("dz @ x", "dz * x"),
        ),
    ),
    hints=(
        "Name every intermediate: z, p, L. What is the slope of each of the three lines?",
        "dp = 2 (p - y), then dz = dp (1 - p²), one number per sample. Each sample then adds its dz times its x to dw.",
        "`dz = 2 * (p - y) * (1 - p**2)` has shape (N,). Summed over the samples: `dw = dz @ x`, of shape (D,).",
    ),
    explain_right="That is all there is to backpropagation: slopes multiply along a path, and paths add up. If it was "
    "hard: *The chain rule, one name at a time*, and Goodfellow, Bengio and Courville, section 6.5.",
)
