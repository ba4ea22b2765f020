"""N-grams: predicting a symbol from the few before it, by counting."""

import sys
from collections import Counter
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from ..tasks.common import generator


class LogLoss(NamedTuple):
    """The mean of -log p per symbol, where p is the probability that the model gave to the symbol that followed."""

    bits: float
    nats: float


class NGram:
    """Probabilities of the next symbol given the `order` - 1 before it, from counts with Witten-Bell smoothing.

        p(w | h) = (count(h w) + a kinds(h) p(w | h')) / (count(h) + a kinds(h))

    count(h w) is how often the symbol w followed the history h, count(h) how often any symbol did, and kinds(h) how
    many different symbols did; h' is h without its oldest symbol. The more kinds of symbols have followed h, the more
    likely is yet another one, and the more weight the shorter history gets. For the empty history, p(w | h') is 1 / K
    for each of the K symbols. With a = 1, this is method C of Witten and Bell (1991), interpolated.

    Parameters
    ----------
    order : int
        Length of the n-grams: 1 counts single symbols, 2 pairs, 3 triples.
    alphabet : str, or sequence of int, optional
        All K symbols; by default those that `fit` sees.
    weight : float
        The number a in the formula, above 0: how much the shorter histories count. Tune it on validation text.

    Attributes
    ----------
    alphabet : str, or list of int
        The symbols in the order of `probabilities`; None before `fit`.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> model = NGram(2).fit(["abracadabra"])
    >>> model.alphabet, model.probabilities("a").round(2).tolist()
    ('abcdr', [0.16, 0.37, 0.2, 0.2, 0.08])
    """

    def __init__(self, order, alphabet=None, weight=1.0):
        self.order = arguments.size("order", order)
        self.weight = arguments.positive("weight", weight)
        self.alphabet = None
        self._of_text = isinstance(alphabet, str)
        self._known = None if alphabet is None else _text("alphabet", alphabet, self._of_text)

    def fit(self, sequences):
        """Count the n-grams. No history reaches back across the beginning of a sequence.

        Parameters
        ----------
        sequences : list of str, or list of sequences of int
            Numbers start at 0. For a text file of your own, use ``[tasks.common.read_text(path)]``.

        Returns
        -------
        NGram
            The model itself; earlier counts are discarded.

        Raises
        ------
        ValueError
            If there is no sequence, or a sequence is empty, of another kind, or has a symbol outside the alphabet.
        """
        sequences = _sequences(sequences)
        of_text = isinstance(sequences[0], str) if self._known is None else self._of_text
        texts = [_text(f"sequences[{k}]", sequence, of_text, self._known) for k, sequence in enumerate(sequences)]
        counts = Counter()
        for text in texts:
            for length in range(1, self.order + 1):
                counts.update(text[t : t + length] for t in range(len(text) - length + 1))
        self._counts, self._totals, self._kinds = counts, Counter(), Counter()
        for gram, count in counts.items():
            self._totals[gram[:-1]] += count
            self._kinds[gram[:-1]] += 1
        self._of_text, self._letters = of_text, "".join(sorted(set(self._known or "".join(texts))))
        self.alphabet = self._letters if of_text else [ord(letter) for letter in self._letters]
        return self

    def probabilities(self, history):
        """The probability of each symbol to come next.

        Parameters
        ----------
        history : str, or sequence of int
            The symbols before; it may be empty, and only its last `order` - 1 symbols matter.

        Returns
        -------
        (K,) array
            In the order of `alphabet`; all positive, with a sum of one.

        Raises
        ------
        ValueError
            If `history` is of another kind than the fitted sequences, or has a symbol outside the alphabet.
        RuntimeError
            If `fit` has not been called.
        """
        self._check_fitted("probabilities")
        if isinstance(history, np.ndarray):
            history = history.tolist()
        empty = isinstance(history, (str, list, tuple)) and not history
        text = "" if empty else self._own_text("history", history)
        return np.array(self._smoothed(text, len(text), self._letters))

    def log_loss(self, sequences):
        """The mean log loss of the model on other sequences.

        Parameters
        ----------
        sequences : list of str, or list of sequences of int

        Returns
        -------
        LogLoss
            Per symbol, averaged over all symbols of all sequences.

        Raises
        ------
        ValueError, RuntimeError
            As in `probabilities`.
        """
        self._check_fitted("log_loss")
        texts = [self._own_text(f"sequences[{k}]", sequence) for k, sequence in enumerate(_sequences(sequences))]
        nats = -float(np.log(np.concatenate([self._of_each(text) for text in texts])).mean())
        return LogLoss(bits=nats / float(np.log(2)), nats=nats)

    def of_each(self, sequence):
        """The probability that the model gives to each symbol of a sequence, from those before it: (T,) array.

        Raises
        ------
        ValueError, RuntimeError
            As in `probabilities`.
        """
        self._check_fitted("of_each")
        return self._of_each(self._own_text("sequence", sequence))

    def sample(self, length, seed):
        """A sequence drawn symbol by symbol, from the empty history.

        Parameters
        ----------
        length : int
        seed : int or numpy.random.Generator

        Returns
        -------
        str, or (length,) array of int
            Of the kind of the fitted sequences.

        Raises
        ------
        ValueError
            If an argument is not as described.
        RuntimeError
            If `fit` has not been called.
        """
        self._check_fitted("sample")
        length, rng, text = arguments.size("length", length), generator(seed), ""
        for t in range(length):
            text += self._letters[rng.choice(len(self._letters), p=self._smoothed(text, t, self._letters))]
        return text if self._of_text else np.array([ord(letter) for letter in text])

    def _smoothed(self, text, t, symbols):
        """The probability of each of `symbols` at position `t` of `text`, by the formula."""
        p = [1 / len(self._letters)] * len(symbols)
        for length in range(min(t, self.order - 1) + 1):
            history = text[t - length : t]
            count, kinds = self._totals[history], self.weight * self._kinds[history]
            if not count:
                break  # if this history never occurred, no longer one did
            p = [
                (self._counts[history + symbol] + kinds * shorter) / (count + kinds)
                for symbol, shorter in zip(symbols, p, strict=True)
            ]
        return p

    def _of_each(self, text):
        return np.array([self._smoothed(text, t, text[t])[0] for t in range(len(text))])

    def _own_text(self, name, sequence):
        return _text(name, sequence, self._of_text, self._letters)

    def _check_fitted(self, name):
        if self.alphabet is None:
            raise RuntimeError(f"{name}: the model has not been fitted yet; call fit(sequences) first")


def _sequences(sequences):
    if isinstance(sequences, np.ndarray):
        sequences = sequences.tolist()
    if not isinstance(sequences, (list, tuple)) or not sequences:
        given = "an empty one" if isinstance(sequences, (list, tuple)) else type(sequences).__name__
        raise ValueError(f"sequences: wanted a list of at least one sequence, got {given}")
    return sequences


def _text(name, sequence, of_text, letters=None):
    """A sequence as a string: unchanged, or with each whole number as the character of that code.

    Histories are cut from a string, and looked up among the counts, faster than from other sequences.
    """
    if isinstance(sequence, str) != of_text:
        wanted, given = ("a string", type(sequence).__name__) if of_text else ("whole numbers", "a string")
        raise ValueError(f"{name}: wanted {wanted}, as before, got {given}")
    if not of_text:
        numbers = arguments.integers(name, sequence, sys.maxunicode + 1, T=None)
        sequence = "".join(map(chr, numbers.tolist()))
    if not sequence:
        raise ValueError(f"{name}: wanted at least one symbol, got none")
    if letters is not None and not set(sequence) <= set(letters):
        other = min(set(sequence) - set(letters))
        raise ValueError(f"{name}: wanted symbols of the alphabet, got {other if of_text else ord(other)!r}")
    return sequence
