"""The stored forecasts: that the code still produces them, and what lesson 15 reads from them."""

import numpy as np
import pytest

from lstm_course import results
from lstm_course.forecasting import paired_difference
from lstm_course.results import forecasting as runs

STORED = results.load("forecasting")
SERIES = runs.NAMES[:3]
QUICK = [(name, method) for name in SERIES for method in ("last", "naive", "ar", "ridge", "neighbours")]


def mae(name, method, **which):
    return runs.forecasts(STORED, name, method, **which).mae()


@pytest.mark.parametrize("name", SERIES)
def test_every_origin_of_the_judged_part_is_stored_with_what_came(name):
    values, setting = runs.values_of(name).values, runs.SETTINGS[name]
    origins = STORED[f"{name}_origins"]
    assert origins[0] == len(values) - setting["judged"] and (np.diff(origins) == 1).all()
    assert origins[-1] + setting["horizon"] == len(values)
    for step in range(setting["horizon"]):
        np.testing.assert_allclose(STORED[f"{name}_actual"][:, step], values[origins + step], rtol=1e-6)
    assert STORED[f"{name}_lstm"].shape == (10, len(origins), setting["horizon"])


@pytest.mark.parametrize("name", SERIES)
def test_validation_ends_before_the_judged_part_begins(name):
    validation, judged = (runs.origins_of(name, part) for part in ("validation", "judged"))
    assert validation[-1] + runs.SETTINGS[name]["horizon"] == judged[0]
    for method in runs.SETTINGS[name]["methods"]:
        scores = STORED[f"{name}_{method}_validation"]
        assert len(scores) == len(runs.candidates(name, method))
        assert scores.argmin() == STORED[f"{name}_{method}_chosen"]


@pytest.mark.parametrize("name, method", QUICK)
def test_a_method_with_the_chosen_setting_still_forecasts_what_is_stored(name, method):
    found = runs.run(name, runs.method_of(name, method, runs.chosen(STORED, name, method)))
    assert found.mae() == pytest.approx(mae(name, method), rel=0.01)


@pytest.mark.slow
def test_an_lstm_scores_like_the_stored_ones():
    method = runs.method_of("co2", "lstm", runs.chosen(STORED, "co2", "lstm"), seed=0)
    assert runs.run("co2", method).mae() == pytest.approx(mae("co2", "lstm", seed=0), rel=0.15)


def test_the_average_of_the_networks_is_a_method_of_its_own():
    average = runs.forecasts(STORED, "co2", "lstm")
    each = [runs.forecasts(STORED, "co2", "lstm", seed=seed) for seed in range(10)]
    np.testing.assert_allclose(average.forecast, np.mean([one.forecast for one in each], axis=0))
    assert average.mae() < np.mean([one.mae() for one in each])  # by the triangle inequality


def test_on_carbon_dioxide_the_networks_tie_with_the_ridge_and_a_window_network_is_ahead():
    of = {method: runs.forecasts(STORED, "co2", method) for method in runs.SETTINGS["co2"]["methods"]}
    each = [mae("co2", "lstm", seed=seed) for seed in range(10)]
    assert mae("co2", "ridge") < min(each) and max(each) < 0.85 * mae("co2", "drift") < 0.4 * mae("co2", "naive")
    tie = paired_difference(of["lstm"], of["ridge"])
    assert tie.low < 0 < tie.high and abs(tie.mean) < 0.04
    assert mae("co2", "window_network") < min(mae("co2", "lstm"), mae("co2", "ridge"))
    assert paired_difference(of["boosting"], of["lstm"]).low > 0.02


def test_what_was_best_in_validation_need_not_be_best_afterwards():
    best = {method: STORED[f"co2_{method}_validation"].min() for method in runs.SETTINGS["co2"]["methods"]}
    assert min(best, key=best.get) == "ar" and mae("co2", "ar") > 1.3 * mae("co2", "ridge")


def test_nothing_forecasts_the_prices_and_an_lstm_on_prices_does_far_worse():
    for method in ("growth", "ridge", "neighbours", "lstm"):
        assert mae("stocks", method) > 0.97 * mae("stocks", "last")
    assert min(mae("stocks", "lstm_prices", seed=seed) for seed in range(10)) > 1.3 * mae("stocks", "last")
    rises = STORED["stocks_actual"] > STORED["stocks_last"]
    assert rises.mean() == pytest.approx(80 / 135)
    found = [((said > STORED["stocks_last"]) == rises).mean() for said in STORED["stocks_lstm"]]
    assert max(found) <= rises.mean() + 0.02  # always saying "up" is as good


def test_prices_are_those_of_the_file_and_their_errors_in_percent():
    from lstm_course.tasks import series
    from lstm_course.tasks.series.measured import COMPANIES

    months = STORED["stocks_origins"]
    assert str(np.datetime64("2000-01", "M") + int(months[0])) == "2008-01" and len(months) == 27
    for column, company in enumerate(COMPANIES):
        price = series.stock(company).values
        np.testing.assert_allclose(STORED["stocks_actual"][:, column], price[-27:], rtol=1e-6)
        np.testing.assert_allclose(STORED["stocks_last"][:, column], price[-28:-1], rtol=1e-6)
    last, came = STORED["stocks_last"].astype(float), STORED["stocks_actual"]
    assert mae("stocks", "last") == pytest.approx(100 * np.abs(last / came - 1).mean())


def test_an_unknown_series_is_refused():
    with pytest.raises(ValueError, match="^name: wanted one of co2, .*, got 'gold'$"):
        runs.values_of("gold")
