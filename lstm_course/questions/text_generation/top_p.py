"""12-top-p: draw only from the likeliest symbols that together have a share of the probability."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, K, share, sharpness):
        while True:
            p = np.exp(sharpness * rng.normal(size=(N, K)))
            p /= p.sum(axis=1, keepdims=True)
            sums = np.cumsum(-np.sort(-p, axis=1), axis=1)[:, :-1]
            if share == 1 or not (np.abs(sums - share) < 1e-3).any():  # float32 must not decide
                return dict(probabilities=p, share=share)

    first = dict(probabilities=np.array([[0.1, 0.4, 0.3, 0.2]]), share=0.6)
    cases = [first, case(3, 5, 0.8, 1.0), case(2, 2, 0.3, 1.0), case(1, 1, 0.5, 1.0), case(4, 4, 1.0, 1.0)]
    return [*cases, case(5, 20, 0.9, 2.0), case(6, 9, 0.5, 0.2), case(3, 67, 0.95, 3.0)]


def _by_torch(probabilities, share):
    p = torch.tensor(probabilities)
    ahead = (p[:, None, :] > p[:, :, None]).to(p) @ p[:, :, None]  # the probability of all likelier symbols
    p = p * (ahead[:, :, 0] < share)
    return (p / p.sum(dim=1, keepdim=True)).numpy()


TOP_P = Question(
    id="12-top-p",
    name="top_p",
    points=3,
    outputs=(Output("p", ("text", "symbol")),),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "one symbol short",
            "You stop before the share is reached. The symbol with which the sum reaches it still belongs to the set.",
            edit("before < share", "(before + sorted_p <= share) | (before == 0)"),
        ),
        Mistake(
            "one symbol too many",
            "You keep one symbol more than needed: once the share is reached, no further symbol belongs to the set.",
            edit("before < share", "before - np.roll(sorted_p, 1, axis=1) * (before > 0) < share"),
        ),
        Mistake(
            "the sum isn't 1",
            "The right symbols are left, but their probabilities don't add up to 1. Divide by their sum.",
            edit("return p / p.sum(axis=1, keepdims=True)", "return p"),
        ),
        Mistake(
            "left in sorted order",
            "The numbers are right, but they are sorted by size. Put each one back in its symbol's place.",
            edit("np.put_along_axis(p, order, kept, axis=1)", "p = kept"),
        ),
        Mistake(
            "from the unlikeliest",
            "You collect the symbols from the unlikeliest upwards. Begin with the likeliest.",
            edit("np.argsort(-probabilities, axis=1)", "np.argsort(probabilities, axis=1)"),
        ),
        Mistake(
            "one order for all texts",
            "You use the order of the first text for all of them. Each text has likeliest symbols of its own.",
            edit(
                "np.argsort(-probabilities, axis=1)",
                "np.argsort(-probabilities[:1], axis=1).repeat(len(probabilities), axis=0)",
            ),
        ),
    ),
    hints=(
        "Sort the symbols of one text by their probability, and write the running sum beside them. Which is the last "
        "one that you keep?",
        "A symbol is kept if the probabilities of all likelier symbols together are still below `share`. That also "
        "covers a likeliest symbol that has more than `share` by itself.",
        "`order = np.argsort(-probabilities, axis=1)`, `sorted_p = np.take_along_axis(probabilities, order, axis=1)`, "
        "`before = sorted_p.cumsum(axis=1) - sorted_p`, `kept = np.where(before < share, sorted_p, 0)`; put it back "
        "with `np.put_along_axis` and divide by the sum.",
    ),
    explain_right="Where the model is sure, few symbols are left to draw from; where it isn't, many are.",
)
