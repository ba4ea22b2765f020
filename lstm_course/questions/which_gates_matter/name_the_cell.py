"""08-name-the-cell: which part a cell lacks, from the record of what it did."""

import numpy as np

from lstm_course.scratch import VariantLSTM

from ..edits import edit
from ..question import Mistake, Output, Question

NAMES = ("complete", "NIG", "NFG", "NOG", "NIAF", "NOAF", "CIFG")


def record(rng, which, N, T, H, forget_bias=0.0, low=False):
    """What a cell of that name did: i, f, g, o, c and h (N, T, H). If `low`, all candidates' sums are near -1.5."""
    variant = "NP" if which == 0 else NAMES[which]
    layer = VariantLSTM(3, H, variant=variant, dtype="float64")
    for weight in layer.parameters.values():
        weight[...] = rng.normal(size=weight.shape)
    if "f" in layer.gate_names:
        layer.parameters["bias_ih_l0"][H : 2 * H] += forget_bias
    if low:
        row = slice(layer.gate_names.index("g") * H, (layer.gate_names.index("g") + 1) * H)
        for weight in layer.parameters.values():
            weight[row] *= 0.02
        layer.parameters["bias_ih_l0"][row] = -1.5
    y, _ = layer(2 * rng.normal(size=(N, T, 3)))
    return {name: array[0] if array.ndim == 4 else array for name, array in layer.activations().items()} | {"h": y}


def _record_cases(rng):
    def case(order, N, T, H, **options):
        records = [record(rng, which, N, T, H, **options) for which in order]
        arrays = {name: np.array([each[name] for each in records]) for name in "ifgoch"}
        return dict(**arrays, wanted=np.array(order))

    return [
        case(list(range(7)), 2, 6, 3),
        case(rng.integers(0, 7, 5).tolist(), 3, 9, 4),
        case([0, 2, 0, 2], 2, 8, 5, forget_bias=7.0),  # gates that are nearly 1, but not absent
        case([4, 0, 4], 2, 5, 3, low=True),  # candidates that leave the range of a tanh at its lower end
        case(rng.permutation(7).tolist(), 4, 12, 1),
    ]


NAME_THE_CELL = Question(
    id="08-name-the-cell",
    name="name_the_cell",
    points=3,
    outputs=(Output("numbers", ("cell",)),),
    cases=_record_cases,
    reference=lambda i, f, g, o, c, h, wanted: wanted,
    withheld=("wanted",),
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "nearly open counts as absent",
            "You call a forget gate absent that is only nearly 1. A gate that is absent is 1 at every step and in "
            "every unit, not just close to it.",
            edit("np.allclose(f[k], 1)", "f[k].mean() > 0.8"),
        ),
        Mistake(
            "coupled gates not noticed",
            "You call a cell complete whose forget gate is 1 - i at every step. Such gates are coupled: number 6.",
            edit("np.allclose(f[k], 1 - i[k])", "False"),
        ),
        Mistake(
            "the tanh of the candidate not noticed",
            "You call a cell complete whose candidate leaves the range of a tanh, -1 to 1: number 4.",
            edit("(np.abs(g[k]) > 1).any()", "False"),
        ),
        Mistake(
            "only candidates above 1 noticed",
            "You call a cell complete whose candidate falls below -1. A tanh stays between -1 and 1, so both ends "
            "count.",
            edit("(np.abs(g[k]) > 1).any()", "(g[k] > 1).any()"),
        ),
        Mistake(
            "the tanh of the cell state not noticed",
            "You call a cell complete whose h is o * c. With the tanh it would be o * tanh(c): number 5.",
            edit("np.allclose(h[k], o[k] * c[k])", "False"),
        ),
        Mistake(
            "one gate taken for another",
            "You have mixed up two gates: 1 stands for a missing input gate, 2 for a missing forget gate.",
            edit(
                "np.allclose(i[k], 1)", "np.allclose(f[k], 1)", "elif np.allclose(f[k], 1)", "elif np.allclose(i[k], 1)"
            ),
        ),
    ),
    hints=(
        "What value does a gate have if it isn't there? And which numbers can a tanh not return?",
        "A missing gate is 1 everywhere. A candidate without its tanh goes beyond -1 or 1. Without the tanh of the "
        "cell state, h is o * c. Coupled gates add up to 1 at every step. `np.allclose` compares up to rounding.",
        "Test each cell k in this order: `np.allclose(i[k], 1)` means 1, the same test for f means 2 and for o means "
        "3; `(np.abs(g[k]) > 1).any()` means 4, `np.allclose(h[k], o[k] * c[k])` means 5, `np.allclose(f[k], 1 - "
        "i[k])` means 6, and otherwise the cell is complete.",
    ),
    explain_right="You can now tell from its numbers which cell is running, whatever the documentation says.",
)
