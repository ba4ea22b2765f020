"""18-eight-bits: weights rounded to signed 8 bits with a scale per row, and a bound on what that costs."""

import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(rows, columns, spread=1.0, empty=None):
        W = rng.normal(size=(rows, columns)) * spread ** rng.normal(size=(rows, 1))
        if empty is not None:
            W[empty] = 0
        return dict(W=W, x=rng.normal(size=columns))

    return [case(2, 3), case(1, 1), case(5, 4, 6.0), case(4, 4), case(6, 9, 30.0, empty=2), case(12, 30, 3.0)]


def _by_torch(W, x):
    """PyTorch rounds per row; the bound is the largest error over all the ways to be half a step off."""
    W, x = torch.tensor(W), torch.tensor(x)
    largest = W.abs().amax(dim=1)
    scale = torch.where(largest > 0, largest / 127, torch.ones_like(largest))
    q = torch.round(W / scale[:, None]).clamp(-127, 127)
    kept = torch.fake_quantize_per_channel_affine(W.float(), scale.float(), torch.zeros(len(W)), 0, -127, 127)
    assert torch.allclose(kept.double(), q * scale[:, None], rtol=1e-4, atol=1e-6)
    worst = torch.where(x > 0, 0.5, -0.5) * (largest / 127)[:, None]
    return ((q * scale[:, None]) @ x).numpy(), (worst @ x).numpy()


EIGHT_BITS = Question(
    id="18-eight-bits",
    name="rounded_product",
    points=3,
    outputs=(Output("product", ("row",)), Output("bound", ("row",))),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "one scale for the matrix",
            "You use one scale for the whole matrix. A row of small weights then gets only a few of the 255 values; "
            "each row has a scale of its own.",
            edit("np.abs(W).max(axis=1)", "np.full(len(W), np.abs(W).max())"),
        ),
        Mistake(
            "cut off, not rounded",
            "You cut off the digits after the point, so a weight can be a whole step off. Round to the nearest number.",
            edit("np.round(W / divide[:, None])", "np.trunc(W / divide[:, None])"),
        ),
        Mistake(
            "scaled to 128",
            "Your scale is the largest weight divided by 128. Here the largest weight of a row has to become 127.",
            edit("/ 127", "/ 128"),
        ),
        Mistake(
            "the largest, not its absolute value",
            "Your scale comes from the largest weight, but a negative weight may be further from 0.",
            edit("np.abs(W).max(axis=1)", "np.abs(W.max(axis=1))"),
        ),
        Mistake(
            "a whole step",
            "Your bound is twice as large as it has to be: a rounded number is at most *half* a step off.",
            edit("0.5 * scale", "scale"),
        ),
        Mistake(
            "errors that cancel",
            "Your bound adds up the entries of x with their signs, so they cancel. In the worst case every error has "
            "the sign of its entry: take the absolute values.",
            edit("np.abs(x).sum()", "np.abs(x.sum())"),
        ),
        Mistake(
            "the error of this matrix",
            "You return the error that this W makes. The bound has to hold whatever the weights were before rounding.",
            edit("0.5 * scale * np.abs(x).sum()", "np.abs(scale * (q @ x) - W @ x)"),
        ),
        Mistake(
            "x rounded, too",
            "You round x as well, as the lesson does for its product of whole numbers. Here only W is rounded.",
            edit("(q @ x)", "(q @ (np.round(x / np.abs(x).max() * 127) * np.abs(x).max() / 127))"),
        ),
        Mistake(
            "not scaled back",
            "You return the product of the whole numbers. Multiply it by the scale of the row.",
            edit("scale * (q @ x)", "q @ x"),
        ),
    ),
    hints=(
        "Which scale turns the largest absolute value of a row into 127? And what happens if the whole row is zero?",
        "`q = round(W / scale)` in each row, and the product is `scale * (q @ x)`. For the bound, let each weight be "
        "half a step off in the direction that hurts most: what does that add up to?",
        "`scale = np.abs(W).max(axis=1) / 127`; divide by `np.where(scale > 0, scale, 1)`; the bound is "
        "`0.5 * scale * np.abs(x).sum()`.",
    ),
    explain_right="PyTorch rounds to the same weights. Your bound is the largest error that half a step in each weight "
    "can make.",
)
