"""Adaptive intervals: written out step by step, no looking ahead, and coverage where the errors change."""

import numpy as np
import pytest

from lstm_course.forecasting import Forecasts, Intervals, adaptive_intervals, coverage

NAN = np.nan


def written_out(forecasts, past_errors, level, rate):
    """The update of the docstring, from the first origin anew for each bound."""
    tail, (count, horizon) = (1 - level) / 2, forecasts.forecast.shape
    low, high = np.empty((2, count, horizon))
    for k in range(horizon):
        for row, origin in enumerate(forecasts.origins):
            known, below, above = list(past_errors[:, k]), tail, tail
            for earlier in range(row):
                value = forecasts.actual[earlier, k]
                if forecasts.origins[earlier] + k < origin and not np.isnan(value):
                    below += rate * (tail - (value < low[earlier, k]))
                    above += rate * (tail - (value > high[earlier, k]))
                    known.append(value - forecasts.forecast[earlier, k])
            center = forecasts.forecast[row, k]
            low[row, k] = center + np.quantile(known, min(max(below, 0), 0.5))
            high[row, k] = center + np.quantile(known, 1 - min(max(above, 0), 0.5))
    return low, high


def drawn(count, horizon, seed=0, stride=1):
    rng = np.random.default_rng(seed)
    actual = rng.standard_t(3, size=(count, horizon)) * 2
    actual[rng.random(actual.shape) < 0.1] = NAN
    return Forecasts(np.arange(20, 20 + stride * count, stride), rng.normal(size=(count, horizon)), actual)


@pytest.mark.parametrize("stride, rate", [(1, 0.02), (1, 0.5), (2, 0.1), (5, 0.1)])
def test_bounds_equal_the_update_written_out(stride, rate):
    forecasts, past_errors = drawn(30, 4, stride=stride), np.random.default_rng(1).normal(size=(12, 4))
    expected = written_out(forecasts, past_errors, 0.8, rate)
    np.testing.assert_allclose(adaptive_intervals(forecasts, past_errors, 0.8, rate), expected, atol=1e-9)


def test_bounds_know_nothing_that_comes_at_or_after_their_origin():
    forecasts, past_errors = drawn(30, 4), np.random.default_rng(1).normal(size=(12, 4))
    plain = np.array(adaptive_intervals(forecasts, past_errors))
    for row in (5, 20):
        now = forecasts.origins[row]
        later = forecasts.origins[:, None] + np.arange(4) >= now
        changed = Forecasts(forecasts.origins, forecasts.forecast, np.where(later, 1e6, forecasts.actual))
        again = np.array(adaptive_intervals(changed, past_errors))
        np.testing.assert_array_equal(again[:, : row + 1], plain[:, : row + 1])
        assert not np.array_equal(again[:, row + 2 :], plain[:, row + 2 :])


@pytest.mark.parametrize("shift, growth", [(0.0, 1.0), (0.0, 3.0), (2.0, 1.0)], ids=["as before", "larger", "shifted"])
def test_coverage_stays_near_the_level_also_where_fixed_intervals_fail(shift, growth):
    rng = np.random.default_rng(0)
    past_errors, errors = rng.normal(size=(100, 1)), shift + growth * rng.normal(size=(2000, 1))
    forecasts = Forecasts(np.arange(2000), np.zeros_like(errors), errors)
    adaptive = coverage(*adaptive_intervals(forecasts, past_errors), errors).overall
    fixed = coverage(*Intervals.from_errors(past_errors).around(forecasts.forecast), errors).overall
    assert adaptive == pytest.approx(0.8, abs=0.03)
    assert fixed == pytest.approx(0.8, abs=0.06) if (shift, growth) == (0.0, 1.0) else fixed < 0.6


@pytest.mark.parametrize(
    "changes, sentence",
    [
        (dict(past_errors=np.zeros((5, 3))), "past_errors: wanted shape (V, horizon=4), got (5, 3)"),
        (dict(past_errors=np.full((5, 4), NAN)), "past_errors: wanted finite numbers, got nan"),
        (dict(level=1.0), "level: wanted a number from 0 to below 1, got 1.0"),
        (dict(level=0), "level: wanted a number above 0, got 0"),
        (dict(rate=0), "rate: wanted a number above 0, got 0"),
    ],
)
def test_bad_input_is_explained_in_one_sentence(changes, sentence):
    with pytest.raises(ValueError) as raised:
        adaptive_intervals(**{"forecasts": drawn(5, 4), "past_errors": np.zeros((5, 4)), **changes})
    assert str(raised.value).startswith(sentence)
