"""00-last-step: the last step of each sequence in a padded batch."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _last_cases(rng):
    def case(N, T, D):
        return dict(x=rng.normal(size=(N, T, D)), lengths=rng.integers(1, T + 1, size=N))

    cases = [case(3, 5, 2), case(1, 1, 1), case(4, 4, 4), case(6, 9, 3), case(2, 7, 1)]
    cases[0]["lengths"] = np.array([5, 1, 3])
    cases[3]["lengths"][:2] = 9, 2
    return cases


LAST_STEP = Question(
    id="00-last-step",
    name="last_steps",
    points=2,
    outputs=(Output("last", ("sample", "feature")),),
    cases=_last_cases,
    reference=lambda x, lengths: np.stack([sample[:length][-1] for sample, length in zip(x, lengths, strict=True)]),
    mistakes=(
        Mistake(
            "the very last step",
            "You took the last row of every sample. A sample of length 3 ends at its third step; what follows is "
            "padding.",
            edit("np.arange(len(x)), lengths - 1", ":, -1"),
        ),
        Mistake(
            "one too early",
            "You are one step too early. Python counts from 0, so the last of n steps is at n - 1, and you took n - 2.",
            edit("lengths - 1", "lengths - 2"),
        ),
        Mistake(
            "one too late",
            "You are one step too late: Python counts from 0, so the last of n steps is at n - 1.",
            edit("lengths - 1", "lengths % x.shape[1]"),
        ),
        Mistake(
            "length of the first sample for all",
            "You used the length of the first sample for all of them. Each sample has its own.",
            edit("np.arange(len(x)), lengths - 1", ":, lengths[0] - 1"),
        ),
        Mistake(
            "every step for every sample",
            "`x[:, steps]` picks all of these steps from every sample, so there is one axis too many. Name the samples "
            "too, in a list of the same length: `x[samples, steps]` picks one step from each.",
            edit("np.arange(len(x)), lengths - 1", ":, lengths - 1"),
        ),
        Mistake(
            "one too late, held at the end",
            "You are one step too late: Python counts from 0, so the last of n steps is at n - 1.",
            edit("lengths - 1", "np.minimum(lengths, x.shape[1] - 1)"),
        ),
    ),
    raising=(
        Mistake(
            "one too late",
            "Python counts from 0, so the last of n steps is at index n - 1; there is no index n.",
            edit("lengths - 1", "lengths"),
        ),
    ),
    hints=(
        "How would you take the last valid step of sample 0 alone, and then of sample 1?",
        "You can index samples and steps together: `x[[0, 1], [4, 2]]` takes step 4 of sample 0 and step 2 of sample "
        "1. Where does Python start counting?",
        "`x[np.arange(len(x)), lengths - 1]`, of shape (N, D).",
    ),
    explain_right="You need this whenever sequences of different lengths share a batch. If it was hard: *Shapes* in "
    "the primer.",
)
