"""What the runs of lesson 16 share: the network, its training, boosting, and the seeds."""

import numpy as np
import torch
from torch import nn

from .. import nets
from ..scratch import schedules

SEEDS = list(range(10))
TUNING_SEEDS = [100, 101, 102]


class Network(nn.Module):
    """An LSTM and a linear layer, which answers at each step: (N, T, D) to (N, T, K)."""

    def __init__(self, D, H, K, forget_bias=1.0):
        super().__init__()
        self.lstm, self.readout = nn.LSTM(D, H, batch_first=True), nn.Linear(H, K)
        nets.initialise.forget_bias(self.lstm, forget_bias)

    def forward(self, x):
        return self.readout(self.lstm(x)[0])


def train(network, batches, loss, rate, seed, progress=False):
    """Train a network with a short rise of the learning rate, then a cosine down to 5 per cent."""
    updates = len(batches)
    falling = schedules.warmup(20, then=schedules.cosine(updates - 20, floor=0.05))
    return nets.train(
        network, batches, loss, updates, rate, seed=seed, progress=progress, schedule=falling, device="cpu"
    )


def rows(count, size, epochs, seed):
    """The rows of each batch, for some epochs."""
    rng, whole = np.random.default_rng(1000 + seed), count // size * size
    return [part for _ in range(epochs) for part in rng.permutation(count)[:whole].reshape(-1, size)]


def seeded(make, seed):
    """A network from a function without arguments, with its own seed."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make()


@torch.no_grad()
def answers(network, x):
    """The first logit at each step, (N, T)."""
    return network(torch.tensor(x))[..., 0].numpy()


def boosted(x, y, setting, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier

    rate, rounds = setting
    options = {"max_leaf_nodes": 15, "l2_regularization": 1.0, "early_stopping": False, "random_state": seed}
    return HistGradientBoostingClassifier(learning_rate=rate, max_iter=rounds, **options).fit(x, y)
