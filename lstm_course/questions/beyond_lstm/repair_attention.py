"""19-repair-attention: attention to the last few steps, with three faults."""

import torch

from ..edits import edit
from ..question import Mistake, Output, Question

PEEK = ("(j > t)", "(j > t + 1)")
ZERO = ("-np.inf", "0.0")
COLUMNS = ("weights.sum(axis=1, keepdims=True)", "weights.sum(axis=0, keepdims=True)")


def _cases(rng):
    def case(T, d, reach, scale=1.0):
        q, k, v = scale * rng.normal(size=(3, T, d))
        return dict(q=q, k=k, v=v / scale, reach=reach)

    return [case(3, 2, 2), case(6, 4, 3), case(5, 5, 1), case(4, 3, 9), case(1, 2, 1), case(7, 3, 4, 8.0)]


def _by_torch(q, k, v, reach):
    q, k, v = (torch.tensor(part)[None] for part in (q, k, v))
    T = q.shape[1]
    seen = torch.ones(T, T, dtype=torch.bool).tril() & torch.ones(T, T, dtype=torch.bool).triu(1 - reach)
    rows = torch.eye(T, dtype=q.dtype)[None]
    attend = torch.nn.functional.scaled_dot_product_attention
    return tuple(attend(q, k, values, attn_mask=seen)[0].numpy() for values in (rows, v))


REPAIR_ATTENTION = Question(
    id="19-repair-attention",
    name="local_attention",
    points=3,
    outputs=(Output("weights", ("step", "place")), Output("y", ("step", "unit"))),
    cases=_cases,
    reference=_by_torch,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three faults are still there. Take three steps and a reach of 2: which weights have to be zero, and "
            "what does each row have to sum to?",
            edit(*PEEK, *ZERO, *COLUMNS),
        ),
        Mistake(
            "peeks at the next step",
            "One fault is left: each step also sees the step after it. A network that predicts the next symbol would "
            "simply copy it.",
            edit(*PEEK),
        ),
        Mistake(
            "a score of zero",
            "One fault is left: a hidden step gets the score 0, and exp(0) is 1. Which score has a weight of 0?",
            edit(*ZERO),
        ),
        Mistake(
            "columns sum to 1",
            "One fault is left: the weights are divided by the sums of the columns. Each *row* belongs to a step that "
            "looks, and has to sum to 1.",
            edit(*COLUMNS),
        ),
        Mistake(
            "only the sums repaired",
            "Two faults are left, both in the mask: which steps it hides, and what it puts in their place.",
            edit(*PEEK, *ZERO),
        ),
        Mistake(
            "only the zero repaired",
            "Two faults are left: which steps the mask hides, and along which axis the weights sum to 1.",
            edit(*PEEK, *COLUMNS),
        ),
        Mistake(
            "only the peeking repaired",
            "Two faults are left: the score of a hidden step, and the axis along which the weights sum to 1.",
            edit(*ZERO, *COLUMNS),
        ),
        Mistake(
            "one step too many",
            "Each step sees `reach` + 1 steps. Its own step counts as one of the `reach`.",
            edit("(j <= t - reach)", "(j < t - reach)"),
        ),
        Mistake(
            "divided by d",
            "You divide the scores by d. Attention divides them by its square root.",
            edit("np.sqrt(d)", "d"),
        ),
    ),
    hints=(
        "Print the weights for three steps. Which of them should be zero, and which sums should be 1?",
        "The three lines at fault: the comparison of j with t, what replaces a hidden score, and the last division.",
        "`(j > t) | (j <= t - reach)`, then `-np.inf`, then divide by `weights.sum(axis=1, keepdims=True)`.",
    ),
    explain_right="Each step sees itself and the few before it, and PyTorch computes the same.",
)
