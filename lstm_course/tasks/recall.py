"""Recall: what was the first symbol?

The first symbol is one of four, all others are drawn from four different ones and mean nothing. At the end, the
first is asked for::

    C b a a d c b d ... a     ->  C

Nothing else is to be learned, so the task measures one thing: across how many steps a network can learn to
keep one of four symbols. At the start of training a gradient has to come back over T - 1 steps of noise to say
that the first one mattered. It is a bare form of the latching problem of Bengio, Simard and Frasconi (1994).

The four symbols are equally likely, and no other symbol says anything about them. Who has not kept the first
guesses one of four: `TRIVIAL`.
"""

from dataclasses import dataclass

import numpy as np

from . import common

SYMBOLS = "ABCDabcd"  # the four to be kept, the four that mean nothing
CLASSES = SYMBOLS[:4]

Score = common.Accuracy
TRIVIAL = Score(accuracy=1 / len(CLASSES))


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences whose first symbol is to be kept.

    Attributes
    ----------
    x : (N, T, 8) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`; zero after the end of a sequence.
    targets : (N,) array of int
        The first symbol, as its place in `CLASSES`; wanted at the last step that the mask has.
    mask : (N, T) array of bool
        True before the end of a sequence.
    """

    x: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def batch(count, length, seed, shortest=None):
    """`count` sequences of the recall task.

    Parameters
    ----------
    count : int
    length : int
        T: the first symbol and T - 1 others.
    seed : int or numpy.random.Generator
    shortest : int, optional
        If given, each sequence has a length of its own, from `shortest` to `length`: a network that cannot
        learn the long ones at once may begin with the short ones among them.

    Returns
    -------
    Batch

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> made = batch(1, length=9, seed=0)
    >>> "".join(SYMBOLS[place] for place in made.x[0].argmax(axis=1)), CLASSES[made.targets[0]]
    ('Dccbbaaaa', 'D')
    """
    rng = common.generator(seed)
    _, mask = common.lengths(count, length, shortest, 1, rng)
    N, T = mask.shape
    places = rng.integers(len(CLASSES), len(SYMBOLS), (N, T))
    places[:, 0] = rng.integers(0, len(CLASSES), N)
    return Batch(common.one_hot(places, len(SYMBOLS)) * mask[:, :, None], places[:, 0].copy(), mask)


def score(outputs, batch):
    """How often the highest output is that of the first symbol.

    Parameters
    ----------
    outputs : (N, 4) array
        For each sequence a number for each of `CLASSES`, the higher the likelier.
    batch : Batch

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        If the shape is another, or a number is not finite.
    """
    common.own_batch(batch, Batch)
    return common.accuracy(outputs, batch.targets, len(CLASSES))
