"""The adding problem over 30 steps and temporal order over 60, ten runs of each kind of network.

All networks have 32 units and a linear layer that reads the last hidden state. Adam with a learning rate of 0.01,
gradients clipped to a norm of 1, fresh sequences for each update: 64 for the adding problem, 32 for temporal order.

The adding problem: ``lstm`` (forget bias 1), ``1997`` (without a forget gate) and ``rnn`` (a plain network with tanh).
Temporal order: ``chrono`` (chrono initialisation for lags up to 60 steps) and ``bias`` (forget bias 1).

Arrays:

    adding_updates, order_updates   (E,)     numbers of updates at each evaluation
    adding_{kind}_error   (10, E)  mean squared error on 500 other sequences
    order_{kind}_accuracy (10, E)  accuracy on 500 other sequences
    seeds (10,)
"""

import numpy as np
import torch

from ..nets import LSTM1997, initialise
from ..tasks import adding, temporal_order

SETTINGS = {
    "hidden_size": 32,
    "learning_rate": 0.01,
    "max_norm": 1.0,
    "held": 500,
    "adding": {"length": 30, "updates": 550, "sequences": 64, "look_every": 25},
    "order": {"length": 60, "updates": 350, "sequences": 32, "look_every": 25},
    "seeds": list(range(10)),
}
KINDS = {"adding": ("lstm", "1997", "rnn"), "order": ("chrono", "bias")}


class Reader(torch.nn.Module):
    """A recurrent layer and a linear layer that reads its last hidden state."""

    def __init__(self, layer, outputs):
        super().__init__()
        self.layer, self.output = layer, torch.nn.Linear(layer.hidden_size, outputs)

    def forward(self, x):
        y, _ = self.layer(x)
        return self.output(y[:, -1])


def start(task, kind, seed):
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
        initialise.chrono(net.layer, SETTINGS[task]["length"], seed=seed)
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


def train(task, kind, seed, updates=None, steps=range):
    """One run.

    Parameters
    ----------
    task : {"adding", "order"}
    kind : str
        One of ``KINDS[task]``.
    seed : int
    updates : int, optional
        Those of ``SETTINGS[task]`` by default.
    steps : callable
        Counts the updates; it may be a progress bar.

    Returns
    -------
    net : Reader
    evaluations : list of float
    """
    settings, make = SETTINGS[task], {"adding": adding.batch, "order": temporal_order.batch}[task]
    length, rng = settings["length"], np.random.default_rng(1000 + seed)
    net, held = start(task, kind, seed), make(SETTINGS["held"], settings["length"], 5000 + seed)
    adam, evaluations = torch.optim.Adam(net.parameters(), SETTINGS["learning_rate"]), []
    for update in steps(updates or settings["updates"]):
        adam.zero_grad()
        loss(task, net, make(settings["sequences"], length, rng)).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), SETTINGS["max_norm"])
        adam.step()
        if (update + 1) % settings["look_every"] == 0:
            evaluations.append(judge(task, net, held))
    return net, evaluations


def make():
    """All runs, as described above."""
    arrays = {"seeds": np.array(SETTINGS["seeds"])}
    for task, kinds in KINDS.items():
        every, updates = SETTINGS[task]["look_every"], SETTINGS[task]["updates"]
        arrays[f"{task}_updates"] = np.arange(every, updates + 1, every)
        for kind in kinds:
            name = f"{task}_{kind}_{'error' if task == 'adding' else 'accuracy'}"
            arrays[name] = np.array([train(task, kind, seed)[1] for seed in SETTINGS["seeds"]])
            print(name, arrays[name][:, -1].round(4), flush=True)
    return arrays, SETTINGS
