"""The scores of the methods on the two measured series, from the origins that the lesson uses."""

import numpy as np
import pytest
import torch

from lstm_course.forecasting import (
    AutoRegression,
    HoltWinters,
    LastValue,
    Ridge,
    SeasonalNaive,
    origins_every,
    rolling_origin,
)
from lstm_course.forecasting.lstm import LSTMForecast
from lstm_course.tasks.series import co2, random_walk, sunspots

torch.set_num_threads(1)


def on_co2(method):
    """12 months ahead, every half year in the last ten."""
    values = co2().filled().values
    origins = origins_every(len(values), len(values) - 120, horizon=12, stride=6)
    assert len(origins) == 19
    return rolling_origin(values, method, origins, horizon=12).mae()


def on_sunspots(method):
    """5 years ahead, every second year in the last 79."""
    values = sunspots().values
    origins = origins_every(len(values), len(values) - 79, horizon=5, stride=2)
    return rolling_origin(values, method, origins, horizon=5).mae()


@pytest.mark.parametrize(
    "method, expected",
    [
        (LastValue(), 2.286),
        (SeasonalNaive(12), 1.554),
        (SeasonalNaive(12, drift=True), 0.554),
        (AutoRegression(12, difference=True), 0.540),
        (AutoRegression(36, difference=True), 0.442),
        (Ridge(36, 12, penalty=0.01), 0.413),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_twelve_months_of_co2(method, expected):
    assert on_co2(method) == pytest.approx(expected, abs=0.002)


def test_holt_winters_on_co2():
    assert on_co2(HoltWinters(12)) == pytest.approx(0.471, abs=0.05)  # its optimiser ends nearby elsewhere


@pytest.mark.parametrize(
    "method, expected",
    [(SeasonalNaive(11), 26.73), (AutoRegression(9), 21.75), (Ridge(33, 5, penalty=1000), 23.28)],
    ids=lambda value: getattr(value, "name", None),
)
def test_five_years_of_sunspots(method, expected):
    assert on_sunspots(method) == pytest.approx(expected, abs=0.02)


def test_nothing_beats_the_last_value_of_a_random_walk():
    methods = LastValue(), SeasonalNaive(5), AutoRegression(10, difference=True), Ridge(10, 5)
    errors = []
    for seed in range(12):  # in a single walk another may be ahead by luck
        values = random_walk(steps=1500, deviation=0.01, seed=seed).values
        origins = origins_every(1500, 1000, horizon=5, stride=5)
        errors.append([rolling_origin(values, method, origins, horizon=5).mae() / values.mean() for method in methods])
    assert np.mean(errors, axis=0).argmin() == 0


def test_what_the_day_of_the_week_adds_to_a_random_walk_can_be_found():
    weekly = np.resize([0.01, 0.005, -0.02, 0.015, -0.01], 1500)
    values = random_walk(steps=1500, deviation=0.01, seed=0).values * np.exp(np.cumsum(weekly))
    origins = origins_every(1500, 1000, horizon=1)
    last, found = (rolling_origin(values, m, origins, 1).mae() for m in (LastValue(), AutoRegression(10, True)))
    assert found < 0.85 * last


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1])
def test_the_lstm_comes_near_the_linear_methods_on_co2(seed):
    assert 0.38 < on_co2(LSTMForecast(36, 12, seed=seed)) < 0.55


@pytest.mark.slow
def test_the_lstm_is_no_better_than_autoregression_on_sunspots():
    found = np.mean([on_sunspots(LSTMForecast(33, 5, seed=seed)) for seed in range(3)])
    assert on_sunspots(AutoRegression(9)) < found < 30
