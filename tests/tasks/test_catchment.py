"""Catchments: known values of the measured one, and that the simulated one neither makes nor loses water."""

import numpy as np
import pytest

from lstm_course.tasks import catchment, common
from lstm_course.tasks.catchment import MELT


def test_the_fulda_is_that_of_the_file():
    river = catchment.fulda()
    assert (len(river), str(river.dates[0]), str(river.dates[-1])) == (3653, "1979-01-01", "1988-12-31")
    assert set(np.diff(river.dates).astype(int)) == {1} and not river.simulated and river.snow is None
    assert river.temperature[:3].tolist() == [-16.5, -15.35, -12.65]
    flow = river.flow * catchment.FULDA_AREA / 86.4  # back to m³/s
    np.testing.assert_allclose(flow[[0, 1, 2, -1]], [143, 110, 62.6, 30.5])
    assert flow.max() == pytest.approx(360) and river.rain.max() == 56.6
    assert 0.3 < river.flow.sum() / river.rain.sum() < 0.5
    assert river.weather.shape == (3653, 2) and river.weather[1].tolist() == [0.6, -15.35]


def test_no_water_is_made_or_lost():
    rng = np.random.default_rng(0)
    rain, temperature = rng.gamma(0.3, 8, 1000), rng.normal(2, 8, 1000)
    found = catchment.stores(rain, temperature, snow=3, fast=4, slow=5)
    stored = found.snow + found.fast + found.slow
    out = np.cumsum(found.flow + found.evaporation)
    np.testing.assert_allclose(stored + out, 12 + np.cumsum(rain), rtol=1e-12)
    assert all(part.min() >= 0 for part in found)


def test_snow_falls_in_frost_waits_and_melts_by_the_degree():
    days = catchment.stores([10, 5, 20, 0, 0, 0], [-3, -0.1, 0, 1, -1, 10], fast=0, slow=0)
    assert days.snow.tolist() == [10, 15, 15, 15 - MELT, 15 - MELT, 0]
    assert days.flow[:2].tolist() == [0, 0] and days.flow[2] == pytest.approx(0.2 * 20)
    assert days.slow[2] == pytest.approx(0.1 * 20)


def test_the_stores_drain_as_their_shares_say():
    dry = catchment.stores(np.zeros(50), np.full(50, -5.0), fast=0, slow=100)
    np.testing.assert_allclose(dry.flow, 1.5 * 0.985 ** np.arange(50))
    late = catchment.stores(np.append(30.0, np.zeros(99)), np.append(-5.0, np.full(99, -1.0)), fast=0, slow=0)
    assert late.flow.max() == 0 and late.snow[-1] == 30


def test_the_simulated_weather_is_as_described():
    river = catchment.simulated(years=60, seed=1)
    wet = river.rain > 0
    assert wet[1:][~wet[:-1]].mean() == pytest.approx(0.3, abs=0.02)
    assert wet[1:][wet[:-1]].mean() == pytest.approx(0.65, abs=0.02)
    assert river.rain[wet].mean() == pytest.approx(5.6, rel=0.05)
    year = river.temperature.reshape(60, 365).mean(axis=0)
    assert year.mean() == pytest.approx(4, abs=0.4) and (year.max() - year.min()) / 2 == pytest.approx(9, abs=1.5)
    assert abs(int(year.argmin()) - 20) < 25
    assert abs(np.corrcoef(river.rain, river.temperature)[0, 1]) < 0.05
    winters = river.snow.reshape(60, 365).max(axis=1)
    assert winters.std() > 0.2 * winters.mean() and winters.min() > 20  # some are mild, but all have snow


def test_a_simulated_catchment_follows_its_seed_and_its_stores_follow_its_weather():
    one, same, other = (catchment.simulated(years=3, seed=seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(one.flow, same.flow)
    assert not np.array_equal(one.flow, other.flow) and one.simulated and "imulated" in one.source
    assert len(one) == len(one.dates) == 3 * 365
    assert str(one.dates[0]) == "2001-01-01" and str(one.dates[-1]) == "2003-12-31"
    again = catchment.stores(one.rain[1:], one.temperature[1:], one.snow[0]).snow
    np.testing.assert_allclose(again, one.snow[1:])


def test_years_are_slices_of_days():
    river = catchment.fulda()
    days = river.dates[river.years(1980, 1981)]
    assert (str(days[0]), str(days[-1]), len(days)) == ("1980-01-01", "1981-12-31", 731)


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: catchment.simulated(years=0), "years: wanted a whole number of at least 1, got 0"),
        (lambda: catchment.stores([-1.0], [0.0]), "rain: wanted no negative numbers, got -1.0"),
        (lambda: catchment.stores([1.0], [0.0, 1.0]), "temperature: wanted shape "),
        (lambda: catchment.stores([1.0], [0.0], snow=-1), "snow: wanted a number of at least 0, got -1"),
        (lambda: catchment.simulated(years=1).years(2002, 2001), "last: wanted a whole number of at least 2002, got "),
        (lambda: catchment.simulated(years=1).years(1990, 1991), "first: wanted years from 2001-01-01 to 2001-12-31, "),
    ],
)
def test_what_does_not_fit_is_refused(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


def test_a_missing_package_is_named_with_the_way_to_install_it():
    with pytest.raises(ModuleNotFoundError, match="^wanted the package no-such-thing, .*pip install no-such-thing"):
        common.installed_file("no_such_thing", "data.csv")
    with pytest.raises(ModuleNotFoundError, match="^wanted the file data.csv in the package numpy, and the installed"):
        common.installed_file("numpy", "data.csv")
