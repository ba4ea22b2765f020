"""The numbers of one layer as PyTorch keeps them and as Keras does: the same, named and stacked otherwise.

PyTorch multiplies from the left, W x, and stacks the gates as blocks of H rows; Keras multiplies from the right,
x W, and stacks them as blocks of H columns. With G gates::

                      PyTorch, scratch              Keras
    layers            RNN, LSTM, GRU                SimpleRNN, LSTM, GRU
    what x adds       weight_ih (G*H, D)            kernel (D, G*H)
    what h adds       weight_hh (G*H, H)            recurrent_kernel (H, G*H)
    biases            bias_ih, bias_hh (G*H,)       bias (G*H,), but (2, G*H) in the GRU
    backward          the same with _reverse        a layer of its own, in Bidirectional
    layers above      the same with _l1, _l2, ...   layers of their own

    layer             Linear                        Dense
    what x adds       weight (K, D)                 kernel (D, K)
    bias              bias (K,)                     bias (K,)

    layer             Embedding                     Embedding
    the table         weight (K, D)                 embeddings (K, D)

Why PyTorch has two biases and Keras one: in the equations of the RNN and the LSTM only their sum occurs. From
Keras, bias_ih is that sum and bias_hh is zero. In the GRU the candidate n = tanh(W_in x + b_in + r * (W_hn h +
b_hn)) has one bias outside of r's reach and one inside, so that both libraries need two.

A layer of Keras without biases (``use_bias=False``) and one of PyTorch (``bias=False``) have biases of zero
here. Keras' ``unit_forget_bias`` is no difference: it says where the bias starts from, and is part of it then.
"""

import numpy as np

from ..scratch import GRU, LSTM, RNN, Embedding, Linear

# The blocks of H columns in the order of Keras, by our letters; those of rows are in `gate_names` of each class:
# h; i, f, g, o; r, z, n.
KERAS_GATES = {
    RNN: ("h",),
    LSTM: ("i", "f", "g", "o"),  # Keras calls the candidate c, not g; the order is the same
    GRU: ("z", "r", "n"),  # Keras calls the candidate h, not n; the first two gates are the other way round
}


def to_keras_arrays(kind, weights):
    """What Keras keeps, from what PyTorch does: one layer in one direction.

    Parameters
    ----------
    kind : class
        RNN, LSTM, GRU, Linear or Embedding of `lstm_course.scratch`.
    weights : dict of str to array
        By PyTorch's names without ``_l0``: weight_ih, weight_hh, bias_ih, bias_hh; or weight, bias.

    Returns
    -------
    dict of str to array
        By Keras' names.

    Raises
    ------
    ValueError
        If `kind` is none of these, or an array is missing or of another shape.

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
    ours = {name: _reordered(array, kind.gate_names, KERAS_GATES[kind]) for name, array in weights.items()}
    if kind is GRU:
        bias = np.stack([ours["bias_ih"], ours["bias_hh"]])
    else:
        bias = ours["bias_ih"] + ours["bias_hh"]
    return {"kernel": ours["weight_ih"].T, "recurrent_kernel": ours["weight_hh"].T, "bias": bias}


def from_keras_arrays(kind, arrays):
    """What PyTorch keeps, from what Keras does: one layer in one direction.

    Parameters
    ----------
    kind : class
        RNN, LSTM, GRU, Linear or Embedding of `lstm_course.scratch`.
    arrays : dict of str to array
        By Keras' names. Without ``bias``, all biases are zero.

    Returns
    -------
    dict of str to array
        By PyTorch's names without ``_l0``.

    Raises
    ------
    ValueError
        If `kind` is none of these, or an array is missing or of another shape.
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
    theirs = {"weight_ih": kernel, "weight_hh": arrays["recurrent_kernel"].T, "bias_ih": bias_ih, "bias_hh": bias_hh}
    return {name: _reordered(array, KERAS_GATES[kind], kind.gate_names) for name, array in theirs.items()}


def write_all(name, places):
    """Write an array into each place, and put everything back where one of them does not hold it afterwards.

    Layers can tie parameters: two names then stand for one tensor, or for overlapping parts of one. Such a layer
    takes the values of another only where they are equal too. Reading back finds ties of every kind.

    Parameters
    ----------
    name : str
        The argument that is written into.
    places : list of (str, callable, callable, array)
        Of each parameter its name, a function that returns a copy of its numbers, a function that takes new ones,
        and those new ones.

    Raises
    ------
    ValueError
        If a place refuses its array, or holds another one in the end.
    """
    written = []
    try:
        for _, get, put, array in places:
            before = get()
            put(array)
            written.append((put, before))
        lost = [part for part, get, _, array in places if not np.array_equal(get(), array)]
        if lost:
            raise ValueError(
                f"{name}: wanted a layer in which every parameter can take a value of its own, got one that ties "
                f"{', '.join(lost)} to another parameter, which is to have a different value"
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
    """How many blocks a recurrent layer stacks."""
    if kind not in KERAS_GATES:
        wanted = ", ".join(each.__name__ for each in (*KERAS_GATES, Linear, Embedding))
        raise ValueError(f"kind: wanted {wanted} of lstm_course.scratch, got {getattr(kind, '__name__', repr(kind))}")
    return len(KERAS_GATES[kind])


def _checked(name, arrays, **shapes):
    """Copies of the arrays that are needed; an axis such as 4H is four times the H of an array before it."""
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
    """A copy of an array, which a tensor of PyTorch may be as well."""
    try:
        array = np.asarray(given).copy()
    except (TypeError, ValueError, RuntimeError) as error:  # one of these is what PyTorch raises, too
        came = f"{type(given).__name__}: {error}".partition("\n")[0]
        raise ValueError(f"{name}: wanted an array of numbers, got {came}") from None
    if array.dtype.kind not in "fiub":
        raise ValueError(f"{name}: wanted an array of real numbers, got {array.dtype}")
    return array


def _size(axis, sizes):
    """The number behind an axis such as D, 4H or 2; None where it is not known."""
    letter = axis.lstrip("0123456789")
    factor = int(axis.removesuffix(letter) or 1)
    return factor if not letter else None if letter not in sizes else factor * sizes[letter]
