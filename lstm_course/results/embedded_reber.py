"""The embedded Reber grammar, learned ten times by an LSTM and ten times by a plain recurrent layer.

Both have 12 units and a linear layer to the seven symbols, and are trained alike: 16 new strings per update, Adam,
gradients clipped to a norm of 1. Every 50 updates they predict 256 held-out strings; a run ends when it predicts all of
them correctly, or after 4,000 updates. The held-out strings come from the same grammar as the others, so most of the
short ones have been seen in training.

Each has the learning rate that suited it best in a sweep over 60 seeds, which is not stored. With 0.01, the plain layer
solved the task with 53 of 60 seeds; lower rates (0.005, 0.007) solved no more and took longer, and higher ones (0.014,
0.02) solved fewer. With 0.02, the LSTM solved it with all 60; with 0.01 it solved it with 59, after a median of 10,400
strings instead of 8,000. (The ten seeds stored here have a median of 9,600.) A run that fails stays at half of the
strings: it has learned the grammar, but not to remember the second symbol. The forget bias starts at 1; starting at 2,
or as PyTorch does, makes little difference at this length.

Arrays, for ``lstm`` and for ``rnn``:

    sequences           (E,)     strings seen at each evaluation
    lstm_strings        (10, E)  share of held-out strings predicted correctly; NaN after the end of a run
    lstm_long_range     (10, E)  share in which the second-to-last symbol is predicted correctly
    lstm_solved         (10,)    strings seen until all held-out ones were correct; NaN if that was not reached
    seeds               (10,)
"""

import numpy as np

from ..scratch import LSTM, RNN, Adam, Linear, clip_by_norm, initialise, softmax_cross_entropy
from ..tasks import reber

SETTINGS = {
    "hidden_size": 12,
    "forget_bias": 1.0,
    "batch_size": 16,
    "learning_rate": {"lstm": 0.02, "rnn": 0.01},
    "max_norm": 1.0,
    "updates": 4000,
    "evaluate_every": 50,
    "held_strings": 256,
    "held_seed": 12345,
    "seeds": list(range(10)),
}
KINDS = ("lstm", "rnn")


def start(kind, seed):
    """An untrained network.

    Parameters
    ----------
    kind : {"lstm", "rnn"}
    seed : int

    Returns
    -------
    layer : LSTM or RNN
    output : Linear
    """
    H, K = SETTINGS["hidden_size"], len(reber.SYMBOLS)
    if kind not in KINDS:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS)}, got {kind!r}")
    layer = (LSTM if kind == "lstm" else RNN)(K, H, seed=seed)
    if kind == "lstm":
        initialise.forget_bias(layer, SETTINGS["forget_bias"])
    return layer, Linear(H, K, seed=1000 + seed)


def train(kind, seed, updates=SETTINGS["updates"]):
    """One run.

    Parameters
    ----------
    kind : {"lstm", "rnn"}
    seed : int
        Of the initial parameters and of the strings.
    updates : int
        At most this many.

    Returns
    -------
    curve : list of reber.Score
        One for each evaluation; the last is the first in which all strings are correct.
    """
    layer, output = start(kind, seed)
    adam = Adam([layer, output], SETTINGS["learning_rate"][kind])
    rng = np.random.default_rng(2000 + seed)
    held = reber.batch(SETTINGS["held_strings"], SETTINGS["held_seed"])
    curve = []
    for update in range(1, updates + 1):
        batch = reber.batch(SETTINGS["batch_size"], rng)
        y, _ = layer(batch.x, mask=batch.mask)
        _, dlogits = softmax_cross_entropy(output(y), batch.targets, batch.mask)
        layer.backward(output.backward(dlogits))
        clip_by_norm([layer, output], SETTINGS["max_norm"])
        adam.step()
        if update % SETTINGS["evaluate_every"] == 0:
            y, _ = layer(held.x, mask=held.mask)
            curve.append(reber.score(output(y), held))
            if curve[-1].strings == 1:
                break
    return curve


def make():
    """All runs, as described in `lstm_course.results`."""
    every, seeds = SETTINGS["evaluate_every"], SETTINGS["seeds"]
    E = SETTINGS["updates"] // every
    arrays = {"sequences": np.arange(1, E + 1) * every * SETTINGS["batch_size"], "seeds": np.array(seeds)}
    for kind in KINDS:
        strings, long_range = np.full((2, len(seeds), E), np.nan)
        solved = np.full(len(seeds), np.nan)
        for row, seed in enumerate(seeds):
            curve = train(kind, seed, SETTINGS["updates"])
            strings[row, : len(curve)], long_range[row, : len(curve)] = zip(*curve, strict=True)
            if curve[-1].strings == 1:
                solved[row] = arrays["sequences"][len(curve) - 1]
        arrays |= {f"{kind}_strings": strings, f"{kind}_long_range": long_range, f"{kind}_solved": solved}
    return arrays, SETTINGS
