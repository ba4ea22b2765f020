"""Rolling-origin evaluation: what a method receives, when it is fitted, and the scores."""

import numpy as np
import pytest

from lstm_course.baselines import error_by_horizon
from lstm_course.forecasting import (
    AutoRegression,
    Average,
    Forecasts,
    GradientBoosting,
    HoltWinters,
    LastValue,
    NearestNeighbours,
    Ridge,
    SeasonalNaive,
    origins_every,
    rolling_origin,
    skill,
)
from lstm_course.forecasting.lstm import LSTMForecast, WindowNetworkForecast

NAN = np.nan
rng = np.random.default_rng(0)
SEASONAL = 20 + 0.1 * np.arange(120) + 3 * np.sin(np.arange(120) * np.pi / 3) + rng.normal(size=120)


class Recorder:
    """Remembers what it receives, and forecasts zeros."""

    def __init__(self):
        self.fitted, self.seen = [], []

    def fit(self, past):
        self.fitted.append(past)
        return self

    def forecast(self, past, horizon):
        self.seen.append(past)
        return np.zeros(horizon)


class Peeper(Recorder):
    """Tries to read the values after its past from the memory behind it, and overwrites what it receives."""

    def forecast(self, past, horizon):
        whole = past if past.base is None else past.base
        following = whole[len(past) : len(past) + horizon] if len(whole) > len(past) else np.full(horizon, -1.0)
        past[...] = 99
        return following


def test_a_method_receives_a_copy_of_the_values_before_the_origin():
    values, method = np.arange(20.0), Recorder()
    rolling_origin(values, method, [5, 8, 11], horizon=2)
    for past, origin in zip(method.fitted + method.seen, [5, 5, 8, 11], strict=True):
        assert past.tolist() == list(range(origin)) and past.flags.owndata and past.base is None


def test_a_method_that_tries_to_look_ahead_finds_nothing():
    values = np.arange(20.0)
    found = rolling_origin(values, Peeper(), [5, 8], horizon=2)
    assert (found.forecast == -1).all()
    assert values.tolist() == list(range(20)) and found.actual.tolist() == [[5, 6], [8, 9]]


METHODS = [
    LastValue(),
    SeasonalNaive(6),
    SeasonalNaive(6, drift=True),
    AutoRegression(6),
    AutoRegression(6, difference=True),
    Ridge(12, 4),
    Ridge(12, 4, penalty=None),
    NearestNeighbours(12, 4),
    GradientBoosting(12, 4, trees=5),
    HoltWinters(6),
    Average([LastValue(), AutoRegression(6)]),
    *[LSTMForecast(12, 4, hidden_size=4, way=way, season=6, steps=4) for way in ("direct", "feedback", "residual")],
    WindowNetworkForecast(12, 4, hidden_size=4, steps=4),
]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_no_forecast_depends_on_the_values_after_its_origin(method):
    origins, horizon = np.array([80, 95, 110]), 4
    plain = rolling_origin(SEASONAL, method, origins, horizon, refit_every=2).forecast
    for row, origin in enumerate(origins):
        changed = SEASONAL.copy()
        changed[origin:] = 1000 * np.random.default_rng(1).normal(size=120 - origin)
        again = rolling_origin(changed, method, origins, horizon, refit_every=2).forecast
        np.testing.assert_array_equal(again[: row + 1], plain[: row + 1])
        assert row == 2 or not np.array_equal(again[row + 1 :], plain[row + 1 :])


@pytest.mark.parametrize("refit_every, fitted", [(None, [5]), (0, []), (1, [5, 6, 7, 8, 9]), (2, [5, 7, 9]), (9, [5])])
def test_when_a_method_is_fitted(refit_every, fitted):
    method = Recorder()
    rolling_origin(np.arange(12.0), method, range(5, 10), horizon=1, refit_every=refit_every)
    assert [len(past) for past in method.fitted] == fitted and len(method.seen) == 5


def test_a_gap_at_the_origin_is_filled_from_the_values_before_it():
    values = np.array([1.0, NAN, 3.0, NAN, NAN, 6.0, 7.0])
    method = Recorder()
    found = rolling_origin(values, method, [4, 5, 6], horizon=1)
    assert [past.tolist() for past in method.seen] == [[1, 2, 3, 3], [1, 2, 3, 3, 3], [1, 2, 3, 4, 5, 6]]
    np.testing.assert_array_equal(found.actual[:, 0], [NAN, 6, 7])
    assert found.mae() == 6.5 and found.rmse() == pytest.approx(np.sqrt((36 + 49) / 2))


def test_forecasts_from_disturbed_values_are_compared_with_the_true_ones():
    disturbed, true = np.arange(10.0) + 0.5, np.arange(10.0)
    found = rolling_origin(disturbed, LastValue(), [4, 5], horizon=2, actual=true)
    assert found.forecast.tolist() == [[3.5, 3.5], [4.5, 4.5]] and found.actual.tolist() == [[4, 5], [5, 6]]


def test_scores():
    found = rolling_origin(SEASONAL, SeasonalNaive(6), origins_every(120, 60, 5, 7), horizon=5)
    assert found.errors.shape == (8, 5) and (found.errors == found.actual - found.forecast).all()
    assert found.mae() == pytest.approx(np.abs(found.errors).mean())
    assert found.rmse() == pytest.approx(np.sqrt((found.errors**2).mean()))
    np.testing.assert_allclose(found.mae_by_step(), error_by_horizon(found.forecast, found.actual))
    assert skill(found, found) == 0 and skill(0.0, found) == 1 and skill(3.0, 2.0) == -0.5


def test_origins_leave_room_for_the_horizon():
    assert origins_every(526, 406, 12, 6).tolist() == list(range(406, 515, 6))
    assert origins_every(20, 16, 4).tolist() == [16] and origins_every(20, 10, 4, 100).tolist() == [10]


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: rolling_origin(SEASONAL, LastValue(), [5, 117], 4), "origins: wanted whole numbers from 0 to 116, "),
        (lambda: rolling_origin(SEASONAL, LastValue(), [0, 5], 4), "origins: wanted increasing indices from 1 on, "),
        (lambda: rolling_origin(SEASONAL, LastValue(), [5, 5], 4), "origins: wanted increasing indices from 1 on, "),
        (lambda: rolling_origin(SEASONAL, LastValue(), [5.0], 4), "origins: wanted whole numbers from 0 to 116, "),
        (lambda: rolling_origin(SEASONAL, LastValue(), [5], 120), "horizon: wanted less than the 120 steps of the "),
        (lambda: rolling_origin(SEASONAL, LastValue(), [5], 4, refit_every=-1), "refit_every: wanted a whole number "),
        (lambda: rolling_origin(SEASONAL, LastValue(), [5], 4, actual=SEASONAL[:9]), "actual: wanted shape (120,), "),
        (lambda: rolling_origin([NAN, 1, 2], LastValue(), [1], 1), "values: wanted at least one number, got 1 gaps"),
        (lambda: origins_every(20, 17, 4), "first: wanted a whole number from 1 to 16, got 17"),
        (lambda: origins_every(20, 0, 4), "first: wanted a whole number from 1 to 16, got 0"),
        (lambda: origins_every(4, 1, 4), "horizon: wanted less than the 4 steps of the series, got 4"),
        (lambda: skill(1.0, 0.0), "against: wanted a number above 0, got 0.0"),
        (lambda: skill(NAN, 1.0), "of: wanted a finite number, got nan"),
    ],
)
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("returned, got", [([1.0], "got (1,)"), ([1.0, NAN], "got nan"), (None, "got None")])
def test_a_method_that_does_not_forecast_the_whole_horizon_is_refused(returned, got):
    method = Recorder()
    method.forecast = lambda past, horizon: returned
    with pytest.raises(ValueError, match=r"^method.forecast\(past, horizon\): wanted ") as raised:
        rolling_origin(SEASONAL, method, [5], 2)
    assert got in str(raised.value)


def test_forecasts_are_frozen():
    found = Forecasts(np.array([1]), np.zeros((1, 1)), np.ones((1, 1)))
    with pytest.raises(AttributeError):
        found.forecast = None
