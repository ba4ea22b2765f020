"""The plain recurrent layer in NumPy: h' = tanh(W_ih x + b_ih + W_hh h + b_hh), after Elman (1990)."""

import numpy as np

from .recurrent import Recurrent


class RNN(Recurrent):
    """A plain recurrent layer over whole sequences; equal to ``torch.nn.RNN`` with its tanh.

    See `Recurrent` for the parameters.

    Examples
    --------
    >>> layer = RNN(input_size=3, hidden_size=5)
    >>> y, h = layer(np.ones((2, 7, 3)))
    >>> y.shape, h.shape
    ((2, 7, 5), (1, 2, 5))
    """

    def __call__(self, x, state=None, mask=None):
        """Run over a batch of sequences.

        Parameters
        ----------
        x : (N, T, D) array
        state : (1, N, H) array, optional
            Hidden state before the first step; zeros where not given.
        mask : (N, T) array, optional
            True where a step counts. At the others the state is kept, and the output is zero.

        Returns
        -------
        y : (N, T, H) array
            The hidden state of each step.
        h : (1, N, H) array
            The hidden state after the last step.

        Raises
        ------
        ValueError
            If an argument has another shape, is empty, or holds a number that is not finite.
        """
        x, (h0,), mask = self._inputs(x, None if state is None else [state], mask)
        T, N, _ = x.shape
        b = self.parameters["bias_ih_l0"] + self.parameters["bias_hh_l0"]
        W_hh = self.parameters["weight_hh_l0"].T
        z = (x.reshape(T * N, -1) @ self.parameters["weight_ih_l0"].T + b).reshape(T, N, -1)
        h = np.empty((T + 1, N, self.hidden_size), self.dtype)
        h[0] = h0
        for t in range(T):
            np.tanh(z[t] + h[t] @ W_hh, out=h[t + 1])
            if mask is not None:
                np.copyto(h[t + 1], h[t], where=~mask[t])
        self._cache = dict(x=x, h=h, mask=mask)
        return self._outputs(h, mask), h[-1:].copy()

    def backward(self, dy, dstate=None):
        """Backpropagation through time over the sequences of the last call; fills `gradients`.

        Parameters
        ----------
        dy : (N, T, H) array
            Gradient of the loss with respect to the outputs.
        dstate : (1, N, H) array, optional
            Gradient with respect to the final hidden state; zeros where not given.

        Returns
        -------
        dx : (N, T, D) array
        dh0 : (1, N, H) array

        Raises
        ------
        RuntimeError
            If the layer has not been called.
        ValueError
            If a shape does not fit the last call, or a number is not finite.
        """
        dy = self._output_gradient(dy)
        T, N, H = dy.shape
        mask = self._cache["mask"]
        (dh,) = self._states(None if dstate is None else [dstate], N, "dstate")
        slope = 1 - self._cache["h"][1:] ** 2
        dz = np.empty((T, N, H), self.dtype)
        W_hh = self.parameters["weight_hh_l0"]
        for t in reversed(range(T)):
            dh = dh + dy[t]
            dz[t] = dh * slope[t]
            if mask is None:
                dh = dz[t] @ W_hh
            else:  # a masked step passes its gradient straight to the step before
                dz[t] *= mask[t]
                dh = np.where(mask[t], dz[t] @ W_hh, dh)
        return self._finish(dz), dh[None]
