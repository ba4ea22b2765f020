"""Stored runs: what they hold, what they say, and that their scripts still make them."""

import datetime
import json

import numpy as np
import pytest

from lstm_course import results
from lstm_course.results import embedded_reber
from lstm_course.tasks import reber


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
    with pytest.raises(ValueError, match="^name: wanted one of embedded_reber.*, got 'nothing'$"):
        results.load("nothing")
    with pytest.raises(ValueError, match="^name: wanted one of"):
        results.rebuild("nothing")


def test_rebuild(tmp_path, monkeypatch):
    monkeypatch.setattr(
        embedded_reber,
        "SETTINGS",
        embedded_reber.SETTINGS | {"updates": 100, "seeds": [4], "held_strings": 8},
    )
    monkeypatch.setattr(results, "_FOLDER", tmp_path)
    results.rebuild("embedded_reber", tmp_path)
    stored = results.load("embedded_reber")
    assert stored.meta["settings"]["seeds"] == [4]
    assert stored["rnn_strings"].shape == (1, 2)


def test_embedded_reber_was_made_with_the_settings_of_today():
    assert results.load("embedded_reber").meta["settings"] == json.loads(json.dumps(embedded_reber.SETTINGS))


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
                assert (strings[row, :last] < 1).all()
            else:
                assert last == evaluations - 1 and strings[row, last] < 1


def test_embedded_reber_landmark():
    stored = results.load("embedded_reber")
    lstm, rnn = (np.nan_to_num(stored[f"{kind}_solved"], nan=np.inf) for kind in ("lstm", "rnn"))
    assert np.isfinite(lstm).all() and np.isfinite(rnn).sum() >= 5
    assert np.median(lstm) < np.median(rnn)
    failed = stored["rnn_long_range"][np.isinf(rnn), -1]
    assert (np.abs(failed - reber.TRIVIAL.long_range) < 0.1).all()  # stuck at guessing the second symbol


@pytest.mark.parametrize("kind", ["lstm", "rnn"])
def test_embedded_reber_script_makes_what_is_stored(kind):
    # Rounding differs from machine to machine and grows from update to update: only the beginning is
    # compared.
    stored = results.load("embedded_reber")
    curve = embedded_reber.train(kind, seed=0, updates=100)
    np.testing.assert_allclose([score.strings for score in curve], stored[f"{kind}_strings"][0, :2], atol=0.05)
    np.testing.assert_allclose([score.long_range for score in curve], stored[f"{kind}_long_range"][0, :2], atol=0.05)


def test_a_live_run_solves_the_task():
    curve = embedded_reber.train("lstm", seed=1)
    assert curve[-1] == (1.0, 1.0)
