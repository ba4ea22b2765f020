"""The LSTM of 1997, without a forget gate, computed by the fused ``torch.nn.LSTM``.

    [i, g, o] = [sigmoid, tanh, sigmoid]( W [h, x] + b )
    c' = c + i * g
    h' = o * tanh(c')

This equals the LSTM of today with f = 1, and is computed that way.
"""

import math

import torch
from torch import nn
from torch.func import functional_call

from . import arguments

ALWAYS_OPEN = 40.0  # a bias of the forget gate: sigmoid(40) differs from 1 by less than float64 can hold


class LSTM1997(nn.Module):
    """The cell of Hochreiter and Schmidhuber (1997), before it had a forget gate.

    Differences from the paper: the squashing functions of the candidate and of the cell state are tanh here, and
    stretched sigmoids with other ranges there; in the paper several cells can share their gates; and the paper
    truncates gradients that leave a cell, while here they flow through all steps.

    Parameters
    ----------
    input_size, hidden_size : int
        D, the features of one step, and H, the units of a layer.
    num_layers : int
        The hidden states of each layer are the inputs of the next.

    Attributes
    ----------
    weight_ih_l0 : (3H, D) parameter
        Rows i, g, o. With ``weight_hh_l0 (3H, H)``, ``bias_ih_l0 (3H,)`` and ``bias_hh_l0 (3H,)`` and the same
        of the other layers it is initialised as in PyTorch. The forget gate has no parameters, so it stays at 1.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one.

    Examples
    --------
    >>> layer = LSTM1997(input_size=3, hidden_size=5)
    >>> y, (h, c) = layer(torch.ones(2, 7, 3))
    >>> tuple(y.shape), tuple(h.shape), tuple(c.shape)
    ((2, 7, 5), (1, 2, 5), (1, 2, 5))
    """

    def __init__(self, input_size, hidden_size, num_layers=1):
        super().__init__()
        self.input_size = D = arguments.size("input_size", input_size)
        self.hidden_size = H = arguments.size("hidden_size", hidden_size)
        self.num_layers = arguments.size("num_layers", num_layers)
        # An LSTM without parameter values, which computes with those passed to it. In a tuple, so that PyTorch does not
        # register it as a submodule, with parameters to train and to move.
        self._lstm = (nn.LSTM(D, H, num_layers, batch_first=True, device="meta"),)
        for name, parameter in self._lstm[0].named_parameters():
            shape = (3 * H, *parameter.shape[1:])
            setattr(self, name, nn.Parameter(torch.empty(shape).uniform_(-1 / math.sqrt(H), 1 / math.sqrt(H))))

    def extra_repr(self):
        return f"{self.input_size}, {self.hidden_size}, num_layers={self.num_layers}"

    def forward(self, x, state=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) tensor
        state : pair of (num_layers, N, H) tensors, optional
            Hidden state and cell state before the first step; zeros by default.

        Returns
        -------
        y : (N, T, H) tensor
            The hidden state of each step, in the last layer.
        (h, c) : pair of (num_layers, N, H) tensors
            Hidden state and cell state after the last step.

        Raises
        ------
        ValueError
            If an argument has the wrong shape, is empty, or holds a number that is not finite.
        """
        N, *_ = arguments.tensor("x", x, like=self.weight_ih_l0, N=None, T=None, D=self.input_size)
        arguments.state("state", state, like=self.weight_ih_l0, layers=self.num_layers, N=N, H=self.hidden_size)
        return functional_call(self._lstm[0], self._with_forget_gate(), (x, state))

    def _with_forget_gate(self):
        """The parameters of ``torch.nn.LSTM``: with rows for f between those of i and g, all zero except one bias."""
        parameters = {}
        for name, _ in self._lstm[0].named_parameters():
            i, g, o = getattr(self, name).chunk(3)
            f = torch.full_like(i, ALWAYS_OPEN if name.startswith("bias_ih") else 0.0)
            parameters[name] = torch.cat([i, f, g, o])
        return parameters
