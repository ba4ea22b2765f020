"""One recurrent layer in one direction: what each cell has to provide, and the matrix products that cells share."""

import numpy as np

from . import arguments


class Cell:
    """The protocol between `Recurrent`, which stacks and reverses layers, and the equations of one cell.

    A subclass names its gates and states, and runs one layer over a sequence in one direction, forward and back.
    In these methods time is the first axis, ``(T, N, D)``, so that the arrays of one step are contiguous.

    Attributes
    ----------
    gate_names : tuple of str
        The blocks of H rows stacked in each weight matrix, in order.
    state_names : tuple of str
        What is carried from one step to the next.
    """

    gate_names = ("h",)
    state_names = ("h",)

    def _shapes(self, D):
        """The shape of each parameter of one layer in one direction, by name without suffix, for D input features."""
        H, rows = self.hidden_size, len(self.gate_names) * self.hidden_size
        return {"weight_ih": (rows, D), "weight_hh": (rows, H), "bias_ih": (rows,), "bias_hh": (rows,)}

    def _forward(self, weights, x, states, mask, keep):
        """Run over a sequence.

        Parameters
        ----------
        weights : dict of str to array
            By name, as in `_shapes`.
        x : (T, N, D) array
            May be the caller's own array: copy what the backward pass needs.
        states : list of (N, H) arrays
            Before the first step, in the order of `state_names`; may be the caller's own arrays as well.
        mask : (T, N, 1) array of bool, or None
            Where it is false, the step keeps its states.
        keep : (N, H) array, or None
            Recurrent dropout: the factor of the hidden state in the recurrent product, the same at every step.

        Returns
        -------
        outputs : (T, N, H) array
        states : list of (N, H) arrays
            After the last step.
        cache : tuple
            What `_backward` and `_activations` need.
        """
        raise NotImplementedError

    def _backward(self, weights, dy, dstates, cache):
        """Backpropagate dy (T, N, H) and the gradients of the final states through one run.

        Returns
        -------
        dx : (T, N, D) array
        dstates : list of (N, H) arrays
            Gradients with respect to the states before the first step.
        gradients : dict of str to array
            Of the weights, by name.
        """
        raise NotImplementedError

    def _activations(self, cache):
        """The gates and states of one run by letter, (T, N, H) each."""
        raise NotImplementedError


def packed(states):
    """A list of states in the form a layer takes and returns: a tuple, or the array itself if there is only one."""
    return tuple(states) if len(states) > 1 else states[0]


def input_rows(x, h0, keep):
    """The rows [h, x, 1] of all steps, (T + 1, N, H + D + 1), with h filled in for the first step only.

    The product of such a row with [W_hh, W_ih, b] is W_hh h + W_ih x + b, and the product of all rows with the
    gradient of that sum holds the gradients of both weights and of the bias. Row T holds only the last h.
    """
    (T, N, D), H = x.shape, h0.shape[1]
    rows = np.empty((T + 1, N, H + D + 1), x.dtype)
    rows[0, :, :H] = h0 if keep is None else h0 * keep
    rows[:T, :, H:-1] = x
    rows[:, :, -1] = 1
    return rows


def joined_weights(weights):
    """[W_hh, W_ih, b], (G*H, H + D + 1) with G gates; b is the sum of the two biases."""
    bias = weights["bias_ih"] + weights["bias_hh"]
    return np.concatenate([weights["weight_hh"], weights["weight_ih"], bias[:, None]], axis=1)


def weight_gradients(rows, dz, H):
    """Gradients of the weights by name, from the rows [h, x, 1] and from dz (T, N, G*H), that of W [h, x] + b.

    One product for all steps, after the loop: it includes the sum over time.
    """
    T, N, GH = dz.shape
    gradient = (rows[:T].reshape(T * N, -1).T @ dz.reshape(T * N, GH)).T
    return {
        "weight_ih": gradient[:, H:-1].copy(),
        "weight_hh": gradient[:, :H].copy(),
        "bias_ih": gradient[:, -1].copy(),
        "bias_hh": gradient[:, -1].copy(),
    }


def stacked_weights(parameters):
    """W and b of the LSTM equations from parameters under PyTorch's names: the same numbers, side by side.

    Parameters
    ----------
    parameters : dict
        With ``weight_ih_l0 (4H, D)``, ``weight_hh_l0 (4H, H)``, ``bias_ih_l0`` and ``bias_hh_l0 (4H,)``: the lowest
        layer of an LSTM.

    Returns
    -------
    W : (4H, H + D) array
    b : (4H,) array

    Raises
    ------
    ValueError
        If one of the four is missing, or their shapes do not fit together.
    """
    if not isinstance(parameters, dict):
        raise ValueError(f"parameters: wanted a dict of arrays, got {type(parameters).__name__}")
    for name in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
        if name not in parameters:
            raise ValueError(f"parameters: wanted an array named {name}, got only {sorted(parameters)}")
    H = np.shape(parameters["weight_hh_l0"])[-1]
    columns = {"weight_hh_l0": {"H": H}, "weight_ih_l0": {"D": None}, "bias_ih_l0": {}, "bias_hh_l0": {}}
    W_hh, W_ih, b_ih, b_hh = (
        arguments.array(f"{name} in parameters", parameters[name], None, **{"4H": 4 * H}, **axes)
        for name, axes in columns.items()
    )
    return np.concatenate([W_hh, W_ih], axis=1), b_ih + b_hh
