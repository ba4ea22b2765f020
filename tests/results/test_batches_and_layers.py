"""The two runs of lesson 10: what they show, and that the scripts still produce it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import both_sides, vowel_speakers
from lstm_course.tasks import vowels


@pytest.fixture(scope="module")
def speakers():
    return results.load("vowel_speakers")


@pytest.fixture(scope="module")
def sides():
    return results.load("both_sides")


@pytest.fixture(scope="module")
def parts():
    return vowels.speech()


# --- vowel_speakers ---------------------------------------------------------------------------------------------


def test_reading_the_padding_costs_accuracy_and_a_wider_array_costs_more(speakers):
    last, padding, longer = (speakers[name] for name in ("last_accuracy", "padding_accuracy", "padding_longer"))
    assert last.mean() - padding.mean() > 0.05 and padding.std() > 5 * last.std()
    assert (longer < padding).all() and longer.mean() < padding.mean() - 0.2
    assert np.abs(last - last.mean()).max() < 0.015


def test_a_second_layer_does_not_help_and_buckets_do_not_hurt(speakers):
    mean = {kind: speakers[f"{kind}_accuracy"].mean() for kind in vowel_speakers.SETTINGS["kinds"]}
    assert mean["stacked"] <= mean["last"] + 0.005 and abs(mean["bucketed"] - mean["last"]) < 0.005
    assert mean["both"] > mean["last"] > mean["frames"]


def test_the_learning_rates_were_chosen_on_validation_data(speakers):
    for kind in vowel_speakers.SETTINGS["tuned"]:
        means = speakers[f"{kind}_validation"].mean(axis=1)
        assert speakers[f"{kind}_rate"] == vowel_speakers.SETTINGS["learning_rates"][means.argmax()]


def test_a_carried_state_does_no_harm_in_the_order_of_the_file_only(speakers):
    in_file, shuffled = speakers["last_carried"].T
    assert abs(in_file.mean() - speakers["last_accuracy"].mean()) < 0.02
    assert (in_file > speakers["last_accuracy"]).sum() == 4
    assert shuffled.max() < 0.9 < in_file.min()


def test_the_script_still_trains_as_the_stored_run_did(speakers, parts):
    train, test = parts
    net = vowel_speakers.fit("last", 4, speakers["last_rate"].item(), train)
    assert vowel_speakers.accuracy(net, test) == pytest.approx(speakers["last_accuracy"][4], abs=0.03)
    assert vowel_speakers.accuracy(net, test, 60) == vowel_speakers.accuracy(net, test)
    shuffled = np.random.default_rng(0).permutation(370)
    assert vowel_speakers.carried_accuracy(net, test, shuffled) < 0.92


@pytest.mark.parametrize("kind", ["last", "both", "stacked"])
def test_an_answer_does_not_depend_on_the_batch(kind, parts):
    test = parts[1]
    torch.manual_seed(0)
    net = vowel_speakers.Speaker(kind).eval()
    some = test._replace(frames=test.frames[:5], speakers=test.speakers[:5])
    together = vowel_speakers.probabilities(net, some, 40)
    for k in range(5):
        one = test._replace(frames=test.frames[k : k + 1], speakers=test.speakers[k : k + 1])
        alone = vowel_speakers.probabilities(net, one, len(test.frames[k]))
        np.testing.assert_allclose(together[k], alone[0], atol=1e-5)


def test_the_loss_of_all_frames_is_the_mean_over_the_valid_ones(parts):
    train = parts[0]
    torch.manual_seed(0)
    net = vowel_speakers.Speaker("frames").train()
    net.dropout.p = 0.0
    x, lengths = vowel_speakers.padded(train.frames[:3], 29)
    speakers = torch.tensor(train.speakers[[0, 40, 80]])
    loss = vowel_speakers.loss_of(net, x, lengths, speakers)
    losses = []
    for each, speaker in zip(train.frames[:3], speakers, strict=True):
        logits = net.output(net.lstm(torch.tensor(each[None]))[0][0])
        losses += [-row.log_softmax(dim=0)[speaker] for row in logits]
    torch.testing.assert_close(loss, torch.stack(losses).mean())


def test_buckets_hold_each_index_once_and_similar_lengths(parts):
    lengths = parts[0].lengths
    batches = vowel_speakers.buckets(lengths, 30, np.random.default_rng(0))
    assert sorted(np.concatenate(batches).tolist()) == list(range(270))
    assert max(np.ptp(lengths[rows]) for rows in batches) <= 8
    longest = [lengths[rows].max() for rows in batches]
    assert longest != sorted(longest)


def test_what_is_held_out_is_six_of_each_speaker(parts):
    rest, held = vowel_speakers.held_out(parts[0])
    assert np.bincount(held.speakers).tolist() == [6] * 9 and len(rest.frames) == 216
    assert not {id(each) for each in rest.frames} & {id(each) for each in held.frames}


# --- both_sides -------------------------------------------------------------------------------------------------


def test_only_networks_in_which_the_directions_meet_learn_the_tags(sides):
    best = {
        kind: sides[f"{kind}_accuracy"][sides[f"{kind}_accuracy"].mean(axis=1).argmax()] for kind in both_sides.KINDS
    }
    assert best["two"].min() > 0.99
    assert (best["head"] > 0.99).sum() == 8
    assert best["one"].max() < 0.6 and best["forward"].max() < 0.6


def test_the_networks_are_of_similar_size(sides):
    assert sides["weights"].min() == 2234 and sides["weights"].max() == 2718


def test_the_tags_follow_the_rule():
    x, tags, blank = both_sides.batch(50, np.random.default_rng(3))
    assert not blank[:, [0, -1]].any() and (x.sum(axis=2) == ~blank).all()
    for marks, row, is_blank in zip(x, tags, blank, strict=True):
        for t in np.flatnonzero(is_blank):
            before = max(s for s in range(t) if marks[s].any())
            after = min(s for s in range(t + 1, len(marks)) if marks[s].any())
            assert row[t] == (marks[before] == marks[after]).all()


def test_the_script_still_learns_the_tags(sides):
    assert both_sides.train("two", 5, 0.01)[1] > 0.99
