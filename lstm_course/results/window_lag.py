"""Networks on windows of 2, 4 and 8 letters, at lags from 0 to 11: a cliff where the window ends.

AB or BA, then as many other letters, c or d, as the lag says; at the end the network says which of A and B came first.
One network for each window and lag (`baselines.WindowNetwork`, 32 units, 150 updates on 1,000 sequences), judged on
1,000 new sequences, from ten seeds.

Arrays:

    window_2, window_4, window_8    (10, 12)  share right, for each seed and lag
    lags                            (12,)
    seeds                           (10,)
"""

import numpy as np

from ..baselines import WindowNetwork

SETTINGS = {"windows": [2, 4, 8], "lags": list(range(12)), "sequences": 1000, "updates": 150, "seeds": list(range(10))}


def pair_then_others(N, lag, rng):
    """Inputs (N, 2 + lag, 4), one-hot over "ABcd", and answers (N,): 0 where A comes first, 1 where B does."""
    letters = rng.integers(2, 4, (N, 2 + lag))
    first = rng.integers(0, 2, N)
    letters[:, 0], letters[:, 1] = first, 1 - first
    return np.eye(4)[letters], first


def accuracy(window, lag, seed):
    """Train one network and judge it.

    Parameters
    ----------
    window : int
        Steps that the network sees.
    lag : int
        Letters between the pair and the end.
    seed : int
        Of the initial parameters and of the sequences.

    Returns
    -------
    float
        Share right of new sequences.
    """
    rng = np.random.default_rng([seed, window, lag])
    network = WindowNetwork(window, input_size=4, output_size=2, seed=seed)
    network.fit(*pair_then_others(SETTINGS["sequences"], lag, rng), steps=SETTINGS["updates"])
    x, first = pair_then_others(SETTINGS["sequences"], lag, rng)
    return (network.predict(x)[:, -1].argmax(axis=1) == first).mean()


def make():
    """The arrays and the settings; about a minute."""
    arrays = {
        f"window_{window}": np.array(
            [[accuracy(window, lag, seed) for lag in SETTINGS["lags"]] for seed in SETTINGS["seeds"]]
        )
        for window in SETTINGS["windows"]
    }
    return arrays | {"lags": np.array(SETTINGS["lags"]), "seeds": np.array(SETTINGS["seeds"])}, SETTINGS
