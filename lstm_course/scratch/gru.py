"""The gated recurrent unit in NumPy, after Cho et al. (2014), in the form of ``torch.nn.GRU`` and Keras.

    r = sigmoid( W_ir x + b_ir + W_hr h + b_hr )                the reset gate
    z = sigmoid( W_iz x + b_iz + W_hz h + b_hz )                the update gate
    n = tanh( W_in x + b_in + r * (W_hn h + b_hn) )             the candidate
    h' = (1 - z) * n + z * h

Here, as in the paper, z keeps the old state; in Chung et al. (2014) and some other texts 1 - z does. In the published
version of the paper, r multiplies h before the product with the weights, not after it.
"""

import numpy as np

from .recurrent import Recurrent


class GRU(Recurrent):
    """GRU layers over whole sequences; equal to ``torch.nn.GRU``.

    See `Recurrent` for the parameters; there are three gates, in the order r, z, n.

    Examples
    --------
    >>> layer = GRU(input_size=3, hidden_size=5)
    >>> y, h = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape
    ((2, 7, 5), (1, 2, 5))
    """

    gate_names = ("r", "z", "n")

    def _forward(self, weights, x, states, mask, keep):
        (h0,) = states
        T, N, H = len(x), *h0.shape
        x = x.copy()
        from_x = (x.reshape(T * N, -1) @ weights["weight_ih"].T + weights["bias_ih"]).reshape(T, N, 3 * H)
        W_hh, b_hh = np.ascontiguousarray(weights["weight_hh"].T), weights["bias_hh"]
        gates, n_from_h = np.empty((T, 3, N, H), self.dtype), np.empty((T, N, H), self.dtype)
        h, seen = np.empty((2, T + 1, N, H), self.dtype)  # seen: h after recurrent dropout
        h[0] = h0
        for t in range(T):
            seen[t] = h[t] if keep is None else h[t] * keep
            from_h = seen[t] @ W_hh + b_hh
            r, z, n = gates[t]
            for k, gate in enumerate((r, z)):  # a sigmoid is half a tanh
                np.tanh(0.5 * (from_x[t, :, k * H : (k + 1) * H] + from_h[:, k * H : (k + 1) * H]), out=gate)
                gate *= 0.5
                gate += 0.5
            n_from_h[t] = from_h[:, 2 * H :]
            np.tanh(from_x[t, :, 2 * H :] + r * n_from_h[t], out=n)
            np.add(n, z * (h[t] - n), out=h[t + 1])
            if mask is not None:
                np.copyto(h[t + 1], h[t], where=~mask[t])
        return h[1:], [h[T]], (x, gates, n_from_h, h, seen, mask, keep)

    def _backward(self, weights, dy, dstates, cache):
        x, gates, n_from_h, h, seen, mask, keep = cache
        (T, N, H), (dh,) = dy.shape, dstates
        r, z, n = gates.swapaxes(0, 1)
        n_slope = (1 - z) * (1 - n**2)
        z_slope = (h[:-1] - n) * z * (1 - z)
        r_slope = n_from_h * r * (1 - r)
        dfrom_x, dfrom_h = np.empty((2, T, N, 3, H), self.dtype)
        W_hh = weights["weight_hh"]
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dn = dh * n_slope[t]
            dfrom_x[t, :, 0] = dn * r_slope[t]
            dfrom_x[t, :, 1] = dh * z_slope[t]
            dfrom_x[t, :, 2] = dn
            if mask is not None:
                dfrom_x[t] *= mask[t, :, :, None]
            dfrom_h[t, :, :2] = dfrom_x[t, :, :2]
            np.multiply(dfrom_x[t, :, 2], r[t], out=dfrom_h[t, :, 2])
            dh_before = dfrom_h[t].reshape(N, 3 * H) @ W_hh
            if keep is not None:
                dh_before *= keep
            dh_before += dh * z[t]
            # A masked step passes its gradient straight to the step before it.
            dh = dh_before if mask is None else np.where(mask[t], dh_before, dh)
        dfrom_x, dfrom_h = dfrom_x.reshape(T * N, 3 * H), dfrom_h.reshape(T * N, 3 * H)
        gradients = {
            "weight_ih": dfrom_x.T @ x.reshape(T * N, -1),
            "weight_hh": dfrom_h.T @ seen[:T].reshape(T * N, H),
            "bias_ih": dfrom_x.sum(axis=0),
            "bias_hh": dfrom_h.sum(axis=0),
        }
        return (dfrom_x @ weights["weight_ih"]).reshape(T, N, -1), [dh], gradients

    def _activations(self, cache):
        _, gates, _, h, *_ = cache
        return {name: gates[:, k] for k, name in enumerate(self.gate_names)} | {"h": h[1:]}
