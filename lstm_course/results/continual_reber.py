"""The continual embedded Reber grammar, learned ten times with a forget gate and ten times without.

The cell of 2000 (`LSTM`) and that of 1997 (``VariantLSTM(variant="1997")``, without a forget gate) have 16 units each
and a linear layer to the seven symbols. Both read 32 streams in parallel and are trained alike: 700 updates of 40
steps, the state carried from one update to the next and gradients truncated there, Adam, gradients clipped to a norm
of 1, and a learning rate of 0.01 for 500 updates, then 0.001. The forget bias starts at 1. The networks are then tested
on the next 800 steps of the streams, 25,600 symbols. (With a learning rate that decayed along a cosine from the start,
three of the ten networks with a forget gate had not finished after 700 updates, and none after 1,000; that sweep is not
stored.)

Arrays, for ``lstm`` and for ``1997``:

    updates           (E,)     number of updates at each evaluation
    lstm_long_range   (10, E)  accuracy where the second symbol decides, over the last ten updates
    lstm_cell         (10, E)  mean absolute cell state, |c|, at the end of the update
    lstm_errors       (10,)    wrong predictions among the 25,600 symbols
    lstm_final        (10,)    accuracy where the second symbol decides
    seeds             (10,)
"""

import numpy as np

from ..scratch import LSTM, Adam, Linear, VariantLSTM, clip_by_norm, initialise, schedules, softmax_cross_entropy
from ..tasks import continual_reber
from ..tasks.reber import SYMBOLS

SETTINGS = {
    "hidden_size": 16,
    "forget_bias": 1.0,
    "streams": 32,
    "steps": 40,
    "updates": 700,
    "learning_rate": 0.01,
    "decay": {"every": 500, "factor": 0.1},
    "max_norm": 1.0,
    "look_every": 10,
    "judged_steps": 800,
    "seeds": list(range(10)),
}
KINDS = ("lstm", "1997")


def start(kind, seed):
    """An untrained network.

    Parameters
    ----------
    kind : {"lstm", "1997"}
    seed : int

    Returns
    -------
    layer : LSTM or VariantLSTM
    output : Linear
    """
    H, K = SETTINGS["hidden_size"], len(SYMBOLS)
    if kind not in KINDS:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS)}, got {kind!r}")
    if kind == "lstm":
        layer = LSTM(K, H, seed=seed)
        initialise.forget_bias(layer, SETTINGS["forget_bias"])
    else:
        layer = VariantLSTM(K, H, variant="1997", seed=seed)
    return layer, Linear(H, K, seed=1000 + seed)


def trained(kind, seed, updates=SETTINGS["updates"]):
    """A trained network, and where it stopped reading.

    Parameters
    ----------
    kind : {"lstm", "1997"}
    seed : int
        Of the initial parameters and of the streams.
    updates : int
        At most this many.

    Returns
    -------
    layer : LSTM or VariantLSTM
    output : Linear
    stream : continual_reber.Stream
        To be read on.
    state : (h, c)
        After the last symbol that the network has read, (1, N, H) each.
    evaluations : list of (long_range, cell)
        Every ``look_every`` updates, as described above.
    """
    layer, output = start(kind, seed)
    adam = Adam([layer, output], SETTINGS["learning_rate"], schedule=schedules.step_decay(**SETTINGS["decay"]))
    stream, state = continual_reber.Stream(SETTINGS["streams"], 2000 + seed), None
    evaluations, accuracies = [], []
    for update in range(1, updates + 1):
        batch = stream.next(SETTINGS["steps"])
        y, state = layer(batch.x, state)
        logits = output(y)
        _, dlogits = softmax_cross_entropy(logits, batch.targets)
        layer.backward(output.backward(dlogits))
        clip_by_norm([layer, output], SETTINGS["max_norm"])
        adam.step()
        accuracies.append(continual_reber.score(logits, batch).long_range)
        if update % SETTINGS["look_every"] == 0:
            evaluations.append((np.nanmean(accuracies[-SETTINGS["look_every"] :]), np.abs(state[1]).mean()))
    return layer, output, stream, state, evaluations


def train(kind, seed, updates=SETTINGS["updates"]):
    """One run: the evaluations of `trained`, and the `continual_reber.Score` on the symbols after the training."""
    layer, output, stream, state, evaluations = trained(kind, seed, updates)
    batch = stream.next(SETTINGS["judged_steps"])
    y, _ = layer(batch.x, state)
    return evaluations, continual_reber.score(output(y), batch)


def make():
    """All runs, as described in `lstm_course.results`."""
    every, seeds = SETTINGS["look_every"], SETTINGS["seeds"]
    arrays = {"updates": np.arange(every, SETTINGS["updates"] + 1, every), "seeds": np.array(seeds)}
    for kind in KINDS:
        runs = [train(kind, seed, SETTINGS["updates"]) for seed in seeds]
        arrays[f"{kind}_long_range"], arrays[f"{kind}_cell"] = np.array([run[0] for run in runs]).transpose(2, 0, 1)
        arrays[f"{kind}_errors"] = np.array([score.errors for _, score in runs])
        arrays[f"{kind}_final"] = np.array([score.long_range for _, score in runs])
    return arrays, SETTINGS
