"""Temporal order: two symbols far apart, and the answer depends on which came first.

Most letters carry no information. Two do, each an X or a Y: one between a tenth and a fifth of the way through the
sequence, the other between five and six tenths. E begins the sequence. B ends it and asks for the answer, one of four
classes::

    E b d X a c b a d a c Y b d a b a c d B     ->  XY

A network has to tell the two symbols from the others, keep both to the end, and keep them apart: X then Y is not Y
then X, so counting is not enough. This is task 6a of Hochreiter and Schmidhuber (1997), scaled to any length; theirs
had 100 to 110 steps.

The classes are equally likely. A model that has kept neither symbol guesses one of four: `TRIVIAL`. A model that has
kept one of the two is right in half of the sequences.
"""

from dataclasses import dataclass

import numpy as np

from ..scratch import arguments
from . import common

SYMBOLS = "XYabcdEB"
CLASSES = ("XX", "XY", "YX", "YY")
START, END = 6, 7  # indices of E and B

Score = common.Accuracy
TRIVIAL = Score(accuracy=1 / len(CLASSES))


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences with two symbols that count.

    Attributes
    ----------
    x : (N, T, 8) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`.
    targets : (N,) array of int
        The class of each sequence, as its index in `CLASSES`; wanted at the last step.
    """

    x: np.ndarray
    targets: np.ndarray


def batch(count, length, seed):
    """A `Batch` of the temporal order task; see `lstm_course.tasks` for the arguments. `length` is T, at least 10.

    Examples
    --------
    >>> made = batch(1, length=20, seed=0)
    >>> "".join(SYMBOLS[k] for k in made.x[0].argmax(axis=1)), CLASSES[made.targets[0]]
    ('EccbXaaaadYdccdccccB', 'XY')
    """
    N, T = arguments.size("count", count), arguments.whole("length", length, 10)
    rng = common.generator(seed)
    indices = rng.integers(2, START, (N, T))
    indices[:, 0], indices[:, -1] = START, END
    first, second = rng.integers(0, 2, (2, N))
    indices[np.arange(N), rng.integers(T // 10, T // 5, N, endpoint=True)] = first
    indices[np.arange(N), rng.integers(T // 2, 6 * T // 10, N, endpoint=True)] = second
    return Batch(common.one_hot(indices, len(SYMBOLS)), 2 * first + second)


def score(outputs, batch):
    """The `Score` of outputs (N, 4): for each sequence a number for each of `CLASSES`."""
    common.own_batch(batch, Batch)
    return common.accuracy(outputs, batch.targets, len(CLASSES))
