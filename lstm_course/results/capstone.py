"""The worked reports of lesson 20 on rain in Seattle, with their controls, and the five projects to choose from.

The first report compares an LSTM with simpler methods, each tuned on 2014, fitted once more to everything before 2015,
and judged on the 365 days of 2015 by the Brier score, the mean squared difference between the probability of rain and
what happened. The second one has a leak: it reads means of three days centred on each day, so that its last row
contains tomorrow. Its controls are the same network on means of the last three days, and logistic regression on both.

Arrays, with 365 judged days:

    rain_actual          (365,)           1 where it rained
    rain_lstm            (10, 365)        probabilities, by seed; likewise for `rain_{method}`
    rain_regression, rain_boosting, rain_usual  (365,)
    tried_lstm           (C, 3)           Brier score on 2014 of each of `grid("lstm")`, by seed
    tried_regression, tried_boosting      (C,)
    windows_lstm         (4, 10)          Brier score on 2015 by the days that may be read, and seed
    windows_regression   (4,)             the penalty chosen on 2014 for each
    planted_lstm         (10,)            share of days right on 2015 where a rule is planted (`planted`)
    planted_regression   ()
    leak_lstm            (3, 10)          share of days right on 2015 by preparation (`PREPARED`) and seed
    leak_regression      (3,)
    project_{name}       (12,)            error of the trivial answer, of `tasks.capstone.simple`, and of ten LSTMs
    seeds                (10,)
"""

import itertools

import numpy as np

from ..forecasting import circular_blocks
from ..tasks import capstone
from ..tasks.seattle_days import seattle_days

SETTINGS = {
    "lstm": {"window": [3, 7, 14], "hidden": [8, 16], "rate": [0.003, 0.01], "updates": [100, 200]},
    "regression": {"window": [1, 2, 3, 7, 14], "C": [0.003, 0.01, 0.03, 0.1, 0.3, 1.0]},
    "boosting": {"window": [1, 3, 7], "trees": [20, 40, 80], "depth": [2, 3]},
    "windows": [1, 3, 7, 14],
    "batch_size": 64,
    "forget_bias": 1.0,
    "leak": {"window": 7, "hidden": 16, "rate": 0.01, "updates": 300},
    "project": {"hidden": 24, "rate": 0.01, "updates": 300},
    "tuning_seeds": [0, 1, 2],
    "seeds": list(range(10)),
}
PREPARED = ("centred", "trailing", "as measured")  # means of three days, or none


def grid(method):
    """The settings that were tried for a method, as a list of dictionaries."""
    options = SETTINGS[method]
    return [dict(zip(options, values, strict=True)) for values in itertools.product(*options.values())]


class Rain:
    """The days of Seattle, with rain on a logarithmic scale.

    Attributes
    ----------
    table : (T, 10) array
    rained : (T,) array of 0 and 1
    choose, judge : int
        The first days of 2014 and of 2015.
    """

    def __init__(self):
        days = seattle_days()
        self.rained = (days.features[:, 2] > 0).astype(float)
        self.table = days.features.copy()
        self.table[:, 2] = np.log1p(self.table[:, 2])
        self.choose, self.judge = days.start_of(2014), days.start_of(2015)

    def parts(self, window, stop, end, table=None, target=None):
        """Windows that end the day before, standardised with the days before `stop`, and their targets.

        Returns
        -------
        x, y, new_x, new_y : arrays
            ``x`` (N, window, 10) belongs to the days before `stop`, ``new_x`` to those from `stop` to `end`.
        """
        table, target = self.table if table is None else table, self.rained if target is None else target
        scaled = (table - table[:stop].mean(axis=0)) / table[:stop].std(axis=0)
        known, new = np.arange(14, stop), np.arange(stop, end)  # the same days for every window
        x, new_x = (scaled[days[:, None] + np.arange(-window, 0)] for days in (known, new))
        return x, target[known], new_x, target[new]


def smoothed(table, back, ahead):
    """The mean of each day with the `back` days before it and the `ahead` days after it; fewer at the ends."""
    T = len(table)
    return np.array([table[max(0, t - back) : min(T, t + ahead + 1)].mean(axis=0) for t in range(T)])


def planted(rain):
    """A rule to be found, (T,): 1 if the wind was above its median on exactly one of the two days before, else 0."""
    windy = rain.table[:, 3] > np.median(rain.table[: rain.judge, 3])
    found = np.zeros(len(windy))
    found[2:] = windy[1:-1] != windy[:-2]
    return found


def fit_lstm(x, y, seed, hidden=8, rate=0.01, updates=200, classes=0, loss=None):
    """Train an LSTM on windows (N, T, D), with a one-cycle schedule.

    Parameters
    ----------
    x, y : arrays
    seed, hidden, rate, updates
    classes : int
        By default 0, for a target of 0 and 1.
    loss : callable, optional
        For other targets: takes outputs (N,) and targets, as tensors.

    Returns
    -------
    callable
        Maps new windows to the probabilities of a 1 (M,), the likeliest classes or, with `loss`, the outputs.
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        lstm = torch.nn.LSTM(x.shape[2], hidden, batch_first=True)
        head = torch.nn.Linear(hidden, classes or 1)
    with torch.no_grad():
        lstm.bias_hh_l0.zero_()
        lstm.bias_ih_l0[hidden : 2 * hidden] = SETTINGS["forget_bias"]
    parameters = [*lstm.parameters(), *head.parameters()]
    adam = torch.optim.Adam(parameters, rate)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, rate, total_steps=updates)
    inputs = torch.tensor(x, dtype=torch.float32)
    targets = torch.tensor(y, dtype=torch.long if classes else torch.float32)
    measure = loss or (cross_entropy if classes else binary_cross_entropy_with_logits)
    rng = np.random.default_rng(seed)

    def outputs(windows):
        out = head(lstm(windows)[0][:, -1])
        return out if classes else out[:, 0]

    for _ in range(updates):
        rows = rng.integers(0, len(x), SETTINGS["batch_size"])
        error = measure(outputs(inputs[rows]), targets[rows])
        adam.zero_grad()
        error.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        adam.step()
        cycle.step()

    def predict(new):
        with torch.no_grad():
            out = outputs(torch.tensor(new, dtype=torch.float32))
            out = out.argmax(dim=1) if classes else out if loss else torch.sigmoid(out)
        return out.numpy().astype(float)

    return predict


def fit_regression(x, y, C):
    """Logistic regression on windows: a function from new windows to probabilities."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C, max_iter=1000).fit(x.reshape(len(x), -1), y)
    return lambda new: model.predict_proba(new.reshape(len(new), -1))[:, 1]


def fit_boosting(x, y, trees, depth):
    """Gradient boosting on windows, likewise."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(max_iter=trees, max_depth=depth, random_state=0)
    model.fit(x.reshape(len(x), -1), y)
    return lambda new: model.predict_proba(new.reshape(len(new), -1))[:, 1]


FIT = {"lstm": fit_lstm, "regression": fit_regression, "boosting": fit_boosting}


def predicted(method, rain, setting, stop, end, seeds=(None,), **changed):
    """The probabilities (S, days) of a method that was fitted to all days before `stop`, for the days to `end`."""
    options = {key: value for key, value in setting.items() if key != "window"}
    x, y, new_x, _ = rain.parts(setting["window"], stop, end, **changed)
    return np.array([FIT[method](x, y, **options, **({} if seed is None else {"seed": seed}))(new_x) for seed in seeds])


def brier(probabilities, happened):
    """The mean squared difference along the last axis."""
    return np.square(probabilities - happened).mean(axis=-1)


def chosen(stored, method):
    """The setting with the smallest error on 2014, averaged over its seeds."""
    tried = stored[f"tried_{method}"]
    return grid(method)[int(np.argmin(tried.mean(axis=1) if tried.ndim == 2 else tried))]


def two_way_interval(differences, block=7, level=0.95, draws=2000, seed=0):
    """An interval for a mean difference that may vary with the training seed and with the days.

    Both seeds and blocks of neighbouring days are drawn again, with replacement.

    Parameters
    ----------
    differences : (S, days) array
        The error of the network from each seed minus that of its rival on the same day.
    block : int
        Days in a block.
    level, draws, seed

    Returns
    -------
    low, high : float
    """
    S, days = differences.shape
    rng = np.random.default_rng(seed)
    blocks = circular_blocks(days, block, draws, seed)
    seeds = rng.integers(S, size=(draws, S))
    weights = np.array([np.bincount(row, minlength=S) for row in seeds]) / S  # how often each seed was drawn
    means = np.array([(w @ differences)[row].mean() for w, row in zip(weights, blocks, strict=True)])
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def project_error(name, seed, examples=None):
    """The error of an LSTM on one of the five projects of `tasks.capstone`, with the same settings for all."""
    from torch.nn.functional import smooth_l1_loss

    project, examples = capstone.PROJECTS[name], examples or capstone.draw(name)
    x, y, new_x, new_y = examples
    base = new_base = 0.0
    options = dict(SETTINGS["project"], seed=seed)
    if project.score == "absolute":  # the change from the last value, in units of its usual size
        base, new_base = x[:, -1, -1].astype(float), new_x[:, -1, -1].astype(float)
        options["loss"] = smooth_l1_loss
    elif project.score == "wrong":
        options["classes"] = int(y.max()) + 1
    if name == "co2":
        x, new_x = x - x[:, -1:], new_x - new_x[:, -1:]
    mean, spread = x[(x != 0).any(axis=2)].mean(axis=0), x[(x != 0).any(axis=2)].std(axis=0)
    if name == "names":
        mean, spread = 0.0, 1.0
    x, new_x = ((part - mean) / spread * (part != 0).any(axis=2, keepdims=True) for part in (x, new_x))
    scale = (y - base).std() if project.score == "absolute" else 1.0
    guess = new_base + scale * fit_lstm(x, (y - base) / scale, **options)(new_x)
    return project.errors(guess, new_y).mean()


def trivial_error(name):
    """The error of one answer for all, or of the last value where a quantity is asked."""
    project, examples = capstone.PROJECTS[name], capstone.draw(name)
    if project.score == "absolute":
        guess = examples.new_x[:, -1, -1]
    elif project.score == "wrong":
        guess = np.full(len(examples.new_y), np.bincount(examples.y.astype(int)).argmax())
    else:
        guess = np.full(len(examples.new_y), examples.y.mean())
    return project.errors(guess, examples.new_y).mean()


def make():
    """All runs, as described in `lstm_course.results`; takes about five minutes of one processor."""
    import torch

    torch.set_num_threads(1)
    rain, seeds = Rain(), SETTINGS["seeds"]
    choose, judge, end = rain.choose, rain.judge, len(rain.rained)
    happened = rain.rained[choose:judge]
    arrays = {"seeds": np.array(seeds), "rain_actual": rain.rained[judge:]}
    arrays["rain_usual"] = np.full(end - judge, rain.rained[:judge].mean())
    for method in FIT:
        several = SETTINGS["tuning_seeds"] if method == "lstm" else (None,)
        tried = [brier(predicted(method, rain, setting, choose, judge, several), happened) for setting in grid(method)]
        arrays[f"tried_{method}"] = np.array(tried) if method == "lstm" else np.array(tried)[:, 0]
        again = seeds if method == "lstm" else (None,)
        found = predicted(method, rain, chosen(arrays, method), judge, end, again)
        arrays[f"rain_{method}"] = found if method == "lstm" else found[0]
    arrays |= _windows(rain, arrays) | _controls(rain, arrays)
    for name in capstone.PROJECTS:
        examples, project = capstone.draw(name), capstone.PROJECTS[name]
        rival = project.errors(capstone.simple(name, *examples[:3]), examples.new_y).mean()
        lstms = [project_error(name, seed) for seed in seeds]
        arrays[f"project_{name}"] = np.array([trivial_error(name), rival, *lstms])
    return arrays, SETTINGS


def _windows(rain, arrays):
    """How many days help? Each method with its other settings as chosen, or chosen again on 2014."""
    seeds, judge, end = SETTINGS["seeds"], rain.judge, len(rain.rained)
    lstm, regression = [], []
    for window in SETTINGS["windows"]:
        found = predicted("lstm", rain, chosen(arrays, "lstm") | {"window": window}, judge, end, seeds)
        lstm.append(brier(found, arrays["rain_actual"]))
        regression.append(brier(_best_regression(rain, window)[0], arrays["rain_actual"]))
    return {"windows_lstm": np.array(lstm), "windows_regression": np.array(regression)}


def _best_regression(rain, window, **changed):
    """The probabilities (1, 365) of a logistic regression whose penalty was chosen on 2014."""
    happened = changed.get("target", rain.rained)[rain.choose : rain.judge]
    settings = [{"window": window, "C": C} for C in SETTINGS["regression"]["C"]]
    tried = [
        brier(predicted("regression", rain, setting, rain.choose, rain.judge, **changed)[0], happened)
        for setting in settings
    ]
    return predicted("regression", rain, settings[int(np.argmin(tried))], rain.judge, len(rain.rained), **changed)


def _controls(rain, arrays):
    """The planted rule, and the three preparations of the second report."""
    seeds, judge, end = SETTINGS["seeds"], rain.judge, len(rain.rained)
    rule, setting = planted(rain), chosen(arrays, "lstm")

    def right(probabilities, target):
        return ((probabilities > 0.5) == target[judge:]).mean(axis=-1)

    found = {"planted_lstm": right(predicted("lstm", rain, setting, judge, end, seeds, target=rule), rule)}
    found["planted_regression"] = right(_best_regression(rain, setting["window"], target=rule)[0], rule)
    tables = [smoothed(rain.table, 1, 1), smoothed(rain.table, 2, 0), rain.table]
    found["leak_lstm"] = np.array(
        [
            right(predicted("lstm", rain, SETTINGS["leak"], judge, end, seeds, table=table), rain.rained)
            for table in tables
        ]
    )
    found["leak_regression"] = np.array(
        [right(_best_regression(rain, SETTINGS["leak"]["window"], table=table)[0], rain.rained) for table in tables]
    )
    return found
