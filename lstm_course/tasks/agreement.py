"""A small language in which a verb must agree with a subject far back.

    the pilot near the old boats that the farmers like is late .

Between the subject and its verb stand other nouns, the distractors. Each is introduced by a preposition ("near the old
boats") or has a clause of its own with a verb of its own ("that the farmers like"), which agrees with it. The language
is made up so that the number of distractors can be controlled; in real text, most verbs follow their subject at once.

It has no batches of its own; `sentences` returns arrays, and `accuracy` compares the two forms of the main verb.
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

NOUNS = (
    "actor baker boat cousin farmer friend garden guest horse letter pilot queen sailor servant ship stranger "
    "teacher tower"
).split()
ADJECTIVES = "big clever green lonely new old quiet tired".split()
PREPOSITIONS = "above behind beside from near of under with".split()
VERBS = (("is", "are"), ("was", "were"), ("has", "have"), ("stays", "stay"), ("looks", "look"))
OTHER_VERBS = (("hears", "hear"), ("likes", "like"), ("meets", "meet"), ("sees", "see"))
ENDS = "away early here late lost ready".split()
WORDS = (
    "|",  # begins a sentence, and is the padding
    ".",
    "the",
    "that",
    *NOUNS,
    *(noun + "s" for noun in NOUNS),
    *ADJECTIVES,
    *PREPOSITIONS,
    *(form for pair in VERBS + OTHER_VERBS for form in pair),
    *ENDS,
)
_NUMBERS = {word: k for k, word in enumerate(WORDS)}


class Sentences(NamedTuple):
    """Some sentences.

    Attributes
    ----------
    x : (N, T) array of int
        The words as their places in `WORDS`; each sentence begins with 0 and is padded with 0.
    verb : (N,) array of int
        The column of the main verb.
    right, wrong : (N,) array of int
        The form of the verb that agrees with the subject, which is the word at `verb`, and the other form.
    """

    x: np.ndarray
    verb: np.ndarray
    right: np.ndarray
    wrong: np.ndarray


def sentences(count, distractors, seed, hard=False):
    """Random sentences.

    Parameters
    ----------
    count : int
    distractors : int or sequence of int
        The number of nouns between the subject and its verb; for each sentence one of a sequence is drawn.
    seed : int or numpy.random.Generator
    hard : bool
        Whether all distractors have the other number than the subject. Otherwise each has a number of its own.

    Returns
    -------
    Sentences

    Examples
    --------
    >>> made = sentences(1, 2, seed=3, hard=True)
    >>> text_of(made.x[0])
    'the big cousins under the green guest beside the boat are away .'
    """
    count, rng = arguments.size("count", count), common.generator(seed)
    choices = [arguments.whole("distractors", k, 0) for k in np.atleast_1d(distractors).tolist()]
    rows = [_sentence(rng, choices[rng.integers(len(choices))], hard) for _ in range(count)]
    x = np.zeros((count, max(len(words) for words, *_ in rows)), dtype=int)
    for row, (words, *_) in zip(x, rows, strict=True):
        row[: len(words)] = [_NUMBERS[word] for word in words]
    verbs = np.array([[at, _NUMBERS[pair[plural]], _NUMBERS[pair[not plural]]] for _, at, pair, plural in rows])
    return Sentences(x, *verbs.T)


def text_of(row):
    """The words of one row of `Sentences.x`."""
    return " ".join(WORDS[k] for k in row if k)


def accuracy(scores, made):
    """The share of sentences in which the right form of the verb has the higher score.

    Parameters
    ----------
    scores : (N, words) array
        Logits or probabilities of the word that comes where the verb is.
    made : Sentences

    Returns
    -------
    float
        A tie counts as half; guessing is right in half of the sentences.
    """
    scores = arguments.array("scores", scores, N=len(made.x), K=len(WORDS))
    rows = np.arange(len(made.x))
    ahead = scores[rows, made.right] - scores[rows, made.wrong]
    return float((np.sign(ahead).mean() + 1) / 2)


def _sentence(rng, distractors, hard):
    """The words, the place of the main verb, its two forms, and whether the subject is a plural."""
    plural = bool(rng.integers(2))
    words = ["|", *_phrase(rng, plural)]
    for _ in range(distractors):
        other = not plural if hard else bool(rng.integers(2))
        if rng.random() < 0.6:
            words += [_one(rng, PREPOSITIONS), *_phrase(rng, other)]
        else:
            words += ["that", *_phrase(rng, other), _one(rng, OTHER_VERBS)[other]]
    pair, at = _one(rng, VERBS), len(words)
    return [*words, pair[plural], _one(rng, ENDS), "."], at, pair, plural


def _phrase(rng, plural):
    adjective = [_one(rng, ADJECTIVES)] if rng.random() < 0.4 else []
    return ["the", *adjective, _one(rng, NOUNS) + "s" * plural]


def _one(rng, of):
    return of[rng.integers(len(of))]
