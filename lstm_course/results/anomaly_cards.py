"""Simulated payments with two kinds of fraud, and four detectors; see `anomalies`."""

import numpy as np
import torch
from torch.nn import functional as F

from ..baselines import windows
from ..tasks import cards
from .anomaly_networks import SEEDS, TUNING_SEEDS, Network, answers, boosted, rows, seeded, train

DETECTORS = ("one payment", "last six", "history", "lstm")
SETTING = {
    "cards": 2500,
    "held": 1000,
    "judged": 1500,
    "hidden_size": 32,
    "epochs": 12,
    "batch": 64,
    "weight": 5.0,  # of a fraud in the loss
    "rates": [0.003, 0.01],
    "boosting": [[0.1, 50], [0.1, 150]],
}


def features(detector, made):
    """What a detector sees of each payment, (N, 40, D)."""
    x = cards.inputs(made)
    if detector == "last six":
        return windows(x, 6).astype(np.float32)
    return np.concatenate([x, cards.history(made)], axis=2) if detector == "history" else x


def detector(name, made, setting, seed, progress=False):
    """A function that gives a score (N, 40) to the payments of other cards."""
    x, y = features(name, made), made.fraud
    if name != "lstm":
        model = boosted(x.reshape(-1, x.shape[2]), y.ravel(), setting, seed)
        return lambda new: model.decision_function(features(name, new).reshape(-1, x.shape[2])).reshape(new.fraud.shape)
    options, mean, spread = SETTING, x.mean(axis=(0, 1)), x.std(axis=(0, 1)) + 1e-6
    network = seeded(lambda: Network(x.shape[2], options["hidden_size"], 1), seed)
    x, y, weight = torch.tensor((x - mean) / spread), torch.tensor(y).float(), torch.tensor(options["weight"])

    def loss(network, n):
        return F.binary_cross_entropy_with_logits(network(x[n])[..., 0], y[n], pos_weight=weight)

    train(network, rows(len(x), options["batch"], options["epochs"], seed), loss, setting, seed, progress)
    return lambda new: answers(network, (features(name, new) - mean) / spread)


def card_sets(kind, seed):
    """Cards to learn from, held out and judged."""
    return [cards.cards(SETTING[part], kind, 10 * seed + k) for k, part in enumerate(("cards", "held", "judged"))]


def run(seeds=None):
    from sklearn.metrics import average_precision_score

    def precision(score, made):
        return average_precision_score(made.fraud.ravel(), score.ravel())

    tuning = TUNING_SEEDS[:2]
    seeds, shape = seeds or SEEDS, (len(cards.KINDS), len(DETECTORS))
    ap, frauds = np.zeros((*shape, len(seeds))), np.zeros((len(cards.KINDS), 2, len(seeds), 2))
    stopped, lost = (np.zeros((*shape, 2, len(seeds), 60)) for _ in range(2))
    arrays = {f"cards_tried_{name.replace(' ', '_')}": [] for name in DETECTORS}
    for c, kind in enumerate(cards.KINDS):
        for d, name in enumerate(DETECTORS):
            options = SETTING["rates" if name == "lstm" else "boosting"]
            tried = np.zeros((len(options), len(tuning)))
            for k, seed in enumerate(tuning):
                made, held, _ = card_sets(kind, seed)
                tried[:, k] = [precision(detector(name, made, each, seed)(held), held) for each in options]
            arrays[f"cards_tried_{name.replace(' ', '_')}"].append(tried)
            best = options[int(np.argmax(tried.mean(axis=1)))]
            for k, seed in enumerate(seeds):
                made, *others = card_sets(kind, seed)
                score = detector(name, made, best, seed)
                scores = [score(other) for other in others]
                ap[c, d, k] = precision(scores[1], others[1])
                thresholds = np.quantile(scores[0], 1 - np.geomspace(1e-4, 0.2, 60))
                for p, (values, other) in enumerate(zip(scores, others, strict=True)):
                    above = values >= thresholds[:, None, None]
                    stopped[c, d, p, k] = above.sum(axis=(1, 2))
                    lost[c, d, p, k] = (other.amount * other.fraud * ~above).sum(axis=(1, 2))
                    frauds[c, p, k] = other.fraud.sum(), (other.amount * other.fraud).sum()
    arrays = {name: np.array(tried) for name, tried in arrays.items()}
    return arrays | {"cards_ap": ap, "cards_alarms": stopped, "cards_lost": lost, "cards_frauds": frauds}
