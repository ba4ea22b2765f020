"""06-room-to-move: how far each gate of a network ever gets away from saturation."""

import numpy as np

from lstm_course.scratch import LSTM
from lstm_course.scratch.diagnostics import gate_activations

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, T, H, scale, stuck=None):
        layer = LSTM(3, H, seed=int(rng.integers(1000)))
        for parameter in layer.parameters.values():
            parameter *= scale
        if stuck is not None:  # one gate pushed to one of its ends, in all units
            layer.parameters["bias_ih_l0"].reshape(4, H)[stuck] += rng.choice([-9.0, 9.0])
        shown = gate_activations(layer, rng.normal(size=(N, T, 3)))
        return {letter: shown[letter] for letter in "ifgo"}

    return [case(1, 2, 1, 2.0), case(2, 5, 3, 4.0), case(4, 4, 4, 8.0, stuck=1), case(3, 6, 2, 3.0, stuck=2)]


def _from_the_arguments(i, f, g, o):
    """The slope at the argument of each sigmoid and tanh, 1 / cosh^2, as a share of that at 0."""
    with np.errstate(divide="ignore", over="ignore"):
        arguments = [0.5 * np.log(i / (1 - i)), 0.5 * np.log(f / (1 - f)), np.arctanh(g), 0.5 * np.log(o / (1 - o))]
        return np.array([(1 / np.cosh(z) ** 2).max(axis=1).max(axis=0) for z in arguments])


ROOM_TO_MOVE = Question(
    id="06-room-to-move",
    name="room_to_move",
    points=3,
    outputs=(Output("room", ("gate", "unit")),),
    cases=_cases,
    reference=_from_the_arguments,
    mistakes=(
        Mistake(
            "slope of a sigmoid for the candidate",
            "The candidate is a tanh, not a sigmoid: its slope is 1 - g^2. With g (1 - g) you even get negative "
            "slopes.",
            edit("1 - g**2", "4 * g * (1 - g)"),
        ),
        Mistake(
            "not as a share of the steepest slope",
            "Your slopes of the sigmoids are right, but not yet a share: the steepest slope of a sigmoid is 1/4, so "
            "divide by that.",
            edit("4 * i * ", "i * ", "4 * f * ", "f * ", "4 * o * ", "o * "),
        ),
        Mistake(
            "mean instead of the largest",
            "You take the mean over the steps. A gate that moves at one step in a hundred isn't stuck: take the "
            "largest.",
            edit("slopes.max(", "slopes.mean("),
        ),
        Mistake(
            "the smallest",
            "You take the smallest slope over the steps. Nearly every gate is saturated at some step; it is stuck if "
            "it is at all of them.",
            edit("slopes.max(", "slopes.min("),
        ),
        Mistake(
            "last step only",
            "You look at the last step only. The gate may have moved before.",
            edit("slopes.max(axis=(1, 2))", "slopes[:, :, -1].max(axis=1)"),
        ),
        Mistake(
            "how far the gate is open",
            "You return the gates themselves. A gate can be stuck open or stuck shut; what both have in common is a "
            "slope near 0.",
            edit(
                "np.stack([4 * i * (1 - i), 4 * f * (1 - f), 1 - g**2, 4 * o * (1 - o)])",
                "np.stack([i, f, np.abs(g), o])",
            ),
        ),
    ),
    hints=(
        "A saturated gate can be at 0 or at 1. Which quantity is small in both cases, and large in between?",
        "The slope. You can compute it from the value: s (1 - s) for a sigmoid, with a largest value of 1/4, and "
        "1 - g^2 for the tanh, with a largest value of 1. Which axes belong to samples and time steps?",
        "`slopes = np.stack([4 * i * (1 - i), 4 * f * (1 - f), 1 - g**2, 4 * o * (1 - o)])`, and return "
        "`slopes.max(axis=(1, 2))`.",
    ),
    explain_right="A row near 0 is a gate that no gradient can move. Now use it on the network below.",
)
