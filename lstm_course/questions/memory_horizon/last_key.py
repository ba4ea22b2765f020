"""06-last-key (blank page): a network that learns which symbols matter and keeps the last of them."""

import numpy as np

from ..question import Mistake, Question
from ..shares import share_of_right

BAR = 0.97  # share of the new strings that must be answered correctly
LENGTH, EARLY, KEYS, OTHERS = 40, 24, 3, 3  # keys stand among the first 24 symbols only
# Boosted trees on all places reach 0.94 at most in ten draws and a linear model 0.86; the solution 0.995 and more.


def strings(rng, N):
    """Strings (N, T, 6), and which of three symbols occurs last in each (N,). Which three they are is drawn, too."""
    names = rng.permutation(KEYS + OTHERS)
    symbols = rng.integers(KEYS, KEYS + OTHERS, (N, LENGTH))
    is_key = rng.random((N, EARLY)) < 0.1
    is_key[np.arange(N), rng.integers(0, EARLY, N)] = True  # at least one
    symbols[:, :EARLY][is_key] = rng.integers(0, KEYS, is_key.sum())
    last = EARLY - 1 - is_key[:, ::-1].argmax(axis=1)
    return np.eye(KEYS + OTHERS)[names[symbols]], symbols[np.arange(N), last]


def _cases(rng):
    x, y = strings(rng, 1400)
    return [dict(x=x[:1000], y=y[:1000], new_x=x[1000:], longest=LENGTH, new_y=y[1000:])]


def _most_frequent(x, y, new_x, longest):
    return np.full(len(new_x), np.bincount(y).argmax())


def _from_counts(x, y, new_x, longest):
    counts, new_counts = (np.column_stack([part.sum(axis=1), np.ones(len(part))]) for part in (x, new_x))
    return (new_counts @ np.linalg.lstsq(counts, np.eye(KEYS)[y], rcond=None)[0]).argmax(axis=1)


def _from_places(x, y, new_x, longest):
    flat, new_flat = (part[:, :EARLY].reshape(len(part), -1) for part in (x, new_x))
    return (new_flat @ np.linalg.lstsq(flat, np.eye(KEYS)[y], rcond=None)[0]).argmax(axis=1)


def _from_the_end(x, y, new_x, longest):
    flat, new_flat = (part[:, EARLY:].reshape(len(part), -1) for part in (x, new_x))
    return (new_flat @ np.linalg.lstsq(flat, np.eye(KEYS)[y], rcond=None)[0]).argmax(axis=1)


LAST_KEY = Question(
    id="06-last-key",
    name="learn_last_key",
    points=4,
    seconds=60.0,
    **share_of_right(
        BAR, "one answer for each string of `new_x`", tuple(range(KEYS)), "Logits have to be turned into answers."
    ),
    cases=_cases,
    mistakes=(
        Mistake(
            "one answer for all",
            "You give the same answer for every string. If you trained a network, the loss has probably stayed at that "
            "of guessing: look at how its forget gates start.",
            _most_frequent,
            recognise=lambda answers: answers.ndim == 1 and len(np.unique(answers)) == 1,
        ),
        Mistake(
            "counts of symbols",
            "Your model reads how often each symbol occurs. Which key came *last* isn't in the counts.",
            _from_counts,
        ),
        Mistake(
            "weights for each place",
            "Your model has a weight for each symbol at each place and adds them up. Whether a key is the last one "
            "depends on what follows it.",
            _from_places,
        ),
        Mistake(
            "the last steps only",
            "Your model reads only the last symbols, and the keys stand before them. Something has to carry them "
            "to the end, over 39 steps at most.",
            _from_the_end,
        ),
    ),
    hints=(
        "The last key stands 16 to 39 steps before the end. Which of the starts in the lesson learned such a lag?",
        "`network(x, y)` makes an LSTM as PyTorch starts it. Before you train it, let its forget gates stand open: a "
        "forget bias of 3 or so, or chrono initialisation for `longest` steps; `initialise` has both.",
        "`layer, output = network(x, y)`, `initialise.chrono(layer, longest)`, `fit(layer, output, x, y)`, and return "
        "`answers(layer, output, new_x)`.",
    ),
    explain_right="It found out which symbols matter, and it keeps the last of them to the end.",
)
