"""19-pieces: a scan in which each of several workers reads one piece of the sequence."""

import numpy as np
import torch

from lstm_course.nets import beyond

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(pieces, size, H):
        T = pieces * size
        return dict(a=rng.uniform(-1, 1, (T, H)), b=rng.normal(size=(T, H)), size=size, h=rng.normal(size=H))

    return [case(2, 2, 1), case(3, 4, 2), case(1, 5, 3), case(6, 1, 2), case(4, 3, 4), case(2, 7, 5)]


def _by_the_loop(a, b, size, h):
    H = a.shape[1]
    cut_a, cut_b = (torch.tensor(part).view(-1, size, H) for part in (a, b))
    all_a, all_b = (torch.tensor(np.concatenate([start[None], part]))[None] for start, part in ((0 * h, a), (h, b)))
    states = beyond.loop(all_a, all_b)[0, 1:]
    return cut_a.prod(dim=1).numpy(), beyond.loop(cut_a, cut_b)[:, -1].numpy(), states[size - 1 :: size].numpy()


PIECES = Question(
    id="19-pieces",
    name="combine_pieces",
    points=3,
    outputs=(Output("A", ("piece", "unit")), Output("B", ("piece", "unit")), Output("states", ("piece", "unit"))),
    cases=_cases,
    reference=_by_the_loop,
    mistakes=(
        Mistake(
            "earlier b not multiplied",
            "You add up the `b` of a piece. But what an earlier step added goes through all later gates of the piece.",
            edit("a[t] * B[p] + b[t]", "B[p] + b[t]"),
        ),
        Mistake(
            "combined in the wrong order",
            "You combine the steps in the wrong order: each `b` is multiplied by the gates *before* it. It has to go "
            "through the gates that come after it.",
            edit(
                "A[p], B[p] = a[t] * A[p], a[t] * B[p] + b[t]",
                "A[p], B[p] = a[t] * A[p], B[p] + A[p] * b[t]",
            ),
        ),
        Mistake(
            "every piece starts from h",
            "Every piece starts from the given `h`. Only the first one does; the others start where the piece before "
            "them ended.",
            edit("h = A[p] * h + B[p]", "state = A[p] * h + B[p]", "states.append(h)", "states.append(state)"),
        ),
        Mistake(
            "starts from zero",
            "You start from a state of zero. The state before the first step is `h`.",
            edit("states = []", "states, h = [], 0 * h"),
        ),
    ),
    hints=(
        "Take a piece of two steps and write out the state after the second one. Which factor is in front of h?",
        "Keep a pair (A, B) for each piece, beginning with (1, 0). A step (a, b) turns it into (a A, a B + b).",
        "In the loop over the steps of a piece: `A[p], B[p] = a[t] * A[p], a[t] * B[p] + b[t]`. Then go over the "
        "pieces with `h = A[p] * h + B[p]`.",
    ),
    explain_right="The workers needed each other only for one line per piece.",
)
