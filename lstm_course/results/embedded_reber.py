"""The embedded Reber grammar, learned ten times by an LSTM and ten times by a plain recurrent layer.

Both have 12 units and a linear layer to the seven symbols, and are trained alike. As in Hochreiter and Schmidhuber
(1997), there are 256 training strings and 256 test strings that don't occur among them, drawn anew for each seed; an
update uses 16 of the training strings, drawn at random. The optimiser is Adam, and gradients are clipped to a norm of
1. Every 50 updates the network predicts both sets; a run ends when it predicts all strings of both correctly, which is
the criterion of the paper, or after 4,000 updates. The forget bias of the LSTM starts at 1.

Each kind has the learning rate that did best on five other seeds, out of four rates, with at most 2,000 updates: the
rate that solves the task in the most runs and, among equals, after the fewest strings in the median.

Arrays, for ``lstm`` and for ``rnn``:

    sequences           (E,)     strings seen at each evaluation
    lstm_strings        (10, E)  share of test strings predicted correctly; NaN after the end of a run
    lstm_long_range     (10, E)  share in which the second-to-last symbol is predicted correctly
    lstm_solved         (10,)    strings seen until all were correct; NaN if that was not reached
    lstm_sweep          (4, 5)   the same for each learning rate, on the seeds of the sweep
    seeds               (10,)
"""

import numpy as np

from ..scratch import LSTM, RNN, Adam, Linear, clip_by_norm, initialise, softmax_cross_entropy
from ..tasks import reber

SETTINGS = {
    "hidden_size": 12,
    "forget_bias": 1.0,
    "training_strings": 256,
    "held_strings": 256,
    "batch_size": 16,
    "learning_rate": {"lstm": 0.02, "rnn": 0.01},
    "max_norm": 1.0,
    "updates": 4000,
    "evaluate_every": 50,
    "seeds": list(range(10)),
    "sweep": {"learning_rates": [0.005, 0.01, 0.02, 0.04], "updates": 2000, "seeds": list(range(100, 105))},
}
KINDS = ("lstm", "rnn")


def strings(seed):
    """The training strings of a seed and the test strings, none of which is a training string.

    Returns
    -------
    training, held : reber.Batch
    """
    rng = np.random.default_rng(3000 + seed)
    training, held = reber.strings(SETTINGS["training_strings"], rng), []
    while len(held) < SETTINGS["held_strings"]:
        held += set(reber.strings(1, rng)) - set(training)
    return reber.encode(training), reber.encode(held)


def pick(batch, rows):
    """The strings of a batch at these rows, cut to the length of the longest."""
    T = batch.mask[rows].sum(axis=1).max()
    arrays = (array[rows, :T] for array in (batch.x, batch.targets, batch.legal, batch.mask))
    return reber.Batch(*arrays, strings=tuple(batch.strings[row] for row in rows))


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


def train(kind, seed, updates=SETTINGS["updates"], learning_rate=None):
    """One run.

    Parameters
    ----------
    kind : {"lstm", "rnn"}
    seed : int
        Of the initial parameters and of the strings.
    updates : int
        At most this many.
    learning_rate : float, optional
        By default the one of the settings.

    Returns
    -------
    curve : list of reber.Score
        Of the test strings, one for each evaluation.
    solved : bool
        Whether all training and test strings were predicted correctly in the end.
    """
    layer, output = start(kind, seed)
    adam = Adam([layer, output], learning_rate or SETTINGS["learning_rate"][kind])
    rng = np.random.default_rng(2000 + seed)
    training, held = strings(seed)
    curve, solved = [], False
    for update in range(1, updates + 1):
        batch = pick(training, rng.integers(len(training.x), size=SETTINGS["batch_size"]))
        y, _ = layer(batch.x, mask=batch.mask)
        _, dlogits = softmax_cross_entropy(output(y), batch.targets, batch.mask)
        layer.backward(output.backward(dlogits))
        clip_by_norm([layer, output], SETTINGS["max_norm"])
        adam.step()
        if update % SETTINGS["evaluate_every"] == 0:
            curve.append(_score(layer, output, held))
            solved = curve[-1].strings == 1 and _score(layer, output, training).strings == 1
            if solved:
                break
    return curve, solved


def make():
    """All runs, as described in `lstm_course.results`."""
    every, seeds, sweep = SETTINGS["evaluate_every"], SETTINGS["seeds"], SETTINGS["sweep"]
    E = SETTINGS["updates"] // every
    arrays = {"sequences": np.arange(1, E + 1) * every * SETTINGS["batch_size"], "seeds": np.array(seeds)}

    def strings_seen(curve, solved):
        return arrays["sequences"][len(curve) - 1] if solved else np.nan

    for kind in KINDS:
        shares, long_range = np.full((2, len(seeds), E), np.nan)
        solved = np.full(len(seeds), np.nan)
        for row, seed in enumerate(seeds):
            curve, done = train(kind, seed, SETTINGS["updates"])
            shares[row, : len(curve)], long_range[row, : len(curve)] = zip(*curve, strict=True)
            solved[row] = strings_seen(curve, done)
        tried = [
            [strings_seen(*train(kind, seed, sweep["updates"], rate)) for seed in sweep["seeds"]]
            for rate in sweep["learning_rates"]
        ]
        arrays |= {f"{kind}_strings": shares, f"{kind}_long_range": long_range, f"{kind}_solved": solved}
        arrays[f"{kind}_sweep"] = np.array(tried)
    return arrays, SETTINGS


def _score(layer, output, batch):
    y, _ = layer(batch.x, mask=batch.mask)
    return reber.score(output(y), batch)
