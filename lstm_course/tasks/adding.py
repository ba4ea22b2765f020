"""The adding problem: add two marked numbers that lie far apart.

Each step has a number between 0 and 1 and a mark. The mark is 1 at one step of the first half and at one step of the
second half, and 0 elsewhere. The answer, wanted at the end, is the sum of the two marked numbers::

    number   0.31  0.85  0.07  0.62  0.44  0.19
    mark     0     1     0     0     1     0        ->  0.85 + 0.44 = 1.29

A network has to keep the first number, to some digits, until the second one comes, past all unmarked numbers. It is
not enough to hold one of a few symbols. The task is from Hochreiter and Schmidhuber (1997), in the form that is now
common. In theirs the numbers lie between -1 and 1, among other differences, and the answer is 0.5 + sum / 4. For the
same draw their answer is half of ours, so their criterion for a correct answer, an error below 0.04, is twice as
strict here.

A model that has learned only how large sums are always answers 1, the mean of the sum of two such numbers. Its mean
squared error is the variance of that sum, 2 / 12. The density of the sum rises to 1 and falls again in straight lines,
so the sum lies within e of 1 with probability 1 - (1 - e)^2: `TRIVIAL`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

CORRECT = 0.04  # an answer is correct if it is off by less


class Score(NamedTuple):
    """How close a network's answers are."""

    mean_squared_error: float
    correct: float  # share of sequences with an error below `CORRECT`, from 0 to 1


TRIVIAL = Score(mean_squared_error=1 / 6, correct=1 - (1 - CORRECT) ** 2)


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences of marked numbers.

    Attributes
    ----------
    x : (N, T, 2) array
        The number and the mark of each step; both zero after the end of a sequence.
    targets : (N, 1) array
        The sum of the two marked numbers, wanted at the last step of the mask.
    mask : (N, T) array of bool
        True before the end of a sequence.
    """

    x: np.ndarray
    targets: np.ndarray
    mask: np.ndarray


def batch(count, length, seed, shortest=None):
    """A `Batch` of the adding problem; see `lstm_course.tasks` for the arguments.

    `length` is T, at least 2. With `shortest`, each sequence has its own halves.

    Examples
    --------
    >>> made = batch(2, length=5, seed=0)
    >>> made.x[:, :, 1]
    array([[1., 0., 0., 0., 1.],
           [0., 1., 1., 0., 0.]])
    """
    rng = common.generator(seed)
    lengths, mask = common.lengths(count, length, shortest, 2, rng)
    N, T = mask.shape
    values = rng.random((N, T)) * mask
    marks = np.zeros((N, T))
    first = rng.integers(0, lengths // 2)
    second = rng.integers(lengths // 2, lengths)
    marks[np.arange(N), first] = marks[np.arange(N), second] = 1
    targets = (values * marks).sum(axis=1, keepdims=True)
    return Batch(np.stack([values, marks], axis=2), targets, mask)


def score(outputs, batch):
    """The `Score` of outputs (N, 1), the sums that a network computed."""
    common.own_batch(batch, Batch)
    N, K = batch.targets.shape
    errors = arguments.array("outputs", outputs, N=N, K=K) - batch.targets
    return Score(
        mean_squared_error=float((errors**2).mean()),
        correct=float((np.abs(errors) < CORRECT).mean()),
    )
