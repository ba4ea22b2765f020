"""Ten numbers a day: against the series of the same file, and against the calendar."""

import numpy as np
import pytest

from lstm_course.tasks import common, series
from lstm_course.tasks.seattle_days import KINDS, MEASURED, seattle_days


@pytest.fixture(scope="module")
def days():
    return seattle_days()


def test_the_measured_columns_are_those_of_the_series(days):
    for k, name in enumerate(MEASURED):
        single = series.seattle(name)
        np.testing.assert_array_equal(days.features[:, k], single.values)
        np.testing.assert_array_equal(days.dates, single.dates)
    np.testing.assert_array_equal(days.warmest, days.features[:, 0])


def test_a_day_has_at_most_one_kind_of_weather_and_the_others_are_sunny(days):
    kinds = days.features[:, 4:8]
    assert set(np.unique(kinds)) == {0, 1} and kinds.sum(axis=1).max() == 1
    assert 0.3 < (kinds.sum(axis=1) == 0).mean() < 0.7
    snow = days.features[:, days.names.index("snow")] == 1
    assert days.features[snow, 1].mean() < days.features[~snow, 1].mean() - 5  # °C, of the coldest hour
    assert len(days.names) == days.features.shape[1] == len(MEASURED) + len(KINDS) + 2


def test_the_season_is_a_circle_that_closes_after_a_year(days):
    season = days.features[:, -2:]
    np.testing.assert_allclose((season**2).sum(axis=1), 1)
    np.testing.assert_allclose(season[0], [0, 1])
    assert np.abs(season[days.start_of(2013)] - season[0]).max() < 0.02
    assert str(days.dates[days.start_of(2015)]) == "2015-01-01"


def test_it_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(common, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="pip install vega-datasets"):
        seattle_days()
