"""Series: known properties of the measured and simulated ones, gaps, and invalid values."""

import subprocess
import sys

import numpy as np
import pytest

from lstm_course.tasks import series
from lstm_course.tasks.series import Series, gaps

NAN = np.nan


def test_the_parts_of_a_series_do_not_load_what_only_some_need():
    script = "import sys, lstm_course.tasks.series; print(*({'statsmodels', 'pandas', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_weekly_co2_is_that_of_statsmodels_with_its_gaps():
    weeks = series.co2("week")
    assert (len(weeks), weeks.gaps, weeks.season, weeks.step, weeks.unit) == (2284, 59, 52, "week", "ppm")
    assert str(weeks.dates[0]) == "1958-03-29" and weeks.dates.dtype == "datetime64[D]"
    assert weeks.values[:3].tolist() == [316.1, 317.3, 317.6] and not weeks.simulated
    assert set(np.diff(weeks.dates).astype(int)) == {7}


def test_a_month_of_co2_is_the_mean_of_its_weeks():
    weeks, months = series.co2("week"), series.co2()
    assert (len(months), months.season, months.step) == (526, 12, "month")
    of = weeks.dates.astype("datetime64[M]")
    for date, value in zip(months.dates, months.values, strict=True):
        within = weeks.values[of == date.astype("datetime64[M]")]
        known = within[~np.isnan(within)]
        assert value == pytest.approx(known.mean()) if len(known) else np.isnan(value)


def test_sunspots_are_yearly():
    years = series.sunspots()
    assert (len(years), years.gaps, years.season, years.step) == (309, 0, 11, "year")
    assert str(years.dates[0]) == "1700-01-01" and str(years.dates[-1]) == "2008-01-01"
    assert years.values[-3:].tolist() == [15.2, 7.5, 2.9]


def test_the_weather_of_seattle_is_that_of_the_file():
    days = series.seattle()
    assert (len(days), days.gaps, days.season, days.step, days.unit) == (1461, 0, 365, "day", "°C")
    assert str(days.dates[0]) == "2012-01-01" and str(days.dates[-1]) == "2015-12-31"
    assert days.values[[0, 1, -1]].tolist() == [12.8, 10.6, 5.6] and not days.simulated
    assert series.seattle("temp_min").values[[0, -1]].tolist() == [5.0, -2.1]
    assert series.seattle("precipitation").values[1] == 10.9 and series.seattle("wind").values[0] == 4.7
    assert (series.seattle("temp_min").values <= days.values).all()


def test_the_prices_of_five_companies_are_monthly_and_have_no_jump_where_shares_were_split():
    for company, months, last in (("MSFT", 123, 28.8), ("GOOG", 68, 560.19), ("AAPL", 123, 223.02)):
        price = series.stock(company)
        assert (len(price), price.gaps, price.season, price.unit) == (months, 0, 0, "dollars")
        assert price.values[-1] == last and not price.simulated
        assert set(np.diff(price.dates.astype("datetime64[M]")).astype(int)) == {1}
        assert str(price.dates[-1]) == "2010-03-01"
        assert price.values[1:].min() > 0 and np.diff(np.log(price.values)).min() > np.log(0.4)


def test_a_random_walk_has_changes_that_nothing_predicts():
    walk = series.random_walk(5000, start=50, deviation=0.2, seed=3)
    changes = np.diff(np.log(walk.values))
    assert walk.values[0] == 50 and walk.simulated and "imulated" in walk.name
    assert changes.std() == pytest.approx(0.2, rel=0.03) and abs(changes.mean()) < 0.01
    assert abs(np.corrcoef(changes[1:], changes[:-1])[0, 1]) < 0.04
    np.testing.assert_array_equal(walk.values, series.random_walk(5000, start=50, deviation=0.2, seed=3).values)


def test_gaps_are_filled_by_straight_lines_and_the_source_says_how_many():
    made = Series("own", [NAN, 1.0, NAN, NAN, 4.0, NAN], source="Measured.")
    filled = made.filled()
    assert filled.values.tolist() == [1, 1, 2, 3, 4, 4] and made.gaps == 4 and filled.gaps == 0
    assert filled.source == "Measured. 4 of 6 values were missing and are filled by straight lines."
    assert filled.filled() is filled


def test_until_leaves_the_rest_out():
    made = series.co2()
    early = made.until(100)
    assert len(early) == len(early.dates) == 100 and early.unit == "ppm"
    np.testing.assert_array_equal(early.values, made.values[:100])


@pytest.mark.parametrize(
    "values, got",
    [([1.0, np.inf], "inf at index (1,)"), ([NAN, -np.inf], "-inf"), ([[1.0, NAN]], "(1, 2)"), ([NAN], "1 gaps"),
     (["1", "2"], "list of type <U1"), ([1, None], "list of type object"), (None, "None"), ([], "(0,)"),
     ([[1], [1, 2]], "rows of different length")],
)  # fmt: skip
def test_what_is_no_series_is_refused(values, got):
    with pytest.raises(ValueError, match="^values: wanted ") as raised:
        Series("own", values)
    assert got in str(raised.value)
    with pytest.raises(ValueError, match="^x: wanted "):
        gaps.with_gaps("x", values)


def test_the_values_of_a_series_are_its_own():
    given = np.array([1.0, 2.0])
    made = Series("own", given)
    given[0] = 9
    assert made.values.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match=r"^dates: wanted shape \(2,\), got \(3,\)"):
        Series("own", [1.0, 2.0], dates=np.arange(3).astype("datetime64[D]"))


def test_too_short_says_what_is_needed():
    made = Series("own", np.arange(40.0))
    assert made.needs(30, 10) is made
    with pytest.raises(ValueError, match="^values: wanted at least 48 steps, for a window of 36 and a horizon of 12, "):
        made.needs(36, 12)
    with pytest.raises(ValueError, match="^stop: wanted a whole number from 1 to 40, got 41"):
        made.until(41)
    with pytest.raises(ValueError, match="^step: wanted 'week' or 'month', got 'day'"):
        series.co2("day")
    with pytest.raises(ValueError, match="^column: wanted one of temp_max, .*, got 'snow'"):
        series.seattle("snow")
    with pytest.raises(ValueError, match="^company: wanted one of AAPL, .*, got 'XYZ'"):
        series.stock("XYZ")
    with pytest.raises(ValueError, match="^deviation: wanted a number above 0, got 0"):
        series.random_walk(deviation=0)
