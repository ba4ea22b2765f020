"""Networks as forecasters: the three ways of the LSTM, what they train and validate on, and seeds."""

import numpy as np
import pytest
import torch

from lstm_course import nets
from lstm_course.forecasting import LastValue, SeasonalNaive, origins_every, rolling_origin
from lstm_course.forecasting.lstm import WAYS, LSTMForecast, WindowNetworkForecast

torch.set_num_threads(1)
T = np.arange(160)
SEASONAL = 50 + 0.2 * T + 4 * np.sin(T * np.pi / 6) + 0.3 * np.random.default_rng(0).normal(size=160)
every_way = pytest.mark.parametrize("way", WAYS)


def small(way="direct", **changes):
    return LSTMForecast(
        **{"window": 14, "horizon": 4, "hidden_size": 4, "way": way, "season": 12, "steps": 6} | changes
    )


@every_way
def test_the_same_seed_gives_the_same_forecasts_whatever_was_drawn_before(way):
    torch.manual_seed(1)
    one = small(way, seed=3).fit(SEASONAL)
    torch.rand(5)
    state = torch.get_rng_state()
    same = small(way, seed=3).fit(SEASONAL)
    assert torch.equal(torch.get_rng_state(), state)
    other = small(way, seed=4).fit(SEASONAL)
    forecasts = [method.forecast(SEASONAL, 4) for method in (one, same, other)]
    np.testing.assert_array_equal(forecasts[0], forecasts[1])
    assert not np.array_equal(forecasts[0], forecasts[2])
    np.testing.assert_array_equal(one.fit(SEASONAL).forecast(SEASONAL, 4), forecasts[0])  # trains from the start


@every_way
def test_many_origins_at_once_are_those_one_by_one(way):
    method = small(way).fit(SEASONAL[:120])
    origins = origins_every(160, 120, 4, 9)
    found = method.forecast_many(SEASONAL, origins)
    np.testing.assert_allclose(found, rolling_origin(SEASONAL, method, origins, 4, refit_every=0).forecast, atol=1e-4)
    changed = SEASONAL.copy()
    changed[origins[1] :] = -1e6
    np.testing.assert_allclose(method.forecast_many(changed, origins)[:2], found[:2], atol=1e-4)
    assert method.forecast_many(SEASONAL, [160]).shape == (1, 4)  # what has not come yet


@every_way
def test_level_and_unit_make_no_difference(way):
    plain = small(way).fit(SEASONAL).forecast(SEASONAL, 4)
    other = 1000 + 7 * SEASONAL
    found = small(way).fit(other).forecast(other, 4)
    np.testing.assert_allclose((found - 1000) / 7, plain, rtol=1e-4)


def test_feeding_back_reaches_any_horizon_and_begins_the_same():
    method = small("feedback").fit(SEASONAL)
    assert method.model.horizon == 1
    far = method.forecast(SEASONAL, 30)
    np.testing.assert_allclose(far[:4], method.forecast(SEASONAL, 4))
    one = method.forecast(SEASONAL, 1)
    np.testing.assert_allclose(method.forecast(np.append(SEASONAL, one), 1), far[1], rtol=1e-5)


def silent(method):
    """The same network, with an output of zero for every input."""
    for parameter in method.model.output.parameters():
        torch.nn.init.zeros_(parameter)
    return method


@pytest.mark.parametrize(
    "way, simple", [("direct", LastValue()), ("feedback", LastValue()), ("residual", SeasonalNaive(12, drift=True))]
)
def test_a_network_whose_output_is_zero_leaves_the_simple_forecast(way, simple):
    method = silent(small(way).fit(SEASONAL))
    np.testing.assert_allclose(method.forecast(SEASONAL, 4), simple.forecast(SEASONAL, 4))


@every_way
def test_training_does_not_depend_on_the_validation_part(way, monkeypatch):
    seen = {}
    train = nets.train

    def remember(model, batches, *rest, **options):
        seen["batches"] = list(batches)
        return train(model, seen["batches"], *rest, **options)

    monkeypatch.setattr(nets, "train", remember)
    scales, drawn = [], []
    later = SEASONAL.copy()
    later[136:] += 100 * np.random.default_rng(1).normal(size=24)  # the last 15 % of 160
    for values in (SEASONAL, later):
        scales.append(small(way).fit(values).scale)
        drawn.append(seen["batches"])
    assert scales[0] == scales[1] and len(drawn[0]) == 6
    for one, other in zip(*drawn, strict=True):
        for part, same in zip(one, other, strict=True):
            assert torch.equal(part, same)


@pytest.mark.parametrize("kind", [LSTMForecast, WindowNetworkForecast])
def test_a_network_that_keeps_the_level_reads_standardised_windows(kind):
    method = kind(14, 4, hidden_size=4, steps=6, relative=False).fit(SEASONAL)
    known = SEASONAL[:136]  # without the last 15 % of 160
    window = torch.tensor((SEASONAL[-14:] - known.mean()) / known.std(), dtype=torch.float32)
    with torch.no_grad():
        predicted = method.model(window[None, :, None])[0, :, 0].numpy()
    np.testing.assert_allclose(method.forecast(SEASONAL, 4), known.mean() + known.std() * predicted, rtol=1e-5)


def test_the_window_network_is_trained_as_the_lstm_is_and_equals_its_two_layers_written_out(monkeypatch):
    drawn, train = {}, nets.train

    def remember(model, batches, *rest, **options):
        batches = list(batches)
        drawn[type(model)] = batches, rest[1:], {name: options[name] for name in ("validate_every", "patience")}
        return train(model, batches, *rest, **options)

    monkeypatch.setattr(nets, "train", remember)
    network = WindowNetworkForecast(14, 4, hidden_size=4, steps=6).fit(SEASONAL)
    small().fit(SEASONAL)
    (one, *rest), (other, *same) = drawn.values()
    assert rest == same
    for batch, twin in zip(one, other, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(batch, twin, strict=True))
    (W1, b1), (W2, b2) = ([parameter.detach().numpy() for parameter in network.model[k].parameters()] for k in (1, 3))
    window, last = SEASONAL[-14:], SEASONAL[-1]
    hidden = np.tanh(W1 @ ((window - last) / network.scale) + b1)
    np.testing.assert_allclose(network.forecast(SEASONAL, 4), last + network.scale * (W2 @ hidden + b2), rtol=1e-5)
    assert network.name == "window network on 14 steps"


def test_it_stops_when_the_validation_no_longer_gets_better():
    noise = np.random.default_rng(0).normal(size=160)
    history = small(steps=3000, learning_rate=0.05, hidden_size=8).fit(noise).history
    assert history.stopped_early and history.best_step < len(history.losses) <= 3000
    assert (np.diff(history.validation.steps) == 20).all()


def test_a_straight_line_can_be_trained_on():
    line = np.arange(60.0)
    np.testing.assert_array_equal(np.isfinite(small().fit(line).forecast(line, 4)), True)


@pytest.mark.slow
@every_way
def test_it_learns_a_clean_season_with_a_trend(way):
    clean = 50 + 0.2 * T + 4 * np.sin(T * np.pi / 6) + 2 * np.sin(T * np.pi / 7.3)
    origins = origins_every(160, 130, 4, 2)
    method = LSTMForecast(24, 4, way=way, season=12, steps=500)
    found = rolling_origin(clean, method, origins, 4).mae()
    for simple in (LastValue(), SeasonalNaive(12, drift=True)):
        assert found < 0.5 * rolling_origin(clean, simple, origins, 4).mae()


@pytest.mark.parametrize(
    "call, sentence",
    [
        (lambda: small("both"), "way: wanted one of direct, feedback, residual, got 'both'"),
        (
            lambda: small("feedback", relative=False),
            "relative: wanted True unless all steps are predicted at once, got",
        ),
        (lambda: small("residual", season=0), "season: wanted a whole number of at least 1, got 0"),
        (lambda: small(validation_share=0), "validation_share: wanted a number above 0, got 0"),
        (lambda: small(validation_share=1), "validation_share: wanted a number from 0 to below 1, got 1"),
        (lambda: small(learning_rate=0), "learning_rate: wanted a number above 0, got 0"),
        (lambda: small(window=0), "window: wanted a whole number of at least 1, got 0"),
        (lambda: small().fit(SEASONAL[:20]), "values: wanted at least 18 steps to train on and 4 to validate, got 17 "),
        (lambda: small().fit([1.0, np.nan]), "values: wanted finite numbers, got nan"),
        (lambda: small().fit(SEASONAL).forecast(SEASONAL, 5), "horizon: wanted a whole number from 1 to 4, got 5"),
        (lambda: small().fit(SEASONAL).forecast(SEASONAL[:13], 4), "past: wanted at least 14 steps before each origin"),
        (lambda: small().fit(SEASONAL).forecast_many(SEASONAL, [161]), "origins: wanted whole numbers from 0 to 160"),
        (lambda: small().fit(SEASONAL).forecast_many(SEASONAL, [13]), "past: wanted at least 14 steps before each "),
    ],
)
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)
