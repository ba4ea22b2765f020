"""14-attend: dot-product attention that leaves the padding out."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question


def _cases(rng):
    def case(N, U, T, H, scale=1.0):
        mask = np.arange(T) < np.append(rng.integers(1, T + 1, N - 1), max(T - 1, 1))[:, None]
        d, memory = rng.normal(size=(N, U, H)), rng.normal(size=(N, T, H))
        memory[~mask] *= 5  # nothing may depend on what stands there
        return dict(d=scale * d, memory=memory, mask=mask)

    return [
        case(1, 1, 3, 2),
        case(2, 3, 4, 5),
        case(3, 4, 4, 4),
        case(4, 1, 6, 3),
        case(2, 5, 1, 2),
        case(3, 2, 5, 7, 300),
    ]


def _by_torch(d, memory, mask):
    d, memory, mask = torch.tensor(d), torch.tensor(memory), torch.tensor(mask)[:, None].expand(-1, d.shape[1], -1)
    rows = torch.eye(memory.shape[1], dtype=d.dtype).expand(len(d), -1, -1)

    def attended(values):
        return torch.nn.functional.scaled_dot_product_attention(d, memory, values, attn_mask=mask, scale=1.0).numpy()

    return attended(rows), attended(memory)


def _over_steps(d, memory, mask):
    scores = d @ memory.transpose(0, 2, 1)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True) * mask[:, None]
    return weights, weights @ memory


ATTEND = Question(
    id="14-attend",
    name="attend",
    points=3,
    outputs=(Output("weights", ("sample", "step", "place")), Output("context", ("sample", "step", "unit"))),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "padding gets weight",
            "The weights don't depend on `mask`. The padding of a short sentence is counted in its mean.",
            edit("np.where(mask[:, None], scores, -np.inf)", "scores"),
        ),
        Mistake(
            "a score of zero",
            "You set the scores of the padding to 0. The softmax of 0 is not 0: exp(0) is 1. Which score has a weight "
            "of 0?",
            edit("-np.inf", "0.0"),
        ),
        Mistake(
            "masked after the softmax",
            "You set the weights of the padding to 0 after the softmax, so those that are left no longer sum to 1.",
            edit(
                "np.where(mask[:, None], scores, -np.inf)",
                "scores",
                "return weights, weights @ memory",
                "weights = weights * mask[:, None]\n    return weights, weights @ memory",
            ),
        ),
        Mistake(
            "along the wrong axis",
            "The weights sum to 1 over the steps of the decoder. They have to sum to 1 over the places of the memory, "
            "for each step by itself.",
            _over_steps,
        ),
        Mistake(
            "scaled",
            "You divide the scores by the square root of H. Transformers do; here the score is the dot product itself.",
            edit("memory.transpose(0, 2, 1)", "memory.transpose(0, 2, 1) / np.sqrt(d.shape[2])"),
        ),
    ),
    hints=(
        "Which shape do the scores have, and along which of its axes should the weights sum to 1?",
        "`d @ memory.transpose(0, 2, 1)` has the shape (N, U, T). Set the scores where `mask[:, None]` is false to "
        "minus infinity before the softmax, and subtract the largest score of each row before `np.exp`.",
        "`scores = np.where(mask[:, None], scores, -np.inf)`, `weights = np.exp(scores - scores.max(axis=2, "
        "keepdims=True))`, divide by `weights.sum(axis=2, keepdims=True)`, and the context is `weights @ memory`.",
    ),
    explain_right="PyTorch's scaled_dot_product_attention gives the same numbers with scale=1.",
)
