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
            "Each step starts again from the first cell state. What one step leaves on the belt is what the next "
            "one finds: assign the new c to the c that the loop uses.",
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
            "You let the cell state out as it is. The standard cell reads it through a tanh: `h = o * tanh(c)`. "
            "Without it you have another cell.",
            edit("np.tanh(c)", "c"),
        ),
        Mistake(
            "tanh on the belt",
            "You squash the cell state itself, so that it fades at every step even with f at 1. Only the reading "
            "goes through a tanh; c stays as it is.",
            edit("f[t] * c + i[t] * g[t]", "np.tanh(f[t] * c + i[t] * g[t])", "o[t] * np.tanh(c)", "o[t] * c"),
        ),
        Mistake(
            "hidden state carried instead of the cell state",
            "You carry h to the next step as if it were c. The output gate only decides what is shown; what is "
            "hidden by it stays on the belt.",
            edit(
                "f[t] * c + i[t] * g[t]",
                "o[t] * np.tanh(f[t] * c + i[t] * g[t])",
                "append(o[t] * np.tanh(c))",
                "append(c)",
            ),
        ),
        Mistake(
            "one step late",
            "You store the cell state before the update: entry t holds what step t found, not what it left.",
            edit(
                "c = f[t] * c + i[t] * g[t]\n        cell_states.append(c)",
                "cell_states.append(c)",
                "append(o[t] * np.tanh(c))",
                "append(o[t] * np.tanh(c))\n        c = f[t] * c + i[t] * g[t]",
            ),
        ),
        Mistake(
            "output read before the update",
            "h is read from the cell state before this step has changed it. First the new c, then "
            "`h = o * tanh(c)` from the new one.",
            edit(
                "c = f[t]",
                "hidden_states.append(o[t] * np.tanh(c))\n        c = f[t]",
                "append(c)\n        hidden_states.append(o[t] * np.tanh(c))",
                "append(c)",
            ),
        ),
        Mistake(
            "gates swapped",
            "The input gate acts on the old cell state and the forget gate on the candidate: swap them.",
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
        "What must a step know of the step before it, and where do you keep that between two rounds of the loop?",
        "Make two empty lists, loop over `range(len(f))`, and in each round compute the new c from the row `[t]` of "
        "each gate, then h from the new c. Turn the lists into arrays at the end.",
        "In the loop: `c = f[t] * c + i[t] * g[t]`, then `h = o[t] * np.tanh(c)`; append both. Because the new "
        "value is bound to `c` again, the next round finds it. Return `np.array(hs), np.array(cs)`.",
    ),
    forbids=("lstm_course.explore:run_gates",),
    explain_right="This loop is the whole forward pass of a cell; what is missing is only who sets the gates.",
)
