"""Predicting a symbol from the few before it, by counting: n-grams."""

import sys
from collections import Counter
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from ..tasks.common import generator


class LogLoss(NamedTuple):
    """The mean of -log p over symbols, where p is the probability that a model gave to the one that came."""

    bits: float
    nats: float


class NGram:
    """How likely each symbol is after the `order` - 1 before it, by counting, with Witten-Bell smoothing.

        p(w | h) = (count(h w) + kinds(h) p(w | h')) / (count(h) + kinds(h))

    count(h w) says how often the symbol w came after the history h, count(h) how often any symbol did, kinds(h)
    how many different ones; h' is h without its oldest symbol. The more kinds of symbols came after h, the
    likelier is yet another kind, and the more weight has the shorter history. Before the empty history stands
    1 / K for each of the K symbols there are. Method C of Witten and Bell (1991), interpolated.

    Parameters
    ----------
    order : int
        The length of what is counted: 1 counts single symbols, 2 pairs, 3 triples.
    alphabet : str, or sequence of int, optional
        All K symbols there are; those that `fit` sees where not given.

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

    def __init__(self, order, alphabet=None):
        self.order = arguments.size("order", order)
        self.alphabet = None
        self._of_text = isinstance(alphabet, str)
        self._known = None if alphabet is None else _text("alphabet", alphabet, self._of_text)

    def fit(self, sequences):
        """Count. No history reaches back over the beginning of a sequence.

        Parameters
        ----------
        sequences : list of str, or list of sequences of int
            Numbers are counted from 0. For a text file of your own, ``[tasks.common.read_text(path)]``.

        Returns
        -------
        NGram
            This one; what it counted before is forgotten.

        Raises
        ------
        ValueError
            If there is no sequence, or one that is empty, of another kind, or has a symbol that the alphabet
            does not have.
        """
        sequences = _sequences(sequences)
        of_text = isinstance(sequences[0], str) if self._known is None else self._of_text
        texts = [_text(f"sequences[{k}]", one, of_text, self._known) for k, one in enumerate(sequences)]
        counts = Counter()
        for text in texts:
            for length in range(1, self.order + 1):
                counts.update(text[t : t + length] for t in range(len(text) - length + 1))
        self._counts, self._seen, self._kinds = counts, Counter(), Counter()
        for gram, count in counts.items():
            self._seen[gram[:-1]] += count
            self._kinds[gram[:-1]] += 1
        self._of_text, self._letters = of_text, "".join(sorted(set(self._known or "".join(texts))))
        self.alphabet = self._letters if of_text else [ord(letter) for letter in self._letters]
        return self

    def probabilities(self, history):
        """How likely each symbol is to come next.

        Parameters
        ----------
        history : str, or sequence of int
            What came before; it may be empty, and only its last `order` - 1 symbols matter.

        Returns
        -------
        (K,) array
            Above zero, with a sum of one; in the order of `alphabet`.

        Raises
        ------
        ValueError
            If `history` is of another kind than what was fitted, or has a symbol not in the alphabet.
        RuntimeError
            If nothing has been fitted.
        """
        self._fitted("probabilities")
        if isinstance(history, np.ndarray):
            history = history.tolist()
        empty = isinstance(history, (str, list, tuple)) and not history
        text = "" if empty else self._own("history", history)
        return np.array(self._smoothed(text, len(text), self._letters))

    def log_loss(self, sequences):
        """How badly the symbols of other sequences are predicted.

        Parameters
        ----------
        sequences : list of str, or list of sequences of int

        Returns
        -------
        LogLoss
            A symbol, in the mean over all symbols of all sequences.

        Raises
        ------
        ValueError, RuntimeError
            As in `probabilities`.
        """
        self._fitted("log_loss")
        texts = [self._own(f"sequences[{k}]", one) for k, one in enumerate(_sequences(sequences))]
        p = [self._smoothed(text, t, text[t])[0] for text in texts for t in range(len(text))]
        nats = -float(np.log(p).mean())
        return LogLoss(bits=nats / float(np.log(2)), nats=nats)

    def sample(self, length, seed):
        """A sequence drawn symbol by symbol, from the empty history.

        Parameters
        ----------
        length : int
        seed : int or numpy.random.Generator

        Returns
        -------
        str, or (length,) array of int
            Of the kind that was fitted.

        Raises
        ------
        ValueError
            If an argument is not as described.
        RuntimeError
            If nothing has been fitted.
        """
        self._fitted("sample")
        length, rng, text = arguments.size("length", length), generator(seed), ""
        for t in range(length):
            text += self._letters[rng.choice(len(self._letters), p=self._smoothed(text, t, self._letters))]
        return text if self._of_text else np.array([ord(letter) for letter in text])

    def _smoothed(self, text, t, symbols):
        """The probability of each of `symbols` as number `t` of `text`: the formula, from the shortest history on."""
        p = [1 / len(self._letters)] * len(symbols)
        for length in range(min(t, self.order - 1) + 1):
            history = text[t - length : t]
            count, kinds = self._seen[history], self._kinds[history]
            if not count:
                break  # a history that never came is part of no longer one that did
            p = [
                (self._counts[history + symbol] + kinds * shorter) / (count + kinds)
                for symbol, shorter in zip(symbols, p, strict=True)
            ]
        return p

    def _own(self, name, sequence):
        return _text(name, sequence, self._of_text, self._letters)

    def _fitted(self, name):
        if self.alphabet is None:
            raise RuntimeError(f"{name}: the model has not been fitted yet; call fit(sequences) first")


def _sequences(sequences):
    if isinstance(sequences, np.ndarray):
        sequences = sequences.tolist()
    if not isinstance(sequences, (list, tuple)) or not sequences:
        came = "an empty one" if isinstance(sequences, (list, tuple)) else type(sequences).__name__
        raise ValueError(f"sequences: wanted a list of at least one sequence, got {came}")
    return sequences


def _text(name, sequence, of_text, letters=None):
    """A sequence as a string: as it is, or each whole number as the character of that number.

    A string is quickly cut into histories, and a history quickly found among those that were counted.
    """
    if isinstance(sequence, str) != of_text:
        wanted, came = ("a string", type(sequence).__name__) if of_text else ("whole numbers", "a string")
        raise ValueError(f"{name}: wanted {wanted}, as before, got {came}")
    if not of_text:
        numbers = arguments.integers(name, sequence, sys.maxunicode + 1, T=None)
        sequence = "".join(map(chr, numbers.tolist()))
    if not sequence:
        raise ValueError(f"{name}: wanted at least one symbol, got none")
    if letters is not None and not set(sequence) <= set(letters):
        other = min(set(sequence) - set(letters))
        raise ValueError(f"{name}: wanted symbols of the alphabet, got {other if of_text else ord(other)!r}")
    return sequence
