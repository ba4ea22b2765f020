"""What a recurrent layer does inside: its gates, how many are saturated, and how far its gradients reach.

All of these take the layers of this package; `lstm_course.convert` makes one from a layer of PyTorch or Keras.
"""

from typing import NamedTuple

import numpy as np

from . import arguments
from .recurrent import Recurrent

# Which gate multiplies which state from one step to the next, in layers that have one.
CARRYING = {"c": "f", "h": "z"}


class Saturation(NamedTuple):
    """For each unit of a layer, the share of steps at which a gate was nearly closed or nearly open."""

    closed: np.ndarray  # (H,)
    open: np.ndarray  # (H,)


class Paths(NamedTuple):
    """How the last state of each unit depends on the state of the same unit after t steps, for t = 0 ... T."""

    direct: np.ndarray  # (N, T + 1, H), the product of the carrying gates after step t
    full: np.ndarray  # (N, T + 1, H), the derivative, over all paths


def gate_activations(layer, x, state=None, mask=None, depth=0, reverse=False):
    """Every gate and state of a layer at each step of some sequences, without dropout.

    Parameters
    ----------
    layer : LSTM, GRU, RNN or VariantLSTM
    x : (N, T, D) array
    state : array or tuple of arrays, optional
        As the layer takes it.
    mask : (N, T) array, optional
    depth : int
        Which layer of a stack, counted from 0.
    reverse : bool
        Whether of the backward direction.

    Returns
    -------
    dict of str to (N, T, H) array
        By letter, such as i, f, g, o, h and c; NaN where a step is masked out.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    _quietly(_recurrent(layer), x, state, mask)
    return layer.activations(depth, reverse)


def saturation(activations, low=0.1, high=0.9):
    """How often each gate of each unit was nearly closed or nearly open, as in Karpathy et al. (2015).

    Parameters
    ----------
    activations : dict of str to (N, T, H) array
        Of `gate_activations`; only the sigmoid gates i, f, o, r and z are looked at.
    low, high : float
        Below `low` a gate counts as closed, above `high` as open.

    Returns
    -------
    dict of str to Saturation
        For each gate by its letter.

    Raises
    ------
    ValueError
        If there is no sigmoid gate, or the bounds are not 0 < low < high < 1.

    Examples
    --------
    >>> saturation({"f": np.array([[[0.95], [0.5], [0.99], [0.02]]])})["f"]
    Saturation(closed=array([0.25]), open=array([0.5]))
    """
    if not (arguments.positive("low", low) < arguments.positive("high", high) < 1):
        raise ValueError(f"low: wanted 0 < low < high < 1, got low {low} and high {high}")
    gates = {letter: values for letter, values in dict(activations).items() if letter in "iforz"}
    if not gates:
        raise ValueError(f"activations: wanted at least one of the gates i, f, o, r, z, got {sorted(activations)}")
    shares = {}
    for letter, values in gates.items():
        steps = np.isfinite(values).sum(axis=(0, 1))  # those that are not masked out
        shares[letter] = Saturation(*(np.sum(each, axis=(0, 1)) / steps for each in (values < low, values > high)))
    return shares


def gradient_norms(layer, x, seed=0):
    """How strongly the last output depends on an input, against the steps between them.

    The last output is projected on a random direction u of length one, and ||d (u . y_T) / d x_(T-k)|| is taken,
    its mean over the samples. It counts all paths, and with random inputs it says how far a gradient reaches
    before any training.

    Parameters
    ----------
    layer : LSTM, GRU, RNN or VariantLSTM
        With one direction.
    x : (N, T, D) array
    seed : int
        Of the directions, one for each sample.

    Returns
    -------
    (T,) array
        Entry k belongs to the lag k: entry 0 to the last input itself.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    if _recurrent(layer).bidirectional:
        raise ValueError("layer: wanted a layer with one direction, got one with two")
    y, _ = _quietly(layer, x)
    u = np.random.default_rng(arguments.seed("seed", seed)).normal(size=y[:, -1].shape)
    dy = np.zeros_like(y)
    dy[:, -1] = u / np.linalg.norm(u, axis=1, keepdims=True)
    dx = _backward_alone(layer, dy)
    return np.linalg.norm(dx, axis=2).mean(axis=0)[::-1]


def factor_per_step(norms, first=10, last=100):
    """The factor by which gradients shrink or grow with each step of lag, from a line through their logarithms.

    Parameters
    ----------
    norms : (T,) array
        Of `gradient_norms`.
    first, last : int
        The lags between which the line is fitted, both included. Lags at which the norm is below 1e-35 are
        left out: in float32 little is left of them.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If fewer than two lags are left.

    Examples
    --------
    >>> round(factor_per_step(0.9 ** np.arange(50), first=5, last=40), 6)
    0.9
    """
    norms = arguments.array("norms", norms, T=None)
    lags = np.arange(len(norms))
    used = (lags >= first) & (lags <= last) & (norms > 1e-35)
    if used.sum() < 2:
        raise ValueError(f"norms: wanted at least two lags from {first} to {last} above 1e-35, got {used.sum()}")
    slope, _ = np.polyfit(lags[used], np.log(norms[used]), 1)
    return float(np.exp(slope))


def memory_paths(layer, x, state=None):
    """The direct path through the cell state beside the whole gradient.

    In an LSTM c_T depends on c_t directly through c' = f * c + i * g, step after step, which makes the product
    of the forget gates (the constant error carousel of Hochreiter and Schmidhuber 1997 where they are 1). But c
    also changes h, h the next gates, and these c again: the derivative counts those paths, too. In a GRU the
    same holds for h and the update gate z.

    Parameters
    ----------
    layer : LSTM, GRU or VariantLSTM
        One layer with one direction.
    x : (N, T, D) array
    state : array or tuple of arrays, optional
        As the layer takes it.

    Returns
    -------
    Paths

    Raises
    ------
    ValueError
        If the layer has no carrying gate, or several layers or directions, or an argument is not as described.
    """
    letter = "c" if "c" in _recurrent(layer).state_names else "h"
    if letter == "h" and "z" not in layer.gate_names:
        raise ValueError(f"layer: wanted one with a gate on its state, such as an LSTM, got {type(layer).__name__}")
    if layer.num_layers > 1 or layer.bidirectional:
        raise ValueError(
            f"layer: wanted one layer with one direction, got num_layers={layer.num_layers} "
            f"and bidirectional={layer.bidirectional}"
        )
    x = arguments.array("x", x, layer.dtype, N=None, T=None, D=layer.input_size)
    (N, T, _), H = x.shape, layer.hidden_size
    gate = gate_activations(layer, x, state)[CARRYING[letter]]
    direct = np.ones((N, T + 1, H), layer.dtype)
    direct[:, :T] = np.cumprod(gate[:, ::-1], axis=1)[:, ::-1]

    # The state before each step; then back step by step, for each unit with a copy of the batch of its own.
    states = [layer._states("state", state, N)]
    for t in range(T):
        _, after = _quietly(layer, x[:, t : t + 1], _packed(states[-1]))
        states.append(_unpacked(after))
    which, unit = layer.state_names.index(letter), np.arange(H)
    gradient = [np.zeros((1, N * H, H), layer.dtype) for _ in layer.state_names]
    gradient[which].reshape(N, H, H)[:, unit, unit] = 1
    full = np.ones((N, T + 1, H), layer.dtype)
    nothing = np.zeros((N * H, 1, H), layer.dtype)
    for t in reversed(range(T)):
        before = [np.repeat(each, H, axis=1) for each in states[t]]
        _quietly(layer, np.repeat(x[:, t : t + 1], H, axis=0), _packed(before))
        gradient = _unpacked(_backward_alone(layer, nothing, _packed(gradient), of="state"))
        full[:, t] = gradient[which].reshape(N, H, H)[:, unit, unit]
    return Paths(direct, full)


def _recurrent(layer):
    if not isinstance(layer, Recurrent):
        raise ValueError(f"layer: wanted a recurrent layer of lstm_course.scratch, got {type(layer).__name__}")
    return layer


def _quietly(layer, *given):
    """Call the layer without dropout."""
    training, layer.training = layer.training, False
    try:
        return layer(*given)
    finally:
        layer.training = training


def _backward_alone(layer, dy, dstate=None, of="x"):
    """The gradient of the inputs or of the states, with the gradients that the layer holds left as they are."""
    gradients = layer.gradients
    try:
        dx, dinitial = layer.backward(dy, dstate)
    finally:
        layer.gradients = gradients
    return dx if of == "x" else dinitial


def _packed(states):
    return tuple(states) if len(states) > 1 else states[0]


def _unpacked(states):
    return list(states) if isinstance(states, tuple) else [states]
