"""The plain recurrent layer in NumPy: h' = tanh(W_ih x + b_ih + W_hh h + b_hh), after Elman (1990)."""

import numpy as np

from .recurrent import Recurrent, rows_of, stacked, weight_gradients


class RNN(Recurrent):
    """Plain recurrent layers over whole sequences; equal to ``torch.nn.RNN``.

    See `Recurrent` for the parameters that are not named here.

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
        rows = rows_of(x, h0, keep)
        W = stacked(weights).T
        z = (rows[:T].reshape(T * N, -1)[:, H:] @ W[H:]).reshape(T, N, H)  # the inputs of all steps at once
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

    def _backward(self, weights, dy, dstates, run):
        rows, h, mask, keep = run
        (T, N, H), (dh,) = dy.shape, dstates
        slope = 1 - h[1:] ** 2 if self.nonlinearity == "tanh" else (h[1:] > 0).astype(self.dtype)
        dz = np.empty((T, N, H), self.dtype)
        W_hh = weights["weight_hh"]
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dz[t] = dh * slope[t]
            if mask is not None:
                dz[t] *= mask[t]
            before = dz[t] @ W_hh
            if keep is not None:
                before *= keep
            # A masked step passes its gradient straight to the step before.
            dh = before if mask is None else np.where(mask[t], before, dh)
        return dz @ weights["weight_ih"], [dh], weight_gradients(rows, dz, H)

    def _activations(self, run):
        return {"h": run[1][1:]}
