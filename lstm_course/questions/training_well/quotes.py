"""11-quotes (blank page): a tagger trained within a budget of updates."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.96  # share of the new symbols that must be tagged correctly
SYMBOLS, LENGTH = 7, 48  # four letters, a quote, a number sign and the end of a line
QUOTE, SIGN, END = 4, 5, 6


def programs(rng, names, N):
    """Strings of symbols (N, T, 7) with the tags (N, T): 0 code, 1 string, 2 comment."""
    symbols = rng.choice(SYMBOLS, (N, LENGTH), p=[0.2, 0.2, 0.2, 0.19, 0.09, 0.06, 0.06])
    tags, state = np.zeros((N, LENGTH), dtype=int), np.zeros(N, dtype=int)
    for t, now in enumerate(symbols.T):
        string = ((state == 0) & (now == QUOTE)) | (state == 1)  # both quotes belong to the string
        comment = ((state == 0) & (now == SIGN)) | ((state == 2) & (now != END))
        tags[:, t] = np.where(string, 1, np.where(comment, 2, 0))
        state = np.where((state == 1) & (now == QUOTE), 0, tags[:, t])
    return np.eye(SYMBOLS)[names[symbols]], tags


def _cases(rng):
    names = rng.permutation(SYMBOLS)
    (x, y), (new_x, new_y) = (programs(rng, names, N) for N in (400, 300))
    return [dict(x=x, y=y, new_x=new_x, new_y=new_y)]


def _most_frequent(x, y, new_x):
    return np.full(new_x.shape[:2], np.bincount(y.ravel()).argmax())


def _window(size):
    def answer(x, y, new_x):
        def rows(x):
            padded = np.pad(x, ((0, 0), (size - 1, 0), (0, 0)))
            steps = [padded[:, k : k + x.shape[1]] for k in range(size)]
            return np.concatenate(steps, axis=2).reshape(-1, size * SYMBOLS)

        weights = np.linalg.lstsq(rows(x), np.eye(3)[y.ravel()], rcond=None)[0]
        return (rows(new_x) @ weights).argmax(axis=1).reshape(new_x.shape[:2])

    return answer


QUOTES = Question(
    id="11-quotes",
    name="learn_tags",
    points=4,
    seconds=90.0,
    **share_of_right(
        BAR,
        "one tag for each symbol",
        (0, 1, 2),
        "Logits have to be turned into tags.",
        what="share of right tags",
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "one tag for all",
            "You give every symbol the same tag. If you trained a network, its loss has probably stayed at the level "
            "of guessing. Try the lesson's range test.",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 2 and len(np.unique(answers)) == 1,
        ),
        Mistake(
            "each symbol by itself",
            "Your model sees one symbol at a time. A letter can stand in code, in a string or in a comment.",
            _window(1),
        ),
        Mistake(
            "weights for a window",
            "Your model adds up weights for the last few symbols. Whether a quote opens a string or closes one depends "
            "on what is already open, and that may have begun further back.",
            _window(8),
        ),
    ),
    hints=(
        "As it stands, `fit` hardly changes the network in 400 updates. Which setting would you look at first, and "
        "with which instrument?",
        "Keep back some of the strings as a validation set, try a few learning rates a factor of three apart, and look "
        "at the share of right tags. If that isn't enough, let the rate fall to zero at the end.",
        "`model = network(x)`, `fit(model, x, y, learning_rate=0.02)`, and return `answers(model, new_x)`.",
    ),
    explain_right="Your answers show that it has learned which symbols open and close strings and comments.",
)
