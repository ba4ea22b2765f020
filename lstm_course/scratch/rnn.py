"""The plain recurrent cell in NumPy, twice: `rnn_step` and `rnn_step_backward` to read, the layer `RNN` to use.

    h' = tanh( W [h, x] + b )

after Elman (1990). The layer has PyTorch's parameters, h' = tanh(W_ih x + b_ih + W_hh h + b_hh).
A test checks that the two forms agree with each other and with ``torch.nn.RNN``.
"""

import numpy as np

from . import arguments
from .cell import input_rows, joined_weights, weight_gradients
from .recurrent import Recurrent


def rnn_step(x, h, W, b):
    """One step of a plain recurrent network, for N samples at once.

    Parameters
    ----------
    x : (N, D) array
        The input of this step.
    h : (N, H) array
        Hidden state before the step.
    W : (H, H + D) array
        Columns: h, then x.
    b : (H,) array

    Returns
    -------
    h_next : (N, H) array

    Raises
    ------
    ValueError
        If a shape does not fit the others, or a number is not finite.
    """
    x, h, W = _step_arguments(x, h, W)
    b = arguments.array("b", b, H=len(W))
    hx = np.concatenate([h, x], axis=1)
    return np.tanh(hx @ W.T + b)


def rnn_step_backward(dh_next, x, h, h_next, W):
    """Backpropagate through one step: from the gradient of its result to those of everything it used.

    Parameters
    ----------
    dh_next : (N, H) array
        Gradient of the loss with respect to `h_next`.
    x, h, W : arrays
        The arguments of `rnn_step`.
    h_next : (N, H) array
        Its result.

    Returns
    -------
    dx : (N, D) array
    dh : (N, H) array
    dW : (H, H + D) array
    db : (H,) array

    Raises
    ------
    ValueError
        If a shape does not fit the others, or a number is not finite.
    """
    x, h, W = _step_arguments(x, h, W)
    N, H = h.shape
    dh_next = arguments.array("dh_next", dh_next, N=N, H=H)
    h_next = arguments.array("h_next", h_next, N=N, H=H)
    dz = dh_next * (1 - h_next**2)  # h' = tanh(z), and the slope of a tanh is 1 - tanh^2
    dW = dz.T @ np.concatenate([h, x], axis=1)  # z = W [h, x] + b
    db = dz.sum(axis=0)
    dhx = dz @ W
    dh, dx = dhx[:, :H], dhx[:, H:]
    return dx, dh, dW, db


def _step_arguments(x, h, W):
    x = arguments.array("x", x, N=None, D=None)
    h = arguments.array("h", h, N=len(x), H=None)
    H = h.shape[1]
    return x, h, arguments.array("W", W, **{"H": H, "H+D": H + x.shape[1]})


class RNN(Recurrent):
    """Plain recurrent layers over whole sequences; equal to ``torch.nn.RNN``.

    See `Recurrent` for the other parameters.

    Parameters
    ----------
    nonlinearity : {"tanh", "relu"}
        With ``"relu"``, identity recurrent weights and zero biases this is the layer of Le, Jaitly and Hinton
        (2015).

    Examples
    --------
    >>> layer = RNN(input_size=3, hidden_size=5)
    >>> y, h = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape
    ((2, 7, 5), (1, 2, 5))
    """

    def __init__(self, input_size, hidden_size, *, nonlinearity="tanh", **options):
        if not isinstance(nonlinearity, str) or nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'nonlinearity: wanted "tanh" or "relu", got {nonlinearity!r}')
        super().__init__(input_size, hidden_size, **options)
        self.nonlinearity = nonlinearity
        self.options["nonlinearity"] = nonlinearity

    def _forward(self, weights, x, states, mask, keep):
        (h0,) = states
        T, N, H = len(x), *h0.shape
        rows = input_rows(x, h0, keep)
        W = joined_weights(weights).T
        z = (rows[:T].reshape(T * N, -1)[:, H:] @ W[H:]).reshape(T, N, H)  # W_ih x + b for all steps at once
        W_hh = np.ascontiguousarray(W[:H])
        h = np.empty((T + 1, N, H), self.dtype)
        h[0] = h0
        for t in range(T):
            z[t] += rows[t, :, :H] @ W_hh
            if self.nonlinearity == "tanh":
                np.tanh(z[t], out=h[t + 1])
            else:
                np.maximum(z[t], 0, out=h[t + 1])
            if mask is not None:
                np.copyto(h[t + 1], h[t], where=~mask[t])
            rows[t + 1, :, :H] = h[t + 1] if keep is None else h[t + 1] * keep
        return h[1:], [h[T]], (rows, h, mask, keep)

    def _backward(self, weights, dy, dstates, cache):
        rows, h, mask, keep = cache
        (T, N, H), (dh,) = dy.shape, dstates
        slope = 1 - h[1:] ** 2 if self.nonlinearity == "tanh" else (h[1:] > 0).astype(self.dtype)
        dz = np.empty((T, N, H), self.dtype)
        W_hh = weights["weight_hh"]
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dz[t] = dh * slope[t]
            if mask is not None:
                dz[t] *= mask[t]
            dh_before = dz[t] @ W_hh
            if keep is not None:
                dh_before *= keep
            # A masked step passes its gradient straight to the step before it.
            dh = dh_before if mask is None else np.where(mask[t], dh_before, dh)
        return dz @ weights["weight_ih"], [dh], weight_gradients(rows, dz, H)

    def _activations(self, cache):
        _, h, *_ = cache
        return {"h": h[1:]}
