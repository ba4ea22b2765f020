"""Events in a recorded pulse: four detectors, tuned on a held-out stretch; see `anomalies`."""

import numpy as np
import torch
from torch.nn import functional as F

from ..baselines import surprise
from ..tasks import vital_signs
from .anomaly_networks import SEEDS, TUNING_SEEDS, Network, seeded, train

METHODS = ("limits", "linear", "discord", "lstm")
SETTING = {
    "events": 12,
    "held_events": 8,
    "linear": [5, 10, 20, 50, 100, 200],
    "discord": [20, 35, 70, 100],
    "lstm": [[0.003, 300], [0.01, 300], [0.01, 900], [0.03, 900]],  # learning rate, updates
    "widths": [1, 5, 10, 20, 40],  # a wider mean would be slower still
    "hidden_size": 16,
    "length": 200,
    "batch": 32,
}
COSTS = {"missed": 30.0, "false": 1.0, "events_an_hour": 6.0}  # minutes of somebody's time


def predictor(calm, rate, updates, seed, progress=False):
    """A network that has learned to predict how the calm pulse changes from each sample to the next."""
    rng = np.random.default_rng(seed)
    network, length = seeded(lambda: Network(1, SETTING["hidden_size"], 1), seed), SETTING["length"]
    signal = torch.tensor(calm, dtype=torch.float32)
    starts = rng.integers(0, len(calm) - length - 1, (updates, SETTING["batch"]))
    batches = [torch.stack([signal[a : a + length + 1] for a in each])[..., None] for each in starts]

    def loss(network, x):
        return F.mse_loss((x[:, :-1] + network(x[:, :-1]))[:, 20:], x[:, 21:])

    train(network, batches, loss, rate, seed, progress)
    return network


@torch.no_grad()
def errors(network, x):
    """The absolute errors (T,) of the predictions for a signal; the first is 0."""
    x = torch.tensor(x, dtype=torch.float32)[None, :, None]
    return np.append(0, (x[:, :-1] + network(x[:, :-1]) - x[:, 1:]).abs()[0, :, 0].numpy())


def scorer(method, calm, choice, seed):
    """A function that gives a score to each sample of a signal."""
    if method == "limits":
        return surprise.beyond_limits(calm)
    if method == "linear":
        return surprise.linear_error(calm, choice)
    if method == "discord":
        return surprise.discord(calm, choice)
    network = predictor(calm, *choice, seed)
    return lambda x: errors(network, x)


def chosen(method, arrays):
    """The setting of a method and the width of its mean that were best on the held-out stretch."""
    tried = np.asarray(arrays[f"pulse_tried_{method}"])
    row, column = np.unravel_index(tried.argmax(), tried.shape)
    return SETTING.get(method, [None])[row], SETTING["widths"][column]


def smoothed(method, calm, choice, width, seed):
    """A `scorer` whose scores are means over the last `width` samples."""
    score = scorer(method, calm, choice, seed)
    return lambda x: surprise.smoothed(score(x), width)


def disturbed(x, count, seed):
    """The signal with each kind of event."""
    return [vital_signs.disturb(x, kind, count, seed) for kind in vital_signs.EVENTS]


def area(score, each):
    """The area under the ROC curve over the samples that are judged."""
    from sklearn.metrics import roc_auc_score

    return roc_auc_score(each.event[each.judged], score[each.judged])


def delays(score, threshold, each):
    """Samples until the alarm, (E,), NaN where there is none."""
    return vital_signs.outcome(vital_signs.alarms(score, threshold), each)[0]


def cheapest(clean, scores, series):
    """The threshold with the lowest expected cost an hour on held-out data.

    Parameters
    ----------
    clean : (T,) array
        The score without events, on which false alarms are counted.
    scores, series : lists of (T,) array and of `vital_signs.Disturbed`

    Returns
    -------
    threshold : float
    thresholds, costs : (70,) array
        All that were tried.
    """
    cost, hours = COSTS, len(clean) / vital_signs.RATE / 3600
    top, costs = clean.max(), []
    tried = np.append(np.quantile(clean, 1 - np.geomspace(1e-4, 0.2, 60)), top + abs(top) * np.geomspace(0.1, 3, 10))
    tried[0] = top
    for threshold in tried:
        false = len(vital_signs.alarms(clean, threshold)) / hours
        missed = np.isnan(np.concatenate([delays(s, threshold, each) for s, each in zip(scores, series, strict=True)]))
        costs.append(cost["false"] * false + cost["missed"] * cost["events_an_hour"] * missed.mean())
    return tried[int(np.argmin(costs))], tried, np.array(costs)


def held_errors(calm, held):
    """The mean prediction error on the held-out stretch, (C, 3), of each candidate with each tuning seed."""
    candidates, tuning = SETTING["lstm"], TUNING_SEEDS
    return np.array([[errors(predictor(calm, *each, seed), held).mean() for seed in tuning] for each in candidates])


def run(seeds=None):
    arrays = {}
    x = vital_signs.standardised(vital_signs.pulse())
    calm, held, judged = (x[part] for part in (vital_signs.CALM, vital_signs.HELD, vital_signs.JUDGED))
    arrays["pulse_errors_lstm"] = held_errors(calm, held)
    for method in METHODS:
        tried = []
        for choice in SETTING.get(method, [None]):
            areas = []
            for seed in TUNING_SEEDS:
                score = scorer(method, calm, choice, seed)
                series = disturbed(held, SETTING["held_events"], seed)
                raw = [score(each.x) for each in series]
                areas.append(
                    [
                        np.mean([area(surprise.smoothed(s, w), e) for s, e in zip(raw, series, strict=True)])
                        for w in SETTING["widths"]
                    ]
                )
            tried.append(np.mean(areas, axis=0))
        arrays[f"pulse_tried_{method}"] = np.array(tried)
    shape = len(METHODS), len(vital_signs.EVENTS), len(seeds or SEEDS)
    auc, found, delay, false = *(np.zeros(shape) for _ in range(3)), np.zeros((shape[0], shape[2]))
    for k, seed in enumerate(seeds or SEEDS):
        series, held_series = disturbed(judged, SETTING["events"], seed), disturbed(held, SETTING["held_events"], seed)
        for m, method in enumerate(METHODS):
            smooth = smoothed(method, calm, *chosen(method, arrays), seed)
            threshold = cheapest(smooth(held), [smooth(each.x) for each in held_series], held_series)[0]
            false[m, k] = len(vital_signs.alarms(smooth(judged), threshold))
            for e, each in enumerate(series):
                scores = smooth(each.x)
                auc[m, e, k] = area(scores, each)
                waited = delays(scores, threshold, each)
                found[m, e, k] = np.isfinite(waited).mean()
                delay[m, e, k] = np.nanmedian(waited) / vital_signs.RATE if found[m, e, k] else np.nan
    return arrays | {"pulse_auc": auc, "pulse_found": found, "pulse_delay": delay, "pulse_false": false}
