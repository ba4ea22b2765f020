"""Dropout in NumPy: with a new mask at each step, or locked, with one mask for all steps of a sequence."""

import numpy as np

from . import arguments


def keep_mask(rng, rate, shape, dtype):
    """The factors of dropout: 0 with probability `rate`, else 1/(1 - rate), which preserves the mean.

    Parameters
    ----------
    rng : numpy.random.Generator
    rate : float
        From 0 to below 1.
    shape : tuple of int
    dtype : numpy dtype

    Returns
    -------
    array
        Of this shape and dtype.
    """
    dtype = np.dtype(dtype)
    return (rng.random(shape) >= rate).astype(dtype) / dtype.type(1 - rate)


class Dropout:
    """Dropout for the inputs or outputs of a layer, after Srivastava et al. (2014).

    Recurrent layers have their own, between layers and in the recurrent product; see `Recurrent`.

    Parameters
    ----------
    rate : float
        The fraction that is set to zero, from 0 to below 1.
    locked : bool
        Whether all steps of a sequence share one mask (variational dropout, Gal and Ghahramani 2016).
    dtype : numpy dtype
        float32 or float64.
    seed : int

    Attributes
    ----------
    options : dict
        The arguments with which the layer was made.
    training : bool
        True at the start. When false, the layer returns its input unchanged.

    Examples
    --------
    >>> dropout = Dropout(0.5, locked=True, seed=1)
    >>> dropout(np.ones((1, 3, 4)))
    array([[[2., 2., 0., 2.],
            [2., 2., 0., 2.],
            [2., 2., 0., 2.]]])
    """

    def __init__(self, rate, locked=False, dtype=np.float64, seed=0):
        self.rate = arguments.share("rate", rate)
        self.locked = arguments.flag("locked", locked)
        self.dtype = arguments.float_type("dtype", dtype)
        seed = arguments.seed("seed", seed)
        self.options = dict(rate=self.rate, locked=self.locked, dtype=self.dtype.name, seed=seed)
        self.parameters, self.gradients = {}, {}  # nothing to learn
        self.training = True
        self._rng = np.random.default_rng(seed)
        self._keep = self._shape = None

    def __call__(self, x):
        """Set some numbers of `x` to zero, and scale up the others.

        Parameters
        ----------
        x : (N, T, D) array

        Returns
        -------
        y : (N, T, D) array

        Raises
        ------
        ValueError
            If `x` has the wrong number of axes, is empty, or holds a number that is not finite.
        """
        x = arguments.array("x", x, self.dtype, N=None, T=None, D=None)
        self._shape = N, T, D = x.shape
        if self.training and self.rate:
            self._keep = keep_mask(self._rng, self.rate, (N, 1 if self.locked else T, D), self.dtype)
        else:
            self._keep = np.ones((N, 1, D), self.dtype)
        return x * self._keep

    def backward(self, dy):
        """Backpropagate through the last call.

        Parameters
        ----------
        dy : (N, T, D) array

        Returns
        -------
        dx : (N, T, D) array

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If a shape does not fit the last call, or a number is not finite.
        """
        if self._keep is None:
            raise RuntimeError("backward: the layer has not been called yet; call y = layer(x) first")
        dy = arguments.array("dy", dy, self.dtype, **dict(zip("NTD", self._shape, strict=True)))
        return dy * self._keep
