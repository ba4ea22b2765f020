"""13-read-vectors: the rows of an embedding from the lines of a file of word vectors, with its traps."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question

LETTERS = np.array(list("abcdefghij"))


def _cases(rng):
    def case(V, D, lines, header, shuffled):
        vocabulary = [f"{''.join(rng.choice(LETTERS, 3))}{k}" for k in range(V)]
        others = [f"{''.join(rng.choice(LETTERS, 4))}{k}" for k in range(lines)]
        present = [str(word) for word in rng.permutation(vocabulary)[: max(1, V - 2)]]
        order = [str(word) for word in rng.permutation(present + others)] if shuffled else present + others
        table = rng.normal(size=(len(order), D)).round(3)
        made = [f"{len(order)} {D}"] if header else []
        made += [f"{word} {' '.join(map(str, row.tolist()))}" for word, row in zip(order, table, strict=True)]
        return dict(lines=made, vocabulary=[str(word) for word in vocabulary])

    small = dict(lines=["dull -1.0 2.0", "sweet 1.5 0.5"], vocabulary=["sweet", "merry", "dull"])
    return [
        small,
        case(3, 2, 3, False, True),
        case(5, 4, 6, True, True),
        case(4, 4, 0, True, False),
        case(2, 3, 0, True, False),  # one word
        case(6, 3, 9, False, True),
    ]


def _by_numpy(lines, vocabulary):
    """Everything as one table of text, the header recognised by its two cells."""
    rows = [line.split(" ") for line in lines]
    if len(rows[0]) == 2:
        rows = rows[1:]
    table = np.array(rows)
    numbers = table[:, 1:].astype(float)
    places = [np.flatnonzero(table[:, 0] == word) for word in vocabulary]
    known = np.array([len(place) > 0 for place in places])
    vectors = np.array([numbers[place[0]] if len(place) else np.zeros(numbers.shape[1]) for place in places])
    return vectors, known


def _in_the_files_order(lines, vocabulary):
    rows = [line.split(" ") for line in lines if len(line.split(" ")) > 2]
    kept = [row for row in rows if row[0] in vocabulary]
    vectors = np.zeros((len(vocabulary), len(rows[0]) - 1))
    for k, row in enumerate(kept):
        vectors[k] = np.array(row[1:], dtype=float)
    return vectors, np.arange(len(vocabulary)) < len(kept)


def _mean_for_the_rest(lines, vocabulary):
    vectors, known = _by_numpy(lines, vocabulary)
    return np.where(known[:, None], vectors, vectors[known].mean(axis=0)), known


def _all_known(lines, vocabulary):
    vectors, known = _by_numpy(lines, vocabulary)
    return vectors, np.ones(len(known), dtype=bool)


READ_VECTORS = Question(
    id="13-read-vectors",
    name="read_vectors",
    points=3,
    outputs=(Output("vectors", ("word", "direction")), Output("known", ("word",))),
    cases=_cases,
    reference=_by_numpy,
    mistakes=(
        Mistake(
            "in the order of the file",
            "Your rows are in the order of the file. Row k has to belong to word k of `vocabulary`, because the "
            "network looks words up by that number.",
            _in_the_files_order,
        ),
        Mistake(
            "the mean for missing words",
            "You give a missing word the mean of the others. That is a reasonable choice, but this exercise asks "
            "for zeros.",
            _mean_for_the_rest,
        ),
        Mistake(
            "everything is known",
            "You say that every word is known. `known` is true only for the words that the file has.",
            _all_known,
        ),
        Mistake(
            "which words are missing",
            "Your second result is the wrong way round: true means that the file has the word.",
            edit("return vectors, known", "return vectors, ~known"),
        ),
        Mistake(
            "the last number is lost",
            "Each vector has lost its last number. There is one number for each part of the line after the word.",
            lambda lines, vocabulary: (_by_numpy(lines, vocabulary)[0][:, :-1], _by_numpy(lines, vocabulary)[1]),
        ),
    ),
    hints=(
        "Look at the first line of each kind of file. How can you tell a line of two counts from a word and its "
        "vector?",
        "Split each line at its spaces, and skip the first line if it has only two parts. Then make a dictionary from "
        "word to vector, and go through `vocabulary` in its order.",
        "`rows = [line.split() for line in lines]`, `rows = rows[1:] if len(rows[0]) == 2 else rows`, "
        "`table = {row[0]: np.array(row[1:], dtype=float) for row in rows}`, and then a row for each word: "
        "`table.get(word, np.zeros(D))`.",
    ),
    explain_right="This is most of what “using pretrained vectors” means. The rest is an embedding that starts from "
    "them.",
)
