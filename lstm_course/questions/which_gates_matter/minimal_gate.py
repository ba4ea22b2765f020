"""08-minimal-gate: a cell with a single gate, forward and backward."""

import torch

from ..edits import edit
from ..question import Mistake, Output, Question

SIZES = ((1, 2, 2), (3, 4, 2), (2, 3, 5), (4, 4, 4), (1, 1, 1), (5, 2, 3))  # N, D, H


def _minimal_cases(rng):
    def case(N, D, H, scale=1.0):
        return dict(
            x=scale * rng.normal(size=(N, D)),
            h=rng.uniform(-1, 1, (N, H)),
            W=rng.normal(size=(2 * H, D)),
            U=rng.normal(size=(2 * H, H)),
            b=rng.normal(size=2 * H),
            dh_next=rng.normal(size=(N, H)),
        )

    return [case(*size) for size in SIZES] + [case(2, 3, 2, scale=50.0)]


def _with_autograd(x, h, W, U, b, dh_next):
    x, h = (torch.tensor(each, requires_grad=True) for each in (x, h))
    W, U, b = (torch.tensor(each).chunk(2) for each in (W, U, b))
    f = torch.sigmoid(x @ W[0].T + h @ U[0].T + b[0])
    h_next = torch.lerp(h, torch.rnn_tanh_cell(x, f * h, W[1], U[1], b[1], torch.zeros_like(b[1])), f)
    dx, dh = torch.autograd.grad(h_next, (x, h), torch.tensor(dh_next))
    return h_next.detach().numpy(), dx.numpy(), dh.numpy()


MINIMAL_GATE = Question(
    id="08-minimal-gate",
    name="minimal_step",
    points=4,
    outputs=(
        Output("h_next", ("sample", "unit")),
        Output("dx", ("sample", "feature"), backward=True),
        Output("dh", ("sample", "unit"), backward=True),
    ),
    cases=_minimal_cases,
    reference=_with_autograd,
    mistakes=(
        Mistake(
            "the gate as in a GRU of PyTorch",
            "Here f multiplies the *candidate* and 1 - f multiplies the old state. You have them the other way round.",
            edit("(1 - f) * h + f * n", "f * h + (1 - f) * n"),
        ),
        Mistake(
            "the candidate sees all of h",
            "The candidate sees f * h, not h, because the one gate also does the work of a reset gate.",
            edit("(f * h) @ U[H:].T", "h @ U[H:].T"),
        ),
        Mistake(
            "the path from f through the candidate dropped",
            "f acts in two places: in the mean of h and n, and inside the candidate, as f * h. Your gradient of f "
            "lacks the second part.",
            edit("dh_next * (n - h) + dseen * h", "dh_next * (n - h)"),
        ),
        Mistake(
            "the slope of the tanh left out",
            "Your gradient of the candidate doesn't go back through the tanh, whose slope is `1 - n**2`.",
            edit("dh_next * f * (1 - n**2)", "dh_next * f"),
        ),
        Mistake(
            "the slope of the sigmoid left out",
            "Your gradient of the gate doesn't go back through the sigmoid, whose slope is f * (1 - f).",
            edit("dseen * h) * f * (1 - f)", "dseen * h)"),
        ),
        Mistake(
            "the path of x through the gate dropped",
            "x reaches both the gate and the candidate, and your gradient of x lacks the path through the gate.",
            edit("dz_f @ W[:H] + dz_n @ W[H:]", "dz_n @ W[H:]"),
        ),
        Mistake(
            "the path of h through the candidate dropped",
            "h reaches the candidate as f * h, and your gradient of h lacks that path.",
            edit("dh_next * (1 - f) + dseen * f", "dh_next * (1 - f)"),
        ),
        Mistake(
            "the path of h through the gate dropped",
            "The gate reads h, too, and your gradient of h lacks that path.",
            edit(" + dz_f @ U[:H]", ""),
        ),
        Mistake(
            "the direct path of h dropped",
            "The new state contains the old one directly, times 1 - f. Your gradient of h lacks that path, through "
            "which the cell remembers.",
            edit("dh_next * (1 - f) + dseen * f", "dseen * f"),
        ),
    ),
    hints=(
        "In how many places does f act, and along how many paths does h reach h_next?",
        "f acts in two places: in (1 - f) h + f n, and inside the candidate. h takes three paths: directly, as f * h "
        "in the candidate, and through the gate. Work out the gradients of n, of f * h and of f before that of h.",
        "`dz_n = dh_next * f * (1 - n**2)`, `dseen = dz_n @ U[H:]`, `dz_f = (dh_next * (n - h) + dseen * h) * f * "
        "(1 - f)`; then `dx = dz_f @ W[:H] + dz_n @ W[H:]` and `dh = dh_next * (1 - f) + dseen * f + dz_f @ U[:H]`.",
    ),
    explain_right="One more merge after those of the GRU, and you have a cell with a single gate that you can train.",
)
