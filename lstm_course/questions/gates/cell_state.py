"""04-cell-state: the update of the cell state."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import UNITS, run_gates


def _update_cases(rng):
    def case(*shape):
        return dict(
            i=rng.uniform(size=shape), f=rng.uniform(size=shape), g=rng.uniform(-1, 1, shape), c=rng.normal(size=shape)
        )

    big = case(3, 2)
    big["c"] = big["c"] * 50  # a cell state is not limited to -1 to 1
    return [case(1, 1), case(3, 3), case(2, 4), big]


def _update(i, f, g, c):
    """c' of the package's own step, with weights for which the gates have exactly these values."""
    return np.stack([run_gates(i[None, n], f[None, n], g[None, n], 0 * f[None, n], c[n])[1][0] for n in range(len(c))])


CELL_STATE = Question(
    id="04-cell-state",
    name="next_cell_state",
    points=1,
    outputs=(Output("c", UNITS),),
    cases=_update_cases,
    reference=_update,
    mistakes=(
        Mistake(
            "gates swapped",
            "You multiply the old cell state by the input gate and the candidate by the forget gate. It is the other "
            "way round: f goes with what was there, i with what is new.",
            edit("f * c", "i * c", "i * g", "f * g"),
        ),
        Mistake(
            "forgets what it should keep",
            "You keep `1 - f` of the old cell state. The name of the forget gate is misleading: at 1 it keeps "
            "everything, at 0 it drops everything.",
            edit("f * c", "(1 - f) * c"),
        ),
        Mistake(
            "tanh on the cell state",
            "You apply a tanh to the new cell state. The cell state itself goes through no tanh; that comes later, "
            "when the hidden state is computed from it.",
            edit("f * c + i * g", "np.tanh(f * c + i * g)"),
        ),
        Mistake(
            "input gate left out",
            "The candidate is added whole. The input gate decides how much of it gets in: `i * g`.",
            edit("i * g", "g"),
        ),
        Mistake(
            "matrix product",
            "You use a matrix product. Gates act on each unit separately: `*` multiplies entry by entry, `@` does not.",
            edit("f * c + i * g", "f @ c + i @ g if f.shape[0] == f.shape[1] else f * c + i * g"),
        ),
        Mistake(
            "coupled gates",
            "You let in `1 - f` of the candidate instead of `i`. Some cells couple the two gates in this way, but the "
            "standard cell has a separate input gate.",
            edit("i * g", "(1 - f) * g"),
        ),
        Mistake(
            "nothing repaired",
            "This is still your colleague's function. Begin with the first symptom: where is the input gate?",
            edit("f * c + i * g", "np.tanh((1 - f) * c + g)"),
        ),
        Mistake(
            "only the input gate repaired",
            "The input gate now does its work. But you still keep `1 - f` of the old state, and a tanh still limits "
            "the new one.",
            edit("f * c + i * g", "np.tanh((1 - f) * c + i * g)"),
        ),
        Mistake(
            "only the forget gate repaired",
            "The forget gate now does its work. But the candidate still comes in whole, and a tanh still limits the "
            "new state.",
            edit("f * c + i * g", "np.tanh(f * c + g)"),
        ),
        Mistake(
            "only the tanh removed",
            "The state is no longer limited by a tanh. But you still keep `1 - f` of the old one, and the candidate "
            "still comes in whole.",
            edit("f * c + i * g", "(1 - f) * c + g"),
        ),
    ),
    hints=(
        "Take the symptoms one at a time. Which of the four arguments does the function never use? What is `1 - f` "
        "when the forget gate is open? And which number can a tanh never exceed?",
        "f is the share of the old cell state that stays, and i is the share of the candidate that comes in. The tanh "
        "belongs only to the hidden state.",
        "`f * c` is what stays, `i * g` is what is new; the new cell state is their sum.",
    ),
    explain_right="Only a product and a sum change the cell state. That is why it can carry a value a long way. The "
    "test by hand could not show two of the faults: 1 - f is f at 0.5, and i * g is g at i = 1.",
)
