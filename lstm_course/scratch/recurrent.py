"""What all recurrent layers share: parameters under PyTorch's names, states, masks, and time-major arrays.

A layer of this package takes and gives arrays ``(N, T, D)``: samples, time steps, features. Inside, time
comes first, ``(T, N, D)``, so that the arrays of one step lie together in memory.
"""

import numpy as np

from . import arguments


class Recurrent:
    """A recurrent layer without its equations; `RNN` and `LSTM` bring them.

    Parameters
    ----------
    input_size, hidden_size : int
        D, the features of one step, and H, the units of the layer.
    num_layers, bidirectional
        Only 1 and False so far.
    dtype : numpy dtype
        float32 or float64, of the parameters and of everything computed.
    seed : int
        Of the initial parameters: uniform between -1/sqrt(H) and 1/sqrt(H), as in PyTorch.

    Attributes
    ----------
    parameters : dict of str to numpy.ndarray
        ``weight_ih_l0 (G*H, D)``, ``weight_hh_l0 (G*H, H)``, ``bias_ih_l0 (G*H,)`` and ``bias_hh_l0 (G*H,)``,
        where G is the number of gates. Change them in place.
    gradients : dict of str to numpy.ndarray
        The same names and shapes; empty until `backward` has run, replaced by each call of it.
    """

    gates = 1  # how many blocks of H rows each weight matrix stacks
    state_names = ("h",)

    def __init__(self, input_size, hidden_size, num_layers=1, bidirectional=False, dtype=np.float64, seed=0):
        self.input_size = D = arguments.size("input_size", input_size)
        self.hidden_size = H = arguments.size("hidden_size", hidden_size)
        if arguments.size("num_layers", num_layers) != 1:
            raise NotImplementedError(f"num_layers: this layer has one layer so far, got {num_layers}")
        if bidirectional:
            raise NotImplementedError(f"bidirectional: this layer has one direction so far, got {bidirectional!r}")
        self.dtype = arguments.float_type("dtype", dtype)
        rng = np.random.default_rng(arguments.seed("seed", seed))
        rows = self.gates * H
        shapes = {
            "weight_ih_l0": (rows, D),
            "weight_hh_l0": (rows, H),
            "bias_ih_l0": (rows,),
            "bias_hh_l0": (rows,),
        }
        bound = 1 / np.sqrt(H)
        self.parameters = {name: rng.uniform(-bound, bound, shape).astype(self.dtype) for name, shape in shapes.items()}
        self.gradients = {}
        self._cache = None

    def _inputs(self, x, states, mask):
        """Checked arrays, time first: x (T, N, D), one (N, H) for each state, the mask (T, N, 1) or None."""
        x = arguments.array("x", x, self.dtype, N=None, T=None, D=self.input_size)
        N, T, _ = x.shape
        mask = arguments.mask("mask", mask, N, T)
        # Copies, as the backward pass needs these numbers even if the caller changes the arrays in between.
        x = x.transpose(1, 0, 2).copy()
        if mask is not None:
            mask = mask.T.copy()[:, :, None]
            x *= mask  # what stands at masked steps must not reach any product, however large it is
        return x, self._states(states, N, "state"), mask

    def _states(self, states, N, name):
        """The given states as (N, H) arrays, or zeros; `name` is what the caller called them."""
        if states is None:
            return [np.zeros((N, self.hidden_size), self.dtype) for _ in self.state_names]
        return [
            arguments.array(f"{letter} in {name}", state, self.dtype, layers=1, N=N, H=self.hidden_size)[0]
            for letter, state in zip(self.state_names, states, strict=True)
        ]

    def _output_gradient(self, dy):
        """The gradient of the outputs, time first: (T, N, H), zero where a step is masked out."""
        if self._cache is None:
            raise RuntimeError("backward: the layer has not been called yet; call y, state = layer(x) first")
        x, mask = self._cache["x"], self._cache["mask"]
        T, N, _ = x.shape
        dy = arguments.array("dy", dy, self.dtype, N=N, T=T, H=self.hidden_size).transpose(1, 0, 2)
        return dy if mask is None else np.where(mask, dy, 0)

    def _finish(self, dz):
        """Gradients of parameters and inputs from `dz` (T, N, G*H), the gradient before the activations.

        One product over all steps each, after the loop: the sum over time is part of the matrix product.
        """
        x, h = self._cache["x"], self._cache["h"]
        T, N, rows = dz.shape
        dz = dz.reshape(T * N, rows)
        bias = dz.sum(axis=0)
        self.gradients = {
            "weight_ih_l0": dz.T @ x.reshape(T * N, -1),
            "weight_hh_l0": dz.T @ h[:-1].reshape(T * N, -1),
            "bias_ih_l0": bias,
            "bias_hh_l0": bias.copy(),
        }
        dx = (dz @ self.parameters["weight_ih_l0"]).reshape(T, N, -1)
        return np.ascontiguousarray(dx.transpose(1, 0, 2))

    @staticmethod
    def _outputs(h, mask):
        """What the layer shows: (N, T, H) from the states h (T+1, N, H); zero where a step is masked out."""
        y = h[1:] if mask is None else np.where(mask, h[1:], 0)
        return y.transpose(1, 0, 2).copy()  # never a view: the caller may change y, the cache needs h
