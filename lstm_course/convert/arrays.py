"""The parameters of one layer in PyTorch and in Keras: the same numbers, named and stacked differently.

PyTorch multiplies from the left, W x, and stacks the gates as blocks of H rows; Keras multiplies from the right,
x W, and stacks them as blocks of H columns. With G gates::

                      PyTorch, scratch              Keras
    layers            RNN, LSTM, GRU                SimpleRNN, LSTM, GRU
    weights of x      weight_ih (G*H, D)            kernel (D, G*H)
    weights of h      weight_hh (G*H, H)            recurrent_kernel (H, G*H)
    biases            bias_ih, bias_hh (G*H,)       bias (G*H,), but (2, G*H) in the GRU
    backward          the same with _reverse        a separate layer, in Bidirectional
    layers above      the same with _l1, _l2, ...   separate layers

    layer             Linear                        Dense
    weights of x      weight (K, D)                 kernel (D, K)
    bias              bias (K,)                     bias (K,)

    layer             Embedding                     Embedding
    the table         weight (K, D)                 embeddings (K, D)

PyTorch has two biases and Keras one because the equations of the RNN and the LSTM contain only their sum. Converted
from Keras, bias_ih is that sum and bias_hh is zero. The candidate of the GRU, n = tanh(W_in x + b_in + r * (W_hn h +
b_hn)), has one bias outside the product with r and one inside, so both libraries need two.

Layers without biases, ``use_bias=False`` in Keras and ``bias=False`` in PyTorch, have biases of zero here. Keras'
``unit_forget_bias`` makes no difference: it sets the initial value of the bias.
"""

import numpy as np

from ..scratch import GRU, LSTM, RNN, Embedding, Linear

# The order of the blocks of H columns in Keras, with the letters of scratch. The order of the rows in scratch is in
# `gate_names` of each class: h; i, f, g, o; r, z, n.
KERAS_GATES = {
    RNN: ("h",),
    LSTM: ("i", "f", "g", "o"),  # Keras calls the candidate c, not g; the order is the same
    GRU: ("z", "r", "n"),  # Keras calls the candidate h, not n, and swaps the first two gates
}


def to_keras_arrays(kind, weights):
    """The parameters in Keras of one layer in one direction, from those in PyTorch.

    Parameters
    ----------
    kind : class
        RNN, LSTM, GRU, Linear or Embedding of `lstm_course.scratch`.
    weights : dict of str to array
        Under PyTorch's names without ``_l0``: weight_ih, weight_hh, bias_ih, bias_hh; or weight, bias.

    Returns
    -------
    dict of str to array
        Under Keras' names.

    Raises
    ------
    ValueError
        If `kind` is none of these, or an array is missing or has the wrong shape.

    Examples
    --------
    >>> gru = GRU(input_size=3, hidden_size=1)
    >>> weights = {name.removesuffix("_l0"): array for name, array in gru.parameters.items()}
    >>> weights["weight_ih"][:, 0] = [10, 20, 30]  # r, z, n
    >>> to_keras_arrays(GRU, weights)["kernel"][0]
    array([20., 10., 30.])
    """
    if kind is Embedding:
        weights = _checked("weights", weights, weight=("K", "D"))
        return {"embeddings": weights["weight"]}
    if kind is Linear:
        weights = _checked("weights", weights, weight=("K", "D"), bias=("K",))
        return {"kernel": weights["weight"].T, "bias": weights["bias"]}
    rows = f"{_gates(kind)}H"
    shapes = {"weight_hh": (rows, "H"), "weight_ih": (rows, "D"), "bias_ih": (rows,), "bias_hh": (rows,)}
    weights = _checked("weights", weights, **shapes)
    reordered = {name: _reordered(array, kind.gate_names, KERAS_GATES[kind]) for name, array in weights.items()}
    if kind is GRU:
        bias = np.stack([reordered["bias_ih"], reordered["bias_hh"]])
    else:
        bias = reordered["bias_ih"] + reordered["bias_hh"]
    return {"kernel": reordered["weight_ih"].T, "recurrent_kernel": reordered["weight_hh"].T, "bias": bias}


def from_keras_arrays(kind, arrays):
    """The parameters in PyTorch of one layer in one direction, from those in Keras.

    Parameters
    ----------
    kind : class
        RNN, LSTM, GRU, Linear or Embedding of `lstm_course.scratch`.
    arrays : dict of str to array
        Under Keras' names. Without ``bias``, all biases are zero.

    Returns
    -------
    dict of str to array
        Under PyTorch's names without ``_l0``.

    Raises
    ------
    ValueError
        If `kind` is none of these, or an array is missing or has the wrong shape.
    """
    if kind is Embedding:
        return {"weight": _checked("arrays", arrays, embeddings=("K", "D"))["embeddings"]}
    has_bias = isinstance(arrays, dict) and arrays.get("bias") is not None
    if kind is Linear:
        arrays = _checked("arrays", arrays, kernel=("D", "K"), **({"bias": ("K",)} if has_bias else {}))
    else:
        columns = f"{_gates(kind)}H"
        bias = {"bias": ("2", columns) if kind is GRU else (columns,)} if has_bias else {}
        arrays = _checked("arrays", arrays, recurrent_kernel=("H", columns), kernel=("D", columns), **bias)
    kernel = arrays["kernel"].T
    zeros = np.zeros_like(kernel[:, 0])
    bias = arrays.get("bias")
    if kind is Linear:
        return {"weight": kernel, "bias": zeros if bias is None else bias}
    bias_ih, bias_hh = bias if kind is GRU and bias is not None else (zeros if bias is None else bias, zeros)
    transposed = {
        "weight_ih": kernel,
        "weight_hh": arrays["recurrent_kernel"].T,
        "bias_ih": bias_ih,
        "bias_hh": bias_hh,
    }
    return {name: _reordered(array, KERAS_GATES[kind], kind.gate_names) for name, array in transposed.items()}


def write_all(name, writes):
    """Write new numbers into parameters, and restore all of them if one does not hold its new numbers afterwards.

    Layers can tie parameters: two names then refer to one tensor, or to overlapping parts of one. Such a layer can take
    over the values of another only where these are equal too. Reading the parameters back detects every kind of tie.

    Parameters
    ----------
    name : str
        The argument whose parameters are written.
    writes : list of (str, callable, callable, array)
        For each parameter its name, a function that returns a copy of its numbers, a function that sets them, and the
        new numbers.

    Raises
    ------
    ValueError
        If a parameter refuses its new numbers, or holds other ones in the end.
    """
    written = []
    try:
        for _, get, put, array in writes:
            before = get()
            put(array)
            written.append((put, before))
        lost = [part for part, get, _, array in writes if not np.array_equal(get(), array)]
        if lost:
            raise ValueError(
                f"{name}: wanted a layer whose parameters can take different values, got one that ties "
                f"{', '.join(lost)} to another parameter, which needs a different value"
            )
    except BaseException:
        for put, before in reversed(written):
            put(before)
        raise


def _reordered(array, have, want):
    """Blocks of rows, one for each letter of `have`, in the order of `want`."""
    blocks = dict(zip(have, np.split(array, len(have)), strict=True))
    return np.concatenate([blocks[letter] for letter in want])


def _gates(kind):
    """The number of blocks that a recurrent layer stacks."""
    if kind not in KERAS_GATES:
        wanted = ", ".join(each.__name__ for each in (*KERAS_GATES, Linear, Embedding))
        raise ValueError(f"kind: wanted {wanted} of lstm_course.scratch, got {getattr(kind, '__name__', repr(kind))}")
    return len(KERAS_GATES[kind])


def _checked(name, arrays, **shapes):
    """Copies of the arrays in `shapes`; an axis such as 4H is four times the H of an earlier array."""
    if not isinstance(arrays, dict):
        raise ValueError(f"{name}: wanted a dict of arrays, got {type(arrays).__name__}")
    sizes, checked = {}, {}
    for part, axes in shapes.items():
        if part not in arrays:
            raise ValueError(f"{name}: wanted an array named {part}, got only {sorted(arrays)}")
        array = _array(f"{part} in {name}", arrays[part])
        if array.ndim == len(axes):
            sizes |= {
                axis: size for axis, size in zip(axes, array.shape, strict=True) if axis in "HDK" and axis not in sizes
            }
        wanted = tuple(_size(axis, sizes) for axis in axes)
        if array.shape != wanted:
            raise ValueError(f"{part} in {name}: wanted shape ({', '.join(axes)}) = {wanted}, got {array.shape}")
        checked[part] = array
    return checked


def _array(name, given):
    """A copy of an array or of a PyTorch tensor."""
    try:
        array = np.asarray(given).copy()
    except (TypeError, ValueError, RuntimeError) as error:  # for tensors PyTorch raises one of these, too
        got = f"{type(given).__name__}: {error}".partition("\n")[0]
        raise ValueError(f"{name}: wanted an array of numbers, got {got}") from None
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name}: wanted an array of real numbers, got {array.dtype}")
    return array


def _size(axis, sizes):
    """The size of an axis such as D, 4H or 2; None if it is unknown."""
    letter = axis.lstrip("0123456789")
    factor = int(axis.removesuffix(letter) or 1)
    return factor if not letter else None if letter not in sizes else factor * sizes[letter]
