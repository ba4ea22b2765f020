"""What the tasks share: random numbers, lengths and masks, one-hot symbols, and what counts as right."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..scratch import arguments


class Accuracy(NamedTuple):
    """The score of a task with one class a sequence."""

    accuracy: float  # share of sequences of which the class is right, from 0 to 1


def generator(seed):
    """The random generator of a whole number; a ``numpy.random.Generator`` is handed back as it is.

    Raises
    ------
    ValueError
        If `seed` is neither.
    """
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(arguments.seed("seed", seed))


def lengths(count, length, shortest, least, rng):
    """How long each of `count` sequences is, and the mask that says so.

    Parameters
    ----------
    count, length : int
    shortest : int or None
        Lengths are drawn evenly from `shortest` to `length`, both included; None makes all of them `length`.
    least : int
        The shortest sequence for which there is such a task.
    rng : numpy.random.Generator

    Returns
    -------
    lengths : (N,) array of int
    mask : (N, T) array of bool
        T is `length`; true before the end of a sequence.

    Raises
    ------
    ValueError
        If `count`, `length` or `shortest` is no such number.
    """
    N, T = arguments.size("count", count), arguments.whole("length", length, least)
    if shortest is None:
        drawn = np.full(N, T)
    else:
        drawn = rng.integers(arguments.whole("shortest", shortest, least, T), T, N, endpoint=True)
    return drawn, np.arange(T) < drawn[:, None]


def one_hot(places, size):
    """Whole numbers (...) as (..., `size`): a one at each number's place, zeros elsewhere."""
    return np.eye(size)[places]


def highest_is_allowed(outputs, allowed):
    """Where the highest output along the last axis is an allowed one; a tie with another is not knowing."""
    highest = np.where(allowed, outputs, -np.inf).max(axis=-1)
    return highest > np.where(allowed, -np.inf, outputs).max(axis=-1)


def accuracy(outputs, targets, classes):
    """How often the highest of `outputs` (N, classes) is that of the class in `targets` (N,).

    Raises
    ------
    ValueError
        If `outputs` has another shape, or a number is not finite.
    """
    outputs = arguments.array("outputs", outputs, N=len(targets), K=classes)
    right = highest_is_allowed(outputs, one_hot(targets, classes) > 0)
    return Accuracy(accuracy=float(right.mean()))


def own_batch(batch, kind):
    """Refuse, with a sentence, what is not a `kind`, the batch of the task that asks."""
    if not isinstance(batch, kind):
        raise ValueError(f"batch: wanted a Batch of this task, got {type(batch).__name__}")


def read_text(path):
    """The text of a file in UTF-8.

    Raises
    ------
    ValueError
        If there is no such file, or it is not such a text.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")  # with or without the mark that Windows sets
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"path: wanted a text file, got {path}, which cannot be read ({error})") from None
