"""Parity: is the number of ones so far odd?

Each step has a bit, and each step is asked::

    x         0 1 1 0 1 0 1
    targets   0 1 0 0 1 1 0

One bit of memory is enough, but every 1 has to turn it around; no bit can be left out, and a single mistake makes all
later answers wrong. A network that has learned the rule, rather than the strings that it was trained on, is right at
any length.

Half of all strings are odd, whatever all bits but one are. A model that loses a bit guesses: `TRIVIAL`.
"""

from dataclasses import dataclass

import numpy as np

from ..scratch import arguments
from . import common

Score = common.Accuracy
TRIVIAL = Score(accuracy=1 / 2)


@dataclass(frozen=True, eq=False)
class Batch:
    """Strings of bits.

    Attributes
    ----------
    x : (N, T, 2) array
        The bit of each step, one-hot: the first feature is 1 for a 0.
    targets : (N, T) array of int
        1 where the number of ones up to this step is odd.
    """

    x: np.ndarray
    targets: np.ndarray


def read(bits):
    """A `Batch` of your own bits.

    Parameters
    ----------
    bits : (N, T) array of int
        Zeros and ones.

    Raises
    ------
    ValueError
        If `bits` has another shape, or anything but zeros and ones.

    Examples
    --------
    >>> read([[0, 1, 1, 0, 1, 0, 1]]).targets
    array([[0, 1, 0, 0, 1, 1, 0]])
    """
    bits = arguments.array("bits", bits, N=None, T=None)
    if not np.isin(bits, (0, 1)).all():
        raise ValueError(f"bits: wanted zeros and ones, got {bits[~np.isin(bits, (0, 1))][0]:g}")
    bits = bits.astype(int)
    return Batch(common.one_hot(bits, 2), bits.cumsum(axis=1) % 2)


def batch(count, length, seed):
    """A `Batch` of random bits; see `lstm_course.tasks` for the arguments. `length` is T."""
    N, T = arguments.size("count", count), arguments.size("length", length)
    return read(common.generator(seed).integers(0, 2, (N, T)))


def score(outputs, batch):
    """The `Score` of outputs (N, T, 2): at each step a number for even, and one for odd."""
    common.own_batch(batch, Batch)
    N, T = batch.targets.shape
    outputs = arguments.array("outputs", outputs, N=N, T=T, K=2)
    return Score(float(common.highest_is_allowed(outputs, common.one_hot(batch.targets, 2) > 0).mean()))
