"""Is a gradient right? Change one number a little, see how much the loss changes, and compare.

Such a difference needs no backward pass, only the loss, so it can judge one; `differences` says how it is made precise.
"""

import inspect

import numpy as np

from . import arguments
from .cell import packed
from .differences import loss_value, rounding_noise, slope
from .gradient_report import TOLERANCE, Comparison, GradientCheck

ENOUGH = 100  # entries to compare of a large array


def gradient_check(loss, arrays, gradients, time_axes=None, seed=0):
    """Compare gradients with differences of the loss.

    Of an array with more entries only about a hundred are compared: those with the largest gradients and others drawn
    at random, the same number at each time step.

    Parameters
    ----------
    loss : function
        ``loss()`` returns one number, computed from the very arrays in `arrays`, which are changed in place, one entry
        at a time. They are restored bit for bit afterwards, even if `loss` raises an exception.
    arrays : dict of str to numpy.ndarray
        float64.
    gradients : dict of str to numpy.ndarray
        The gradients to test: that of the loss with respect to each array, under the same name.
    time_axes : dict of str to int, optional
        Which axis of an array is time, so that the report names the wrong steps. By default the second axis of arrays
        with three, (N, T, D).
    seed : int
        For the entries drawn.

    Returns
    -------
    GradientCheck
        True if all agree; print it to see a table and what is wrong.

    Raises
    ------
    ValueError
        If an argument is not as described, or `loss` does not return a finite number, returns another one the second
        time, or changes an array.

    Examples
    --------
    >>> W, x = np.zeros((2, 3)), np.array([1.0, 2.0, 3.0])
    >>> gradient_check(lambda: np.sum(np.tanh(W @ x)), {"W": W}, {"W": [-x, -x]})
    array  entries  largest gradient  difference  at      verdict
    W      6 of 6   3.0e+00           6.0e+00     [0, 2]  differs
    <BLANKLINE>
    W: differs in 6 of 6 entries compared, most at [0, 2]: found -3, wanted 3.
    W: it is correct except for its sign.
    """
    if not callable(loss):
        raise ValueError(f"loss: wanted a function without arguments, got {type(loss).__name__}")
    _check_arrays(arrays)
    gradients = _checked_gradients(gradients, arrays)
    axes = _time_axes(time_axes, arrays)
    rng = np.random.default_rng(arguments.seed("seed", seed))
    kept = {name: array.copy() for name, array in arrays.items()}
    try:
        base = _reproducible_loss(loss, arrays, kept)
        noise, measured = rounding_noise(loss, arrays, rng), {}
        for name, array in arrays.items():
            indices = _chosen_entries(gradients[name], axes.get(name), rng)
            tolerance = TOLERANCE / 10 * np.abs(gradients[name]).max()
            slopes = [slope(loss, array, index, base, noise, tolerance) for index in indices]
            measured[name] = indices, *np.array(slopes).T
    finally:
        for name, array in arrays.items():
            array[...] = kept[name]
    # A gradient is negligible if it is invisible beside the gradients of the other arrays, or beside the loss.
    negligible = max(1e-6 * abs(base), *(1e-3 * np.abs(wanted).max() for _, wanted, _ in measured.values()))
    comparisons = []
    for name, (indices, wanted, error) in measured.items():
        given = np.array([gradients[name][index] for index in indices])
        comparisons.append(Comparison(name, gradients[name], axes.get(name), indices, given, wanted, error, negligible))
    return GradientCheck(comparisons)


def check_layer(layer, x, state=None, mask=None, seed=0):
    """Check the backward pass of a layer: inputs, parameters and initial states.

    The loss is a random weighted sum of all outputs and final states.

    Parameters
    ----------
    layer : layer
        With `parameters`, `gradients` and `backward`, in float64; ``layer(x)`` returns y, or y and its final state.
        Afterwards its gradients are those of this loss, and its last call is one made here.
    x : (N, T, D) array
        Or whatever else the layer takes. Symbols have no gradient and are left out.
    state : array or tuple of arrays, optional
        The initial state of a layer that has one; random by default.
    mask : (N, T) array, optional
        For a layer that takes one.
    seed : int

    Returns
    -------
    GradientCheck
        Of "x", of each parameter under its name, and of "state", or "state 0" and "state 1" if there are two.

    Raises
    ------
    ValueError
        If an argument is not as described, or two calls of the layer differ.

    Examples
    --------
    >>> bool(check_layer(LSTM(3, 5), np.ones((2, 7, 3))))
    True
    """
    _check_layer_arguments(layer, mask)
    rng = np.random.default_rng(arguments.seed("seed", seed))
    options = {} if mask is None else {"mask": mask}
    states = _initial_states(layer, x, state, options, rng)
    if states:
        options["state"] = packed(states)
    x = np.array(x)

    def outputs():
        return _flat(layer(x, **options))

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
    # Not strict: if `backward` returns too few, `gradient_check` names the missing one.
    gradients = layer.gradients | dict(zip(names, dstates, strict=False))
    if dx is None:
        return gradient_check(loss, arrays, gradients, {}, seed)
    x = x.astype(np.float64)
    return gradient_check(loss, {"x": x} | arrays, {"x": dx} | gradients, {"x": 1} if x.ndim == 3 else {}, seed)


def _check_layer_arguments(layer, mask):
    if not (callable(layer) and all(hasattr(layer, name) for name in ("parameters", "gradients", "backward"))):
        raise ValueError(f"layer: wanted one with parameters, gradients and backward, got {type(layer).__name__}")
    for name, parameter in layer.parameters.items():
        if parameter.dtype != np.float64:
            raise ValueError(f"layer: wanted parameters of float64, got {parameter.dtype} in {name}")
    if mask is not None and "mask" not in inspect.signature(layer).parameters:
        raise ValueError(f"mask: wanted None for a {type(layer).__name__}, which takes none, got {type(mask).__name__}")


def _initial_states(layer, x, state, options, rng):
    """A list of the given or of random initial states; empty for a layer without."""
    _, *states = _flat(layer(x, **options))
    if state is None:
        return [rng.normal(size=each.shape) for each in states]
    if not states:
        raise ValueError(f"state: wanted None for a layer without states, got {type(state).__name__}")
    layer(x, state=state, **options)  # the layer itself checks them
    return [np.array(each, np.float64) for each in _flat(state)]


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
            raise ValueError(f"arrays: wanted float64, because other types are too coarse, got {array.dtype} as {name}")
        if not array.flags.writeable:
            raise ValueError(f"arrays: wanted arrays that can be changed in place, got a read-only one as {name}")
        arguments.array(f"{name} in arrays", array, leading=True)


def _checked_gradients(gradients, arrays):
    """Copies, because a backward pass may reuse its arrays."""
    if not isinstance(gradients, dict) or gradients.keys() != arrays.keys():
        got = list(gradients) if isinstance(gradients, dict) else type(gradients).__name__
        raise ValueError(f"gradients: wanted one for each of {list(arrays)}, got {got}")
    copies = {}
    for name, array in arrays.items():
        given = arguments.shaped(f"{name} in gradients", gradients[name], array.shape)
        copies[name] = arguments.array(f"{name} in gradients", given, leading=True).copy()
    return copies


def _time_axes(axes, arrays):
    if axes is None:
        return {name: 1 for name, array in arrays.items() if array.ndim == 3}
    if not isinstance(axes, dict):
        raise ValueError(f"time_axes: wanted a dict of axes by name, got {axes!r}")
    for name, axis in axes.items():
        if name not in arrays or axis not in range(arrays[name].ndim):
            raise ValueError(f"time_axes: wanted an axis of one of {list(arrays)}, got {axis!r} of {name}")
    return axes


def _reproducible_loss(loss, arrays, kept):
    """The loss, if it leaves the arrays alone and returns the same number again."""
    first, second = loss_value(loss), loss_value(loss)
    for name, array in arrays.items():
        if not np.array_equal(array, kept[name]):
            raise ValueError(f"loss: wanted a function that leaves the arrays alone, got one that changes {name}")
    if first != second:
        raise ValueError(
            f"loss: wanted the same number each time, got {first} and then {second}: "
            "draw what is random once, before the check"
        )
    return first


def _chosen_entries(gradient, axis, rng):
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
