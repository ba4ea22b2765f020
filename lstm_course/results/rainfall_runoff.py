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

import numpy as np

from ..forecasting import runoff
from ..tasks import catchment
from . import river_rivals
from .candidates import grid, rounded

SETTINGS = {
    "years": 20,
    "validation": {"simulated": 4, "fulda": 1},
    "judged": {"simulated": 6, "fulda": 3},
    "hidden_size": 32,
    "steps": 400,
    "reading": [7, 30, 60, 90, 180, 365],
    **river_rivals.SETTINGS,
    "probe_penalties": [1.0, 10.0, 100.0],
    "seeds": list(range(10)),
}
NAMES = ("simulated", "fulda")
METHODS = river_rivals.METHODS
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
    return grid(SETTINGS.get(method, {}))


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
    return river_rivals.Rivals(river(name), split(name)).predict(method, setting)


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
    return {key: each if key.endswith(exact) else rounded(each, PRECISION) for key, each in arrays.items()}, SETTINGS


def _compared(name):
    """What every method but the LSTM says, with the setting that is best on the validation years."""
    rivals, arrays = river_rivals.Rivals(river(name), split(name)), {}
    actual, validation, judged = rivals.river.flow, rivals.validation, rivals.parts.judged
    arrays[f"{name}_actual"] = actual[judged]
    for method in METHODS:
        scores, best = [], None
        for setting in candidates(method):
            predicted = rivals.predict(method, setting)
            scores.append(runoff.nse(actual[validation], predicted[validation]))
            if scores[-1] == max(scores):
                best = predicted
        arrays[f"{name}_{method}"] = best[judged]
        arrays[f"{name}_{method}_validation"] = np.array(scores)
        arrays[f"{name}_{method}_chosen"] = np.array(int(np.argmax(scores)))
    return arrays


def _networks(name, networks):
    """What the networks say, and what they say if they may read only the last days."""
    here, parts = river(name), split(name)
    predicted = np.array([network.predict(here.weather) for network in networks])
    days = np.arange(parts.judged.start, parts.judged.stop, 5)
    reading = [
        [runoff.nse(here.flow[days], network.predict_reading(here.weather, days, read)) for read in SETTINGS["reading"]]
        for network in networks
    ]
    return {
        f"{name}_lstm": predicted[:, parts.judged],
        f"{name}_lstm_validation": np.array(
            [runoff.nse(here.flow[parts.validation], each[parts.validation]) for each in predicted]
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
    return max(found, key=lambda predicted: runoff.nse(target[parts.validation], predicted[parts.validation]))


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
        "snow_season": river_rivals.of_season(here.snow, here.dates, parts.training)[parts.judged],
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

    def change(flow_of):
        return (flow_of(more[first : after.stop]) - flow_of(here.weather[first : after.stop]))[day - first :]

    return {
        f"{kind}_day": np.array(day - judged.start),
        f"{kind}_true": change(lambda weather: catchment.stores(*weather.T).flow),
        f"{kind}_lstm": np.array([change(network.predict) for network in networks]),
    }
