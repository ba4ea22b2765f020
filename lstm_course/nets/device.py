"""The device on which a model trains, and how batches get there."""

import torch
from torch.nn.utils.rnn import PackedSequence


def choose(device, model):
    """Resolve the name of a device.

    Parameters
    ----------
    device : str or torch.device
        ``"auto"`` is CUDA if available, else MPS, else the CPU. A model in float64 never goes to MPS, which has no such
        numbers.
    model : torch.nn.Module

    Returns
    -------
    torch.device

    Raises
    ------
    ValueError
        If this machine has no such device.
    """
    if isinstance(device, str) and device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        double = any(parameter.dtype == torch.float64 for parameter in model.parameters())
        return torch.device("mps" if torch.backends.mps.is_available() and not double else "cpu")
    try:
        return torch.empty(0, device=torch.device(device)).device
    # An unknown name, not a name at all, or a PyTorch built without it.
    except (RuntimeError, TypeError, AssertionError, NotImplementedError):
        raise ValueError(f"device: wanted 'auto' or a device of this machine, got {device!r}") from None


def move(batch, device):
    """A batch with its tensors on `device`.

    Tuples, lists and dictionaries are rebuilt with their contents moved; everything else, such as NumPy arrays, is
    returned unchanged.

    Parameters
    ----------
    batch : object
    device : torch.device

    Returns
    -------
    object
        Of the same structure.

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
