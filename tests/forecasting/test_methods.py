"""The simple forecasters against statsmodels, least squares written out, and cases worked by hand."""

import json
import re
import subprocess
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from lstm_course.forecasting import (
    AutoRegression,
    Average,
    GradientBoosting,
    HoltWinters,
    LastValue,
    NearestNeighbours,
    NotConverged,
    Ridge,
    SeasonalNaive,
    rolling_origin,
)
from lstm_course.forecasting.lstm import LSTMForecast, WindowNetworkForecast
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import Cell, Sandbox
from lstm_course.probes import Probe

rng = np.random.default_rng(0)
T = np.arange(90)
SEASONAL = 20 + 0.1 * T + 3 * np.sin(T * np.pi / 3) + rng.normal(size=90)


def test_repeating_the_past():
    past = [3.0, 1, 2, 5, 2, 4]
    assert LastValue().fit(past).forecast(past, 3).tolist() == [4, 4, 4]
    assert SeasonalNaive(3).fit(past).forecast(past, 5).tolist() == [5, 2, 4, 5, 2]
    drift = SeasonalNaive(3, drift=True).fit(past)  # the last value is 2 above that of a season ago
    assert drift.forecast(past, 7).tolist() == [7, 4, 6, 9, 6, 8, 11]


def test_seasonal_naive_with_drift_continues_a_straight_line_and_its_season():
    exact = 5 + 0.5 * T + np.tile([0, 3, 1], 30)
    np.testing.assert_allclose(SeasonalNaive(3, drift=True).forecast(exact[:60], 30), exact[60:])


@pytest.mark.parametrize("lags, difference", [(1, False), (6, False), (6, True), (9, True)])
def test_autoregression_equals_statsmodels(lags, difference):
    from statsmodels.tsa.ar_model import AutoReg

    known = np.diff(SEASONAL) if difference else SEASONAL
    fitted = AutoReg(known, lags, trend="c").fit()
    expected = fitted.predict(len(known), len(known) + 11)
    method = AutoRegression(lags, difference).fit(SEASONAL)
    np.testing.assert_allclose(method.weights, fitted.params, rtol=1e-8)
    found = method.forecast(SEASONAL, 12)
    np.testing.assert_allclose(found, SEASONAL[-1] + np.cumsum(expected) if difference else expected, rtol=1e-8)
    np.testing.assert_allclose(method.forecast(SEASONAL[-lags - difference :], 12), found)  # sees no further back


def test_autoregression_on_a_series_shorter_than_twice_its_lags_has_the_smallest_weights():
    values = SEASONAL[:9]
    x = np.array([[1, *values[t - 6 : t][::-1]] for t in range(6, 9)])
    expected = np.linalg.lstsq(x, values[6:])[0]  # three equations for seven weights
    np.testing.assert_allclose(AutoRegression(6).fit(values).weights, expected, rtol=1e-7)


def test_an_average_is_the_mean_of_its_forecasters():
    parts = [AutoRegression(2), SeasonalNaive(6), LastValue()]
    average = Average(parts).fit(SEASONAL)
    expected = np.mean([part.forecast(SEASONAL, 4) for part in parts], axis=0)
    np.testing.assert_allclose(average.forecast(SEASONAL, 4), expected)
    assert average.name == "average of 3 forecasters" and Average(parts, "three").name == "three"


def test_ridge_equals_least_squares_with_the_penalty_as_further_rows():
    W, H, penalty = 7, 3, 2.5
    origins = np.arange(W, len(SEASONAL) - H + 1)
    x = np.stack([SEASONAL[o - W : o] - SEASONAL[o - 1] for o in origins])
    y = np.stack([SEASONAL[o : o + H] - SEASONAL[o - 1] for o in origins])
    above = np.column_stack([x, np.ones(len(x))])
    below = np.column_stack([np.sqrt(penalty) * np.eye(W), np.zeros(W)])  # the constant has no penalty
    expected = np.linalg.lstsq(np.vstack([above, below]), np.vstack([y, np.zeros((W, H))]))[0]
    method = Ridge(W, H, penalty).fit(SEASONAL)
    np.testing.assert_allclose(np.vstack([method.weights, method.constant]), expected, atol=1e-10)
    window = SEASONAL[-W:]
    forecast = np.append(window - window[-1], 1) @ expected + window[-1]
    np.testing.assert_allclose(method.forecast(SEASONAL, H), forecast)
    np.testing.assert_allclose(method.forecast(SEASONAL, 2), forecast[:2])


@pytest.mark.parametrize("shift", [-50.0, 1000.0])
@pytest.mark.parametrize("method", [AutoRegression(6, difference=True), Ridge(12, 4)])
def test_the_level_makes_no_difference(method, shift):
    plain = method.fit(SEASONAL).forecast(SEASONAL, 4)
    np.testing.assert_allclose(method.fit(SEASONAL + shift).forecast(SEASONAL + shift, 4), plain + shift, rtol=1e-7)


def holt_winters_written_out(parameters, past, horizon, m):
    """Level, trend and season, step by step; after Hyndman and Athanasopoulos (2021), section 8.3."""
    level, trend = parameters["initial_level"], parameters["initial_trend"]
    seasons = list(parameters["initial_seasons"])
    alpha, beta, gamma = (parameters[f"smoothing_{name}"] for name in ("level", "trend", "seasonal"))
    for value in past:
        before = level + trend
        season = seasons[-m]
        trend_before, level_before = trend, level
        level = alpha * (value - season) + (1 - alpha) * before
        trend = beta * (level - level_before) + (1 - beta) * trend_before
        seasons.append(gamma * (value - before) + (1 - gamma) * season)
    return [level + (h + 1) * trend + seasons[-m + h % m] for h in range(horizon)]


def test_holt_winters_updates_its_state_without_fitting_again():
    method = HoltWinters(6).fit(SEASONAL[:60])
    for stop in (40, 60, 77, 90):
        expected = holt_winters_written_out(method.parameters, SEASONAL[:stop], 8, 6)
        np.testing.assert_allclose(method.forecast(SEASONAL[:stop], 8), expected, rtol=1e-9)


@pytest.mark.parametrize("trend, seasonal", [("add", "mul"), ("mul", "mul"), (None, "add"), ("add", None)])
def test_holt_winters_at_the_end_of_its_training_equals_statsmodels(trend, seasonal):
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ExponentialSmoothing(SEASONAL, trend=trend, seasonal=seasonal, seasonal_periods=6).fit()
    method = HoltWinters(6, trend, seasonal).fit(SEASONAL)
    np.testing.assert_allclose(method.forecast(SEASONAL, 5), fitted.forecast(5), rtol=1e-6)


def test_holt_winters_is_silent_where_it_converges_and_takes_a_long_season():
    long = 10 * np.sin(np.arange(900) * 2 * np.pi / 300) + rng.normal(size=900)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        forecast = HoltWinters(300, trend=None).fit(long).forecast(long, 300)
    assert np.abs(forecast - 10 * np.sin(np.arange(300) * 2 * np.pi / 300)).mean() < 1.5


def test_a_search_that_does_not_converge_is_reported_once_with_the_name_of_the_method(monkeypatch):
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    fit = ExponentialSmoothing.fit

    def fit_in_one_step(self, **options):
        return fit(self, **options, minimize_kwargs={"options": {"maxiter": 1}})

    monkeypatch.setattr(ExponentialSmoothing, "fit", fit_in_one_step)
    with pytest.warns(NotConverged, match="^Holt-Winters: the fit stopped before it converged") as one:
        HoltWinters(6).fit(SEASONAL)
    with pytest.warns(NotConverged) as rolled:
        rolling_origin(SEASONAL, HoltWinters(6), [60, 70, 80], horizon=2, refit_every=1)
    with pytest.warns(NotConverged) as averaged:
        Average([HoltWinters(6), HoltWinters(6)]).fit(SEASONAL)
    assert len(one) == len(rolled) == len(averaged) == 1


UNFITTED = [
    AutoRegression(2),
    Ridge(3, 2),
    NearestNeighbours(3, 2),
    GradientBoosting(3, 2),
    HoltWinters(6),
    LSTMForecast(3, 2),
    WindowNetworkForecast(3, 2),
]


@pytest.mark.parametrize("method", UNFITTED, ids=lambda method: method.name)
def test_no_forecast_before_a_fit(method):
    with pytest.raises(RuntimeError, match=f"^forecast: {re.escape(method.name)} has not been"):
        method.forecast(SEASONAL, 1)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: LastValue().forecast([1.0, np.nan], 1), "past: wanted finite numbers, got nan at index (1,)"),
        (lambda: LastValue().forecast([1.0], 0), "horizon: wanted a whole number of at least 1, got 0"),
        (lambda: SeasonalNaive(0), "season: wanted a whole number of at least 1, got 0"),
        (lambda: SeasonalNaive(3, drift=1), "drift: wanted True or False, got 1"),
        (lambda: SeasonalNaive(3).forecast([1, 2], 1), "past: wanted at least 3 steps, got 2"),
        (lambda: SeasonalNaive(3, drift=True).forecast([1, 2, 3], 1), "past: wanted at least 4 steps, got 3"),
        (lambda: AutoRegression(3).fit([1, 2, 3]), "values: wanted at least 4 steps, got 3"),
        (lambda: AutoRegression(3, True).fit([1, 2, 3, 4]), "values: wanted at least 5 steps, got 4"),
        (lambda: AutoRegression(3).fit([1, 2, 3, np.nan]), "values: wanted finite numbers, got nan"),
        (lambda: AutoRegression(3).fit(SEASONAL).forecast([1, 2], 1), "past: wanted at least 3 steps, got 2"),
        (lambda: Ridge(3, 2, penalty=0), "penalty: wanted a number above 0, got 0"),
        (lambda: Ridge(3, 2).fit([1, 2, 3, 4]), "values: wanted at least 5 steps, for a window of 3 and a "),
        (lambda: Ridge(3, 2).fit(SEASONAL).forecast(SEASONAL, 3), "horizon: wanted a whole number from 1 to 2, got 3"),
        (lambda: Average([]), "forecasters: wanted at least one forecaster, got none"),
        (lambda: HoltWinters(1), "season: wanted a whole number of at least 2, got 1"),
        (lambda: HoltWinters(6, trend="up"), "trend: wanted 'add', 'mul' or None, got 'up'"),
        (lambda: HoltWinters(6).fit(SEASONAL[:21]), "values: wanted at least 22 steps, two seasons of 6 and ten, "),
        (lambda: HoltWinters(6, seasonal="mul").fit(SEASONAL - 30), "values: wanted positive numbers, as a component "),
    ],
)  # fmt: skip
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


def test_the_package_loads_no_slow_library():
    slow = {"pandas", "scipy", "sklearn", "statsmodels", "torch"}
    script = f"import sys, lstm_course.forecasting; print(*({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.slow
def test_an_isolated_answer_can_use_every_forecaster_that_needs_a_library():
    if support.missing():
        pytest.skip("needs all parts of the isolation")
    source = """
import numpy as np
from lstm_course import forecasting as fc
past = np.sin(np.arange(120) / 3)
methods = [fc.AutoRegression(3), fc.Ridge(9, 2, None), fc.NearestNeighbours(9, 2), fc.GradientBoosting(9, 2, trees=3)]
answer = [method.fit(past).forecast(past, 2).tolist() for method in [*methods, fc.HoltWinters(19)]]
"""
    with Sandbox("full", preload=["numpy"]) as sandbox:
        question = SimpleNamespace(id="99-answer", probe=Probe("answer"))
        sandbox.prepare("99", {}, [question], {question.id: [{}]})
        run = sandbox.run("99", [Cell(0, source)], timeout=600)
    (returned,) = run.at_end[question.id]
    assert not run.problems and np.shape(json.loads(returned.values["answer"])) == (5, 2)
