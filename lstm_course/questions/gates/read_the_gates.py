"""04-read-the-gates: what the gates of a memory cell do in each situation, from its weights."""

import numpy as np

from lstm_course.scratch import lstm_step

from ..edits import edit
from ..question import Mistake, Output, Question


def _weights_cases(rng):
    def case(scale):
        return dict(W=scale * rng.normal(size=(4, 4)), b=scale * rng.normal(size=4))

    by_hand = dict(
        W=np.array([[0.0, 0, 40, 0], [0, 0, -40, 0], [0, 1, 0, 0], [0, 0, 0, 40]]), b=np.array([-20.0, 20, 0, -20])
    )
    return [case(1.0), by_hand, case(3.0), case(300.0)]


def _table(W, b):
    """The gates of the package's own step, with each situation as a sample of a batch."""
    x = np.array([[0.0, write, read] for write in (0, 1) for read in (0, 1)])
    gates = lstm_step(x, np.zeros((4, 1)), np.zeros((4, 1)), W, b)[2]
    return np.hstack([gates.i, gates.f, gates.o])


READ_THE_GATES = Question(
    id="04-read-the-gates",
    name="gate_table",
    points=2,
    outputs=(Output("gates", ("situation", "gate")),),
    cases=_weights_cases,
    reference=_table,
    mistakes=(
        Mistake(
            "tanh instead of sigmoid",
            "You used the tanh. A gate is a share, between 0 and 1: use the sigmoid.",
            edit("0.5 + 0.5 * np.tanh(0.5 * z)", "np.tanh(z)"),
        ),
        Mistake(
            "no sigmoid",
            "You return the weighted sums. The sigmoid turns them into gates, between 0 and 1.",
            edit("0.5 + 0.5 * np.tanh(0.5 * z)", "z"),
        ),
        Mistake(
            "bias left out",
            "The biases are missing. Without them, every gate is half open in the first situation.",
            edit(" + b", ""),
        ),
        Mistake(
            "W not transposed",
            "You multiplied by `W` instead of `W.T`. Each row of `W` belongs to a gate, and each column to an input. "
            "All sizes are 4 here, so NumPy doesn't complain.",
            edit("W.T", "W"),
        ),
        Mistake(
            "candidate instead of the output gate",
            "Your third column belongs to the candidate. The rows of `W` are i, f, g, o, so the output gate is row 3 "
            "(counted from 0).",
            edit("[0, 1, 3]", "[0, 1, 2]"),
        ),
        Mistake(
            "forget gate first",
            "Your first two columns are swapped. The order is i, f, o, as in the rows of `W`.",
            edit("[0, 1, 3]", "[1, 0, 3]"),
        ),
        Mistake(
            "write and read swapped",
            "Your second row is for `write` alone and your third for `read` alone. It should be the other way round: "
            "neither, read, write, both.",
            edit("[0, 0, 0, 1], [0, 0, 1, 0]", "[0, 0, 1, 0], [0, 0, 0, 1]"),
        ),
        Mistake(
            "columns one too early",
            "You put `write` and `read` one column too early. The columns are h, value, write, read.",
            edit("[0, 0, 0, 1], [0, 0, 1, 0], [0, 0, 1, 1]", "[0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 1, 0]"),
        ),
        Mistake(
            "gates as rows",
            "Your table has the gates as rows and the situations as columns. Transpose it.",
            edit("gates[:, [0, 1, 3]]", "gates[:, [0, 1, 3]].T"),
        ),
    ),
    hints=(
        "Each situation is one vector [h, value, write, read]. What are its four numbers when only `read` is 1?",
        "Write the four vectors as the rows of an array (4, 4). Then one matrix product computes all weighted sums. "
        "Does `W` have to be transposed?",
        "`z = situations @ W.T + b` has one row for each situation and the columns i, f, g, o. Take the sigmoid, then "
        "the columns 0, 1 and 3.",
    ),
    explain_right="You can now read what a cell does from its weights, whether they were set by hand or trained.",
)
