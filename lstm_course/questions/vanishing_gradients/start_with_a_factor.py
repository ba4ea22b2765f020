"""03-start-with-a-factor (blank page): recurrent weights whose gradient shrinks by a given factor."""

import numpy as np

from lstm_course.scratch.diagnostics import factor_per_step, gradient_norms

from ..edits import edit
from ..question import Mistake, Output, Question
from .common import network

OFF_BY = 0.02  # largest accepted difference between the measured and the target factor
TARGETS = (0.9, 0.95, 0.7, 0.97)  # of the cases
ROTATION = "Q, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(H, H)))"  # a line of the solution


def _start_cases(rng):
    def case(target, size, H=16, N=4, T=61, D=3):
        x = size * rng.normal(size=(N, T, D))
        return dict(x=x, W_x=rng.normal(size=(H, D)) / np.sqrt(D), target=target)

    # All targets are below 1: above 1 the network is chaotic, and the factor jumps as the weights change.
    return [case(0.9, 0.5), case(0.95, 1.0), case(0.7, 2.0, H=12, D=2), case(0.97, 0.0), case(0.97, 0.3, N=6, D=1)]


def measured(x, W_x, W_h):
    """The factor per step of a plain network with these weights and without biases, on these inputs."""
    norms = gradient_norms(network(W_x, W_h), x)
    try:
        return factor_per_step(norms, first=10, last=x.shape[1] - 1)
    except ValueError:  # too few lags with a gradient that is not zero
        return 0.0


def _run_start(case, W_h):
    """The factor of the learner's matrix, measured by the package."""
    H = len(case["W_x"])
    if W_h.shape != (H, H):
        raise ValueError(f"`W_h` has shape {W_h.shape}; wanted ({H}, {H}), as `W_x` has {H} rows.")
    if not np.isfinite(W_h).all():
        raise ValueError("`W_h` holds a number that is not finite.")
    return (np.array(measured(case["x"], case["W_x"], W_h)),)


def _is_rotation(has_gain):
    """Recognise a multiple of a rotation, whatever the rotation, if its gain fulfils a condition."""

    def recognise(W_h):
        gain = np.linalg.norm(W_h, 2)
        return np.allclose(W_h.T @ W_h, gain**2 * np.eye(len(W_h)), atol=1e-6) and has_gain(gain)

    return recognise


def _radius_is_a_target(W_h):
    """Whether the spectral radius equals one of the targets."""
    radius = np.abs(np.linalg.eigvals(W_h)).max()
    return any(abs(radius - target) < 1e-6 for target in TARGETS)


def _gain_at_a_round_number(gain):
    """Whether a bisection may have stopped at the end of its interval: a gain near 0.5, 1, 1.5, 2, ..."""
    return gain > 0.3 and abs(2 * gain - np.round(2 * gain)) < 2e-3


def _as_pytorch_starts(W_h):
    """Whether the entries look as if drawn uniformly between -1 / sqrt(H) and 1 / sqrt(H)."""
    share = W_h.ravel() * np.sqrt(len(W_h))
    return (
        0.9 < np.abs(share).max() < 1 + 1e-6
        and len(np.unique(share)) == share.size
        and abs(share.mean()) < 0.2
        and abs(share.std() * np.sqrt(3) - 1) < 0.2
    )


START = Question(
    id="03-start-with-a-factor",
    name="recurrent_matrix",
    points=4,
    outputs=(Output("factor per step", ()),),
    returns=("W_h",),
    cases=_start_cases,
    reference=lambda x, W_x, target: np.array(target),
    observe=_run_start,
    tolerance=0.0,
    margin=OFF_BY,
    mistakes=(
        Mistake(
            "spectral radius set to the target",
            "The spectral radius of your matrix is the target. Without inputs that would nearly do. With inputs, "
            "the slopes of the tanh change the factor: measure it, and compensate.",
            edit(
                ROTATION,
                "W = np.random.default_rng(0).normal(size=(H, H))\n"
                "    return W * target / np.abs(np.linalg.eigvals(W)).max()",
            ),
            recognise=_radius_is_a_target,
        ),
        Mistake(
            "PyTorch's own start",
            "Your entries are drawn uniformly between -1/sqrt(H) and 1/sqrt(H), as in PyTorch's initialisation. "
            "Its factor ignores the target; scale the matrix until the measured factor is right.",
            edit(
                ROTATION,
                "return np.random.default_rng(0).uniform(-1, 1, (H, H)) / np.sqrt(H)",
            ),
            recognise=_as_pytorch_starts,
        ),
        Mistake(
            "nothing recurrent",
            "Your matrix is zero: no state reaches the next step, and no gradient reaches the previous one.",
            edit(ROTATION, "return np.zeros((H, H))"),
            recognise=lambda W_h: not W_h.any(),
        ),
        Mistake(
            "no negative entries",
            "No entry of your matrix is negative (or none is positive). For such a matrix the factor doesn't grow "
            "steadily with the gain, so a search misses the target; use random entries of both signs.",
            edit(
                ROTATION,
                "Q = np.random.default_rng(0).uniform(0, 1, (H, H)) / np.sqrt(H)",
                "low, high = 0.1",
                "low, high = 0.05",
            ),
            recognise=lambda W_h: (W_h >= 0).all() or (W_h <= 0).all(),
        ),
        Mistake(
            "gain at the end of the interval",
            "Your matrix is orthogonal times a gain that is a round number, to a thousandth. If a search ended there, "
            "it stopped at the end of its interval, so widen it. If you didn't search, measure and adjust the gain.",
            edit("0.1, 4.0", "0.1, 1.0"),
            recognise=_is_rotation(lambda gain: gain < 5 and _gain_at_a_round_number(gain)),
        ),
        Mistake(
            "gain far too large",
            "Your matrix is orthogonal with a gain of 5 or more. The states saturate or become chaotic, and the "
            "gradient vanishes or explodes. Search between 0 and 5.",
            edit("    low, high = 0.1", "    return 8 * Q\n    low, high = 0.1"),
            recognise=_is_rotation(lambda gain: gain >= 5),
        ),
    ),
    hints=(
        "You can measure the factor of any matrix with `measured`. Which single number could you adjust until the "
        "factor is right?",
        "Take any random matrix, preferably an orthogonal one (the first result of `np.linalg.qr` for a random "
        "matrix), and multiply it by a gain. At a gain of 0.1 the factor is too small, and at 4 it is too large. How "
        "do you quickly find a point between two numbers?",
        "Halve the interval about twenty times: `gain = (low + high) / 2`; if "
        "`measured(x, W_x, gain * Q) < target`, the gain is too small and `low = gain`, else `high = gain`. Return "
        "`gain * Q`.",
    ),
    explain_right="An initialisation whose gradient reaches as far as you decided, for these inputs. For others, "
    "measure again.",
)
