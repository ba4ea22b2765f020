"""The stored flow of two rivers: that the scripts still produce it, and what lesson 15 reads from it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.forecasting.runoff import efficiency_difference, nse
from lstm_course.results import rainfall_runoff as runs

STORED = results.load("rainfall_runoff")
each_river = pytest.mark.parametrize("name", runs.NAMES)


def efficiency(name, method):
    return nse(STORED[f"{name}_actual"], STORED[f"{name}_{method}"])


def of_networks(name):
    actual, predicted = STORED[f"{name}_actual"], STORED[f"{name}_lstm"]
    return np.array([nse(actual, each) for each in predicted]), nse(actual, predicted.mean(axis=0))


@each_river
def test_what_is_judged_are_the_last_years(name):
    here, judged = runs.river(name), runs.split(name).judged
    assert judged.stop == len(here)
    np.testing.assert_allclose(STORED[f"{name}_actual"], here.flow[judged], atol=1e-3)
    assert STORED[f"{name}_lstm"].shape == (10, judged.stop - judged.start)


@each_river
@pytest.mark.parametrize("method", ["season", "ridge", "neighbours"])
def test_a_rival_still_says_what_is_stored(name, method):
    setting = runs.candidates(method)[int(STORED[f"{name}_{method}_chosen"])]
    predicted, parts = runs.rival(name, method, setting), runs.split(name)
    scores = STORED[f"{name}_{method}_validation"]
    assert scores.argmax() == STORED[f"{name}_{method}_chosen"]
    flow, stored = runs.river(name).flow, efficiency(name, method)
    assert nse(flow[parts.validation], predicted[parts.validation]) == pytest.approx(scores.max(), abs=1e-3)
    assert nse(flow[parts.judged], predicted[parts.judged]) == pytest.approx(stored, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["boosting_windows", "boosting_sums", "boosting_snow", "window_network"])
def test_a_learner_still_scores_about_what_is_stored(method):
    setting = runs.candidates(method)[int(STORED[f"fulda_{method}_chosen"])]
    predicted = runs.rival("fulda", method, setting)[runs.split("fulda").judged]
    assert nse(STORED["fulda_actual"], predicted) == pytest.approx(efficiency("fulda", method), abs=0.03)


@pytest.mark.slow
def test_a_network_begins_like_the_stored_ones():
    """Rounding grows with each update, so only the score is compared, and loosely."""
    torch.set_num_threads(1)
    network = runs.lstm("fulda", seed=0, steps=120)
    predicted = network.predict(runs.river("fulda").weather)[runs.split("fulda").judged]
    assert nse(STORED["fulda_actual"], predicted) == pytest.approx(of_networks("fulda")[0].mean(), abs=0.15)


@each_river
def test_the_networks_beat_what_reads_raw_windows_and_not_a_hand_written_store_of_snow(name):
    each, average = of_networks(name)
    assert each.std() < 0.06 and average > each.mean() + 0.01
    for method in ("season", "ridge", "neighbours", "window_network"):
        assert (each > efficiency(name, method)).all()
    assert (each > efficiency(name, "boosting_windows")).sum() >= 9
    assert (each < efficiency(name, "boosting_snow")).all()


@each_river
def test_with_sums_over_a_year_boosting_ties_with_the_average_of_the_networks(name):
    actual, predicted = STORED[f"{name}_actual"], STORED[f"{name}_lstm"].mean(axis=0)
    found = efficiency_difference(actual, predicted, STORED[f"{name}_boosting_sums"])
    assert found.low < 0 < found.high and abs(found.difference) < 0.03


def test_the_simulated_networks_need_months_of_weather_and_the_river_needs_weeks():
    read = dict(zip(STORED["reading"].tolist(), STORED["simulated_reading"].T, strict=True))
    means = {days: scores.mean() for days, scores in read.items()}
    assert means[7] < 0.4 < means[30] < 0.6 < means[60] < means[180] and abs(means[365] - means[180]) < 0.03
    measured = dict(zip(STORED["reading"].tolist(), STORED["fulda_reading"].mean(axis=0), strict=True))
    assert measured[7] < 0.3 and measured[30] > 0.7


def test_snow_that_nobody_showed_can_be_read_from_trained_cells():
    snow = STORED["snow"]
    trained, untrained = ([nse(snow, read) for read in STORED[name]] for name in ("snow_read", "snow_untrained"))
    assert min(trained) > 0.83 and max(untrained) < 0.8 and np.mean(untrained) < 0.7
    assert 0.4 < nse(snow, STORED["snow_season"]) < 0.55
    here, judged = runs.river("simulated"), runs.split("simulated").judged
    np.testing.assert_allclose(snow, here.snow[judged], atol=1e-3)


def test_rain_in_the_frost_is_held_back_and_most_of_it_is_never_returned():
    """The networks delay it as they should, but do not keep account of it."""
    cold, warm = (STORED[f"{kind}_lstm"] for kind in ("cold", "warm"))
    assert STORED["cold_true"][:60].sum() < 0.1 and STORED["cold_true"].sum() > 40
    assert np.abs(cold[:, :10].sum(axis=1)).mean() < 3 and cold.sum(axis=1).mean() < 10
    assert warm[:, :10].sum(axis=1).mean() == pytest.approx(STORED["warm_true"][:10].sum(), rel=0.15)


def test_a_name_that_is_no_river_is_refused():
    with pytest.raises(ValueError, match="^name: wanted one of simulated, fulda, got 'rhine'"):
        runs.river("rhine")
