"""The two worked reports of lesson 20: what the stored run shows, and that the script still produces it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import capstone
from lstm_course.tasks import seattle_days

SETTINGS = capstone.SETTINGS


@pytest.fixture(scope="module")
def stored():
    return results.load("capstone")


@pytest.fixture(scope="module")
def rain():
    return capstone.Rain()


def test_the_stored_settings_are_those_of_today(stored):
    assert stored.meta["settings"] == SETTINGS
    assert stored["tried_lstm"].shape == (len(capstone.grid("lstm")), len(SETTINGS["tuning_seeds"]))


def test_windows_end_the_day_before_and_are_scaled_by_what_is_known(rain):
    days = seattle_days.seattle_days()
    measured = days.features[:, 0]
    x, y, new_x, new_y = rain.parts(3, rain.choose, rain.judge)
    known = measured[: days.start_of(2014)]
    np.testing.assert_allclose(x[0, :, 0], (measured[11:14] - known.mean()) / known.std())
    np.testing.assert_allclose(new_x[0, -1, 0], (known[-1] - known.mean()) / known.std())
    np.testing.assert_array_equal(new_y, days.features[731:1096, 2] > 0)
    assert len(x) == len(y) == 731 - 14


def test_a_smoothed_day_is_the_mean_of_the_days_around_it(rain):
    both, past = capstone.smoothed(rain.table, 1, 1), capstone.smoothed(rain.table, 2, 0)
    np.testing.assert_allclose(both[100], rain.table[99:102].mean(axis=0))
    np.testing.assert_allclose(past[101], both[100])
    np.testing.assert_allclose(both[-1], rain.table[-2:].mean(axis=0))


def test_the_planted_rule(rain):
    wind = rain.table[:, 3]
    median = np.median(wind[: rain.judge])
    rule = capstone.planted(rain)
    for t in range(2, 50):
        assert rule[t] == (bool(wind[t - 1] > median) + bool(wind[t - 2] > median) == 1)


def test_the_network_ties_with_the_regression(stored):
    actual, regression = stored["rain_actual"], stored["rain_regression"]
    each = capstone.brier(stored["rain_lstm"], actual)
    usual = capstone.brier(stored["rain_usual"], actual)
    assert each.max() < 0.19 < usual - 0.04 and abs(each.mean() - capstone.brier(regression, actual)) < 0.008
    difference = (stored["rain_lstm"] - actual) ** 2 - (regression - actual) ** 2
    low, high = capstone.two_way_interval(difference)
    assert -0.012 < low < 0 < high < 0.016


def test_the_controls(stored):
    assert stored["planted_lstm"].min() > stored["planted_regression"] + 0.1
    assert np.ptp(stored["windows_lstm"].mean(axis=1)) < 0.003
    centred, trailing, measured = stored["leak_lstm"]
    yesterday = 0.704
    assert centred.min() > 0.83 and trailing.mean() < yesterday and abs(measured.mean() - yesterday) < 0.02
    assert stored["leak_regression"][0] > centred.max() > 0.86 > stored["leak_regression"][1] + 0.1


def test_on_the_five_projects_networks_come_near_the_simple_method(stored):
    for name, project in capstone.capstone.PROJECTS.items():
        trivial, rival, *lstms = stored[f"project_{name}"]
        assert max(lstms) < (1 + project.slack) * rival < trivial


def test_the_interval_covers_days_and_seeds():
    rng = np.random.default_rng(0)
    noise = rng.normal(size=300)
    same = np.tile(noise, (5, 1))  # all seeds alike: the days alone
    low, high = capstone.two_way_interval(same, block=1)
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(300), rel=0.1)
    seeds = np.repeat(rng.normal(size=8)[:, None], 300, axis=1)  # all days alike: the seeds alone
    low, high = capstone.two_way_interval(seeds, block=1)
    assert high - low == pytest.approx(2 * 1.96 * seeds[:, 0].std() / np.sqrt(8), rel=0.15)
    weeks = np.repeat(rng.normal(size=(1, 50)), 7, axis=1)[:, :300]
    wide, narrow = (np.ptp(capstone.two_way_interval(weeks, block=block)) for block in (7, 1))
    assert wide > 1.7 * narrow


def test_the_script_still_gives_what_is_stored(stored, rain):
    torch.set_num_threads(1)
    found = capstone.predicted("regression", rain, capstone.chosen(stored, "regression"), rain.judge, 1461)[0]
    np.testing.assert_allclose(found, stored["rain_regression"], atol=1e-3)
    setting = capstone.chosen(stored, "lstm")
    network = capstone.predicted("lstm", rain, setting, rain.judge, 1461, seeds=[0, 0, 1])
    np.testing.assert_array_equal(network[0], network[1])
    np.testing.assert_allclose(network[0], stored["rain_lstm"][0], atol=0.05)
    assert abs(capstone.brier(network[2], stored["rain_actual"]) - 0.183) < 0.01
    error = capstone.project_error("vowels", 0)
    assert error == pytest.approx(stored["project_vowels"][2], abs=0.03)
