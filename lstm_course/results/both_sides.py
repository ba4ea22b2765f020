"""When a second layer helps: a tag that depends on what stands on both sides.

A sequence has ten steps. Some are marks, of one of two kinds, and the first and the last step always are; the others
are blank (zeros). Each blank step is to be tagged: 1 if the nearest mark before it and the nearest mark after it are of
the same kind, else 0. SIMULATED.

Four networks read it, with 2,234 to 2,718 weights:

    one       one bidirectional layer of 16 units and a linear layer
    two       two bidirectional layers of 8 units and a linear layer
    head      one bidirectional layer of 13 units, a layer of 16 rectified units, and a linear layer
    forward   two layers of 14 units in the forward direction, and a linear layer

All start with a forget bias of 1 and train for 300 updates with Adam, 64 new sequences per update, gradients clipped to
a norm of 1, and the loss averaged over the blank steps. Each trains at two learning rates.

Arrays, for each kind:

    one_accuracy   (2, 10)   share of the blank steps of 500 new sequences tagged right, by learning rate and seed
    weights        (4,)      the number of weights, in the order of `KINDS`
    seeds          (10,)
"""

import numpy as np
import torch
from torch import nn

from ..nets import initialise

SETTINGS = {
    "steps": 10,
    "marks": 0.3,
    "batch_size": 64,
    "updates": 300,
    "max_norm": 1.0,
    "forget_bias": 1.0,
    "learning_rates": [0.01, 0.03],
    "held_sequences": 500,
    "held_seed": 12345,
    "kinds": {"one": (16, 1, True, 0), "two": (8, 2, True, 0), "head": (13, 1, True, 16), "forward": (14, 2, False, 0)},
    "seeds": list(range(10)),
}
KINDS = tuple(SETTINGS["kinds"])


class Tags(nn.Module):
    """An LSTM whose every step is read by a linear layer, with or without a hidden layer between.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    """

    def __init__(self, kind):
        super().__init__()
        hidden_size, layers, both, head = SETTINGS["kinds"][kind]
        self.lstm = nn.LSTM(2, hidden_size, layers, batch_first=True, bidirectional=both)
        initialise.forget_bias(self.lstm, SETTINGS["forget_bias"])
        width = hidden_size * (1 + both)
        self.output = nn.Linear(head or width, 2)
        self.head = nn.Sequential(nn.Linear(width, head), nn.ReLU()) if head else nn.Identity()

    def forward(self, x):
        """Logits (N, T, 2) for marks x (N, T, 2)."""
        return self.output(self.head(self.lstm(x)[0]))


def batch(count, rng):
    """New sequences.

    Parameters
    ----------
    count : int
    rng : numpy.random.Generator

    Returns
    -------
    x : (N, T, 2) float32 array
        One-hot marks, zeros at blank steps.
    tags : (N, T) array of int
    blank : (N, T) array of bool
    """
    T = SETTINGS["steps"]
    mark = rng.random((count, T)) < SETTINGS["marks"]
    mark[:, [0, -1]] = True
    kind = rng.integers(0, 2, (count, T))
    steps, rows = np.arange(T), np.arange(count)[:, None]
    before = np.maximum.accumulate(np.where(mark, steps, 0), axis=1)
    after = np.minimum.accumulate(np.where(mark, steps, T - 1)[:, ::-1], axis=1)[:, ::-1]
    x = np.stack([mark & (kind == k) for k in (0, 1)], axis=2).astype(np.float32)
    return x, (kind[rows, before] == kind[rows, after]).astype(int), ~mark


def train(kind, seed, learning_rate, progress=iter):
    """A trained network, and its accuracy on new sequences.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    seed : int
    learning_rate : float
    progress : callable
        Wraps the range of updates, as ``tqdm`` does.

    Returns
    -------
    net : Tags
    accuracy : float
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        net = Tags(kind)
    adam, rng = torch.optim.Adam(net.parameters(), learning_rate), np.random.default_rng(seed)
    for _ in progress(range(SETTINGS["updates"])):
        x, tags, blank = map(torch.tensor, batch(SETTINGS["batch_size"], rng))
        loss = nn.functional.cross_entropy(net(x)[blank], tags[blank])
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), SETTINGS["max_norm"])
        adam.step()
    x, tags, blank = map(torch.tensor, batch(SETTINGS["held_sequences"], np.random.default_rng(SETTINGS["held_seed"])))
    with torch.no_grad():
        return net, (net(x)[blank].argmax(dim=1) == tags[blank]).float().mean().item()


def make():
    """All runs, as described in `lstm_course.results`."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    seeds, rates = SETTINGS["seeds"], SETTINGS["learning_rates"]
    arrays = {"seeds": np.array(seeds)}
    for kind in KINDS:
        arrays[f"{kind}_accuracy"] = np.array([[train(kind, seed, rate)[1] for seed in seeds] for rate in rates])
    arrays["weights"] = np.array([sum(each.numel() for each in Tags(kind).parameters()) for kind in KINDS])
    torch.set_num_threads(threads)
    return arrays, SETTINGS
