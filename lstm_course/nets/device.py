"""Where a model trains: the fastest device there is, and how batches get to it."""

import torch
from torch.nn.utils.rnn import PackedSequence


def choose(device, model):
    """The device that `device` stands for.

    Parameters
    ----------
    device : str or torch.device
        ``"auto"`` is CUDA where there is one, else MPS, else the CPU. A model in float64 does not go to MPS,
        which has no such numbers.
    model : torch.nn.Module

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If `device` is none that this machine has.
    """
    if isinstance(device, str) and device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        double = any(parameter.dtype == torch.float64 for parameter in model.parameters())
        return torch.device("mps" if torch.backends.mps.is_available() and not double else "cpu")
    try:
        return torch.empty(0, device=torch.device(device)).device
    # No such name, no name at all, PyTorch made without it.
    except (RuntimeError, TypeError, AssertionError, NotImplementedError):
        raise ValueError(f"device: wanted 'auto' or a device that this machine has, got {device!r}") from None


def move(batch, device):
    """A batch with its tensors on `device`.

    Tuples, lists and dictionaries are gone through, and made anew; everything else, NumPy's arrays among it,
    is handed on as it is.

    Parameters
    ----------
    batch : anything
    device : torch.device

    Returns
    -------
    The same, elsewhere.

    Examples
    --------
    >>> move({"x": torch.ones(2), "names": ["a", "b"]}, "cpu")
    {'x': tensor([1., 1.]), 'names': ['a', 'b']}
    """
    if isinstance(batch, (torch.Tensor, PackedSequence)):
        return batch.to(device)
    if isinstance(batch, dict):
        return {key: move(value, device) for key, value in batch.items()}
    if isinstance(batch, (tuple, list)):
        moved = [move(value, device) for value in batch]
        if isinstance(batch, list):
            return moved
        return type(batch)._make(moved) if hasattr(batch, "_make") else tuple(moved)
    return batch
