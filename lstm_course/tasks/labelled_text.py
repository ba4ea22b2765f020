"""Texts with a label, from your own CSV file, and words as numbers.

The file has a line of titles and two columns, such as

    text,label
    "Great seats, dreadful play.",against

No package of the requirements carries labelled English sentences that people wrote about something they judged, so the
lesson's texts are generated; this module is for yours.
"""

import re
from collections import Counter

import numpy as np

from ..scratch import arguments
from .series.csv_file import read_cells

PADDING, UNKNOWN = 0, 1  # the numbers of no word and of a word outside the vocabulary


def words(text):
    """The words and punctuation marks of a text, in small letters; ``n't`` becomes a word ``not``.

    Examples
    --------
    >>> words("It wasn't bad, was it?")
    ['it', 'was', 'not', 'bad', ',', 'was', 'it', '?']
    """
    text = text.lower().replace("’", "'").replace("won't", "will not").replace("can't", "can not")
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[.,!?;:]", text.replace("n't", " not"))


def vocabulary(texts, least=1):
    """The number of each word that occurs at least `least` times in some texts, from 2 on, the frequent ones first."""
    counts = Counter(word for text in texts for word in words(text))
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: k for k, word in enumerate((word for word in ordered if counts[word] >= least), start=2)}


def encode(texts, numbers, longest=None):
    """Texts as rows of numbers.

    Parameters
    ----------
    texts : sequence of str
    numbers : dict of str to int
        From `vocabulary`.
    longest : int, optional
        Longer texts lose their end.

    Returns
    -------
    ids : (N, T) array of int
        `UNKNOWN` for words outside the vocabulary, and `PADDING` after the end. A text without words is one
        `UNKNOWN`.
    mask : (N, T) array of bool
        True before the end.
    """
    rows = [[numbers.get(word, UNKNOWN) for word in words(text)][:longest] or [UNKNOWN] for text in texts]
    lengths = np.array([len(row) for row in rows])
    ids = np.full((len(rows), lengths.max()), PADDING)
    mask = np.arange(ids.shape[1]) < lengths[:, None]
    ids[mask] = np.concatenate(rows)
    return ids, mask


def read(path, text="text", label="label", least=10):
    """The texts and labels of a CSV file.

    Parameters
    ----------
    path : str or pathlib.Path
        A file in a usual encoding, with commas, semicolons or tabs, and a first line of titles.
    text, label : str
        The titles of the two columns.
    least : int
        How many texts there have to be.

    Returns
    -------
    texts : tuple of str
    labels : tuple of str
        Rows in which either is missing are left out.

    Raises
    ------
    ValueError
        If the file cannot be read, has no such columns, too few texts, or only one label. The sentence names it.
    """
    least, cells = arguments.size("least", least), read_cells(path)
    rows = [k for k in range(len(cells.sizes)) if cells.sizes[k]]
    titles = cells.row(rows[0]) if rows else []
    for wanted in (text, label):
        if wanted not in titles:
            raise ValueError(f"path: wanted a CSV file with a column {wanted!r}, got {path} with the columns {titles}")
    columns = titles.index(text), titles.index(label)
    pairs = [tuple(cells.text[k, column].strip() for column in columns) for k in rows[1:]]
    pairs = [pair for pair in pairs if all(pair)]
    if len(pairs) < least:
        raise ValueError(f"path: wanted at least {least} texts with a label, got {path} with {len(pairs)}")
    if len({label for _, label in pairs}) < 2:
        raise ValueError(f"path: wanted texts with at least two different labels, got {path} with one")
    texts, labels = zip(*pairs, strict=True)
    return texts, labels
