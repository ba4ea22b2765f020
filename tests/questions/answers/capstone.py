"""Other right ways of writing the answers of lesson 20."""

import numpy as np
import torch
from sklearn.neural_network import MLPClassifier

from lstm_course.results.capstone import fit_lstm
from lstm_course.tasks import capstone
from lstm_course.tasks.suspects import prepare

from .ways import talking

# --- 20-leak ----------------------------------------------------------------------------------------------------


def forbidden_by_replacing(number, table, stop):
    """The forbidden rows become large numbers, and the windows for the training are made once."""
    x, T = prepare(number, table, stop), len(table)
    found = []
    for row in range(4, T):
        first = row if row > stop else stop
        other = table * 1.0
        other[first:] = 1000 + np.arange(T - first)[:, None] ** 2
        found.append((prepare(number, other, stop)[row - 4] != x[row - 4]).any())
    return found


def forbidden_by_several_changes(number, table, stop):
    rng, x = np.random.default_rng(3), prepare(number, table, stop)
    found = np.zeros(len(x))
    for limit in range(stop, len(table)):
        belongs = np.maximum(np.arange(4, len(table)), stop) == limit
        for _ in range(2):
            changed = np.concatenate([table[:limit], rng.uniform(-9, 9, table[limit:].shape)])
            differs = np.abs(prepare(number, changed, stop) - x).max(axis=(1, 2)) > 0
            found[belongs] = np.maximum(found[belongs], differs[belongs])
    return found


LEAK = {
    "rows replaced": forbidden_by_replacing,
    "a limit at a time": forbidden_by_several_changes,
    "prints and warns": talking(forbidden_by_replacing),
}


# --- 20-network -------------------------------------------------------------------------------------------------


def scaled(data):
    there = (data["x"] != 0).any(axis=2)
    mean, spread = data["x"][there].mean(axis=0), data["x"][there].std(axis=0)
    return [(part - mean) / spread * (part != 0).any(axis=2, keepdims=True) for part in (data["x"], data["new_x"])]


def the_river(offers, seeds):
    """The change from the last value, in units of its usual size."""
    data = offers["river"]
    x, new_x = scaled(data)
    change = data["y"] - data["x"][:, -1, -1]
    scale = change.std()
    settings = dict(hidden=16, rate=0.01, updates=300, loss=torch.nn.functional.smooth_l1_loss)
    rows = [data["new_x"][:, -1, -1] + scale * fit_lstm(x, change / scale, seed, **settings)(new_x) for seed in seeds]
    return 1, rows


def the_co2(offers, seeds):
    data = offers["co2"]
    x, new_x = (data[name] - data[name][:, -1:] for name in ("x", "new_x"))
    size, change = np.diff(data["x"], axis=1).std(), data["y"] - data["x"][:, -1, 0]
    scale = change.std()
    rows = []
    for seed in seeds:
        predict = fit_lstm(x / (5 * size), change / scale, seed, 24, 0.01, 200, loss=torch.nn.functional.mse_loss)
        rows.append(data["new_x"][:, -1, 0] + scale * predict(new_x / (5 * size)))
    return 2, np.array(rows)


def the_vowels(offers, seeds):
    data = offers["vowels"]
    x, new_x = scaled(data)
    return 3, [fit_lstm(x, data["y"], seed, hidden=24, updates=200, classes=9)(new_x) for seed in seeds]


def the_names(offers, seeds):
    data = offers["names"]
    return 4, [fit_lstm(data["x"], data["y"], s, 48, 0.01, 400, classes=8)(data["new_x"]) for s in seeds]


def rain_without_recurrence(offers, seeds):
    """Several small feedforward networks on the last three days, averaged."""
    data = offers["rain"]
    x, new_x = (part[:, -3:].reshape(len(part), -1) for part in scaled(data))
    rows = []
    for seed in seeds:
        options = dict(hidden_layer_sizes=(4,), alpha=3.0, learning_rate_init=0.01, max_iter=25)
        fits = [MLPClassifier(random_state=10 * seed + k, **options).fit(x, data["y"]) for k in range(3)]
        rows.append(np.mean([fit.predict_proba(new_x)[:, 1] for fit in fits], axis=0))
    return 0, np.array(rows)


NETWORK = {
    "the river": the_river,
    "carbon dioxide": the_co2,
    "vowels": the_vowels,
    "names": the_names,
    "rain without recurrence": rain_without_recurrence,
}


# --- 20-claim ---------------------------------------------------------------------------------------------------


def claim_for(project_name, network, shuffle):
    """The last quarter is held back, or a quarter drawn by chance; the interval is that of a normal distribution."""

    def claim(offers, seeds):
        data, project = offers[project_name], capstone.PROJECTS[project_name]
        rows = np.random.default_rng(0).permutation(len(data["x"])) if shuffle else np.arange(len(data["x"]))
        begin = 3 * len(rows) // 4
        train, held = rows[:begin], rows[begin:]
        less = {project_name: {"x": data["x"][train], "y": data["y"][train], "new_x": data["x"][held]}}
        chosen, predicted = network(offers, seeds)
        _, tried = network(less, seeds)
        rival = capstone.simple(project_name, *less[project_name].values())
        errors = [project.errors(part, data["y"][held]) for part in (*tried, rival)]
        by_example = np.mean(errors[:-1], axis=0) - errors[-1]
        of_seeds = np.std([np.mean(each) for each in errors[:-1]], ddof=1) / np.sqrt(len(seeds))
        blocks = np.array([part.mean() for part in np.array_split(by_example, len(held) // 7)])
        half = 2 * np.hypot(blocks.std(ddof=1) / np.sqrt(len(blocks)), of_seeds)
        return chosen, predicted, [by_example.mean(), by_example.mean() - half, by_example.mean() + half]

    return claim


CLAIM = {
    "vowels, by a normal distribution": claim_for("vowels", the_vowels, shuffle=True),
    "the river, by a normal distribution": claim_for("river", the_river, shuffle=False),
}

ANSWERS = {
    "20-leak": LEAK,
    "20-network": NETWORK,
    "20-claim": CLAIM,
    "20-quiz-data": {"upper case": "A", "with its bracket": "a)"},
    "20-quiz-tuning": {"upper case": "B", "with spaces": "  b \n"},
    "20-quiz-controls": {"upper case": "A", "in bold": "(A)."},
    "20-quiz-evaluation": {"upper case": "B", "with its bracket": "b)"},
}
