"""09-gru-weights: the arrays of a GRU in Keras, as PyTorch wants them, judged by running the layer."""

import torch

from lstm_course.convert import from_keras_arrays
from lstm_course.scratch import GRU

from ..edits import edit
from ..question import Mistake, Output, Question

NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
LIBRARY = ("lstm_course.convert:from_keras_arrays", "lstm_course.convert.arrays:from_keras_arrays")
ORDER = "np.r_[H : 2 * H, :H, 2 * H : 3 * H]"  # as the solution has it


def _cases(rng):
    def case(N, T, D, H):
        return dict(
            kernel=rng.normal(size=(D, 3 * H)),
            recurrent_kernel=rng.normal(size=(H, 3 * H)),
            bias=rng.normal(size=(2, 3 * H)),
            x=rng.normal(size=(N, T, D)),
        )

    return [case(1, 3, 1, 1), case(2, 4, 3, 2), case(2, 5, 2, 4), case(3, 3, 3, 3), case(1, 1, 6, 2)]


def _in_scratch(kernel, recurrent_kernel, bias, x):
    """The outputs of the package's own GRU."""
    arrays = from_keras_arrays(GRU, dict(kernel=kernel, recurrent_kernel=recurrent_kernel, bias=bias))
    layer = GRU(len(kernel), len(recurrent_kernel))
    layer.parameters.update({f"{name}_l0": array.copy() for name, array in arrays.items()})
    return layer(x)[0]


def _in_torch(case, *arrays):
    """The outputs of a PyTorch layer with the arrays of an answer."""
    D, H = len(case["kernel"]), len(case["recurrent_kernel"])
    layer = torch.nn.GRU(D, H, batch_first=True, dtype=torch.float64)
    for name, array in zip(NAMES, arrays, strict=True):
        parameter = getattr(layer, name)
        if array.shape != tuple(parameter.shape):
            raise ValueError(
                f"`{name.removesuffix('_l0')}` has shape {array.shape}; wanted {tuple(parameter.shape)}, for {D} "
                f"inputs and {H} units. Keras multiplies from the other side."
            )
        with torch.no_grad():
            parameter.copy_(torch.tensor(array, dtype=torch.float64))
    with torch.no_grad():
        return (layer(torch.tensor(case["x"]))[0].numpy(),)


GRU_WEIGHTS = Question(
    id="09-gru-weights",
    name="to_torch",
    points=3,
    outputs=(Output("y", ("sample", "time step", "unit")),),
    returns=("weight_ih", "weight_hh", "bias_ih", "bias_hh"),
    withheld=("x",),
    cases=_cases,
    reference=_in_scratch,
    observe=_in_torch,
    tolerance=1e-5,
    mistakes=(
        Mistake(
            "gates not swapped",
            "The arrays are transposed, but the blocks stand in Keras' order. Keras has z, r and the candidate; "
            "PyTorch wants r, z and the candidate.",
            edit(ORDER, "np.arange(3 * H)"),
        ),
        Mistake(
            "gates rotated",
            "You moved the candidate. It is the last block in both libraries; only the two gates change places.",
            edit(ORDER, "np.r_[H : 3 * H, :H]"),
        ),
        Mistake(
            "recurrent weights not swapped",
            "The input weights are right, but the recurrent weights still have Keras' order of the blocks.",
            edit("recurrent_kernel.T[order]", "recurrent_kernel.T"),
        ),
        Mistake(
            "biases not swapped",
            "The weights are right, but the biases are still in Keras' order. They have the same blocks as the "
            "weights.",
            edit("bias[0][order], bias[1][order]", "bias[0], bias[1]"),
        ),
        Mistake(
            "biases added up",
            "You add the two rows of the bias. That is right for the two gates, and for an LSTM. The candidate has one "
            "bias outside the product with r and one inside, so the rows must stay apart.",
            edit("bias[0][order], bias[1][order]", "bias.sum(axis=0)[order], np.zeros(3 * H)"),
        ),
        Mistake(
            "biases exchanged",
            "You exchanged the two rows of the bias: the first belongs to the input, the second to the hidden state.",
            edit("bias[0][order], bias[1][order]", "bias[1][order], bias[0][order]"),
        ),
        Mistake(
            "second bias dropped",
            "The second row of the bias is missing. Only an LSTM of Keras has a single bias.",
            edit("bias[1][order]", "np.zeros(3 * H)"),
        ),
    ),
    hints=(
        "Which axis of Keras' arrays holds the blocks of the gates? Which one does in PyTorch?",
        "Transpose both weights, so that the blocks are rows. Then the block r, rows H to 2H, has to come first, z "
        "second, and the candidate stays where it is. Do the same with each row of the bias.",
        "`order = np.r_[H : 2 * H, :H, 2 * H : 3 * H]`, then `kernel.T[order]`, `recurrent_kernel.T[order]`, "
        "`bias[0][order]` and `bias[1][order]`.",
    ),
    forbids=LIBRARY,
    explain_right="A PyTorch layer with your arrays computes what the GRU of Keras computes, step by step.",
)
