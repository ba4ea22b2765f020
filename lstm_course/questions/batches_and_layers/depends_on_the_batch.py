"""10-depends-on-the-batch: a classifier with three faults, whose answers depend on who else is in the batch."""

import numpy as np

from lstm_course.scratch import LSTM

from ..edits import edit
from ..question import Mistake, Output, Question

STATE = ("h = np.where(valid[:, t], o * np.tanh(c_new), h)", "h = o * np.tanh(c_new)")
CELL = ("c = np.where(valid[:, t], c_new, c)", "c = c_new")
SUM = ("total + np.where(valid[:, t], h, 0)", "total + h")
MEAN = ("total / lengths[:, None]", "total / x.shape[1]")


def _cases(rng):
    def case(lengths, D, H, K, width=None):
        lengths = np.array(lengths)
        N, T = len(lengths), width or lengths.max()
        x = rng.normal(size=(N, T, D))
        padding = np.arange(T) >= lengths[:, None]
        x[padding] = 50 * rng.normal(size=(padding.sum(), D))  # whatever was in memory
        W, b = rng.normal(size=(4 * H, H + D)) / np.sqrt(H + D), rng.normal(size=4 * H)
        return dict(x=x, lengths=lengths, W=W, b=b, V=rng.normal(size=(K, 2 * H)))

    return [
        case([2, 1], 1, 1, 2),
        case([3, 5, 1], 2, 3, 4),
        case([4], 3, 2, 3, width=6),
        case([2, 2, 2], 2, 4, 5),
        case(rng.integers(1, 8, 6), 4, 5, 3, width=8),
    ]


def _one_at_a_time(x, lengths, W, b, V):
    """Each utterance alone, without padding, through the package's layer."""
    H = len(b) // 4
    layer, rows = LSTM(x.shape[2], H), []
    layer.parameters.update(
        weight_hh_l0=W[:, :H].copy(), weight_ih_l0=W[:, H:].copy(), bias_ih_l0=b.copy(), bias_hh_l0=np.zeros(4 * H)
    )
    for each, length in zip(x, lengths, strict=True):
        y, _ = layer(each[None, :length])
        rows.append(V @ np.concatenate([y[0].mean(axis=0), y[0, -1]]))
    return np.array(rows)


DEPENDS_ON_THE_BATCH = Question(
    id="10-depends-on-the-batch",
    name="speaker_logits",
    points=3,
    outputs=(Output("logits", ("sample", "class")),),
    cases=_cases,
    reference=_one_at_a_time,
    mistakes=(
        Mistake(
            "nothing repaired",
            "The answers still depend on the batch, in all three ways. Give the function one utterance alone and then "
            "in a batch with a longer one, and compare.",
            edit(*STATE, *CELL, *SUM, *MEAN),
        ),
        Mistake(
            "padding set to zero",
            "You set the padded inputs to zero. The biases and the recurrent weights still change the state there. "
            "Keep the old state at padded steps.",
            edit("x[:, t]]", "np.where(valid[:, t], x[:, t], 0)]", *STATE, *CELL, *SUM, *MEAN),
        ),
        Mistake(
            "hidden state set to zero",
            "At a padded step you set the hidden state to zero. Keep the one from the step before.",
            edit(STATE[0], "h = np.where(valid[:, t], o * np.tanh(c_new), 0)"),
        ),
        Mistake(
            "only the mean repaired",
            "The mean is right now. But the other half, the last hidden state, is still the one after the padding.",
            edit(*STATE, *CELL),
        ),
        Mistake(
            "padded steps added",
            "The last state is right and you divide by the right number, but the sum still contains the padded steps.",
            edit(*SUM),
        ),
        Mistake(
            "divided by the width of the array",
            "The last state and the sum are right, but the mean is the sum divided by the number of steps of the "
            "*array*. Divide by each utterance's own length.",
            edit(*MEAN),
        ),
        Mistake(
            "sum and mean not repaired",
            "The last state is right now, but the mean still counts the padding, both in the sum and in the number by "
            "which you divide.",
            edit(*SUM, *MEAN),
        ),
    ),
    hints=(
        "Three lines mix padding into the answer. Run the broken function on one utterance, once alone and once with "
        "two steps of padding after it: which of its two halves, the mean and the last state, changes?",
        "Both do. At a padded step the state must be kept, nothing may be added to the sum, and the sum must be "
        "divided by the number of frames that were added.",
        "With `valid = (np.arange(T) < lengths[:, None])[:, :, None]`: `h = np.where(valid[:, t], ..., h)`, "
        "`total = total + np.where(valid[:, t], h, 0)`, and `total / lengths[:, None]`.",
    ),
    explain_right="The answer no longer depends on the rest of the batch or on what the padding holds.",
)
