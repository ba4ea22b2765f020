"""11-repair-loop: a training loop with three faults."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question

CLIP = ("min(1.0, clip / norm)", "clip / norm")
COPY = ("best, kept = value, w.copy()", "best, kept = value, w")
ZERO = (
    "    best, kept = np.inf",
    "    g = np.zeros_like(w)\n    best, kept = np.inf",
    "        g = np.zeros_like(w)\n        batch_x",
    "        batch_x",
)


def _cases(rng):
    def case(batches, N, D, updates, learning_rate, clip):
        true = rng.normal(size=D)

        def made(*shape):
            x = rng.normal(size=(*shape, D))
            return x, x @ true + rng.normal(size=shape)

        x, y = made(batches, N)
        held_x, held_y = made(6)
        return dict(x=x, y=y, held_x=held_x, held_y=held_y, updates=updates, learning_rate=learning_rate, clip=clip)

    def clear(*settings):
        """A case in which PyTorch's clipping, which adds 1e-6 to the norm, and the plain one lead to the same."""
        while True:
            arguments = case(*settings)
            (kept, values), (others, _) = _by_autograd(**arguments), _by_autograd(**arguments, added=1e-6)
            best, *rest = np.sort(values)
            if np.allclose(kept, others, 1e-6, 1e-6) and (not rest or rest[0] - best > 1e-4 * best):
                return arguments

    cases = [clear(1, 2, 1, 2, 0.1, 10.0), clear(3, 4, 3, 9, 0.3, 1.0), clear(4, 5, 2, 8, 0.2, 100.0)]
    cases += [clear(2, 3, 5, 12, 0.6, 0.5), clear(5, 2, 4, 10, 0.9, 5.0), clear(3, 3, 3, 7, 0.05, 0.2)]
    return cases


def _by_autograd(x, y, held_x, held_y, updates, learning_rate, clip, added=0.0):
    """The best weights, and the validation loss after each update; `added` is added to the norm before clipping."""
    x, y, held_x, held_y = map(torch.tensor, (x, y, held_x, held_y))
    w, kept, values = torch.zeros(x.shape[2], dtype=torch.float64, requires_grad=True), None, []
    for u in range(updates):
        loss = torch.nn.functional.mse_loss(x[u % len(x)] @ w, y[u % len(x)])
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= learning_rate * gradient * min(1.0, clip / (gradient.norm().item() + added))
            values.append(torch.nn.functional.mse_loss(held_x @ w, held_y).item())
        if values[-1] == min(values):
            kept = w.detach().clone().numpy()
    return kept, values


def _reference(**arguments):
    kept, values = _by_autograd(**arguments)
    return kept, np.array(min(values))


REPAIR_LOOP = Question(
    id="11-repair-loop",
    name="train",
    points=3,
    outputs=(Output("kept", ("weight",)), Output("best", ())),
    cases=_cases,
    reference=_reference,
    mistakes=(
        Mistake(
            "nothing repaired",
            "All three faults are still there. Take one update with a small gradient; then two updates; then compare "
            "`best` with the loss that `kept` really has.",
            edit(*CLIP, *COPY, *ZERO),
        ),
        Mistake(
            "gradients not reset",
            "One fault is left: `g` still holds the gradients of all earlier batches. Each update needs its own.",
            edit(*ZERO),
        ),
        Mistake(
            "clipping makes small gradients large",
            "One fault is left: every gradient gets the norm `clip`, even one that was shorter. Clipping should only "
            "shorten.",
            edit(*CLIP),
        ),
        Mistake(
            "kept isn't a copy",
            "One fault is left: `kept` holds the last weights. It is another name for `w`, which goes on changing, so "
            "its loss isn't `best`.",
            edit(*COPY),
        ),
        Mistake(
            "only the copy repaired",
            "One fault is repaired: `kept` is a copy. Two are left, and both concern the gradient.",
            edit(*CLIP, *ZERO),
        ),
        Mistake(
            "only the clipping repaired",
            "One fault is repaired: the clipping. Two are left: what does `g` hold at the second update, and what does "
            "`kept` hold at the end?",
            edit(*COPY, *ZERO),
        ),
        Mistake(
            "only the gradient reset",
            "One fault is repaired: each update has its own gradient. Two are left: what happens to a gradient that is "
            "shorter than `clip`, and what does `kept` hold at the end?",
            edit(*CLIP, *COPY),
        ),
    ),
    hints=(
        "Call it with one update, then with two, and compare with a calculation by hand. Which fault shows up with a "
        "single update?",
        "The three lines at fault: the one that shortens the gradient, the one that remembers the best weights, and "
        "one that is missing at the beginning of each update.",
        "`g = np.zeros_like(w)` belongs inside the loop, the factor is `min(1.0, clip / norm)`, and the best weights "
        "are `w.copy()`.",
    ),
    explain_right="None of the three raised an error. In PyTorch they are called zero_grad, clip_grad_norm_ and "
    "deepcopy(state_dict()).",
)
