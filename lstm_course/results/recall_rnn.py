"""The recall task, learned by a plain recurrent network at several lags, with and without truncated gradients.

A plain layer of 32 tanh units reads a string of `recall`, and a linear layer names the first symbol from the last
hidden state. Training uses 32 strings per update, Adam, and gradients clipped to a norm of 1. A run ends when all
held-out strings are answered correctly, or after 1,500 updates. With a cut, gradients flow back over the last steps
only, while the state is still computed from the first step on. There are seven kinds of runs, with ten seeds each:

    kind    length  steps that gradients flow back over     learning rate
    short        5  all                                     0.001
    middle      20  all                                     0.001
    cut         20  the last 5                              0.001
    near        10  the last 5                              0.001
    long       100  all                                     0.001
    bold       100  all                                     0.01
    nudged     100  all                                     0.01

"nudged" starts from the parameters of "bold" times 1 + 1e-15, a change as small as a rounding error.

Arrays, for each kind:

    updates         (E,)     number of updates at each evaluation
    short_accuracy  (10, E)  accuracy on 256 held-out strings, NaN after the end of a run
    short_loss      (10,)    mean loss of the last 25 updates, in nats; guessing scores log 4
    seeds           (10,)
"""

import numpy as np

from ..scratch import RNN, Adam, Linear, clip_by_norm, softmax_cross_entropy
from ..tasks import recall

SETTINGS = {
    "hidden_size": 32,
    "batch_size": 32,
    "max_norm": 1.0,
    "updates": 1500,
    "look_every": 25,
    "held_strings": 256,
    "held_seed": 12345,
    "lengths": {"short": 5, "middle": 20, "cut": 20, "near": 10, "long": 100, "bold": 100, "nudged": 100},
    "learning_rates": {
        "short": 0.001,
        "middle": 0.001,
        "cut": 0.001,
        "near": 0.001,
        "long": 0.001,
        "bold": 0.01,
        "nudged": 0.01,
    },
    "nudge": 1e-15,
    "cuts": {"cut": 5, "near": 5},
    "seeds": list(range(10)),
}
KINDS = tuple(SETTINGS["lengths"])


def start(seed):
    """An untrained network.

    Parameters
    ----------
    seed : int

    Returns
    -------
    layer : RNN
    output : Linear
    """
    H = SETTINGS["hidden_size"]
    layer = RNN(len(recall.SYMBOLS), H, seed=seed)
    return layer, Linear(H, len(recall.CLASSES), seed=1000 + seed)


def accuracy(layer, output, held):
    """The share of the held-out strings whose first symbol the network names."""
    y, _ = layer(held.x)
    return recall.score(output(y[:, -1]), held).accuracy


def update(layer, output, batch, cut=None):
    """Compute the loss of one batch, and set the gradients of the layers.

    Parameters
    ----------
    layer : RNN
    output : Linear
    batch : recall.Batch
    cut : int, optional
        How many of the last steps gradients flow back over; by default all.

    Returns
    -------
    float
    """
    x, state = batch.x, None
    if cut is not None:
        _, state = layer(x[:, :-cut])
        x = x[:, -cut:]
    y, _ = layer(x, state)
    loss, dlogits = softmax_cross_entropy(output(y[:, -1]), batch.targets)
    dy = np.zeros_like(y)
    dy[:, -1] = output.backward(dlogits)
    layer.backward(dy)
    return loss


def train(kind, seed, updates=None, progress=iter):
    """One run.

    Parameters
    ----------
    kind : one of `KINDS`
    seed : int
        Of the initial parameters and of the strings.
    updates : int, optional
        At most this many; by default as in `SETTINGS`.
    progress : callable
        Wraps the range of updates, such as ``tqdm``.

    Returns
    -------
    losses : list of float
        One per update.
    accuracies : list of float
        On the held-out strings, every ``look_every`` updates.

    Raises
    ------
    ValueError
        If there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS)}, got {kind!r}")
    length, cut = SETTINGS["lengths"][kind], SETTINGS["cuts"].get(kind)
    layer, output = start(seed)
    if kind == "nudged":
        for part in (layer, output):
            for parameter in part.parameters.values():
                parameter *= 1 + SETTINGS["nudge"]
    adam, rng = Adam([layer, output], SETTINGS["learning_rates"][kind]), np.random.default_rng(2000 + seed)
    held = recall.batch(SETTINGS["held_strings"], length, SETTINGS["held_seed"])
    losses, accuracies = [], []
    for done in progress(range(1, (SETTINGS["updates"] if updates is None else updates) + 1)):
        losses.append(update(layer, output, recall.batch(SETTINGS["batch_size"], length, rng), cut))
        clip_by_norm([layer, output], SETTINGS["max_norm"])
        adam.step()
        if done % SETTINGS["look_every"] == 0:
            accuracies.append(accuracy(layer, output, held))
            if accuracies[-1] == 1:
                break
    return losses, accuracies


def make():
    """All runs, as described in `lstm_course.results`."""
    every, seeds = SETTINGS["look_every"], SETTINGS["seeds"]
    updates = np.arange(every, SETTINGS["updates"] + 1, every)
    arrays = {"updates": updates, "seeds": np.array(seeds)}
    for kind in KINDS:
        runs = [train(kind, seed) for seed in seeds]
        arrays[f"{kind}_accuracy"] = np.full((len(seeds), len(updates)), np.nan)
        for row, (_, accuracies) in zip(arrays[f"{kind}_accuracy"], runs, strict=True):
            row[: len(accuracies)] = accuracies
        arrays[f"{kind}_loss"] = np.array([np.mean(losses[-every:]) for losses, _ in runs])
    return arrays, SETTINGS
