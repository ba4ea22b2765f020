"""Stored runs: what they contain, what they show, and that their scripts still produce them."""

import datetime
import importlib
import json

import numpy as np
import pytest

from lstm_course import results
from lstm_course.results import continual_reber, each_step_alone, embedded_reber, recall_rnn, window_lag
from lstm_course.tasks import reber, recall


@pytest.mark.parametrize("name", results.NAMES)
def test_every_run_says_where_it_comes_from(name):
    stored = results.load(name)
    assert stored.name == name and stored.arrays
    assert stored.meta["script"] == f"lstm_course/results/{name}.py"
    assert stored.meta["settings"]["seeds"] == list(stored["seeds"])
    assert stored.meta["numpy"][0].isdigit()
    assert datetime.date.fromisoformat(stored.meta["date"]) > datetime.date(2024, 1, 1)
    for array in stored.arrays.values():
        assert array.dtype.kind in "fiub"


def test_unknown_name():
    with pytest.raises(ValueError, match="^name: wanted one of .*embedded_reber.*, got 'nothing'$"):
        results.load("nothing")
    with pytest.raises(ValueError, match="^name: wanted one of"):
        results.rebuild("nothing")


def test_rebuild(tmp_path, monkeypatch):
    monkeypatch.setattr(
        embedded_reber,
        "SETTINGS",
        embedded_reber.SETTINGS
        | {"updates": 100, "seeds": [4], "held_strings": 8}
        | {"sweep": {"learning_rates": [0.01], "updates": 50, "seeds": [7]}},
    )
    monkeypatch.setattr(results, "_FOLDER", tmp_path)
    results.rebuild("embedded_reber", tmp_path)
    stored = results.load("embedded_reber")
    assert stored.meta["settings"]["seeds"] == [4]
    assert stored["rnn_strings"].shape == (1, 2)


@pytest.mark.parametrize("name", results.NAMES)
def test_a_run_was_made_with_the_current_settings(name):
    module = importlib.import_module(f"lstm_course.results.{name}")
    stored, current = results.load(name).meta["settings"], json.loads(json.dumps(module.SETTINGS))
    # A run may add what it chose by itself, or the processor on which it measured.
    assert {key: stored.get(key) for key in current} == current


def test_a_run_that_fails_leaves_the_stored_one_in_place(tmp_path, monkeypatch):
    (tmp_path / "embedded_reber.npz").write_bytes(b"stored")
    monkeypatch.setattr(embedded_reber, "make", lambda: ({"bad": np.ones(1)}, {"seeds": object()}))
    with pytest.raises(TypeError):
        results.rebuild("embedded_reber", tmp_path)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"stored"]


def test_embedded_reber_curves():
    stored = results.load("embedded_reber")
    evaluations = len(stored["sequences"])
    assert list(stored["seeds"]) == list(range(10))
    for kind in ("lstm", "rnn"):
        strings, long_range, solved = (stored[f"{kind}_{what}"] for what in ("strings", "long_range", "solved"))
        assert strings.shape == long_range.shape == (10, evaluations) and solved.shape == (10,)
        for row in range(10):
            ran = np.isfinite(strings[row])
            last = ran.sum() - 1
            assert ran[: last + 1].all() and (strings[row, ran] <= long_range[row, ran]).all()
            if np.isfinite(solved[row]):
                assert strings[row, last] == 1 and stored["sequences"][last] == solved[row]
            else:
                assert last == evaluations - 1


def test_embedded_reber_strings_are_those_of_the_paper():
    """256 training strings and 256 others to test with, as in Hochreiter and Schmidhuber (1997)."""
    training, held = embedded_reber.strings(3)
    assert len(training.strings) == len(held.strings) == 256
    assert not set(training.strings) & set(held.strings)
    picked = embedded_reber.pick(held, [5, 1, 5])
    again = reber.encode([held.strings[row] for row in (5, 1, 5)])
    for name in ("x", "targets", "legal", "mask", "strings"):
        assert np.array_equal(getattr(picked, name), getattr(again, name))


def test_embedded_reber_learning_rates_are_the_best_of_the_sweep():
    stored, sweep = results.load("embedded_reber"), embedded_reber.SETTINGS["sweep"]
    for kind in embedded_reber.KINDS:
        tried = stored[f"{kind}_sweep"]
        assert tried.shape == (len(sweep["learning_rates"]), len(sweep["seeds"]))
        solved, seen = np.isfinite(tried).sum(axis=1), np.median(np.nan_to_num(tried, nan=np.inf), axis=1)
        best = max(range(len(tried)), key=lambda row: (solved[row], -seen[row]))
        assert sweep["learning_rates"][best] == embedded_reber.SETTINGS["learning_rate"][kind]


def test_embedded_reber_landmark():
    stored = results.load("embedded_reber")
    lstm, rnn = (np.nan_to_num(stored[f"{kind}_solved"], nan=np.inf) for kind in ("lstm", "rnn"))
    assert np.isfinite(lstm).all() and np.isfinite(rnn).sum() >= 5
    assert np.median(lstm) < np.median(rnn)
    failed = stored["rnn_strings"][np.isinf(rnn), -1]
    assert (failed >= reber.TRIVIAL.strings - 0.1).all()  # the grammar is known, but for some second symbols


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_embedded_reber_script_makes_what_is_stored(kind):
    # Rounding differs from machine to machine and grows from update to update: only the beginning is
    # compared.
    stored = results.load("embedded_reber")
    curve, _ = embedded_reber.train(kind, seed=0, updates=100)
    np.testing.assert_allclose([score.strings for score in curve], stored[f"{kind}_strings"][0, :2], atol=0.05)
    np.testing.assert_allclose([score.long_range for score in curve], stored[f"{kind}_long_range"][0, :2], atol=0.05)


@pytest.mark.slow
def test_a_live_run_solves_the_task():
    curve, solved = embedded_reber.train("lstm", seed=1)
    assert solved and curve[-1] == (1.0, 1.0)


def test_continual_reber_landmark():
    """Gers, Schmidhuber and Cummins (2000): the cell of 1997 fails on the endless stream, a forget gate solves it."""
    stored = results.load("continual_reber")
    symbols = 32 * stored.meta["settings"]["judged_steps"]
    assert (stored["lstm_errors"] <= symbols / 5_000).all() and (stored["lstm_final"] >= 0.99).all()
    assert (stored["1997_errors"] > symbols / 50).all() and (stored["1997_final"] < 0.8).all()
    assert (stored["lstm_cell"][:, -1] < 5).all() and (stored["1997_cell"][:, -1] > 1_000).all()
    grown = stored["1997_cell"]
    assert (grown[:, -1] > 5 * grown[:, len(grown[0]) // 10]).all()  # and it is growing still


@pytest.mark.parametrize("kind", continual_reber.KINDS)
def test_continual_reber_script_makes_what_is_stored(kind):
    stored = results.load("continual_reber")
    evaluations, _ = continual_reber.train(kind, seed=0, updates=20)  # only the beginning: rounding grows
    long_range, cell = np.transpose(evaluations)
    np.testing.assert_allclose(long_range, stored[f"{kind}_long_range"][0, :2], atol=0.02)
    np.testing.assert_allclose(cell, stored[f"{kind}_cell"][0, :2], rtol=0.02)


def test_each_step_alone_is_at_chance_where_order_decides():
    stored = results.load("each_step_alone")
    ends = {task: stored[f"{task}_accuracy"][:, -1] for task in each_step_alone.TASKS}
    assert stored["order_accuracy"].shape == (10, len(stored["updates"]))
    # Three standard deviations of a coin thrown a thousand times.
    assert np.abs(stored["order_accuracy"] - 0.5).max() < 3.3 * 0.5 / np.sqrt(1000)
    assert ends["count"].min() > 0.99 and ends["numbered"].min() > 0.97


def test_averaged_votes_know_no_band_of_counts():
    """Averaged votes are linear in the counts, so that "4 or 5 of 9" is right in 191 of 256 cases at best."""
    stored = results.load("each_step_alone")
    best = 191 / 256 + 4 * np.sqrt(191 / 256 * 65 / 256 / 1000)  # four standard deviations on a thousand sequences
    assert stored["band_accuracy"].max() < best < 0.81
    assert stored["shares_accuracy"][:, -1].min() > 0.95


@pytest.mark.parametrize("task", [task for task in each_step_alone.TASKS if task != "shares"])
def test_the_answers_of_each_step_alone_can_be_read_off_the_letters(task):
    x, answers = each_step_alone.examples(task, 50, np.random.default_rng(1))
    for sample, answer in zip(x, answers, strict=True):
        text = "".join("ABcd"[letter] for letter in sample[:, :4].argmax(axis=1))
        assert text.count("A") == text.count("B") == 1 and len(text) == 11
        wanted = {"count": text.count("d") > text.count("c"), "band": text.count("d") in (4, 5)}
        assert answer == wanted.get(task, text.index("B") < text.index("A"))
    assert {0, 1} == set(answers)


def test_shares_are_the_averaged_letters_of_the_band():
    (x, answers), (shares, same) = (
        each_step_alone.examples(t, 50, np.random.default_rng(1)) for t in ("band", "shares")
    )
    np.testing.assert_allclose(shares[:, 0], x.sum(axis=1) / 11)
    assert np.array_equal(answers, same)


def test_each_step_alone_script_makes_what_is_stored(monkeypatch):
    monkeypatch.setitem(each_step_alone.SETTINGS, "updates", 20)
    stored = results.load("each_step_alone")
    for task in each_step_alone.TASKS:
        np.testing.assert_allclose(each_step_alone.train(task, 0), stored[f"{task}_accuracy"][0, :3], atol=0.01)


def test_a_window_sees_its_own_letters_only():
    stored = results.load("window_lag")
    for window in window_lag.SETTINGS["windows"]:
        right = stored[f"window_{window}"]
        assert right.shape == (10, len(stored["lags"]))
        assert right[:, stored["lags"] < window].min() > 0.99
        assert np.abs(right[:, stored["lags"] >= window] - 0.5).max() < 0.06


def test_window_lag_script_makes_what_is_stored():
    for window, lag in ((2, 1), (4, 4), (8, 3)):
        stored = results.load("window_lag")[f"window_{window}"][3, lag]
        assert window_lag.accuracy(window, lag, seed=3) == pytest.approx(stored, abs=0.02)


@pytest.mark.parametrize("kind", recall_rnn.KINDS)
def test_recall_curves_end_at_the_first_perfect_accuracy(kind):
    stored = results.load("recall_rnn")
    accuracy = stored[f"{kind}_accuracy"]
    assert accuracy.shape == (10, len(stored["updates"])) and stored[f"{kind}_loss"].shape == (10,)
    for curve in accuracy:
        ran = np.isfinite(curve)
        last = ran.sum() - 1
        assert ran[: last + 1].all() and (curve[:last] < 1).all()
        assert curve[last] == 1 or last == len(curve) - 1


def test_recall_is_learned_at_a_short_lag_and_not_at_a_long_one():
    stored = results.load("recall_rnn")
    best = {kind: np.nanmax(stored[f"{kind}_accuracy"], axis=1) for kind in recall_rnn.KINDS}
    ended = {kind: np.isfinite(stored[f"{kind}_accuracy"]).sum(axis=1) for kind in recall_rnn.KINDS}
    guess = recall.TRIVIAL.accuracy
    assert (best["short"] == 1).all() and (stored["updates"][ended["short"] - 1] <= 200).all()
    assert (best["middle"] == 1).sum() >= 7
    assert (stored["updates"][ended["middle"] - 1] >= 300).all()  # flat for a long time, and then a jump
    for kind in ("long", "cut"):
        assert (best[kind] < guess + 0.15).all() and (np.abs(stored[f"{kind}_loss"] - np.log(4)) < 0.03).all()
    assert (best["near"] > guess + 0.25).all()  # the state before the cut carries a trace of the first symbol
    assert 1 <= (best["bold"] == 1).sum() < 10 and (best["bold"] < guess + 0.15).any()
    assert ((best["bold"] == 1) != (best["nudged"] == 1)).any()  # differences like those of rounding decide


def test_recall_figures_that_lesson_02_reads():
    stored = results.load("recall_rnn")
    best = {kind: np.nanmax(stored[f"{kind}_accuracy"], axis=1) for kind in recall_rnn.KINDS}
    last = [run[np.isfinite(run)][-1] for run in stored["near_accuracy"]]
    assert (round(best["near"].min(), 2), round(min(last), 2)) == (0.70, 0.54) and best["near"].max() == max(last) == 1
    for kind, counts in {"middle": (8, 1, 1), "bold": (3, 5, 2), "nudged": (1, 7, 2)}.items():
        solved, guessing = best[kind] == 1, best[kind] < 0.4
        assert (solved.sum(), (~solved & ~guessing).sum(), guessing.sum()) == counts
    assert 0.45 < best["middle"][(best["middle"] > 0.4) & (best["middle"] < 1)][0] < 0.55


@pytest.mark.parametrize("seed", range(10))
def test_the_gradient_of_the_columns_that_read_the_first_symbol(seed):
    """Adam takes nearly a full step for gradients well above its epsilon, and none for those far below it."""
    largest = {}
    for length in (5, 20, 100):
        layer, output = recall_rnn.start(seed)
        recall_rnn.update(layer, output, recall.batch(32, length, seed=1))
        columns = np.abs(layer.gradients["weight_ih_l0"]).max(axis=0)
        largest[length] = columns[:4].max()
        assert columns[4:].max() > 0.01
    assert largest[5] > 1e-3 > 1e-5 > largest[20] > 1e-7 > 1e-20 > largest[100]


@pytest.mark.parametrize("kind", ["short", "cut"])
def test_recall_script_makes_what_is_stored(kind):
    _, accuracies = recall_rnn.train(kind, seed=0, updates=50)
    np.testing.assert_allclose(accuracies, results.load("recall_rnn")[f"{kind}_accuracy"][0, :2], atol=0.05)


def test_a_cut_changes_neither_the_states_nor_the_gradients_of_the_last_steps():
    layer, output = recall_rnn.start(0)
    batch = recall.batch(4, 12, seed=0)
    whole = recall_rnn.update(layer, output, batch)
    full = layer.gradients["weight_ih_l0"]
    assert recall_rnn.update(layer, output, batch, cut=5) == pytest.approx(whole, abs=1e-12)
    cut = layer.gradients["weight_ih_l0"]
    assert np.abs(cut[:, :4]).max() == 0 < np.abs(full[:, :4]).max()  # the first symbols stand before the cut
    recall_rnn.update(layer, output, batch, cut=12 - 1)
    np.testing.assert_allclose(layer.gradients["weight_ih_l0"][:, 4:], full[:, 4:], rtol=0, atol=1e-12)


@pytest.mark.parametrize("module", [embedded_reber, continual_reber])
def test_an_unknown_kind_is_refused(module):
    with pytest.raises(ValueError, match="^kind: wanted one of lstm, .*, got 'gru'$"):
        module.start("gru", 0)


def test_an_unknown_kind_of_recall_is_refused():
    with pytest.raises(ValueError, match="^kind: wanted one of short, .*, got 'medium'$"):
        recall_rnn.train("medium", 0)


def test_an_unknown_task_is_refused():
    with pytest.raises(ValueError, match="^task: wanted one of order, count, numbered, band, shares, got 'place'$"):
        each_step_alone.train("place", 0)
