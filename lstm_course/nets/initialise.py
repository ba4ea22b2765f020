"""Other initial parameters for layers of PyTorch, with the functions of `lstm_course.scratch.initialise`.

A layer is a ``torch.nn.LSTM``, ``GRU`` or ``RNN``, or an `LSTM` or `LSTM1997` of `lstm_course.nets`; it is changed in
place. The same seed gives the same numbers as for a scratch layer.
"""

import contextlib

import torch
from torch import nn

from ..scratch import initialise
from .lstm import LSTM
from .lstm_1997 import LSTM1997

GATES = {  # in the order of the stacked rows
    nn.LSTM: ("i", "f", "g", "o"),
    nn.GRU: ("r", "z", "n"),
    nn.RNN: ("h",),
    LSTM: ("i", "f", "g", "o"),
    LSTM1997: ("i", "g", "o"),
}


def orthogonal(layer, gain=1.0, seed=0):
    """Recurrent weights that rotate the hidden state without changing its norm, after Saxe et al. (2014).

    The block of each gate in each ``weight_hh`` becomes `gain` times a random orthogonal matrix.

    Parameters
    ----------
    layer : torch.nn.Module
    gain : float
    seed : int

    Raises
    ------
    ValueError
        If an argument is not as described, or the layer has no biases.
    """
    with _arrays(layer) as arrays:
        initialise.orthogonal(arrays, gain, seed)


def forget_bias(layer, value):
    """Set the bias of the forget gate: of PyTorch's two, one becomes `value`, the other zero.

    Parameters
    ----------
    layer : torch.nn.Module
        With a gate f.
    value : float

    Raises
    ------
    ValueError
        If the layer has no gate f, no biases or tied ones, or `value` is not a finite number.

    Examples
    --------
    >>> layer = nn.LSTM(3, 2, num_layers=2)
    >>> forget_bias(layer, 1)
    >>> layer.bias_ih_l1[2:4]
    tensor([1., 1.], grad_fn=<SliceBackward0>)
    """
    with _arrays(layer) as arrays:
        initialise.forget_bias(arrays, value)


def chrono(layer, longest, seed=0):
    """Biases for lags up to `longest` steps, after Tallec and Ollivier (2018).

    The bias of the forget gate becomes log u, with u uniform between 1 and longest - 1 and drawn for each unit; that of
    the input gate becomes its negative; all others become zero.

    Parameters
    ----------
    layer : torch.nn.Module
        With gates f and i.
    longest : float
        In steps.
    seed : int

    Raises
    ------
    ValueError
        If the layer lacks one of the gates or biases, has tied biases, or an argument is not as described.
    """
    with _arrays(layer) as arrays:
        initialise.chrono(arrays, longest, seed)


@contextlib.contextmanager
def _arrays(layer):
    """The layer as an object for `scratch.initialise`, whose arrays are copied back into the layer in the end."""
    gate_names = next((gates for kind, gates in GATES.items() if isinstance(layer, kind)), None)
    if gate_names is None:
        wanted = "LSTM, GRU or RNN of torch.nn, LSTM or LSTM1997 of the course"
        raise ValueError(f"layer: wanted {wanted}, got {type(layer).__name__}")
    if not getattr(layer, "bias", True):
        raise ValueError("layer: wanted one with biases, got bias=False")
    if getattr(layer, "proj_size", 0):
        raise ValueError(f"layer: wanted one without a projection, got proj_size={layer.proj_size}")
    parameters = dict(layer.named_parameters(remove_duplicate=False))
    arrays, by_memory = {}, {}  # parameters that are tied in the layer are one array here, too
    for name, parameter in parameters.items():
        memory = parameter.data_ptr(), parameter.shape, parameter.stride()
        arrays[name] = by_memory.setdefault(memory, parameter.detach().cpu().numpy().copy())
    # With the class name of the layer, which appears in error messages.
    view = type(type(layer).__name__, (), {})()
    view.parameters, view.hidden_size, view.gate_names = arrays, layer.hidden_size, gate_names
    yield view
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(torch.from_numpy(arrays[name]))
