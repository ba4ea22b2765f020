"""What the models of lesson 09 reach over ten seeds, beside what simple methods reach.

Weather: an LSTM of 64 units reads ten numbers a day for two weeks and predicts tomorrow's highest temperature in
Seattle. It is trained on 2012-13, the number of updates and the learning rate are chosen on 2014, and 2015 is judged;
so are the window and the penalty of a ridge regression.

Words: an embedding, an LSTM of 64 units and a linear layer tell the language of a name (`tasks.world_names`). Dropout
and the number of updates are chosen on validation words, as are the penalty and the length of the letter groups that a
logistic regression counts. The same network is also trained with one of three faults.

Starts: how many of ten LSTMs learn to recall the first of twenty symbols, as PyTorch and as Keras starts them, and with
the forget biases exchanged.

Arrays:

    weather_errors    (10, days)    errors in °C on each day of 2015, by seed
    weather_ridge     (days,)       the same for ridge regression
    weather_window    ()            its window in days
    weather_today     (days,)       and for "as warm as today"
    weather_lengths   (10, 4)       mean absolute error with 3, 7, 14 and 28 days to read
    weather_tried     (2, 5, 10)    error on 2014 by learning rate, number of updates and seed
    words_tried       (2, 3, 10)    share right on the validation words by dropout, number of updates and seed
    words_right       (10, words)   whether each held-out word was right, by seed
    words_votes       ()            share right when the ten networks' probabilities are averaged
    words_letters     (words,)      whether it was right by counts of letters
    words_groups      (words,)      and by counts of groups of letters
    words_groups_longest ()         how long the groups are
    swapped, softmax, column  (10,) share right of the networks with a fault, by seed
    starts            (4, 10)       best share of strings right, by kind of start and seed
    seeds             (10,)
"""

import os

import numpy as np
import torch

from ..convert import to_torch
from ..tasks import recall, world_names
from ..tasks.seattle_days import seattle_days
from . import memory_horizon

SETTINGS = {
    "units": 64,
    "batch_size": 64,
    "max_norm": 1.0,
    "days": 14,
    "lengths": [3, 7, 14, 28],
    "weather_rates": [0.002, 0.005],
    "weather_updates": [50, 100, 150, 200, 300],
    "windows": [1, 2, 3, 5, 7, 14],
    "penalties": [0.1, 1.0, 10.0, 100.0, 1000.0],
    "embedding": 16,
    "words_rate": 0.005,
    "dropouts": [0.0, 0.3],
    "words_updates": [150, 300, 450],  # three times as many gained nothing on the validation words, over five seeds
    "groups": [1, 2, 3, 4],
    "inverse_penalties": [0.1, 0.3, 1.0, 3.0, 10.0],
    "starts": ["torch", "keras", "torch_one", "keras_zero"],
    "recall": {"length": 20, "learning_rate": 0.003, "updates": 600},
    "seeds": list(range(10)),
}


# --- weather ----------------------------------------------------------------------------------------------------


class Weather:
    """The days of Seattle in three parts, standardised with the mean and deviation of the first.

    Attributes
    ----------
    features : (T, 10) array
    warmest : (T,) array
        Highest temperatures in °C.
    parts : dict of str to array
        For ``"train"``, ``"choose"`` and ``"judge"``, the days whose next day is to be predicted.
    """

    def __init__(self):
        days = seattle_days()
        first = np.arange(len(days.dates)) < days.start_of(2014)
        self.mean, self.scale = days.features[first].mean(axis=0), days.features[first].std(axis=0)
        self.features = (days.features - self.mean) / self.scale
        self.warmest = days.warmest
        self.centre, self.spread = days.warmest[first].mean(), days.warmest[first].std()
        self.names = days.names
        longest, ends = max(SETTINGS["lengths"]), [days.start_of(year) - 1 for year in (2014, 2015)]
        edges = [longest - 1, *ends, len(days.dates) - 1]
        self.parts = {name: np.arange(edges[k], edges[k + 1]) for k, name in enumerate(("train", "choose", "judge"))}

    def windows(self, part, length):
        """Inputs (N, length, 10), which end today, and tomorrow's highest temperatures (N,), standardised."""
        today = self.parts[part]
        x = self.features[today[:, None] + np.arange(1 - length, 1)]
        return x.astype(np.float32), ((self.warmest[today + 1] - self.centre) / self.spread).astype(np.float32)

    def degrees(self, part, predicted):
        """Errors in °C of standardised predictions (N,)."""
        return self.warmest[self.parts[part] + 1] - (np.asarray(predicted) * self.spread + self.centre)


class Regressor(torch.nn.Module):
    """An LSTM of 64 units, and a linear layer on its last step."""

    def __init__(self, features=10, units=64):
        super().__init__()
        self.lstm = torch.nn.LSTM(features, units, batch_first=True)
        self.output = torch.nn.Linear(units, 1)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.output(y[:, -1])[:, 0]


def fit_weather(weather, seed, learning_rate, updates, at=()):
    """Train a `Regressor` on 2012-13; returns it, and its mean absolute error on 2014 after each number in `at`."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = Regressor(units=SETTINGS["units"])
    x, y = map(torch.tensor, weather.windows("train", SETTINGS["days"]))
    adam, rng, errors = torch.optim.Adam(model.parameters(), learning_rate), np.random.default_rng(seed), []
    for update in range(1, updates + 1):
        rows = torch.tensor(rng.integers(0, len(x), SETTINGS["batch_size"]))
        loss = torch.nn.functional.mse_loss(model(x[rows]), y[rows])
        _step(model, adam, loss)
        if update in at:
            errors.append(np.abs(weather_errors(weather, model, "choose")).mean())
    return model, errors


def weather_errors(weather, model, part, length=None):
    """Errors (N,) in °C."""
    with torch.no_grad():
        x = torch.tensor(weather.windows(part, length or SETTINGS["days"])[0])
        return weather.degrees(part, model(x).numpy())


def ridge_errors(weather):
    """Errors (N,) on 2015 of a ridge regression on the last days, and its window, both chosen on 2014."""
    from sklearn.linear_model import Ridge

    best = None
    for window in SETTINGS["windows"]:
        (x, y), (new_x, _), (judged_x, _) = (weather.windows(part, window) for part in weather.parts)
        for penalty in SETTINGS["penalties"]:
            ridge = Ridge(alpha=penalty).fit(x.reshape(len(x), -1), y)
            error = np.abs(weather.degrees("choose", ridge.predict(new_x.reshape(len(new_x), -1)))).mean()
            if best is None or error < best[0]:
                predicted = ridge.predict(judged_x.reshape(len(judged_x), -1))
                best = error, weather.degrees("judge", predicted), window
    return best[1:]


def _step(model, adam, loss):
    adam.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), SETTINGS["max_norm"])
    adam.step()


# --- words ------------------------------------------------------------------------------------------------------


class Guesser(torch.nn.Module):
    """Logits (N, 8) of the languages of some words, from the state after the last letter."""

    def __init__(self, dropout=0.0):
        super().__init__()
        self.embed = torch.nn.Embedding(len(world_names.SYMBOLS), SETTINGS["embedding"], padding_idx=0)
        self.lstm = torch.nn.LSTM(SETTINGS["embedding"], SETTINGS["units"], batch_first=True)
        self.dropout = torch.nn.Dropout(dropout)
        self.output = torch.nn.Linear(SETTINGS["units"], len(world_names.CLASSES))

    def forward(self, ids, lengths):
        y, _ = self.lstm(self.embed(ids))
        last = y[torch.arange(len(ids)), lengths - 1]
        return self.output(self.dropout(last))


class Swapped(Guesser):
    """A fault: the LSTM takes the words for time steps."""

    def __init__(self, dropout=0.0):
        super().__init__(dropout)
        self.lstm.batch_first = False


class Softmaxed(Guesser):
    """A fault: probabilities go to a loss that expects logits."""

    def forward(self, ids, lengths):
        return super().forward(ids, lengths).softmax(dim=1)


class LastColumn(Guesser):
    """A fault: the last column is read, which is padding for all but the longest words."""

    def forward(self, ids, lengths):
        y, _ = self.lstm(self.embed(ids))
        return self.output(self.dropout(y[:, -1]))


FAULTS = {"swapped": Swapped, "softmax": Softmaxed, "column": LastColumn}


def tensors(part):
    """Of some `Words`: ids (N, 24), lengths (N,) and classes (N,) as tensors."""
    ids, lengths = world_names.encode(part.words, world_names.LONGEST)
    return torch.tensor(ids), torch.tensor(lengths), torch.tensor(part.classes)


def fit_words(train, kind, seed, dropout, updates, at=(), validation=None):
    """Train a model of class `kind` on `train`, from `tensors`.

    Returns
    -------
    model
        In evaluation mode.
    shares : list of float
        The share right of `validation` after each number of updates in `at`.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = kind(dropout)
        adam, rng, shares = (
            torch.optim.Adam(model.parameters(), SETTINGS["words_rate"]),
            np.random.default_rng(seed),
            [],
        )
        for update in range(1, updates + 1):
            model.train()
            rows = torch.tensor(rng.integers(0, len(train[0]), SETTINGS["batch_size"]))
            ids, lengths, classes = (each[rows] for each in train)
            _step(model, adam, torch.nn.functional.cross_entropy(model(ids, lengths), classes))
            if update in at:
                shares.append(right(model, validation).mean())
    return model.eval(), shares


def probabilities(model, ids, lengths):
    """(N, 8) array, in evaluation mode."""
    model.eval()
    with torch.no_grad():
        return model(ids, lengths).softmax(dim=1).numpy()


def right(model, part):
    """(N,) array: whether each word of `part`, from `tensors`, is given its language."""
    return probabilities(model, *part[:2]).argmax(axis=1) == part[2].numpy()


def counted(parts, longest):
    """Whether each held-out word is right by logistic regression on counts, and the share right in validation.

    The counts are of groups of up to `longest` letters, with the ends of a word as signs of their own if groups are
    counted; the penalty is chosen on the validation words.
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    counter = CountVectorizer(analyzer="char" if longest == 1 else "char_wb", ngram_range=(1, longest))
    counts = [counter.fit_transform(parts[0].words), *(counter.transform(part.words) for part in parts[1:])]
    best = None
    for C in SETTINGS["inverse_penalties"]:
        model = LogisticRegression(C=C, max_iter=1000).fit(counts[0], parts[0].classes)
        share = model.score(counts[1], parts[1].classes)
        if best is None or share > best[0]:
            best = share, model.predict(counts[2]) == parts[2].classes
    return best[1], best[0]


# --- starts -----------------------------------------------------------------------------------------------------


def start(kind, seed):
    """An LSTM of 32 units as a library starts it, in PyTorch, and an output layer for `recall`.

    Parameters
    ----------
    kind : {"torch", "keras", "torch_one", "keras_zero"}
        As PyTorch or Keras starts it; with PyTorch's weights and a forget bias of 1; with Keras' weights and one of 0.
    seed : int

    Returns
    -------
    layer : torch.nn.LSTM
    output : torch.nn.Linear
    """
    D, H = len(recall.SYMBOLS), memory_horizon.SETTINGS["hidden_size"]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layer, output = torch.nn.LSTM(D, H, batch_first=True), torch.nn.Linear(H, len(recall.CLASSES))
    if kind.startswith("keras"):
        os.environ.setdefault("KERAS_BACKEND", "torch")
        import keras

        made = keras.layers.LSTM(
            H,
            kernel_initializer=keras.initializers.GlorotUniform(seed=seed),
            recurrent_initializer=keras.initializers.Orthogonal(seed=seed),
            unit_forget_bias=kind == "keras",
        )
        made.build((None, None, D))
        layer = to_torch(made)
    if kind == "torch_one":
        with torch.no_grad():
            layer.bias_ih_l0[H : 2 * H] += 1
    return layer, output


def best_recall(kind, seed):
    """The best share of held-out strings right in training."""
    settings = SETTINGS["recall"]
    layer, output = start(kind, seed)
    return max(
        memory_horizon.train(layer, output, settings["length"], seed, settings["learning_rate"], settings["updates"])
    )


# --- all runs ---------------------------------------------------------------------------------------------------


def make():
    """All runs, as described in `lstm_course.results`."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    arrays = {"seeds": np.array(SETTINGS["seeds"])} | _make_weather() | _make_words()
    arrays["starts"] = np.array(
        [[best_recall(kind, seed) for seed in SETTINGS["seeds"]] for kind in SETTINGS["starts"]]
    )
    torch.set_num_threads(threads)
    return arrays, SETTINGS


def _make_weather():
    weather, seeds, at = Weather(), SETTINGS["seeds"], SETTINGS["weather_updates"]
    tried = np.array(
        [[fit_weather(weather, seed, rate, max(at), at)[1] for seed in seeds] for rate in SETTINGS["weather_rates"]]
    ).swapaxes(1, 2)
    rate, updates = np.unravel_index(tried.mean(axis=2).argmin(), tried.shape[:2])
    models = [fit_weather(weather, seed, SETTINGS["weather_rates"][rate], at[updates])[0] for seed in seeds]
    today = weather.warmest[weather.parts["judge"]]
    ridge, window = ridge_errors(weather)
    by_length = [
        [np.abs(weather_errors(weather, model, "judge", length)).mean() for length in SETTINGS["lengths"]]
        for model in models
    ]
    return {
        "weather_errors": np.array([weather_errors(weather, model, "judge") for model in models]),
        "weather_ridge": ridge,
        "weather_window": np.array(window),
        "weather_today": weather.warmest[weather.parts["judge"] + 1] - today,
        "weather_lengths": np.array(by_length),
        "weather_tried": tried,
    }


def _make_words():
    parts, seeds, at = world_names.load(), SETTINGS["seeds"], SETTINGS["words_updates"]
    train, validation, held = map(tensors, parts)
    tried = np.array(
        [
            [fit_words(train, Guesser, seed, dropout, max(at), at, validation)[1] for seed in seeds]
            for dropout in SETTINGS["dropouts"]
        ]
    ).swapaxes(1, 2)
    dropout, updates = np.unravel_index(tried.mean(axis=2).argmax(), tried.shape[:2])
    dropout, updates = SETTINGS["dropouts"][dropout], at[updates]
    models = [fit_words(train, Guesser, seed, dropout, updates)[0] for seed in seeds]
    arrays = {
        "words_tried": tried,
        "words_right": np.array([right(model, held) for model in models]),
    }
    together = np.mean([probabilities(model, *held[:2]) for model in models], axis=0)
    arrays["words_votes"] = np.array((together.argmax(axis=1) == parts[2].classes).mean())
    by_groups = [counted(parts, longest) for longest in SETTINGS["groups"]]
    best = int(np.argmax([share for _, share in by_groups]))
    arrays |= {
        "words_letters": by_groups[0][0],
        "words_groups": by_groups[best][0],
        "words_groups_longest": np.array(SETTINGS["groups"][best]),
    }
    for name, kind in FAULTS.items():
        arrays[name] = np.array(
            [right(fit_words(train, kind, seed, dropout, updates)[0], held).mean() for seed in seeds]
        )
    return arrays
