"""Measurements inside a recurrent layer: its gates, how often they are saturated, and how far its gradients reach.

All functions take layers of this package; `lstm_course.convert` makes one from a layer of PyTorch or Keras.
"""

from typing import NamedTuple

import numpy as np

from . import arguments
from .memory_paths import Paths, borrowed, check_recurrent, memory_paths

__all__ = [
    "Paths",
    "Saturation",
    "factor_per_step",
    "gate_activations",
    "gradient_norms",
    "memory_paths",
    "saturation",
]


class Saturation(NamedTuple):
    """For each unit of a layer, the fraction of steps at which a gate was nearly closed or nearly open."""

    closed: np.ndarray  # (H,)
    open: np.ndarray  # (H,)


def gate_activations(layer, x, state=None, mask=None, depth=0, reverse=False):
    """Every gate and state of a layer at each step of a batch of sequences, without dropout.

    Parameters
    ----------
    layer : LSTM, GRU, RNN or VariantLSTM
    x : (N, T, D) array
    state : array or tuple of arrays, optional
        As for the layer itself.
    mask : (N, T) array, optional
    depth : int
        Which layer of a stack, counted from 0.
    reverse : bool
        Whether to return those of the backward direction.

    Returns
    -------
    dict of str to (N, T, H) array
        By letter, such as i, f, g, o, h and c; NaN where a step is masked out.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    with borrowed(layer):
        layer(x, state, mask)
        return layer.activations(depth, reverse)


def saturation(activations, low=0.1, high=0.9):
    """How often each gate of each unit was nearly closed or nearly open, as in Karpathy et al. (2015).

    Parameters
    ----------
    activations : dict of str to (N, T, H) array
        From `gate_activations`; only the sigmoid gates i, f, o, r and z are used.
    low, high : float
        A gate counts as closed below `low` and as open above `high`. A gate that a variant lacks is always open.

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
    fractions = {}
    for letter, values in gates.items():
        name = f"{letter} in activations"
        if not isinstance(values, np.ndarray) or values.dtype.kind != "f":
            raise ValueError(f"{name}: wanted an array of floats, got {type(values).__name__}")
        counts = ~np.isnan(values)  # the steps that are not masked out
        arguments.array(name, np.where(counts, values, 0), N=None, T=None, H=None)
        if not counts.any():
            raise ValueError(f"{name}: wanted at least one step that counts, got none")
        steps = counts.sum(axis=(0, 1))
        fractions[letter] = Saturation(*(np.sum(each, axis=(0, 1)) / steps for each in (values < low, values > high)))
    return fractions


def gradient_norms(layer, x, seed=0):
    """How strongly the last output depends on an input, against the number of steps between them.

    The mean over the samples of ||d (u . y_T) / d x_(T-k)||, where u is a random direction of length one. It includes
    all paths; with random inputs it shows how far gradients reach before any training.

    Parameters
    ----------
    layer : LSTM, GRU, RNN or VariantLSTM
        With one direction.
    x : (N, T, D) array
    seed : int
        For the directions, one for each sample.

    Returns
    -------
    (T,) array
        Entry k belongs to lag k, entry 0 to the last input itself.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    if check_recurrent(layer).bidirectional:
        raise ValueError("layer: wanted a layer with one direction, got one with two")
    rng = np.random.default_rng(arguments.seed("seed", seed))
    with borrowed(layer):
        y, _ = layer(x)
        u = rng.normal(size=y[:, -1].shape)
        dy = np.zeros_like(y)
        dy[:, -1] = u / np.linalg.norm(u, axis=1, keepdims=True)
        dx, _ = layer.backward(dy)
    return np.linalg.norm(dx, axis=2).mean(axis=0)[::-1]


def factor_per_step(norms, first=10, last=100):
    """The factor by which gradients shrink or grow per step of lag, from a line fitted to their logarithms.

    Parameters
    ----------
    norms : (T,) array
        From `gradient_norms`.
    first, last : int
        The range of lags to fit, both included. Lags with norms below 1e-35 are left out, where float32 loses its
        precision.

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
