"""Events in a pulse, patients, movements and payments: how well LSTMs and their rivals do on them.

Settings were chosen on held-out data, never on the judged data. The arrays have S = 10 seeds. A seed decides the
weights of a network, and also where the events are, and which patients, payments and movements there are to learn
from.

    pulse_auc      (M, 6, S)  area under the ROC curve, for `METHODS` and for the `vital_signs.EVENTS`
    pulse_found    (M, 6, S)  share of the events during which there is an alarm, with the threshold of `cheapest`
    pulse_delay    (M, 6, S)  the median seconds until the alarm, of those found; NaN where none is
    pulse_false    (M, S)     alarms on the judged stretch as it was recorded, without events
    pulse_tried_M  (C, W)     mean area on the held-out stretch, by candidate and width of the mean
    pulse_errors_lstm  (C, 3) mean prediction error there, without events, by candidate and tuning seed
    ward_NAME      (S,)       area under the ROC curve at the pattern, for the `WARD` networks
    ward_rivals    (2, S)     the same for boosting that sees the last four hours, and the whole past
    ward_tried_NAME (R, 3)    on further patients, for each learning rate, with three other seeds
    seen           (3, B, S)  share of right movements after so many samples, for `WATCHERS`
    movements_tried_lstm, movements_tried_summaries  (R, 3)  on half of the training recordings
    cards_ap       (K, 4, S)  average precision for both kinds of fraud and the `DETECTORS`
    cards_alarms, cards_lost  (K, 4, 2, S, 60)  with each of 60 thresholds, chosen on the held-out cards: payments that
                              are stopped, and euros lost with those that are not; on the held-out and the judged cards
    cards_frauds   (K, 2, S, 2)  the number of frauds there, and their sum in euros
    cards_tried_NAME  (K, R, 2)  average precision on the held-out cards
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .. import nets
from ..baselines import surprise, windows
from ..scratch import schedules
from ..tasks import cards, movements, vital_signs, ward

METHODS = ("limits", "linear", "discord", "lstm")
WATCHERS = ("lstm", "summaries", "nearest")
DETECTORS = ("one payment", "last six", "history", "lstm")
WARD = {
    "pattern_1": {"asked": "pattern", "forget_bias": 1.0},
    "pattern_3": {"asked": "pattern", "forget_bias": 3.0},
    "near_1": {"asked": "near", "forget_bias": 1.0},
    "late_1": {"asked": "late", "forget_bias": 1.0},
    "every_1": {"asked": "every", "forget_bias": 1.0},
}
SETTINGS = {
    "pulse": {
        "events": 12,
        "held_events": 8,
        "linear": [5, 10, 20, 50, 100, 200],
        "discord": [20, 35, 70, 100],
        "lstm": [[0.003, 300], [0.01, 300], [0.01, 900], [0.03, 900]],  # learning rate, updates
        "widths": [1, 5, 10, 20, 40],  # a wider mean would be slower still
        "hidden_size": 16,
        "length": 200,
        "batch": 32,
    },
    "costs": {"missed": 30.0, "false": 1.0, "events_an_hour": 6.0},  # minutes of somebody's time
    "ward": {
        "networks": WARD,
        "patients": 1000,
        "judged": 500,
        "hidden_size": 32,
        "epochs": 30,
        "batch": 32,
        "rates": [0.003, 0.01, 0.03],
        "boosting": [[0.05, 150], [0.1, 150], [0.1, 300]],
    },
    "movements": {
        "seen": [3, 5, 10, 15, 20, 30, 40, 60, 80, 100],
        "hidden_size": 32,
        "updates": 200,
        "rates": [0.003, 0.01, 0.03, 0.1],
        "strengths": [0.03, 0.3, 3.0],
    },
    "cards": {
        "cards": 2500,
        "held": 1000,
        "judged": 1500,
        "hidden_size": 32,
        "epochs": 12,
        "batch": 64,
        "weight": 5.0,  # of a fraud in the loss
        "rates": [0.003, 0.01],
        "boosting": [[0.1, 50], [0.1, 150]],
    },
    "seeds": list(range(10)),
    "tuning_seeds": [100, 101, 102],
}


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


# --- the pulse ----------------------------------------------------------------------------------------------------


def predictor(calm, rate, updates, seed, progress=False):
    """A network that has learned to predict how the calm pulse changes from each sample to the next."""
    setting, rng = SETTINGS["pulse"], np.random.default_rng(seed)
    network, length = seeded(lambda: Network(1, setting["hidden_size"], 1), seed), setting["length"]
    signal = torch.tensor(calm, dtype=torch.float32)
    starts = rng.integers(0, len(calm) - length - 1, (updates, setting["batch"]))
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
    tried, setting = np.asarray(arrays[f"pulse_tried_{method}"]), SETTINGS["pulse"]
    row, column = np.unravel_index(tried.argmax(), tried.shape)
    return setting.get(method, [None])[row], setting["widths"][column]


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
    cost, hours = SETTINGS["costs"], len(clean) / vital_signs.RATE / 3600
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
    candidates, tuning = SETTINGS["pulse"]["lstm"], SETTINGS["tuning_seeds"]
    return np.array([[errors(predictor(calm, *each, seed), held).mean() for seed in tuning] for each in candidates])


def pulse_arrays(seeds=None):
    setting, arrays = SETTINGS["pulse"], {}
    x = vital_signs.standardised(vital_signs.pulse())
    calm, held, judged = (x[part] for part in (vital_signs.CALM, vital_signs.HELD, vital_signs.JUDGED))
    arrays["pulse_errors_lstm"] = held_errors(calm, held)
    for method in METHODS:
        tried = []
        for choice in setting.get(method, [None]):
            areas = []
            for seed in SETTINGS["tuning_seeds"]:
                score = scorer(method, calm, choice, seed)
                series = disturbed(held, setting["held_events"], seed)
                raw = [score(each.x) for each in series]
                areas.append(
                    [
                        np.mean([area(surprise.smoothed(s, w), e) for s, e in zip(raw, series, strict=True)])
                        for w in setting["widths"]
                    ]
                )
            tried.append(np.mean(areas, axis=0))
        arrays[f"pulse_tried_{method}"] = np.array(tried)
    shape = len(METHODS), len(vital_signs.EVENTS), len(seeds or SETTINGS["seeds"])
    auc, found, delay, false = *(np.zeros(shape) for _ in range(3)), np.zeros((shape[0], shape[2]))
    for k, seed in enumerate(seeds or SETTINGS["seeds"]):
        series, held_series = disturbed(judged, setting["events"], seed), disturbed(held, setting["held_events"], seed)
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


# --- patients -----------------------------------------------------------------------------------------------------


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
    setting, weight = SETTINGS["ward"], torch.tensor(asked(made, when), dtype=torch.float32)
    x, y = torch.tensor(made.x), torch.tensor(made.at_risk[:, None] * np.ones(ward.STEPS), dtype=torch.float32)
    network = seeded(lambda: Network(x.shape[2], setting["hidden_size"], 1, forget_bias), seed)

    def loss(network, n):
        each = F.binary_cross_entropy_with_logits(network(x[n])[..., 0], y[n], weight[n], reduction="sum")
        return each / weight[n].sum()

    train(network, rows(len(x), setting["batch"], epochs or setting["epochs"], seed), loss, rate, seed, progress)
    return network


def at_pattern(scores, made):
    """The area under the ROC curve of scores (N, T) at the patterns."""
    from sklearn.metrics import roc_auc_score

    return roc_auc_score((made.at_risk[:, None] & made.pattern)[made.pattern], scores[made.pattern])


@torch.no_grad()
def answers(network, x):
    """The first logit at each step, (N, T)."""
    return network(torch.tensor(x))[..., 0].numpy()


def past(made, width):
    """The last `width` steps before each pattern's end, side by side, (E, width * 4), with zeros before the start."""
    n, t = np.nonzero(made.pattern)
    padded = np.concatenate([np.zeros((len(made.x), width, made.x.shape[2]), np.float32), made.x], axis=1)
    return np.stack([padded[a, b + 1 : b + 1 + width].ravel() for a, b in zip(n, t, strict=True)])


def boosted(x, y, setting, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier

    rate, rounds = setting
    options = {"max_leaf_nodes": 15, "l2_regularization": 1.0, "early_stopping": False, "random_state": seed}
    return HistGradientBoostingClassifier(learning_rate=rate, max_iter=rounds, **options).fit(x, y)


def boosted_at_pattern(train_set, test_set, width, setting, seed):
    n, t = np.nonzero(train_set.pattern)
    model = boosted(past(train_set, width), train_set.at_risk[n], setting, seed)
    scores = np.zeros(test_set.pattern.shape)
    scores[test_set.pattern] = model.decision_function(past(test_set, width))
    return at_pattern(scores, test_set)


def ward_arrays(seeds=None):
    setting, arrays = SETTINGS["ward"], {}
    seeds, judged, further = seeds or SETTINGS["seeds"], *(ward.patients(setting["judged"], s) for s in (999, 998))

    def network(name, rate, seed, test):
        how = setting["networks"][name]
        made = watch(ward.patients(setting["patients"], seed), how["asked"], how["forget_bias"], rate, seed)
        return at_pattern(answers(made, test.x), test)

    for name in setting["networks"]:
        tuning, rates = SETTINGS["tuning_seeds"], setting["rates"]
        tried = np.array([[network(name, rate, seed, further) for seed in tuning] for rate in rates])
        arrays[f"ward_tried_{name}"] = tried
        best = rates[int(np.argmax(tried.mean(axis=1)))]
        arrays[f"ward_{name}"] = np.array([network(name, best, seed, judged) for seed in seeds])
    rivals = []
    for width in (4 * ward.STEPS_AN_HOUR, ward.STEPS):
        sets = ward.patients(setting["patients"], SETTINGS["tuning_seeds"][0])
        tried = [boosted_at_pattern(sets, further, width, each, 0) for each in setting["boosting"]]
        best = setting["boosting"][int(np.argmax(tried))]
        rivals.append(
            [boosted_at_pattern(ward.patients(setting["patients"], s), judged, width, best, s) for s in seeds]
        )
    return arrays | {"ward_rivals": np.array(rivals)}


# --- movements ----------------------------------------------------------------------------------------------------


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
    setting, rng = SETTINGS["movements"], np.random.default_rng(seed)
    network = seeded(lambda: Network(x.shape[2], setting["hidden_size"], len(movements.KINDS)), seed)
    x, y = torch.tensor(x), torch.tensor(kinds)

    def loss(network, start):
        piece = x[:, start : start + 60]
        logits = network(piece * (1 + 0.1 * torch.randn(len(x), 1, x.shape[2])) + 0.2 * torch.randn_like(piece))
        return F.cross_entropy(logits.flatten(0, 1), y.repeat_interleave(piece.shape[1]))

    train(network, list(rng.integers(0, x.shape[1] - 60, setting["updates"])), loss, rate, seed, progress)
    return network


def named(method, x, kinds, new, setting, seed=0):
    """The movements (B, N) that a method names after each number of samples in "seen"."""
    from sklearn.linear_model import LogisticRegression

    seen = [k for k in SETTINGS["movements"]["seen"] if k <= new.shape[1]]
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


def movement_arrays(seeds=None):
    setting, arrays, chosen = SETTINGS["movements"], {}, {"nearest": None}
    x, kinds = movements.movements()

    def parts(seed):
        train_rows, other = halves(kinds, seed)
        scaled = (x - x[train_rows].mean(axis=(0, 1))) / x[train_rows].std(axis=(0, 1))
        return scaled, train_rows, other

    for method, options in (("lstm", setting["rates"]), ("summaries", setting["strengths"])):
        tried = np.zeros((len(options), len(SETTINGS["tuning_seeds"])))
        for k, seed in enumerate(SETTINGS["tuning_seeds"]):  # each training half is cut again, into 24 and 16
            scaled, train_rows, _ = parts(k)
            fit, check = (np.concatenate([train_rows[c : c + 10][cut] for c in range(0, 40, 10)]) for cut in CUTS)
            for o, option in enumerate(options):
                answer = named(method, scaled[fit], kinds[fit], scaled[check], option, seed)
                tried[o, k] = (answer == kinds[check]).mean()
        arrays[f"movements_tried_{method}"] = tried
        chosen[method] = options[int(np.argmax(tried.mean(axis=1)))]
    seen = np.zeros((len(WATCHERS), len(setting["seen"]), len(seeds or SETTINGS["seeds"])))
    for k, seed in enumerate(seeds or SETTINGS["seeds"]):
        scaled, fit, new = parts(seed)
        for w, method in enumerate(WATCHERS):
            answer = named(method, scaled[fit], kinds[fit], scaled[new], chosen[method], seed)
            seen[w, :, k] = (answer == kinds[new]).mean(axis=1)
    return arrays | {"seen": seen}


CUTS = (slice(None, 6), slice(6, None))


# --- payments -----------------------------------------------------------------------------------------------------


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
    options, mean, spread = SETTINGS["cards"], x.mean(axis=(0, 1)), x.std(axis=(0, 1)) + 1e-6
    network = seeded(lambda: Network(x.shape[2], options["hidden_size"], 1), seed)
    x, y, weight = torch.tensor((x - mean) / spread), torch.tensor(y).float(), torch.tensor(options["weight"])

    def loss(network, n):
        return F.binary_cross_entropy_with_logits(network(x[n])[..., 0], y[n], pos_weight=weight)

    train(network, rows(len(x), options["batch"], options["epochs"], seed), loss, setting, seed, progress)
    return lambda new: answers(network, (features(name, new) - mean) / spread)


def card_sets(kind, seed):
    """Cards to learn from, held out and judged."""
    setting = SETTINGS["cards"]
    return [cards.cards(setting[part], kind, 10 * seed + k) for k, part in enumerate(("cards", "held", "judged"))]


def card_arrays(seeds=None):
    from sklearn.metrics import average_precision_score

    def precision(score, made):
        return average_precision_score(made.fraud.ravel(), score.ravel())

    setting, tuning = SETTINGS["cards"], SETTINGS["tuning_seeds"][:2]
    seeds, shape = seeds or SETTINGS["seeds"], (len(cards.KINDS), len(DETECTORS))
    ap, frauds = np.zeros((*shape, len(seeds))), np.zeros((len(cards.KINDS), 2, len(seeds), 2))
    stopped, lost = (np.zeros((*shape, 2, len(seeds), 60)) for _ in range(2))
    arrays = {f"cards_tried_{name.replace(' ', '_')}": [] for name in DETECTORS}
    for c, kind in enumerate(cards.KINDS):
        for d, name in enumerate(DETECTORS):
            options = setting["rates" if name == "lstm" else "boosting"]
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


def make():
    """The stored arrays and the settings."""
    torch.set_num_threads(1)
    arrays = pulse_arrays() | ward_arrays() | movement_arrays() | card_arrays()
    return arrays | {"seeds": np.array(SETTINGS["seeds"])}, SETTINGS
