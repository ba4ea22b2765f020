"""11-early-stopping: when to stop, and which weights to keep."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(E, P, patience, falling=0.0, ties=False):
        values = rng.normal(size=E) + falling * np.linspace(0, 1, E)
        if ties:
            values = np.round(values)
        return dict(values=values, weights=rng.normal(size=(E, P)), patience=patience)

    # A long plateau with its lowest value behind the place where patience runs out.
    late = dict(values=np.array([3.0, 1.0, 2.0, 2.5, 1.5, 0.5, 4.0]), weights=rng.normal(size=(7, 2)), patience=3)
    # A new best that arrives at the last moment, twice.
    saved = dict(values=np.array([5.0, 6.0, 4.0, 4.5, 3.0, 9.0, 8.0, 1.0]), weights=rng.normal(size=(8, 3)), patience=2)
    tied = dict(values=np.array([2.0, 1.0, 1.0, 4.0, 3.0, 0.5]), weights=rng.normal(size=(6, 3)), patience=3)
    short = dict(values=np.array([3.0, 1.0, 2.0]), weights=rng.normal(size=(3, 2)), patience=5)  # no stop
    cases = [
        case(3, 2, 1),
        late,
        saved,
        tied,
        short,
        case(1, 3, 2),
        case(12, 4, 3, falling=-4.0),
        case(15, 2, 4, falling=3.0),
    ]
    cases += [case(20, 3, 5, ties=True), case(30, 1, 2, falling=-20.0), case(9, 3, 9), case(16, 16, 2, ties=True)]
    return cases


def _running(values, weights, patience):
    """As a training would do it: stop at the first evaluation that is `patience` later than the best so far."""
    taken = len(values)
    for count in range(1, len(values) + 1):
        if count - 1 - np.argmin(values[:count]) >= patience:
            taken = count
            break
    return weights[np.argmin(values[:taken])], np.array(taken)


def _counter_never_reset(values, weights, patience):
    """Counts all evaluations without a new best, in place of those in a row."""
    waited, best = 0, 0
    for e in range(1, len(values)):
        if values[e] < values[best]:
            best = e
        else:
            waited += 1
            if waited == patience:
                return weights[best], np.array(e + 1)
    return weights[best], np.array(len(values))


EARLY_STOPPING = Question(
    id="11-early-stopping",
    name="early_stopping",
    points=3,
    outputs=(Output("kept", ("weight",)), Output("taken", ())),
    cases=_cases,
    reference=_running,
    mistakes=(
        Mistake(
            "the last weights",
            "You stop at the right moment, but you keep the weights of that moment. They come `patience` evaluations "
            "after the best ones: keep the weights of the best evaluation.",
            edit(
                "return weights[best], e + 1",
                "return weights[e], e + 1",
                "return weights[best], len(values)",
                "return weights[-1], len(values)",
            ),
        ),
        Mistake(
            "looks into the future",
            "You take the best of all evaluations, including those after the stop, which were never made.",
            lambda values, weights, patience: (weights[np.argmin(values)], _running(values, weights, patience)[1]),
        ),
        Mistake(
            "stops at the first rise",
            "You compare each evaluation with the one before. Compare it with the best so far: patience counts the "
            "evaluations since then.",
            edit("values[e] < values[best]", "e == 0 or values[e] < values[e - 1]"),
        ),
        Mistake(
            "a counter that is never reset",
            "You count all evaluations without a new best. Only those in a row count: a new best starts the count "
            "again.",
            _counter_never_reset,
        ),
        Mistake(
            "one evaluation late",
            "You stop one evaluation too late. Stop as soon as there have been `patience` of them without a new best.",
            edit("e - best >= patience", "e - best > patience"),
        ),
        Mistake(
            "the highest",
            "You keep the highest value. It is a loss: lower is better.",
            edit("values[e] < values[best]", "values[e] > values[best]"),
        ),
        Mistake(
            "a tie counts as a new best",
            "An evaluation that only equals the best is no improvement. Keep the first of them, and go on counting "
            "towards `patience`.",
            edit("values[e] < values[best]", "values[e] <= values[best]"),
        ),
        Mistake(
            "never stops",
            "You keep the best weights, but you never stop early. Use `patience`.",
            edit("e - best >= patience", "False"),
        ),
        Mistake(
            "the index in place of the number",
            "Your second result counts from 0. Evaluations are counted from 1: after the first, one has been made.",
            edit(
                "return weights[best], e + 1",
                "return weights[best], e",
                "return weights[best], len(values)",
                "return weights[best], len(values) - 1",
            ),
        ),
    ),
    hints=(
        "While the training goes on, you have to remember which evaluation was the best so far. How do you know how "
        "long ago that was?",
        "Go through the evaluations in order. If this one is lower than the best so far, it becomes the best. "
        "Otherwise, if it is `patience` evaluations after the best, stop.",
        "`best = 0`, then `for e in range(len(values)):` with `if values[e] < values[best]: best = e` and "
        "`elif e - best >= patience: return weights[best], e + 1`. After the loop, `len(values)` were made.",
    ),
    explain_right="This is the cheapest treatment of overfitting: it costs one copy of the weights.",
)
