"""19-switches: the gates of a linear recurrence that keeps, flips and sets switches."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    shapes = [(4, 1), (6, 2), (1, 3), (5, 5), (40, 3), (200, 2)]
    return [dict(x=rng.integers(0, 4, shape)) for shape in shapes]


def _by_cases(x):
    """What each command does to a switch that is off or on, and the line through these two points."""
    after = {0: (-1, 1), 1: (1, -1), 2: (1, 1), 3: (-1, -1)}  # if it was off, if it was on
    off, on = (np.vectorize(lambda k, n=n: float(after[k][n]))(x) for n in (0, 1))
    state, states = np.full(x.shape[1], -1), []
    for row in x:
        state = np.array([after[int(k)][int(s > 0)] for k, s in zip(row, state, strict=True)])
        states.append(state)
    return (on - off) / 2, (on + off) / 2, np.array(states, float)


SWITCHES = Question(
    id="19-switches",
    name="switch_gates",
    points=3,
    outputs=(
        Output("a", ("time step", "switch")),
        Output("b", ("time step", "switch")),
        Output("h", ("time step", "switch")),
    ),
    cases=_cases,
    reference=_by_cases,
    mistakes=(
        Mistake(
            "no gate below zero",
            "Your gate forgets where it should flip. Which number turns -1 into 1, and 1 into -1?",
            edit("[1.0, -1.0], 0.0)\n    b", "[1.0, 0.0], 0.0)\n    b"),
        ),
        Mistake(
            "sets without forgetting",
            "Where a switch is set, the old state is kept and the new one added to it, so a switch can reach 2. What "
            "has to happen to the old state?",
            edit("[1.0, -1.0], 0.0)\n    b", "[1.0, -1.0], 1.0)\n    b"),
        ),
        Mistake(
            "on at the start",
            "You start with all switches on. They are off at first: -1.",
            edit("h, states = -np.ones", "h, states = np.ones"),
        ),
        Mistake(
            "zero at the start",
            "You start from 0, which is neither on nor off, and no flip gets away from it.",
            edit("h, states = -np.ones", "h, states = np.zeros"),
        ),
        Mistake(
            "on and off exchanged",
            "You exchanged the commands 2 and 3: 2 switches on, and 3 switches off.",
            edit("[x == 2, x == 3]", "[x == 3, x == 2]"),
        ),
    ),
    hints=(
        "Write down what each command makes of -1 and of 1. Which a and b give both results?",
        "Two equations for each command: -a + b is what becomes of *off*, and a + b what becomes of *on*.",
        "Keep: a = 1, b = 0. Flip: a = -1, b = 0. On: a = 0, b = 1. Off: a = 0, b = -1.",
    ),
    explain_right="These gates depend on the input alone, so a parallel scan could run all the switches.",
)
