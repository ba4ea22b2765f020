"""What a recurrent layer does inside: its gates, how many are saturated, and how far its gradients reach.

All of these take the layers of this package; `lstm_course.convert` makes one from a layer of PyTorch or Keras.
"""

import contextlib
from typing import NamedTuple

import numpy as np

from . import arguments
from .recurrent import Recurrent, packed

# Which gate multiplies which state from one step to the next, in layers that have one.
CARRYING = {"c": "f", "h": "z"}


class Saturation(NamedTuple):
    """For each unit of a layer, the share of steps at which a gate was nearly closed or nearly open."""

    closed: np.ndarray  # (H,)
    open: np.ndarray  # (H,)


class Paths(NamedTuple):
    """How the last state of each unit depends on the state of the same unit after t steps, for t = 0 ... T."""

    direct: np.ndarray  # (N, T + 1, H), the product of the carrying gates after step t
    full: np.ndarray  # (N, T + 1, H), the derivative over all paths, that through the hidden state of step t among them


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
    with _borrowed(layer):
        layer(x, state, mask)
        return layer.activations(depth, reverse)


def saturation(activations, low=0.1, high=0.9):
    """How often each gate of each unit was nearly closed or nearly open, as in Karpathy et al. (2015).

    Parameters
    ----------
    activations : dict of str to (N, T, H) array
        Of `gate_activations`; only the sigmoid gates i, f, o, r and z are looked at.
    low, high : float
        Below `low` a gate counts as closed, above `high` as open. A gate that a variant lacks is always open.

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
    low, high = arguments.positive("low", low), arguments.positive("high", high)
    if high >= 1 or low >= high:
        raise ValueError(f"high: wanted a number above low, {low}, and below 1, got {high}")
    if not isinstance(activations, dict):
        raise ValueError(f"activations: wanted a dict of arrays by letter, got {type(activations).__name__}")
    gates = {letter: values for letter, values in activations.items() if letter in ("i", "f", "o", "r", "z")}
    if not gates:
        raise ValueError(f"activations: wanted at least one of the gates i, f, o, r, z, got {list(activations)}")
    shares = {}
    for letter, values in gates.items():
        name = f"{letter} in activations"
        if not isinstance(values, np.ndarray) or values.dtype.kind != "f":
            raise ValueError(f"{name}: wanted an array of floats, got {type(values).__name__}")
        counts = ~np.isnan(values)  # the steps that are not masked out
        arguments.array(name, np.where(counts, values, 0), N=None, T=None, H=None)
        if not counts.any():
            raise ValueError(f"{name}: wanted at least one step that counts, got none")
        steps = counts.sum(axis=(0, 1))
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
    rng = np.random.default_rng(arguments.seed("seed", seed))
    with _borrowed(layer):
        y, _ = layer(x)
        u = rng.normal(size=y[:, -1].shape)
        dy = np.zeros_like(y)
        dy[:, -1] = u / np.linalg.norm(u, axis=1, keepdims=True)
        dx, _ = layer.backward(dy)
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
    for name, lag in (("first", first), ("last", last)):
        arguments.whole(name, lag, 0)
    lags = np.arange(len(norms))
    used = (lags >= first) & (lags <= last) & (norms > 1e-35)
    if used.sum() < 2:
        raise ValueError(
            f"norms: wanted at least two lags from first={first} to last={last} with norms above 1e-35, "
            f"got {used.sum()} in {len(norms)} lags"
        )
    slope, _ = np.polyfit(lags[used], np.log(norms[used]), 1)
    return float(np.exp(slope))


def memory_paths(layer, x, state=None):
    """The direct path through the cell state beside the whole gradient.

    In an LSTM c_T depends on c_t directly through c' = f * c + i * g, step after step, which makes the product
    of the forget gates (the constant error carousel of Hochreiter and Schmidhuber 1997 where they are 1). But c
    also changes h, in the same step, h the next gates, and these c again: the derivative counts those paths, too.
    In a GRU the same holds for h and the update gate z. After 0 steps the states are given, and h does not depend
    on c.

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
    shown = gate_activations(layer, x, state)
    direct = np.ones((N, T + 1, H), layer.dtype)
    direct[:, :T] = np.cumprod(shown[CARRYING[letter]][:, ::-1], axis=1)[:, ::-1]

    # The states before each step; then back step by step, for each unit with a copy of the batch of its own.
    which, unit = layer.state_names.index(letter), np.arange(H)
    full, nothing = np.ones((N, T + 1, H), layer.dtype), np.zeros((N * H, 1, H), layer.dtype)
    gradient = [np.zeros((1, N * H, H), layer.dtype) for _ in layer.state_names]
    gradient[which].reshape(N, H, H)[:, unit, unit] = 1
    with _borrowed(layer):
        states = [layer._states("state", state, N)]
        for t in range(T):
            states.append(_unpacked(layer(x[:, t : t + 1], packed(states[-1]))[1]))
        for t in reversed(range(T)):
            layer(np.repeat(x[:, t : t + 1], H, axis=0), packed([np.repeat(each, H, axis=1) for each in states[t]]))
            _, before = layer.backward(nothing, packed(gradient))
            gradient = _unpacked(before)
            by = dict(zip(layer.state_names, (each.reshape(N, H, H)[:, unit, unit] for each in gradient), strict=True))
            full[:, t] = by[letter]
            if letter == "c" and t > 0:
                now = {name: values[:, t - 1] for name, values in shown.items()}
                full[:, t] += sum(by[name] * slope for name, slope in _by_c(layer, now).items())
    return Paths(direct, full)


def _by_c(layer, shown):
    """How the other states of a step depend on its cell state, each (N, H): h, and o where it is one."""
    parts = getattr(layer, "parts", None)  # of a variant
    o, c = shown["o"], shown["c"]
    squashed, slope = (np.tanh(c), 1 - np.tanh(c) ** 2) if parts is None or parts.output_activation else (c, 1)
    if parts is None or not (parts.peepholes and parts.output_gate):
        return {"h": o * slope}
    o_by_c = o * (1 - o) * layer.parameters["weight_peephole_l0"][-1]
    by_c = {"h": o * slope + squashed * o_by_c, "o": o_by_c}
    return {name: by_c[name] for name in by_c if name in layer.state_names}


def _recurrent(layer):
    if not isinstance(layer, Recurrent):
        raise ValueError(f"layer: wanted a recurrent layer of lstm_course.scratch, got {type(layer).__name__}")
    return layer


@contextlib.contextmanager
def _borrowed(layer):
    """The layer without dropout; afterwards it is as if it had not been called."""
    kept = {name: getattr(_recurrent(layer), name) for name in ("training", "gradients", "_last")}
    layer.training = False
    try:
        yield
    finally:
        vars(layer).update(kept)


def _unpacked(states):
    return list(states) if isinstance(states, tuple) else [states]
