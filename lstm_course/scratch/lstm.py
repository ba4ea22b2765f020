"""The LSTM in NumPy, twice: `lstm_step` and `lstm_step_backward` to be read, the layer `LSTM` to be used.

    [i, f, g, o] = [sigmoid, sigmoid, tanh, sigmoid]( W [h, x] + b )
    c' = f * c + i * g
    h' = o * tanh(c')

i, f and o are the input, forget and output gate, g the candidate, c the cell state, h the hidden state: the
cell of Hochreiter and Schmidhuber (1997) with the forget gate of Gers, Schmidhuber and Cummins (2000).
A test holds the two forms equal, and both equal to ``torch.nn.LSTM``.
"""

from typing import NamedTuple

import numpy as np

from . import arguments
from .recurrent import Recurrent


def sigmoid(z):
    """1 / (1 + exp(-z)), element by element, written as half a tanh so that no exponential overflows."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


class StepCache(NamedTuple):
    """What one step must remember for its backward pass."""

    hx: np.ndarray  # (N, H + D), the hidden state before the step and the input, side by side
    c: np.ndarray  # (N, H), the cell state before the step; the other six are (N, H), too
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
    return h_next, c_next, StepCache(hx, c, i, f, g, o, c_next)


def lstm_step_backward(dh_next, dc_next, cache, W):
    """Backward through one step: from the gradients of its results to those of everything it used.

    Parameters
    ----------
    dh_next, dc_next : (N, H) arrays
        Gradient of the loss with respect to `h_next` and to `c_next`; the latter without the part that
        arrives through `h_next`, which is computed here.
    cache : StepCache
        Of the forward step.
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
    if not (isinstance(cache, tuple) and len(cache) == len(StepCache._fields)):
        raise ValueError(f"cache: wanted the StepCache that lstm_step returned, got {type(cache).__name__}")
    hx, c, i, f, g, o, c_next = cache
    N, H = c.shape
    dh_next = arguments.array("dh_next", dh_next, N=N, H=H)
    dc_next = arguments.array("dc_next", dc_next, N=N, H=H)
    W = arguments.array("W", W, **{"4H": 4 * H, "H+D": hx.shape[1]})

    tanh_c = np.tanh(c_next)  # h' = o * tanh(c')
    do = dh_next * tanh_c
    dc_next = dc_next + dh_next * o * (1 - tanh_c**2)

    di = dc_next * g  # c' = f * c + i * g
    df = dc_next * c
    dg = dc_next * i
    dc = dc_next * f

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


def stacked_weights(parameters):
    """W and b of the equations from parameters under PyTorch's names: the same numbers, side by side.

    Parameters
    ----------
    parameters : dict
        With ``weight_ih_l0 (4H, D)``, ``weight_hh_l0 (4H, H)``, ``bias_ih_l0`` and ``bias_hh_l0 (4H,)``.

    Returns
    -------
    W : (4H, H + D) array
    b : (4H,) array

    Raises
    ------
    ValueError
        If one of the four is missing.
    """
    for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        if name not in parameters:
            raise ValueError(f"parameters: wanted an array named {name}, got only {sorted(parameters)}")
    W = np.concatenate([parameters["weight_hh_l0"], parameters["weight_ih_l0"]], axis=1)
    return W, parameters["bias_ih_l0"] + parameters["bias_hh_l0"]


class LSTM(Recurrent):
    """An LSTM layer over whole sequences, fast enough to train with.

    It computes what `lstm_step` computes, with the work arranged otherwise: the product of all inputs with
    their weights is taken once before the loop over time, all four gates share one tanh, the slopes are taken
    for all steps at once, and the gradients of the weights are one product after the loop.

    See `Recurrent` for the parameters; there are four gates, in the order i, f, g, o.

    Examples
    --------
    >>> layer = LSTM(input_size=3, hidden_size=5)
    >>> y, (h, c) = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape, c.shape
    ((2, 7, 5), (1, 2, 5), (1, 2, 5))
    """

    gates = 4
    state_names = ("h", "c")

    def __call__(self, x, state=None, mask=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) array
        state : pair of (1, N, H) arrays, optional
            Hidden state and cell state before the first step; zeros where not given.
        mask : (N, T) array, optional
            True where a step counts. At the others the state is kept, and the output is zero.

        Returns
        -------
        y : (N, T, H) array
            The hidden state of each step.
        (h, c) : pair of (1, N, H) arrays
            Hidden state and cell state after the last step.

        Raises
        ------
        ValueError
            If an argument has another shape, is empty, or holds a number that is not finite.
        """
        x, (h0, c0), mask = self._inputs(x, _pair("state", state), mask)
        T, N, _ = x.shape
        H = self.hidden_size

        # A sigmoid is half a tanh: with the rows of i, f and o halved, one tanh serves all four gates.
        half = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], self.dtype), H)
        W_ih = self.parameters["weight_ih_l0"].T * half
        W_hh = self.parameters["weight_hh_l0"].T * half
        b = (self.parameters["bias_ih_l0"] + self.parameters["bias_hh_l0"]) * half

        gates = (x.reshape(T * N, -1) @ W_ih + b).reshape(T, N, 4 * H)
        h, c = np.empty((2, T + 1, N, H), self.dtype)
        tanh_c = np.empty((T, N, H), self.dtype)
        h[0], c[0] = h0, c0
        for t in range(T):
            z = gates[t]
            z += h[t] @ W_hh
            np.tanh(z, out=z)
            z *= half
            z += 1 - half
            i, f, g, o = z[:, :H], z[:, H : 2 * H], z[:, 2 * H : 3 * H], z[:, 3 * H :]
            np.multiply(f, c[t], out=c[t + 1])
            c[t + 1] += i * g
            np.tanh(c[t + 1], out=tanh_c[t])
            np.multiply(o, tanh_c[t], out=h[t + 1])
            if mask is not None:
                np.copyto(h[t + 1], h[t], where=~mask[t])
                np.copyto(c[t + 1], c[t], where=~mask[t])

        self._cache = dict(x=x, h=h, c=c, gates=gates, tanh_c=tanh_c, mask=mask)
        return self._outputs(h, mask), (h[-1:].copy(), c[-1:].copy())

    def backward(self, dy, dstate=None):
        """Backpropagation through time over the sequences of the last call; fills `gradients`.

        Parameters
        ----------
        dy : (N, T, H) array
            Gradient of the loss with respect to the outputs.
        dstate : pair of (1, N, H) arrays, optional
            Gradient with respect to the final hidden state and cell state; zeros where not given.

        Returns
        -------
        dx : (N, T, D) array
        (dh0, dc0) : pair of (1, N, H) arrays

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If a shape does not fit the last call, or a number is not finite.
        """
        dy = self._output_gradient(dy)
        T, N, H = dy.shape
        cache, mask = self._cache, self._cache["mask"]
        dh, dc = self._states(_pair("dstate", dstate), N, "dstate")

        # How dz depends on dc (for i, f and g) and on dh (for o), for all steps at once.
        i, f, g, o = np.split(cache["gates"], 4, axis=2)
        tanh_c = cache["tanh_c"]
        from_dc = np.stack([g * i * (1 - i), cache["c"][:-1] * f * (1 - f), i * (1 - g**2)], axis=2)
        from_dh = tanh_c * o * (1 - o)
        dh_to_dc = o * (1 - tanh_c**2)

        dz = np.empty((T, N, 4, H), self.dtype)
        W_hh = self.parameters["weight_hh_l0"]
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dc_t = dc + dh * dh_to_dc[t]
            np.multiply(from_dc[t], dc_t[:, None], out=dz[t, :, :3])
            np.multiply(from_dh[t], dh, out=dz[t, :, 3])
            if mask is None:
                dh = dz[t].reshape(N, 4 * H) @ W_hh
                dc = dc_t * f[t]
            else:  # a masked step has no gates; its gradients go straight to the step before
                dz[t] *= mask[t, :, :, None]
                dh = np.where(mask[t], dz[t].reshape(N, 4 * H) @ W_hh, dh)
                dc = np.where(mask[t], dc_t * f[t], dc)

        dx = self._finish(dz.reshape(T, N, 4 * H))
        return dx, (dh[None], dc[None])


def _pair(name, value):
    """`value` if it is None or holds two arrays, h and c."""
    if value is not None and not (isinstance(value, (tuple, list)) and len(value) == 2):
        raise ValueError(f"{name}: wanted a pair (h, c) of arrays, got {type(value).__name__}")
    return value


def _step_arguments(x, h, c, W, b):
    x = arguments.array("x", x, N=None, D=None)
    N, D = x.shape
    h = arguments.array("h", h, N=N, H=None)
    H = h.shape[1]
    c = arguments.array("c", c, N=N, H=H)
    W = arguments.array("W", W, **{"4H": 4 * H, "H+D": H + D})
    b = arguments.array("b", b, **{"4H": 4 * H})
    return x, h, c, W, b
