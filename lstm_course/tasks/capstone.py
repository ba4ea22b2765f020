"""Five small projects on real data for lesson 20, each with a simple method that has been tuned.

A project is a question with a score. `draw` divides its data into examples to learn from and examples to be judged on.
Nothing is scaled: learners do that themselves, with what is known. The data come from other tasks, which `PROJECTS`
names. `simple` is the method to compare with; its settings were chosen on the training part.
"""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from . import catchment, common, seattle_days, series, vowels, world_names

SHARE, MOST_JUDGED = 0.75, 200  # of a record in order of time: what is learned from; examples judged in a fresh draw
NAMES_USED = 1500  # of the names, so that a network learns them in seconds


class Examples(NamedTuple):
    """Examples of a project: some to learn from, and some to be judged on.

    Attributes
    ----------
    x : (N, T, D) float32 array
        In the units of the record. Where sequences have different lengths, the short ones begin with zeros.
    y : (N,) array
        0 or 1, a class number, or a quantity, as the project's `score` says.
    new_x : (M, T, D) float32 array
    new_y : (M,) array
    """

    x: np.ndarray
    y: np.ndarray
    new_x: np.ndarray
    new_y: np.ndarray


@dataclass(frozen=True)
class Project:
    """A question on real data.

    Attributes
    ----------
    question, inputs, data, rival : str
        The question; the contents of a step of `x`; the source of the data; and the method that `simple` uses.
    score : {"brier", "wrong", "absolute"}
        The mean squared difference between a probability and what happened; the share of wrong classes; or the mean
        absolute error. Small is good.
    slack : float
        How far above the error of `simple` a network may stay and still count as comparable, as a share of that error.
    horizon : int
        How many steps after the last one read the answer lies; 0 if the examples have no order in time.
    """

    question: str
    inputs: str
    data: str
    rival: str
    score: str
    slack: float
    horizon: int = 0

    def errors(self, predicted, actual):
        """The error of each prediction; its mean is the score."""
        predicted, actual = np.asarray(predicted, float), np.asarray(actual, float)
        if self.score == "wrong":
            return (predicted != actual).astype(float)
        return np.abs(predicted - actual) ** (2 if self.score == "brier" else 1)


PROJECTS = {
    "rain": Project(
        "Will it rain in Seattle tomorrow?",
        "ten numbers for each of 7 days: highest and lowest temperature, rain, wind, four kinds of weather, season",
        "vega_datasets: each day from 2012 to 2015",
        "logistic regression on the last three days",
        "brier",
        0.12,
        1,
    ),
    "river": Project(
        "How much water will the Fulda carry tomorrow? (as a logarithm)",
        "rain in mm, temperature in °C and the logarithm of the flow on each of 14 days",
        "spotpy: each day from 1979 to 1988",
        "ridge regression on the fourteen days, for the change",
        "absolute",
        0.1,
        1,
    ),
    "co2": Project(
        "How much carbon dioxide will there be in a year, in ppm?",
        "one number for each of 36 months",
        "statsmodels: the months from 1958 to 2001",
        "ridge regression on the window, for the change",
        "absolute",
        0.15,
        12,
    ),
    "vowels": Project(
        "Which of nine men is speaking?",
        "twelve numbers for each of up to 29 slices of sound",
        "sktime: 640 recordings",
        "logistic regression on the mean and the spread of each number",
        "wrong",
        2.0,
    ),
    "names": Project(
        "Which of eight languages does a name come from?",
        "one of 30 letters and signs, as zeros and a one, at each of up to 24 places",
        "Babel: 2,000 of its names of countries and languages",
        "logistic regression on counts of letters and of pairs",
        "wrong",
        0.5,
    ),
}


def draw(name, seed=None):
    """The examples of a project.

    Parameters
    ----------
    name : str
        One of `PROJECTS`.
    seed : int or numpy.random.Generator, optional
        Draws a different part to be judged and, for records ordered in time, different units: each column is multiplied
        by a number from 0.5 to 2, so that a model has to be trained on the data it is given. By default, the end of
        the record is judged, or the part that its makers held out, in the usual units.

    Returns
    -------
    Examples
        Every answer for training is known before the first judged one is asked for.

    Raises
    ------
    ValueError
        If there is no such project.
    ModuleNotFoundError
        If the package that carries the data is not installed.

    Examples
    --------
    >>> found = draw("rain")
    >>> found.x.shape, found.new_x.shape
    ((1090, 7, 10), (364, 7, 10))
    """
    project = _project(name)
    rng = None if seed is None else common.generator(seed)
    if not project.horizon:
        x, y, new_x, new_y = _divided(name)
        if rng is not None:
            rows = rng.permutation(len(new_x))[:MOST_JUDGED]
            new_x, new_y = new_x[rows], new_y[rows]
        return Examples(x.copy(), y.copy(), new_x.copy(), new_y.copy())
    x, y = _in_order(name)
    begin, end = int(SHARE * len(x)), len(x)
    factors = np.ones(x.shape[2], np.float32)
    if rng is not None:
        judged = min(MOST_JUDGED, len(x) // 4)
        begin = int(rng.integers(int(0.6 * len(x)), len(x) - judged + 1))
        end, factors = begin + judged, np.exp2(rng.uniform(-1, 1, x.shape[2])).astype(np.float32)
    x = x[:end] * factors
    y = y[:end] * (1.0 if project.score == "brier" else float(factors[-1]))
    known = begin - project.horizon + 1  # a later one's answer is not known yet when the first judged one is asked
    return Examples(x[:known], y[:known], x[begin:], y[begin:])


# What was tried for the simple methods on the last quarter of the training examples, and what had the smallest error.
TRIED = {
    "rain": {"steps": [1, 2, 3, 7], "strength": [0.01, 0.1, 1.0]},
    "river": {"steps": [1, 3, 7, 14], "strength": [0.001, 0.01, 0.1, 1.0]},
    "co2": {"steps": [12, 24, 36], "strength": [0.1, 1.0, 10.0, 100.0]},
    "vowels": {"steps": [29], "strength": [0.1, 1.0, 10.0]},
    "names": {"steps": [24], "strength": [0.1, 0.3, 1.0, 3.0]},
}
CHOSEN = {"rain": (3, 0.1), "river": (14, 0.01), "co2": (36, 1.0), "vowels": (29, 0.1), "names": (24, 1.0)}


def simple(name, x, y, new_x, setting=None):
    """What a project's simple method predicts for new sequences.

    Parameters
    ----------
    name : str
    x, y, new_x : arrays
        As in `Examples`.
    setting : (int, float), optional
        How many steps it reads, and the inverse of its penalty; by default those of `CHOSEN`.

    Returns
    -------
    (M,) array
        Probabilities, class numbers or quantities.
    """
    from sklearn.linear_model import LogisticRegression, Ridge  # slow to load

    project = _project(name)
    steps, strength = setting or CHOSEN[name]
    parts = [part[:, -steps:] for part in (x, new_x)]
    if project.score == "absolute":  # the change from the last value, from windows relative to it
        scale = x[:, :, -1].std()
        rows = [_flat(np.dstack([part[:, :, :-1], part[:, :, -1:] - part[:, -1:, -1:]])) for part in parts]
        rows, new = _standardised(*rows)
        model = Ridge(alpha=1 / strength).fit(rows, (y - x[:, -1, -1]) / scale)
        return new_x[:, -1, -1] + scale * model.predict(new)
    if name == "names":
        rows, new = (_letters(part) for part in parts)
    else:
        rows, new = _standardised(*(_flat(part) if name == "rain" else _summaries(part) for part in parts))
    model = LogisticRegression(C=strength, max_iter=1000).fit(rows, y)
    return model.predict_proba(new)[:, 1] if name == "rain" else model.predict(new)


def _project(name):
    if name not in PROJECTS:
        raise ValueError(f"name: wanted one of {', '.join(PROJECTS)}, got {name!r}")
    return PROJECTS[name]


@functools.lru_cache
def _in_order(name):
    """All windows of a record (N, T, D), and the answers (N,)."""
    if name == "rain":
        days = seattle_days.seattle_days()
        return _windows(days.features, (days.features[:, 2] > 0).astype(float), 7, 1)
    if name == "river":
        river = catchment.fulda()
        flow = np.log(river.flow)
        return _windows(np.column_stack([river.rain, river.temperature, flow]), flow, 14, 1)
    months = series.co2().filled().values
    return _windows(months[:, None], months, 36, 12)


def _windows(table, target, window, horizon):
    rows = np.lib.stride_tricks.sliding_window_view(table, window, axis=0)[: len(table) - window - horizon + 1]
    return rows.transpose(0, 2, 1).astype(np.float32), target[window + horizon - 1 :].astype(float)


@functools.lru_cache
def _divided(name):
    """Sequences in no order: the training part and the part that was held out."""
    if name == "vowels":
        parts = [(part.frames, part.speakers) for part in vowels.speech(scaled=False)]
        arrays = [(_padded(frames, 29), classes) for frames, classes in parts]
    else:
        first, _, last = world_names.load()
        rows = [np.random.default_rng(0).permutation(len(part.words))[:NAMES_USED] for part in (first, last)]
        arrays = [
            (_padded([np.eye(30)[world_names.encode([part.words[k]])[0][0]] for k in chosen], 24), part.classes[chosen])
            for part, chosen in zip((first, last), rows, strict=True)
        ]
    (x, y), (new_x, new_y) = arrays
    return x, y.astype(float), new_x, new_y.astype(float)


def _padded(sequences, length):
    """(N, length, D): zeros, then the sequence."""
    x = np.zeros((len(sequences), length, sequences[0].shape[1]), np.float32)
    for row, sequence in zip(x, sequences, strict=True):
        row[length - len(sequence) :] = sequence
    return x


def _flat(x):
    return x.reshape(len(x), -1)


def _standardised(rows, new):
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    return (rows - mean) / spread, (new - mean) / spread


def _summaries(x):
    """The mean and the standard deviation of each feature over the steps that are not padding."""
    there = (x != 0).any(axis=2, keepdims=True)
    count = there.sum(axis=1)
    mean = x.sum(axis=1) / count
    spread = np.sqrt((there * (x - mean[:, None]) ** 2).sum(axis=1) / count)
    return np.hstack([mean, spread])


def _letters(x):
    """How often each letter occurs, and each pair of neighbours."""
    pairs = np.einsum("ntd,nte->nde", x[:, :-1], x[:, 1:])
    return np.hstack([x.sum(axis=1), _flat(pairs)])
