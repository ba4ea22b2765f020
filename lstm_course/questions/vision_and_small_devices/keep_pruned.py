"""18-keep-pruned: magnitude pruning over all four gates, and training that keeps the zeros."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils import prune

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(H, columns, share, updates, spread=1.5):
        W = rng.normal(size=(4 * H, columns)) * np.repeat(spread ** rng.normal(size=4), H)[:, None]
        gradients = rng.normal(size=(updates, 4 * H, columns)) * 3  # large, so that the order of sizes changes
        return dict(W=W, gradients=gradients, share=share, rate=0.1)

    return [
        case(1, 2, 0.5, 1),
        case(2, 3, 0.5, 3),
        case(3, 5, 0.8, 4, 4.0),
        case(4, 4, 0.25, 6),
        case(1, 4, 0.0, 2),
        case(2, 4, 0.4, 0),
    ]


def _by_torch(W, gradients, share, rate):
    """PyTorch's own pruning over four parameters, and its SGD."""
    gates = [nn.Module() for _ in range(4)]
    for gate, part in zip(gates, np.split(W, 4), strict=True):
        gate.W = nn.Parameter(torch.tensor(part))
    count = round(share * W.size)
    prune.global_unstructured([(gate, "W") for gate in gates], prune.L1Unstructured, amount=count)
    sgd = torch.optim.SGD([gate.W_orig for gate in gates], lr=rate)
    for gradient in gradients:
        for gate, part in zip(gates, np.split(gradient, 4), strict=True):
            gate.W_orig.grad = torch.tensor(part)
        sgd.step()
    kept = [(gate.W_orig * gate.W_mask).detach().numpy() for gate in gates]
    return np.concatenate(kept), np.array([int(gate.W_mask.sum()) for gate in gates])


KEEP_PRUNED = Question(
    id="18-keep-pruned",
    name="prune_and_train",
    points=3,
    outputs=(
        Output("W_after", ("row", "column"), blocks=("i", "f", "g", "o")),
        Output("left", ("gate",)),
    ),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "the zeros grow back",
            "You prune once and then train without the mask. The gradient of a pruned weight isn't zero, so it grows "
            "back: multiply by the mask after every update.",
            edit("W = (W - rate * gradient) * mask", "W = W - rate * gradient"),
        ),
        Mistake(
            "the mask comes before the update",
            "You multiply by the mask before each update, so the last update fills the zeros again. Multiply after it.",
            edit("W = (W - rate * gradient) * mask", "W = W * mask - rate * gradient"),
        ),
        Mistake(
            "a quantile",
            "You cut at a quantile, so the number of weights that go can be one too many. Here exactly "
            "`round(share * W.size)` of them go.",
            edit(
                "order = np.argsort(np.abs(W).ravel())[:count]",
                "order = np.flatnonzero(np.abs(W) <= np.quantile(np.abs(W), share))",
            ),
        ),
        Mistake(
            "a new mask at the end",
            "You choose the mask from the trained weights. Choose it from the weights before the training.",
            edit(
                "W = W * mask",
                "pass",
                "W = (W - rate * gradient) * mask",
                "W = W - rate * gradient",
                "return W,",
                "mask = np.abs(W) > (np.sort(np.abs(W), axis=None)[count - 1] if count else -1)\n    return W * mask,",
            ),
        ),
        Mistake(
            "a threshold for each gate",
            "You prune the same share of every gate. Use one threshold for all four, so that a gate with small weights "
            "loses more of them.",
            edit(
                "order = np.argsort(np.abs(W).ravel())[:count]",
                "per = W.size // 4\n    order = np.concatenate([k * per + np.argsort(np.abs(part), axis=None)"
                "[:round(share * per)] for k, part in enumerate(np.split(W, 4))])",
            ),
        ),
        Mistake(
            "the largest are gone",
            "You prune the largest weights and keep the smallest. It should be the other way round.",
            edit("np.argsort(np.abs(W).ravel())", "np.argsort(-np.abs(W).ravel())"),
        ),
        Mistake(
            "the signs count",
            "You sort the weights with their signs, so the negative ones go first. Sort their absolute values.",
            edit("np.argsort(np.abs(W).ravel())", "np.argsort(W.ravel())"),
        ),
        Mistake(
            "the share that is kept",
            "You keep `share` of the weights. That is the share that has to go.",
            edit("round(share * W.size)", "W.size - round(share * W.size)"),
        ),
        Mistake(
            "uphill",
            "You add the gradient. An update subtracts it.",
            edit("W - rate * gradient", "W + rate * gradient"),
        ),
    ),
    hints=(
        "When do you choose which weights go, and how often do you have to set them to zero?",
        "Flatten the absolute values and sort: the first `round(share * W.size)` of them go. Keep a mask of ones and "
        "zeros, of the shape of `W`, and multiply by it after every update.",
        "`mask.flat[np.argsort(np.abs(W).ravel())[:count]] = 0` on an array of ones; in the loop "
        "`W = (W - rate * gradient) * mask`; `left` holds the sums of the parts of `np.split(mask, 4)`.",
    ),
    explain_right="PyTorch's own pruning leaves the same weights after the same updates.",
)
