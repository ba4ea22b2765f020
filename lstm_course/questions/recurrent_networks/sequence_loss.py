"""02-sequence-loss: the gradient of cross-entropy at every step, for strings of different lengths."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(T, K, lengths, scale=1.0):
        lengths = np.array(lengths)
        targets = rng.integers(0, K, (len(lengths), T))
        targets[np.arange(T) >= lengths[:, None]] = 0
        return dict(logits=scale * rng.normal(size=(len(lengths), T, K)), targets=targets, lengths=lengths)

    return [
        case(2, 2, [1]),
        case(4, 3, [4, 2]),
        case(3, 3, [1, 3, 2]),
        case(5, 2, [3, 5, 1, 4]),
        case(1, 4, [1, 1]),
        case(6, 5, [6, 2, 3], scale=3000.0),
    ]


def _by_autograd(logits, targets, lengths):
    logits = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor(np.where(np.arange(targets.shape[1]) < lengths[:, None], targets, -100))
    torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100).backward()
    return logits.grad.numpy()


SEQUENCE_LOSS = Question(
    id="02-sequence-loss",
    name="sequence_loss_gradient",
    points=2,
    outputs=(Output("dlogits", ("sample", "time step", "class")),),
    cases=_cases,
    reference=_by_autograd,
    mistakes=(
        Mistake(
            "padding counted",
            "Steps after the end of a string get a gradient in your code. They belong to no string: their gradient "
            "is zero.",
            edit(" * valid[:, :, None]", ""),
        ),
        Mistake(
            "lengths not used",
            "Your code doesn't use `lengths`: padded steps get a gradient, and they count in the mean. The gradient of "
            "a step after the end of a string is zero, and the mean is over the steps that exist, "
            "`lengths.sum()` of them.",
            edit(" * valid[:, :, None] / lengths.sum()", " / targets.size"),
        ),
        Mistake(
            "averaged over the padding too",
            "You divide by N times T, which counts the padded steps as well. The mean is over the steps that exist, "
            "`lengths.sum()` of them.",
            edit("/ lengths.sum()", "/ targets.size"),
        ),
        Mistake(
            "not averaged",
            "Your gradient is that of the *sum* of the losses. The loss is their mean, so divide by the number of "
            "steps that exist.",
            edit(" / lengths.sum()", ""),
        ),
        Mistake(
            "averaged over the samples only",
            "You divide by the number of samples. The mean is over all steps of all strings, `lengths.sum()` of them.",
            edit("/ lengths.sum()", "/ len(lengths)"),
        ),
        Mistake(
            "a mean for each string",
            "You average within each string first and then over the strings, so a step of a short string counts more. "
            "Here every step counts the same: divide by `lengths.sum()`.",
            edit("/ lengths.sum()", "/ lengths[:, None, None] / len(lengths)"),
        ),
        Mistake(
            "wrong sign",
            "Your gradient has the opposite sign. It is the softmax *minus* the one-hot answer: raising the logit of "
            "the right class lowers the loss.",
            edit("(p - np.eye(K)[targets])", "(np.eye(K)[targets] - p)"),
        ),
        Mistake(
            "one step too many",
            "Your mask includes the first step after the end of a string. A string of length 3 has the steps 0, 1 "
            "and 2.",
            edit("np.arange(T) < lengths", "np.arange(T) <= lengths"),
        ),
        Mistake(
            "softmax missing",
            "You subtract the one-hot answer from the logits themselves. Turn them into probabilities first.",
            edit("(p - np.eye", "(logits - np.eye"),
        ),
        Mistake(
            "normalised over time",
            "Your probabilities sum to one over the time steps. At each step, they must sum to one over the classes.",
            edit("logits.max(axis=2", "logits.max(axis=1", "p.sum(axis=2", "p.sum(axis=1"),
        ),
    ),
    hints=(
        "What is the gradient of cross-entropy for a single step? And what is it for a step that doesn't count?",
        "The gradient is the softmax minus the one-hot answer. `np.eye(K)[targets]` has the shape `(N, T, K)`. How do "
        "you make a mask of shape `(N, T)` from `lengths`, and how many steps are there to average over?",
        "At each step, subtract the largest logit before you take `np.exp`, and call the softmax `p`. With "
        "`valid = np.arange(T) < lengths[:, None]`, the answer is "
        "`(p - np.eye(K)[targets]) * valid[:, :, None] / lengths.sum()`.",
    ),
    forbids=(
        "lstm_course.scratch:softmax_cross_entropy",
        "torch.nn.functional:cross_entropy",
        "torch.nn.functional:nll_loss",
    ),
    explain_right="One line, and it is how every network with a softmax begins its backward pass, padding included.",
)
