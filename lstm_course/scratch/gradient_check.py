"""Is a gradient right? Change one number a little, see how much the loss changes, and compare.

    slope(step) = ( loss(a + step) - loss(a - step) ) / (2 step)        is about  d loss / d a

The right side needs no backward pass, only the loss, so it can judge one. It errs by a share of step^2, and two
steps tell how much: (4 slope(step) - slope(2 step)) / 3 errs only by a share of step^4. Smaller steps are not
always better, as the loss is a rounded number, and its last digits are divided by the step.
"""

import inspect

import numpy as np

from . import arguments
from .gradient_report import TOLERANCE, Comparison, GradientCheck
from .recurrent import packed

STEPS = np.array([1e-6, 1e-5, 1e-4, 1e-3])  # tried in this order; larger for numbers above 1000
ENOUGH = 100  # entries to compare of a large array


def gradient_check(loss, arrays, gradients, time_axes=None, seed=0):
    """Compare gradients with differences of the loss.

    Of an array with more than about a hundred entries only so many are compared: those with the largest
    gradients, and others drawn at random, the same number at each time step.

    Parameters
    ----------
    loss : function
        ``loss()`` gives one number, computed from the very arrays in `arrays`, which are changed in place, one
        entry at a time. They are afterwards as they were, bit for bit, even if `loss` raises an exception.
    arrays : dict of str to numpy.ndarray
        float64.
    gradients : dict of str to numpy.ndarray
        What is to be judged: the gradient of the loss with respect to each array, under the same name.
    time_axes : dict of str to int, optional
        Which axis of an array is time, so that the answer says which steps are wrong. Where not given, the second
        axis of arrays with three, (N, T, D).
    seed : int
        Of the entries drawn.

    Returns
    -------
    GradientCheck
        True if all agree; print it for the table and for what is wrong.

    Raises
    ------
    ValueError
        If an argument is none of these, or `loss` gives no finite number, or not the same one twice, or changes
        an array.

    Examples
    --------
    >>> W, x = np.zeros((2, 3)), np.array([1.0, 2.0, 3.0])
    >>> gradient_check(lambda: np.sum(np.tanh(W @ x)), {"W": W}, {"W": [-x, -x]})
    array  entries  largest gradient  difference  at      verdict
    W      6 of 6   3.0e+00           6.0e+00     [0, 2]  differs
    <BLANKLINE>
    W: differs in 6 of 6 entries compared, most at [0, 2]: found -3, wanted 3.
    W: it is right but for its sign.
    """
    if not callable(loss):
        raise ValueError(f"loss: wanted a function without arguments, got {type(loss).__name__}")
    _check_arrays(arrays)
    gradients = _checked_gradients(gradients, arrays)
    axes = _time_axes(time_axes, arrays)
    rng = np.random.default_rng(arguments.seed("seed", seed))
    kept = {name: array.copy() for name, array in arrays.items()}
    try:
        first, second = _number(loss), _number(loss)
        for name, array in arrays.items():
            if not np.array_equal(array, kept[name]):
                raise ValueError(f"loss: wanted a function that leaves the arrays alone, got one that changes {name}")
        if first != second:
            raise ValueError(
                f"loss: wanted the same number each time, got {first} and then {second}: "
                "draw what is random once, before the check"
            )
        noise, measured = _noise(loss, arrays, rng), {}
        for name, array in arrays.items():
            places = _places(gradients[name], axes.get(name), rng)
            good = TOLERANCE / 10 * np.abs(gradients[name]).max()
            slopes = [_slope(loss, array, place, first, noise, good) for place in places]
            measured[name] = places, *np.array(slopes).T
    finally:
        for name, array in arrays.items():
            array[...] = kept[name]
    # Next to none is what cannot be seen beside the gradients of other arrays, or beside the loss.
    next_to_none = max(1e-6 * abs(first), *(1e-3 * np.abs(wanted).max() for _, wanted, _ in measured.values()))
    comparisons = []
    for name, (places, wanted, doubt) in measured.items():
        found = np.array([gradients[name][place] for place in places])
        comparisons.append(
            Comparison(name, gradients[name], axes.get(name), places, found, wanted, doubt, next_to_none)
        )
    return GradientCheck(comparisons)


def check_layer(layer, x, state=None, mask=None, seed=0):
    """Check the backward pass of a layer: inputs, parameters and initial states.

    The loss is the sum of all outputs and final states, each times a number drawn at random.

    Parameters
    ----------
    layer : layer
        With `parameters`, `gradients` and `backward`, of float64; ``layer(x)`` gives y, or y and its final state.
        Its gradients are afterwards those of this loss, and its last call was one of this function.
    x : (N, T, D) array
        Or what else the layer takes. Symbols have no gradient, and are left out.
    state : array or tuple of arrays, optional
        The initial state of a layer that has one; drawn at random where not given.
    mask : (N, T) array, optional
        For a layer that takes one.
    seed : int

    Returns
    -------
    GradientCheck
        Of "x", of each parameter under its name, and of "state", or "state 0", "state 1" where there are several.

    Raises
    ------
    ValueError
        If an argument is none of these, or two calls of the layer differ.

    Examples
    --------
    >>> bool(check_layer(LSTM(3, 5), np.ones((2, 7, 3))))
    True
    """
    if not (callable(layer) and all(hasattr(layer, name) for name in ("parameters", "gradients", "backward"))):
        raise ValueError(f"layer: wanted one with parameters, gradients and backward, got {type(layer).__name__}")
    for name, parameter in layer.parameters.items():
        if parameter.dtype != np.float64:
            raise ValueError(f"layer: wanted parameters of float64, got {parameter.dtype} in {name}")
    rng = np.random.default_rng(arguments.seed("seed", seed))
    given = {} if mask is None else {"mask": mask}
    if given and "mask" not in inspect.signature(layer).parameters:
        raise ValueError(f"mask: wanted None for a {type(layer).__name__}, which takes none, got {type(mask).__name__}")
    _, *states = _flat(layer(x, **given))
    if state is not None:
        if not states:
            raise ValueError(f"state: wanted None for a layer without states, got {type(state).__name__}")
        layer(x, state=state, **given)  # the layer says what is wrong with it
        states = [np.array(each, np.float64) for each in _flat(state)]
    elif states:
        states = [rng.normal(size=each.shape) for each in states]
    if states:
        given["state"] = packed(states)
    x = np.array(x)

    def outputs():
        return _flat(layer(x, **given))

    first = outputs()
    if not all(np.array_equal(one, other) for one, other in zip(first, outputs(), strict=True)):
        raise ValueError(
            "layer: wanted the same outputs each time, got others from a second call: "
            "set training = False where there is dropout"
        )
    weights = [rng.normal(size=each.shape) for each in first]

    def loss():
        return sum(np.sum(each * weight) for each, weight in zip(outputs(), weights, strict=True))

    dy, *dstates = weights
    dx, *dstates = _flat(layer.backward(dy, packed(dstates)) if states else layer.backward(dy))
    names = ["state"] if len(states) == 1 else [f"state {k}" for k in range(len(states))]
    arrays = layer.parameters | dict(zip(names, states, strict=True))
    # `gradient_check` says which gradient is missing, where `backward` hands back too few.
    gradients = layer.gradients | dict(zip(names, dstates, strict=False))
    if dx is None:
        return gradient_check(loss, arrays, gradients, {}, seed)
    x = x.astype(np.float64)
    return gradient_check(loss, {"x": x} | arrays, {"x": dx} | gradients, {"x": 1} if x.ndim == 3 else {}, seed)


def _flat(result):
    """[y], [y, h] or [y, h, c] from y, (y, h) or (y, (h, c))."""
    if not isinstance(result, (tuple, list)):
        return [result]
    return [each for part in result for each in _flat(part)]


def _check_arrays(arrays):
    if not isinstance(arrays, dict) or not arrays:
        raise ValueError(f"arrays: wanted a dict of at least one array by name, got {arrays!r}")
    for name, array in arrays.items():
        if not isinstance(name, str):
            raise ValueError(f"arrays: wanted names, got {name!r}")
        if not isinstance(array, np.ndarray):
            raise ValueError(
                f"arrays: wanted arrays, which can be changed in place, got {type(array).__name__} as {name}"
            )
        if array.dtype != np.float64:
            raise ValueError(f"arrays: wanted float64, as others are too coarse, got {array.dtype} as {name}")
        if not array.flags.writeable:
            raise ValueError(f"arrays: wanted arrays that can be changed in place, got a read-only one as {name}")
        arguments.array(f"{name} in arrays", array, leading=True)


def _checked_gradients(gradients, arrays):
    """Copies of them, as a backward pass may use its arrays again."""
    if not isinstance(gradients, dict) or gradients.keys() != arrays.keys():
        came = list(gradients) if isinstance(gradients, dict) else type(gradients).__name__
        raise ValueError(f"gradients: wanted one for each of {list(arrays)}, got {came}")
    shaped = {name: arguments.shaped(f"{name} in gradients", gradients[name], arrays[name].shape) for name in arrays}
    return {name: arguments.array(f"{name} in gradients", each, leading=True).copy() for name, each in shaped.items()}


def _time_axes(axes, arrays):
    if axes is None:
        return {name: 1 for name, array in arrays.items() if array.ndim == 3}
    if not isinstance(axes, dict):
        raise ValueError(f"time_axes: wanted a dict of axes by name, got {axes!r}")
    for name, axis in axes.items():
        if name not in arrays or axis not in range(arrays[name].ndim):
            raise ValueError(f"time_axes: wanted an axis of one of {list(arrays)}, got {axis!r} of {name}")
    return axes


def _number(loss):
    value = loss()
    if not isinstance(value, (int, float, np.number, np.ndarray)) or np.ndim(value) > 0:
        came = f"shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise ValueError(f"loss: wanted one number from it, got {came}")
    if not np.isfinite(value):
        raise ValueError(f"loss: wanted a finite number from it, got {value}")
    return float(value)


def _places(gradient, axis, rng):
    """The indices of the entries to compare."""
    flat = np.arange(gradient.size).reshape(gradient.shape)
    groups = flat.reshape(1, -1) if axis is None else np.moveaxis(flat, axis, 0).reshape(gradient.shape[axis], -1)
    each = groups.shape[1] if gradient.size <= ENOUGH else -(-ENOUGH // len(groups))
    chosen = []
    for group in groups:
        by_size = group[np.argsort(-np.abs(gradient.ravel()[group]), kind="stable")]
        first = -(-each // 2)
        chosen += [*by_size[:first], *rng.permutation(by_size[first:])[: each - first]]
    return [tuple(int(k) for k in np.unravel_index(entry, gradient.shape)) for entry in sorted(chosen)]


def _noise(loss, arrays, rng):
    """How far rounding shakes the loss: what is left in its sixth differences along three short lines."""
    starts = {name: array.copy() for name, array in arrays.items()}
    entries = sum(start.size for start in starts.values())
    values = np.empty((3, 12))
    for row, step in zip(values, (1e-6, 3e-6, 1e-5), strict=True):
        lines = {name: rng.normal(size=start.shape) * _size(start) for name, start in starts.items()}
        for k in range(12):
            for name, array in arrays.items():
                array[...] = starts[name] + k * step / np.sqrt(entries) * lines[name]
            row[k] = _number(loss)
    for name, array in arrays.items():
        array[...] = starts[name]
    # Of what is smooth nothing is left, and of each number's own rounding sqrt(1 + 36 + 225 + 400 + ...) times as
    # much. The median, as one jump is no noise.
    shaken = np.median(np.abs(np.diff(values, 6, axis=1)), axis=1).max() / np.sqrt(924)
    with np.errstate(over="ignore"):
        coarse = np.array_equal(values, values.astype(np.float32))
    return max(shaken, np.finfo(np.float32 if coarse else np.float64).eps * np.abs(values).max())


def _slope(loss, array, place, base, noise, good):
    """The derivative by one entry, and how far it may be off; `base` is the loss now, `good` is what suffices.

    From the smallest step on, which is disturbed most by rounding and least by bends: a larger one is believed
    if it does not contradict the smaller, as from far away a bend can look straight.
    """
    kept = array[place]

    def sides(step):
        array[place] = above = kept + step
        high = _number(loss)
        array[place] = below = kept - step
        low = _number(loss)
        array[place] = kept
        return (high - low) / (above - below), (high + low - 2 * base) / step  # slope and bend

    best = None
    for step in STEPS * _size(kept):
        (near, near_bend), (far, far_bend) = sides(step), sides(2 * step)
        # Of a smooth loss the slopes are the same, and the bend grows with the step.
        doubt = 10 * (abs(near - far) + abs(2 * near_bend - far_bend) + noise / step)
        value = (4 * near - far) / 3
        if best is None or (doubt < best[1] and abs(value - best[0]) <= best[1]):
            best = value, doubt
        if best[1] <= good:
            break
    return best


def _size(numbers):
    """What steps are a share of."""
    return np.maximum(1, 1e-3 * np.abs(numbers))
