"""How far back LSTMs learn to recall, by how they start, and the factors per step that they start with.

An LSTM of 32 units reads a string of `recall`, and a linear layer names the first symbol from the last hidden state.
Only the initial biases differ:

    bias_0, bias_1, bias_3   PyTorch's initialisation with a forget bias of 0, 1 or 3
    chrono                   chrono initialisation for lags up to the length of the strings

A network starts with strings of 10 symbols. If it gets all held-out strings right within 1,000 updates, a new network
with the same seed starts with strings of 20, then 40, then 80; at the first failure the seed's ladder ends. All train
with Adam, 32 strings per update and gradients clipped to a norm of 1, once at each of two learning rates.

Arrays, for each kind:

    bias_0_updates   (2, 10, 4)  by learning rate, seed and length: updates until all held-out strings were right; 0 if
                                 that did not happen, NaN if the ladder had ended
    bias_0_accuracy  (2, 10, 4)  best accuracy on 256 held-out strings, NaN if the ladder had ended
    bias_0_before    (2, 10, 4)  what is left of the gradient (see `left`) before training
    bias_0_after     (2, 10, 4)  and after it
    bias_0_direct    (10,)       the factor per step before training along the direct path, on strings of 121 symbols;
                                 also for gru
    bias_0_full      (10,)       and along all paths
    seeds            (10,)
"""

import numpy as np
import torch

from ..convert import to_scratch
from ..nets import initialise
from ..scratch import GRU
from ..scratch.diagnostics import factor_per_step, gradient_norms, memory_paths
from ..tasks import recall

SETTINGS = {
    "hidden_size": 32,
    "batch_size": 32,
    "max_norm": 1.0,
    "updates": 1000,
    "evaluate_every": 25,
    "held_strings": 256,
    "held_seed": 12345,
    "lengths": [10, 20, 40, 80],
    "learning_rates": [0.003, 0.001],
    "paths": {"samples": 4, "length": 121, "chrono": 100},
    "seeds": list(range(10)),
}
KINDS = ("bias_0", "bias_1", "bias_3", "chrono")


def start(kind, seed, longest):
    """An untrained network.

    Parameters
    ----------
    kind : str
        One of `KINDS`, or ``"bias_"`` and any number.
    seed : int
    longest : int
        The lag for which chrono initialisation prepares.

    Returns
    -------
    layer : torch.nn.LSTM
    output : torch.nn.Linear
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layer = torch.nn.LSTM(len(recall.SYMBOLS), SETTINGS["hidden_size"], batch_first=True)
        output = torch.nn.Linear(SETTINGS["hidden_size"], len(recall.CLASSES))
    if kind == "chrono":
        initialise.chrono(layer, longest, seed)
    else:
        initialise.forget_bias(layer, float(kind.removeprefix("bias_")))
    return layer, output


def accuracy(layer, output, batch):
    """The share of the strings whose first symbol the network names."""
    with torch.no_grad():
        y, _ = layer(torch.tensor(batch.x, dtype=torch.float32))
        return recall.score(output(y[:, -1]).numpy(), batch).accuracy


def train(layer, output, length, seed, learning_rate, updates=None, progress=iter):
    """Train a network until it gets all held-out strings right.

    Parameters
    ----------
    layer, output
        From `start`; they are changed in place.
    length : int
        Symbols per string.
    seed : int
        Of the strings.
    learning_rate : float
    updates : int, optional
        At most this many; by default 1,000.
    progress : callable
        Wraps the range of updates, as ``tqdm`` does.

    Returns
    -------
    accuracies : list of float
        On the held-out strings, every 25 updates.
    """
    parameters = [*layer.parameters(), *output.parameters()]
    adam, rng, accuracies = torch.optim.Adam(parameters, learning_rate), np.random.default_rng(2000 + seed), []
    held = recall.batch(SETTINGS["held_strings"], length, SETTINGS["held_seed"])
    for update in progress(range(1, (updates or SETTINGS["updates"]) + 1)):
        batch = recall.batch(SETTINGS["batch_size"], length, rng)
        y, _ = layer(torch.tensor(batch.x, dtype=torch.float32))
        loss = torch.nn.functional.cross_entropy(output(y[:, -1]), torch.tensor(batch.targets))
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, SETTINGS["max_norm"])
        adam.step()
        if update % SETTINGS["evaluate_every"] == 0:
            accuracies.append(accuracy(layer, output, held))
            if accuracies[-1] == 1:
                break
    return accuracies


def left(layer, length):
    """What is left of the gradient at the first symbol: its norm there, divided by its norm at the last symbol."""
    norms = gradient_norms(to_scratch(layer), recall.batch(16, length, 5).x.astype(np.float32))
    return norms[-1] / norms[0]


def factors(kind, seed):
    """The factors per step of an untrained network, along the direct path and along all paths.

    Both belong to the mean, over strings and units, of the absolute derivative of a unit's last cell state with
    respect to its own cell state some steps earlier (`diagnostics.memory_paths`).

    Parameters
    ----------
    kind : str
        As for `start`, or ``"gru"``.
    seed : int

    Returns
    -------
    direct, full : float
    """
    settings = SETTINGS["paths"]
    if kind == "gru":
        layer = GRU(len(recall.SYMBOLS), SETTINGS["hidden_size"], seed=seed)
    else:
        layer = to_scratch(start(kind, seed, settings["chrono"])[0])
    x = recall.batch(settings["samples"], settings["length"], 7 + seed).x
    paths = memory_paths(layer, x.astype(layer.dtype))
    return tuple(factor_per_step(np.abs(path).mean(axis=(0, 2))[::-1].astype(float)) for path in paths)


def ladder(kind, seed, learning_rate):
    """One seed's ladder: updates, best accuracy, and the gradient left before and after, for each length."""
    rows = np.full((4, len(SETTINGS["lengths"])), np.nan)
    for column, length in enumerate(SETTINGS["lengths"]):
        layer, output = start(kind, seed, length)
        before = left(layer, length)
        accuracies = train(layer, output, length, seed, learning_rate)
        solved = accuracies[-1] == 1
        updates = SETTINGS["evaluate_every"] * len(accuracies) if solved else 0
        rows[:, column] = updates, max(accuracies), before, left(layer, length)
        if not solved:
            break
    return rows


def make():
    """All runs, as described in `lstm_course.results`."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    seeds, rates = SETTINGS["seeds"], SETTINGS["learning_rates"]
    arrays = {"seeds": np.array(seeds)}
    for kind in (*KINDS, "gru"):
        arrays[f"{kind}_direct"], arrays[f"{kind}_full"] = np.array([factors(kind, seed) for seed in seeds]).T
    for kind in KINDS:
        runs = np.array([[ladder(kind, seed, rate) for seed in seeds] for rate in rates])
        for k, name in enumerate(("updates", "accuracy", "before", "after")):
            arrays[f"{kind}_{name}"] = runs[:, :, k]
    torch.set_num_threads(threads)
    return arrays, SETTINGS
