"""What every public function says about bad input: the argument, what was wanted, what came."""

import numpy as np


def array(name, value, dtype=np.float64, leading=False, **axes):
    """`value` as an array of real, finite numbers with the wanted axes.

    Parameters
    ----------
    name : str
        What the caller calls the argument; the sentence starts with it.
    value : array_like
    dtype : numpy dtype or None
        Float type of the result; None keeps the type that it has. An array that has it already is returned as it
        is, not copied.
    leading : bool
        Whether any number of axes may come before the named ones.
    **axes : int or None
        One keyword an axis, in order: its letter, and the size it must have (``None``: any but zero).

    Returns
    -------
    numpy.ndarray

    Raises
    ------
    ValueError
        If `value` is not numeric, has other axes, is empty, or holds a NaN or an infinity.

    Examples
    --------
    >>> array("x", [[1.0, 2.0]], N=None, D=2).shape
    (1, 2)
    """
    named = [axis if size is None else f"{axis}={size}" for axis, size in axes.items()]
    wanted = "(" + ", ".join(["..."] * leading + named) + ")"
    result = _read(name, value, f"an array of shape {wanted}")
    if result.dtype.kind not in "fiub":
        raise ValueError(f"{name}: wanted real numbers, got {_kind(value, result)}")
    before = result.ndim - len(axes)  # axes that have no name
    fits = (before >= 0 if leading else before == 0) and all(
        size is None or size == have for size, have in zip(axes.values(), result.shape[before:], strict=True)
    )
    if not fits:
        raise ValueError(f"{name}: wanted shape {wanted}, got {result.shape}")
    if result.size == 0:
        raise ValueError(f"{name}: wanted at least one entry along each of {wanted}, got {result.shape}")
    with np.errstate(over="ignore"):  # said below
        converted = result.astype(dtype, copy=False) if dtype is not None else result
    if not np.isfinite(converted).all():
        place = tuple(int(k) for k in np.argwhere(~np.isfinite(converted))[0])
        wanted = "finite numbers" if not np.isfinite(result[place]) else f"numbers that {np.dtype(dtype)} can hold"
        raise ValueError(f"{name}: wanted {wanted}, got {result[place]} at index {place}")
    return converted


def mask(name, value, N, T):
    """`value` as a boolean array ``(N, T)``, true where a step counts; ``None`` stays ``None``.

    Raises
    ------
    ValueError
        If the shape is another, or an entry is neither true nor false (0 and 1 count as such).
    """
    if value is None:
        return None
    result = _read(name, value, f"an array of shape (N={N}, T={T})")
    if result.shape != (N, T):
        raise ValueError(f"{name}: wanted shape (N={N}, T={T}), got {result.shape}")
    if result.dtype != bool:
        if result.dtype.kind not in "fiu" or not np.isin(result, (0, 1)).all():
            raise ValueError(f"{name}: wanted true or false (or 1 and 0) for each step, got {result.dtype} values")
        result = result.astype(bool)
    return result


def integers(name, value, below, where=None, **axes):
    """`value` as an array of whole numbers from 0 to `below` - 1 with the wanted axes.

    Where the boolean array `where` is false, any whole number will do, and the result is 0.

    Raises
    ------
    ValueError
        If a number is not whole or out of range, or the shape is another.
    """
    result = _read(name, value, f"whole numbers from 0 to {below - 1}")
    if result.dtype.kind not in "iu":
        raise ValueError(f"{name}: wanted whole numbers from 0 to {below - 1}, got {_kind(value, result)}")
    array(name, result, **axes)
    if where is not None:
        result = np.where(where, result, 0)
    if result.min() < 0 or result.max() >= below:
        wrong = result.min() if result.min() < 0 else result.max()
        raise ValueError(f"{name}: wanted whole numbers from 0 to {below - 1}, got {wrong}")
    return result


def whole(name, value, least, most=None):
    """`value` if it is a whole number of at least `least`, and of at most `most` where given.

    Raises
    ------
    ValueError
        Otherwise.
    """
    number = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not number or value < least or (most is not None and value > most):
        wanted = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: wanted a whole number {wanted}, got {value!r}")
    return int(value)


def size(name, value):
    """`value` if it is a whole number of at least one.

    Raises
    ------
    ValueError
        Otherwise.
    """
    return whole(name, value, 1)


def seed(name, value):
    """`value` if it is a whole number of at least zero: what a random generator can be started from.

    Raises
    ------
    ValueError
        Otherwise.
    """
    return whole(name, value, 0)


def positive(name, value):
    """`value` as a float, if it is a finite number above zero.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not is_number(value) or not np.isfinite(float(value)) or value <= 0:
        raise ValueError(f"{name}: wanted a number above 0, got {value!r}")
    return float(value)


def share(name, value):
    """`value` as a float, if it is a number from 0 to below 1.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name}: wanted a number from 0 to below 1, got {value!r}")
    return float(value)


def flag(name, value):
    """`value` if it is true or false.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name}: wanted True or False, got {value!r}")
    return bool(value)


def float_type(name, value):
    """`value` as a NumPy float type: float32 or float64.

    Raises
    ------
    ValueError
        Otherwise.
    """
    try:
        result = np.dtype(value if value is not None else "None")  # of None NumPy makes float64
    except TypeError:
        raise ValueError(f"{name}: wanted float32 or float64, got {value!r}") from None
    if result not in (np.float32, np.float64):
        raise ValueError(f"{name}: wanted float32 or float64, got {result}")
    return result


def number(name, value):
    """`value` as a float, if it is a finite number.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if not is_number(value) or not np.isfinite(float(value)):
        raise ValueError(f"{name}: wanted a finite number, got {value!r}")
    return float(value)


def shaped(name, value, shape):
    """`value` as an array of any type with exactly this shape.

    Raises
    ------
    ValueError
        If the shape is another.
    """
    result = _read(name, value, f"an array of shape {shape}")
    if result.shape != shape:
        raise ValueError(f"{name}: wanted shape {shape}, got {'None' if value is None else result.shape}")
    return result


def mask_shaped(name, value, shape):
    """As `mask`, with any shape in place of (N, T); all true where `value` is ``None``.

    Raises
    ------
    ValueError
        If the shape is another, an entry is neither true nor false, or none is true.
    """
    if value is None:
        return np.ones(shape, bool)
    row = shaped(name, value, shape).reshape(1, -1)
    result = mask(name, row, *row.shape).reshape(shape)
    if not result.any():
        raise ValueError(f"{name}: wanted at least one step that counts, got none")
    return result


def is_number(value):
    """Whether `value` is one real number that a float can hold; NaN and the infinities are."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _read(name, value, wanted):
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: wanted {wanted}, got rows of different length") from None
    except (RuntimeError, TypeError):  # a tensor of PyTorch that has a gradient, or lies on a GPU
        came = f"a {type(value).__name__} that NumPy cannot read; for a tensor hand over .detach().cpu().float()"
        raise ValueError(f"{name}: wanted {wanted}, got {came}") from None


def _kind(value, result):
    if value is None:
        return "None"
    if result.ndim or result.dtype == object:
        return f"{type(value).__name__} of type {result.dtype}"
    return repr(value)
