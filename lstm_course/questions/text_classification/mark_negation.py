"""13-mark-negation: words after a negation become other words, so that a bag can tell them apart."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(words, V, negations, stops):
        return dict(words=np.array(words), V=V, negations=np.array(negations), stops=np.array(stops))

    def drawn(T, V, share):
        kinds = rng.permutation(V)
        words = np.where(rng.random(T) < share, rng.choice(kinds[:4], T), rng.integers(0, V, T))
        return case(words, V, kinds[:2], kinds[2:4])

    return [
        case([4, 5, 0, 6, 2, 6], 7, [0, 1], [2]),
        case([0], 3, [0], [1]),
        case([2, 3, 2], 5, [0], [1]),
        case([0, 3, 0, 4, 5], 6, [0], [2]),
        drawn(60, 9, 0.3),
        drawn(40, 30, 0.2),
    ]


def _by_places(words, V, negations, stops):
    """A word is marked if the last negation before it comes after the last stop before it."""
    places = np.arange(len(words))
    negation, stop = np.isin(words, negations), np.isin(words, stops)
    last_negation = np.maximum.accumulate(np.where(negation, places, -1))
    last_stop = np.maximum.accumulate(np.where(stop, places, -1))
    return words + V * ((last_negation > last_stop) & ~negation)


MARK_NEGATION = Question(
    id="13-mark-negation",
    name="mark_negation",
    points=3,
    outputs=(Output("marked", ("word",)),),
    cases=_cases,
    reference=_by_places,
    tolerance=0.0,
    mistakes=(
        Mistake(
            "the negation itself",
            "You mark the negation, too. Leave it as it is, even when it follows another negation.",
            edit(
                "elif word in negations:\n            inside = True\n        elif inside:",
                "if word in negations:\n            inside = True\n        if inside:",
            ),
        ),
        Mistake(
            "the next word only",
            "You mark only the word right after the negation. In *not really good*, the word that matters comes later.",
            edit("marked[t] = word + V", "marked[t], inside = word + V, False"),
        ),
        Mistake(
            "past the end of the clause",
            "You never stop marking. A punctuation mark ends the reach of a negation.",
            edit("inside = False\n        elif", "pass\n        elif"),
        ),
        Mistake(
            "two negations cancel",
            "At a second negation you stop marking. In this exercise it changes nothing: the clause stays negated.",
            edit("inside = True", "inside = not inside"),
        ),
        Mistake(
            "all of the clause",
            "You mark the words before the negation, too. Only those that follow it are marked.",
            lambda words, V, negations, stops: (
                words
                + V
                * (_in_a_negated_clause(words, negations, stops) & ~np.isin(words, negations) & ~np.isin(words, stops))
            ),
        ),
        Mistake(
            "zero or one",
            "You return which words are marked. Return the words, with `V` added to those that are marked.",
            edit("return marked", "return (marked != words).astype(int)"),
        ),
    ),
    hints=(
        "Read the words from left to right. What do you have to remember from word to word? (It is one bit of memory.)",
        "Remember whether you are inside a negation. A stop switches it off, a negation on, and any other word is "
        "marked if it is on.",
        "`marked, inside = words.copy(), False`, then for each `t, word`: `if word in stops: inside = False`, "
        "`elif word in negations: inside = True`, `elif inside: marked[t] = word + V`.",
    ),
    explain_right="With this one bit of memory, a bag of words can tell “not really good” from “really good”.",
)


def _in_a_negated_clause(words, negations, stops):
    clause = np.cumsum(np.isin(words, stops))
    return np.isin(clause, clause[np.isin(words, negations)])
