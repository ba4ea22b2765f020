"""08-last-marked (blank page): choose a cell for a task, and train it."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_within

BAR = 0.8  # share of the answers that must be off by less than CLOSE
CLOSE = 0.1
LENGTH, LATEST, MOST = 30, 22, 4  # up to four numbers are marked, all among the first 22 steps


def sequences(rng, N):
    """Numbers and marks (N, T, 2), and the last marked number of each (N,)."""
    numbers, marks = rng.random((N, LENGTH)), np.zeros((N, LENGTH))
    for row in marks:
        row[rng.choice(LATEST, rng.integers(1, MOST + 1), replace=False)] = 1
    last = LENGTH - 1 - marks[:, ::-1].argmax(axis=1)
    return np.stack([numbers, marks], axis=2), numbers[np.arange(N), last]


def _marked_cases(rng):
    x, y = sequences(rng, 1400)
    return [dict(x=x[:1000], y=y[:1000], new_x=x[1000:], new_y=y[1000:])]


LAST_MARKED = Question(
    id="08-last-marked",
    name="learn_last_marked",
    points=4,
    seconds=90.0,
    **share_within(BAR, CLOSE, "one number for each sequence of `new_x`"),
    cases=_marked_cases,
    mistakes=(
        Mistake(
            "one answer for all",
            "Your answers are the same, or nearly the same, for every sequence, so the loss is still near that of the "
            "mean. In which cell does writing something new *replace* what was there? And have you compared more than "
            "one cell and learning rate?",
            lambda x, y, new_x: np.full(len(new_x), y.mean()),
            recognise=lambda answers: answers.ndim == 1 and answers.size > 1 and answers.std() < 0.1,
        ),
        Mistake(
            "the mean of the marked numbers",
            "Your answers are the mean of all marked numbers, but only the last one counts. Each new marked number has "
            "to replace the one before.",
            lambda x, y, new_x: (new_x[:, :, 0] * new_x[:, :, 1]).sum(axis=1) / new_x[:, :, 1].sum(axis=1),
        ),
        Mistake(
            "the sum of the marked numbers",
            "Your answers are the sum of all marked numbers, as in the adding problem. Here only the last one counts.",
            lambda x, y, new_x: (new_x[:, :, 0] * new_x[:, :, 1]).sum(axis=1),
        ),
        Mistake(
            "the first marked number",
            "Your answers are the *first* marked number of each sequence. A new one has to replace what came before.",
            lambda x, y, new_x: new_x[np.arange(len(new_x)), new_x[:, :, 1].argmax(axis=1), 0],
        ),
        Mistake(
            "the last number of all",
            "Your answers are the number at the last step, whether it is marked or not. The last mark comes at least "
            "eight steps before the end.",
            lambda x, y, new_x: new_x[:, -1, 0],
        ),
    ),
    hints=(
        "Keep back some of the 1,000 sequences, and compare the cells on those, with more than one split.",
        "When a mark comes, the cell has to write the new number and drop the old one. In which of the lesson's cells "
        "does writing *mean* dropping, and in which does the cell have to learn to do both together?",
        '`layer, output = network("GRU")`, `fit(layer, output, x, y)`, and return `answers(layer, output, new_x)`.',
    ),
    explain_right="You chose a method that fits the task. On another task, a different one may win.",
)
