"""Intervals from errors, how often they hold, how they are scored, and series that are disturbed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.forecasting import Intervals, coverage, pinball_loss, winkler_score, with_gaps, with_noise

NAN = np.nan


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(V=st.integers(1, 60), level=st.sampled_from([0.5, 0.8, 0.9, 0.95]), seed=st.integers(0, 99))
def test_the_right_number_of_errors_lies_outside_the_bounds(V, level, seed):
    errors = np.random.default_rng(seed).normal(size=(V, 3))
    outside = round((1 - level) * 1000) * (V + 1) // 2000  # on each side, one of them the bound itself
    if outside < 1:
        least = int(np.ceil(2000 / round((1 - level) * 1000))) - 1
        with pytest.raises(ValueError, match=f"^errors: wanted errors from at least {least} origins for a level of "):
            Intervals.from_errors(errors, level)
        return
    found = Intervals.from_errors(errors, level)
    assert ((errors < found.low).sum(axis=0) == outside - 1).all()
    assert ((errors > found.high).sum(axis=0) == outside - 1).all()


@pytest.mark.parametrize("V, level", [(9, 0.8), (30, 0.8), (25, 0.5), (40, 0.9)])
def test_intervals_hold_as_often_as_promised_if_future_errors_are_like_the_past_ones(V, level):
    """The share over many draws lies between the level and the level + 2 / (V + 1), whatever the distribution."""
    rng = np.random.default_rng(0)
    errors = rng.standard_t(2, size=(V + 1, 4000)) ** 3
    found = Intervals.from_errors(errors[:V], level)
    held = coverage(found.low[None], found.high[None], errors[V:]).overall
    assert level - 0.02 < held < level + 2 / (V + 1) + 0.02


def test_bounds_are_shifted_with_the_forecast_and_keep_the_sign_of_the_errors():
    errors = np.column_stack([np.arange(1.0, 20), np.arange(-19.0, 0)])  # above the forecast; below it
    found = Intervals.from_errors(errors, level=0.9)
    assert found.low.tolist() == [1, -19] and found.high.tolist() == [19, -1] and found.level == 0.9
    low, high = found.around([[10.0, 10.0], [0.0, 0.0]])
    assert low.tolist() == [[11, -9], [1, -19]] and high.tolist() == [[29, 9], [19, -1]]
    assert [bound.shape for bound in found.around([1.0, 2.0])] == [(2,), (2,)]


def test_coverage_counts_the_bounds_and_leaves_out_what_is_missing():
    low, high = np.zeros((3, 3)), np.ones((3, 3))
    found = coverage(low, high, [[0.0, 2.0, NAN], [1.0, 0.5, NAN], [NAN, -0.1, NAN]])
    assert found.overall == 3 / 5
    np.testing.assert_allclose(found.by_step, [1, 1 / 3, NAN])


def test_pinball_loss_and_winkler_score_equal_their_judges_and_leave_out_what_is_missing():
    from sklearn.metrics import mean_pinball_loss

    rng = np.random.default_rng(0)
    actual, low = rng.normal(size=(2, 40, 3))
    high = low + rng.exponential(size=(40, 3))
    flat = actual.ravel(), low.ravel(), high.ravel()
    below, above = mean_pinball_loss(*flat[:2], alpha=0.1), mean_pinball_loss(flat[0], flat[2], alpha=0.9)
    missing = np.concatenate([actual, np.full((2, 3), NAN)])
    more_low, more_high = np.concatenate([low, low[:2]]), np.concatenate([high, high[:2]])
    assert pinball_loss(more_low, missing, 0.1) == pytest.approx(below)
    assert pinball_loss(more_high, missing, 0.9) == pytest.approx(above)
    # The score is the sum of the two losses, divided by the share that lies outside on each side.
    assert winkler_score(more_low, more_high, missing, level=0.8) == pytest.approx((below + above) / 0.1)


def test_the_scores_of_cases_worked_by_hand():
    assert pinball_loss([[2.0, 2.0, 2.0]], [[4.0, 1.0, 2.0]], share=0.9) == pytest.approx((1.8 + 0.1 + 0) / 3)
    assert winkler_score([[0.0] * 3], [[2.0] * 3], [[1.0, 2.5, -1.0]], 0.8) == pytest.approx((2 + 7 + 12) / 3)


def test_the_true_quantiles_score_best():
    actual = np.random.default_rng(0).normal(size=(20000, 1))
    scores = [
        winkler_score(np.full_like(actual, -z), np.full_like(actual, z), actual, level=0.8) for z in (1.0, 1.2816, 1.6)
    ]
    losses = [pinball_loss(np.full_like(actual, z), actual, share=0.9) for z in (1.0, 1.2816, 1.6)]
    assert np.argmin(scores) == np.argmin(losses) == 1


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: Intervals.from_errors(np.zeros((8, 2))), "errors: wanted errors from at least 9 origins for a "),
        (lambda: Intervals.from_errors(np.zeros(20)), "errors: wanted shape (V, horizon), got (20,)"),
        (lambda: Intervals.from_errors(np.full((20, 1), NAN)), "errors: wanted finite numbers, got nan"),
        (lambda: Intervals.from_errors(np.zeros((20, 1)), 1.0), "level: wanted a number from 0 to below 1, got 1.0"),
        (lambda: Intervals.from_errors(np.zeros((20, 1)), 0), "level: wanted a number above 0, got 0"),
        (lambda: Intervals.from_errors(np.zeros((20, 2))).around([1.0]), "forecast: wanted shape (..., horizon=2), "),
        (lambda: coverage([[1.0]], [[0.0]], [[0.5]]), "low: wanted no bound above that of high, got 1.0 at (0, 0)"),
        (lambda: coverage([[0.0]], [[1.0]], [[NAN]]), "actual: wanted at least one value, got none"),
        (lambda: coverage([[0.0]], [[1.0]], [0.5]), "actual: wanted shape (1, 1), got (1,)"),
        (lambda: winkler_score([[1.0]], [[0.0]], [[0.5]], 0.8), "low: wanted no bound above that of high, got 1.0 "),
        (lambda: winkler_score([[0.0]], [[1.0]], [[0.5]], 1), "level: wanted a number from 0 to below 1, got 1"),
        (lambda: pinball_loss([[0.0]], [[NAN]], 0.5), "actual: wanted at least one value, got none"),
        (lambda: pinball_loss([[0.0]], [[1.0]], 0), "share: wanted a number above 0, got 0"),
        (lambda: with_noise([1.0, 2.0], -1), "share: wanted a number of at least 0, got -1"),
        (lambda: with_noise([1.0, NAN, 2.0], 1), "values: wanted at least two neighbours without a gap before start"),
        (lambda: with_noise([1.0, 2.0, 3.0], 1, start=1), "values: wanted at least two neighbours without a gap "),
        (lambda: with_gaps([1.0, 2.0], 1), "share: wanted a number from 0 to below 1, got 1"),
        (lambda: with_gaps([1.0, 2.0], 0.5, start=2), "start: wanted a whole number from 0 to 1, got 2"),
        (lambda: with_gaps([1.0, 2.0], 0.5, seed="a"), "seed: wanted a whole number of at least 0, got 'a'"),
        (lambda: with_gaps([1.0, 2.0], 0.9), "values: wanted at least one number, got 2 gaps"),
    ],
)  # fmt: skip
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


def test_noise_is_proportional_to_the_changes_and_begins_at_the_start():
    values = np.random.default_rng(1).normal(size=5000).cumsum() * 3 + 1000
    noisy = with_noise(values, share=0.5, seed=2, start=1000)
    np.testing.assert_array_equal(noisy[:1000], values[:1000])
    noise = (noisy - values)[1000:]
    assert noise.std() == pytest.approx(0.5 * np.diff(values[:1000]).std(), rel=0.05)
    np.testing.assert_allclose(with_noise(values, share=1.0, seed=2, start=1000)[1000:] - values[1000:], 2 * noise)
    changed = np.concatenate([values[:1000], 9 * values[1000:]])  # changes after the start do not affect the noise
    np.testing.assert_allclose((with_noise(changed, 0.5, seed=2, start=1000) - changed)[1000:], noise)


def test_a_larger_share_removes_the_same_values_and_more():
    values = np.arange(100.0)
    some, more = (with_gaps(values, share, seed=3, start=20) for share in (0.1, 0.5))
    assert np.isnan(some).sum() == 8 and np.isnan(more).sum() == 40 and not np.isnan(more[:20]).any()
    assert np.isnan(more[np.isnan(some)]).all()
    known = ~np.isnan(more)
    np.testing.assert_array_equal(more[known], values[known])
    np.testing.assert_array_equal(with_gaps(values, 0.0), values)
    assert not np.array_equal(np.isnan(with_gaps(values, 0.1, seed=4, start=20)), np.isnan(some))
