"""How far gradients reach before training: their norm at each lag, for nine networks with ten seeds each.

Each network has 64 units and reads 16 sequences of 8 normal random numbers per step. The last output is projected onto
a random direction, and the projection is differentiated with respect to the input of each earlier step
(`diagnostics.gradient_norms`). The norms at lags from 10 to 100 give the factor per step
(`diagnostics.factor_per_step`).

    rnn              a plain tanh network, initialised as in PyTorch
    orthogonal_1 ... a plain tanh network whose recurrent matrix is a random orthogonal matrix times 1, 1.5 or 3
    irnn             rectified linear units with the identity as recurrent matrix, after Le, Jaitly and Hinton (2015)
    lstm_0 ...       an LSTM whose forget bias starts at 0, 1 or 3
    gru              a GRU, initialised as in PyTorch

Arrays, for each of these:

    rnn_norms    (10, 121)  the norm at each lag from 0 to 120
    rnn_factor   (10,)      the factor per step
    seeds        (10,)
"""

import numpy as np

from ..scratch import GRU, LSTM, RNN, initialise
from ..scratch.diagnostics import factor_per_step, gradient_norms

SETTINGS = {
    "hidden_size": 64,
    "input_size": 8,
    "samples": 16,
    "longest_lag": 120,
    "irnn_input_scale": 0.001,
    "seeds": list(range(10)),
}
KINDS = ("rnn", "orthogonal_1", "orthogonal_1.5", "orthogonal_3", "irnn", "lstm_0", "lstm_1", "lstm_3", "gru")


def start(kind, seed):
    """An untrained network.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    seed : int

    Returns
    -------
    RNN, LSTM or GRU
    """
    if kind not in KINDS:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS)}, got {kind!r}")
    name, _, number = kind.partition("_")
    D, H = SETTINGS["input_size"], SETTINGS["hidden_size"]
    if name == "gru":
        return GRU(D, H, seed=seed)
    if name == "lstm":
        layer = LSTM(D, H, seed=seed)
        initialise.forget_bias(layer, float(number))
        return layer
    layer = RNN(D, H, seed=seed, nonlinearity="relu" if name == "irnn" else "tanh")
    if name == "orthogonal":
        initialise.orthogonal(layer, float(number), seed=seed)
    if name == "irnn":
        rng = np.random.default_rng(seed)
        layer.parameters["weight_hh_l0"][...] = np.eye(H)
        layer.parameters["weight_ih_l0"][...] = SETTINGS["irnn_input_scale"] * rng.normal(size=(H, D))
        layer.parameters["bias_ih_l0"][...] = layer.parameters["bias_hh_l0"][...] = 0
    return layer


def inputs(seed):
    """The input sequences of a seed, (N, T, D)."""
    shape = SETTINGS["samples"], SETTINGS["longest_lag"] + 1, SETTINGS["input_size"]
    return np.random.default_rng(3000 + seed).normal(size=shape)


def measure(kind, seed):
    """Measure one network.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    seed : int
        Of the parameters, the inputs and the direction of projection.

    Returns
    -------
    norms : (longest_lag + 1,) array
        By lag.
    factor : float
        Per step.
    """
    norms = gradient_norms(start(kind, seed), inputs(seed), seed=seed)
    return norms, factor_per_step(norms)


def make():
    """All runs, as described in `lstm_course.results`."""
    arrays = {"seeds": np.array(SETTINGS["seeds"])}
    for kind in KINDS:
        norms, factors = zip(*(measure(kind, seed) for seed in SETTINGS["seeds"]), strict=True)
        arrays |= {f"{kind}_norms": np.array(norms), f"{kind}_factor": np.array(factors)}
    return arrays, SETTINGS
