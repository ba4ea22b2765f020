"""Checks of arguments, for every public function: each error names the argument, what was wanted and what it got.

Each function here takes the argument's name and its value, and returns the value in the wanted type. It raises a
``ValueError`` such as ``rate: wanted a number above 0, got -1`` if the value does not fit.
"""

import numpy as np


def array(name, value, dtype=np.float64, leading=False, **axes):
    """`value` as an array of real, finite numbers with the wanted axes, none of them empty.

    Parameters
    ----------
    name : str
        The caller's name for the argument.
    value : array_like
    dtype : numpy dtype or None
        Float type of the result; None keeps the type. An array that already has it is returned itself, not a copy.
    leading : bool
        Whether any number of axes may come before the named ones.
    **axes : int or None
        One keyword for each axis, in order: its letter, and its size (``None``: any but zero).

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> array("x", [[1.0, 2.0]], N=None, D=2).shape
    (1, 2)
    """
    wanted = shape_in_words(axes, leading)
    result = as_array(name, value, f"an array of shape {wanted}")
    if result.dtype.kind not in "fiub":
        raise ValueError(f"{name}: wanted real numbers, got {_described(value, result)}")
    check_shape(name, result.shape, axes, leading)
    with np.errstate(over="ignore"):  # reported below
        converted = result.astype(dtype, copy=False) if dtype is not None else result
    if not np.isfinite(converted).all():
        index = tuple(int(k) for k in np.argwhere(~np.isfinite(converted))[0])
        wanted = "finite numbers" if not np.isfinite(result[index]) else f"numbers that {np.dtype(dtype)} can hold"
        raise ValueError(f"{name}: wanted {wanted}, got {result[index]} at index {index}")
    return converted


def shaped(name, value, shape):
    """`value` as an array of any type with exactly this shape."""
    result = as_array(name, value, f"an array of shape {shape}")
    if result.shape != shape:
        raise ValueError(f"{name}: wanted shape {shape}, got {'None' if value is None else result.shape}")
    return result


def mask(name, value, N, T):
    """`value` as a boolean array ``(N, T)``, true where a step counts (0 and 1 will do); ``None`` stays ``None``."""
    if value is None:
        return None
    result = as_array(name, value, f"an array of shape {shape_in_words({'N': N, 'T': T})}")
    check_shape(name, result.shape, {"N": N, "T": T})
    if result.dtype != bool:
        if result.dtype.kind not in "fiu" or not np.isin(result, (0, 1)).all():
            raise ValueError(f"{name}: wanted true or false (or 1 and 0) for each step, got {result.dtype} values")
        result = result.astype(bool)
    return result


def mask_shaped(name, value, shape):
    """A `mask` of any shape in place of (N, T), with at least one true entry; all true where `value` is ``None``."""
    if value is None:
        return np.ones(shape, bool)
    row = shaped(name, value, shape).reshape(1, -1)
    result = mask(name, row, *row.shape).reshape(shape)
    if not result.any():
        raise ValueError(f"{name}: wanted at least one step that counts, got none")
    return result


def integers(name, value, below, where=None, **axes):
    """`value` as an array of whole numbers from 0 to `below` - 1 with the wanted axes, as in `array`.

    Where the boolean array `where` is false, any whole number is allowed, and the result is 0.
    """
    wanted = f"whole numbers from 0 to {below - 1}"
    result = as_array(name, value, wanted)
    if result.dtype.kind not in "iu":
        raise ValueError(f"{name}: wanted {wanted}, got {_described(value, result)}")
    array(name, result, **axes)
    if where is not None:
        result = np.where(where, result, 0)
    check_range(name, result.min(), result.max(), below)
    return result


def whole(name, value, least, most=None):
    """`value` if it is a whole number of at least `least`, and of at most `most` where given."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        wanted = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name}: wanted a whole number {wanted}, got {value!r}")
    return int(value)


def size(name, value):
    """`value` if it is a whole number of at least one."""
    return whole(name, value, 1)


def seed(name, value):
    """`value` if it is a whole number of at least zero, which can seed a random generator."""
    return whole(name, value, 0)


def number(name, value):
    """`value` as a float, if it is a finite number."""
    if not is_number(value) or not np.isfinite(float(value)):
        raise ValueError(f"{name}: wanted a finite number, got {value!r}")
    return float(value)


def positive(name, value):
    """`value` as a float, if it is a finite number above zero."""
    if not is_number(value) or not 0 < float(value) < np.inf:
        raise ValueError(f"{name}: wanted a number above 0, got {value!r}")
    return float(value)


def share(name, value):
    """`value` as a float, if it is a number from 0 to below 1."""
    if not is_number(value) or not 0 <= value < 1:
        raise ValueError(f"{name}: wanted a number from 0 to below 1, got {value!r}")
    return float(value)


def flag(name, value):
    """`value` if it is true or false."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name}: wanted True or False, got {value!r}")
    return bool(value)


def float_type(name, value):
    """`value` as a NumPy float type: float32 or float64."""
    try:
        result = np.dtype(value if value is not None else "None")  # NumPy would take None for float64
    except TypeError:
        raise ValueError(f"{name}: wanted float32 or float64, got {value!r}") from None
    if result not in (np.float32, np.float64):
        raise ValueError(f"{name}: wanted float32 or float64, got {result}")
    return result


# What these checks share, with each other and with those for tensors.


def is_number(value):
    """Whether `value` is one real number that fits into a float, or a NaN or an infinity."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        return False
    try:
        float(value)
    except OverflowError:
        return False
    return True


def as_array(name, value, wanted):
    """`value` as an array of any type and shape; `wanted` completes the sentence if there is no such array."""
    try:
        return np.asarray(value)
    except ValueError:
        raise ValueError(f"{name}: wanted {wanted}, got rows of different length") from None
    except (RuntimeError, TypeError):  # a PyTorch tensor with a gradient, or on a GPU
        got = f"a {type(value).__name__} that NumPy cannot read; for a tensor pass .detach().cpu().float()"
        raise ValueError(f"{name}: wanted {wanted}, got {got}") from None


def shape_in_words(axes, leading=False):
    """Such as (N, T, D=3), or (..., D=3) with `leading` axes."""
    named = [axis if size is None else f"{axis}={size}" for axis, size in axes.items()]
    return "(" + ", ".join(["..."] * leading + named) + ")"


def check_shape(name, shape, axes, leading=False):
    """Refuse a shape, a tuple of int, that does not have these axes, or has an empty one."""
    wanted, unnamed = shape_in_words(axes, leading), len(shape) - len(axes)
    fits = (unnamed >= 0 if leading else unnamed == 0) and all(
        wanted_size in (None, size) for wanted_size, size in zip(axes.values(), shape[unnamed:], strict=True)
    )
    if not fits:
        raise ValueError(f"{name}: wanted shape {wanted}, got {shape}")
    if 0 in shape:
        raise ValueError(f"{name}: wanted at least one entry along each of {wanted}, got {shape}")


def check_range(name, lowest, highest, below):
    """Refuse whole numbers between `lowest` and `highest` that are not all from 0 to `below` - 1."""
    if lowest < 0 or highest >= below:
        raise ValueError(f"{name}: wanted whole numbers from 0 to {below - 1}, got {lowest if lowest < 0 else highest}")


def _described(value, result):
    if value is None:
        return "None"
    if result.ndim or result.dtype == object:
        return f"{type(value).__name__} of type {result.dtype}"
    return repr(value)
