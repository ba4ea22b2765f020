"""10-bucket-order: the order in which a data set is cut into batches of similar lengths, in random order."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question

ALLOWED = (
    0.25  # of the padding that batches in random order would have; batches cut from a sorted list have 0.15 at most
)
TREND = 0.8  # largest allowed correlation between the number of a batch and its longest sequence


def _cases(rng):
    def case(N, size):
        return dict(lengths=rng.integers(5, 40, N), size=size, seed=int(rng.integers(2**31)))

    return [case(200, 10), case(203, 8), case(480, 16), case(255, 12)]


def padding(lengths, size):
    """Padded steps of consecutive batches."""
    return sum(
        len(some) * some.max() - some.sum() for some in (lengths[k : k + size] for k in range(0, len(lengths), size))
    )


def _without_one(ordered, size):
    """The padding if the smaller batch is taken out, for each place at which it may stand."""
    rest = len(ordered) % size
    places = range(0, len(ordered) - rest, size) if rest else ()
    return [padding(np.delete(ordered, slice(k, k + rest)), size) for k in places] or [np.inf]


def _properties(case, order):
    lengths, size, N = case["lengths"], case["size"], len(case["lengths"])
    order = np.asarray(order)
    if order.shape != (N,):
        raise ValueError(f"`order` has shape {order.shape}; wanted ({N},): each sequence once.")
    if not (order == np.round(order)).all() or sorted(order.tolist()) != list(range(N)):
        raise ValueError(
            f"`order` has to hold each whole number from 0 to {N - 1} exactly once. (It lists the sequences by number, "
            "as np.argsort does, not their lengths.)"
        )
    ordered = lengths[order.astype(int)]
    rng = np.random.default_rng(0)
    usual = np.mean([padding(rng.permutation(lengths), size) for _ in range(20)])
    share = padding(ordered, size) / usual
    if share > ALLOWED and min(_without_one(ordered, size)) / usual <= ALLOWED:
        raise ValueError(
            "Your smaller batch doesn't come last in `order`, so every batch after it is cut at the wrong "
            "place. Shuffle the full batches only, and put the smaller one at the end."
        )
    longest = np.array([ordered[k : k + size].max() for k in range(0, N, size)])
    trend = abs(np.corrcoef(np.arange(len(longest)), longest)[0, 1])
    return np.array(max(share, ALLOWED)), np.array(max(trend, TREND))


def _sorted(lengths, size, seed):
    return np.argsort(lengths, kind="stable")


def _longest_first(lengths, size, seed):
    return np.argsort(-lengths, kind="stable")


def _at_random(lengths, size, seed):
    return np.random.default_rng(seed).permutation(len(lengths))


BUCKET_ORDER = Question(
    id="10-bucket-order",
    name="bucket_order",
    points=3,
    outputs=(Output("padding, as a share of that in random order", ()), Output("trend of the lengths", ())),
    returns=("order",),
    cases=_cases,
    reference=lambda lengths, size, seed: (np.array(ALLOWED), np.array(TREND)),
    observe=_properties,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "sorted",
            "Your batches come in the order of their lengths: an epoch starts with short sequences and ends with "
            "long ones. Shuffle the batches.",
            _sorted,
        ),
        Mistake(
            "in random order",
            "Your order is random throughout, so long and short sequences share batches. Sort by length first, "
            "and shuffle whole batches.",
            _at_random,
        ),
        Mistake(
            "longest first",
            "An epoch starts with long sequences and ends with short ones. Shuffle the batches.",
            _longest_first,
        ),
    ),
    raising=(
        Mistake(
            "two axes",
            "The batches may have different sizes, so they don't fit into one array. Join them with np.concatenate.",
            edit("np.concatenate", "np.array"),
        ),
    ),
    hints=(
        "Which order has the least padding, and what is wrong with it? What may you shuffle without adding padding?",
        "Sort by length and cut into pieces of `size`; the last piece may be smaller. Shuffle the pieces, not what is "
        "in them. Where does the smaller piece have to stand, so that the pieces are found again when your order is "
        "cut?",
        "`order = np.argsort(lengths)`, `full = len(order) // size * size`, shuffle the rows of "
        "`order[:full].reshape(-1, size)` with `rng.permutation`, and join them with `order[full:]`, which stays last.",
    ),
    explain_right="There is little padding, and an epoch no longer runs from short sequences to long ones.",
)
