"""Simulated patients, and when a network is asked about them; see `anomalies`."""

import numpy as np
import torch
from torch.nn import functional as F

from ..tasks import ward
from .anomaly_networks import SEEDS, TUNING_SEEDS, Network, answers, boosted, rows, seeded, train

WARD = {
    "pattern_1": {"asked": "pattern", "forget_bias": 1.0},
    "pattern_3": {"asked": "pattern", "forget_bias": 3.0},
    "near_1": {"asked": "near", "forget_bias": 1.0},
    "late_1": {"asked": "late", "forget_bias": 1.0},
    "every_1": {"asked": "every", "forget_bias": 1.0},
}
SETTING = {
    "networks": WARD,
    "patients": 1000,
    "judged": 500,
    "hidden_size": 32,
    "epochs": 30,
    "batch": 32,
    "rates": [0.003, 0.01, 0.03],
    "boosting": [[0.05, 150], [0.1, 150], [0.1, 300]],
}


def asked(made, when):
    """(N, T) array: 1 where the loss asks whether a patient is at risk.

    "near" adds one question for each patient to those of "pattern", two hours after the first rise began; "late" asks
    at every step from the first hour at which anybody can have a pattern.
    """
    steps = np.arange(ward.STEPS)
    where = {
        "pattern": made.pattern,
        "near": made.pattern | (steps == made.symptom[:, None] + 2 * ward.STEPS_AN_HOUR),
        "late": steps >= np.flatnonzero(made.pattern.any(axis=0))[0],
        "every": True,
    }
    return np.broadcast_to(where[when], made.pattern.shape) * 1.0


def watch(made, when, forget_bias, rate, seed, progress=False, epochs=None):
    """A network that has learned, from the answers at the steps where it is `asked`, which patients are at risk."""
    weight = torch.tensor(asked(made, when), dtype=torch.float32)
    x, y = torch.tensor(made.x), torch.tensor(made.at_risk[:, None] * np.ones(ward.STEPS), dtype=torch.float32)
    network = seeded(lambda: Network(x.shape[2], SETTING["hidden_size"], 1, forget_bias), seed)

    def loss(network, n):
        each = F.binary_cross_entropy_with_logits(network(x[n])[..., 0], y[n], weight[n], reduction="sum")
        return each / weight[n].sum()

    train(network, rows(len(x), SETTING["batch"], epochs or SETTING["epochs"], seed), loss, rate, seed, progress)
    return network


def at_pattern(scores, made):
    """The area under the ROC curve of scores (N, T) at the patterns."""
    from sklearn.metrics import roc_auc_score

    return roc_auc_score((made.at_risk[:, None] & made.pattern)[made.pattern], scores[made.pattern])


def past(made, width):
    """The last `width` steps before each pattern's end, side by side, (E, width * 4), with zeros before the start."""
    n, t = np.nonzero(made.pattern)
    padded = np.concatenate([np.zeros((len(made.x), width, made.x.shape[2]), np.float32), made.x], axis=1)
    return np.stack([padded[a, b + 1 : b + 1 + width].ravel() for a, b in zip(n, t, strict=True)])


def boosted_at_pattern(train_set, test_set, width, setting, seed):
    n, t = np.nonzero(train_set.pattern)
    model = boosted(past(train_set, width), train_set.at_risk[n], setting, seed)
    scores = np.zeros(test_set.pattern.shape)
    scores[test_set.pattern] = model.decision_function(past(test_set, width))
    return at_pattern(scores, test_set)


def run(seeds=None):
    arrays = {}
    seeds, judged, further = seeds or SEEDS, *(ward.patients(SETTING["judged"], s) for s in (999, 998))

    def network(name, rate, seed, test):
        how = SETTING["networks"][name]
        made = watch(ward.patients(SETTING["patients"], seed), how["asked"], how["forget_bias"], rate, seed)
        return at_pattern(answers(made, test.x), test)

    for name in SETTING["networks"]:
        tuning, rates = TUNING_SEEDS, SETTING["rates"]
        tried = np.array([[network(name, rate, seed, further) for seed in tuning] for rate in rates])
        arrays[f"ward_tried_{name}"] = tried
        best = rates[int(np.argmax(tried.mean(axis=1)))]
        arrays[f"ward_{name}"] = np.array([network(name, best, seed, judged) for seed in seeds])
    rivals = []
    for width in (4 * ward.STEPS_AN_HOUR, ward.STEPS):
        sets = ward.patients(SETTING["patients"], TUNING_SEEDS[0])
        tried = [boosted_at_pattern(sets, further, width, each, 0) for each in SETTING["boosting"]]
        best = SETTING["boosting"][int(np.argmax(tried))]
        rivals.append(
            [boosted_at_pattern(ward.patients(SETTING["patients"], s), judged, width, best, s) for s in seeds]
        )
    return arrays | {"ward_rivals": np.array(rivals)}
