"""How surprising each sample of a signal is, without a network.

Each function takes a calm stretch of the signal to learn from, and returns a function that gives a score to every
sample of another stretch: the higher, the more surprising. No score looks at samples that come later.
"""

import numpy as np

from ..scratch import arguments


def beyond_limits(calm):
    """How far a sample lies above the highest or below the lowest one of the calm stretch; negative between them.

    Examples
    --------
    >>> beyond_limits([0.0, 1.0])([0.5, 3.0, -1.0]).tolist()
    [-0.5, 2.0, 1.0]
    """
    calm = arguments.array("calm", calm, T=None)
    low, high = calm.min(), calm.max()

    def score(x):
        x = arguments.array("x", x, T=None)
        return np.maximum(x - high, low - x)

    return score


def linear_error(calm, order, ridge=1e-6):
    """The absolute error of a linear prediction from the last `order` samples (an autoregression), zero before those.

    Parameters
    ----------
    calm : (T,) array
    order : int
    ridge : float
        The penalty on the squared weights, for each sample of the calm stretch.

    Raises
    ------
    ValueError
        If an argument is not as described, or the stretch is not longer than `order`.
    """
    calm, order = arguments.array("calm", calm, T=None), arguments.size("order", order)
    before = _before(calm, order, "calm")
    penalty = ridge * len(before) * np.eye(order + 1)
    weights = np.linalg.solve(before.T @ before + penalty, before.T @ calm[order:])

    def score(x):
        x = arguments.array("x", x, T=None)
        return np.append(np.zeros(order), np.abs(_before(x, order, "x") @ weights - x[order:]))

    return score


def discord(calm, width, floor=0.1):
    """How far the last `width` samples are from the most similar stretch of the calm signal, zero before there are any.

    Both are shifted to mean 0 and divided by their standard deviation plus `floor`, so that it is the shape that
    counts. (The stretch of a signal that is farthest from its nearest neighbour is called its discord: Keogh, Lin and
    Fu 2005.)

    Parameters
    ----------
    calm : (T,) array
    width : int
    floor : float

    Returns
    -------
    function of an array (T,)
        The score is the root of the mean squared difference.
    """
    calm, width = arguments.array("calm", calm, T=None), arguments.size("width", width)
    known = _shapes(calm, width, floor, "calm")
    squares = (known**2).sum(axis=1)

    def score(x):
        new, nearest = _shapes(arguments.array("x", x, T=None), width, floor, "x"), []
        for rows in np.array_split(new, len(new) // 1000 + 1):
            distance = (rows**2).sum(axis=1)[:, None] + squares - 2 * rows @ known.T
            nearest.append(np.maximum(distance.min(axis=1), 0))
        return np.append(np.zeros(width - 1), np.sqrt(np.concatenate(nearest) / width))

    return score


def smoothed(score, width):
    """The mean of the last `width` values of a score, at each sample; those before the first one count as zeros.

    Examples
    --------
    >>> smoothed([0.0, 2.0, 4.0], 2).tolist()
    [0.0, 1.0, 3.0]
    """
    score, width = arguments.array("score", score, T=None), arguments.size("width", width)
    return np.convolve(score, np.full(width, 1 / width))[: len(score)]


def _windows(name, x, width):
    if len(x) < width:
        raise ValueError(f"{name}: wanted at least {width} samples, got {len(x)}")
    return np.lib.stride_tricks.sliding_window_view(x, width)


def _before(x, order, name):
    """The `order` samples before each sample, and a one, (T - order, order + 1)."""
    rows = _windows(name, x, order + 1)[:, :-1]
    return np.column_stack([rows, np.ones(len(rows))])


def _shapes(x, width, floor, name):
    rows = _windows(name, x, width)
    rows = rows - rows.mean(axis=1, keepdims=True)
    return (rows / (rows.std(axis=1, keepdims=True) + floor)).astype(np.float32)
