"""00-sigmoid-slope: the derivative of the sigmoid."""

import numpy as np

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import derivative


def _slope_cases(rng):
    return [
        dict(z=rng.normal(size=4)),
        dict(z=rng.normal(size=1)),
        dict(z=np.array([-1000.0, -30.0, 0.0, 30.0, 1000.0])),
        dict(z=4 * rng.normal(size=(3, 2))[:, 0]),
    ]


def _sigmoid(z):
    return 0.5 + 0.5 * np.tanh(0.5 * z)


SIGMOID_SLOPE = Question(
    id="00-sigmoid-slope",
    name="sigmoid_slope",
    points=2,
    outputs=(Output("slope", ("entry",)),),
    cases=_slope_cases,
    reference=lambda z: derivative(_sigmoid, z),
    mistakes=(
        Mistake(
            "slope of the tanh",
            "This is 1 minus the square of the sigmoid. That rule is for the tanh; the slope of the sigmoid is s (1 - "
            "s).",
            edit("s * (1 - s)", "1 - s**2"),
        ),
        Mistake(
            "the tanh instead of the sigmoid",
            "This is the slope of the tanh. The slope of the sigmoid is s (1 - s), where s is the value of the sigmoid "
            "at z.",
            edit("s * (1 - s)", "1 - np.tanh(z) ** 2"),
        ),
        Mistake(
            "z instead of the sigmoid",
            "You used z (1 - z). The rule is s (1 - s), where s is the value of the sigmoid at z.",
            edit("s * (1 - s)", "z * (1 - z)"),
        ),
        Mistake(
            "the value, not the slope",
            "This is the sigmoid itself. Its slope is s (1 - s).",
            edit("s * (1 - s)", "s"),
        ),
        Mistake(
            "sign turned round",
            "The sign is reversed: the sigmoid rises everywhere, so its slope is never negative.",
            edit("return s", "return -s"),
        ),
    ),
    raising=(
        Mistake(
            "exponential of Python's math",
            "`math.exp` raises an error when its result is too large, as for 1000. Write the sigmoid with the tanh, as "
            "in the primer, which can't overflow.",
            edit(
                "s = 0.5 + 0.5 * np.tanh(0.5 * z)",
                "import math\n    s = np.array([1 / (1 + math.exp(-each)) for each in z])",
            ),
        ),
    ),
    hints=(
        "You can compute the slope from the value of the sigmoid alone. Where is it largest, and what is it far out?",
        "If s is the value of the sigmoid at z, the slope is s (1 - s). Now watch out for `np.exp(1000)`.",
        "`s = 0.5 + 0.5 * np.tanh(0.5 * z)` is the sigmoid, without an exponential that overflows. Return `s * (1 - "
        "s)`.",
    ),
    explain_right="Every gate of an LSTM has this slope in its gradient. If it was hard: *Two functions and their "
    "slopes* in the primer.",
)
