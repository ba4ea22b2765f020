"""Forecasts of six series by simple methods and by LSTMs from ten seeds, scored from rolling origins.

The last part of each series is held out. All methods are fitted once, on the values before it, and then forecast from
origins in the held-out part, using all values before each origin. The score is the mean absolute error over origins and
steps, in the unit of the series.

    co2        carbon dioxide at Mauna Loa, months, 12 ahead
    sunspots   years, 5 ahead
    weather    SIMULATED daily temperatures with fronts, 7 ahead
    price      SIMULATED, a random walk, 5 ahead
    cue        SIMULATED, the same with a part for each day of the week, 5 ahead
    room       SIMULATED, a room with a thermostat, 12 ahead

Arrays:

    {series}_{method}               ()         error of a simple method: last, naive, drift, holt_winters, ar, ridge
    {series}_lstm                   (10,)      error of LSTMs that predict all steps at once
    co2_feedback, co2_residual      (10,)      the same for the two other ways
    co2_lstm_by_step                (10, 12)   at each step ahead
    noise, gaps                     (L,)       how much was added (`forecasting.with_noise`), what share was removed
    noise_{method}, gaps_{method}   (L,)       error on co2 disturbed in training and in the past of each origin,
    noise_lstm, gaps_lstm           (10, L)    against the undisturbed values
    seeds                           (10,)
"""

import numpy as np

from ..forecasting import (
    AutoRegression,
    HoltWinters,
    LastValue,
    Ridge,
    SeasonalNaive,
    origins_every,
    rolling_origin,
    with_gaps,
    with_noise,
)
from ..tasks import series
from ..tasks.series import gaps as filling

SETTINGS = {
    "co2": {"window": 36, "horizon": 12, "judged": 120, "stride": 6, "lags": 36, "changes": True},
    "sunspots": {"window": 33, "horizon": 5, "judged": 79, "stride": 2, "lags": 9, "changes": False},
    "weather": {"window": 14, "horizon": 7, "judged": 365, "stride": 7, "lags": 14, "changes": False},
    "price": {"window": 20, "horizon": 5, "judged": 500, "stride": 5, "lags": 20, "changes": True},
    "cue": {"window": 20, "horizon": 5, "judged": 500, "stride": 5, "lags": 20, "changes": True},
    "room": {"window": 30, "horizon": 12, "judged": 500, "stride": 5, "lags": 30, "changes": False},
    "penalty": 1.0,
    "hidden_size": 32,
    "steps": 600,
    "cue_size": 1.0,
    "weather_years": 6,
    "noise": [0.0, 0.5, 1.0, 2.0, 4.0],
    "gaps": [0.0, 0.1, 0.2, 0.4, 0.6],
    "seeds": list(range(10)),
}
NAMES = ("co2", "sunspots", "weather", "price", "cue", "room")


def values_of(name):
    """A series by its name, with gaps filled.

    Parameters
    ----------
    name : {"co2", "sunspots", "weather", "price", "cue", "room"}

    Returns
    -------
    lstm_course.tasks.series.Series
    """
    if name not in NAMES:
        raise ValueError(f"name: wanted one of {', '.join(NAMES)}, got {name!r}")
    makers = {
        "co2": series.co2,
        "sunspots": series.sunspots,
        "weather": lambda: series.weather(years=SETTINGS["weather_years"]),
        "price": series.price,
        "cue": lambda: series.price(cue=SETTINGS["cue_size"]),
        "room": series.room,
    }
    return makers[name]().filled()


def origins_of(name, T):
    """The origins from which a series of T steps is forecast."""
    setting = SETTINGS[name]
    return origins_every(T, T - setting["judged"], setting["horizon"], setting["stride"])


def simple_methods(name, season):
    """The simple methods that suit a series, by their short names."""
    setting = SETTINGS[name]
    methods = {"last": LastValue()}
    if season:
        methods |= {"naive": SeasonalNaive(season), "drift": SeasonalNaive(season, drift=True)}
    if 1 < season < 100:  # for longer ones Holt-Winters has hundreds of initial values
        methods["holt_winters"] = HoltWinters(season)
    return methods | {
        "ar": AutoRegression(setting["lags"], difference=setting["changes"]),
        "ridge": Ridge(setting["window"], setting["horizon"], SETTINGS["penalty"]),
    }


def lstm(name, seed, way="direct", values=None):
    """Train an LSTM on a series and forecast the held-out part.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    seed : int
    way : {"direct", "feedback", "residual"}
    values : (T,) array, optional
        A disturbed copy to use instead of the series, with NaN where values are missing.

    Returns
    -------
    method : lstm_course.forecasting.lstm.LSTMForecast
    forecasts : lstm_course.forecasting.Forecasts
        Compared with the series itself.
    """
    from ..forecasting.lstm import LSTMForecast

    original, setting = values_of(name), SETTINGS[name]
    given = original.values if values is None else values
    origins = origins_of(name, len(given))
    method = LSTMForecast(
        setting["window"],
        setting["horizon"],
        SETTINGS["hidden_size"],
        way=way,
        season=original.season,
        seed=seed,
        steps=SETTINGS["steps"],
    )
    method.fit(filling.fill(given[: origins[0]]))
    return method, rolling_origin(given, method, origins, setting["horizon"], refit_every=0, actual=original.values)


def simple(name, method, values=None):
    """The forecasts of a simple method; see `lstm`."""
    original = values_of(name)
    given = original.values if values is None else values
    origins, horizon = origins_of(name, len(given)), SETTINGS[name]["horizon"]
    return rolling_origin(given, method, origins, horizon, actual=original.values)


def make():
    """All runs, as described in `lstm_course.results`; takes some ten minutes."""
    import torch

    torch.set_num_threads(1)
    seeds, arrays = SETTINGS["seeds"], {}
    for name in NAMES:
        for short, method in simple_methods(name, values_of(name).season).items():
            arrays[f"{name}_{short}"] = np.array(simple(name, method).mae())
        runs = [lstm(name, seed)[1] for seed in seeds]
        arrays[f"{name}_lstm"] = np.array([run.mae() for run in runs])
        if name == "co2":
            arrays["co2_lstm_by_step"] = np.array([run.mae_by_step() for run in runs])
    for way in ("feedback", "residual"):
        arrays[f"co2_{way}"] = np.array([lstm("co2", seed, way)[1].mae() for seed in seeds])
    for kind, disturb in (("noise", with_noise), ("gaps", with_gaps)):
        arrays |= _disturbed(kind, disturb, seeds)
    return arrays | {"seeds": np.array(seeds)}, SETTINGS


def _disturbed(kind, disturb, seeds):
    """Errors on co2 with noise, or with missing values."""
    original, levels = values_of("co2"), SETTINGS[kind]
    disturbed = [disturb(original.values, level, seed=0) for level in levels]
    arrays = {kind: np.array(levels)}
    for short in ("naive", "drift", "holt_winters", "ar", "ridge"):
        scores = [simple("co2", simple_methods("co2", original.season)[short], values).mae() for values in disturbed]
        arrays[f"{kind}_{short}"] = np.array(scores)
    arrays[f"{kind}_lstm"] = np.array(
        [[lstm("co2", seed, values=values)[1].mae() for values in disturbed] for seed in seeds]
    )
    return arrays
