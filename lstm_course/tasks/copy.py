"""The copy task: read ten symbols, wait, and write them down again, in order.

Ten symbols out of eight come first, then blanks, one signal, and as many blanks as there are symbols to write.
Up to the signal the answer is a blank at every step; after it, the ten symbols. With a wait of T = 5, in the
letters of `SYMBOLS`::

    x         c a h b b e d g a f - - - - ? - - - - - - - - - -
    targets   - - - - - - - - - - - - - - - c a h b b e d g a f

There are T - 1 blanks before the signal, and T + 20 steps altogether. What makes it hard is that ten symbols
have to be kept apart, thirty bits at once, for as long as the wait is; and that blanks alone, which nearly all
answers are, make the loss small. The task goes back to Hochreiter and Schmidhuber (1997); this form is that of
Arjovsky, Shah and Bengio (2016), where the loss looks at every step.

Who writes blanks and knows when to stop, but keeps no symbol, is certain at T + 10 steps and has one chance in
eight at the ten others: a cross-entropy of 10 ln 8 / (T + 20), and an accuracy of 1/8 on the ten: `trivial`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments, softmax_cross_entropy
from . import common

SYMBOLS = "abcdefgh-?"  # eight to be kept, the blank, the signal
BLANK, SIGNAL = 8, 9  # their places
KEPT = 10  # symbols to be written


class Score(NamedTuple):
    """How well a network copies."""

    cross_entropy: float  # over all steps, in nats a step
    accuracy: float  # share of right symbols among those after the signal, from 0 to 1


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences to be copied; T + 20 steps each, where T is the wait.

    Attributes
    ----------
    x : (N, T + 20, 10) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`.
    targets : (N, T + 20) array of int
        The symbol to be written, as its place in `SYMBOLS`: below 9, as the signal is never written.
    judged : (N, T + 20) array of bool
        True at the last ten steps, where the accuracy looks. No `mask`: every step is there to be read, and
        counts in the loss.
    """

    x: np.ndarray
    targets: np.ndarray
    judged: np.ndarray


def trivial(length):
    """The score of one who knows when to write, but not what.

    Parameters
    ----------
    length : int
        T, the wait.

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        If `length` is not a whole number of at least 1.

    Examples
    --------
    >>> round(trivial(100).cross_entropy, 3)
    0.173
    """
    steps = arguments.size("length", length) + 2 * KEPT
    return Score(cross_entropy=float(KEPT * np.log(BLANK) / steps), accuracy=1 / BLANK)


def batch(count, length, seed):
    """`count` sequences to be copied.

    Parameters
    ----------
    count : int
    length : int
        T, the wait between reading the last symbol and writing the first: T - 1 blanks and the signal.
    seed : int or numpy.random.Generator

    Returns
    -------
    Batch

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> made = batch(1, length=3, seed=0)
    >>> "".join(SYMBOLS[place] for place in made.x[0].argmax(axis=1))
    'gfeccaaabg--?----------'
    """
    N, T = arguments.size("count", count), arguments.size("length", length)
    symbols = common.generator(seed).integers(0, BLANK, (N, KEPT))
    places = np.full((N, T + 2 * KEPT), BLANK)
    places[:, :KEPT] = symbols
    places[:, T + KEPT - 1] = SIGNAL
    targets = np.full_like(places, BLANK)
    targets[:, -KEPT:] = symbols
    judged = np.zeros(places.shape, bool)
    judged[:, -KEPT:] = True
    return Batch(common.one_hot(places, len(SYMBOLS)), targets, judged)


def score(outputs, batch):
    """How well outputs copy.

    Parameters
    ----------
    outputs : (N, T + 20, 9) array
        Logits: for each step a number for each symbol that may be written, the eight and the blank.
    batch : Batch

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        If the shape does not fit `batch.targets`, or a number is not finite.
    """
    common.own_batch(batch, Batch)
    N, T = batch.targets.shape
    outputs = arguments.array("outputs", outputs, N=N, T=T, K=BLANK + 1)
    right = common.highest_is_allowed(outputs, common.one_hot(batch.targets, BLANK + 1) > 0)
    return Score(
        cross_entropy=softmax_cross_entropy(outputs, batch.targets)[0],
        accuracy=float(right[batch.judged].mean()),
    )
