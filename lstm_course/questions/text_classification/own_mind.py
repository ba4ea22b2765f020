"""13-own-mind (blank page): a classifier of paragraphs in which the writer's own last opinion counts."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.93  # share of the new paragraphs that must be classified correctly
# In six draws, boosted trees on the last 16 words and counts reach 0.81 at most, a regression on pairs 0.72;
# in ten draws, the solution is right in every case.
STOP, NOT, OTHERS, GOOD, BAD, REST = [1], [2, 3], [4, 5], [6, 7, 8, 9], [10, 11, 12, 13], list(range(14, 24))
WORDS = 24  # with the padding


def paragraphs(rng, names, N):
    """Paragraphs (N, T) of words 1 to 23, padded with 0, their lengths (N,) and classes (N,)."""
    rows, y = [], []
    while len(rows) < N:
        row, label = [], None
        for _ in range(rng.integers(2, 6)):
            own, negated, good = rng.random() < 0.6, rng.random() < 0.35, rng.random() < 0.5
            row += [] if own else [rng.choice(OTHERS)]
            row += [*rng.choice(REST, rng.integers(1, 3))] + ([rng.choice(NOT)] if negated else [])
            row += [rng.choice(GOOD if good else BAD), *rng.choice(REST, rng.integers(0, 2)), *STOP]
            label = int(good != negated) if own else label
        if label is not None:
            rows.append(names[np.array(row)])
            y.append(label)
    lengths = np.array([len(row) for row in rows])
    x = np.zeros((N, 40), dtype=int)  # the longest possible one has 35
    x[np.arange(40) < lengths[:, None]] = np.concatenate(rows)
    return x, lengths, np.array(y)


def _cases(rng):
    names = np.concatenate([[0], 1 + rng.permutation(WORDS - 1)])
    x, lengths, y = paragraphs(rng, names, 3400)
    known, new = slice(3000), slice(3000, None)
    return [dict(x=x[known], lengths=lengths[known], y=y[known], new_x=x[new], new_lengths=lengths[new], new_y=y[new])]


def _most_frequent(x, lengths, y, new_x, new_lengths):
    return np.full(len(new_x), np.bincount(y).argmax())


def _linear(features):
    def answer(x, lengths, y, new_x, new_lengths):
        design, new = features(x, lengths), features(new_x, new_lengths)
        penalty = 3 * np.eye(design.shape[1])
        weights = np.linalg.solve(design.T @ design + penalty, design.T @ (2 * y - 1))
        return (new @ weights > 0).astype(int)

    return answer


def counts(x, lengths):
    """How often each word occurs, (N, 25)."""
    return np.column_stack([(x == k).sum(axis=1) for k in range(1, WORDS)] + [np.ones(len(x))])


def pair_counts(x, lengths):
    """How often each pair of neighbours occurs, and each word."""
    pairs = np.zeros((len(x), WORDS * WORDS))
    for t in range(x.shape[1] - 1):
        pairs[np.arange(len(x)), WORDS * x[:, t] + x[:, t + 1]] += 1
    return np.column_stack([pairs, counts(x, lengths)])


OWN_MIND = Question(
    id="13-own-mind",
    name="learn_opinions",
    points=4,
    seconds=120.0,
    **share_of_right(BAR, "one answer for each row of `new_x`", (0, 1), "Logits have to be turned into answers."),
    cases=_cases,
    mistakes=(
        Mistake(
            "one answer for all",
            "You give the same answer for every paragraph. If you trained a network, its loss has probably stayed at "
            "that of guessing: look at the learning rate, and at which hidden state you read.",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 1 and len(np.unique(answers)) == 1,
        ),
        Mistake(
            "a bag of words",
            "Your model adds up a weight for each word, wherever it stands. You also need to know which opinion "
            "comes last, whether it is negated, and whether it is the writer's own.",
            _linear(counts),
        ),
        Mistake(
            "words and pairs",
            "Your model adds up weights for words and pairs. Pairs see what is negated, but not which opinion comes "
            "last, nor whose it is.",
            _linear(pair_counts),
        ),
    ),
    hints=(
        "Train the parts as they stand, and print the share of right answers on paragraphs that you keep back. Is it "
        "better than a bag of words? What did lesson 11 change first?",
        "`fit` takes steps that are far too small for 300 updates. Raise the learning rate by factors of three, and "
        "watch the paragraphs that you kept back. A few more updates make the result safer.",
        "`model = network()`, `fit(model, x, lengths, y, learning_rate=0.02, updates=400)`, and return "
        "`answers(model, new_x, new_lengths)`.",
    ),
    explain_right="From the classes alone, you found out which words negate, which announce somebody else's "
    "opinion, and which opinion counts.",
)
