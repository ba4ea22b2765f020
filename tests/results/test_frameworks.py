"""The models of lesson 09: what the stored run shows, and that the script still produces it."""

import os

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import frameworks, memory_horizon
from lstm_course.scratch import LSTM
from lstm_course.tasks import recall, series, world_names

SETTINGS = frameworks.SETTINGS


@pytest.fixture(scope="module")
def stored():
    return results.load("frameworks")


@pytest.fixture(scope="module")
def weather():
    return frameworks.Weather()


@pytest.fixture(scope="module")
def words():
    return [frameworks.tensors(part) for part in world_names.load()]


# --- weather ----------------------------------------------------------------------------------------------------


def test_a_window_ends_today_and_its_target_is_tomorrow(weather):
    warmest = series.seattle("temp_max").values
    x, y = weather.windows("judge", 3)
    assert x.shape == (365, 3, 10)
    np.testing.assert_allclose(weather.degrees("judge", y), 0, atol=1e-5)
    got = x[:, :, 0] * weather.scale[0] + weather.mean[0]
    days = len(warmest) - 366 + np.arange(365)  # from 31 December 2014
    np.testing.assert_allclose(got, warmest[days[:, None] + [-2, -1, 0]], atol=1e-4)
    np.testing.assert_allclose(weather.degrees("judge", 0 * y), warmest[days + 1] - weather.centre, atol=1e-4)
    assert weather.parts["train"].max() < weather.parts["choose"].min() and len(weather.parts["choose"]) == 365


def test_nothing_is_scaled_with_days_after_the_training(weather):
    first = series.seattle("temp_max").values[:731]  # 2012 and 2013
    assert (weather.mean[0], weather.scale[0]) == pytest.approx((first.mean(), first.std()))


def test_the_rivals_are_as_stored(stored, weather):
    errors, window = frameworks.ridge_errors(weather)
    np.testing.assert_allclose(errors, stored["weather_ridge"], atol=1e-3)
    assert window == stored["weather_window"]
    today = np.diff(series.seattle("temp_max").values)[-365:]
    np.testing.assert_allclose(stored["weather_today"], today, atol=1e-9)


def test_the_script_still_trains_the_regressor(stored, weather):
    tried = stored["weather_tried"].mean(axis=2)
    rate, updates = np.unravel_index(tried.argmin(), tried.shape)
    updates = SETTINGS["weather_updates"][updates]
    model, _ = frameworks.fit_weather(weather, 1, SETTINGS["weather_rates"][rate], updates)
    error = np.abs(frameworks.weather_errors(weather, model, "judge")).mean()
    assert error == pytest.approx(np.abs(stored["weather_errors"][1]).mean(), rel=0.03)


# --- words ------------------------------------------------------------------------------------------------------


def test_order_matters_and_counting_groups_wins(stored):
    letters, lstm, groups = (stored[name].mean() for name in ("words_letters", "words_right", "words_groups"))
    assert letters + 0.1 < stored["words_right"].mean(axis=1).min() and lstm + 0.05 < groups
    assert lstm < stored["words_votes"] < groups


def test_counts_of_letters_know_nothing_of_order(stored):
    parts = world_names.load()
    right, _ = frameworks.counted(parts, 1)
    assert abs(right.mean() - stored["words_letters"].mean()) < 0.03  # other versions of Babel name other things
    mixed = [
        part._replace(words=tuple("".join(np.random.default_rng(0).permutation(list(word))) for word in part.words))
        for part in parts
    ]
    changed = frameworks.counted(mixed, 1)[0] != right
    assert (
        changed.mean() < 0.02
    )  # the same counts, added up in another order, so that a close decision may fall otherwise


def test_the_script_still_trains_the_classifier(stored, words):
    tried = stored["words_tried"]
    _, shares = frameworks.fit_words(words[0], frameworks.Guesser, 2, 0.0, 150, [150], words[1])
    assert shares[0] == pytest.approx(tried[0, 0, 2], abs=0.04)


def test_every_fault_changes_the_answers_and_only_the_right_model_reads_the_last_letter(words):
    ids, lengths = words[2][0][:9], words[2][1][:9]
    torch.manual_seed(0)
    right = frameworks.Guesser().eval()
    alone = torch.cat([right(ids[n : n + 1, : lengths[n]], lengths[n : n + 1]) for n in range(9)])
    torch.testing.assert_close(right(ids, lengths), alone, rtol=0, atol=1e-5)
    for kind in frameworks.FAULTS.values():
        faulty = kind().eval()
        faulty.load_state_dict(right.state_dict())
        assert not torch.allclose(faulty(ids, lengths), alone, atol=1e-3)


# --- starts -----------------------------------------------------------------------------------------------------


def test_the_forget_bias_decides_what_is_learned(stored):
    learned = dict(zip(SETTINGS["starts"], (stored["starts"] == 1).sum(axis=1), strict=True))
    assert max(learned["torch"], learned["keras_zero"]) == 0
    assert min(learned["torch_one"], learned["keras"]) >= 6


def test_the_starts_are_those_of_the_libraries(monkeypatch):
    monkeypatch.setitem(os.environ, "KERAS_BACKEND", "torch")
    H = memory_horizon.SETTINGS["hidden_size"]
    layers = {kind: frameworks.start(kind, 3)[0] for kind in SETTINGS["starts"]}
    biases = {kind: (each.bias_ih_l0 + each.bias_hh_l0).detach().reshape(4, H) for kind, each in layers.items()}
    assert biases["keras"].tolist() == [[0] * H, [1] * H, [0] * H, [0] * H]
    assert not biases["keras_zero"].any() and biases["torch"].abs().max() < 2 / H**0.5
    torch.testing.assert_close(biases["torch_one"] - biases["torch"], biases["keras"])
    for kinds in (("torch", "torch_one"), ("keras", "keras_zero")):
        one, two = (layers[kind] for kind in kinds)
        assert torch.equal(one.weight_ih_l0, two.weight_ih_l0) and torch.equal(one.weight_hh_l0, two.weight_hh_l0)
    recurrent = layers["keras"].weight_hh_l0.detach()  # (4H, H), with orthonormal columns
    torch.testing.assert_close(recurrent.T @ recurrent, torch.eye(H), rtol=0, atol=1e-5)
    assert layers["keras"].weight_ih_l0.shape == LSTM(len(recall.SYMBOLS), H).parameters["weight_ih_l0"].shape
