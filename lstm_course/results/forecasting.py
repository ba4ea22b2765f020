"""Forecasts of measured series by simple methods, other learners, and LSTMs from ten seeds, from all judged origins.

    co2        carbon dioxide at Mauna Loa, months, 12 ahead
    sunspots   years, 5 ahead
    seattle    the highest temperature of each day in Seattle, 7 days ahead
    stocks     prices of five companies, 1 month ahead

The last part of each series is judged, and nothing is decided on it. The part before it is for validation: each
candidate setting of a method is fitted to what lies before the validation part, forecasts from every origin in it, and
the one with the smallest mean absolute error is fitted once more, to everything before the judged part. From there
every step is an origin, and a forecast uses all values before it. Methods:

    last              the last value
    naive, drift      the last season, without and with the rise from one season to the next
    holt_winters, ar, ridge, neighbours, boosting   `HoltWinters`, `AutoRegression`, `Ridge`, ...
    window_network    `forecasting.lstm.WindowNetworkForecast`, ten seeds
    lstm              `forecasting.lstm.LSTMForecast`, ten seeds
    season            the usual course of the year (Seattle only, where all others except last and naive forecast the
                      departures from it, `WithoutSeason`)

For the stocks, methods learn log returns of all companies together, from the last months:

    last, growth      the last price; the last price and the mean growth of the training years
    ridge, neighbours, lstm, and lstm_prices, an LSTM on the prices themselves, standardised for each company

Arrays, with O origins, and h steps ahead or, for the stocks, five companies in the order of
``tasks.series.measured.COMPANIES``:

    {series}_origins                 (O,)        index of the first value forecast
    {series}_actual                  (O, h)      in the unit of the series
    {series}_{method}                (O, h)      forecasts; for the networks (10, O, h), a row for each seed
    {series}_{method}_validation     (C,)        mean absolute error of each candidate on the validation part
    {series}_{method}_chosen         ()          index of the best, of `candidates(series, method)`
    co2_feedback, co2_residual       (5,)        mean absolute error of the two other ways to forecast with an LSTM
    noise, gaps                      (L,)        how much was added (`with_noise`), or what share was removed
    noise_{method}, gaps_{method}    (L,)        mean absolute error on co2 that was disturbed in training and in the
                                                 past of each origin, against undisturbed values
    noise_ridge_penalty              (L,)        chosen again on each disturbed series; ridge_fixed keeps that of the
                                                 undisturbed one. The same for gaps.
    noise_lstm, gaps_lstm            (5, L)
    noise_average, gaps_average      (L,)        of the average of the five networks
    seeds                            (10,)

`forecasts` returns one method's as `Forecasts`, of which `paired_difference` compares two.
"""

import numpy as np

from ..forecasting import (
    AutoRegression,
    Forecasts,
    GradientBoosting,
    HoltWinters,
    LastValue,
    NearestNeighbours,
    Ridge,
    SeasonalNaive,
    WithoutSeason,
    origins_every,
    rolling_origin,
    with_gaps,
    with_noise,
)
from ..tasks import series
from . import share_prices
from .candidates import grid, rounded

_PENALTIES = [0.01, 0.1, 1.0, 10.0, 100.0, 1000.0]
_TREES = {"trees": [100], "depth": [2, 4]}
_NEIGHBOURS = [1, 2, 3, 5, 8, 13, 21]
SETTINGS = {
    "co2": {
        "horizon": 12,
        "judged": 120,
        "validation": 60,
        "season": 12,
        "steps": 600,
        "methods": {
            "last": {},
            "naive": {},
            "drift": {},
            "holt_winters": {"seasonal": ["add", "mul"]},
            "ar": {"lags": [12, 24, 36], "difference": [False, True]},
            "ridge": {"window": [12, 24, 36], "penalty": _PENALTIES},
            "neighbours": {"window": [6, 12, 24, 36], "neighbours": _NEIGHBOURS},
            "boosting": {"window": [12, 36], **_TREES},
            "window_network": {"window": [24, 36], "hidden_size": [16, 64]},
            "lstm": {"window": [24, 36], "hidden_size": [32]},
        },
    },
    "sunspots": {
        "horizon": 5,
        "judged": 79,
        "validation": 60,
        "season": 11,
        "steps": 400,
        "methods": {
            "last": {},
            "naive": {},
            "drift": {},
            "ar": {"lags": [2, 9, 11, 22], "difference": [False, True]},
            "ridge": {"window": [9, 11, 22, 33], "penalty": [10.0, 1e3, 1e4, 1e5, 1e6], "relative": [False, True]},
            "neighbours": {"window": [6, 9, 11, 22], "neighbours": _NEIGHBOURS, "relative": [False, True]},
            "boosting": {"window": [11, 22], **_TREES, "relative": [False, True]},
            "window_network": {"window": [11, 33], "hidden_size": [32], "relative": [False, True]},
            "lstm": {"window": [11, 33], "hidden_size": [32], "relative": [False, True]},
        },
    },
    "seattle": {
        "horizon": 7,
        "judged": 365,
        "validation": 365,
        "season": 365,
        "year": 365.25,
        "steps": 300,
        "methods": {
            "last": {},
            "naive": {},
            "season": {},
            "ar": {"lags": [1, 2, 3, 5, 7, 14]},
            "ridge": {"window": [1, 3, 7, 14], "penalty": [1.0, 100.0, 1e3, 1e4, 1e5], "relative": [False]},
            "neighbours": {"window": [1, 3, 7, 14], "neighbours": [10, 30, 100], "relative": [False]},
            "boosting": {"window": [3, 7], "trees": [30], "depth": [2, 3], "relative": [False]},
            "window_network": {"window": [7, 14], "hidden_size": [16], "relative": [False]},
            "lstm": {"window": [7, 14], "hidden_size": [16], "relative": [False]},
        },
    },
    "stocks": share_prices.SETTINGS,
    "tuning_seeds": [0],
    "disturbed_seeds": list(range(5)),
    "noise": [0.0, 1.0, 2.0, 4.0],
    "gaps": [0.0, 0.2, 0.4, 0.6],
    "seeds": list(range(10)),
}
NAMES = ("co2", "sunspots", "seattle", "stocks")
NETWORKS = ("window_network", "lstm")
PRECISION = 256  # forecasts are stored to this part of their unit, which makes the file half as large


def values_of(name):
    """A series by its name, with gaps filled.

    Parameters
    ----------
    name : {"co2", "sunspots", "seattle"}

    Returns
    -------
    lstm_course.tasks.series.Series
    """
    if name not in NAMES[:3]:
        raise ValueError(f"name: wanted one of {', '.join(NAMES[:3])}, got {name!r}")
    return getattr(series, name)().filled()


def origins_of(name, part="judged"):
    """The origins from which a series is forecast: all of the judged part, or all of the validation part.

    The last value of a forecast still belongs to the part.
    """
    setting, T = SETTINGS[name], len(values_of(name))
    stop = T if part == "judged" else T - setting["judged"]
    return origins_every(stop, stop - setting[part], setting["horizon"])


def candidates(name, method):
    """The settings that were tried for a method, as a list of dictionaries of its arguments."""
    return grid(SETTINGS[name]["methods"][method])


def chosen(stored, name, method):
    """The setting that was chosen for a method, from a stored run."""
    return candidates(name, method)[int(stored[f"{name}_{method}_chosen"])]


def method_of(name, method, setting, seed=0):
    """A forecaster that has not been fitted.

    Parameters
    ----------
    name : {"co2", "sunspots", "seattle"}
    method : str
        One of ``SETTINGS[name]["methods"]``.
    setting : dict
        One of ``candidates(name, method)``.
    seed : int
        Of a network.

    Returns
    -------
    lstm_course.forecasting.Forecaster
    """
    season, horizon = SETTINGS[name]["season"], SETTINGS[name]["horizon"]
    if method in NETWORKS:
        from ..forecasting.lstm import LSTMForecast, WindowNetworkForecast

        kind = LSTMForecast if method == "lstm" else WindowNetworkForecast
        made = kind(horizon=horizon, seed=seed, steps=SETTINGS[name]["steps"], **setting)
    elif method in ("ridge", "neighbours", "boosting"):
        kind = {"ridge": Ridge, "neighbours": NearestNeighbours, "boosting": GradientBoosting}[method]
        made = kind(horizon=horizon, **setting)
    else:
        made = {
            "last": LastValue,
            "naive": lambda: SeasonalNaive(season),
            "drift": lambda: SeasonalNaive(season, drift=True),
            "season": lambda: None,
            "holt_winters": lambda: HoltWinters(season, **setting),
            "ar": lambda: AutoRegression(**setting),
        }[method]()
    around = SETTINGS[name].get("year")
    return WithoutSeason(around, made) if around and method not in ("last", "naive") else made


def run(name, method, part="judged", values=None):
    """Fit a forecaster to what lies before a part of a series, and forecast from all origins in the part.

    Parameters
    ----------
    name : {"co2", "sunspots", "seattle"}
    method : lstm_course.forecasting.Forecaster
    part : {"judged", "validation"}
    values : (T,) array, optional
        A disturbed copy to use instead of the series, with NaN where values are missing. In the judged part the
        forecasts are still compared with the series itself; in validation with the copy, which is all one would have.

    Returns
    -------
    lstm_course.forecasting.Forecasts
    """
    original = values_of(name).values
    given = original if values is None else values
    actual = original if part == "judged" else given
    return rolling_origin(given, method, origins_of(name, part), SETTINGS[name]["horizon"], actual=actual)


def forecasts(stored, name, method, seed=None):
    """The stored forecasts of a method.

    Parameters
    ----------
    stored : lstm_course.results.Stored
    name, method : str
    seed : int, optional
        For ``"lstm"`` and the other networks: which of the ten; by default the average of their forecasts.

    Returns
    -------
    lstm_course.forecasting.Forecasts
        Of stocks in percent of the actual price, a column for each company.
    """
    predicted, actual = stored[f"{name}_{method}"].astype(float), stored[f"{name}_actual"].astype(float)
    if predicted.ndim == 3:
        predicted = predicted.mean(axis=0) if seed is None else predicted[seed]
    if name == "stocks":
        predicted, actual = 100 * predicted / actual, np.full_like(actual, 100)
    return Forecasts(stored[f"{name}_origins"], predicted, actual)


def make():
    """All runs, as described in `lstm_course.results`; takes some twelve minutes of one processor."""
    import torch

    torch.set_num_threads(1)
    arrays = {"seeds": np.array(SETTINGS["seeds"])}
    for name in NAMES[:3]:
        arrays |= _series(name)
    arrays |= share_prices.runs(SETTINGS["seeds"])
    best = chosen(arrays, "co2", "lstm")
    for way in ("feedback", "residual"):
        options = best | {"way": way, "season": SETTINGS["co2"]["season"]}
        arrays[f"co2_{way}"] = np.array(
            [run("co2", method_of("co2", "lstm", options, seed)).mae() for seed in SETTINGS["disturbed_seeds"]]
        )
    for kind, disturb in (("noise", with_noise), ("gaps", with_gaps)):
        arrays |= _disturbed(kind, disturb, arrays)
    return arrays, SETTINGS


def _series(name):
    """The forecasts of all methods for one series, each with its best setting."""
    judged = origins_of(name)
    actual = values_of(name).values[judged[:, None] + np.arange(SETTINGS[name]["horizon"])]
    arrays = {f"{name}_origins": judged, f"{name}_actual": actual.astype(np.float32)}
    for method in SETTINGS[name]["methods"]:
        seeds = SETTINGS["tuning_seeds"] if method in NETWORKS else [0]
        scores = [
            np.mean([run(name, method_of(name, method, setting, seed), "validation").mae() for seed in seeds])
            for setting in candidates(name, method)
        ]
        best = candidates(name, method)[int(np.argmin(scores))]
        if method in NETWORKS:
            predicted = np.array(
                [run(name, method_of(name, method, best, seed)).forecast for seed in SETTINGS["seeds"]]
            )
        else:
            predicted = run(name, method_of(name, method, best)).forecast
        arrays[f"{name}_{method}"] = rounded(predicted, PRECISION)
        arrays[f"{name}_{method}_validation"] = np.array(scores)
        arrays[f"{name}_{method}_chosen"] = np.array(int(np.argmin(scores)))
    return arrays


def _disturbed(kind, disturb, arrays):
    """Errors on co2 with noise, or with missing values."""
    original, levels = values_of("co2").values, SETTINGS[kind]
    disturbed = [disturb(original, level, seed=0) for level in levels]
    scores = {
        method: [] for method in ("naive", "drift", "holt_winters", "ar", "ridge", "ridge_fixed", "ridge_penalty")
    }
    networks = []
    for values in disturbed:
        for method in ("naive", "drift", "holt_winters", "ar"):
            setting = chosen(arrays, "co2", method)
            scores[method].append(run("co2", method_of("co2", method, setting), values=values).mae())
        fixed = chosen(arrays, "co2", "ridge")
        again = [fixed | {"penalty": penalty} for penalty in SETTINGS["co2"]["methods"]["ridge"]["penalty"]]
        best = min(again, key=lambda one: run("co2", method_of("co2", "ridge", one), "validation", values).mae())
        for method, setting in (("ridge", best), ("ridge_fixed", fixed)):
            scores[method].append(run("co2", method_of("co2", "ridge", setting), values=values).mae())
        scores["ridge_penalty"].append(best["penalty"])
        networks.append(
            [
                run("co2", method_of("co2", "lstm", chosen(arrays, "co2", "lstm"), seed), values=values)
                for seed in SETTINGS["disturbed_seeds"]
            ]
        )
    averages = [
        Forecasts(runs[0].origins, np.mean([each.forecast for each in runs], axis=0), runs[0].actual).mae()
        for runs in networks
    ]
    return {f"{kind}_{method}": np.array(of) for method, of in scores.items()} | {
        kind: np.array(levels),
        f"{kind}_lstm": np.array([[each.mae() for each in runs] for runs in networks]).T,
        f"{kind}_average": np.array(averages),
    }
