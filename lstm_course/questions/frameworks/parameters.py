"""09-parameters: how many numbers an LSTM has in PyTorch and in Keras, by thinking."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question

LIBRARY = ("torch.nn:LSTM", "torch.nn:LSTMCell", "lstm_course.scratch:LSTM")


def _cases(rng):
    def case(inputs, units, layers, directions):
        return dict(inputs=inputs, units=units, layers=layers, directions=directions)

    drawn = [(*rng.integers(2, 40, 2), rng.integers(2, 5), directions) for directions in (1, 2)]
    shapes = [(10, 64, 1, 1), (1, 1, 1, 1), (3, 5, 2, 1), (4, 4, 1, 2), (5, 3, 3, 2), *drawn]
    return [case(*map(int, shape)) for shape in shapes]


def _counted(inputs, units, layers, directions):
    """The numbers of real layers; Keras has no second bias."""
    layer = torch.nn.LSTM(inputs, units, layers, bidirectional=directions == 2, device="meta")
    sizes = {name: parameter.numel() for name, parameter in layer.named_parameters()}
    second = sum(size for name, size in sizes.items() if name.startswith("bias_hh"))
    return np.array([sum(sizes.values()), sum(sizes.values()) - second])


PARAMETERS = Question(
    id="09-parameters",
    name="count_parameters",
    points=2,
    outputs=(Output("counts", ("library",)),),
    cases=_cases,
    reference=_counted,
    tolerance=0.0,
    margin=0.1,
    mistakes=(
        Mistake(
            "gates forgotten",
            "You count one block of weights. An LSTM has four: three gates and the candidate.",
            edit(
                "4 * units * (width + units + 2)",
                "units * (width + units + 2)",
                "4 * units * (width + units + 1)",
                "units * (width + units + 1)",
            ),
        ),
        Mistake(
            "one bias in both",
            "The second count is right. PyTorch has two biases for each gate and unit, and you count one.",
            edit("units + 2)", "units + 1)"),
        ),
        Mistake(
            "two biases in both",
            "The first count is right. Keras has one bias for each gate and unit, and you count two.",
            edit("units + 1)", "units + 2)"),
        ),
        Mistake(
            "libraries exchanged",
            "Both counts are right, but they stand in the wrong order: PyTorch's comes first.",
            edit("[in_torch, in_keras]", "[in_keras, in_torch]"),
        ),
        Mistake(
            "no biases",
            "You count the weights and leave out the biases.",
            edit("units + 2)", "units)", "units + 1)", "units)"),
        ),
        Mistake(
            "every layer reads the input",
            "You count every layer as if it read the input. From the second layer on, it reads the layer below.",
            edit("width = directions * units", "width = inputs"),
        ),
        Mistake(
            "upper layers read one direction",
            "The upper layers are too small when there are two directions: they read both directions of the layer "
            "below, so their inputs are twice the units.",
            edit("width = directions * units", "width = units"),
        ),
        Mistake(
            "one direction only",
            "With two directions there is a second layer of the same size that reads backward. You leave it out.",
            edit(
                "directions * 4 * units * (width + units + 2)",
                "4 * units * (width + units + 2)",
                "directions * 4 * units * (width + units + 1)",
                "4 * units * (width + units + 1)",
            ),
        ),
    ),
    hints=(
        "How many rows and columns does each of the four arrays of a PyTorch layer have? The lesson prints them "
        "for 10 inputs and 64 units.",
        "For one layer in one direction that reads `width` numbers: 4 units (width + units) weights, and 4 units for "
        "each bias. What does the second layer read if the first one runs in both directions?",
        "For each layer, add `directions * 4 * units * (width + units + 2)` in PyTorch, with 1 in place of 2 in Keras. "
        "`width` is `inputs` in the first layer and `directions * units` above it.",
    ),
    forbids=LIBRARY,
    explain_right="When a model's count differs from yours, the difference often tells you which array to look at.",
)
