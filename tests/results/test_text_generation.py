"""The stored runs of lesson 12: figures that the lesson reads, and a small part computed again."""

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from lstm_course import results
from lstm_course.baselines.ngram import NGram
from lstm_course.results import agreement as verbs
from lstm_course.results import comedies
from lstm_course.tasks import agreement, plays


@pytest.fixture(scope="module")
def stored():
    return results.load("comedies")


@pytest.fixture(scope="module")
def stored_verbs():
    return results.load("agreement")


def test_settings_are_those_of_the_modules(stored, stored_verbs):
    assert stored.meta["settings"] == comedies.SETTINGS and stored_verbs.meta["settings"] == verbs.SETTINGS
    assert stored["lstm_bits"].shape == (3,) and stored_verbs["lstm_right"].shape == (10, 9)


# --- comedies ---------------------------------------------------------------------------------------------------


def test_n_grams_are_tuned_on_validation_text_and_come_out_again(stored):
    weights = np.array(comedies.SETTINGS["weights"])
    assert (stored["ngram_weight"] == weights[stored["ngram_validation"].argmin(axis=1)]).all()
    parts = comedies.text()
    model = NGram(3, plays.CHARACTERS, stored["ngram_weight"][2]).fit([parts.train])
    assert model.log_loss([parts.held_out]).bits == pytest.approx(stored["ngram_bits"][2], abs=1e-6)


def test_one_lstm_is_level_with_order_5_and_its_average_with_the_n_gram_beats_both(stored):
    assert (stored["lstm_bits"] < stored["ngram_bits"][3] - 0.1).all()
    assert (np.abs(stored["lstm_bits"] - stored["ngram_bits"][4]) < 0.03).all()
    best = stored["ngram_bits"].min()
    assert (stored["lstm_bits"] > best + 0.02).all() and best == stored["ngram_bits"][5]
    assert abs(stored["lstm_together"] - best) < 0.02 and (stored["mixed"] < best - 0.02).all()


def test_the_stored_network_has_the_stored_bits_and_unit(stored):
    parts, model = comedies.text(), comedies.network()
    text = comedies.whole_lanes(parts.held_out[:20_000])
    log_p, cells = comedies.read(model, plays.encode(text))
    assert comedies.bits(log_p, plays.encode(text)) == pytest.approx(stored["lstm_bits"][0], abs=0.1)
    area = roc_auc_score(plays.in_direction(text), cells[:, stored["unit"][0]].numpy())
    assert max(area, 1 - area) == pytest.approx(stored["unit_confirmed"][0], abs=0.03)


def test_areas_are_those_of_scikit_learn():
    rng = np.random.default_rng(0)
    values, inside = rng.normal(size=(300, 4)), rng.random(300) < 0.2
    values[:, 1] += inside
    wanted = [roc_auc_score(inside, column) for column in values.T]
    assert comedies.areas(values, inside) == pytest.approx(wanted)
    assert comedies.best_unit(values, inside)[0] == 1
    assert comedies.best_unit(-values, inside)[0] == 1


def test_the_unit_is_confirmed_and_no_untrained_unit_is_as_good(stored):
    assert (stored["unit_confirmed"] > 0.93).all() and (stored["untrained_confirmed"] < 0.9).all()
    assert (np.abs(stored["unit_found"] - stored["unit_confirmed"]) < 0.03).all()


def test_holding_the_unit_changes_directions_and_holding_others_does_not(stored):
    outside, inside = stored["held"][:, 1, 1], stored["held"][:, 2, 0]
    others = stored["held_others"].max(axis=1)
    assert (outside > 2 * others[:, 1]).all() and (inside > 5 * others[:, 0]).sum() == 2


def test_loose_ends_of_shakespeare_are_few_and_each_kind_is_counted():
    assert comedies.loose_ends(plays.encode(plays.load().held_out)[None]).max() < 1
    for text, ends in (("A_\n\n", [1, 0]), ("_A\n\n", [0, 1]), ("_A_ B, _C_\n\n", [0, 0]), ("_A _B_\n\n", [0, 1])):
        assert comedies.loose_ends(plays.encode(text)[None]) * len(text) / 1000 == pytest.approx(ends)


def test_a_short_training_lowers_the_bits_and_repeats_itself():
    ids = plays.encode(plays.load(["twelfth-night"]).train[:30_000])
    page, bits = ids[:4000], []
    for updates in (0, 40, 40):
        model = comedies.start(hidden_size=16)
        if updates:
            comedies.fit(model, ids, updates)
        bits.append(comedies.bits(comedies.read(model, page)[0], page))
    assert bits[1] < bits[0] - 1 and bits[1] == bits[2]


def test_the_bits_are_the_cross_entropy_of_each_lane():
    model, ids = comedies.start(hidden_size=8), plays.encode("What country, friends, is this? " * 20)
    lanes = torch.tensor(ids).view(comedies.SETTINGS["reading_lanes"], -1)
    with torch.no_grad():
        logits = model.eval()(lanes)[0][:, :-1]
    wanted = torch.nn.functional.cross_entropy(logits.flatten(0, 1), lanes[:, 1:].flatten()).item() / np.log(2)
    assert comedies.bits(comedies.read(model, ids)[0], ids) == pytest.approx(wanted, rel=1e-5)


def test_a_held_unit_changes_the_text_and_a_free_one_follows_the_seed():
    model = comedies.start(hidden_size=8)
    free = comedies.generate(model, 3, 40, seed=1)
    assert free.shape == (3, 40) and (free == comedies.generate(model, 3, 40, seed=1)).all()
    assert (free != comedies.generate(model, 3, 40, unit=2, value=30.0, seed=1)).any()


# --- agreement --------------------------------------------------------------------------------------------------


def test_lstms_learned_it_and_some_plain_networks_did(stored_verbs):
    assert stored_verbs["lstm_right"].min() > 0.9
    plain = stored_verbs["rnn_right"][:, 8]
    assert (plain > 0.98).sum() == 6 and plain[plain < 0.9].max() < 0.53 and plain.min() > 0.22


def test_n_grams_follow_the_nearest_nouns(stored_verbs):
    assert (stored_verbs["ngram_right"][:, 0] > 0.85).all()
    assert (stored_verbs["ngram_right"][:, 1:] < 0.45).all()
    assert np.abs(stored_verbs["last_noun"][:, 1:] - 0.5).max() < 0.1


def test_the_judged_sentences_begin_unlike_the_training_sentences():
    made, _, judged = verbs.data(0)
    known = {agreement.text_of(row[:at]) for row, at in zip(made.x, made.verb, strict=True)}
    for (k, _), new in judged.items():
        beginnings = {agreement.text_of(row[:at]) for row, at in zip(new.x, new.verb, strict=True)}
        assert len(new.x) == verbs.SETTINGS["count"] and (k == 0 or not known & beginnings)


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_a_network_starts_and_learns_from_the_same_sentences(kind):
    made = agreement.sentences(64, [0, 1], seed=0)
    model = verbs.start(kind, seed=0)
    before = verbs.loss(model, made.x).item()
    verbs.fit(model, made.x, updates=15)
    assert verbs.loss(model, made.x).item() < before - 0.5
    assert verbs.verb_scores(model, made).shape == (64, len(agreement.WORDS))
