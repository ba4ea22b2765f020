"""What happened in a training: its record, and the exception when it diverged."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


class Validation(NamedTuple):
    """The evaluations of a training; ``plt.plot(*history.validation)`` draws them."""

    steps: np.ndarray  # (E,), the steps taken before each evaluation
    values: np.ndarray  # (E,), the results of `validate`


@dataclass(frozen=True, eq=False)
class History:
    """What happened in a training, for plots.

    Attributes
    ----------
    losses : (steps,) array
        The loss before each step.
    gradient_norms : (steps,) array
        The norm of all gradients together, before clipping.
    learning_rates : (steps,) array
        The learning rate of each step.
    validation : Validation
        Empty without `validate`.
    best_step : int or None
        The number of steps after which the validation was lowest for the first time: the model now has these weights.
    stopped_early : bool
        Whether it took fewer steps than requested, because patience ran out or the stop button was pressed.
    """

    losses: np.ndarray
    gradient_norms: np.ndarray
    learning_rates: np.ndarray
    validation: Validation
    best_step: int | None
    stopped_early: bool


class Diverged(ArithmeticError):
    """The loss, its gradient or the validation is no longer a finite number.

    Attributes
    ----------
    history : History
        Of the steps before.
    """

    def __init__(self, message, history):
        super().__init__(message, history)  # both, so that the exception can be pickled
        self.history = history

    def __str__(self):
        return self.args[0]
