"""Melodies, spelled numbers and the wake word: what the stored runs show, and that the scripts still produce it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import melodies, spoken_numbers, wake_word
from lstm_course.tasks import speech
from lstm_course.tasks.melodies import END, parts, songs

RUNS = {"melodies": melodies, "spoken_numbers": spoken_numbers, "wake_word": wake_word}


@pytest.fixture(scope="module")
def stored():
    return {name: results.load(name) for name in RUNS}


# --- melodies ---------------------------------------------------------------------------------------------------


def test_the_stored_composer_has_the_bits_that_were_stored(stored):
    _, _, _, held_out = melodies.data()
    now = melodies.by_song(melodies.of_each(melodies.network(), held_out[:40]), held_out[:40])
    assert np.allclose(now, stored["melodies"]["lstm"][0, :40], rtol=0.01)
    assert stored["melodies"]["notes"].tolist() == [len(tune) - 1 for tune in held_out]


def test_a_memory_gains_half_a_bit_for_every_model(stored):
    run, n = stored["melodies"], stored["melodies"]["notes"].sum()
    for name in ("ngram", "lstm", "together"):
        alone, with_it = (run[key].sum(axis=-1) / n for key in (name, f"{name}_memory"))
        assert 0.4 < (alone - with_it).min() and (alone - with_it).max() < 0.65
    assert (run["lstm"].sum(axis=1) < run["ngram"].sum()).all()
    assert (run["lstm_memory"].sum(axis=1) < run["ngram_memory"].sum()).all()


def test_the_mixture_of_a_few_songs_comes_out_as_stored(stored):
    notes, _, _, held_out = melodies.data()
    model, run, some = melodies.network(), stored["melodies"], held_out[:30]
    p, match = melodies.memories(some, len(notes))
    share = run["shares"][np.minimum(match, len(run["shares"]) - 1), 1]
    mixed = (1 - share) * melodies.of_each(model, some) + share * p
    assert np.allclose(melodies.by_song(mixed, some), run["lstm_memory"][0, :30], rtol=0.01)


def test_the_leak_of_a_random_split(stored):
    some = songs()
    for related, share in zip((False, True), stored["melodies"]["leak"], strict=True):
        assert np.isclose(melodies.leak(parts(some, related=related)), share)


def test_habits_of_tunes_made_by_hand():
    eight = [(k, 1.0) for k in range(8)]
    tonic, whole, again, notes, ended = melodies.habits([eight + eight + [(0, 1.0)]], ["4/4"], opening=0)
    assert (tonic, whole, notes, ended) == (1, 1, 17, 1) and np.isclose(again, 2 / 10)
    tonic, whole, *_ = melodies.habits([[*eight, (7, 0.5)]], ["4/4"], opening=0)
    assert (tonic, whole) == (0, 0)
    assert melodies.habits([[(0, 0.5)] * 9], ["6/8"], opening=0)[1] == 1  # three beats of three eighths


def test_training_lowers_the_loss_and_continuing_is_repeatable():
    notes, train_part, _, held_out = melodies.data()
    torch.manual_seed(0)
    untrained = melodies.bits(melodies.of_each(melodies.Composer(notes.pairs).eval(), held_out[:20]))
    model = melodies.fit(train_part[:60], notes.pairs, 0, updates=24, learning_rate=0.03)
    assert melodies.bits(melodies.of_each(model, held_out[:20])) < untrained - 1
    tunes = [melodies.carry_on(model, held_out[0][1:8], torch.Generator().manual_seed(3), most=30) for _ in range(2)]
    assert tunes[0] == tunes[1] and END not in tunes[0] and len(tunes[0]) <= 30


# --- spoken numbers ---------------------------------------------------------------------------------------------


def test_the_stored_speller_spells_the_stored_utterances(stored):
    run, model = stored["spoken_numbers"], spoken_numbers.network()
    examples = [(spoken_numbers.prepared(frames), text) for frames, text in spoken_numbers.examples(run)]
    clear = [each for each, which in zip(examples, run["which"], strict=True) if which < 5]
    wrong, exact = spoken_numbers.judge(spoken_numbers.heard(model, clear), clear)
    assert wrong < 0.12 and exact > 0.6
    sound = run["sound"].astype(float) / 127.5 - 1
    heard = spoken_numbers.heard(model, [(spoken_numbers.prepared(speech.log_mel(sound)), "")])
    assert spoken_numbers.edits(heard[0], "forty two") <= 2


def test_figures_that_the_lesson_reads(stored):
    wrong, exact, beam, nearest = (
        stored["spoken_numbers"][name].mean(0) for name in ("wrong", "exact", "beam", "template")
    )
    assert wrong[:4].max() < 0.07 and wrong[5] > 0.25
    assert (beam[:5] > exact[:5]).all() and (beam[[0, 2]] > nearest[[0, 2]] + 0.1).all()
    assert nearest[1] == nearest[3] == 0


def test_a_wide_beam_sums_over_all_paths():
    p = torch.tensor(np.random.default_rng(0).dirichlet(np.ones(4), 5))
    sums = {}
    for path in np.ndindex(*[4] * 5):
        text = spoken_numbers.collapse(path)
        sums[text] = sums.get(text, 0) + float(np.prod([p[t, k] for t, k in enumerate(path)]))
    beams = {text: sum_ for text, sum_ in spoken_numbers.beam_search(p.log(), width=10_000).items() if sum_}
    assert beams.keys() == sums.keys() and all(np.isclose(beams[text], sums[text]) for text in sums)
    assert next(iter(beams)) == max(sums, key=sums.get)


@pytest.mark.parametrize(
    "a, b, count", [("", "", 0), ("ten", "ten", 0), ("ten", "te", 1), ("kitten", "sitting", 3), ("", "abc", 3)]
)
def test_edits(a, b, count):
    assert spoken_numbers.edits(a, b) == spoken_numbers.edits(b, a) == count


def test_the_nearest_template_allows_for_another_speed():
    rng = np.random.default_rng(0)
    slow = [rng.normal(size=(6, speech.BANDS)) for _ in range(3)]
    templates = [(torch.tensor(each, dtype=torch.float32), str(k)) for k, each in enumerate(slow)]
    examples = [(torch.tensor(np.repeat(each, 2, axis=0), dtype=torch.float32), "") for each in slow]
    assert spoken_numbers.nearest(examples, templates) == ["0", "1", "2"]


# --- wake word --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lstm", "window"])
def test_pieces_of_any_size_equal_one_pass(kind):
    model, x = wake_word.network(kind), wake_word.scaled(wake_word.minute().frames[:400])
    with torch.no_grad():
        whole, state, pieces = model(x[None])[0][0], None, []
        for piece in x.split([1, 3, 60, 1, 130, 5, 200]):
            logits, state = model(piece[None], state)
            pieces.append(logits[0])
    assert torch.allclose(torch.cat(pieces), whole, atol=1e-5)


def test_alarms_and_their_judgement_by_hand():
    p = np.zeros(300)
    p[[10, 12, 70, 200]] = 0.9
    assert wake_word.alarms(p, 0.5, deaf=50).tolist() == [10, 70, 200]
    stream = speech.Stream(np.zeros((300, 1)), np.array([[50, 65], [120, 150]]), np.array([[190, 199]]))
    missed, per_hour, fooled, delay = wake_word.judge(p, stream, 0.5)
    assert missed == 0.5 and np.isclose(per_hour, 2 / (6 / 3600)) and fooled == 0.5 and np.isclose(delay, 0.1)


def test_the_state_matters_and_the_lstm_is_ahead(stored):
    run = stored["wake_word"]
    taken = {
        kind: np.array(
            [
                row[wake_word.taken(own)]
                for row, own in zip(run[f"{kind}_judged"], run[f"{kind}_validation"], strict=True)
            ]
        )
        for kind in ("lstm", "window")
    }
    assert (run["dropped"][:, 0, 0] > taken["lstm"][:, 0] + 0.2).all()
    assert taken["lstm"][:, 0].mean() < taken["window"][:, 0].mean()


def test_a_window_sees_only_its_frames():
    model, x = wake_word.Window(25), torch.randn(1, 100, speech.BANDS)
    changed = x.clone()
    changed[:, :40] = 0
    with torch.no_grad():
        a, b = model(x)[0], model(changed)[0]
    assert torch.allclose(a[:, 64:], b[:, 64:]) and not torch.allclose(a[:, 63], b[:, 63])
