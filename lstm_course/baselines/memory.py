"""A memory of one sequence: it looks for earlier occurrences of the last few symbols, and predicts what followed them.

It knows nothing at the beginning of a sequence, and learns from that sequence alone. Mixed with a model that was
trained on many sequences, it is what Kuhn and De Mori (1990) called a cache.
"""

import numpy as np

from ..scratch import arguments


class Memory:
    """Predictions from the part of the present sequence that has been read, with Witten-Bell smoothing as in `NGram`.

    Parameters
    ----------
    symbols : int
        K, the number of different symbols, which are the numbers from 0.
    order : int
        The longest n-gram: it looks for the last `order` - 1 symbols.
    weight : float
        As in `NGram`.

    Examples
    --------
    >>> memory = Memory(3, order=3, weight=0.5).read([0, 1, 2, 0, 1])
    >>> memory.probabilities().round(2).tolist(), memory.match
    ([0.04, 0.04, 0.91], 2)
    """

    def __init__(self, symbols, order=6, weight=0.5):
        self.symbols, self.order = arguments.size("symbols", symbols), arguments.size("order", order)
        self.weight = arguments.positive("weight", weight)
        self._after, self._past = {}, []

    def read(self, sequence):
        """Read on: `sequence` continues what was read before. Returns the memory itself."""
        for symbol in arguments.integers("sequence", sequence, self.symbols, T=None).tolist() if len(sequence) else ():
            for history in self._histories():
                counts = self._after.setdefault(history, {})
                counts[symbol] = counts.get(symbol, 0) + 1
            self._past.append(symbol)
        return self

    @property
    def match(self):
        """How many of the last symbols have occurred before in this order; at most `order` - 1."""
        return max(0, sum(history in self._after for history in self._histories()) - 1)

    def probabilities(self):
        """The probability of each symbol to come next: (K,) array."""
        p = np.full(self.symbols, 1 / self.symbols)
        for history in self._histories():
            counts = self._after.get(history)
            if counts is None:
                break
            total, kinds = sum(counts.values()), self.weight * len(counts)
            p = p * (kinds / (total + kinds))
            for symbol, count in counts.items():
                p[symbol] += count / (total + kinds)
        return p

    def _histories(self):
        for length in range(min(self.order - 1, len(self._past)) + 1):
            yield tuple(self._past[len(self._past) - length :])


def remembered(sequence, **settings):
    """The probability that a `Memory` gives to each symbol of a sequence after the first, from those before it.

    Parameters
    ----------
    sequence : sequence of int
    **settings
        Of the `Memory`.

    Returns
    -------
    p : (T - 1,) array
    match : (T - 1,) array of int
    """
    memory, p, match = Memory(**settings).read(sequence[:1]), [], []
    for symbol in sequence[1:]:
        p.append(memory.probabilities()[symbol])
        match.append(memory.match)
        memory.read([symbol])
    return np.array(p), np.array(match)


class Mixture:
    """A weighted mean of several models' probabilities, with weights that depend on a number such as the match.

    Parameters
    ----------
    rounds : int
        Rounds of expectation maximisation, which finds the weights.

    Attributes
    ----------
    weights : (L, M) array
        For each of L matches, the share of each of M models; each row sums to one. Set by `fit`.
    """

    def __init__(self, rounds=60):
        self.rounds, self.weights = arguments.size("rounds", rounds), None

    def fit(self, p, match):
        """Find the weights that make the symbols likeliest, on data that no model was trained on.

        Parameters
        ----------
        p : (n, M) array
            The probability that each model gave to each of n symbols.
        match : (n,) array of int
            From 0.

        Returns
        -------
        Mixture
        """
        p = arguments.array("p", p, n=None, M=None)
        self.weights = np.full((int(np.max(match)) + 1, p.shape[1]), 1 / p.shape[1])
        for _ in range(self.rounds):
            shares = self.weights[match] * p
            shares /= shares.sum(axis=1, keepdims=True)
            for k in np.unique(match):
                self.weights[k] = shares[match == k].mean(axis=0)
        return self

    def mix(self, p, match):
        """The mixed probabilities: (n,) for p (n, M)."""
        return (self.weights[np.minimum(match, len(self.weights) - 1)] * p).sum(axis=1)
