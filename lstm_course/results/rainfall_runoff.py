"""The flow of two rivers from their weather: LSTMs from ten seeds, and what they have to beat.

    simulated   the SIMULATED catchment with snow, twenty years: `tasks.catchment.simulated`
    fulda       the measured one, ten years: `tasks.catchment.fulda`

Nobody is given any past flow. Every method is fitted to the training years, every setting is the best on the validation
years (the largest efficiency, see `forecasting.runoff.nse`), and the scores are those of the judged years after them.
An LSTM keeps the weights that were best on the validation years. Methods:

    season            the mean flow of the training years at this time of the year
    ridge             linear, on the raw weather of the last days
    neighbours        the days of the training years whose last days were most alike
    boosting_windows  boosted trees on the raw weather of the last days
    boosting_sums     boosted trees on sums over up to 365 days (`runoff.sums`)
    boosting_snow     the same with a store of snow written by hand (`runoff.with_snow`)
    window_network    the mean of five feedforward networks on the raw weather of the last days
    lstm              `forecasting.runoff_lstm.RunoffLSTM`

Arrays, with J judged days of ``river(name)[split(name).judged]``:

    {name}_actual                  (J,)     measured flow in mm a day
    {name}_{method}                (J,)     what a method says; {name}_lstm is (10, J), a row for each seed
    {name}_{method}_validation     (C,)     efficiency of each candidate on the validation years
    {name}_{method}_chosen         ()       index of the best, of `candidates(method)`
    {name}_lstm_validation         (10,)    efficiency of each network on the validation years
    {name}_lstm_best_step          (10,)
    reading                        (R,)     days that a network may read, from a state of zeros
    {name}_reading                 (10, R)  efficiency on every fifth judged day if it may read no more
    snow                           (J,)     the water in the snow of the simulated catchment in mm, never shown
    snow_read                      (10, J)  the same as read by a linear probe from the 32 cells of each network
    snow_untrained                 (10, J)  from those of a network that was not trained
    snow_season                    (J,)     the mean of the training years at this time of the year
    cold_day, warm_day             ()       a judged day with frost, and one without: index among the judged days
    cold_true, warm_true           (240,)   how much more flows from then on after 50 mm more on that day, in mm a day
    cold_lstm, warm_lstm           (10, 240)  what the networks say
    seeds                          (10,)
"""

import itertools

import numpy as np

from ..forecasting import runoff
from ..tasks import catchment

SETTINGS = {
    "years": 20,
    "validation": {"simulated": 4, "fulda": 1},
    "judged": {"simulated": 6, "fulda": 3},
    "hidden_size": 32,
    "steps": 400,
    "reading": [7, 30, 60, 90, 180, 365],
    "ridge": {"days": [7, 30, 90, 365], "penalty": [1.0, 10.0, 100.0, 1e3, 1e4], "root": [False, True]},
    "neighbours": {"days": [7, 30, 90, 365], "neighbours": [1, 3, 5, 10, 20, 40], "root": [False, True]},
    "boosting_windows": {"days": [30, 90], "leaves": [4, 12], "root": [False, True]},
    "boosting_sums": {"leaves": [4, 8, 16], "root": [False, True]},
    "boosting_snow": {"melt": [2.0, 4.0], "leaves": [4, 8, 16], "root": [False, True]},
    "window_network": {"days": [30, 90, 365], "penalty": [0.1, 10.0]},
    "trees": 300,
    "tree_rate": 0.05,
    "networks": 5,
    "network_epochs": 40,
    "probe_penalties": [1.0, 10.0, 100.0],
    "seeds": list(range(10)),
}
NAMES = ("simulated", "fulda")
METHODS = (
    "season",
    "ridge",
    "neighbours",
    "boosting_windows",
    "boosting_sums",
    "boosting_snow",
    "window_network",
)
PRECISION = 1024
MORE, RESPONSE = 50.0, 240  # mm of rain on one day, and the days for which its effect is stored


def river(name):
    """A catchment by its name.

    Parameters
    ----------
    name : {"simulated", "fulda"}

    Returns
    -------
    lstm_course.tasks.catchment.Catchment
    """
    if name not in NAMES:
        raise ValueError(f"name: wanted one of {', '.join(NAMES)}, got {name!r}")
    return catchment.fulda() if name == "fulda" else catchment.simulated(SETTINGS["years"])


def split(name):
    """The training, validation and judged days of a catchment; see `forecasting.runoff.split`."""
    return runoff.split(river(name), SETTINGS["validation"][name], SETTINGS["judged"][name])


def lstm(name, seed, steps=None):
    """A trained network; see `forecasting.runoff_lstm.RunoffLSTM`."""
    from ..forecasting.runoff_lstm import RunoffLSTM

    here, parts = river(name), split(name)
    network = RunoffLSTM(SETTINGS["hidden_size"], steps=steps or SETTINGS["steps"], seed=seed)
    return network.fit(here.weather, here.flow, parts.training, parts.validation)


def candidates(method):
    """The settings that were tried for a method, as dictionaries; ``root``: fitted to the root of the flow."""
    grid = SETTINGS.get(method, {})
    return [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]


def rival(name, method, setting):
    """What a method says with a setting that is one of `candidates`.

    Parameters
    ----------
    name : {"simulated", "fulda"}
    method : str
        One of `METHODS`.
    setting : dict

    Returns
    -------
    (T,) array
        The flow on each day of the series, in mm a day.
    """
    return _Rivals(name).say(method, setting)


def make():
    """All runs, as described in `lstm_course.results`; takes some six minutes of one processor."""
    import torch

    torch.set_num_threads(1)
    arrays = {"reading": np.array(SETTINGS["reading"]), "seeds": np.array(SETTINGS["seeds"])}
    for name in NAMES:
        arrays |= _compared(name)
        networks = [lstm(name, seed) for seed in SETTINGS["seeds"]]
        arrays |= _networks(name, networks)
        if name == "simulated":
            arrays |= _probed(networks) | _more_rain("cold", networks) | _more_rain("warm", networks)
    exact = ("validation", "chosen", "best_step", "day", "reading", "seeds")
    return {key: each if key.endswith(exact) else _rounded(each) for key, each in arrays.items()}, SETTINGS


def _rounded(values):
    """To a thousandth of a millimetre, which makes the file half as large."""
    return (np.round(PRECISION * values) / PRECISION).astype(np.float32)


class _Rivals:
    """The methods without memory on one catchment; what several of their settings share is computed once."""

    def __init__(self, name):
        self.river, self.parts = river(name), split(name)
        self.training, self.validation = self.parts.training, self.parts.validation
        self.kept = {}

    def say(self, method, setting):
        root = setting.get("root", False)
        goal = np.sqrt(self.river.flow) if root else self.river.flow
        said = getattr(self, f"_{method}")(goal, **{name: each for name, each in setting.items() if name != "root"})
        return np.maximum(said, 0) ** 2 if root else said

    def _season(self, goal):
        return of_season(goal, self.river.dates, self.training)

    def _ridge(self, goal, days, penalty):
        z = self._table("windows", days)
        if ("eigen", days) not in self.kept:
            self.kept["eigen", days] = np.linalg.eigh(z[self.training].T @ z[self.training])
        sizes, axes = self.kept["eigen", days]
        mean = goal[self.training].mean()
        weights = axes @ (axes.T @ (z[self.training].T @ (goal[self.training] - mean)) / (sizes + penalty))
        return z @ weights + mean

    def _neighbours(self, goal, days, neighbours):
        from sklearn.neighbors import NearestNeighbors

        z, first = self._table("windows", days), self.validation.start
        if ("near", days) not in self.kept:
            most = max(SETTINGS["neighbours"]["neighbours"])
            found = NearestNeighbors(n_neighbors=most, algorithm="brute").fit(z[self.training])
            self.kept["near", days] = found.kneighbors(z[first:])
        distances, places = (part[:, :neighbours] for part in self.kept["near", days])
        weights = 1 / (distances + 1e-9)
        said = np.full(len(z), goal[self.training].mean())
        said[first:] = (weights * goal[self.training][places]).sum(axis=1) / weights.sum(axis=1)
        return said

    def _boosting_windows(self, goal, days, leaves):
        return self._boosted(self._table("windows", days), goal, leaves)

    def _boosting_sums(self, goal, leaves):
        return self._boosted(self._table("sums"), goal, leaves)

    def _boosting_snow(self, goal, melt, leaves):
        return self._boosted(np.hstack([self._table("sums"), self._table("with_snow", melt)]), goal, leaves)

    def _boosted(self, x, goal, leaves):
        """Boosted trees, as many as are best on the validation years."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        trees = HistGradientBoostingRegressor(
            learning_rate=SETTINGS["tree_rate"],
            max_iter=SETTINGS["trees"],
            max_leaf_nodes=leaves,
            early_stopping=False,
            random_state=0,
        ).fit(x[self.training], goal[self.training])
        stages = list(trees.staged_predict(x[self.validation.start :]))
        days = self.validation.stop - self.validation.start
        best = min(stages, key=lambda stage: ((stage[:days] - goal[self.validation]) ** 2).mean())
        said = np.full(len(x), goal[self.training].mean())
        said[self.validation.start :] = best
        return said

    def _window_network(self, goal, days, penalty):
        """The mean of several networks with one hidden layer, trained for a fixed number of epochs."""
        from sklearn.neural_network import MLPRegressor

        z = self._table("windows", days)
        mean, scale = goal[self.training].mean(), goal[self.training].std()
        said = 0
        for seed in range(SETTINGS["networks"]):
            network = MLPRegressor(
                hidden_layer_sizes=(SETTINGS["hidden_size"],),
                activation="tanh",
                alpha=penalty,
                learning_rate_init=0.003,
                max_iter=SETTINGS["network_epochs"],
                n_iter_no_change=SETTINGS["network_epochs"],
                random_state=seed,
            )
            said = said + _quietly(network.fit, z[self.training], (goal[self.training] - mean) / scale).predict(z)
        return said / SETTINGS["networks"] * scale + mean

    def _table(self, kind, *which):
        """Columns standardised by the training days."""
        if (kind, *which) not in self.kept:
            weather = self.river.weather
            made = {
                "windows": lambda days: runoff.windows(weather, days),
                "sums": lambda: runoff.sums(weather, self.river.dates),
                "with_snow": lambda melt: runoff.with_snow(weather, melt),
            }[kind](*which)
            known = made[self.training]
            spread = known.std(axis=0)
            self.kept[(kind, *which)] = (made - known.mean(axis=0)) / np.where(spread > 0, spread, 1)
        return self.kept[(kind, *which)]


def of_season(values, dates, training):
    """(T,): the mean of the training days that lie within a week of this day of the year, in any year."""
    day = (dates - dates.astype("datetime64[Y]")).astype(int)
    known = day[training]
    apart = np.abs(np.arange(366)[:, None] - known)
    near = np.minimum(apart, 365 - apart) <= 7
    return ((near @ values[training]) / near.sum(axis=1))[day]


def _quietly(call, *arguments):
    """Call without the warning that the fixed number of epochs was used up."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return call(*arguments)


def _compared(name):
    """What every method but the LSTM says, with the setting that is best on the validation years."""
    rivals, arrays = _Rivals(name), {}
    actual, validation, judged = rivals.river.flow, rivals.validation, rivals.parts.judged
    arrays[f"{name}_actual"] = actual[judged]
    for method in METHODS:
        scores, best = [], None
        for setting in candidates(method):
            said = rivals.say(method, setting)
            scores.append(runoff.nse(actual[validation], said[validation]))
            if scores[-1] == max(scores):
                best = said
        arrays[f"{name}_{method}"] = best[judged]
        arrays[f"{name}_{method}_validation"] = np.array(scores)
        arrays[f"{name}_{method}_chosen"] = np.array(int(np.argmax(scores)))
    return arrays


def _networks(name, networks):
    """What the networks say, and what they say if they may read only the last days."""
    here, parts = river(name), split(name)
    said = np.array([network.predict(here.weather) for network in networks])
    days = np.arange(parts.judged.start, parts.judged.stop, 5)
    reading = [
        [runoff.nse(here.flow[days], network.predict_reading(here.weather, days, read)) for read in SETTINGS["reading"]]
        for network in networks
    ]
    return {
        f"{name}_lstm": said[:, parts.judged],
        f"{name}_lstm_validation": np.array(
            [runoff.nse(here.flow[parts.validation], each[parts.validation]) for each in said]
        ),
        f"{name}_lstm_best_step": np.array([network.history.best_step for network in networks]),
        f"{name}_reading": np.array(reading),
    }


def probe(cells, target, parts):
    """A linear read-out of cell states: fitted to the training days, its penalty chosen on the validation days.

    Parameters
    ----------
    cells : (T, H) array
    target : (T,) array
    parts : lstm_course.forecasting.runoff.Split

    Returns
    -------
    (T,) array
    """
    from sklearn.linear_model import Ridge

    found = [Ridge(penalty).fit(cells[parts.training], target[parts.training]).predict(cells)
             for penalty in SETTINGS["probe_penalties"]]  # fmt: skip
    return max(found, key=lambda said: runoff.nse(target[parts.validation], said[parts.validation]))


def _probed(networks):
    """The snow as read from the cells of trained and untrained networks, and from the season alone."""
    from ..forecasting.runoff_lstm import RunoffLSTM

    here, parts = river("simulated"), split("simulated")
    untrained = [
        RunoffLSTM(SETTINGS["hidden_size"], seed=seed).untrained(here.weather, here.flow, parts.training)
        for seed in SETTINGS["seeds"]
    ]
    read, unread = (
        np.array([probe(network.cells(here.weather), here.snow, parts)[parts.judged] for network in some])
        for some in (networks, untrained)
    )
    return {
        "snow": here.snow[parts.judged],
        "snow_read": read,
        "snow_untrained": unread,
        "snow_season": of_season(here.snow, here.dates, parts.training)[parts.judged],
    }


def _more_rain(kind, networks):
    """The effect of 50 mm more on one day: the coldest day of the second judged January, or a day in its October."""
    here, judged = river("simulated"), split("simulated").judged
    month = np.arange(365, 396) if kind == "cold" else np.arange(365 + 273, 365 + 304)
    days = judged.start + month
    pick = np.argmin if kind == "cold" else np.argmax
    day = int(days[pick(here.temperature[days])])
    more = here.weather
    more[day, 0] += MORE
    after, first = slice(day, day + RESPONSE), max(0, day - 2000)

    def change(say):
        return (say(more[first : after.stop]) - say(here.weather[first : after.stop]))[day - first :]

    return {
        f"{kind}_day": np.array(day - judged.start),
        f"{kind}_true": change(lambda weather: catchment.stores(*weather.T).flow),
        f"{kind}_lstm": np.array([change(network.predict) for network in networks]),
    }
