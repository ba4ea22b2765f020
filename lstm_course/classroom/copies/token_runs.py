"""Source code as runs of a few neighbouring tokens, each a number: what two notebooks have in common is then a set."""

import builtins
import keyword
import re

import numpy as np

RUN = 5  # tokens in a run
RUN_WITHOUT_NAMES = 20  # more, since less is left to tell one from another
RUN_OF_WORDS = 4  # of a comment or a text
MOST_CHARACTERS = 50_000  # of one cell; nobody writes more by hand, and nobody should make the others wait
KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))  # names that nobody chooses
WORD = re.compile(r"\w+")
# Not Python's own tokenizer: this one takes apart what has syntax errors too, and is the same in every version. A text
# without an end goes to the end of its line or cell, so that there is nothing to try again, however long it is.
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
    """One cell, taken apart.

    Parameters
    ----------
    name : str
        Of the question, or of the cell.
    source : str
        Also one with syntax errors. What goes beyond 50,000 characters is left out.
    vocabulary : dict
        Shared by all cells that are to be compared; filled.

    Attributes
    ----------
    tokens : numpy.ndarray of uint64, shape (tokens,)
        The code without its comments, its layout and the words of its longer texts.
    written : numpy.ndarray of uint64
        Runs of these tokens, and runs of words in comments and texts; each once.
    renamed : numpy.ndarray of uint64
        Runs of these tokens with all names that one chooses taken for one another, so that they are the same
        whatever the names; comments and texts left out.
    """

    def __init__(self, name, source, vocabulary):
        self.name = name
        tokens, texts = _taken_apart(source[:MOST_CHARACTERS])
        self.tokens = _numbers([token for token, _ in tokens], vocabulary)
        chosen = np.array([chosen for _, chosen in tokens], dtype=bool)
        self.written = np.unique(np.concatenate([_runs(self.tokens, RUN), *_runs_of_words(texts, vocabulary)]))
        self.renamed = np.unique(_runs_without_names(self.tokens, chosen))


def _taken_apart(source):
    """The code as pairs of a token and whether it is a name to choose; comments and texts as lists of words."""
    tokens, texts, before = [], [], ""
    for token in TOKEN.findall(source):
        chosen = False
        if token[0] == "#":
            texts.append(WORD.findall(token.lower()))
            continue
        if token.isidentifier():
            chosen = before != "." and token not in KEPT
        elif token[0].isdecimal() or token[0] == "." and len(token) > 1:
            token = repr(float(token.replace("_", "")))  # the same for 0.50 and .5
        elif '"' in token or "'" in token:
            words = WORD.findall(token.lower().lstrip("bfru"))
            token = repr(" ".join(words)) if len(words) <= 2 else "a text"
            if len(words) > 2:
                texts.append(words)
        tokens.append((token, chosen))
        before = token
    return tokens, texts


def _numbers(values, vocabulary):
    numbers = [vocabulary.setdefault(value, len(vocabulary)) for value in values]
    return np.array(numbers, dtype=np.uint64)


def _runs(numbers, length):
    """One number for each run of `length` neighbours."""
    return _mixed([numbers[k : len(numbers) - length + 1 + k] for k in range(length)] if len(numbers) >= length else [])


def _runs_of_words(texts, vocabulary):
    """A short text is one run; a single word says nothing."""
    for words in texts:
        if len(words) > 1:
            yield _runs(_numbers([("word", word) for word in words], vocabulary), min(len(words), RUN_OF_WORDS))


def _runs_without_names(tokens, chosen):
    """In each run a name is told by how far back it stood last, which is nowhere for its first time in the run."""
    length, back, last = RUN_WITHOUT_NAMES, np.zeros(len(tokens), dtype=np.uint64), {}
    for place in np.flatnonzero(chosen).tolist():
        name = int(tokens[place])
        back[place] = place - last.get(name, place - length)
        last[name] = place
    kept = np.where(chosen, np.uint64(2**32), tokens)  # no vocabulary is as large
    count = len(tokens) - length + 1
    if count < 1:
        return _mixed([])
    within = [np.where(back[k : count + k] <= k, back[k : count + k], np.uint64(0)) for k in range(length)]
    return _mixed([kept[k : count + k] + within[k] for k in range(length)])


def _mixed(columns):
    """One number for each row of the columns, different for different rows but by the rarest chance."""
    mixed = np.full(len(columns[0]) if columns else 0, len(columns), dtype=np.uint64)
    for column in columns:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return mixed
