"""Anomalies: what the stored run shows, and that the script still does what it did."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import anomalies, anomaly_networks, anomaly_pulse, anomaly_ward
from lstm_course.tasks import vital_signs, ward


@pytest.fixture(scope="module")
def stored():
    return results.load("anomalies")


@pytest.fixture(scope="module")
def signal():
    return vital_signs.standardised(vital_signs.pulse())


def test_the_settings_are_those_of_the_script(stored):
    assert stored.meta["settings"] == anomalies.SETTINGS
    assert stored["pulse_auc"].shape == (4, 6, 10) and stored["cards_ap"].shape == (2, 4, 10)
    assert stored["seen"].shape == (3, 10, 10) and len(stored["seeds"]) == 10


def test_for_each_event_a_rival_beats_the_lstm_in_every_run(stored):
    rival, lstm = stored["pulse_auc"][:3], stored["pulse_auc"][3]
    assert (rival > lstm).all(axis=2).any(axis=0).all()


def test_the_early_symptom_is_learned_by_asking_near_it_or_by_remembering_from_the_start(stored):
    solved = {name: (stored[f"ward_{name}"] > 0.95).sum() for name in anomaly_ward.WARD}
    assert solved["every_1"] == solved["near_1"] == solved["pattern_3"] == 10
    assert 2 <= solved["pattern_1"] <= 8 and solved["late_1"] < 6
    last_hours, whole = stored["ward_rivals"]
    assert last_hours.max() < 0.6 and whole.min() > 0.98


def test_the_candidate_that_predicts_best_makes_the_worst_detector(stored):
    assert stored["pulse_errors_lstm"].mean(axis=1).argmin() == stored["pulse_tried_lstm"].max(axis=1).argmin() == 3


def test_both_sides_were_tuned(stored):
    for name in anomaly_ward.WARD:
        assert stored[f"ward_tried_{name}"].shape == (3, 3)
    assert stored["pulse_tried_linear"].shape == (6, 5) and stored["pulse_tried_lstm"].shape == (4, 5)
    assert stored["cards_tried_lstm"].shape == stored["cards_tried_history"].shape == (2, 2, 2)


def test_the_rivals_on_the_pulse_come_out_again(stored, signal):
    judged = signal[vital_signs.JUDGED]
    each = anomaly_pulse.disturbed(judged, anomalies.SETTINGS["pulse"]["events"], 0)
    for row, method in ((0, "limits"), (1, "linear")):
        score = anomaly_pulse.smoothed(method, signal[vital_signs.CALM], *anomaly_pulse.chosen(method, stored), seed=0)
        areas = [anomaly_pulse.area(score(made.x), made) for made in each]
        np.testing.assert_allclose(areas, stored["pulse_auc"][row, :, 0], atol=0.01)


def test_errors_are_those_of_the_prediction_one_step_ahead(signal):
    network = anomaly_networks.seeded(lambda: anomaly_networks.Network(1, 4, 1), 0)
    x = signal[:50]
    errors = anomaly_pulse.errors(network, x)
    with torch.no_grad():
        h, _ = network.lstm(torch.tensor(x[:20], dtype=torch.float32)[None, :, None])
        predicted = x[19] + network.readout(h)[0, -1, 0].item()
    assert errors[0] == 0 and errors[20] == pytest.approx(abs(predicted - x[20]), abs=1e-5)


def test_the_cheapest_threshold_is_the_cheapest_of_a_search(signal):
    held = signal[vital_signs.HELD]
    series = anomaly_pulse.disturbed(held, 8, 3)[:2]
    score = anomaly_pulse.smoothed("linear", signal[vital_signs.CALM], 20, 10, 0)
    scores, cost = [score(made.x) for made in series], anomalies.SETTINGS["costs"]
    best, tried, costs = anomaly_pulse.cheapest(score(held), scores, series)
    by_hand = []
    for threshold in tried[::7]:
        false = len(vital_signs.alarms(score(held), threshold)) * 3600 * vital_signs.RATE / len(held)
        missed = [
            np.isnan(vital_signs.outcome(vital_signs.alarms(s, threshold), made)[0])
            for s, made in zip(scores, series, strict=True)
        ]
        by_hand.append(cost["false"] * false + cost["missed"] * cost["events_an_hour"] * np.mean(missed))
    np.testing.assert_allclose(costs[::7], by_hand)
    assert costs.min() == costs[tried == best][0]


def test_the_loss_asks_where_it_says_and_the_past_ends_at_the_pattern():
    made = ward.patients(20, 0)
    every, late, pattern = (anomaly_ward.asked(made, when) for when in ("every", "late", "pattern"))
    near = anomaly_ward.asked(made, "near")
    assert (near.sum(axis=1) == pattern.sum(axis=1) + 1).all() and near[np.arange(20), made.symptom + 8].all()
    assert every.all() and (late >= pattern).all() and (pattern == made.pattern).all() and not late[:, :50].any()
    n, t = np.argwhere(made.pattern)[0]
    rows = anomaly_ward.past(made, 96).reshape(-1, 96, 4)
    np.testing.assert_array_equal(rows[0, -1], made.x[n, t])
    np.testing.assert_array_equal(rows[0, 95 - t], made.x[n, 0])
    assert not rows[0, : 95 - t].any()


def test_movements_tie_and_features_win_where_they_were_written(stored):
    lstm, summaries, _ = stored["seen"].mean(axis=2)
    assert np.abs(lstm - summaries).max() < 0.15 and min(lstm[-1], summaries[-1]) > 0.9
    tested, ordered = stored["cards_ap"]
    assert (tested[2] > tested[3]).mean() >= 0.8 and (ordered[3] > ordered[2] + 0.2).all()
    alarms, lost = stored["cards_alarms"], stored["cards_lost"]
    assert (np.diff(alarms, axis=-1) >= 0).all() and (np.diff(lost, axis=-1) <= 1e-6).all()


@pytest.mark.slow
def test_a_network_that_is_asked_at_every_step_learns_again():
    network = anomaly_ward.watch(ward.patients(1000, 0), "every", 1.0, 0.01, seed=0, epochs=15)
    test = ward.patients(200, 997)
    assert anomaly_ward.at_pattern(anomaly_networks.answers(network, test.x), test) > 0.95
