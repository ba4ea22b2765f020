"""08-gru-step: one step of a GRU in four conventions."""

import numpy as np
import torch

from ..edits import edit
from ..question import Mistake, Output, Question

SIZES = ((1, 2, 2), (3, 4, 2), (2, 3, 5), (4, 4, 4), (1, 1, 1))  # N, D, H


def _gru_cases(rng):
    def case(N, D, H, z_keeps, reset_after, scale=1.0):
        return dict(
            x=scale * rng.normal(size=(N, D)),
            h=rng.uniform(-1, 1, (N, H)),
            W=rng.normal(size=(3 * H, D)),
            U=rng.normal(size=(3 * H, H)),
            b=rng.normal(size=3 * H),
            d=rng.normal(size=H),
            z_keeps=z_keeps,
            reset_after=reset_after,
        )

    conventions = [(True, True), (False, True), (True, False), (False, False)]
    cases = [case(*size, *conventions[k % 4]) for k, size in enumerate(SIZES)]
    return cases + [case(2, 3, 4, *convention, scale=scale) for convention in conventions for scale in (1.0, 100.0)]


def _with_torch(x, h, W, U, b, d, z_keeps, reset_after):
    """PyTorch's cells: `gru_cell`, with the rows of z negated where z lets in; before, `rnn_tanh_cell` fed with r h."""
    H = h.shape[1]
    signs = np.ones(3 * H)
    signs[H : 2 * H] = 1 if z_keeps else -1  # 1 - sigmoid(a) = sigmoid(-a)
    W, U, b = signs[:, None] * W, signs[:, None] * U, signs * b
    x, h, W, U, b = (torch.tensor(each) for each in (x, h, W, U, b))
    inner = torch.cat([torch.zeros(2 * H, dtype=torch.float64), torch.tensor(d)])
    if reset_after:
        return torch.gru_cell(x, h, W, U, b, inner).numpy()
    r, z = torch.sigmoid(x @ W[: 2 * H].T + h @ U[: 2 * H].T + b[: 2 * H]).split(H, dim=1)
    n = torch.rnn_tanh_cell(x, r * h, W[2 * H :], U[2 * H :], b[2 * H :], inner[2 * H :])
    return torch.lerp(n, h, z).numpy()


GRU_STEP = Question(
    id="08-gru-step",
    name="gru_step",
    points=3,
    outputs=(Output("h_next", ("sample", "unit")),),
    cases=_gru_cases,
    reference=_with_torch,
    mistakes=(
        Mistake(
            "always PyTorch's z",
            "You return the same state for both values of `z_keeps`. If it is False, z multiplies the candidate and "
            "1 - z multiplies the old state.",
            edit("if z_keeps:", "if True:"),
        ),
        Mistake(
            "the two conventions of z swapped",
            "Your z does the opposite of what `z_keeps` says. If `z_keeps` is True, z multiplies the *old* state.",
            edit("if z_keeps:", "if not z_keeps:"),
        ),
        Mistake(
            "always reset after the product",
            "You return the same state for both values of `reset_after`. If it is False, r multiplies h itself, "
            "before the product with the weights of n.",
            edit("if reset_after:", "if True:"),
        ),
        Mistake(
            "reset before and after swapped",
            "Your `reset_after` works the wrong way round. If it is True, r multiplies the product U_n h + d; if it is "
            "False, r multiplies h.",
            edit("if reset_after:", "if not reset_after:"),
        ),
        Mistake(
            "the bias d outside the reset gate",
            "If `reset_after` is True, r multiplies the whole sum U_n h + d. You add d after the multiplication.",
            edit("r * (h @ U_n.T + d)", "r * (h @ U_n.T) + d"),
        ),
        Mistake(
            "the bias d left out",
            "Your candidate lacks the bias d, which belongs to the product with h.",
            edit("r * (h @ U_n.T + d)", "r * (h @ U_n.T)", "(r * h) @ U_n.T + d", "(r * h) @ U_n.T"),
        ),
        Mistake(
            "the rows in the order z, r, n",
            "You read the rows as z, r, n, which is the order of Keras. Here they are r, z, n.",
            edit("r, z = np.split(gates", "z, r = np.split(gates"),
        ),
    ),
    hints=(
        "Which parts of the step are the same in all four conventions?",
        "r and z are the same in all four. Two independent choices remain: does r multiply `h` or `U_n h + d`, and "
        "does z multiply `h` or `n`?",
        "`recurrent = r * (h @ U_n.T + d) if reset_after else (r * h) @ U_n.T + d`, `n = np.tanh(x @ W_n.T + b_n + "
        "recurrent)`, and `z * h + (1 - z) * n` if `z_keeps`, else `(1 - z) * h + z * n`.",
    ),
    explain_right="Your function covers four GRUs. With both arguments True, it is PyTorch's and, by default, Keras'.",
)
