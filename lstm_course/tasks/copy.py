"""The copy task: read ten symbols, wait, and repeat them in order.

A sequence has ten symbols, each one of eight, then blanks, a signal, and as many blanks as there are symbols to write.
The answer is a blank at every step up to the signal, and the ten symbols after it. With a wait of T = 5, in the letters
of `SYMBOLS`::

    x         c a h b b e d g a f - - - - ? - - - - - - - - - -
    targets   - - - - - - - - - - - - - - - c a h b b e d g a f

There are T - 1 blanks before the signal, and T + 20 steps altogether. The task is hard for two reasons. Ten symbols,
thirty bits, have to be kept apart for the whole wait; and since nearly all answers are blanks, writing only blanks
already makes the loss small. The task goes back to Hochreiter and Schmidhuber (1997). This form, in which the loss
covers every step, is that of Arjovsky, Shah and Bengio (2016).

A model that writes blanks and knows when to stop, but keeps no symbol, is certain at T + 10 steps and has one chance in
eight at the ten others. Its cross-entropy is 10 ln 8 / (T + 20), and its accuracy on the ten is 1/8: `trivial`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments, softmax_cross_entropy
from . import common

SYMBOLS = "abcdefgh-?"  # eight to be kept, the blank, the signal
BLANK, SIGNAL = 8, 9  # their indices in `SYMBOLS`
KEPT = 10  # symbols to be written


class Score(NamedTuple):
    """How well a network copies."""

    cross_entropy: float  # over all steps, in nats a step
    accuracy: float  # share of correct symbols after the signal, from 0 to 1


@dataclass(frozen=True, eq=False)
class Batch:
    """Sequences to be copied; T + 20 steps each, where T is the wait.

    Attributes
    ----------
    x : (N, T + 20, 10) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`.
    targets : (N, T + 20) array of int
        The symbol to be written, as its index in `SYMBOLS`: below 9, because the signal is never written.
    judged : (N, T + 20) array of bool
        True at the last ten steps, which the accuracy covers. There is no `mask`: every step is read and counts in
        the loss.
    """

    x: np.ndarray
    targets: np.ndarray
    judged: np.ndarray


def trivial(length):
    """The `Score` of a model that knows when to write, but not what, after a wait of `length` steps.

    Examples
    --------
    >>> round(trivial(100).cross_entropy, 3)
    0.173
    """
    steps = arguments.size("length", length) + 2 * KEPT
    return Score(cross_entropy=float(KEPT * np.log(BLANK) / steps), accuracy=1 / BLANK)


def batch(count, length, seed):
    """A `Batch` of sequences to be copied; see `lstm_course.tasks` for the arguments.

    `length` is T, the wait between reading the last symbol and writing the first: T - 1 blanks and the signal.

    Examples
    --------
    >>> made = batch(1, length=3, seed=0)
    >>> "".join(SYMBOLS[k] for k in made.x[0].argmax(axis=1))
    'gfeccaaabg--?----------'
    """
    N, T = arguments.size("count", count), arguments.size("length", length)
    symbols = common.generator(seed).integers(0, BLANK, (N, KEPT))
    indices = np.full((N, T + 2 * KEPT), BLANK)
    indices[:, :KEPT] = symbols
    indices[:, T + KEPT - 1] = SIGNAL
    targets = np.full_like(indices, BLANK)
    targets[:, -KEPT:] = symbols
    judged = np.zeros(indices.shape, bool)
    judged[:, -KEPT:] = True
    return Batch(common.one_hot(indices, len(SYMBOLS)), targets, judged)


def score(outputs, batch):
    """The `Score` of logits (N, T + 20, 9): at each step one for each of the eight symbols, and one for the blank."""
    common.own_batch(batch, Batch)
    N, T = batch.targets.shape
    outputs = arguments.array("outputs", outputs, N=N, T=T, K=BLANK + 1)
    right = common.highest_is_allowed(outputs, common.one_hot(batch.targets, BLANK + 1) > 0)
    return Score(
        cross_entropy=softmax_cross_entropy(outputs, batch.targets)[0],
        accuracy=float(right[batch.judged].mean()),
    )
