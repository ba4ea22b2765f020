"""Controls for the recall task: what it is that keeps a plain network from learning a long lag.

The network, the strings and the settings are those of `recall_rnn`: 32 tanh units, 32 strings per update, gradients
clipped to a norm of 1, at most 1,500 updates. Each control changes one thing:

    factor_0.6_20 ...   the recurrent matrix is orthogonal times a gain, chosen by measurement so that the gradient's
                        factor per step on such strings is 0.6, 0.9 or 1.0; strings of 20 or 100 symbols
    sgd_5, sgd_20       plain gradient descent instead of Adam, at each of six learning rates
    epsilon             strings of 100, and an epsilon of 1e-30 in Adam instead of 1e-8
    frozen              strings of 20 with the full gradient, while the input weights of the capital letters, which
                        only the first step reads, stay as they are

Arrays, for the ten seeds:

    updates                 (E,)    the update at each evaluation
    factor_0.6_20_accuracy  (10, E) accuracy on 256 held-out strings, NaN after the end of a run; also epsilon, frozen
    factor_0.6_20_trace     (10,)   how much the first symbol changes the last state before training (see `trace`)
    factor_0.6_gain         (10,)   the gain that gives the factor
    sgd_20_best             (6, 10) the best accuracy of each run, by learning rate; also sgd_5
    epsilon_moved           (10,)   the largest change of a capital letter's weight over the run
    epsilon_trace           (10,)   `trace` after the run
    seeds                   (10,)
"""

import numpy as np

from ..scratch import RNN, SGD, Adam, Linear, clip_by_norm, initialise
from ..scratch.diagnostics import factor_per_step, gradient_norms
from ..tasks import recall
from . import recall_rnn

SETTINGS = {
    "network": {name: recall_rnn.SETTINGS[name] for name in ("hidden_size", "batch_size", "max_norm", "updates")},
    "evaluate_every": recall_rnn.SETTINGS["look_every"],
    "learning_rate": 0.001,
    "factors": [0.6, 0.9, 1.0],
    "lengths": [20, 100],
    "lag_measured": 120,
    "gains": [0.1, 4.0],
    "sgd_learning_rates": [0.01, 0.03, 0.1, 0.3, 1.0, 3.0],
    "sgd_lengths": [5, 20],
    "epsilon": 1e-30,
    "seeds": list(range(10)),
}
CAPITALS = len(recall.CLASSES)  # the first columns of the input weights belong to the capital letters


def start(factor, seed):
    """An untrained network whose gradient is multiplied by a given factor per step.

    Parameters
    ----------
    factor : float
        Between 0.1 and 1.1.
    seed : int

    Returns
    -------
    layer : RNN
    output : Linear
    gain : float
        What the random orthogonal matrix was multiplied by.
    """
    x = recall.batch(16, SETTINGS["lag_measured"] + 1, 4000 + seed).x
    low, high = SETTINGS["gains"]
    for _ in range(20):
        gain = (low + high) / 2
        layer = RNN(len(recall.SYMBOLS), SETTINGS["network"]["hidden_size"], seed=seed)
        initialise.orthogonal(layer, gain, seed=seed)
        low, high = (gain, high) if factor_per_step(gradient_norms(layer, x, seed=seed)) < factor else (low, gain)
    return layer, Linear(SETTINGS["network"]["hidden_size"], CAPITALS, seed=1000 + seed), gain


def trace(layer, length, seed=5):
    """How much the first symbol changes the last state: the mean, over 64 strings, of the largest change in a unit.

    Parameters
    ----------
    layer : RNN
    length : int
        Symbols per string.
    seed : int
        Of the strings.

    Returns
    -------
    float
        Differences near 1e-16 are rounding errors.
    """
    x = recall.batch(64, length, seed).x
    other = x.copy()
    other[:, 0, :CAPITALS] = np.roll(x[:, 0, :CAPITALS], 1, axis=1)  # another capital letter
    return np.abs(layer(x)[0][:, -1] - layer(other)[0][:, -1]).max(axis=1).mean()


def train(layer, output, optimiser, length, seed, updates=None, freeze_capitals=False, progress=iter):
    """Train a network on the recall task, as `recall_rnn.train` does.

    Parameters
    ----------
    layer : RNN
    output : Linear
    optimiser : Adam or SGD
        Of these two layers.
    length : int
        Symbols per string.
    seed : int
        Of the strings.
    updates : int, optional
        At most this many; by default 1,500.
    freeze_capitals : bool
        Whether the input weights of the capital letters keep their initial values.
    progress : callable
        Wraps the range of updates, as ``tqdm`` does.

    Returns
    -------
    accuracies : list of float
        On the held-out strings, every 25 updates; training ends when all of them are right.
    """
    rng, accuracies = np.random.default_rng(2000 + seed), []
    held = recall.batch(recall_rnn.SETTINGS["held_strings"], length, recall_rnn.SETTINGS["held_seed"])
    for update in progress(range(1, (updates or SETTINGS["network"]["updates"]) + 1)):
        recall_rnn.update(layer, output, recall.batch(SETTINGS["network"]["batch_size"], length, rng))
        clip_by_norm([layer, output], SETTINGS["network"]["max_norm"])
        if freeze_capitals:
            layer.gradients["weight_ih_l0"][:, :CAPITALS] = 0
        optimiser.step()
        if update % SETTINGS["evaluate_every"] == 0:
            accuracies.append(recall_rnn.accuracy(layer, output, held))
            if accuracies[-1] == 1:
                break
    return accuracies


def make():
    """All runs.

    Returns
    -------
    arrays : dict of str to numpy.ndarray
    settings : dict
    """
    every, seeds, rate = SETTINGS["evaluate_every"], SETTINGS["seeds"], SETTINGS["learning_rate"]
    updates = np.arange(every, SETTINGS["network"]["updates"] + 1, every)
    arrays = {"updates": updates, "seeds": np.array(seeds)}

    def store(name, runs):
        arrays[f"{name}_accuracy"] = np.full((len(seeds), len(updates)), np.nan)
        for row, accuracies in zip(arrays[f"{name}_accuracy"], runs, strict=True):
            row[: len(accuracies)] = accuracies

    for factor in SETTINGS["factors"]:
        for length in SETTINGS["lengths"]:
            nets = [start(factor, seed) for seed in seeds]
            arrays[f"factor_{factor}_gain"] = np.array([gain for _, _, gain in nets])
            arrays[f"factor_{factor}_{length}_trace"] = np.array([trace(layer, length) for layer, _, _ in nets])
            runs = [
                train(layer, output, Adam([layer, output], rate), length, seed)
                for seed, (layer, output, _) in zip(seeds, nets, strict=True)
            ]
            store(f"factor_{factor}_{length}", runs)
    for length in SETTINGS["sgd_lengths"]:
        best = arrays[f"sgd_{length}_best"] = np.zeros((len(SETTINGS["sgd_learning_rates"]), len(seeds)))
        for row, sgd_rate in enumerate(SETTINGS["sgd_learning_rates"]):
            for column, seed in enumerate(seeds):
                layers = recall_rnn.start(seed)
                best[row, column] = max(train(*layers, SGD(layers, sgd_rate), length, seed))
    runs, moved, traces = [], [], []
    for seed in seeds:
        layer, output = recall_rnn.start(seed)
        before = layer.parameters["weight_ih_l0"][:, :CAPITALS].copy()
        adam = Adam([layer, output], rate, epsilon=SETTINGS["epsilon"])
        runs.append(train(layer, output, adam, 100, seed))
        moved.append(np.abs(layer.parameters["weight_ih_l0"][:, :CAPITALS] - before).max())
        traces.append(trace(layer, 100))
    store("epsilon", runs)
    arrays |= {"epsilon_moved": np.array(moved), "epsilon_trace": np.array(traces)}
    frozen = []
    for seed in seeds:
        layers = recall_rnn.start(seed)
        frozen.append(train(*layers, Adam(layers, rate), 20, seed, freeze_capitals=True))
    store("frozen", frozen)
    return arrays, SETTINGS
