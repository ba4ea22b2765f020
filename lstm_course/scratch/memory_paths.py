"""How the memory of a recurrent layer reaches through time: along the cell state alone, and along all paths."""

import contextlib
from typing import NamedTuple

import numpy as np

from . import arguments
from .cell import packed
from .recurrent import Recurrent

# The gate that multiplies a state from one step to the next.
CARRYING = {"c": "f", "h": "z"}


class Paths(NamedTuple):
    """The derivative of each unit's last state by the same unit's state after t steps, for t = 0 ... T."""

    direct: np.ndarray  # (N, T + 1, H), the product of the carrying gates after step t alone
    full: np.ndarray  # (N, T + 1, H), over all paths, including that through the hidden state of step t


def memory_paths(layer, x, state=None):
    """The gradient along the direct path through the cell state, and the whole gradient.

    In an LSTM c_T depends on c_t directly, through c' = f * c + i * g at each step: this path contributes the product
    of the forget gates (with gates of 1, the constant error carousel of Hochreiter and Schmidhuber 1997). But c also
    changes h in the same step, h the next gates, and these c again; the whole gradient includes those paths. In a GRU
    the same holds for h and the update gate z. After 0 steps the states are given, and h does not depend on c.

    Parameters
    ----------
    layer : LSTM, GRU or VariantLSTM
        One layer with one direction.
    x : (N, T, D) array
    state : array or tuple of arrays, optional
        As for the layer itself.

    Returns
    -------
    Paths

    Raises
    ------
    ValueError
        If the layer has no carrying gate, several layers or two directions, or an argument is not as described.
    """
    letter = "c" if "c" in check_recurrent(layer).state_names else "h"
    if letter == "h" and "z" not in layer.gate_names:
        raise ValueError(f"layer: wanted one with a gate on its state, such as an LSTM, got {type(layer).__name__}")
    if layer.num_layers > 1 or layer.bidirectional:
        raise ValueError(
            f"layer: wanted one layer with one direction, got num_layers={layer.num_layers} "
            f"and bidirectional={layer.bidirectional}"
        )
    x = arguments.array("x", x, layer.dtype, N=None, T=None, D=layer.input_size)
    (N, T, _), H = x.shape, layer.hidden_size
    with borrowed(layer):
        layer(x, state)
        shown = layer.activations()
    direct = np.ones((N, T + 1, H), layer.dtype)
    direct[:, :T] = np.cumprod(shown[CARRYING[letter]][:, ::-1], axis=1)[:, ::-1]

    full = np.ones((N, T + 1, H), layer.dtype)
    for t, by_state in _steps_back(layer, x, state, letter):
        full[:, t] = by_state[letter]
        if letter == "c" and t > 0:
            now = {name: values[:, t - 1] for name, values in shown.items()}
            full[:, t] += sum(by_state[name] * slope for name, slope in _by_c(layer, now).items())
    return Paths(direct, full)


def _steps_back(layer, x, state, letter):
    """For each t from T - 1 to 0, the derivatives of every unit's last state `letter` by its states after t steps.

    The batch is repeated once for each unit, and each copy backpropagates the gradient of its own unit.
    """
    (N, T, _), H = x.shape, layer.hidden_size
    unit, no_gradient = np.arange(H), np.zeros((N * H, 1, H), layer.dtype)
    gradients = [np.zeros((1, N * H, H), layer.dtype) for _ in layer.state_names]
    gradients[layer.state_names.index(letter)].reshape(N, H, H)[:, unit, unit] = 1
    with borrowed(layer):
        states = [layer._states("state", state, N)]
        for t in range(T):
            states.append(_unpacked(layer(x[:, t : t + 1], packed(states[-1]))[1]))
        for t in reversed(range(T)):
            layer(np.repeat(x[:, t : t + 1], H, axis=0), packed([np.repeat(each, H, axis=1) for each in states[t]]))
            gradients = _unpacked(layer.backward(no_gradient, packed(gradients))[1])
            own = (each.reshape(N, H, H)[:, unit, unit] for each in gradients)
            yield t, dict(zip(layer.state_names, own, strict=True))


def _by_c(layer, shown):
    """The derivatives by the cell state of the other states of the same step, (N, H) each: of h, and of o for FGR."""
    parts = getattr(layer, "parts", None)  # of a variant
    o, c = shown["o"], shown["c"]
    squashed, slope = (np.tanh(c), 1 - np.tanh(c) ** 2) if parts is None or parts.output_activation else (c, 1)
    if parts is None or not (parts.peepholes and parts.output_gate):
        return {"h": o * slope}
    o_by_c = o * (1 - o) * layer.parameters["weight_peephole_l0"][-1]
    by_c = {"h": o * slope + squashed * o_by_c, "o": o_by_c}
    return {name: by_c[name] for name in by_c if name in layer.state_names}


def check_recurrent(layer):
    """`layer` if it is a recurrent layer of this package."""
    if not isinstance(layer, Recurrent):
        raise ValueError(f"layer: wanted a recurrent layer of lstm_course.scratch, got {type(layer).__name__}")
    return layer


@contextlib.contextmanager
def borrowed(layer):
    """Use a layer without dropout, and restore what calls of it change."""
    kept = {name: getattr(check_recurrent(layer), name) for name in ("training", "gradients", "_last")}
    layer.training = False
    try:
        yield
    finally:
        vars(layer).update(kept)


def _unpacked(states):
    return list(states) if isinstance(states, tuple) else [states]
