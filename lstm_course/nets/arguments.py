"""Checks of arguments, as in `lstm_course.scratch.arguments`, for tensors.

As there, each function takes the argument's name and its value, and raises a ``ValueError`` with one sentence if the
value does not fit.
"""

import torch

from ..scratch.arguments import (
    check_range,
    check_shape,
    flag,
    number,
    positive,
    seed,
    shape_in_words,
    share,
    size,
    whole,
)

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
    """The shape of `value`, a tuple of int, if it is a tensor with the wanted axes, none of them empty.

    Parameters
    ----------
    name : str
        The caller's name for the argument.
    value : tensor
    **axes : int or None
        One keyword for each axis, in order: its letter, and its size (``None``: any but zero).
    """
    if not isinstance(value, torch.Tensor):
        raise ValueError(f"{name}: wanted a tensor of shape {shape_in_words(axes)}, got {type(value).__name__}")
    check_shape(name, tuple(value.shape), axes)
    return tuple(value.shape)


def tensor(name, value, like=None, **axes):
    """As `shape`, for a tensor of finite numbers in float32 or float64.

    Parameters
    ----------
    name : str
    value : tensor
    like : tensor, optional
        A tensor that `value` will be multiplied with, whose type it must have.
    **axes : int or None

    Examples
    --------
    >>> tensor("x", torch.ones(1, 2), N=None, D=2)
    (1, 2)
    """
    sizes = shape(name, value, **axes)
    if value.dtype not in (torch.float32, torch.float64):
        raise ValueError(f"{name}: wanted float32 or float64, got {_type(value)}")
    if like is not None and value.dtype != like.dtype:
        raise ValueError(f"{name}: wanted {_type(like)}, like the other tensors, got {_type(value)}")
    if not torch.isfinite(value).all():
        raise ValueError(f"{name}: wanted finite numbers, got a NaN or an infinity")
    return sizes


def symbols(name, value, below, where=None):
    """`value` (N, T) as whole numbers from 0 to `below` - 1, as int64.

    Where the boolean tensor `where` is false, any whole number is allowed, and the result is 0.
    """
    shape(name, value, N=None, T=None)
    if value.is_floating_point() or value.is_complex() or value.dtype == torch.bool:
        raise ValueError(f"{name}: wanted whole numbers from 0 to {below - 1}, got {_type(value)}")
    value = value.long()
    if where is not None:
        value = torch.where(where, value, 0)
    check_range(name, *(bound.item() for bound in value.aminmax()), below)
    return value


def symbol(name, value, below):
    """`value` if it is a whole number from 0 to `below` - 1."""
    return whole(name, value, 0, below - 1)


def mask(name, value, N, T):
    """`value` as a boolean tensor (N, T), true where a step counts (0 and 1 will do); ``None`` stays ``None``."""
    if value is None:
        return None
    shape(name, value, N=N, T=T)
    if value.dtype != torch.bool:
        if not ((value == 0) | (value == 1)).all():
            raise ValueError(f"{name}: wanted true or false (or 1 and 0) for each step, got {_type(value)} values")
        value = value.bool()
    return value


def padding(name, value, N, T):
    """A `mask` in which every sequence has at least one step, and padding only after the last."""
    value = mask(name, value, N, T)
    if value is not None:
        if not value[:, 0].all():
            n = int((~value[:, 0]).nonzero()[0])
            raise ValueError(f"{name}: wanted sequences that begin at step 0, got False there in sample {n}")
        resumes = value[:, 1:] & ~value[:, :-1]
        if resumes.any():
            n, t = resumes.nonzero()[0].tolist()
            raise ValueError(
                f"{name}: wanted padding only after a sequence, got a gap before step {t + 1} in sample {n}"
            )
    return value


def state(name, value, like=None, **axes):
    """`value` if it is None or a pair (h, c) of tensors with the wanted axes, and the type of `like`."""
    if value is not None:
        if not (isinstance(value, (tuple, list)) and len(value) == 2):
            raise ValueError(f"{name}: wanted a pair (h, c) of tensors, got {type(value).__name__}")
        for letter, part in zip("hc", value, strict=True):
            tensor(f"{letter} in {name}", part, like, **axes)
    return value


def _type(value):
    return str(value.dtype).removeprefix("torch.")
