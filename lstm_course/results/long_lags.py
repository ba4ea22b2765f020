"""The adding problem over 50 steps and temporal order over 100, ten runs of each kind of network.

All networks have 32 units and a linear layer that reads the last hidden state. Adam with a learning rate of 0.01,
gradients clipped to a norm of 1, and 32 fresh sequences for each update. A run ends at the first evaluation that is good
enough: a mean squared error below 0.002, or all sequences right.

The adding problem: ``lstm`` (forget bias 1), ``1997`` (without a forget gate) and ``rnn`` (a plain network with tanh).
Temporal order: ``bias`` (forget bias 1) and ``chrono`` (chrono initialisation for lags up to 100 steps).
A plain network and the LSTM with forget bias 1 were also tried with learning rates of 0.001 and 0.003: see `rates`.

Arrays:

    adding_updates, order_updates   (E,)     numbers of updates at each evaluation
    adding_{kind}_error   (10, E)  mean squared error on 500 other sequences; NaN after the end of a run
    order_{kind}_accuracy (10, E)  accuracy on 500 other sequences
    rates_rnn_error       (2, 3)   least mean squared error with the other learning rates, of three runs each
    rates_bias_accuracy   (2, 3)   best accuracy
    seeds (10,)
"""

import numpy as np
import torch

from ..nets import LSTM1997, initialise
from ..tasks import adding, temporal_order

SETTINGS = {
    "hidden_size": 32,
    "learning_rate": 0.01,
    "other_rates": [0.001, 0.003],
    "max_norm": 1.0,
    "sequences": 32,
    "held": 500,
    "adding": {"length": 50, "updates": 600, "look_every": 50, "stop": 0.002},
    "order": {"length": 100, "updates": 500, "look_every": 25, "stop": 1.0},
    "seeds": list(range(10)),
}
KINDS = {"adding": ("lstm", "1997", "rnn"), "order": ("bias", "chrono")}


class Reader(torch.nn.Module):
    """A recurrent layer and a linear layer that reads its last hidden state."""

    def __init__(self, layer, outputs):
        super().__init__()
        self.layer, self.output = layer, torch.nn.Linear(layer.hidden_size, outputs)

    def forward(self, x):
        y, _ = self.layer(x)
        return self.output(y[:, -1])


def start(task, kind, seed, length=100):
    """An untrained `Reader`."""
    if kind not in KINDS[task]:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS[task])}, got {kind!r}")
    torch.manual_seed(seed)
    D, K, H = (2, 1, SETTINGS["hidden_size"]) if task == "adding" else (8, 4, SETTINGS["hidden_size"])
    if kind == "1997":
        return Reader(LSTM1997(D, H), K)
    if kind == "rnn":
        return Reader(torch.nn.RNN(D, H, batch_first=True), K)
    net = Reader(torch.nn.LSTM(D, H, batch_first=True), K)
    if kind == "chrono":
        initialise.chrono(net.layer, length, seed=seed)
    else:
        initialise.forget_bias(net.layer, 1.0)
    return net


def loss(task, net, batch):
    """Mean squared error or cross-entropy."""
    outputs, targets = net(torch.tensor(batch.x, dtype=torch.float32)), torch.tensor(batch.targets)
    if task == "adding":
        return torch.nn.functional.mse_loss(outputs, targets.float())
    return torch.nn.functional.cross_entropy(outputs, targets)


def judge(task, net, batch):
    """The mean squared error or the accuracy on a batch."""
    with torch.no_grad():
        outputs = net(torch.tensor(batch.x, dtype=torch.float32)).numpy().astype(float)
    if task == "adding":
        return adding.score(outputs, batch).mean_squared_error
    return temporal_order.score(outputs, batch).accuracy


def train(task, kind, seed, updates=None, rate=SETTINGS["learning_rate"], length=None):
    """One run.

    Parameters
    ----------
    task : {"adding", "order"}
    kind : str
        One of ``KINDS[task]``.
    seed : int
    updates : int, optional
        Those of ``SETTINGS[task]`` by default.
    rate : float
    length : int, optional
        Of the sequences.

    Returns
    -------
    net : Reader
    evaluations : list of float
    """
    settings, make = SETTINGS[task], {"adding": adding.batch, "order": temporal_order.batch}[task]
    length = length or settings["length"]
    net, rng = start(task, kind, seed, length), np.random.default_rng(1000 + seed)
    held = make(SETTINGS["held"], length, 5000 + seed)
    adam, evaluations = torch.optim.Adam(net.parameters(), rate), []
    for update in range(1, (updates or settings["updates"]) + 1):
        adam.zero_grad()
        loss(task, net, make(SETTINGS["sequences"], length, rng)).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), SETTINGS["max_norm"])
        adam.step()
        if update % settings["look_every"] == 0:
            evaluations.append(judge(task, net, held))
            stop = settings["stop"]
            if evaluations[-1] <= stop if task == "adding" else evaluations[-1] >= stop:
                break
    return net, evaluations


def make():
    """All runs, as described above."""
    arrays = {"seeds": np.array(SETTINGS["seeds"])}
    for task, kinds in KINDS.items():
        every, updates = SETTINGS[task]["look_every"], SETTINGS[task]["updates"]
        arrays[f"{task}_updates"] = np.arange(every, updates + 1, every)
        for kind in kinds:
            name = f"{task}_{kind}_{'error' if task == 'adding' else 'accuracy'}"
            arrays[name] = np.full((len(SETTINGS["seeds"]), updates // every), np.nan)
            for row, seed in zip(arrays[name], SETTINGS["seeds"], strict=True):
                _, evaluations = train(task, kind, seed)
                row[: len(evaluations)] = evaluations
    for name, task, kind, best in (("rnn_error", "adding", "rnn", min), ("bias_accuracy", "order", "bias", max)):
        arrays[f"rates_{name}"] = np.array(
            [[best(train(task, kind, seed, rate=rate)[1]) for seed in range(3)] for rate in SETTINGS["other_rates"]]
        )
    return arrays, SETTINGS
