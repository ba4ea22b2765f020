"""A feedforward network on the last few steps, to show what is possible without memory."""

import numpy as np

from ..scratch import Adam, Linear, arguments, softmax_cross_entropy, squared_error


def windows(x, width):
    """For each step, the features of the last `width` steps side by side, the oldest first.

    Parameters
    ----------
    x : (N, T, D) array
    width : int
        Steps in a window, including the current one. Steps before the start are zeros.

    Returns
    -------
    (N, T, width * D) array
        A copy: changing it does not change `x`.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> windows([[[1.0], [2.0], [3.0]]], 2).tolist()
    [[[0.0, 1.0], [1.0, 2.0], [2.0, 3.0]]]
    """
    x = arguments.array("x", x, N=None, T=None, D=None)
    N, T, D = x.shape
    before = arguments.size("width", width) - 1
    padded = np.concatenate([np.zeros((N, before, D)), x], axis=1)
    return np.concatenate([padded[:, k : k + T] for k in range(width)], axis=2)


class WindowNetwork:
    """A feedforward network on windows: at each step, y = W2 tanh(W1 window + b1) + b2.

    It knows nothing of the steps before the window; with a width of 1 it sees each step alone.

    Parameters
    ----------
    width : int
        Steps in the window, including the current one.
    input_size, output_size : int
        D, the number of features per step, and K, the number of values to predict or of classes.
    hidden_size : int
    seed : int
        Of the initial parameters, and of the windows that `fit` draws.

    Attributes
    ----------
    layers : list of Linear
        Both layers, with their `parameters` and `gradients`.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(20, 10, 1))
    >>> step_before = windows(x, 2)[:, :, :1]
    >>> y = WindowNetwork(2, input_size=1, output_size=1).fit(x, step_before).predict(x)
    >>> bool(np.abs(y - step_before).mean() < 0.1)
    True
    """

    def __init__(self, width, input_size, output_size, hidden_size=32, seed=0):
        self.width = arguments.size("width", width)
        self.input_size = arguments.size("input_size", input_size)
        self.output_size = arguments.size("output_size", output_size)
        hidden_size = arguments.size("hidden_size", hidden_size)
        self._rng = np.random.default_rng(arguments.seed("seed", seed))
        seeds = self._rng.integers(2**31, size=2)
        self.layers = [
            Linear(self.width * self.input_size, hidden_size, seed=seeds[0]),
            Linear(hidden_size, self.output_size, seed=seeds[1]),
        ]

    def fit(self, x, targets, mask=None, steps=500, learning_rate=0.01, batch_size=64):
        """Train on windows drawn at random, from the current parameters on, with a new Adam.

        Parameters
        ----------
        x : (N, T, D) array
        targets : (N, T) array of int, or (N, T, K) array of float
            Classes, trained with cross-entropy, or numbers, trained with squared error. One target per sequence, (N,)
            or (N, K), belongs to the last step that counts.
        mask : (N, T) array, optional
            True where a step counts.
        steps : int
        learning_rate : float
        batch_size : int
            Windows per step.

        Returns
        -------
        WindowNetwork
            The network itself.

        Raises
        ------
        ValueError
            If an argument is not as described.
        """
        x = arguments.array("x", x, N=None, T=None, D=self.input_size)
        N, T, _ = x.shape
        loss, targets, mask = self._loss_and_targets(targets, arguments.mask_shaped("mask", mask, (N, T)))
        rows, targets = windows(x, self.width)[mask], targets[mask]
        steps, batch_size = arguments.size("steps", steps), arguments.size("batch_size", batch_size)
        adam = Adam(self.layers, learning_rate)
        for _ in range(steps):
            drawn = self._rng.integers(len(rows), size=batch_size)
            _, doutputs = loss(self._outputs(rows[drawn]), targets[drawn])
            self.backward(doutputs)
            adam.step()
        return self

    def predict(self, x):
        """The outputs at each step: numbers, or one logit per class, of which `argmax` gives the class.

        Parameters
        ----------
        x : (N, T, D) array

        Returns
        -------
        (N, T, K) array

        Raises
        ------
        ValueError
            If `x` has another shape, is empty, or contains a number that is not finite.
        """
        return self._outputs(windows(arguments.array("x", x, N=None, T=None, D=self.input_size), self.width))

    def backward(self, doutputs):
        """Backpropagate through the last `predict`, which sets the gradients of `layers`.

        Parameters
        ----------
        doutputs : (N, T, K) array
            Gradient of the loss with respect to the outputs.

        Raises
        ------
        RuntimeError
            If `predict` has not been called.
        ValueError
            If the shape differs from that of the outputs, or a number is not finite.
        """
        hidden, output = self.layers
        hidden.backward(output.backward(doutputs) * (1 - self._h**2))

    def _outputs(self, rows):
        hidden, output = self.layers
        self._h = np.tanh(hidden(rows))
        return output(self._h)

    def _loss_and_targets(self, targets, mask):
        """The loss, a target for each step, and which steps count, whichever of the four forms the targets have."""
        (N, T), K = mask.shape, self.output_size
        if isinstance(targets, np.ndarray) and targets.dtype.kind == "f":
            finite = np.nan_to_num(targets)  # NaN is allowed at steps that do not count, which are checked below
        else:
            finite = targets
        axes = np.ndim(arguments.array("targets", finite, leading=True, N=None))
        classes = np.asarray(targets).dtype.kind != "f"
        per_sequence = axes == (1 if classes else 2)
        shape = {"N": N} if per_sequence else {"N": N, "T": T}
        if classes:
            where = None if per_sequence else mask
            targets = arguments.integers("targets", targets, K, where=where, **shape)
        else:
            targets = arguments.shaped("targets", targets, (*shape.values(), K)).copy()
            if not per_sequence:
                targets[~mask] = 0
            targets = arguments.array("targets", targets, **shape, K=K)
        if per_sequence:
            targets = np.repeat(targets[:, None], T, axis=1)  # at every step; the mask keeps the last one that counts
            mask = mask & (np.arange(T) == T - 1 - mask[:, ::-1].argmax(axis=1)[:, None])
        return softmax_cross_entropy if classes else squared_error, targets, mask
