"""09-word-losses: a classifier of padded words with four faults."""

import numpy as np

from lstm_course.scratch import LSTM

from ..edits import edit
from ..question import Mistake, Output, Question

AXIS = ("batch_first=True, ", "")
BIAS = ("torch.zeros_like(b)", "b")
LAST = ("y[torch.arange(len(ids)), lengths - 1]", "y[:, -1]")
LOGITS = ("cross_entropy(scores, ", "cross_entropy(scores.softmax(dim=1), ")


def _cases(rng):
    def case(N, T, S, E, H, K):
        lengths = rng.integers(1, T, N)
        lengths[0] = T  # the longest fills its row
        ids = np.where(np.arange(T) < lengths[:, None], rng.integers(1, S, (N, T)), 0)
        return dict(
            table=rng.normal(size=(S, E)),
            W=rng.normal(size=(4 * H, E)),
            U=rng.normal(size=(4 * H, H)),
            b=rng.normal(size=4 * H),
            V=rng.normal(size=(K, H)),
            d=rng.normal(size=K),
            ids=ids,
            lengths=lengths,
            classes=rng.integers(0, K, N),
        )

    return [case(2, 3, 3, 2, 1, 2), case(4, 6, 5, 3, 3, 3), case(3, 3, 9, 2, 4, 5), case(5, 4, 6, 1, 2, 8)]


def _in_scratch(table, W, U, b, V, d, ids, lengths, classes):
    """Each word by itself, without its padding, through the package's own layer."""
    layer = LSTM(W.shape[1], U.shape[1])
    zeros = np.zeros_like(b)
    layer.parameters.update(weight_ih_l0=W.copy(), weight_hh_l0=U.copy(), bias_ih_l0=b.copy(), bias_hh_l0=zeros)
    losses = []
    for row, length, k in zip(ids, lengths, classes, strict=True):
        y, _ = layer(table[row[:length]][None])
        logits = V @ y[0, -1] + d
        losses.append(np.logaddexp.reduce(logits) - logits[k])
    return np.array(losses)


WORD_LOSSES = Question(
    id="09-word-losses",
    name="word_losses",
    points=4,
    outputs=(Output("losses", ("word",)),),
    cases=_cases,
    reference=_in_scratch,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All four faults are still there. Which numbers change when you reorder the words, or add padding?",
            edit(*AXIS, *BIAS, *LAST, *LOGITS),
        ),
        Mistake(
            "time and batch swapped",
            "The answers of a word depend on its neighbours in the batch: the LSTM takes the words for time steps. "
            "Everything else is right.",
            edit(*AXIS),
        ),
        Mistake(
            "bias twice",
            "The bias `b` is the sum that the equations need, and the layer adds it twice, once under each of its two "
            "names. Everything else is right.",
            edit(*BIAS),
        ),
        Mistake(
            "last column",
            "You read the last column, which is padding in short words: their losses change when you add padding. "
            "Everything else is right.",
            edit(*LAST),
        ),
        Mistake(
            "softmax twice",
            "`cross_entropy` expects logits and takes the softmax itself; it gets probabilities. Everything else is "
            "right.",
            edit(*LOGITS),
        ),
        Mistake(
            "swapped and last column",
            "The bias and the logits are repaired. Two faults are left: the LSTM takes words for time steps, and the "
            "last column is padding in short words.",
            edit(*AXIS, *LAST),
        ),
        Mistake(
            "one step late",
            "You read the step after the last letter. Counted from 0, the last of `lengths` letters stands at "
            "`lengths - 1`.",
            edit("lengths - 1", "(lengths).clamp(max=ids.shape[1] - 1)"),
        ),
    ),
    hints=(
        "Apply the tests of the lesson. Does a word's loss change if you reorder the batch? If you add a column of "
        "zeros? And what does `b` become inside the layer?",
        "Three of the faults are those of Swapped, Softmaxed and LastColumn. The fourth has to do with the two biases "
        "of PyTorch, of which the equations need the sum.",
        "`batch_first=True`; `torch.zeros_like(b)` for `bias_hh_l0`; "
        "`y[torch.arange(len(ids)), lengths - 1]` in place of `y[:, -1]`; and no `softmax`.",
    ),
    explain_right="None of the four faults raised an error, and the numbers they gave could have been losses.",
)
