"""Recall: what was the first symbol?

The first symbol is one of four. All others are drawn from four different ones and carry no information. At the end,
the network has to name the first::

    C b a a d c b d ... a     ->  C

There is nothing else to learn, so the task measures one thing: over how many steps a network can learn to keep one of
four symbols. At the start of training the gradient has to travel back over T - 1 steps of noise to show that the first
symbol mattered. The task is a minimal form of the latching problem of Bengio, Simard and Frasconi (1994).

The four symbols are equally likely, and no other symbol is related to them. A model that has not kept the first symbol
guesses one of four: `TRIVIAL`.
"""

from dataclasses import dataclass

import numpy as np

from . import common

SYMBOLS = "ABCDabcd"  # four to be kept, four without information
CLASSES = SYMBOLS[:4]

Score = common.Accuracy
TRIVIAL = Score(accuracy=1 / len(CLASSES))


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences with a first symbol to be kept.

    Attributes
    ----------
    x : (N, T, 8) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`; zero after the end of a sequence.
    targets : (N,) array of int
        The first symbol, as its index in `CLASSES`; wanted at the last step of the mask.
    mask : (N, T) array of bool
        True before the end of a sequence.
    """

    x: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def batch(count, length, seed, shortest=None):
    """A `Batch` of the recall task; see `lstm_course.tasks` for the arguments.

    `length` is T: the first symbol and T - 1 others.

    Examples
    --------
    >>> made = batch(1, length=9, seed=0)
    >>> "".join(SYMBOLS[k] for k in made.x[0].argmax(axis=1)), CLASSES[made.targets[0]]
    ('Dccbbaaaa', 'D')
    """
    rng = common.generator(seed)
    _, mask = common.lengths(count, length, shortest, 1, rng)
    N, T = mask.shape
    indices = rng.integers(len(CLASSES), len(SYMBOLS), (N, T))
    indices[:, 0] = rng.integers(0, len(CLASSES), N)
    return Batch(common.one_hot(indices, len(SYMBOLS)) * mask[:, :, None], indices[:, 0].copy(), mask)


def score(outputs, batch):
    """The `Score` of outputs (N, 4): for each sequence a number for each of `CLASSES`."""
    common.own_batch(batch, Batch)
    return common.accuracy(outputs, batch.targets, len(CLASSES))
