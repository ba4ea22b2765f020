"""Differences of a loss, as precise as float64 allows: the numbers against which `gradient_check` compares.

    slope(step) = ( loss(a + step) - loss(a - step) ) / (2 step)        is about  d loss / d a

The error of this slope is proportional to step^2. Two steps tell how large it is, and
(4 slope(step) - slope(2 step)) / 3 has an error proportional to step^4 only. Smaller steps are not always better: the
loss is a rounded number, and its rounding error is divided by the step.
"""

import numpy as np

STEPS = np.array([1e-6, 1e-5, 1e-4, 1e-3])  # tried in this order; scaled up for numbers above 1000


def loss_value(loss):
    """The result of ``loss()`` as a float.

    Raises
    ------
    ValueError
        If it is not one finite number.
    """
    value = loss()
    if not isinstance(value, (int, float, np.number, np.ndarray)) or np.ndim(value) > 0:
        got = f"shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise ValueError(f"loss: wanted one number from it, got {got}")
    if not np.isfinite(value):
        raise ValueError(f"loss: wanted a finite number from it, got {value}")
    return float(value)


def rounding_noise(loss, arrays, rng):
    """The rounding error of the loss: what remains in its sixth differences along three short lines."""
    starts = {name: array.copy() for name, array in arrays.items()}
    entries = sum(start.size for start in starts.values())
    values = np.empty((3, 12))
    for row, step in zip(values, (1e-6, 3e-6, 1e-5), strict=True):
        lines = {name: rng.normal(size=start.shape) * _scale(start) for name, start in starts.items()}
        for k in range(12):
            for name, array in arrays.items():
                array[...] = starts[name] + k * step / np.sqrt(entries) * lines[name]
            row[k] = loss_value(loss)
    for name, array in arrays.items():
        array[...] = starts[name]
    # A smooth part vanishes in sixth differences, while independent rounding errors grow by the factor
    # sqrt(1 + 36 + 225 + 400 + ...). The median, because a single jump is not noise.
    noise = np.median(np.abs(np.diff(values, 6, axis=1)), axis=1).max() / np.sqrt(924)
    with np.errstate(over="ignore"):
        single = np.array_equal(values, values.astype(np.float32))
    return max(noise, np.finfo(np.float32 if single else np.float64).eps * np.abs(values).max())


def slope(loss, array, index, base, noise, tolerance):
    """The derivative of the loss with respect to one entry, and a bound on its error.

    `base` is the loss at the current point; no smaller step is tried once the bound is below `tolerance`. The steps
    grow: the smallest is disturbed most by rounding and least by curvature. The estimate of a larger step is accepted
    only if it does not contradict the smaller one, because from afar a curve can look straight.
    """
    kept = array[index]

    def both_sides(step):
        array[index] = above = kept + step
        high = loss_value(loss)
        array[index] = below = kept - step
        low = loss_value(loss)
        array[index] = kept
        return (high - low) / (above - below), (high + low - 2 * base) / step  # slope and curvature

    best = None
    for step in STEPS * _scale(kept):
        (near, near_bend), (far, far_bend) = both_sides(step), both_sides(2 * step)
        # If the loss is smooth, the slopes agree, and this measure of curvature is proportional to the step.
        error = 10 * (abs(near - far) + abs(2 * near_bend - far_bend) + noise / step)
        value = (4 * near - far) / 3
        if best is None or (error < best[1] and abs(value - best[0]) <= best[1]):
            best = value, error
        if best[1] <= tolerance:
            break
    return best


def _scale(numbers):
    """The unit of the steps."""
    return np.maximum(1, 1e-3 * np.abs(numbers))
