"""The embedding layer in NumPy: a vector for each symbol."""

import numpy as np

from . import arguments


class Embedding:
    """A table with one row for each symbol; equal to ``torch.nn.Embedding``.

    Looking up row k gives the product of a one-hot vector, 1 at index k and 0 elsewhere, with the table, without the
    multiplications.

    Parameters
    ----------
    count : int
        K, the number of symbols.
    size : int
        D, the length of the vector for each symbol.
    dtype : numpy dtype
        float32 or float64, for the table and all computations.
    seed : int
        For the initial table: normal with mean 0 and standard deviation 1, as in PyTorch.

    Attributes
    ----------
    parameters : dict of str to numpy.ndarray
        ``weight (K, D)``. Change it in place.
    gradients : dict of str to numpy.ndarray
        The same name and shape; empty until `backward` has run, and replaced by each call of it.
    options : dict
        The arguments with which the layer was made.

    Examples
    --------
    >>> layer = Embedding(count=7, size=3)
    >>> layer([[0, 6, 6, 1], [2, 2, 0, 5]]).shape
    (2, 4, 3)
    """

    def __init__(self, count, size, dtype=np.float64, seed=0):
        self.count = arguments.size("count", count)
        self.size = arguments.size("size", size)
        self.dtype = arguments.float_type("dtype", dtype)
        seed = arguments.seed("seed", seed)
        self.options = dict(count=self.count, size=self.size, dtype=self.dtype.name, seed=seed)
        table = np.random.default_rng(seed).normal(size=(self.count, self.size))
        self.parameters = {"weight": table.astype(self.dtype)}
        self.gradients = {}
        self._x = None

    def __call__(self, x):
        """Look up the vectors of symbols.

        Parameters
        ----------
        x : (N, T) array of int
            Symbols from 0 to K - 1; other shapes are allowed, too.

        Returns
        -------
        y : (N, T, D) array
            The axes before the last are those of `x`.

        Raises
        ------
        ValueError
            If a number is not a symbol, or `x` is empty.
        """
        x = arguments.integers("x", x, self.count, leading=True)
        self._x = x.copy()  # the backward pass needs these numbers even if the caller changes the array
        return self.parameters["weight"][x]

    def backward(self, dy):
        """Backpropagate through the last call, and fill `gradients`.

        Parameters
        ----------
        dy : (N, T, D) array
            Gradient of the loss with respect to the outputs.

        Returns
        -------
        None
            Symbols cannot change continuously, so the loss has no gradient with respect to them.

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If the shape is not that of the last output, or a number is not finite.
        """
        if self._x is None:
            raise RuntimeError("backward: the layer has not been called yet; call y = layer(x) first")
        dy = arguments.array("dy", dy, self.dtype, leading=True, D=self.size)
        wanted = (*self._x.shape, self.size)
        if dy.shape != wanted:
            raise ValueError(f"dy: wanted the shape of the last output, {wanted}, got {dy.shape}")
        gradient = np.zeros_like(self.parameters["weight"])
        # Not gradient[x] += dy, which would keep only the last of several steps with the same symbol.
        np.add.at(gradient, self._x, dy)
        self.gradients = {"weight": gradient}
