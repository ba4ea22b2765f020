"""Plain recurrent networks whose gradients explode, trained with clipping, without it, and with smaller steps instead.

The task is the adding problem (`tasks.adding`), on which always answering 1 scores a loss of 1/6. The network has 32
units, its recurrent matrix is a random orthogonal matrix times a gain, and the output is read after the last step. It
is trained by plain gradient descent in three ways:

    free       a learning rate of 0.05
    clipped    the same, with gradients clipped to a norm of 1
    slower     a learning rate of 0.01, without clipping

A run whose loss reaches a million has blown up and ends there. (Adam divides each gradient by its usual size, which
bounds the step and would hide the effect.) There are three settings, with ten seeds each:

    mild     10 steps, a gain of 2, 1,500 updates: with clipping the network learns
    long     50 steps, a gain of 1.6, 400 updates: with clipping it gets as far as always answering 1
    fierce   50 steps, a gain of 3, 400 updates: with clipping the loss stays finite, but worse than always answering 1

A long step makes the weights large, and large weights push the states into the flat ends of the tanh, through which no
gradient flows. From then on only the output layer learns. On states near 1 or -1, its own steps overshoot at learning
rates above 1 / (32 + 1), which is how runs at 0.05 end. At 0.01 the output layer settles and the loss looks healthy,
although in the fierce setting every state is flat after the first update.

Arrays, for each setting and way:

    mild_free_loss    (10, E)  mean loss over each ten updates, NaN after the run has ended
    mild_free_first   (10, 60)  the loss of each of the first sixty updates, NaN after the run has ended
    mild_free_worst   (10,)    the largest loss of a single update
    mild_free_ended   (10,)    update at which the run blew up; NaN if it did not
    mild_free_final   (10,)    mean loss of the last hundred updates; NaN if the run blew up
    mild_free_flat    (10,)    share of the last states that were flat (beyond 0.99) at the end of the run
    mild_agreement    (10,)    mean cosine between the gradients of eight batches before training
    seeds             (10,)
"""

import itertools

import numpy as np

from ..scratch import RNN, SGD, Linear, clip_by_norm, initialise, squared_error
from ..tasks import adding

SETTINGS = {
    "hidden_size": 32,
    "batch_size": 32,
    "free": {"learning_rate": 0.05, "max_norm": None},
    "clipped": {"learning_rate": 0.05, "max_norm": 1.0},
    "slower": {"learning_rate": 0.01, "max_norm": None},
    "mild": {"length": 10, "gain": 2.0, "updates": 1500},
    "long": {"length": 50, "gain": 1.6, "updates": 400},
    "fierce": {"length": 50, "gain": 3.0, "updates": 400},
    "blown_up": 1e6,
    "batches_compared": 8,
    "seeds": list(range(10)),
}
KINDS, WAYS = ("mild", "long", "fierce"), ("free", "clipped", "slower")
FIRST, WINDOW, LAST = 60, 10, 100  # updates
FLAT = 0.99  # beyond it a tanh passes on less than a fiftieth of a gradient


def start(kind, seed):
    """An untrained network.

    Parameters
    ----------
    kind : {"mild", "long", "fierce"}
    seed : int

    Returns
    -------
    layer : RNN
    output : Linear
    """
    if kind not in KINDS:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS)}, got {kind!r}")
    layer = RNN(2, SETTINGS["hidden_size"], seed=seed)
    initialise.orthogonal(layer, SETTINGS[kind]["gain"], seed=seed)
    return layer, Linear(SETTINGS["hidden_size"], 1, seed=1000 + seed)


def backward(layer, output, batch, cut=None):
    """The loss of a batch and the share of its last states that are flat; sets the gradients of the layers.

    With `cut`, the gradient goes back over this many of the last steps only.
    """
    x, state = batch.x, None
    if cut is not None:
        _, state = layer(x[:, :-cut])
        x = x[:, -cut:]
    y, _ = layer(x, state)
    loss, danswer = squared_error(output(y[:, -1:]), batch.targets[:, None])
    dy = np.zeros_like(y)
    dy[:, -1:] = output.backward(danswer)
    layer.backward(dy)
    return loss, (np.abs(y[:, -1]) > FLAT).mean()


def train(kind, way, seed, updates=None):
    """One run.

    Parameters
    ----------
    kind : {"mild", "long", "fierce"}
    way : {"free", "clipped", "slower"}
    seed : int
        Of the initial parameters and of the sequences.
    updates : int, optional
        At most this many; by default as in `SETTINGS`.

    Returns
    -------
    losses : (E,) array
        The loss of each update; the last is at least a million if the run blew up.
    flat : (E,) array
        The share of the last states that are flat, at each update.
    """
    if way not in WAYS:
        raise ValueError(f"way: wanted one of {', '.join(WAYS)}, got {way!r}")
    layer, output = start(kind, seed)
    learning_rate, max_norm = SETTINGS[way]["learning_rate"], SETTINGS[way]["max_norm"]
    sgd, rng, history = SGD([layer, output], learning_rate), np.random.default_rng(2000 + seed), []
    for _ in range(SETTINGS[kind]["updates"] if updates is None else updates):
        history.append(backward(layer, output, adding.batch(SETTINGS["batch_size"], SETTINGS[kind]["length"], rng)))
        if history[-1][0] >= SETTINGS["blown_up"]:
            break
        if max_norm:
            clip_by_norm([layer, output], max_norm)
        sgd.step()
    return np.transpose(history)


def agreement(kind, seed):
    """How well the gradients of several batches agree before training: the mean cosine between two of them."""
    layer, output = start(kind, seed)
    rng, directions = np.random.default_rng(5000 + seed), []
    for _ in range(SETTINGS["batches_compared"]):
        backward(layer, output, adding.batch(SETTINGS["batch_size"], SETTINGS[kind]["length"], rng))
        gradient = np.concatenate([g.ravel() for part in (layer, output) for g in part.gradients.values()])
        directions.append(gradient / np.linalg.norm(gradient))
    return np.mean([a @ b for a, b in itertools.combinations(directions, 2)])


def windows(losses):
    """The mean over each ten updates; the last window may be shorter."""
    return np.array([losses[first : first + WINDOW].mean() for first in range(0, len(losses), WINDOW)])


def make():
    """All runs, as described in `lstm_course.results`."""
    seeds = SETTINGS["seeds"]
    arrays = {"seeds": np.array(seeds)}
    for kind in KINDS:
        arrays[f"{kind}_agreement"] = np.array([agreement(kind, seed) for seed in seeds])
        for way in WAYS:
            loss = np.full((len(seeds), SETTINGS[kind]["updates"] // WINDOW), np.nan)
            first = np.full((len(seeds), FIRST), np.nan)
            worst, ended, final, flat = np.full((4, len(seeds)), np.nan)
            for row, seed in enumerate(seeds):
                losses, flats = train(kind, way, seed)
                means = windows(losses)
                loss[row, : len(means)], worst[row], flat[row] = means, losses.max(), flats[-1]
                first[row, : len(losses)] = losses[:FIRST]
                if losses[-1] >= SETTINGS["blown_up"]:
                    ended[row] = len(losses)
                else:
                    final[row] = losses[-LAST:].mean()
            measured = dict(loss=loss, first=first, worst=worst, ended=ended, final=final, flat=flat)
            arrays |= {f"{kind}_{way}_{what}": array for what, array in measured.items()}
    return arrays, SETTINGS
