"""12-who-speaks (blank page): a language model of small dialogues, judged in bits on texts it never saw."""

import numpy as np

from ..question import Mistake, Question
from ..shares import bits_above

BAR = 0.35  # bits above the best possible prediction
SPEAKERS, LETTERS = 4, 5
END, SYMBOLS = SPEAKERS + LETTERS, SPEAKERS + LETTERS + 1
LENGTH, CUT, STOP, SHORTEST = 64, 40, 0.15, 3  # a turn ends with probability STOP after each letter from the third on
FAVOURITES = np.array([0.6, 0.2, 0.1, 0.06, 0.04])  # how often a speaker uses each letter, in an order of their own


def dialogue(rng, letters, length):
    """Symbols (T,) of two speakers who take turns, and the true probability (T, 10) of the symbol after each."""
    pair, turn, symbols, p = rng.permutation(SPEAKERS)[:2], 0, [], []
    while len(symbols) < length:
        symbols.append(pair[turn % 2])
        spoken, own = 0, np.zeros(SYMBOLS)
        own[SPEAKERS:END] = letters[pair[turn % 2]]
        while symbols[-1] != END:
            stop = STOP if spoken >= SHORTEST else 0.0
            p.append((1 - stop) * own + stop * (np.arange(SYMBOLS) == END))
            symbols.append(min(int(np.searchsorted(p[-1].cumsum(), rng.random(), side="right")), END))
            spoken += 1
        turn += 1
        p.append((np.arange(SYMBOLS) == pair[turn % 2]).astype(float))
    return np.array(symbols), np.array(p)


def texts(rng, letters, names, N, length, at_turns=0.0):
    """N texts of this length from the middle of dialogues, and the true probabilities of the symbol after each.

    A share `at_turns` of them ends where a turn does. In all of them, both speakers have been named.
    """
    x, q = np.zeros((N, length), dtype=int), np.zeros((N, SYMBOLS))
    for n in range(N):
        ends = []
        while not ends:
            symbols, p = dialogue(rng, letters, length + 60)
            named = np.cumsum([0, *(symbols < SPEAKERS)])
            ends = [end for end in range(length, len(symbols)) if named[end] - named[end - length] > 1]
            if n < at_turns * N:
                ends = [end for end in ends if symbols[end - 1] == END]
        end = ends[rng.integers(len(ends))]
        x[n], q[n, names] = names[symbols[end - length : end]], p[end - 1]
    return x, q


def _cases(rng):
    names = rng.permutation(SYMBOLS)
    letters = np.array([FAVOURITES[rng.permutation(LETTERS)] for _ in range(SPEAKERS)])
    x, _ = texts(rng, letters, names, 600, LENGTH)
    new_x, new_q = texts(rng, letters, names, 300, CUT, at_turns=0.5)
    return [dict(x=x, new_x=new_x, new_q=new_q)]


def _counts(order):
    """Interpolated n-grams of this order (Witten and Bell)."""

    def answer(x, new_x):
        found = {}  # how often each symbol followed each history
        for row in x.tolist():
            for t, symbol in enumerate(row):
                for length in range(min(order, t + 1)):
                    found.setdefault(tuple(row[t - length : t]), np.zeros(SYMBOLS))[symbol] += 1
        p = np.full((len(new_x), SYMBOLS), 1 / SYMBOLS)
        for row, history in zip(p, new_x.tolist(), strict=True):
            for length in range(order):
                if (counts := found.get(tuple(history[len(history) - length :]))) is not None:
                    kinds = (counts > 0).sum()
                    row[:] = (counts + kinds * row) / (counts.sum() + kinds)
        return p

    return answer


def _overconfident(x, new_x):
    return np.eye(SYMBOLS)[_counts(2)(x, new_x).argmax(axis=1)]


WHO_SPEAKS = Question(
    id="12-who-speaks",
    name="predict_next",
    points=4,
    seconds=90.0,
    **bits_above(BAR, "one row of probabilities for each text of `new_x`"),
    cases=_cases,
    mistakes=(
        Mistake(
            "how often each symbol occurs",
            "You give every text the same probabilities. If you trained a network, its loss has probably stayed at the "
            "level of guessing; look at the loss, and at the learning rate.",
            _counts(1),
            recognise=lambda p: p.ndim == 2 and len(p) > 1 and np.ptp(p, axis=0).max() < 1e-3,
        ),
        Mistake(
            "the last symbol only",
            "Your model knows only what follows the last symbol. The next speaker was named a turn earlier, and the "
            "letters of a turn depend on its speaker.",
            _counts(2),
        ),
        Mistake(
            "the last five symbols",
            "Your model looks back a few symbols. A turn is often longer than that, so the name of its speaker is out "
            "of sight, and the other speaker's even more so.",
            _counts(6),
        ),
        Mistake(
            "no doubt at all",
            "You put the whole probability on one symbol. When another one comes, that costs infinitely many bits "
            "(this check counts 20). Return probabilities, not a choice.",
            _overconfident,
            recognise=lambda p: p.ndim == 2 and len(p) > 1 and bool((p.max(axis=1) > 1 - 1e-6).mean() > 0.9),
        ),
    ),
    hints=(
        "What does the network of the lesson predict while it reads a text? You need that prediction at the end of "
        "each text of `new_x`, but for the training at every step of `x`.",
        "Train it to predict `x[:, 1:]` from `x[:, :-1]`, with the cross-entropy over all steps. Keep 100 texts back "
        "and look at their loss for a few learning rates; allow several hundred updates.",
        "`model = network(10)`, `fit(model, x)`, and return `next_probabilities(model, new_x)`. `fit` needs more than "
        "its 30 updates, and a larger learning rate.",
    ),
    explain_right="Your model keeps two things in mind: who is speaking, and who spoke before.",
)
