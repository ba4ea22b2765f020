"""Networks on windows of 2, 4 and 8 letters at lags from 0 to 11: accuracy collapses where the window ends.

A sequence is AB or BA, followed by as many letters c or d as the lag; at its end the network answers which of A and B
came first. For each window and lag, a network (`baselines.WindowNetwork`, 32 units, 150 updates on 1,000 sequences) is
tested on 1,000 new sequences, with ten seeds.

Arrays:

    window_2, window_4, window_8    (10, 12)  accuracy for each seed and lag
    lags                            (12,)
    seeds                           (10,)
"""

import numpy as np

from ..baselines import WindowNetwork

SETTINGS = {"windows": [2, 4, 8], "lags": list(range(12)), "sequences": 1000, "updates": 150, "seeds": list(range(10))}


def pair_then_others(N, lag, rng):
    """Inputs (N, 2 + lag, 4), one-hot over "ABcd", and answers (N,): 0 if A comes first, 1 if B does."""
    letters = rng.integers(2, 4, (N, 2 + lag))
    first = rng.integers(0, 2, N)
    letters[:, 0], letters[:, 1] = first, 1 - first
    return np.eye(4)[letters], first


def accuracy(window, lag, seed):
    """Train one network and test it.

    Parameters
    ----------
    window : int
        How many steps the network sees.
    lag : int
        Letters between the pair and the end.
    seed : int
        Of the initial parameters and of the sequences.

    Returns
    -------
    float
        On new sequences.
    """
    rng = np.random.default_rng([seed, window, lag])
    network = WindowNetwork(window, input_size=4, output_size=2, seed=seed)
    network.fit(*pair_then_others(SETTINGS["sequences"], lag, rng), steps=SETTINGS["updates"])
    x, first = pair_then_others(SETTINGS["sequences"], lag, rng)
    return (network.predict(x)[:, -1].argmax(axis=1) == first).mean()


def make():
    """All runs, as described in `lstm_course.results`; takes about a minute."""
    arrays = {
        f"window_{window}": np.array(
            [[accuracy(window, lag, seed) for lag in SETTINGS["lags"]] for seed in SETTINGS["seeds"]]
        )
        for window in SETTINGS["windows"]
    }
    return arrays | {"lags": np.array(SETTINGS["lags"]), "seeds": np.array(SETTINGS["seeds"])}, SETTINGS
