"""10-fair-loss: a masked cross-entropy in which every utterance counts the same, with its gradient."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(lengths, K, width=None, scale=1.0):
        lengths = np.array(lengths)
        N, T = len(lengths), width or lengths.max()
        valid = np.arange(T) < lengths[:, None]
        logits = np.where(valid[:, :, None], scale * rng.normal(size=(N, T, K)), np.nan)
        return dict(logits=logits, targets=np.where(valid, rng.integers(0, K, (N, T)), -1), lengths=lengths)

    return [
        case([2, 1], 2),
        case([3, 5, 1], 4),
        case([4, 4], 3),
        case([2], 5, width=6),
        case(rng.integers(1, 8, 6), 9, width=8),
        case([1, 6], 3, scale=3000.0),
    ]


def _one_at_a_time(logits, targets, lengths):
    """Each utterance without its padding, and autograd."""
    leaf, losses = torch.tensor(np.nan_to_num(logits), requires_grad=True), []
    for n, length in enumerate(lengths):
        losses.append(torch.nn.functional.cross_entropy(leaf[n, :length], torch.tensor(targets[n, :length])))
    loss = torch.stack(losses).mean()
    loss.backward()
    return np.array(loss.item()), leaf.grad.numpy()


WEIGHT = "valid / (lengths[:, None] * N)"

FAIR_LOSS = Question(
    id="10-fair-loss",
    name="fair_loss",
    points=3,
    outputs=(Output("loss", ()), Output("dlogits", ("sample", "time step", "class"))),
    cases=_cases,
    reference=_one_at_a_time,
    mistakes=(
        Mistake(
            "every frame counts the same",
            "This is the mean over all valid frames, in which a long utterance counts more than a short one. Here each "
            "utterance counts the same: first the mean over its own frames, then the mean over utterances.",
            edit(WEIGHT, "valid / valid.sum()"),
        ),
        Mistake(
            "divided by the width of the array",
            "You divide by the number of steps of the array, padding included. Divide by each utterance's own length.",
            edit(WEIGHT, "valid / (T * N)"),
        ),
        Mistake(
            "summed over utterances",
            "You add up the utterances. Divide by their number, or the loss grows with the batch.",
            edit(WEIGHT, "valid / lengths[:, None]"),
        ),
        Mistake(
            "summed over frames",
            "You add up the frames of each utterance, so a long one counts more. Divide by its length before you take "
            "the mean over utterances.",
            edit(WEIGHT, "valid / N"),
        ),
        Mistake(
            "gradient not averaged",
            "The loss is right, but its gradient lacks the weights: each frame counts 1 / (its utterance's "
            "length times the number of utterances).",
            edit("* weight[:, :, None]", "* valid[:, :, None]"),
        ),
        Mistake(
            "gradient of the padding",
            "The padding has a gradient that isn't zero, so it would move the weights.",
            edit("* weight[:, :, None]", "/ (lengths[:, None, None] * N)"),
        ),
        Mistake(
            "not a number",
            "Your result isn't a number. The padding holds NaN, and NaN times zero is NaN: replace the padding with "
            "np.where *before* you compute with it, instead of multiplying by the mask afterwards.",
            edit("np.where(valid[:, :, None], logits, 0.0)", "logits * valid[:, :, None]"),
            recognise=lambda loss, dlogits: bool(np.isnan(loss).any() or np.isnan(dlogits).any()),
        ),
    ),
    hints=(
        "How much does one frame of an utterance of 5 frames count in a batch of 3 utterances?",
        "1 / (5 · 3). Give each step such a weight, zero for padding; the loss is the weighted sum of the "
        "cross-entropies, and the gradient of each step is (p - one-hot) times its weight. Replace the padded logits "
        "by zeros and the padded targets by class 0 first.",
        "`safe = np.where(valid[:, :, None], logits, 0.0)`, `target = np.where(valid, targets, 0)`, and "
        "`weight = valid / (lengths[:, None] * N)`; then `loss = -(weight * log_p at the target).sum()` and "
        "`dlogits = (p - np.eye(K)[target]) * weight[:, :, None]`.",
    ),
    explain_right="Whatever the padding holds, the loss stays the same, and long utterances don't outweigh short ones.",
)
