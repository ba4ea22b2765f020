"""What eight languages call the countries and languages of the world: tell the language of a name from its letters.

The names come with the package Babel, from the Unicode Common Locale Data Repository. They are written in small letters
without accents, so that no single sign gives a language away, and names that two of the languages share are left out.
"Deutschland" and "Niemcy" name the same thing, so words are split by what they name: a thing whose names are held out
is unknown in all eight languages. (Finnish calls some languages and countries by one word, such as "suomi"; such a word
stands in one part only.)

It has no batches of its own; `load` returns all words and `encode` numbers their letters.
"""

import re
import unicodedata
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

LANGUAGES = {
    "en": "English",
    "de": "German",
    "nl": "Dutch",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pl": "Polish",
    "fi": "Finnish",
}
CLASSES = tuple(LANGUAGES.values())
PADDING = "·"
SYMBOLS = PADDING + "abcdefghijklmnopqrstuvwxyz '-"  # a symbol's number is its place; 0 is the padding
SHORTEST, LONGEST = 3, 24  # letters
SHARES = (0.65, 0.15)  # of the things for training and for validation; the rest is held out
_LETTERS = {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "’": "'"}


class Words(NamedTuple):
    """Some names.

    Attributes
    ----------
    words : tuple of str
    classes : (N,) array of int
        The language of each, as its place in `CLASSES`.
    """

    words: tuple
    classes: np.ndarray


def load(seed=0):
    """All names, in three parts.

    Parameters
    ----------
    seed : int or numpy.random.Generator
        Decides which things belong to which part.

    Returns
    -------
    train, validation, held_out : Words

    Raises
    ------
    ModuleNotFoundError
        If the package Babel is not installed.

    Examples
    --------
    >>> train, validation, held_out = load()
    >>> len(train.words) > 2000, len(set(train.words) & set(held_out.words))
    (True, 0)
    """
    things = _things()
    languages = {}  # of each word
    for names in things.values():
        for k, name in names:
            languages.setdefault(name, set()).add(k)
    order = common.generator(seed).permutation(len(things))
    ends = [round(len(things) * share) for share in np.cumsum(SHARES)]
    keys, parts, used = sorted(things), [], set()
    for part in np.split(order, ends):
        rows = []
        for key in (keys[k] for k in part):
            rows += [(name, k) for k, name in things[key] if len(languages[name]) == 1 and name not in used]
            used |= {name for _, name in things[key]}
        parts.append(Words(tuple(name for name, _ in rows), np.array([k for _, k in rows])))
    return tuple(parts)


def plain(text):
    """A word in small letters without accents: ``plain("Österreich")`` is ``"osterreich"``."""
    text = "".join(_LETTERS.get(sign, sign) for sign in text.lower())
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def encode(words, length=None):
    """Words as numbers of symbols, padded with 0 at the end.

    Parameters
    ----------
    words : sequence of str
        Written with the letters of `SYMBOLS`; see `plain`.
    length : int, optional
        T, the number of columns; by default that of the longest word.

    Returns
    -------
    ids : (N, T) array of int
    lengths : (N,) array of int

    Raises
    ------
    ValueError
        If there are no words, or one is empty, too long, or has another letter.

    Examples
    --------
    >>> ids, lengths = encode(["abc", "a z"], length=4)
    >>> ids.tolist(), lengths.tolist()
    ([[1, 2, 3, 0], [1, 27, 26, 0]], [3, 3])
    """
    lengths = np.array([len(word) for word in words], int)
    if not len(lengths) or not lengths.all():
        raise ValueError("words: wanted at least one word and no empty one")
    T = int(lengths.max()) if length is None else arguments.whole("length", length, int(lengths.max()))
    ids = np.zeros((len(words), T), int)
    for row, word in zip(ids, words, strict=True):
        for t, letter in enumerate(word):
            row[t] = SYMBOLS.find(letter)
            if row[t] < 1:
                raise ValueError(f"words: wanted the letters {SYMBOLS[1:]!r}, got {letter!r} in {word!r}")
    return ids, lengths


def _things():
    """For each country and language, by its code, pairs of a language's place and its name in that language."""
    Locale, things = common.installed("babel", "babel").Locale, {}
    for k, code in enumerate(LANGUAGES):
        locale = Locale(code)
        for kind, names in (("country", locale.territories), ("language", locale.languages)):
            for thing, name in names.items():
                name = plain(name)
                if re.fullmatch(rf"[a-z '-]{{{SHORTEST},{LONGEST}}}", name):
                    things.setdefault((kind, thing), []).append((k, name))
    return things
