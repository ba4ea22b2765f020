"""The continual embedded Reber grammar: an endless stream of strings without any mark between them.

The strings are those of `reber`, each one beginning where the last ended::

    BTBTXSETEBPBPVVEPEBTBPTTVPXVVETEBPB...

At each step a network predicts the next symbol. It runs on from string to string, and its state is never reset. To
close a string it needs the second symbol of *this* string, not of an earlier one, so it has to forget what it kept when
a new string begins, and nothing tells it when that is. Gers, Schmidhuber and Cummins (2000) designed the task for this:
the cell of 1997 cannot forget, its cell state grows with the stream, and it fails; a forget gate solves the task.

A prediction is right if the highest output is a symbol that the grammar allows next. The long-range share covers only
the steps whose next symbol has to equal the second symbol of the string. A model that knows the whole grammar, but has
not kept that symbol, guesses there and is right half of the time. A string has 12 symbols on average, and one of them
is of this kind, which makes one error in 24 symbols: `trivial`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common, reber
from .reber import SYMBOLS


class Score(NamedTuple):
    """How well a network predicts a stream."""

    errors: float  # predictions that the grammar does not allow
    errors_per_symbol: float  # their share of all predictions, from 0 to 1
    long_range: float  # share of right ones, from 0 to 1, where the second symbol decides; NaN if it nowhere does


@dataclass(frozen=True, eq=False)
class Batch:
    """A piece of N streams.

    Attributes
    ----------
    x : (N, T, 7) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`.
    targets : (N, T) array of int
        The next symbol, as its index in `SYMBOLS`; the last one is the first of the next piece.
    legal : (N, T, 7) array of bool
        The symbols that the grammar allows next.
    long_range : (N, T) array of bool
        True where the next symbol has to equal the second one of its string.
    """

    x: np.ndarray
    targets: np.ndarray
    legal: np.ndarray
    long_range: np.ndarray


class Stream:
    """`count` streams side by side, read piece by piece; see `lstm_course.tasks` for the arguments.

    Examples
    --------
    >>> stream = Stream(2, seed=0)
    >>> first, second = stream.next(40), stream.next(40)
    >>> first.targets[:, -1].tolist() == second.x[:, 0].argmax(axis=1).tolist()
    True
    """

    def __init__(self, count, seed):
        self.count = arguments.size("count", count)
        self._rng = common.generator(seed)
        self._state = np.full(self.count, _BEGINNING)  # before the symbol that was predicted but not yet seen
        self._coin = np.zeros(self.count, int)

    def next(self, length):
        """A `Batch` of the next `length` steps of each stream, from where the last piece ended."""
        T, N = arguments.size("length", length), self.count
        coins = np.empty((T + 1, N), int)
        states = np.empty((T + 1, N), int)
        coins[0], states[0] = self._coin, self._state
        coins[1:] = self._rng.random((T, N)) < 0.5
        for t in range(T):
            states[t + 1] = _TO[states[t], coins[t]]
        self._coin, self._state = coins[T].copy(), states[T].copy()
        symbols = _SYMBOL[states, coins].T
        before = states[1:].T  # the states before the next symbols
        return Batch(
            x=common.one_hot(symbols[:, :-1], len(SYMBOLS)),
            targets=symbols[:, 1:].copy(),
            legal=_LEGAL[before],
            long_range=_LONG_RANGE[before],
        )


def trivial(symbols):
    """The expected `Score` of a model that knows the grammar but not the second symbol, over N T `symbols`."""
    rate = 1 / 24
    return Score(errors=arguments.size("symbols", symbols) * rate, errors_per_symbol=rate, long_range=0.5)


def score(outputs, batch):
    """The `Score` of outputs (N, T, 7): at each step a number for each symbol, the higher the likelier."""
    common.own_batch(batch, Batch)
    N, T, K = batch.x.shape
    right = common.highest_is_allowed(arguments.array("outputs", outputs, N=N, T=T, K=K), batch.legal)
    decided = right[batch.long_range]
    return Score(
        errors=int((~right).sum()),
        errors_per_symbol=float((~right).mean()),
        long_range=float(decided.mean()) if decided.size else float("nan"),
    )


def _tables():
    """The grammar as arrays: for a state and a coin, 0 or 1, the next symbol and the state after it.

    If only one symbol is allowed, both sides of the coin stand for it. The end is joined to the start.
    """
    graph = reber.graph()
    names = [name for name, following in graph.items() if following]
    number = {name: k for k, name in enumerate(names)} | {"end": names.index("start")}
    symbol, to = np.empty((2, len(names), 2), int)
    legal = np.zeros((len(names), len(SYMBOLS)), bool)
    for k, name in enumerate(names):
        edges = list(graph[name].items())
        for coin in (0, 1):
            letter, after = edges[coin % len(edges)]
            symbol[k, coin], to[k, coin] = SYMBOLS.index(letter), number[after]
            legal[k, symbol[k, coin]] = True
    long_range = np.array([name.endswith("again") for name in names])
    return symbol, to, legal, long_range, number["start"]


_SYMBOL, _TO, _LEGAL, _LONG_RANGE, _BEGINNING = _tables()
