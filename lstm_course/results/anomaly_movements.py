"""Recorded movements: after how many samples each of three methods names them; see `anomalies`."""

import numpy as np
import torch
from torch.nn import functional as F

from ..tasks import movements
from .anomaly_networks import SEEDS, TUNING_SEEDS, Network, seeded, train

WATCHERS = ("lstm", "summaries", "nearest")
SETTING = {
    "seen": [3, 5, 10, 15, 20, 30, 40, 60, 80, 100],
    "hidden_size": 32,
    "updates": 200,
    "rates": [0.003, 0.01, 0.03, 0.1],
    "strengths": [0.03, 0.3, 3.0],
}
CUTS = (slice(None, 6), slice(6, None))


def halves(kinds, seed):
    """Two index arrays, each with half of the recordings of each kind."""
    rng = np.random.default_rng(seed)
    of_each = [rng.permutation(np.flatnonzero(kinds == k)) for k in np.unique(kinds)]
    return tuple(np.concatenate([part[slice(*cut)] for part in of_each]) for cut in ((None, 10), (10, None)))


def summaries(x):
    """Mean, standard deviation, extremes and mean change of each signal, (N, 30)."""
    change = np.abs(np.diff(x, axis=1)).mean(axis=1)
    return np.concatenate([x.mean(axis=1), x.std(axis=1), x.min(axis=1), x.max(axis=1), change], axis=1)


def mover(x, kinds, rate, seed, progress=False):
    """A network that says at each step which movement it is; it trains on pieces that start anywhere, with noise."""
    rng = np.random.default_rng(seed)
    network = seeded(lambda: Network(x.shape[2], SETTING["hidden_size"], len(movements.KINDS)), seed)
    x, y = torch.tensor(x), torch.tensor(kinds)

    def loss(network, start):
        piece = x[:, start : start + 60]
        logits = network(piece * (1 + 0.1 * torch.randn(len(x), 1, x.shape[2])) + 0.2 * torch.randn_like(piece))
        return F.cross_entropy(logits.flatten(0, 1), y.repeat_interleave(piece.shape[1]))

    train(network, list(rng.integers(0, x.shape[1] - 60, SETTING["updates"])), loss, rate, seed, progress)
    return network


def named(method, x, kinds, new, setting, seed=0):
    """The movements (B, N) that a method names after each number of samples in "seen"."""
    from sklearn.linear_model import LogisticRegression

    seen = [k for k in SETTING["seen"] if k <= new.shape[1]]
    if method == "lstm":
        logits = mover(x, kinds, setting, seed)(torch.tensor(new)).detach().numpy()
        return np.array([logits[:, k - 1].argmax(axis=1) for k in seen])
    if method == "nearest":
        far = [((new[:, None, :k] - x[None, :, :k]) ** 2).sum(axis=(2, 3)) for k in seen]
        return np.array([kinds[each.argmin(axis=1)] for each in far])
    named = []
    for k in seen:
        short, other = summaries(x[:, :k]), summaries(new[:, :k])
        mean, spread = short.mean(axis=0), short.std(axis=0) + 1e-6
        model = LogisticRegression(C=setting, max_iter=1000).fit((short - mean) / spread, kinds)
        named.append(model.predict((other - mean) / spread))
    return np.array(named)


def run(seeds=None):
    arrays, chosen = {}, {"nearest": None}
    x, kinds = movements.movements()

    def parts(seed):
        train_rows, other = halves(kinds, seed)
        scaled = (x - x[train_rows].mean(axis=(0, 1))) / x[train_rows].std(axis=(0, 1))
        return scaled, train_rows, other

    for method, options in (("lstm", SETTING["rates"]), ("summaries", SETTING["strengths"])):
        tried = np.zeros((len(options), len(TUNING_SEEDS)))
        for k, seed in enumerate(TUNING_SEEDS):  # each training half is cut again, into 24 and 16
            scaled, train_rows, _ = parts(k)
            fit, check = (np.concatenate([train_rows[c : c + 10][cut] for c in range(0, 40, 10)]) for cut in CUTS)
            for o, option in enumerate(options):
                answer = named(method, scaled[fit], kinds[fit], scaled[check], option, seed)
                tried[o, k] = (answer == kinds[check]).mean()
        arrays[f"movements_tried_{method}"] = tried
        chosen[method] = options[int(np.argmax(tried.mean(axis=1)))]
    seen = np.zeros((len(WATCHERS), len(SETTING["seen"]), len(seeds or SEEDS)))
    for k, seed in enumerate(seeds or SEEDS):
        scaled, fit, new = parts(seed)
        for w, method in enumerate(WATCHERS):
            answer = named(method, scaled[fit], kinds[fit], scaled[new], chosen[method], seed)
            seen[w, :, k] = (answer == kinds[new]).mean(axis=1)
    return arrays | {"seen": seen}
