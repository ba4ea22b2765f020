"""The LSTM from scratch in PyTorch: the equations forward; backward comes from autograd.

    [i, f, g, o] = [sigmoid, sigmoid, tanh, sigmoid]( W [h, x] + b )
    c' = f * c + i * g
    h' = o * tanh(c')

The same letters, gate order and parameter names as in `lstm_course.scratch.lstm` and ``torch.nn.LSTM``.
"""

import math

import torch
from torch import nn


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
    N, D = _axes("x", x, N=None, D=None)
    _, H = _axes("h", h, N=N, H=None)
    _axes("c", c, N=N, H=H)
    _axes("W", W, **{"4H": 4 * H, "H+D": H + D})
    _axes("b", b, **{"4H": 4 * H})
    return _step(x, h, c, W, b)


def _step(x, h, c, W, b):
    i, f, g, o = (torch.cat([h, x], dim=1) @ W.T + b).chunk(4, dim=1)
    i, f, g, o = i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()
    c = f * c + i * g
    h = o * c.tanh()
    return h, c


class LSTM(nn.Module):
    """An LSTM layer over whole sequences, one `lstm_step` after another.

    A ``state_dict`` of ``torch.nn.LSTM(D, H, batch_first=True)`` copies straight across, both ways.

    Parameters
    ----------
    input_size, hidden_size : int
        D, the features of one step, and H, the units of the layer.
    forget_bias : float, optional
        What the bias of the forget gate starts from. Not given, all parameters start as in PyTorch: uniform
        between -1/sqrt(H) and 1/sqrt(H), drawn from PyTorch's global generator.

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
        self.input_size = D = _size("input_size", input_size)
        self.hidden_size = H = _size("hidden_size", hidden_size)
        self.weight_ih_l0 = nn.Parameter(torch.empty(4 * H, D))
        self.weight_hh_l0 = nn.Parameter(torch.empty(4 * H, H))
        self.bias_ih_l0 = nn.Parameter(torch.empty(4 * H))
        self.bias_hh_l0 = nn.Parameter(torch.empty(4 * H))
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -1 / math.sqrt(H), 1 / math.sqrt(H))
        if forget_bias is not None:
            if not isinstance(forget_bias, (int, float)) or not math.isfinite(forget_bias):
                raise ValueError(f"forget_bias: wanted a finite number or None, got {forget_bias!r}")
            with torch.no_grad():  # PyTorch adds two biases; one is set, the other is zero
                self.bias_ih_l0[H : 2 * H] = forget_bias
                self.bias_hh_l0[H : 2 * H] = 0

    def forward(self, x, state=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) tensor
        state : pair of (1, N, H) tensors, optional
            Hidden state and cell state before the first step; zeros where not given.

        Returns
        -------
        y : (N, T, H) tensor
            The hidden state of each step.
        (h, c) : pair of (1, N, H) tensors
            Hidden state and cell state after the last step.

        Raises
        ------
        ValueError
            If an argument has another shape, is empty, or holds a number that is not finite.
        """
        N, T, _ = _axes("x", x, N=None, T=None, D=self.input_size)
        H = self.hidden_size
        if state is None:
            h = c = x.new_zeros(N, H)
        else:
            if not (isinstance(state, (tuple, list)) and len(state) == 2):
                raise ValueError(f"state: wanted a pair (h, c) of tensors, got {type(state).__name__}")
            for letter, value in zip("hc", state, strict=True):
                _axes(f"{letter} in state", value, layers=1, N=N, H=H)
            h, c = state[0][0], state[1][0]
        W = torch.cat([self.weight_hh_l0, self.weight_ih_l0], dim=1)
        b = self.bias_ih_l0 + self.bias_hh_l0
        y = []
        for t in range(T):
            h, c = _step(x[:, t], h, c, W, b)
            y.append(h)
        return torch.stack(y, dim=1), (h[None], c[None])


def _axes(name, value, **axes):
    """The sizes of the axes of `value`, if it is a tensor of finite real numbers with the wanted axes."""
    wanted = "(" + ", ".join(axis if size is None else f"{axis}={size}" for axis, size in axes.items()) + ")"
    if not isinstance(value, torch.Tensor):
        raise ValueError(f"{name}: wanted a tensor of shape {wanted}, got {type(value).__name__}")
    shape = tuple(value.shape)
    if len(shape) != len(axes) or any(
        size not in (None, have) for size, have in zip(axes.values(), shape, strict=True)
    ):
        raise ValueError(f"{name}: wanted shape {wanted}, got {shape}")
    if value.numel() == 0:
        raise ValueError(f"{name}: wanted at least one entry along each of {wanted}, got {shape}")
    if not value.is_floating_point():
        raise ValueError(f"{name}: wanted float32 or float64, got {str(value.dtype).removeprefix('torch.')}")
    if not torch.isfinite(value).all():
        raise ValueError(f"{name}: wanted finite numbers, got a NaN or an infinity")
    return shape


def _size(name, value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name}: wanted a whole number of at least 1, got {value!r}")
    return value
