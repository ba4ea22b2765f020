"""The stored forecasts: that the code still produces them, and what lesson 15 reads from them."""

import numpy as np
import pytest

from lstm_course import results
from lstm_course.results import forecasting as runs

STORED = results.load("forecasting")


@pytest.mark.parametrize("name", runs.NAMES)
def test_the_simple_methods_still_give_what_is_stored(name):
    season = runs.values_of(name).season
    for short, method in runs.simple_methods(name, season).items():
        # Holt-Winters is fitted by an optimiser, which ends at slightly different values on another machine.
        tolerance = 0.02 if short == "holt_winters" else 1e-6
        assert runs.simple(name, method).mae() == pytest.approx(float(STORED[f"{name}_{short}"]), rel=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("name, way, key", [("co2", "direct", "co2_lstm"), ("co2", "residual", "co2_residual")])
def test_an_lstm_scores_like_the_stored_ones(name, way, key):
    _, forecasts = runs.lstm(name, seed=0, way=way)
    assert forecasts.mae() == pytest.approx(STORED[key][0], rel=0.1)


def test_on_carbon_dioxide_no_lstm_beats_the_ridge_and_each_beats_the_naive_rules():
    ridge, drift = STORED["co2_ridge"], STORED["co2_drift"]
    assert (STORED["co2_lstm"] > ridge).all() and (STORED["co2_lstm"] < drift).all()
    np.testing.assert_allclose(STORED["co2_lstm_by_step"].mean(axis=1), STORED["co2_lstm"])
    assert np.median(STORED["co2_feedback"]) > np.median(STORED["co2_lstm"])


def test_no_method_beats_the_last_price_by_more_than_chance_and_a_cue_can_be_used():
    others = [STORED[f"price_{short}"] for short in ("naive", "drift", "holt_winters", "ar", "ridge")]
    assert min(*others, np.median(STORED["price_lstm"])) > 0.98 * STORED["price_last"]
    assert STORED["cue_holt_winters"] < 0.95 * STORED["cue_last"]


def test_in_the_room_with_a_thermostat_every_lstm_wins():
    simple = [STORED[f"room_{short}"] for short in ("last", "ar", "ridge")]
    assert (STORED["room_lstm"] < 0.9 * min(simple)).all()


@pytest.mark.parametrize("kind", ["noise", "gaps"])
def test_a_disturbed_series_is_forecast_worse(kind):
    assert STORED[kind][0] == 0
    for short in ("drift", "holt_winters", "ar", "ridge"):
        errors = STORED[f"{kind}_{short}"]
        assert errors[0] == pytest.approx(float(STORED[f"co2_{short}"])) and errors[-1] > 1.2 * errors[0]
    np.testing.assert_allclose(STORED[f"{kind}_lstm"][:, 0], STORED["co2_lstm"])
    assert (STORED[f"{kind}_lstm"][:, -1] > STORED[f"{kind}_lstm"][:, 0]).all()


def test_an_unknown_series_is_refused():
    with pytest.raises(ValueError, match="^name: wanted one of co2, .*, got 'gold'$"):
        runs.values_of("gold")
