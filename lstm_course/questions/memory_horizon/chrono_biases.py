"""06-chrono-biases: chrono initialisation."""

import numpy as np

from lstm_course.scratch import LSTM, initialise

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(H, longest):
        seed = int(rng.integers(2**31))
        return dict(r=np.random.default_rng(seed).random(H), longest=longest, seed=seed)

    return [case(2, 10), case(1, 100), case(4, 3), case(8, 1000), case(3, 2), case(5, 37)]


def _by_package(r, longest, seed):
    layer = LSTM(1, len(r))
    initialise.chrono(layer, longest, seed)
    return layer.parameters["bias_ih_l0"] + layer.parameters["bias_hh_l0"]


RETURNED = "np.concatenate([-b_f, b_f, zeros, zeros])"

CHRONO_BIASES = Question(
    id="06-chrono-biases",
    name="chrono_biases",
    points=2,
    outputs=(Output("b", ("row",), blocks=("i", "f", "g", "o")),),
    withheld=("seed",),
    cases=_cases,
    reference=_by_package,
    mistakes=(
        Mistake(
            "input gate open",
            "Your input gate has the bias of the forget gate. A cell that keeps for long must also write little, or "
            "the new input buries the old: b_i = -b_f.",
            edit("[-b_f", "[b_f"),
        ),
        Mistake(
            "input gate at zero",
            "Your input gates start half open. A cell that keeps for long must write little: b_i = -b_f.",
            edit("[-b_f", "[zeros"),
        ),
        Mistake(
            "signs turned round",
            "Your forget gates start nearly shut and your input gates nearly open. At 1 a forget gate keeps: its bias "
            "is the positive one.",
            edit("[-b_f, b_f", "[b_f, -b_f"),
        ),
        Mistake(
            "no logarithm",
            "You use u itself as the bias. A gate with the bias log u stands at u / (1 + u), which keeps for about "
            "1 + u steps; with the bias u it would keep for e^u.",
            edit("np.log(1 + r * (longest - 2))", "1 + r * (longest - 2)"),
        ),
        Mistake(
            "the same for every unit",
            "All your units have the longest memory. Chrono initialisation spreads the time scales, one for each unit: "
            "use `r`.",
            edit("1 + r * (longest - 2)", "longest - 1 + 0 * r"),
        ),
        Mistake(
            "logarithms spread evenly",
            "You spread log u evenly between 0 and log(longest - 1). It is u that is uniform, and its logarithm is "
            "taken afterwards.",
            edit("np.log(1 + r * (longest - 2))", "r * np.log(longest - 1)"),
        ),
        Mistake(
            "from 1 to longest",
            "Your u runs from 1 to `longest`. A gate with the bias log u keeps for about 1 + u steps, so u ends at "
            "`longest` - 1.",
            edit("longest - 2", "longest - 1"),
        ),
        Mistake(
            "candidate and output gate left out",
            "You return the biases of two gates. The layer has 4H rows, in the order i, f, g, o; those of g and o are "
            "zero.",
            edit(RETURNED, "np.concatenate([-b_f, b_f])"),
        ),
    ),
    hints=(
        "A uniform number between 0 and 1 is given for each unit. How do you get one between 1 and `longest` - 1?",
        "u = 1 + r (longest - 2), and b_f = log u. Which bias does the input gate get, and which do the other two get?",
        "`b_f = np.log(1 + r * (longest - 2))`, and the result is `np.concatenate([-b_f, b_f, zeros, zeros])`, with "
        "`zeros = np.zeros_like(r)`.",
    ),
    explain_right="Your units now start with memories of all lengths, and the last exercise can use them.",
)
