"""The adding problem over 30 steps and temporal order over 60, ten runs of each kind of network.

All networks have 32 units and a linear layer that reads the last hidden state. Adam, gradients clipped to a norm of 1,
fresh sequences for each update: 64 for the adding problem, 32 for temporal order. Each kind has the learning rate, of
three, that did best at the end of two runs with other seeds (`choose`).

The adding problem: ``lstm`` (forget bias 1), ``1997`` (without a forget gate) and ``rnn`` (a plain network with tanh).
Temporal order: ``chrono`` (chrono initialisation for lags up to 60 steps), ``bias`` (forget bias 1), and as a control
``open`` (the forget biases of ``chrono``, all other biases zero).

*Longer.* The networks that were trained with ``chrono`` read sequences longer than those of their training, and answer
through the layer they were trained with, or through one that is fitted again, by ridge regression on the states after
the last step of 600 other sequences of that length: on h alone, or on h and c.

Arrays:

    learning_rates (3,)                      those that were tried
    adding_updates, order_updates   (E,)     numbers of updates at each evaluation
    {task}_{kind}_tried   (2, 3)   error or accuracy at the end, for two seeds and each learning rate
    {task}_{kind}_rate    ()       the learning rate that was chosen
    adding_{kind}_error   (10, E)  mean squared error on 500 other sequences
    order_{kind}_accuracy (10, E)  accuracy on 500 other sequences
    longer (L,)              lengths
    order_longer, order_longer_fitted_h, order_longer_fitted (10, L)  accuracy on 400 sequences of each length: of the
                             network, and of a layer that is fitted again to h, or to h and c
    seeds (10,)
"""

import numpy as np
import torch

from ..nets import LSTM1997, initialise
from ..tasks import adding, temporal_order

SETTINGS = {
    "hidden_size": 32,
    "learning_rates": [0.003, 0.01, 0.03],
    "tried_on": [100, 101],
    "max_norm": 1.0,
    "held": 500,
    "adding": {"length": 30, "updates": 550, "sequences": 64, "look_every": 25},
    "order": {"length": 60, "updates": 350, "sequences": 32, "look_every": 25},
    "longer": [60, 120, 240, 480, 960],
    "fitted": 600,
    "judged": 400,
    "seeds": list(range(10)),
}
KINDS = {"order": ("chrono", "bias", "open"), "adding": ("lstm", "1997", "rnn")}


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
    if kind in ("chrono", "open"):
        initialise.chrono(net.layer, SETTINGS[task]["length"], seed=seed)
        if kind == "open":
            with torch.no_grad():
                net.layer.bias_ih_l0[:H], net.layer.bias_hh_l0[:H] = 0, 0
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


def train(task, kind, seed, rate, updates=None, steps=range):
    """One run.

    Parameters
    ----------
    task : {"adding", "order"}
    kind : str
        One of ``KINDS[task]``.
    seed : int
    rate : float
        The learning rate.
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
    adam, evaluations = torch.optim.Adam(net.parameters(), rate), []
    for update in steps(updates or settings["updates"]):
        adam.zero_grad()
        loss(task, net, make(settings["sequences"], length, rng)).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), SETTINGS["max_norm"])
        adam.step()
        if (update + 1) % settings["look_every"] == 0:
            evaluations.append(judge(task, net, held))
    return net, evaluations


def choose(task, kind):
    """The result at the end of `train` for each of two seeds and three learning rates, and the best rate."""
    rates = SETTINGS["learning_rates"]
    tried = np.array([[train(task, kind, seed, rate)[1][-1] for rate in rates] for seed in SETTINGS["tried_on"]])
    mean = tried.mean(axis=0)
    return tried, rates[np.argmin(mean) if task == "adding" else np.argmax(mean)]


def last_states(net, batch):
    """h and c after the last step, (N, 2H)."""
    with torch.no_grad():
        _, states = net.layer(torch.tensor(batch.x, dtype=torch.float32))
    return np.concatenate([state[0].numpy().astype(float) for state in states], axis=1)


def right_on_longer(net, length, seed):
    """Accuracies on temporal order of this length: of the network, and of outputs fitted again to h, and to h and c."""
    fitted = temporal_order.batch(SETTINGS["fitted"], length, 7000 + seed)
    judged = temporal_order.batch(SETTINGS["judged"], length, 8000 + seed)
    states, new = last_states(net, fitted), last_states(net, judged)
    mean, size = states.mean(axis=0), states.std(axis=0) + 1e-9
    H, accuracies = SETTINGS["hidden_size"], [judge("order", net, judged)]
    for count in (H, 2 * H):
        A, B = (np.insert(((x - mean) / size)[:, :count], 0, 1, axis=1) for x in (states, new))
        weights = np.linalg.solve(A.T @ A + np.eye(count + 1), A.T @ np.eye(4)[fitted.targets])
        accuracies.append(temporal_order.score(B @ weights, judged).accuracy)
    return accuracies


def make():
    """All runs, as described above."""
    arrays = {"seeds": np.array(SETTINGS["seeds"]), "longer": np.array(SETTINGS["longer"])}
    arrays["learning_rates"] = np.array(SETTINGS["learning_rates"])
    for task, kinds in KINDS.items():
        every, updates = SETTINGS[task]["look_every"], SETTINGS[task]["updates"]
        arrays[f"{task}_updates"] = np.arange(every, updates + 1, every)
        for kind in kinds:
            tried, rate = choose(task, kind)
            arrays |= {f"{task}_{kind}_tried": tried, f"{task}_{kind}_rate": np.array(rate)}
            nets, evaluations = zip(*(train(task, kind, seed, rate) for seed in SETTINGS["seeds"]), strict=True)
            arrays[f"{task}_{kind}_{'error' if task == 'adding' else 'accuracy'}"] = np.array(evaluations)
            print(task, kind, tried.round(4).tolist(), rate, np.array(evaluations)[:, -1].round(4), flush=True)
            if kind == "chrono":
                right = [
                    [right_on_longer(net, length, seed) for length in SETTINGS["longer"]]
                    for seed, net in zip(SETTINGS["seeds"], nets, strict=True)
                ]
                names = "order_longer", "order_longer_fitted_h", "order_longer_fitted"
                arrays |= dict(zip(names, np.moveaxis(np.array(right), 2, 0), strict=True))
                print(np.array(right).round(2).tolist(), flush=True)
    return arrays, SETTINGS
