"""The usual course of a season, taken out and put back."""

import numpy as np
import pytest

from lstm_course.forecasting import AutoRegression, LastValue, WithoutSeason, rolling_origin

T = np.arange(1200)
ANGLE = 2 * np.pi * T / 365.25
COURSE = 12 + 8 * np.cos(ANGLE - 0.4) + 2 * np.sin(2 * ANGLE)
ODD = np.zeros(1200)
for day in range(1, 1200):
    ODD[day] = 0.7 * ODD[day - 1] + np.random.default_rng(day).normal()


def test_the_course_is_recovered_and_continues():
    method = WithoutSeason(365.25).fit(COURSE[:800])
    np.testing.assert_allclose(method.forecast(COURSE[:900], 300), COURSE[900:], atol=1e-9)
    np.testing.assert_allclose(method.course(0, 1200), COURSE, atol=1e-9)
    np.testing.assert_allclose(WithoutSeason(365.25, LastValue()).fit(COURSE[:800]).forecast(COURSE[:900], 30),
                               COURSE[900:930], atol=1e-9)  # fmt: skip


def test_what_departs_from_it_is_forecast_by_the_method_and_only_that():
    values = COURSE + ODD
    method = WithoutSeason(365.25, AutoRegression(lags=1)).fit(values[:1000])
    rest = values - method.course(0, 1200)
    alone = AutoRegression(lags=1).fit(rest[:1000])
    expected = method.course(1100, 1107) + alone.forecast(rest[:1100], 7)
    np.testing.assert_allclose(method.forecast(values[:1100], 7), expected)
    assert alone.weights[1] == pytest.approx(0.7, abs=0.1)
    origins = np.arange(1000, 1193)
    both, course = (rolling_origin(values, each, origins, 7).mae() for each in (method, WithoutSeason(365.25)))
    assert both < 0.95 * course


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: WithoutSeason(2), "period: wanted a number above 2, got 2"),
        (lambda: WithoutSeason(365.25).fit(COURSE[:365]), "values: wanted at least 366 steps, got 365"),
        (
            lambda: WithoutSeason(10).fit(COURSE).forecast(COURSE, 0),
            "horizon: wanted a whole number of at least 1, got",
        ),
    ],
)
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


def test_a_method_that_was_not_fitted_says_so():
    with pytest.raises(RuntimeError, match="^forecast: the usual course has not been fitted yet"):
        WithoutSeason(10).forecast(COURSE, 3)
