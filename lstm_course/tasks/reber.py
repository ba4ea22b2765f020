"""The embedded Reber grammar: predict the next symbol, and remember the second one until the end.

The grammar (Reber 1967) is a graph. Follow its arrows, take each branch of a fork with probability 1/2, and write down
the symbols: the result is a string such as BTSSXXTVVE. The X that leaves state 4 leads to state 3. ::

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

The embedded form (Cleeremans, Servan-Schreiber and McClelland 1989; Fahlman 1991) puts such a string between two equal
symbols, both T or both P::

            +-- T --> [a Reber string] -- T --+
    -- B -->|                                 |--> E -->
            +-- P --> [a Reber string] -- P --+

At each step a network sees one symbol and predicts which may come next. Within the Reber string that depends on the
last few symbols. Near the end it depends on the second symbol of all, which has to be kept across a string of five or
more. Hochreiter and Schmidhuber (1997) open their experiments with this task.

A string counts as right if, at every step, the symbols that the grammar allows have the highest outputs: the highest
one where one symbol is allowed, the highest two where two are. The long-range share covers only the prediction of the
second-to-last symbol. A model that knows the whole grammar, but not the second symbol, guesses there and is right in
half of the strings: `TRIVIAL`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

SYMBOLS = "BTPSXVE"

# The Reber grammar: for each state the symbols that may follow and the state to which each leads; None is the end.
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
    """How well a network predicts; both shares lie between 0 and 1."""

    strings: float  # share of strings in which every step is right
    long_range: float  # share of strings in which the second-to-last symbol is right


TRIVIAL = Score(strings=0.5, long_range=0.5)


@dataclass(frozen=True, eq=False)
class Batch:
    """Strings as arrays; T is the length of the longest string minus one, because nothing follows its last symbol.

    Attributes
    ----------
    x : (N, T, 7) array
        The symbol of each step, one-hot, in the order of `SYMBOLS`; zero after the end of a string.
    targets : (N, T) array of int
        The next symbol, as its index in `SYMBOLS`; 0 after the end.
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
    """The embedded grammar as a graph.

    Returns
    -------
    dict of str to dict of str to str
        For each state the symbols that may follow, each with the state it leads to. A walk begins in ``"start"`` and
        stops in ``"end"``, from which nothing follows. ``"T2"`` is state 2 of the Reber grammar in the branch that
        began with T.
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
    """A list of `count` strings of the embedded grammar; see `lstm_course.tasks` for the arguments.

    Examples
    --------
    >>> strings(2, seed=0)
    ['BPBPVPXTTTTVVEPE', 'BPBPVVEPE']
    """
    count, rng = arguments.size("count", count), common.generator(seed)
    return [_walk(rng) for _ in range(count)]


def batch(count, seed):
    """A `Batch` of `count` strings of the embedded grammar; see `lstm_course.tasks` for the arguments."""
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
        If the list is empty, or the grammar does not generate one of the strings.
    """
    a_list = isinstance(strings, (list, tuple)) and len(strings) > 0
    if not a_list or not all(isinstance(string, str) for string in strings):
        raise ValueError(f"strings: wanted a list of at least one string, got {strings!r}")
    states = [_states(string) for string in strings]
    N, T, K = len(strings), max(map(len, strings)) - 1, len(SYMBOLS)
    targets, mask = np.zeros((N, T), int), np.zeros((N, T), bool)
    x, legal = np.zeros((N, T, K)), np.zeros((N, T, K), bool)
    for n, string in enumerate(strings):
        steps = len(string) - 1
        indices = [SYMBOLS.index(symbol) for symbol in string]
        x[n, range(steps), indices[:-1]] = 1
        targets[n, :steps], mask[n, :steps] = indices[1:], True
        for t, state in enumerate(states[n][:-1]):
            legal[n, t, [SYMBOLS.index(symbol) for symbol in _GRAPH[state]]] = True
    return Batch(x, targets, legal, mask, tuple(strings))


def load(path):
    """Strings from a text file of your own, one per line; empty lines are skipped.

    Parameters
    ----------
    path : str or pathlib.Path

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        If there is no such file, if it has no strings, or if the grammar does not generate one of them; the message
        names the line.
    """
    strings = []
    for number, line in enumerate(common.read_text(path).splitlines(), 1):
        if line.strip():
            try:
                _states(line.strip())
            except ValueError as error:
                raise ValueError(f"{path}, line {number}: {error}") from None
            strings.append(line.strip())
    if not strings:
        raise ValueError(f"path: wanted a file with a string in each line, got {path}, which has none")
    return strings


def score(outputs, batch):
    """The `Score` of outputs (N, T, 7): at each step a number for each symbol, the higher the likelier."""
    common.own_batch(batch, Batch)
    N, T, K = batch.x.shape
    outputs = arguments.array("outputs", outputs, N=N, T=T, K=K)
    lowest_legal = np.where(batch.legal, outputs, np.inf).min(axis=2)
    highest_other = np.where(batch.legal, -np.inf, outputs).max(axis=2)
    right = (lowest_legal > highest_other) | ~batch.mask  # a tie counts as wrong
    # The last prediction of a string is the closing E, and the one before it the second-to-last symbol.
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
    """The state after each symbol of a string, which is refused if the grammar does not generate it."""
    state, states = "start", []
    for index, symbol in enumerate(string):
        if symbol not in _GRAPH[state]:
            wanted = " or ".join(_GRAPH[state]) or "the end"
            raise _refusal(string, f"where after {string[:index]!r} comes {symbol!r} instead of {wanted}")
        state = _GRAPH[state][symbol]
        states.append(state)
    if _GRAPH[state]:
        raise _refusal(string, f"which ends where {' or '.join(_GRAPH[state])} must follow")
    return states


def _refusal(string, reason):
    return ValueError(f"strings: wanted strings of the embedded Reber grammar, got {string!r}, {reason}")
