"""Associative recall: read pairs of a key and a value, then name the value of each key.

There are 16 keys, a to p, and 16 values, A to P. A key has at most one value in a sequence, and it has another one in
the next. After the pairs the keys come again, in a new order. With a `length` of 3 pairs::

    x         f K c A m D  m f c
    targets   . . . . . .  D K A

All pairs have to be kept apart, 4 bits each, and it isn't known which will be asked first. A model with access to all
earlier steps can look the key up; one with a state has to hold all pairs in it. Graves, Wayne and Danihelka (2014) and
Ba et al. (2016) used such tasks for networks with a memory beside the state.

All values are equally likely. A model that has kept nothing guesses one of 16: `TRIVIAL`. One that remembers which
values it has read, but not their keys, is right a little more often than once in P.
"""

from dataclasses import dataclass

import numpy as np

from ..scratch import arguments
from . import common

KEYS, VALUES = "abcdefghijklmnop", "ABCDEFGHIJKLMNOP"
SYMBOLS = KEYS + VALUES

Score = common.Accuracy
TRIVIAL = Score(accuracy=1 / len(VALUES))


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences of P pairs and P questions.

    Attributes
    ----------
    x : (N, 3P, 32) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`.
    targets : (N, 3P) array of int
        The value that is asked for, as its index in `VALUES`; 0 where nothing is asked.
    judged : (N, 3P) array of bool
        True at the last P steps, which ask.
    """

    x: np.ndarray
    targets: np.ndarray
    judged: np.ndarray


def read(text):
    """A `Batch` of one sequence of your own: pairs, a space, and the keys that are asked.

    Parameters
    ----------
    text : str
        Such as ``"fKcAmD mfc"``; any number of questions will do.

    Raises
    ------
    ValueError
        If the text has another form, a key is given twice, or a key is asked that has no value.

    Examples
    --------
    >>> made = read("fKcAmD mf")
    >>> "".join(VALUES[k] for k in made.targets[made.judged])
    'DK'
    """
    pairs, space, asked = text.strip().partition(" ") if isinstance(text, str) else ("", "", "")
    keys, values = pairs[::2], pairs[1::2]
    if not (space and pairs and asked and set(keys) <= set(KEYS) and set(values) <= set(VALUES)):
        raise ValueError(f"text: wanted keys a-p and values A-P in turn, a space and keys, like fKcA cf, got {text!r}")
    if len(keys) != len(values) or len(set(keys)) < len(keys):
        raise ValueError(f"text: wanted a value for each key, and each key once, got {pairs!r}")
    if not set(asked) <= set(keys):
        raise ValueError(f"text: wanted questions about keys that have a value, got {asked!r} after {pairs!r}")
    of = dict(zip(keys, values, strict=True))
    targets = [0] * len(pairs) + [VALUES.index(of[key]) for key in asked]
    indices = [SYMBOLS.index(symbol) for symbol in pairs + asked]
    judged = np.arange(len(indices)) >= len(pairs)
    return Batch(common.one_hot([indices], len(SYMBOLS)), np.array([targets]), judged[None])


def batch(count, length, seed):
    """A `Batch` of random sequences; see `lstm_course.tasks` for the arguments. `length` is P, at most 16 pairs.

    Examples
    --------
    >>> made = batch(1, length=3, seed=0)
    >>> "".join(SYMBOLS[k] for k in made.x[0].argmax(axis=1))
    'lBdNnAnld'
    """
    N, P, rng = arguments.size("count", count), arguments.size("length", length), common.generator(seed)
    if P > len(KEYS):
        raise ValueError(f"length: wanted at most {len(KEYS)} pairs, one for each key, got {P}")
    keys = rng.random((N, len(KEYS))).argsort(axis=1)[:, :P]
    values = rng.integers(0, len(VALUES), (N, P))
    order = rng.random((N, P)).argsort(axis=1)
    pairs = np.stack([keys, values + len(KEYS)], axis=2).reshape(N, 2 * P)
    indices = np.concatenate([pairs, np.take_along_axis(keys, order, axis=1)], axis=1)
    targets = np.concatenate([np.zeros((N, 2 * P), int), np.take_along_axis(values, order, axis=1)], axis=1)
    judged = np.zeros(indices.shape, bool)
    judged[:, 2 * P :] = True
    return Batch(common.one_hot(indices, len(SYMBOLS)), targets, judged)


def score(outputs, batch):
    """The `Score` of outputs (N, T, 16): at each step a number for each of `VALUES`; only the questions are judged."""
    common.own_batch(batch, Batch)
    N, T = batch.targets.shape
    outputs = arguments.array("outputs", outputs, N=N, T=T, K=len(VALUES))
    right = common.highest_is_allowed(outputs, common.one_hot(batch.targets, len(VALUES)) > 0)
    return Score(float(right[batch.judged].mean()))
