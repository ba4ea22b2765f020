"""04-run-cell: a cell with given gates over a whole sequence."""

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import run_gates


def _sequence_cases(rng):
    def case(T, H, size=1.0):
        return dict(
            i=rng.uniform(size=(T, H)),
            f=rng.uniform(size=(T, H)),
            g=rng.uniform(-1, 1, (T, H)),
            o=rng.uniform(size=(T, H)),
            c=size * rng.normal(size=H),
        )

    return [case(3, 1), case(1, 1), case(6, 3), case(3, 5, size=20.0)]


RUN_CELL = Question(
    id="04-run-cell",
    name="run_cell",
    points=3,
    outputs=(Output("h", ("time step", "unit")), Output("c", ("time step", "unit"))),
    cases=_sequence_cases,
    reference=run_gates,
    mistakes=(
        Mistake(
            "state not carried",
            "Each step starts again from the first cell state. A step must continue from the cell state of the step "
            "before it: assign the new c to the c that the loop uses.",
            edit(
                "c = f[t] * c + i[t]",
                "c_next = f[t] * c + i[t]",
                "append(c)",
                "append(c_next)",
                "tanh(c)",
                "tanh(c_next)",
            ),
        ),
        Mistake(
            "tanh missing",
            "You show the cell state without its tanh. In the standard cell, `h = o * tanh(c)`.",
            edit("np.tanh(c)", "c"),
        ),
        Mistake(
            "tanh on the belt",
            "You apply the tanh to the cell state itself, so that it fades at every step even with f at 1. The tanh "
            "belongs only into the hidden state; c does not go through it.",
            edit("f[t] * c + i[t] * g[t]", "np.tanh(f[t] * c + i[t] * g[t])", "o[t] * np.tanh(c)", "o[t] * c"),
        ),
        Mistake(
            "hidden state carried instead of the cell state",
            "You carry h to the next step as if it were c. The output gate decides only what is shown; what it hides "
            "stays in the cell state.",
            edit(
                "f[t] * c + i[t] * g[t]",
                "o[t] * np.tanh(f[t] * c + i[t] * g[t])",
                "append(o[t] * np.tanh(c))",
                "append(c)",
            ),
        ),
        Mistake(
            "one step late",
            "You store the cell state before the update. Entry t must hold the cell state after step t.",
            edit(
                "c = f[t] * c + i[t] * g[t]\n        cell_states.append(c)",
                "cell_states.append(c)",
                "append(o[t] * np.tanh(c))",
                "append(o[t] * np.tanh(c))\n        c = f[t] * c + i[t] * g[t]",
            ),
        ),
        Mistake(
            "output read before the update",
            "You compute h from the cell state before this step has changed it. Compute the new c first, then `h = o * "
            "tanh(c)` from it.",
            edit(
                "c = f[t]",
                "hidden_states.append(o[t] * np.tanh(c))\n        c = f[t]",
                "append(c)\n        hidden_states.append(o[t] * np.tanh(c))",
                "append(c)",
            ),
        ),
        Mistake(
            "gates swapped",
            "Your input gate acts on the old cell state and your forget gate on the candidate: swap them.",
            edit("f[t] * c", "i[t] * c", "i[t] * g", "f[t] * g"),
        ),
        Mistake(
            "output gate left out",
            "h does not depend on the output gate. It is the share of tanh(c) that is shown: `h = o * tanh(c)`.",
            edit("o[t] * np.tanh(c)", "np.tanh(c)"),
        ),
        Mistake(
            "results in another order",
            "You return the cell state first. The order is h, then c, as in PyTorch.",
            edit("np.array(hidden_states), np.array(cell_states)", "np.array(cell_states), np.array(hidden_states)"),
        ),
        Mistake(
            "one array for all steps",
            "All rows of your `c` are equal to the last one. You changed one array in place and stored it again and "
            "again; store a copy, or make a new array at each step: `c = f[t] * c + i[t] * g[t]`.",
            edit("c = f[t] * c + i[t] * g[t]", "c *= f[t]\n        c += i[t] * g[t]"),
        ),
    ),
    hints=(
        "What does a step need from the step before it, and where do you keep that between two rounds of the loop?",
        "Make two empty lists and loop over `range(len(f))`. In each round, compute the new c from row `[t]` of each "
        "gate, then h from the new c. Turn the lists into arrays at the end.",
        "In the loop, compute `c = f[t] * c + i[t] * g[t]` and then `h = o[t] * np.tanh(c)`, and append both. Because "
        "the new value is assigned to `c`, the next round uses it. Return `np.array(hs), np.array(cs)`.",
    ),
    forbids=("lstm_course.explore:run_gates",),
    explain_right="This loop is the whole forward pass of a cell, apart from computing the gates.",
)
