"""What the PyTorch parts say about bad input: as in `lstm_course.scratch.arguments`, and for tensors."""

import torch

from ..scratch.arguments import flag, number, positive, seed, share, size, whole

__all__ = [
    "flag",
    "mask",
    "number",
    "padding",
    "positive",
    "seed",
    "shape",
    "share",
    "size",
    "state",
    "symbol",
    "symbols",
    "tensor",
]


def shape(name, value, **axes):
    """The sizes of the axes of `value`, if it is a tensor with the wanted axes.

    Parameters
    ----------
    name : str
        What the caller calls the argument; the sentence starts with it.
    value : tensor
    **axes : int or None
        One keyword an axis, in order: its letter, and the size it must have (``None``: any but zero).

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        If `value` is no tensor, has other axes, or is empty.
    """
    wanted = "(" + ", ".join(axis if size is None else f"{axis}={size}" for axis, size in axes.items()) + ")"
    if not isinstance(value, torch.Tensor):
        raise ValueError(f"{name}: wanted a tensor of shape {wanted}, got {type(value).__name__}")
    found = tuple(value.shape)
    if len(found) != len(axes) or any(
        size not in (None, have) for size, have in zip(axes.values(), found, strict=True)
    ):
        raise ValueError(f"{name}: wanted shape {wanted}, got {found}")
    if value.numel() == 0:
        raise ValueError(f"{name}: wanted at least one entry along each of {wanted}, got {found}")
    return found


def tensor(name, value, like=None, **axes):
    """As `shape`, for a tensor of real, finite numbers.

    Parameters
    ----------
    name : str
    value : tensor
    like : tensor, optional
        What `value` will be multiplied with, and whose type it must have.
    **axes : int or None

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        If `value` is no tensor of float32 or float64, has other axes, another type than `like`, is empty, or
        holds a NaN or an infinity.

    Examples
    --------
    >>> tensor("x", torch.ones(1, 2), N=None, D=2)
    (1, 2)
    """
    found = shape(name, value, **axes)
    if value.dtype not in (torch.float32, torch.float64):
        raise ValueError(f"{name}: wanted float32 or float64, got {_type(value)}")
    if like is not None and value.dtype != like.dtype:
        raise ValueError(f"{name}: wanted {_type(like)}, as the others are, got {_type(value)}")
    if not torch.isfinite(value).all():
        raise ValueError(f"{name}: wanted finite numbers, got a NaN or an infinity")
    return found


def symbols(name, value, below, where=None):
    """`value` (N, T) as whole numbers from 0 to `below` - 1, as int64.

    Where the boolean tensor `where` is false, any whole number will do, and the result is 0.

    Raises
    ------
    ValueError
        If a number is not whole or out of range, or the shape is another.
    """
    shape(name, value, N=None, T=None)
    if value.is_floating_point() or value.is_complex() or value.dtype == torch.bool:
        raise ValueError(f"{name}: wanted whole numbers from 0 to {below - 1}, got {_type(value)}")
    value = value.long()
    if where is not None:
        value = torch.where(where, value, 0)
    lowest, highest = (bound.item() for bound in value.aminmax())
    if lowest < 0 or highest >= below:
        wrong = lowest if lowest < 0 else highest
        raise ValueError(f"{name}: wanted whole numbers from 0 to {below - 1}, got {wrong}")
    return value


def symbol(name, value, below):
    """`value` if it is a whole number from 0 to `below` - 1.

    Raises
    ------
    ValueError
        Otherwise.
    """
    return whole(name, value, 0, below - 1)


def mask(name, value, N, T):
    """`value` as a boolean tensor (N, T), true where a step counts; ``None`` stays ``None``.

    Raises
    ------
    ValueError
        If the shape is another, or an entry is neither true nor false (0 and 1 count as such).
    """
    if value is None:
        return None
    shape(name, value, N=N, T=T)
    if value.dtype != torch.bool:
        if not ((value == 0) | (value == 1)).all():
            raise ValueError(f"{name}: wanted true or false (or 1 and 0) for each step, got {_type(value)} values")
        value = value.bool()
    return value


def padding(name, value, N, T):
    """A `mask` whose sequences have at least one step and padding only after the last.

    Raises
    ------
    ValueError
        If it is not one.
    """
    value = mask(name, value, N, T)
    if value is not None:
        if not value[:, 0].all():
            n = int((~value[:, 0]).nonzero()[0])
            raise ValueError(f"{name}: wanted sequences that begin at step 0, got False there in sample {n}")
        again = value[:, 1:] & ~value[:, :-1]
        if again.any():
            n, t = again.nonzero()[0].tolist()
            raise ValueError(
                f"{name}: wanted padding only after a sequence, got a gap before step {t + 1} in sample {n}"
            )
    return value


def state(name, value, like=None, **axes):
    """`value` if it is None or a pair (h, c) of tensors with the wanted axes, and the type of `like`.

    Raises
    ------
    ValueError
        Otherwise.
    """
    if value is not None:
        if not (isinstance(value, (tuple, list)) and len(value) == 2):
            raise ValueError(f"{name}: wanted a pair (h, c) of tensors, got {type(value).__name__}")
        for letter, part in zip("hc", value, strict=True):
            tensor(f"{letter} in {name}", part, like, **axes)
    return value


def _type(value):
    return str(value.dtype).removeprefix("torch.")
