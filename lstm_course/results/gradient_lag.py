"""How far a gradient reaches before any training: its norm against the lag, for ten starts of each of nine networks.

Each network has 64 units and sees 16 sequences of 8 normal random numbers a step. The last output is projected on a
random direction, and the gradient of that is taken by the input of each step before (`diagnostics.gradient_norms`).
From the norms between the lags 10 and 100 comes the factor per step (`diagnostics.factor_per_step`).

    rnn              a plain tanh network as PyTorch starts it
    orthogonal_1 ... a plain tanh network whose recurrent matrix is a random orthogonal one times 1, 1.5 or 3
    irnn             rectified linear units and the identity as recurrent matrix, after Le, Jaitly and Hinton (2015)
    lstm_0 ...       an LSTM whose forget gates start from a bias of 0, 1 or 3
    gru              a GRU as PyTorch starts it

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
    """The sequences that go with a seed, (N, T, D)."""
    shape = SETTINGS["samples"], SETTINGS["longest_lag"] + 1, SETTINGS["input_size"]
    return np.random.default_rng(3000 + seed).normal(size=shape)


def measure(kind, seed):
    """One network.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    seed : int
        Of the parameters, the inputs and the direction.

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
    """All networks.

    Returns
    -------
    arrays : dict of str to numpy.ndarray
    settings : dict
    """
    arrays = {"seeds": np.array(SETTINGS["seeds"])}
    for kind in KINDS:
        norms, factors = zip(*(measure(kind, seed) for seed in SETTINGS["seeds"]), strict=True)
        arrays |= {f"{kind}_norms": np.array(norms), f"{kind}_factor": np.array(factors)}
    return arrays, SETTINGS
