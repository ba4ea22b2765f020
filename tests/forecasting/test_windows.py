"""Windows with their targets, at the ends and around gaps, and scaling by the training part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.forecasting import Scaler, pairs, windows

NAN = np.nan


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(data=st.data(), T=st.integers(2, 25), window=st.integers(1, 8), horizon=st.integers(1, 6))
def test_every_complete_window_of_the_part_is_returned_once(data, T, window, horizon):
    start = data.draw(st.integers(0, T - 1))
    stop = data.draw(st.integers(start + 1, T))
    missing = data.draw(st.sets(st.integers(0, T - 1), max_size=3))
    values = np.arange(100.0, 100 + T)
    values[list(missing)] = NAN
    origins = [o for o in range(T + 1) if o - window >= start and o + horizon <= stop]
    whole = [o for o in origins if not missing & set(range(o - window, o + horizon))]
    if not whole or np.isnan(values).all():
        with pytest.raises(ValueError, match="^values: wanted "):
            pairs(values, window, horizon, start, stop)
        return
    found = pairs(values, window, horizon, start, stop)
    assert found.origins.tolist() == whole and found.left_out == len(origins) - len(whole)
    for x, y, o in zip(found.x, found.y, whole, strict=True):
        assert x.tolist() == list(range(100 + o - window, 100 + o))
        assert y.tolist() == list(range(100 + o, 100 + o + horizon))
    outside = values.copy()
    outside[:start] = outside[stop:] = 1e9  # is never touched
    again = pairs(outside, window, horizon, start, stop)
    np.testing.assert_array_equal(again.x, found.x)
    np.testing.assert_array_equal(again.y, found.y)


def test_pairs_are_copies():
    values = np.arange(5.0)
    found = pairs(values, 2, 1)
    found.x[...] = found.y[...] = 9
    assert values.tolist() == [0, 1, 2, 3, 4] and found.x.flags.owndata and found.y.flags.owndata


@pytest.mark.parametrize(
    "given, sentence",
    [
        (dict(window=8, horizon=3), "values: wanted at least 11 steps, for a window of 8 and a horizon of 3, got 10 "),
        (dict(window=3, horizon=2, start=6), "values: wanted at least 5 steps, for a window of 3 and a horizon of 2, "
         "got 4 (from 6 to 10)"),
        (dict(window=3, horizon=1, start=3, stop=8), "values: wanted a window without gaps, got 2 that all have one"),
        (dict(window=0, horizon=1), "window: wanted a whole number of at least 1, got 0"),
        (dict(window=1, horizon=1.0), "horizon: wanted a whole number of at least 1, got 1.0"),
        (dict(window=1, horizon=1, stop=11), "stop: wanted a whole number from 1 to 10, got 11"),
        (dict(window=1, horizon=1, start=5, stop=4), "start: wanted a whole number from 0 to 4, got 5"),
        (dict(window=1, horizon=1, values=[[1.0]]), "values: wanted shape (T), got (1, 1)"),
    ],
)  # fmt: skip
def test_bad_input_is_explained_in_one_sentence(given, sentence):
    values = np.array([0, 1, 2, 3, 4, NAN, 6, 7, 8, 9])
    with pytest.raises(ValueError) as raised:
        windows.pairs(**{"values": values, **given})
    assert str(raised.value).startswith(sentence)


def test_a_scaler_uses_its_own_values_only():
    values = np.array([2.0, NAN, 4.0, 6.0])
    scaler = Scaler(values)
    assert scaler.mean == 4 and scaler.deviation == pytest.approx(np.sqrt(8 / 3))
    later = np.array([[100.0, -3.0], [4.0, 0.0]])
    np.testing.assert_allclose(scaler.undo(scaler.apply(later)), later, atol=1e-12)
    difference = scaler.apply(later[0]) - scaler.apply(later[1])
    np.testing.assert_allclose(scaler.undo_difference(difference), later[0] - later[1])
    values[0] = 99
    assert scaler.mean == 4


@pytest.mark.parametrize("values", [[3.0], [0.1] * 7, [NAN, 5.0, 5.0]])
def test_a_constant_series_has_no_scale(values):
    with pytest.raises(ValueError, match="^values: wanted values that differ, got "):
        Scaler(values)
