"""Translators with and without attention: what the stored run shows, and that the script still produces it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import translation
from lstm_course.tasks import translation as task


@pytest.fixture(scope="module")
def stored():
    return results.load("translation")


def means(stored, name):
    return stored[f"{name}_exact"].mean(axis=1)


def small(kind, seed=0):
    """An untrained model, a few pairs and their symbols."""
    pairs = task.numbers(12, seed)
    symbols = task.Symbols(pairs.sources), task.Symbols(pairs.targets)
    torch.manual_seed(seed)
    return translation.Model(kind, *map(len, symbols), 6, 8).eval(), pairs, symbols


def test_the_settings_are_those_of_the_script(stored):
    settings = stored.meta["settings"]
    assert settings["base"] == translation.BASE and settings["rivals"] == translation.RIVALS
    assert settings["runs"] == {name: list(run) for name, run in translation.RUNS.items()}
    for name, (*_, changes) in translation.RUNS.items():
        seeds = len((translation.BASE | changes)["seeds"])
        assert stored[f"{name}_exact"].shape == (seeds, translation.HELD_OUT)


def test_attention_carries_over_and_both_fit_their_training_pairs(stored):
    with_attention, without = (means(stored, f"numbers_{kind}") for kind in ("attention", "plain"))
    assert with_attention.min() > without.max() + 0.1
    assert stored["numbers_plain_train"].min() > 0.98 and stored["numbers_attention_train"].min() > 0.98


def test_the_output_follows_the_attention(stored):
    looked, followed, even = stored["numbers_attention_hands"].T
    assert followed.min() > 0.97 and even.max() < 0.12 and 0.7 < looked.min() and np.median(looked) > 0.97


def test_a_mistake_is_followed_by_others_without_attention(stored):
    own, true = stored["numbers_plain_after"].T
    assert (own > 2 * true).all()


def test_a_beam_finds_likelier_outputs_and_few_more_right_ones(stored):
    for name in ("numbers_plain", "numbers_attention", "dates_plain", "dates_attention"):
        right, likelier, greedy_lost, beam_lost = stored[f"{name}_beam"].mean(axis=0)
        assert -0.002 <= right - means(stored, name).mean() < 0.06
        assert greedy_lost < 0.3 and beam_lost < 0.02 and likelier < 0.3


def test_a_beam_of_one_is_greedy_and_a_wide_one_tries_everything():
    """Against all sequences of up to three symbols, scored under teacher forcing."""
    model, pairs, symbols = small("attention")
    source = pairs.sources[0]
    words, log_p = translation.translate(model, [source], symbols, 3, beam=2000)
    x = torch.tensor([symbols[0].encode(source)])
    K, best = len(symbols[1]), -np.inf
    with torch.no_grad():
        memory, state = model.encode(x)
        first = model.decode(torch.tensor([[task.START]]), memory, state)[0][0, 0].log_softmax(0)
        best = max(best, float(first[task.END]))
        y = torch.tensor([[task.START, a, b] for a in range(K) if a != task.END for b in range(K)])
        logits = model(x.expand(len(y), -1), y).log_softmax(2)
        for row, scores in zip(y, logits, strict=True):
            log = float(scores[0, row[1]] + scores[1, row[2]])
            best = max(best, log if row[2] == task.END else log + float(scores[2].max()))
    assert log_p[0] == pytest.approx(best, abs=1e-4)
    memory, state, y = *model.encode(x), [task.START]
    for _ in range(4):
        logits, state, _ = model.decode(torch.tensor([y[-1:]]), memory, state)
        y.append(int(logits.argmax()))
    assert translation.translate(model, [source], symbols, 4)[0][0] == symbols[1].decode(y[1:])


def test_greedy_is_right_exactly_where_every_forced_symbol_is():
    model, pairs, symbols = small("plain")
    train_on = translation.cut(pairs, range(6))
    translation.fit(model, train_on, symbols, updates=60)
    words, _ = translation.translate(model, pairs.sources, symbols, 14)
    wrong, _ = translation.forced(model, pairs, symbols)
    assert [a == b for a, b in zip(words, pairs.targets, strict=True)] == [not each.any() for each in wrong]


@pytest.mark.parametrize("kind", translation.KINDS)
def test_what_each_kind_sees_of_the_source(kind):
    """Blind sees nothing; a set of embeddings has no order; the others see words and their order."""
    model, _, _ = small(kind)
    x, y = torch.tensor([[3, 4, 5]]), torch.tensor([[1, 3, 4]])
    with torch.no_grad():
        whole, other, turned = model(x, y), model(torch.tensor([[3, 6, 5]]), y), model(x.flip(1), y)
    assert torch.allclose(whole, other) == (kind == "blind")
    assert torch.allclose(whole, turned, atol=1e-6) == (kind in ("blind", "embeddings"))


def test_edits_are_counted():
    for a, b, count in (("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 2), ("abc", "abc", 0)):
        assert translation.edits(a, b) == translation.edits(b, a) == count


def test_every_german_word_has_its_english_one():
    meaning = translation.counterparts()
    assert meaning["zwei"] == "two" and meaning["dreißig"] == "thirty" and meaning["eins"] == meaning["ein"] == "one"
    assert meaning["hundert"] == "hundred" and "und" not in meaning


def test_new_places_are_those_that_training_never_shows():
    train_pairs, held, _ = translation.data("new_place", 300, 0)
    assert all("thousand" in source[2:] for source in held.sources)
    assert not any("thousand" in source[2:] for source in train_pairs.sources)


@pytest.mark.slow
def test_a_random_split_would_not_show_that_new_places_fail(stored):
    """The same network, judged on further numbers of the kind that it was trained on."""
    train_pairs, further, symbols = translation.data("new_place", 500, 0, further=300)
    torch.manual_seed(0)
    model = translation.Model("attention", *map(len, symbols), 32, 64)
    translation.fit(model, train_pairs, symbols)
    words, _ = translation.translate(model, further.sources, symbols, 15)
    right = np.mean([a == b for a, b in zip(words, further.targets, strict=True)])
    assert right > 0.9 and means(stored, "new_place_attention").max() < 0.005


def test_further_pairs_are_neither_trained_on_nor_held_out():
    train_pairs, held, _ = translation.data("numbers", 200, 3)
    same, further, _ = translation.data("numbers", 200, 3, further=100)
    assert same == train_pairs and len(further.sources) == 100
    assert not set(further.sources) & (set(train_pairs.sources) | set(held.sources))


def test_the_script_starts_as_the_stored_run_did(stored):
    """The rival is quick and has no random start; a network trained for a moment shows that all measures work."""
    assert translation.examples(125, 0) == pytest.approx(stored["examples_125"][0], abs=0.01)
    model, pairs, symbols = small("attention", 1)
    history = translation.fit(model, pairs, symbols, updates=25)
    assert history.losses[-1] < history.losses[0]
    assert {*translation.judge(model, pairs, symbols)} == {"exact", "forced", "free", "after", "beam"}
