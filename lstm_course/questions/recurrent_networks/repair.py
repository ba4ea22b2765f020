"""02-repair: a backward pass with three faults."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import GRADIENTS, LIBRARY, sequence_inputs

CARRY = ("dlogits[:, t] @ V + dh", "dlogits[:, t] @ V")
OUTPUT = ("dlogits[:, t].T @ states[t + 1]", "dlogits[:, t].T @ states[t]")
BIAS = ("db = db + dz.sum(axis=0)", "db = dz.sum(axis=0)")


def _cases(rng):
    def case(N, T, D, H, K):
        inputs = sequence_inputs(rng, N, T, D, H)
        return dict(**inputs, V=rng.normal(size=(K, H)), dlogits=rng.normal(size=(N, T, K)))

    return [case(1, 2, 1, 1, 1), case(2, 4, 3, 3, 3), case(3, 1, 2, 4, 2), case(2, 6, 1, 3, 4), case(1, 5, 4, 2, 3)]


def _by_autograd(x, h, W, b, V, dlogits):
    W, b, V = (torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in (W, b, V))
    state, logits = torch.tensor(h), []
    for seen in np.moveaxis(x, 1, 0):
        state = torch.tanh(torch.cat([state, torch.tensor(seen)], dim=1) @ W.T + b)
        logits.append(state @ V.T)
    torch.stack(logits, dim=1).backward(torch.tensor(dlogits))
    return W.grad.numpy(), b.grad.numpy(), V.grad.numpy()


REPAIR = Question(
    id="02-repair",
    name="gradients",
    points=3,
    outputs=(*GRADIENTS[2:], Output("dV", ("class", "unit"), backward=True)),
    cases=_cases,
    reference=_by_autograd,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three faults are still there. Check each of the three arrays by itself, with several steps and a "
            "first state that isn't zero.",
            edit(*CARRY, *OUTPUT, *BIAS),
        ),
        Mistake(
            "only db repaired",
            "One fault is repaired: `db` is summed. `dV` and `dW` are still wrong, each for a reason of its own.",
            edit(*CARRY, *OUTPUT),
        ),
        Mistake(
            "only dV repaired",
            "One fault is repaired: `dV` is right. `dW` and `db` are right only for a string of one step: what does "
            "each of them lack with two?",
            edit(*CARRY, *BIAS),
        ),
        Mistake(
            "only the carrying repaired",
            "One fault is repaired: `dW` is right, so the gradient of the state is carried. `db` and `dV` are still "
            "wrong.",
            edit(*OUTPUT, *BIAS),
        ),
        Mistake(
            "not carried",
            "`dV` is right, but what the later steps hand back never arrives: `dh` is computed at the end of each "
            "round and overwritten in the next.",
            edit(*CARRY),
        ),
        Mistake(
            "dV from the state before the step",
            "`dW` and `db` are right. `dV` uses the state before the step, but the output layer reads the state after "
            "it.",
            edit(*OUTPUT),
        ),
        Mistake(
            "db of one step only",
            "`dW` and `dV` are right. `db` holds the contribution of one step; it has to be summed over the steps like "
            "`dW`.",
            edit(*BIAS),
        ),
        Mistake(
            "slope taken at the state before the step",
            "The slope of the tanh was right: `1 - states[t + 1] ** 2`, taken at the state that this tanh produced.",
            edit("1 - states[t + 1] ** 2", "1 - states[t] ** 2"),
        ),
        Mistake(
            "weights multiplied by the state after the step",
            "`dW` was multiplied with the right state: what W saw at step t is the state *before* the step.",
            edit("dz.T @ np.concatenate([states[t],", "dz.T @ np.concatenate([states[t + 1],"),
        ),
    ),
    hints=(
        "Which of the three arrays are wrong for a string of a single step? Which become wrong only with two steps?",
        "Two rules belong to time: carry the state's gradient, and sum the weights' gradients. The code breaks each of "
        "them once. The third fault has to do with which state the output layer reads.",
        "`dV` needs `states[t + 1]`; the gradient of the state is `dlogits[:, t] @ V + dh`; and `db` has to be added "
        "up, `db = db + dz.sum(axis=0)`.",
    ),
    forbids=LIBRARY,
    explain_right="None of the three faults raised an error, and the loss still fell. That is why you check.",
)
