"""The LSTM from scratch in PyTorch: the forward equations; autograd computes the backward pass.

    [i, f, g, o] = [sigmoid, sigmoid, tanh, sigmoid]( W [h, x] + b )
    c' = f * c + i * g
    h' = o * tanh(c')

The same letters, gate order and parameter names as in `lstm_course.scratch.lstm` and ``torch.nn.LSTM``.
"""

import math

import torch
from torch import nn

from . import arguments


def lstm_step(x, h, c, W, b):
    """One step of an LSTM, for N samples at once.

    Parameters
    ----------
    x : (N, D) tensor
        The input of this step.
    h, c : (N, H) tensors
        Hidden state and cell state before the step.
    W : (4H, H + D) tensor
        Rows: input gate, forget gate, candidate, output gate, H each. Columns: h, then x.
    b : (4H,) tensor

    Returns
    -------
    h, c : (N, H) tensors
        After the step.

    Raises
    ------
    ValueError
        If a shape does not fit the others, or a number is not finite.
    """
    N, D = arguments.tensor("x", x, N=None, D=None)
    _, H = arguments.tensor("h", h, like=x, N=N, H=None)
    arguments.tensor("c", c, like=x, N=N, H=H)
    arguments.tensor("W", W, like=x, **{"4H": 4 * H, "H+D": H + D})
    arguments.tensor("b", b, like=x, **{"4H": 4 * H})
    return _step(torch.cat([h, x], dim=1) @ W.T + b, c)


def _step(z, c):
    """The states after a step, from the sums z (N, 4H) and the cell state before it."""
    i, f, g, o = z.chunk(4, dim=1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    c = f * c + i * g
    h = o * c.tanh()
    return h, c


class LSTM(nn.Module):
    """An LSTM layer over whole sequences, one `lstm_step` after another.

    The part of W [h, x] + b that does not depend on h is computed for all steps at once, before the loop.

    A ``state_dict`` of ``torch.nn.LSTM(D, H, batch_first=True)`` can be loaded directly, and vice versa.

    Parameters
    ----------
    input_size, hidden_size : int
        D, the features of one step, and H, the units of the layer.
    forget_bias : float, optional
        The initial bias of the forget gate. By default all parameters are initialised as in PyTorch: uniform between
        -1/sqrt(H) and 1/sqrt(H), drawn from PyTorch's global generator.

    Raises
    ------
    ValueError
        If a size is not a whole number of at least one, or the bias is not a finite number.

    Examples
    --------
    >>> layer = LSTM(input_size=3, hidden_size=5)
    >>> y, (h, c) = layer(torch.ones(2, 7, 3))
    >>> tuple(y.shape), tuple(h.shape), tuple(c.shape)
    ((2, 7, 5), (1, 2, 5), (1, 2, 5))
    """

    def __init__(self, input_size, hidden_size, forget_bias=None):
        super().__init__()
        self.input_size = D = arguments.size("input_size", input_size)
        self.hidden_size = H = arguments.size("hidden_size", hidden_size)
        self.weight_ih_l0 = nn.Parameter(torch.empty(4 * H, D))
        self.weight_hh_l0 = nn.Parameter(torch.empty(4 * H, H))
        self.bias_ih_l0 = nn.Parameter(torch.empty(4 * H))
        self.bias_hh_l0 = nn.Parameter(torch.empty(4 * H))
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -1 / math.sqrt(H), 1 / math.sqrt(H))
        if forget_bias is not None:
            with torch.no_grad():  # PyTorch adds two biases; one is set, the other is zero
                self.bias_ih_l0[H : 2 * H] = arguments.number("forget_bias", forget_bias)
                self.bias_hh_l0[H : 2 * H] = 0

    def extra_repr(self):
        return f"{self.input_size}, {self.hidden_size}"

    def forward(self, x, state=None, mask=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) tensor
        state : pair of (1, N, H) tensors, optional
            Hidden state and cell state before the first step; zeros by default.
        mask : (N, T) tensor, optional
            True where a step counts. At the others the state is kept, and the output is zero.

        Returns
        -------
        y : (N, T, H) tensor
            The hidden state of each step.
        (h, c) : pair of (1, N, H) tensors
            Hidden state and cell state after the last step.

        Raises
        ------
        ValueError
            If an argument has the wrong shape, is empty, or holds a number that is not finite.
        """
        W_ih, W_hh, H = self.weight_ih_l0, self.weight_hh_l0, self.hidden_size
        N, T, _ = arguments.tensor("x", x, like=W_ih, N=None, T=None, D=self.input_size)
        if arguments.state("state", state, like=W_ih, layers=1, N=N, H=H) is None:
            h = c = x.new_zeros(N, H)
        else:
            h, c = state[0][0], state[1][0]
        mask = arguments.mask("mask", mask, N, T)
        if mask is not None:
            mask = mask[:, :, None]
            x = torch.where(mask, x, 0)  # values at masked steps must not enter any product

        from_x = nn.functional.linear(x, W_ih, self.bias_ih_l0 + self.bias_hh_l0)
        W_hh, y = W_hh.T, []
        for t, z in enumerate(from_x.unbind(dim=1)):
            h_next, c_next = _step(torch.addmm(z, h, W_hh), c)  # z + h W_hh in one call
            if mask is None:
                h, c = h_next, c_next
            else:
                h, c = torch.where(mask[:, t], h_next, h), torch.where(mask[:, t], c_next, c)
            y.append(h)
        y = torch.stack(y, dim=1)
        return (y if mask is None else torch.where(mask, y, 0)), (h[None], c[None])
