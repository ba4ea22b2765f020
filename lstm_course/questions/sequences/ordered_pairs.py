"""01-ordered-pairs: counts that keep the order."""

from itertools import combinations

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _pair_cases(rng):
    def case(T, D, *lengths):
        """Sequences of these lengths, padded with zeros to T steps."""
        x = np.eye(D)[rng.integers(0, D, (len(lengths), T))]
        x *= (np.arange(T) < np.array(lengths)[:, None])[..., None]
        return dict(x=x)

    return [case(3, 2, 3), case(1, 2, 1), case(6, 3, 6, 4), case(4, 4, 4, 1, 3, 2), case(20, 3, 20, 13), case(9, 1, 9)]


def _by_definition(x):
    """The sum over all pairs of an earlier and a later step."""
    N, T, D = x.shape
    counts = np.zeros((N, D, D))
    for earlier, later in combinations(range(T), 2):
        counts += x[:, earlier, :, None] * x[:, later, None, :]
    return counts


PAIRS = 'np.einsum("nti,ntj->nij", before, x)'  # as the solution has it

ORDERED_PAIRS = Question(
    id="01-ordered-pairs",
    name="ordered_pairs",
    points=3,
    outputs=(Output("counts", ("sample", "earlier letter", "later letter")),),
    cases=_pair_cases,
    reference=_by_definition,
    mistakes=(
        Mistake(
            "a step paired with itself",
            "You also pair each step with itself, so your diagonal is too large. A letter comes before another only if "
            "it stands at an earlier step.",
            edit("np.cumsum(x, axis=1) - x", "np.cumsum(x, axis=1)"),
        ),
        Mistake(
            "neighbours only",
            "You count only letters that stand side by side. Pairs count at any distance.",
            edit("np.cumsum(x, axis=1) - x", "np.concatenate([0 * x[:, :1], x[:, :-1]], axis=1)"),
        ),
        Mistake(
            "later letter first",
            "Your counts are transposed: entry [i, j] should count letter i *before* letter j.",
            edit("->nij", "->nji"),
        ),
        Mistake(
            "both orders together",
            "You count each pair in both orders, so your array is symmetric, and the order is lost again.",
            edit(f"return {PAIRS}", f"counts = {PAIRS}\n    return counts + counts.transpose(0, 2, 1)"),
        ),
        Mistake(
            "counts multiplied",
            "You multiply the counts of the letters. That pairs every step with every other one, whichever comes "
            "first, and the order is lost.",
            edit(PAIRS, 'np.einsum("ni,nj->nij", x.sum(axis=1), x.sum(axis=1))'),
        ),
        Mistake(
            "padding taken for the first letter",
            "Steps after the end of a short sequence count as the first letter in your code: `argmax` of a row of "
            "zeros is 0. They should count for nothing.",
            edit(
                "before = np.cumsum(x, axis=1) - x",
                "x = np.eye(x.shape[2])[x.argmax(axis=2)]\n    before = np.cumsum(x, axis=1) - x",
            ),
        ),
        Mistake(
            "whether, not how often",
            "You say whether a letter comes before another, with 0 or 1. The question is for how many pairs of steps.",
            edit(PAIRS, f"np.minimum({PAIRS}, 1)"),
        ),
        Mistake(
            "how many steps, not how many pairs",
            "You count the steps with letter j that have *some* letter i before them. If three letters i come before "
            "one letter j, that makes three pairs.",
            edit(PAIRS, 'np.einsum("nti,ntj->nij", np.minimum(before, 1), x)'),
        ),
    ),
    hints=(
        "Read one sequence from left to right, with a count of each letter in mind. When you reach a letter, which "
        "counts have to grow, and by how much?",
        "When you reach a letter j, the entry [i, j] grows by the number of letters i read so far. With whole arrays, "
        "`np.cumsum(x, axis=1)` gives these numbers for every step, but includes the step itself.",
        "`before = np.cumsum(x, axis=1) - x` has the shape (N, T, D). For each sample, sum `before[t, i] * x[t, j]` "
        'over the steps t: `np.einsum("nti,ntj->nij", before, x)`, or a loop over t that adds '
        "`before[:, t, :, None] * x[:, t, None, :]`.",
    ),
    explain_right="These are counts too, but counts of pairs: a model that reads them knows which letter came first.",
)
