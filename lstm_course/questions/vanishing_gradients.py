"""Questions of lesson 03: vanishing and exploding gradients."""

from types import SimpleNamespace

import numpy as np

from lstm_course.scratch import RNN, clip_by_norm
from lstm_course.scratch.diagnostics import factor_per_step, gradient_norms

from .question import Choice, Mistake, Option, Output, Question


def _network(W_x, W_h, b=0.0):
    """The package's own plain layer with these weights."""
    layer = RNN(W_x.shape[1], len(W_h))
    layer.parameters["weight_ih_l0"][...], layer.parameters["weight_hh_l0"][...] = W_x, W_h
    layer.parameters["bias_ih_l0"][...], layer.parameters["bias_hh_l0"][...] = b, 0
    return layer


# --- 03-step-jacobian -------------------------------------------------------------------------------------------


def _step_cases(rng):
    def case(H, D, scale=1.0):
        return dict(
            x=scale * rng.normal(size=D),
            h=rng.uniform(-0.9, 0.9, H),
            W_x=rng.normal(size=(H, D)),
            W_h=rng.normal(size=(H, H)),
            b=rng.normal(size=H),
        )

    return [case(1, 1), case(2, 3), case(3, 3), case(4, 2), case(2, 5), case(3, 2, scale=100.0)]


def _step_jacobian(x, h, W_x, W_h, b):
    """Row i is what the layer's backward pass makes of a gradient of one at unit i."""
    layer, H = _network(W_x, W_h, b), len(h)
    layer(np.tile(x, (H, 1, 1)), np.tile(h, (1, H, 1)))
    return layer.backward(np.eye(H)[:, None])[1][0]


def _wrong_jacobian(make):
    """A wrong Jacobian from the sum z, the new state h' and the arguments."""

    def answer(x, h, W_x, W_h, b):
        z = W_h @ h + W_x @ x + b
        return make(z, np.tanh(z), h, W_h)

    return answer


STEP_JACOBIAN = Question(
    id="03-step-jacobian",
    name="step_jacobian",
    points=2,
    outputs=(Output("J", ("row", "column")),),
    cases=_step_cases,
    reference=_step_jacobian,
    mistakes=(
        Mistake(
            "transposed",
            "Your matrix is the transpose. Row i belongs to the unit of the new state, column j to that of the old "
            "one: the slope of unit i multiplies row i of `W_h`.",
            _wrong_jacobian(lambda z, h_next, h, W_h: ((1 - h_next**2)[:, None] * W_h).T),
        ),
        Mistake(
            "slope missing",
            "You return `W_h` itself, or its transpose. The tanh passes a change on with its slope, 1 - h'^2, unit by "
            "unit.",
            lambda x, h, W_x, W_h, b: W_h,
        ),
        Mistake(
            "slope taken at z",
            "Your slope is 1 - z^2, with the sum z before the tanh. The slope of a tanh is written with what comes "
            "*out* of it: 1 - h'^2.",
            _wrong_jacobian(lambda z, h_next, h, W_h: (1 - z**2)[:, None] * W_h),
        ),
        Mistake(
            "slope of the old state",
            "Your slope is 1 - h^2, with the state that goes into the step. It belongs to the tanh of *this* step: "
            "compute h' first.",
            _wrong_jacobian(lambda z, h_next, h, W_h: (1 - h**2)[:, None] * W_h),
        ),
        Mistake(
            "columns scaled instead of rows",
            "You multiply column j by the slope of unit j. `slope * W_h` lays the slopes along the columns; "
            "`slope[:, None] * W_h` lays them along the rows.",
            _wrong_jacobian(lambda z, h_next, h, W_h: (1 - h_next**2) * W_h),
        ),
        Mistake(
            "square forgotten",
            "Your slope is 1 - h'. The slope of a tanh is 1 - h'^2.",
            _wrong_jacobian(lambda z, h_next, h, W_h: (1 - h_next)[:, None] * W_h),
        ),
        Mistake(
            "weights of the input",
            "You scale the rows of `W_x`: that is the derivative by the *input*. The old state comes in through `W_h`.",
            lambda x, h, W_x, W_h, b: (1 - np.tanh(W_h @ h + W_x @ x + b) ** 2)[:, None] * W_x,
        ),
    ),
    raising=(
        Mistake(
            "weights swapped",
            "You multiply the state by `W_x` and the input by `W_h`. `W_h` belongs to `h`, `W_x` to `x`.",
            lambda x, h, W_x, W_h, b: W_x @ h + W_h @ x,
        ),
        Mistake(
            "weights swapped, input first",
            "You multiply the input by `W_h` and the state by `W_x`. `W_h` belongs to `h`, `W_x` to `x`.",
            lambda x, h, W_x, W_h, b: W_h @ x + W_x @ h,
        ),
    ),
    hints=(
        "The entry in row i and column j says how much $h'_i$ moves when $h_j$ does. Which two things stand between "
        "them?",
        "Compute h' as the network does. The slope of its tanh is `1 - h_next**2`, one number for each unit of the "
        "*new* state. Which axis of `W_h` belongs to the new state?",
        "`h_next = np.tanh(W_h @ h + W_x @ x + b)`, then `(1 - h_next**2)[:, None] * W_h`. The `[:, None]` makes a "
        "column of the slopes, so that each multiplies a row.",
    ),
    explain_right="Everything that goes back through a plain network goes through this matrix, once a step.",
)


# --- 03-norms-by-lag --------------------------------------------------------------------------------------------


def _norm_cases(rng):
    def case(T, H, gain=1.0, scale=1.0):
        x = scale * rng.normal(size=(T, H))
        W_h = gain * rng.normal(size=(H, H)) / np.sqrt(H)
        y, _ = _network(np.eye(H), W_h)(x[None])
        return dict(states=y[0], W_h=W_h, u=rng.normal(size=H), x=x)

    # One step, one unit, shapes in which no two sizes agree, a square one, and a product that explodes.
    return [case(3, 2), case(1, 3), case(5, 1), case(4, 4, gain=0.5), case(6, 3), case(7, 5, gain=4.0, scale=0.2)]


def _norms(states, W_h, u, x):
    """By the layer's backward pass: over the last k steps, by the state before them."""
    layer, T = _network(np.eye(len(u)), W_h), len(states)
    norms = [np.linalg.norm(u)]
    for k in range(1, T):
        y, _ = layer(x[None, T - k :], states[None, None, T - k - 1])
        dy = np.zeros_like(y)
        dy[0, -1] = u
        norms.append(np.linalg.norm(layer.backward(dy)[1]))
    return np.array(norms)


def _wrong_norms(back, first=0, norm=np.linalg.norm):
    """A wrong way back: `back(g, slope, W_h)` is a step, made `first` times before the first norm is taken."""

    def answer(states, W_h, u):
        g, norms = u, []
        for h in states[::-1]:
            before = back(g, 1 - h**2, W_h)
            norms.append(norm(before if first else g))
            g = before
        return np.array(norms)

    return answer


def _right_back(g, slope, W_h):
    return (g * slope) @ W_h


def _norms_by_the_state_before(states, W_h, u):
    g, norms = u, [np.linalg.norm(u)]
    for h in states[-2::-1]:
        g = (g * (1 - h**2)) @ W_h
        norms.append(np.linalg.norm(g))
    return np.array(norms)


NORMS_BY_LAG = Question(
    id="03-norms-by-lag",
    name="norms_by_lag",
    points=3,
    outputs=(Output("norms", ("lag",)),),
    withheld=("x",),
    cases=_norm_cases,
    reference=_norms,
    mistakes=(
        Mistake(
            "oldest first",
            "Your norms are right and stand in the order of time. They are wanted by lag: entry 0 is that of the last "
            "state, the length of `u` itself.",
            lambda states, W_h, u: _wrong_norms(_right_back)(states, W_h, u)[::-1],
        ),
        Mistake(
            "slopes missing",
            "You go back through `W_h` alone. Each step also multiplies by the slopes of its tanh, `1 - states[t]**2`.",
            _wrong_norms(lambda g, slope, W_h: g @ W_h),
        ),
        Mistake(
            "weights transposed",
            "You go back with `W_h @ g`. Back means from the new state to the old one: `g @ W_h`, or `W_h.T @ g`.",
            _wrong_norms(lambda g, slope, W_h: W_h @ (g * slope)),
        ),
        Mistake(
            "from the wrong side",
            "You multiply `J @ g`. `u` stands on the left: `g @ J`, not `J @ g`.",
            _wrong_norms(lambda g, slope, W_h: slope * (W_h @ g)),
        ),
        Mistake(
            "slope of the state before the step",
            "You take the slopes of the state that goes *into* a step. The tanh of a step is that of the state which "
            "comes out of it: for the last step, that is the last row of `states`.",
            _norms_by_the_state_before,
        ),
        Mistake(
            "slope after the weights",
            "You multiply by `W_h` first and by the slopes after it. Going back, the tanh comes first: it is the last "
            "thing that the step did.",
            _wrong_norms(lambda g, slope, W_h: (g @ W_h) * slope),
        ),
        Mistake(
            "one step too far",
            "Entry k holds the norm at lag k + 1. At lag 0 nothing has been multiplied yet: the norm is that of `u`.",
            _wrong_norms(_right_back, first=1),
        ),
        Mistake(
            "forwards in time",
            "You take the slopes of the first state first. The way back begins at the last state.",
            lambda states, W_h, u: _wrong_norms(_right_back)(states[::-1], W_h, u),
        ),
        Mistake(
            "squares of the norms",
            "Your numbers are the squares of the norms: the root is missing.",
            lambda states, W_h, u: _wrong_norms(_right_back)(states, W_h, u) ** 2,
        ),
    ),
    hints=(
        "At lag 0 the gradient is `u` itself. By which matrix do you multiply it to come to lag 1, and on which side "
        "does it stand?",
        "Start with `g = u`. For each state from the last to the first: note the norm of `g`, then replace it by g "
        "times the Jacobian of the step that made this state, `(1 - h**2)[:, None] * W_h`.",
        "`for h in states[::-1]:` then `norms.append(np.linalg.norm(g))` and `g = (g * (1 - h**2)) @ W_h`.",
    ),
    forbids=("lstm_course.scratch.diagnostics:gradient_norms",),
    explain_right="On a logarithmic axis these norms are nearly a line, and its slope is the factor per step.",
)


# --- 03-scale-to-radius -----------------------------------------------------------------------------------------


def _matrix_cases(rng):
    def turning(H):
        """A matrix whose largest eigenvalues are a complex pair with a negative real part."""
        W = 0.1 * rng.normal(size=(H, H))
        W[:2, :2] = [[-0.6, -2.0], [2.0, -0.6]]
        return W

    def matrix(H, radius, size=1.0):
        return dict(W=size * rng.normal(size=(H, H)), radius=radius)

    cases = [matrix(2, 0.9), dict(W=-rng.uniform(0.5, 3, (1, 1)), radius=1.0), dict(W=turning(3), radius=1.0)]
    cases += [dict(W=turning(5), radius=rng.uniform(0.5, 2)), matrix(4, 1.5, size=1e-4), matrix(8, 0.5, size=1e3)]
    return [*cases, dict(W=np.array([[0.9, rng.uniform(4, 6)], [0.0, 0.8]]), radius=1.2)]


def _scaled(W, radius):
    """By Gelfand's formula, radius = lim ||W^k||^(1/k), with k = 2^50 reached by squaring."""
    logarithm, power = 0.0, W
    for doubling in range(50):
        length = np.linalg.norm(power)
        logarithm += np.log(length) / 2.0**doubling
        power = (power / length) @ (power / length)
    return W * radius / np.exp(logarithm)


SCALE_TO_RADIUS = Question(
    id="03-scale-to-radius",
    name="scale_to_radius",
    points=2,
    outputs=(Output("W", ("row", "column")),),
    cases=_matrix_cases,
    reference=_scaled,
    mistakes=(
        Mistake(
            "largest singular value",
            "You divide by the largest singular value (`np.linalg.norm(W, 2)` is that, too). It bounds one step; the "
            "spectral radius is the largest magnitude of an *eigenvalue*.",
            lambda W, radius: W * radius / np.linalg.norm(W, 2),
        ),
        Mistake(
            "largest real part",
            "You divide by the largest real part. Eigenvalues may be complex or negative; what counts is how far they "
            "lie from 0: `np.abs(np.linalg.eigvals(W)).max()`.",
            lambda W, radius: W * radius / np.linalg.eigvals(W).real.max(),
        ),
        Mistake(
            "real parts only",
            "You take the magnitude of the real parts. A complex eigenvalue has an imaginary part as well, and "
            "`np.abs` of the complex number takes both.",
            lambda W, radius: W * radius / np.abs(np.linalg.eigvals(W).real).max(),
        ),
        Mistake(
            "largest entry",
            "You divide by the largest entry. That says little of what the matrix does when it is applied again and "
            "again; take its eigenvalues.",
            lambda W, radius: W * radius / np.abs(W).max(),
        ),
        Mistake(
            "length of all entries",
            "You divide by `np.linalg.norm(W)`, the root of the sum of all squares. Take the eigenvalues.",
            lambda W, radius: W * radius / np.linalg.norm(W),
        ),
        Mistake(
            "multiplied without dividing",
            "You multiply by `radius`, whatever radius the matrix had before. Divide by that first.",
            lambda W, radius: W * radius,
        ),
        Mistake(
            "upside down",
            "You divide by the wanted radius and multiply by the one there is. It is the other way round.",
            lambda W, radius: W * np.abs(np.linalg.eigvals(W)).max() / radius,
        ),
    ),
    hints=(
        "When all of a matrix is multiplied by 3, what happens to its eigenvalues?",
        "They are multiplied by 3, too. So you need one number: the wanted radius over the radius that there is. The "
        "latter is the largest magnitude of the eigenvalues, `np.linalg.eigvals(W)`. They may be complex: if the card "
        "says complex128, the magnitude (`np.abs`) is missing.",
        "`W * radius / np.abs(np.linalg.eigvals(W)).max()`",
    ),
    explain_right="The same directions, another factor: a start with a radius of your choice.",
)


# --- 03-clip-by-norm --------------------------------------------------------------------------------------------

NAMES = ("dW_x", "dW_h", "db")


def _gradient_cases(rng):
    def case(H, D, size, max_norm):
        shapes = dict(zip(NAMES, ((H, D), (H, H), (H,))))
        return {name: size * rng.normal(size=shape) + 0.0 for name, shape in shapes.items()} | {"max_norm": max_norm}

    # Nothing at all; a bound other than 1; short enough already; far too long.
    cases = [case(1, 1, 0.0, 1.0), case(1, 1, 3.0, 0.5), case(2, 3, 0.01, 1.0), case(3, 3, 1e5, 1.0)]
    return [*cases, case(3, 2, 0.0, 1.0), case(4, 2, 2.0, 5.0)]


def _clipped(dW_x, dW_h, db, max_norm):
    gradients = {name: array.copy() for name, array in zip(NAMES, (dW_x, dW_h, db))}
    clip_by_norm([SimpleNamespace(parameters=gradients, gradients=gradients)], max_norm)
    return tuple(gradients.values())


def _shortened(norm_of, always=False):
    """Clipping with a wrong length: `norm_of(arrays)` is one for all, or one for each array."""

    def answer(dW_x, dW_h, db, max_norm):
        arrays = dW_x, dW_h, db
        norms = np.broadcast_to(norm_of(arrays), len(arrays))
        with np.errstate(all="ignore"):
            scales = max_norm / norms
        scales = np.where((norms > max_norm) | ((norms > 0) & always), scales, 1)
        return tuple(array * scale for array, scale in zip(arrays, scales))

    return answer


def _length(arrays):
    return np.sqrt(sum((array**2).sum() for array in arrays))


def _nan_at_zero(dW_x, dW_h, db, max_norm):
    length = _length((dW_x, dW_h, db))
    with np.errstate(all="ignore"):
        return tuple(array / length * min(length, max_norm) for array in (dW_x, dW_h, db))


CLIP_BY_NORM = Question(
    id="03-clip-by-norm",
    name="clip_by_norm",
    points=2,
    outputs=(
        Output("dW_x", ("unit", "feature")),
        Output("dW_h", ("unit", "unit before")),
        Output("db", ("unit",)),
    ),
    cases=_gradient_cases,
    reference=_clipped,
    mistakes=(
        Mistake(
            "each array by itself",
            "You clip each array by its own norm. The three are parts of *one* gradient: one norm over all of them, "
            "and the same factor for all, or its direction turns.",
            _shortened(lambda arrays: [np.linalg.norm(array) for array in arrays]),
        ),
        Mistake(
            "clipped by value",
            "You cut each number off at the bound. That is clipping by value, which turns the direction; here the "
            "whole gradient is to be shortened.",
            lambda dW_x, dW_h, db, max_norm: tuple(np.clip(a, -max_norm, max_norm) for a in (dW_x, dW_h, db)),
        ),
        Mistake(
            "short gradients made longer",
            "You bring every gradient to the bound, short ones, too. Clipping only shortens: what is short enough "
            "already stays as it is.",
            _shortened(_length, always=True),
        ),
        Mistake(
            "nan for a gradient of zero",
            "A gradient of all zeros becomes nan: you divide by its norm. Divide only when it is above the bound.",
            _nan_at_zero,
            recognise=lambda *clipped: any(np.isnan(array).any() for array in clipped),  # of the first case, all zeros
        ),
        Mistake(
            "norms added up",
            "Your norm is the sum of the three norms. The squares add up, not the lengths: take the root of the sum of "
            "all squares.",
            _shortened(lambda arrays: sum(np.linalg.norm(array) for array in arrays)),
        ),
        Mistake(
            "largest singular values",
            "Your norm of a matrix is its largest singular value: that is what `np.linalg.norm(W, 2)` gives. Without "
            "the 2 it is the root of the sum of all squares.",
            _shortened(lambda arrays: np.sqrt(sum(np.linalg.norm(array, 2) ** 2 for array in arrays))),
        ),
        Mistake(
            "root forgotten",
            "You compare and divide by the sum of the squares. The norm is its root.",
            _shortened(lambda arrays: _length(arrays) ** 2),
        ),
        Mistake(
            "largest number instead of the norm",
            "You measure the gradient by its largest number. The direction is kept, but the norm after clipping is not "
            "the bound.",
            _shortened(lambda arrays: max(np.abs(array).max() for array in arrays)),
        ),
    ),
    hints=(
        "Think of all numbers of the three arrays in one long row. How long is it, and what keeps its direction?",
        "The norm is the root of the sum of all squares, over all three arrays. If it is above `max_norm`, multiply "
        "each array by the same factor, `max_norm / norm`. Otherwise?",
        "`norm = np.sqrt((dW_x**2).sum() + (dW_h**2).sum() + (db**2).sum())`, then "
        "`scale = max_norm / norm if norm > max_norm else 1.0`, and return each array times `scale`.",
    ),
    forbids=("lstm_course.scratch:clip_by_norm",),
    explain_right="The step is bounded now, and it goes where the gradient said.",
)


# --- 03-start-with-a-factor (blank page) ------------------------------------------------------------------------

OFF_BY = 0.02  # how far the measured factor may be from the wanted one


def _start_cases(rng):
    def case(target, size, H=16, N=4, T=61, D=3):
        x = size * rng.normal(size=(N, T, D))
        return dict(x=x, W_x=rng.normal(size=(H, D)) / np.sqrt(D), target=target)

    # All below 1: above it the network is chaotic, and the factor jumps as the weights move.
    return [case(0.9, 0.5), case(0.95, 1.0), case(0.7, 2.0, H=12, D=2), case(0.97, 0.0), case(0.97, 0.3, N=6, D=1)]


def measured(x, W_x, W_h):
    """The factor per step of a plain network with these weights and no biases, on these inputs."""
    norms = gradient_norms(_network(W_x, W_h), x)
    try:
        return factor_per_step(norms, first=10, last=x.shape[1] - 1)
    except ValueError:  # too few lags at which anything is left
        return 0.0


def _run_start(case, W_h):
    """What the learner's matrix does, measured by the package."""
    H = len(case["W_x"])
    if W_h.shape != (H, H):
        raise ValueError(f"`W_h` has shape {W_h.shape}; wanted ({H}, {H}), as `W_x` has {H} rows.")
    if not np.isfinite(W_h).all():
        raise ValueError("`W_h` holds a number that is not finite.")
    return (np.array(measured(case["x"], case["W_x"], W_h)),)


def _orthogonal(H, gain):
    return gain * np.linalg.qr(np.random.default_rng(0).normal(size=(H, H)))[0]


def _is_orthogonal_times(gain_of):
    """Recognises a rotation with a certain gain, whatever the rotation."""

    def recognise(W_h):
        gain = np.linalg.norm(W_h, 2)
        return np.allclose(W_h.T @ W_h, gain**2 * np.eye(len(W_h)), atol=1e-6) and gain_of(gain)

    return recognise


def _radius_is_a_target(W_h):
    """Every target that a case asks for has matrices scaled to just that radius."""
    radius = np.abs(np.linalg.eigvals(W_h)).max()
    return any(abs(radius - target) < 1e-6 for target in (0.9, 0.95, 0.7, 0.97))


def _gain_at_a_round_number(gain):
    """Whether a search by halves may have stopped at the end of its interval: 1, 1.5, 2, ... to a thousandth."""
    return gain > 0.3 and abs(2 * gain - np.round(2 * gain)) < 2e-3


def _as_pytorch_starts(W_h):
    """Drawn uniformly between -1 / sqrt(H) and 1 / sqrt(H), with all the marks of it."""
    share = W_h.ravel() * np.sqrt(len(W_h))
    return (
        0.9 < np.abs(share).max() < 1 + 1e-6
        and len(np.unique(share)) == share.size
        and abs(share.mean()) < 0.2
        and abs(share.std() * np.sqrt(3) - 1) < 0.2
    )


def _searched(make, low, high):
    """Halves an interval of gains for the matrix of `make(H)`."""

    def answer(x, W_x, target):
        W, ends = make(len(W_x)), [low, high]
        for _ in range(20):
            gain = sum(ends) / 2
            ends[int(measured(x, W_x, gain * W) >= target)] = gain
        return gain * W

    return answer


def _random_to_radius(x, W_x, target):
    W = np.random.default_rng(0).normal(size=(len(W_x), len(W_x)))
    return W * target / np.abs(np.linalg.eigvals(W)).max()


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
            "Your matrix has the wanted factor as its spectral radius. That would about do without inputs. With them "
            "the slopes of the tanh change the factor: measure it, and make up for it.",
            _random_to_radius,
            recognise=_radius_is_a_target,
        ),
        Mistake(
            "PyTorch's own start",
            "Your matrix holds numbers drawn uniformly from -1/sqrt(H) to 1/sqrt(H), as PyTorch starts. Its factor is "
            "what it is, whatever the target; scale the matrix until the measured factor is the wanted one.",
            lambda x, W_x, target: np.random.default_rng(0).uniform(-1, 1, (len(W_x),) * 2) / np.sqrt(len(W_x)),
            recognise=_as_pytorch_starts,
        ),
        Mistake(
            "nothing recurrent",
            "Your matrix is zero: no state reaches the next step, and no gradient the step before.",
            lambda x, W_x, target: np.zeros((len(W_x),) * 2),
            recognise=lambda W_h: not W_h.any(),
        ),
        Mistake(
            "no negative entries",
            "Your matrix is a multiple of the identity, or all its entries are positive. For such a matrix the factor "
            "does not grow steadily with the gain, so a search misses it; take random entries of both signs.",
            _searched(lambda H: np.random.default_rng(0).uniform(0, 1, (H, H)) / np.sqrt(H), 0.05, 4.0),
            recognise=lambda W_h: (W_h >= 0).all() or (W_h <= 0).all(),
        ),
        Mistake(
            "gain at the end of the interval",
            "Your matrix is a rotation whose gain is a round number, to a thousandth. If a search ended there, it "
            "stopped at the end of its interval: widen it. If there was no search: measure, and turn the gain.",
            _searched(lambda H: _orthogonal(H, 1.0), 0.1, 1.0),
            recognise=_is_orthogonal_times(lambda gain: gain < 5 and _gain_at_a_round_number(gain)),
        ),
        Mistake(
            "gain far too large",
            "Your matrix is a rotation with a gain of 5 or more. The state saturates or tumbles, and the gradient "
            "explodes or dies. Search between 0 and 5.",
            lambda x, W_x, target: _orthogonal(len(W_x), 8.0),
            recognise=_is_orthogonal_times(lambda gain: gain >= 5),
        ),
    ),
    hints=(
        "You can measure the factor of any matrix with `measured`. Which single number could you turn until the "
        "factor is right?",
        "Take any random matrix, best an orthogonal one (`np.linalg.qr` of a random matrix, its first result), and "
        "multiply it by a gain. With gain 0.1 the factor is too small, with gain 4 too large. How do you find a place "
        "between two numbers quickly?",
        "Halve the interval, some twenty times: `gain = (low + high) / 2`; if "
        "`measured(x, W_x, gain * Q) < target`, the gain is too small and `low = gain`, else `high = gain`. Return "
        "`gain * Q`.",
    ),
    explain_right="A start whose gradient reaches as far as you decided, for these inputs. For others, measure again.",
)


# --- the quiz ---------------------------------------------------------------------------------------------------

QUIZ = (
    Choice(
        id="03-quiz-share",
        name="quiz_share",
        points=1,
        text="The factor per step of a network is 0.6. The loss comes at step 100. From which steps do the weights "
        "learn?",
        options={
            "a": Option(
                "From nothing: their gradient has vanished.",
                "The gradient of the weights is a sum over all steps. The last of them give it an ordinary size.",
            ),
            "b": Option(
                "From all 100 steps alike, as the same weights act at each.",
                "The same weights, but not the same share: that of a step 40 back is multiplied by 0.6 forty times.",
            ),
            "c": Option(
                "From all 100 steps, if training goes on for long enough.",
                "Each update is again a sum in which the distant steps have next to no share.",
            ),
            "d": Option(
                "Almost only from the last ten or so steps.",
                "Yes. After ten steps 0.6 per cent is left. The sum does not vanish; the share of the distant past "
                "does.",
            ),
        },
        right="d",
        hints=(
            "Does the whole gradient of the weights become small, or a part of it?",
            "It is a sum over steps. What is 0.6 to the power of 10, and of 40?",
            "About 0.006, and about 1e-9. So which steps make up the sum?",
        ),
    ),
    Choice(
        id="03-quiz-clipping",
        name="quiz_clipping",
        points=1,
        text="A plain network fails at a lag of 60 steps; its factor per step is 0.7. A colleague proposes to clip the "
        "gradients by norm. What will that do?",
        options={
            "a": Option(
                "It helps: clipping keeps gradients at a useful size.",
                "Clipping only shortens, and it shortens the whole. What comes from 60 steps back stays as small a "
                "part.",
            ),
            "b": Option(
                "Nothing for the lag: the share of the distant steps stays the same.",
                "Yes. One number multiplies the whole gradient. Against vanishing one needs another factor: another "
                "start, or another cell.",
            ),
            "c": Option(
                "It helps if the bound is high enough.",
                "A high bound changes nothing at all, and a low one shortens near and far alike.",
            ),
            "d": Option(
                "It makes the network forget even sooner.",
                "The direction of the gradient stays; only the length of the step changes.",
            ),
        },
        right="b",
        hints=(
            "What does clipping by norm do to the ratio of two parts of a gradient?",
            "It multiplies both by the same number.",
            "So the part from 60 steps back is 0.7^60 of the rest before, and after?",
        ),
    ),
    Choice(
        id="03-quiz-radius",
        name="quiz_radius",
        points=1,
        text="`W_h` is a random matrix, scaled to a spectral radius of exactly 1. Inputs of size 1 come in at every "
        "step. What is the factor per step of the gradient?",
        options={
            "a": Option(
                "Below 1: the slopes of the tanh come on top.",
                "Yes. Inputs move the states away from 0, where the tanh is less steep than 1, and every step "
                "multiplies by these slopes. In a random matrix nothing makes up for them.",
            ),
            "b": Option(
                "Exactly 1: that is what the spectral radius says.",
                "It says so of the powers of `W_h` alone, in the long run. The Jacobian has the slopes of the tanh in "
                "it.",
            ),
            "c": Option(
                "Above 1, as the largest singular value is larger than the radius.",
                "The singular value bounds what one step can do; it is not what a step does on average. For a random "
                "matrix the slopes bring the factor below the radius.",
            ),
        },
        right="a",
        hints=(
            "Which two things make up the Jacobian of a step?",
            "`W_h`, and the slopes 1 - h'^2. When are these slopes exactly 1?",
            "Only where h' is 0. With inputs it is not.",
        ),
    ),
    Choice(
        id="03-quiz-product",
        name="quiz_product",
        points=1,
        text="A network has the factor 0.9 at every step. After how many steps is about a **hundredth** of a gradient "
        "left?",
        options={
            "a": Option("about 10", "0.9 to the power of 10 is 0.35: a third is still there."),
            "b": Option(
                "about 900",
                "0.9 to the power of 900 is 1e-41. What is lost is a tenth of what is left, each step.",
            ),
            "c": Option(
                "about 44",
                "Yes: log 0.01 / log 0.9 is 43.7.",
            ),
            "d": Option("never, as 0.9 is close to 1", "Close to 1 is not 1. Forty times 0.9 is 0.015."),
        },
        right="c",
        hints=(
            "After n steps 0.9^n is left. Which equation is that for n?",
            "0.9^n = 0.01. Take the logarithm of both sides.",
            "n = log 0.01 / log 0.9; log 0.01 is -4.6 and log 0.9 is -0.105.",
        ),
    ),
)


# --- predictions in the lesson: no points -----------------------------------------------------------------------

PREDICTIONS = (
    Choice(
        id="03-predict-forty",
        text="Each step multiplies by 0.9. How much is left after forty steps?",
        options={
            "a": Option("about a third", "That is where it stands after ten steps."),
            "b": Option("about one part in seventy", "Yes: 0.9 to the power of 40 is 0.015."),
            "c": Option(
                "nothing to speak of: less than a millionth",
                "For that it takes 131 steps; or forty, at a factor of 0.7.",
            ),
        },
        right="b",
    ),
    Choice(
        id="03-predict-start",
        text="If every step multiplied by the same factor, which would leave 1e-10 after forty?",
        options={
            "a": Option("about 0.95", "0.95 to the power of 40 is 0.13."),
            "b": Option("about 0.1", "0.1 leaves 1e-10 after ten steps already, and 1e-40 after forty."),
            "c": Option(
                "about 0.56", "Yes: forty steps take off ten digits, so four steps take off one: 10 to the power -0.25."
            ),
        },
        right="c",
    ),
    Choice(
        id="03-predict-radius-one",
        text="A random matrix of spectral radius 1, inputs of size 0.5. What will the norm of the gradient do over 100 "
        "steps?",
        options={
            "a": Option(
                "It falls, by a fixed factor a step.",
                "Yes, by about 0.7 a step. The radius is that of `W_h`; each step also multiplies by slopes of the "
                "tanh.",
            ),
            "b": Option(
                "It stays about where it is.",
                "It about would, if the slopes of the tanh were 1. They are while all states are 0, and inputs end "
                "that.",
            ),
            "c": Option(
                "It grows: the inputs add to it.",
                "Inputs are added to the state, not to the gradient. What they change are the slopes. Those are at "
                "most 1, and for a random matrix like this one smaller slopes make a smaller factor.",
            ),
        },
        right="a",
    ),
    Choice(
        id="03-predict-clip",
        text="50 steps, gain 3, gradients clipped to a norm of 1. What will these runs do?",
        options={
            "a": Option(
                "They learn, only more slowly than those of ten steps.",
                "They have a step of the right length. It does not follow that it goes in a useful direction.",
            ),
            "b": Option(
                "They blow up all the same: the gradients are too large to clip.",
                "Any finite gradient can be shortened to 1. With steps of that length the loss stays finite.",
            ),
            "c": Option(
                "They stay finite and learn nothing.",
                "Yes. Clipping bounds the length of a step; it cannot say where to go.",
            ),
        },
        right="c",
    ),
    Choice(
        id="03-check-nan",
        text="Somebody's loss falls for 200 updates, jumps to 40 at the next, and is `nan` soon after. Before the "
        "jump, the gradient norm was mostly near 1 and now and then near 500. What would you try first?",
        options={
            "a": Option(
                "An LSTM, as gradients vanish.",
                "Nothing vanishes here: a norm of 500 is an explosion. An LSTM can explode, too.",
            ),
            "b": Option(
                "Clipping by norm, with a bound near 1.",
                "Yes. Most steps stay as they are, and the rare long ones are shortened. A smaller learning rate "
                "might do as well, and slows down every step.",
            ),
            "c": Option(
                "More units.",
                "They do not shorten a gradient. The long steps would stay.",
            ),
        },
        right="b",
    ),
)

QUESTIONS = (STEP_JACOBIAN, NORMS_BY_LAG, SCALE_TO_RADIUS, CLIP_BY_NORM, START, *QUIZ, *PREDICTIONS)
