"""The linear layer in NumPy: y = W x + b, the same at every time step."""

import numpy as np

from . import arguments


class Linear:
    """A linear layer; equal to ``torch.nn.Linear``.

    Parameters
    ----------
    input_size, output_size : int
        D, the number of input features, and K, that of output features.
    dtype : numpy dtype
        float32 or float64, for the parameters and all computations.
    seed : int
        For the initial parameters: uniform between -1/sqrt(D) and 1/sqrt(D), as in PyTorch.

    Attributes
    ----------
    parameters : dict of str to numpy.ndarray
        ``weight (K, D)`` and ``bias (K,)``. Change them in place.
    gradients : dict of str to numpy.ndarray
        The same names and shapes; empty until `backward` has run, and replaced by each call of it.
    options : dict
        The arguments with which the layer was made.

    Examples
    --------
    >>> layer = Linear(input_size=3, output_size=5)
    >>> layer(np.ones((2, 7, 3))).shape
    (2, 7, 5)
    """

    def __init__(self, input_size, output_size, dtype=np.float64, seed=0):
        self.input_size = D = arguments.size("input_size", input_size)
        self.output_size = K = arguments.size("output_size", output_size)
        self.dtype = arguments.float_type("dtype", dtype)
        seed = arguments.seed("seed", seed)
        self.options = dict(input_size=D, output_size=K, dtype=self.dtype.name, seed=seed)
        rng = np.random.default_rng(seed)
        bound = 1 / np.sqrt(D)
        self.parameters = {
            name: rng.uniform(-bound, bound, shape).astype(self.dtype)
            for name, shape in {"weight": (K, D), "bias": (K,)}.items()
        }
        self.gradients = {}
        self._x = None

    def __call__(self, x):
        """Apply the layer to the last axis of `x`.

        Parameters
        ----------
        x : (N, T, D) array
            Or with any other axes before the last.

        Returns
        -------
        y : (N, T, K) array
            The axes before the last are those of `x`.

        Raises
        ------
        ValueError
            If the last axis of `x` has another size, `x` is empty, or a number is not finite.
        """
        x = arguments.array("x", x, self.dtype, leading=True, D=self.input_size)
        self._x = x.copy()  # the backward pass needs these numbers even if the caller changes the array
        return x @ self.parameters["weight"].T + self.parameters["bias"]

    def backward(self, dy):
        """Backpropagate through the last call, and fill `gradients`.

        Parameters
        ----------
        dy : (N, T, K) array
            Gradient of the loss with respect to the outputs.

        Returns
        -------
        dx : (N, T, D) array

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If the shape is not that of the last output, or a number is not finite.
        """
        if self._x is None:
            raise RuntimeError("backward: the layer has not been called yet; call y = layer(x) first")
        dy = arguments.array("dy", dy, self.dtype, leading=True, K=self.output_size)
        wanted = self._x.shape[:-1] + (self.output_size,)
        if dy.shape != wanted:
            raise ValueError(f"dy: wanted the shape of the last output, {wanted}, got {dy.shape}")
        rows = dy.reshape(-1, self.output_size)  # this layer treats samples and steps alike
        self.gradients = {
            "weight": rows.T @ self._x.reshape(-1, self.input_size),
            "bias": rows.sum(axis=0),
        }
        return dy @ self.parameters["weight"]
