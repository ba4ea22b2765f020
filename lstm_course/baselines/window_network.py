"""A feedforward network on the last few steps: what can be done without memory."""

import numpy as np

from ..scratch import Adam, Linear, arguments, softmax_cross_entropy, squared_error


def windows(x, width):
    """For each step, the features of the last steps side by side, the oldest first.

    Parameters
    ----------
    x : (N, T, D) array
    width : int
        Steps in a window, the present one among them. Before the start stand zeros.

    Returns
    -------
    (N, T, width * D) array
        Numbers of its own: changing it does not change `x`.

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

    What has left the window is gone; a window of one step sees each step alone.

    Parameters
    ----------
    width : int
        Steps in the window, the present one among them.
    input_size, output_size : int
        D, the features of a step, and K, the numbers to be predicted, or the classes to choose from.
    hidden_size : int
    seed : int
        Of the initial parameters, and of what `fit` draws.

    Attributes
    ----------
    layers : list of Linear
        The two, with their `parameters` and `gradients`.

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
        """Learn from windows drawn at random; goes on from the parameters there are, with a new Adam.

        Parameters
        ----------
        x : (N, T, D) array
        targets : (N, T) array of int, or (N, T, K) array of float
            Classes, learned by cross-entropy, or numbers, learned by squared error. One answer a sequence, (N,)
            or (N, K), belongs to its last step that counts.
        mask : (N, T) array, optional
            True where a step counts.
        steps : int
        learning_rate : float
        batch_size : int
            Windows a step.

        Returns
        -------
        WindowNetwork
            This one.

        Raises
        ------
        ValueError
            If an argument is not as described.
        """
        x = arguments.array("x", x, N=None, T=None, D=self.input_size)
        N, T, _ = x.shape
        measure, targets, mask = self._goal(targets, arguments.mask_shaped("mask", mask, (N, T)))
        rows, targets = windows(x, self.width)[mask], targets[mask]
        steps, batch_size = arguments.size("steps", steps), arguments.size("batch_size", batch_size)
        adam = Adam(self.layers, learning_rate)
        for _ in range(steps):
            drawn = self._rng.integers(len(rows), size=batch_size)
            _, doutputs = measure(self._outputs(rows[drawn]), targets[drawn])
            self.backward(doutputs)
            adam.step()
        return self

    def predict(self, x):
        """The outputs at each step: numbers, or of each class a logit, which `argmax` makes a class.

        Parameters
        ----------
        x : (N, T, D) array

        Returns
        -------
        (N, T, K) array

        Raises
        ------
        ValueError
            If `x` has another shape, is empty, or holds a number that is not finite.
        """
        return self._outputs(windows(arguments.array("x", x, N=None, T=None, D=self.input_size), self.width))

    def backward(self, doutputs):
        """Backward through the last `predict`; fills the gradients of `layers`.

        Parameters
        ----------
        doutputs : (N, T, K) array
            Gradient of the loss with respect to the outputs.

        Raises
        ------
        RuntimeError
            If nothing has been predicted.
        ValueError
            If the shape is not that of the outputs, or a number is not finite.
        """
        hidden, output = self.layers
        hidden.backward(output.backward(doutputs) * (1 - self._h**2))

    def _outputs(self, rows):
        hidden, output = self.layers
        self._h = np.tanh(hidden(rows))
        return output(self._h)

    def _goal(self, targets, mask):
        """The loss, the target of each step, and whether it counts: one form for the four that targets have."""
        (N, T), K = mask.shape, self.output_size
        if isinstance(targets, np.ndarray) and targets.dtype.kind == "f":
            finite = np.nan_to_num(targets)  # what is not, matters only where it counts
        else:
            finite = targets
        axes = np.ndim(arguments.array("targets", finite, leading=True, N=None))
        classes = np.asarray(targets).dtype.kind != "f"
        one_each = axes == (1 if classes else 2)
        shape = {"N": N} if one_each else {"N": N, "T": T}
        if classes:
            where = None if one_each else mask
            targets = arguments.integers("targets", targets, K, where=where, **shape)
        else:
            targets = arguments.shaped("targets", targets, (*shape.values(), K)).copy()
            if not one_each:
                targets[~mask] = 0  # whatever stands there
            targets = arguments.array("targets", targets, **shape, K=K)
        if one_each:
            targets = np.repeat(targets[:, None], T, axis=1)  # at every step; the mask leaves the last that counts
            mask = mask & (np.arange(T) == T - 1 - mask[:, ::-1].argmax(axis=1)[:, None])
        return softmax_cross_entropy if classes else squared_error, targets, mask
