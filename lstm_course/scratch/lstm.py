"""The LSTM in NumPy, twice: `lstm_step` and `lstm_step_backward` to read, the layer `LSTM` to use.

    [i, f, g, o] = [sigmoid, sigmoid, tanh, sigmoid]( W [h, x] + b )
    c' = f * c + i * g
    h' = o * tanh(c')

i, f and o are the input, forget and output gate, g the candidate, c the cell state, h the hidden state: the
cell of Hochreiter and Schmidhuber (1997) with the forget gate of Gers, Schmidhuber and Cummins (2000).
A test checks that the two forms agree with each other and with ``torch.nn.LSTM``.
"""

from typing import NamedTuple

import numpy as np

from . import arguments
from .cell import input_rows, joined_weights, weight_gradients
from .recurrent import Recurrent


def sigmoid(z):
    """1 / (1 + exp(-z)), element by element, written as half a tanh so that no exponential overflows."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


class StepCache(NamedTuple):
    """What the backward pass of one step needs from its forward pass."""

    hx: np.ndarray  # (N, H + D), the hidden state before the step and the input, side by side
    c: np.ndarray  # (N, H), the cell state before the step; the others are (N, H), too
    i: np.ndarray
    f: np.ndarray
    g: np.ndarray
    o: np.ndarray
    c_next: np.ndarray


def lstm_step(x, h, c, W, b):
    """One step of an LSTM, for N samples at once.

    Parameters
    ----------
    x : (N, D) array
        The input of this step.
    h, c : (N, H) arrays
        Hidden state and cell state before the step.
    W : (4H, H + D) array
        Rows: input gate, forget gate, candidate, output gate, H each. Columns: h, then x.
    b : (4H,) array

    Returns
    -------
    h_next, c_next : (N, H) arrays
    cache : StepCache
        For `lstm_step_backward`.

    Raises
    ------
    ValueError
        If a shape does not fit the others, or a number is not finite.
    """
    x, h, c, W, b = _step_arguments(x, h, c, W, b)
    H = h.shape[1]
    hx = np.concatenate([h, x], axis=1)
    z = hx @ W.T + b
    i = sigmoid(z[:, 0 * H : 1 * H])
    f = sigmoid(z[:, 1 * H : 2 * H])
    g = np.tanh(z[:, 2 * H : 3 * H])
    o = sigmoid(z[:, 3 * H : 4 * H])
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    # Copies of the cell states, because the caller holds these arrays as well and may change them.
    return h_next, c_next, StepCache(hx, c.copy(), i, f, g, o, c_next.copy())


def lstm_step_backward(dh_next, dc_next, cache, W):
    """Backpropagate through one step: from the gradients of its results to those of everything it used.

    Parameters
    ----------
    dh_next, dc_next : (N, H) arrays
        Gradients of the loss with respect to `h_next` and `c_next`; the latter without the part that flows through
        `h_next`, which is computed here.
    cache : StepCache
        From the forward step.
    W : (4H, H + D) array

    Returns
    -------
    dx : (N, D) array
    dh, dc : (N, H) arrays
    dW : (4H, H + D) array
    db : (4H,) array

    Raises
    ------
    ValueError
        If a shape does not fit the cache, or a number is not finite.
    """
    a_cache = isinstance(cache, tuple) and len(cache) == len(StepCache._fields)
    if not a_cache or not all(isinstance(part, np.ndarray) for part in cache):
        raise ValueError(f"cache: wanted the StepCache that lstm_step returned, got {type(cache).__name__}")
    hx, c, i, f, g, o, c_next = cache
    N, H = c.shape
    dh_next = arguments.array("dh_next", dh_next, N=N, H=H)
    dc_next = arguments.array("dc_next", dc_next, N=N, H=H)
    W = arguments.array("W", W, **{"4H": 4 * H, "H+D": hx.shape[1]})

    tanh_c = np.tanh(c_next)  # h' = o * tanh(c')
    do = dh_next * tanh_c
    dc_all = dc_next + dh_next * o * (1 - tanh_c**2)

    di = dc_all * g  # c' = f * c + i * g
    df = dc_all * c
    dg = dc_all * i
    dc = dc_all * f

    dz_i = di * i * (1 - i)  # the slope of a sigmoid is i (1 - i), that of a tanh 1 - g^2
    dz_f = df * f * (1 - f)
    dz_g = dg * (1 - g**2)
    dz_o = do * o * (1 - o)
    dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)

    dW = dz.T @ hx  # z = W [h, x] + b
    db = dz.sum(axis=0)
    dhx = dz @ W
    dh, dx = dhx[:, :H], dhx[:, H:]
    return dx, dh, dc, dW, db


class LSTM(Recurrent):
    """LSTM layers over whole sequences, fast enough to train with; equal to ``torch.nn.LSTM``.

    It computes what `lstm_step` computes, in an order that takes less time; ``notebooks/05_speed.ipynb`` explains what
    this order saves, and at which sizes.

    See `Recurrent` for the parameters; there are four gates, in the order i, f, g, o.

    Examples
    --------
    >>> layer = LSTM(input_size=3, hidden_size=5)
    >>> y, (h, c) = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape, c.shape
    ((2, 7, 5), (1, 2, 5), (1, 2, 5))
    """

    gate_names = ("i", "f", "g", "o")
    state_names = ("h", "c")

    def _forward(self, weights, x, states, mask, keep):
        h0, c0 = states
        T, N, H = len(x), *h0.shape
        # A sigmoid is half a tanh: with the rows of i, f and o halved, one tanh serves all four gates.
        scale = np.array([0.5, 0.5, 1.0, 0.5], self.dtype).reshape(4, 1, 1)
        shift = 1 - scale
        W = np.ascontiguousarray((joined_weights(weights).reshape(4, H, -1) * scale).transpose(0, 2, 1))
        scale, shift = (np.broadcast_to(each, (4, N, H)).copy() for each in (scale, shift))  # broadcasting costs more

        # slabs[t] holds i, f, g and o of step t and, next to them, the cell state before it; slabs[t + 1, 4] is the
        # cell state after it. Each of the five is contiguous in memory.
        slabs = np.empty((T + 1, 5, N, H), self.dtype)
        slabs[0, 4] = c0
        gates, tanh_c = slabs[:T, :4], np.empty((T, N, H), self.dtype)
        rows = input_rows(x, h0, keep)
        h = rows[:, :, :H] if keep is None else np.empty((T + 1, N, H), self.dtype)
        h[0] = h0
        # W_ih x + b for all steps at once; the loop adds W_hh h.
        np.matmul(rows[:T, None, :, H:], W[:, H:], out=gates)
        W_hh, from_h, pair = W[:, :H], np.empty((4, N, H), self.dtype), np.empty((2, N, H), self.dtype)

        steps = zip(rows[:, :, :H], gates, slabs, slabs[1:, 4], tanh_c, h[1:], strict=False)
        for t, (seen, z, slab, c_after, tanh_after, h_after) in enumerate(steps):
            z += np.matmul(seen, W_hh, out=from_h)
            np.tanh(z, out=z)
            np.multiply(z, scale, out=z)
            np.add(z, shift, out=z)
            np.multiply(slab[:2], slab[2::2], out=pair)  # i and f with g and c, in one call
            np.add(pair[0], pair[1], out=c_after)
            np.tanh(c_after, out=tanh_after)
            np.multiply(slab[3], tanh_after, out=h_after)
            if mask is not None:
                np.copyto(h_after, h[t], where=~mask[t])
                np.copyto(c_after, slab[4], where=~mask[t])
            if keep is not None:
                np.multiply(h_after, keep, out=rows[t + 1, :, :H])
        return h[1:], [h[T], slabs[T, 4]], (rows, h, slabs, tanh_c, mask, keep)

    def _backward(self, weights, dy, dstates, cache):
        rows, _, slabs, tanh_c, mask, keep = cache
        T, N, H = dy.shape
        dh, dc = dstates
        i, f, g, o, c = slabs[:T].swapaxes(0, 1)

        # The factor of dc (for i, f and g) or of dh (for o) in each gate's dz, for all steps at once.
        slopes = np.empty((T, 4, N, H), self.dtype)
        slopes[:, 0] = g * i * (1 - i)
        slopes[:, 1] = c * f * (1 - f)
        slopes[:, 2] = i * (1 - g**2)
        slopes[:, 3] = tanh_c * o * (1 - o)
        dh_to_dc = o * (1 - tanh_c**2)

        dz = np.empty((T, N, 4 * H), self.dtype)  # one row for each sample again, for the products
        dz_by_gate = dz.reshape(T, N, 4, H).swapaxes(1, 2)
        W_hh = weights["weight_hh"]
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dc_t = dc + dh * dh_to_dc[t]
            np.multiply(slopes[t, :3], dc_t, out=dz_by_gate[t, :3])
            np.multiply(slopes[t, 3], dh, out=dz_by_gate[t, 3])
            if mask is not None:
                dz[t] *= mask[t]
            dh_before, dc_before = dz[t] @ W_hh, dc_t * f[t]
            if keep is not None:
                dh_before *= keep
            # A masked step computes no gates; its gradients go straight to the step before it.
            dh = dh_before if mask is None else np.where(mask[t], dh_before, dh)
            dc = dc_before if mask is None else np.where(mask[t], dc_before, dc)

        dx = (dz.reshape(T * N, 4 * H) @ weights["weight_ih"]).reshape(T, N, -1)
        return dx, [dh, dc], weight_gradients(rows, dz, H)

    def _activations(self, cache):
        _, h, slabs, *_ = cache
        gates = {name: slabs[:-1, k] for k, name in enumerate(self.gate_names)}
        return gates | {"h": h[1:], "c": slabs[1:, 4]}


def _step_arguments(x, h, c, W, b):
    x = arguments.array("x", x, N=None, D=None)
    N, D = x.shape
    h = arguments.array("h", h, N=N, H=None)
    H = h.shape[1]
    c = arguments.array("c", c, N=N, H=H)
    W = arguments.array("W", W, **{"4H": 4 * H, "H+D": H + D})
    b = arguments.array("b", b, **{"4H": 4 * H})
    return x, h, c, W, b
