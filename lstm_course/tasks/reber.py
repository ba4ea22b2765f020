"""The embedded Reber grammar: predict the next symbol, and remember the second one until the end.

The grammar (Reber 1967) is a graph. Walk along its arrows, at each fork either way with probability 1/2, and
write down the symbols: a string such as BTSSXXTVVE. The X that leaves state 4 leads to state 3. ::

                      S
                    +---+
                    v   |
                 T  +---+   X   +---+  S
              +---->| 2 |------>| 4 |-----+
              |     +---+       +---+     v
    +---+ B +---+            X /  ^     +---+ E
    | 0 |-->| 1 |             /   | P   | 6 |--> end
    +---+   +---+            v    |     +---+
              |     +---+       +---+     ^
              +---->| 3 |------>| 5 |-----+
                 P  +---+   V   +---+  V
                    ^   |
                    +---+
                      T

The embedded form (Cleeremans, Servan-Schreiber and McClelland 1989; Fahlman 1991) sets such a string between
two more symbols, T or P, which are the same::

            +-- T --> [a Reber string] -- T --+
    -- B -->|                                 |--> E -->
            +-- P --> [a Reber string] -- P --+

At each step a network sees one symbol and says which may come next. Within the Reber string a few symbols of
the past decide that; near the end, the second symbol of all does, and it has to be kept across a string of
five or more. Hochreiter and Schmidhuber (1997) open their experiments with this task.

A string counts as right when at every step the symbols that the grammar allows are the highest outputs: the
highest one where one symbol is allowed, the highest two where two are. The long-range share looks only at the
prediction of the second-to-last symbol. Who knows the whole grammar, but not the second symbol, guesses there
and is right in half of the strings: `TRIVIAL`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

SYMBOLS = "BTPSXVE"

# The Reber grammar: the symbols that may follow in a state, each with the state it leads to; None is the end.
GRAMMAR = {
    0: {"B": 1},
    1: {"T": 2, "P": 3},
    2: {"S": 2, "X": 4},
    3: {"T": 3, "V": 5},
    4: {"X": 3, "S": 6},
    5: {"P": 4, "V": 6},
    6: {"E": None},
}


class Score(NamedTuple):
    """How well a network predicts; both from 0 to 1."""

    strings: float  # share of strings in which every step is right
    long_range: float  # share of strings in which the second-to-last symbol is right


TRIVIAL = Score(strings=0.5, long_range=0.5)


@dataclass(frozen=True, eq=False)
class Batch:
    """Strings as arrays; T is the length of the longest string less one, as nothing follows its last symbol.

    Attributes
    ----------
    x : (N, T, 7) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`; zero after the end of a string.
    targets : (N, T) array of int
        The next symbol, as its place in `SYMBOLS`; 0 after the end.
    legal : (N, T, 7) array of bool
        The symbols that the grammar allows next; none after the end.
    mask : (N, T) array of bool
        True where there is a next symbol.
    strings : tuple of str
    """

    x: np.ndarray
    targets: np.ndarray
    legal: np.ndarray
    mask: np.ndarray
    strings: tuple


def graph():
    """The embedded grammar as a graph, for those who draw it or walk it.

    Returns
    -------
    dict of str to dict of str to str
        For each state the symbols that may follow, each with the state it leads to. The walk begins in
        ``"start"`` and stops in ``"end"``, from which nothing follows. ``"T2"`` is state 2 of the Reber
        grammar in the branch that began with T.
    """
    edges = {"start": {"B": "branch"}, "branch": {"T": "T0", "P": "P0"}}
    for branch in "TP":
        for state, following in GRAMMAR.items():
            edges[f"{branch}{state}"] = {
                symbol: f"{branch} again" if to is None else f"{branch}{to}" for symbol, to in following.items()
            }
        edges[f"{branch} again"] = {branch: "last"}
    edges["last"] = {"E": "end"}
    edges["end"] = {}
    return edges


_GRAPH = graph()


def strings(count, seed):
    """Strings of the embedded grammar.

    Parameters
    ----------
    count : int
    seed : int or numpy.random.Generator

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If an argument is neither.

    Examples
    --------
    >>> strings(2, seed=0)
    ['BPBPVPXTTTTVVEPE', 'BPBPVVEPE']
    """
    count = arguments.size("count", count)
    rng = common.generator(seed)
    return [_walk(rng) for _ in range(count)]


def batch(count, seed):
    """`count` strings of the embedded grammar as arrays.

    Parameters
    ----------
    count : int
    seed : int or numpy.random.Generator

    Returns
    -------
    Batch

    Raises
    ------
    ValueError
        If an argument is neither.
    """
    return encode(strings(count, seed))


def encode(strings):
    """Strings of the embedded grammar as arrays.

    Parameters
    ----------
    strings : list of str

    Returns
    -------
    Batch

    Raises
    ------
    ValueError
        If there is no string, or one that the grammar does not make.
    """
    a_list = isinstance(strings, (list, tuple)) and len(strings) > 0
    if not a_list or not all(isinstance(string, str) for string in strings):
        raise ValueError(f"strings: wanted a list of at least one string, got {strings!r}")
    states = [_states(string) for string in strings]
    N, T = len(strings), max(map(len, strings)) - 1
    x = np.zeros((N, T, len(SYMBOLS)))
    targets = np.zeros((N, T), int)
    legal = np.zeros((N, T, len(SYMBOLS)), bool)
    mask = np.zeros((N, T), bool)
    for n, string in enumerate(strings):
        places = [SYMBOLS.index(symbol) for symbol in string]
        steps = len(string) - 1
        x[n, range(steps), places[:-1]] = 1
        targets[n, :steps] = places[1:]
        mask[n, :steps] = True
        for t, state in enumerate(states[n][:steps]):
            legal[n, t, [SYMBOLS.index(symbol) for symbol in _GRAPH[state]]] = True
    return Batch(x, targets, legal, mask, tuple(strings))


def load(path):
    """Strings from a text file of your own, one a line; empty lines do not count.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there is no such file, no string in it, or one that the grammar does not make; says which line.
    """
    found = []
    for number, line in enumerate(common.read_text(path).splitlines(), 1):
        if line.strip():
            try:
                _states(line.strip())
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from None
            found.append(line.strip())
    if not found:
        raise ValueError(f"path: wanted a file with a string in each line, got {path}, which has none")
    return found


def score(outputs, batch):
    """How well outputs predict what the grammar allows.

    Parameters
    ----------
    outputs : (N, T, 7) array
        For each step a number for each symbol, the higher the likelier: logits, or probabilities.
    batch : Batch

    Returns
    -------
    Score

    Raises
    ------
    ValueError
        If the shape is not that of `batch.x`, or a number is not finite.
    """
    common.own_batch(batch, Batch)
    N, T, K = batch.x.shape
    outputs = arguments.array("outputs", outputs, N=N, T=T, K=K)
    lowest_legal = np.where(batch.legal, outputs, np.inf).min(axis=2)
    highest_other = np.where(batch.legal, -np.inf, outputs).max(axis=2)
    right = (lowest_legal > highest_other) | ~batch.mask  # a tie is not knowing
    # The last prediction of a string is the closing E, the one before it the second-to-last symbol.
    second_to_last = batch.mask.sum(axis=1) - 2
    return Score(
        strings=float(right.all(axis=1).mean()),
        long_range=float(right[np.arange(N), second_to_last].mean()),
    )


def _walk(rng):
    state, symbols = "start", []
    while _GRAPH[state]:
        choices = list(_GRAPH[state])
        symbols.append(choices[rng.integers(len(choices))] if len(choices) > 1 else choices[0])
        state = _GRAPH[state][symbols[-1]]
    return "".join(symbols)


def _states(string):
    """The state after each symbol of a string; a sentence where the grammar does not allow a symbol."""
    state, states = "start", []
    for place, symbol in enumerate(string):
        if symbol not in _GRAPH[state]:
            wanted = " or ".join(_GRAPH[state]) or "the end"
            raise ValueError(
                f"strings: wanted strings of the embedded Reber grammar, got {string!r}, "
                f"where after {string[:place]!r} comes {symbol!r} instead of {wanted}"
            )
        state = _GRAPH[state][symbol]
        states.append(state)
    if _GRAPH[state]:
        wanted = " or ".join(_GRAPH[state])
        raise ValueError(
            f"strings: wanted strings of the embedded Reber grammar, got {string!r}, "
            f"which ends where {wanted} must follow"
        )
    return states
