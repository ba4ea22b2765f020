"""Flow from the weather: the split, the score, the written-down columns, and the LSTM."""

import numpy as np
import pytest
import torch
from sklearn.metrics import r2_score

from lstm_course.forecasting import runoff
from lstm_course.forecasting.runoff_lstm import RunoffLSTM
from lstm_course.tasks import catchment

RIVER = catchment.simulated(years=4)
TRAINING = RIVER.years(2002, 2003)


def small(**options):
    return RunoffLSTM(**({"hidden_size": 6, "steps": 4, "batch_size": 8, "chunk": 40, "warm_up": 20} | options))


def test_the_parts_follow_one_another_and_share_no_day():
    parts = runoff.split(catchment.fulda(), validation=1, judged=3)
    days = [catchment.fulda().dates[part] for part in parts]
    assert [(str(part[0]), str(part[-1])) for part in days] == [
        ("1980-01-01", "1984-12-31"),
        ("1985-01-01", "1985-12-31"),
        ("1986-01-01", "1988-12-31"),
    ]
    with pytest.raises(ValueError, match="^river: wanted at least 5 years, to leave one to train on, got 4"):
        runoff.split(RIVER, validation=1, judged=2)


def test_the_efficiency_is_the_r2_of_scikit_learn():
    rng = np.random.default_rng(0)
    actual, predicted = rng.normal(size=50), rng.normal(size=50)
    assert runoff.nse(actual, predicted) == pytest.approx(r2_score(actual, predicted))
    assert runoff.nse(actual, np.full(50, actual.mean())) == pytest.approx(0)
    with pytest.raises(ValueError, match="^actual: wanted values that differ, got 1.0 only"):
        runoff.nse([1, 1], [1, 2])


def test_a_difference_of_efficiencies_is_that_of_the_scores_and_its_interval_covers_it():
    rng = np.random.default_rng(0)
    actual = rng.normal(size=1000)
    one, other = (actual + noise * rng.normal(size=(3, 1000)) for noise in (0.3, 0.5))
    found = runoff.efficiency_difference(actual, one, other, block=30)
    scores = [np.mean([runoff.nse(actual, predicted) for predicted in some]) for some in (one, other)]
    assert found.difference == pytest.approx(scores[0] - scores[1])
    assert 0.1 < found.low < found.difference < found.high < 0.23
    back = runoff.efficiency_difference(actual, other, one, block=30)
    np.testing.assert_allclose([back.difference, back.low, back.high], [-found.difference, -found.high, -found.low])


def test_windows_hold_the_days_up_to_today():
    weather = np.arange(20.0).reshape(10, 2)
    found = runoff.windows(weather, 3)
    assert found.shape == (10, 6)
    for day in range(2, 10):
        assert found[day].tolist() == weather[day - 2 : day + 1].ravel().tolist()
    assert found[0].tolist() == 3 * weather[0].tolist()


def test_sums_are_those_of_the_last_days():
    table = runoff.sums(RIVER.weather, RIVER.dates)
    assert table.shape == (len(RIVER), 28)
    day = 700
    assert table[day, :7].tolist() == RIVER.rain[day - 6 : day + 1][::-1].tolist()
    assert table[day, 7:10].tolist() == RIVER.temperature[day - 2 : day + 1][::-1].tolist()
    for k, days in enumerate(runoff.SPANS):
        last = slice(day - days + 1, day + 1)
        expected = RIVER.rain[last].sum(), RIVER.temperature[last].mean()
        np.testing.assert_allclose(table[day, 10 + 2 * k : 12 + 2 * k], expected)
    np.testing.assert_allclose((table[:, -2:] ** 2).sum(axis=1), 1)


def test_no_column_knows_a_later_day():
    later = RIVER.weather.copy()
    later[800:] = 5.0
    for table in (lambda w: runoff.windows(w, 30), lambda w: runoff.sums(w, RIVER.dates), runoff.with_snow):
        np.testing.assert_array_equal(table(later)[:800], table(RIVER.weather)[:800])


def test_the_store_of_snow_is_that_of_the_simulation():
    made = catchment.stores(RIVER.rain, RIVER.temperature)
    np.testing.assert_allclose(runoff.with_snow(RIVER.weather)[:, 0], made.snow)
    water = runoff.with_snow(RIVER.weather)
    np.testing.assert_allclose(water[:, 3:][1:], runoff.KEPT * water[:, 3:][:-1] + water[1:, 2:3])


def test_the_network_equals_torch_written_out():
    network = small().fit(RIVER.weather, RIVER.flow, TRAINING)
    known, flow = RIVER.weather[TRAINING], RIVER.flow[TRAINING]
    x = torch.tensor((RIVER.weather - known.mean(axis=0)) / known.std(axis=0), dtype=torch.float32)
    with torch.no_grad():
        y, (_, c) = network.model.lstm(x[None, :50])
        predicted = (y @ network.model.output.weight.T + network.model.output.bias)[0, :, 0].numpy()
    np.testing.assert_allclose(network.predict(RIVER.weather)[:50], predicted * flow.std() + flow.mean(), rtol=1e-4)
    np.testing.assert_allclose(network.cells(RIVER.weather)[49], c[0, 0], atol=1e-5)


def test_what_it_says_depends_on_the_days_read_and_on_no_later_one():
    network = small().fit(RIVER.weather, RIVER.flow, TRAINING)
    other = RIVER.weather.copy()
    other[:990], other[1001:] = 0, 9
    one, same = (network.predict_reading(weather, [1000], 11)[0] for weather in (RIVER.weather, other))
    assert one == pytest.approx(same)
    assert one == pytest.approx(network.predict(RIVER.weather[990:1001])[-1], rel=1e-5)
    np.testing.assert_allclose(network.predict(other[:1000])[:990], network.predict(other)[:990], rtol=1e-4)


def test_the_judged_days_have_no_part_in_the_training():
    other, flow = RIVER.weather.copy(), RIVER.flow.copy()
    other[TRAINING.stop :], flow[TRAINING.stop :] = 7, 100
    one = small().fit(RIVER.weather, RIVER.flow, TRAINING).predict(RIVER.weather[:500])
    np.testing.assert_array_equal(small().fit(other, flow, TRAINING).predict(RIVER.weather[:500]), one)


def test_validation_keeps_the_best_weights_and_the_seed_decides():
    validation = RIVER.years(2004, 2004)
    network = small(steps=60).fit(RIVER.weather, RIVER.flow, TRAINING, validation)
    assert len(network.history.validation.steps) == 3 and network.history.best_step in (20, 40, 60)
    again = small(steps=60).fit(RIVER.weather, RIVER.flow, TRAINING, validation)
    other = small(steps=60, seed=1).fit(RIVER.weather, RIVER.flow, TRAINING, validation)
    np.testing.assert_array_equal(network.predict(RIVER.weather), again.predict(RIVER.weather))
    assert not np.array_equal(network.predict(RIVER.weather), other.predict(RIVER.weather))


@pytest.mark.slow
def test_it_learns_the_flow_of_a_catchment_without_snow():
    warm = RIVER.temperature + 40
    flow = catchment.stores(RIVER.rain, warm).flow
    weather = np.column_stack([RIVER.rain, warm])
    network = RunoffLSTM(hidden_size=16, chunk=120, warm_up=60, steps=150).fit(weather, flow, TRAINING)
    predicted = network.predict(weather)
    judged = RIVER.years(2004, 2004)
    assert runoff.nse(flow[judged], predicted[judged]) > 0.8


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: small(warm_up=40), "warm_up: wanted a whole number from 0 to 39, got 40"),
        (lambda: small().fit(RIVER.weather, RIVER.flow[:9], TRAINING), "flow: wanted shape "),
        (lambda: small(chunk=3000).fit(RIVER.weather, RIVER.flow, TRAINING), "training: wanted at least 3000 days "),
        (lambda: small().fit(RIVER.weather, RIVER.flow, slice(0, 1)), "training: wanted days on which weather and "),
        (lambda: runoff.sums(RIVER.weather, RIVER.dates[:5]), "dates: wanted shape "),
        (lambda: runoff.with_snow(RIVER.weather, melt=0), "melt: wanted a number above 0, got 0"),
        (
            lambda: small().fit(RIVER.weather, RIVER.flow, TRAINING).predict_reading(RIVER.weather, [5], 10),
            "days: wanted at least 9 days before each, got 5",
        ),
    ],
)
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


def test_an_untrained_network_says_so():
    with pytest.raises(RuntimeError, match="^forecast: LSTM has not been fitted yet"):
        small().predict(RIVER.weather)
