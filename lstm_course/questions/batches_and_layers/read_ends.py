"""10-read-ends: one vector for each sequence from the padded outputs of a bidirectional layer."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(lengths, H, width=None):
        lengths = np.array(lengths)
        x = torch.tensor(rng.normal(size=(len(lengths), width or lengths.max(), 2)))
        with torch.random.fork_rng():
            torch.manual_seed(int(rng.integers(2**31)))
            layer = torch.nn.LSTM(2, H, batch_first=True, bidirectional=True, dtype=torch.float64)
        pack, unpack = torch.nn.utils.rnn.pack_padded_sequence, torch.nn.utils.rnn.pad_packed_sequence
        with torch.no_grad():
            packed, (h, _) = layer(pack(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False))
            y, _ = unpack(packed, batch_first=True, padding_value=7.5, total_length=x.shape[1])
        return dict(y=y.numpy(), lengths=lengths, h=h.numpy())

    return [
        case([3, 1], 1),
        case([2, 5, 4], 3),
        case([4], 2, width=7),
        case(rng.integers(1, 9, 8), 8, width=9),
        case([6, 6, 6], 4),
    ]


READ_ENDS = Question(
    id="10-read-ends",
    name="read_ends",
    points=2,
    outputs=(Output("ends", ("sample", "feature")),),
    withheld=("h",),
    cases=_cases,
    reference=lambda y, lengths, h: np.concatenate([h[0], h[1]], axis=1),
    mistakes=(
        Mistake(
            "both at the last step of the array",
            "You take the last step of the *array*, which is padding for all but the longest sequence, and where the "
            "backward direction has only just begun. At which step has each direction seen the whole sequence?",
            edit("y[rows, lengths - 1, :H]", "y[:, -1, :H]", "y[:, 0, H:]", "y[:, -1, H:]"),
        ),
        Mistake(
            "last step of the array",
            "Your forward half is the last step of the *array*, which is padding for all but the longest sequence. "
            "Take the last valid step of each.",
            edit("y[rows, lengths - 1, :H]", "y[:, -1, :H]"),
        ),
        Mistake(
            "backward half at the last valid step",
            "Your backward half comes from the last valid step. The backward direction starts there, so it has seen a "
            "single step. At which step has it seen the whole sequence?",
            edit("y[:, 0, H:]", "y[rows, lengths - 1, H:]"),
        ),
        Mistake(
            "backward half at the end of the array",
            "Your backward half comes from the last step of the array. The backward direction ends at the first step.",
            edit("y[:, 0, H:]", "y[:, -1, H:]"),
        ),
        Mistake(
            "both at the first step",
            "Your forward half comes from the first step, where the forward direction has seen only one step.",
            edit("y[rows, lengths - 1, :H]", "y[:, 0, :H]"),
        ),
        Mistake(
            "halves exchanged",
            "You return the backward half first. The forward direction comes first, as in `y`.",
            edit("[y[rows, lengths - 1, :H], y[:, 0, H:]]", "[y[:, 0, H:], y[rows, lengths - 1, :H]]"),
        ),
    ),
    hints=(
        "Each direction has seen the whole sequence at exactly one step. Which one is it for the forward direction, "
        "and which for the backward direction?",
        "Forward: the last valid step of each sequence, `lengths - 1` in code. Backward: the first step, where it "
        "ends. Features 0 to H - 1 of `y` are forward, the rest backward.",
        "`H = y.shape[2] // 2`, `rows = np.arange(len(y))`, and then join `y[rows, lengths - 1, :H]` and "
        "`y[:, 0, H:]` along axis 1.",
    ),
    explain_right="These are the numbers that PyTorch's `h_n` holds for packed sequences.",
)
