"""Source code as a set of numbers, one for each run of neighbouring tokens, so that notebooks compare as sets."""

import builtins
import keyword
import re

import numpy as np

RUN = 5  # tokens in a run
RUN_WITHOUT_NAMES = 20  # longer, because less is left that distinguishes them
RUN_OF_WORDS = 4  # words of a comment or a string
MOST_CHARACTERS = 50_000  # of one cell; nobody writes more by hand, and no cell should delay the others
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))  # names that the author does not choose
WORD = re.compile(r"\w+")
# Unlike Python's own tokenizer, this one accepts code with syntax errors and is the same in every version. A string
# that is not closed extends to the end of its line or cell, so that there is no backtracking, however long it is.
TOKEN = re.compile(
    r"""
    \#.*
    | (?i:[bfru]{0,2}) (?: \"{3} (?: [\s\S]*?\"{3} | [\s\S]* ) | '{3} (?: [\s\S]*?'{3} | [\s\S]* )
                       | "(?: \\[\s\S] | [^"\\\n] )*+"? | '(?: \\[\s\S] | [^'\\\n] )*+'? )
    | [^\W\d]\w*
    | (?: \d[\d_]*\.?[\d_]* | \.\d[\d_]* ) (?: [eE][+-]?\d+ )?
    | \*\*=? | //=? | -> | :=| [-+*/%@&|^<>=!]= | [^\w\s\\]
    """,
    re.VERBOSE,
)


class CellRuns:
    """The runs of one cell.

    Parameters
    ----------
    name : str
        Name of the question or of the cell.
    source : str
        May have syntax errors. Everything after 50,000 characters is ignored.
    vocabulary : dict
        Numbers for tokens, shared by all cells that are to be compared; new tokens are added to it.

    Attributes
    ----------
    tokens : numpy.ndarray of uint64, shape (tokens,)
        The code without comments, layout and the words of longer strings.
    written : numpy.ndarray of uint64
        The distinct runs of these tokens, and of the words in comments and strings.
    renamed : numpy.ndarray of uint64
        The distinct runs of these tokens in which the names that the author chose are replaced, so that they do not
        depend on the names. Comments and strings are left out.
    """

    def __init__(self, name, source, vocabulary):
        self.name = name
        tokens, texts = _tokens_and_texts(source[:MOST_CHARACTERS])
        self.tokens = _numbers([token for token, _ in tokens], vocabulary)
        chosen = np.array([chosen for _, chosen in tokens], dtype=bool)
        self.written = np.unique(np.concatenate([_runs(self.tokens, RUN), *_runs_of_words(texts, vocabulary)]))
        self.renamed = np.unique(_runs_without_names(self.tokens, chosen))


def _tokens_and_texts(source):
    """The code as pairs of a token and whether it is a chosen name; comments and strings as lists of words."""
    tokens, texts, previous = [], [], ""
    for token in TOKEN.findall(source):
        chosen = False
        if token[0] == "#":
            texts.append(WORD.findall(token.lower()))
            continue
        if token.isidentifier():
            chosen = previous != "." and token not in KEPT
        elif token[0].isdecimal() or token[0] == "." and len(token) > 1:
            token = repr(float(token.replace("_", "")))  # the same for 0.50 and .5
        elif '"' in token or "'" in token:
            words = WORD.findall(token.lower().lstrip("bfru"))
            token = repr(" ".join(words)) if len(words) <= 2 else "a text"
            if len(words) > 2:
                texts.append(words)
        tokens.append((token, chosen))
        previous = token
    return tokens, texts


def _numbers(values, vocabulary):
    numbers = [vocabulary.setdefault(value, len(vocabulary)) for value in values]
    return np.array(numbers, dtype=np.uint64)


def _runs(numbers, length):
    """A number for each run of `length` neighbouring tokens."""
    return _mixed([numbers[k : len(numbers) - length + 1 + k] for k in range(length)] if len(numbers) >= length else [])


def _runs_of_words(texts, vocabulary):
    """The runs of each text; a short text is one run, and a single word is ignored because it says nothing."""
    for words in texts:
        if len(words) > 1:
            yield _runs(_numbers([("word", word) for word in words], vocabulary), min(len(words), RUN_OF_WORDS))


def _runs_without_names(tokens, chosen):
    """Runs in which each chosen name is replaced by the distance to its previous occurrence within the run, or 0."""
    length, back, last = RUN_WITHOUT_NAMES, np.zeros(len(tokens), dtype=np.uint64), {}
    for index in np.flatnonzero(chosen).tolist():
        name = int(tokens[index])
        back[index] = index - last.get(name, index - length)
        last[name] = index
    kept = np.where(chosen, np.uint64(2**32), tokens)  # larger than any number in the vocabulary
    count = len(tokens) - length + 1
    if count < 1:
        return _mixed([])
    within = [np.where(back[k : count + k] <= k, back[k : count + k], np.uint64(0)) for k in range(length)]
    return _mixed([kept[k : count + k] + within[k] for k in range(length)])


def _mixed(columns):
    """A hash of each row of the columns; different rows have the same hash only by an unlikely chance."""
    mixed = np.full(len(columns[0]) if columns else 0, len(columns), dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed
