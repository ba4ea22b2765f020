"""Associative recall against a dictionary, and what can be had without looking keys up."""

import numpy as np
import pytest

from lstm_course.tasks import associative_recall as task


def text(x):
    return "".join(task.SYMBOLS[k] for k in x.argmax(axis=1))


@pytest.mark.parametrize("P", [1, 3, 8, 16])
def test_pairs_then_every_key_once_more(P):
    batch = task.batch(20, P, seed=P)
    assert batch.x.shape == (20, 3 * P, 32) and (batch.x.sum(axis=2) == 1).all()
    for x, targets, judged in zip(batch.x, batch.targets, batch.judged, strict=True):
        symbols = text(x)
        pairs, asked = symbols[: 2 * P], symbols[2 * P :]
        of = dict(zip(pairs[::2], pairs[1::2], strict=True))
        assert len(of) == P and sorted(asked) == sorted(of) and set(asked) <= set(task.KEYS)
        assert [task.VALUES[k] for k in targets[judged]] == [of[key] for key in asked]
        assert judged.tolist() == [False] * 2 * P + [True] * P


def test_reading_a_text_gives_the_same_arrays():
    made = task.batch(1, 4, seed=0)
    symbols = text(made.x[0])
    again = task.read(symbols[:8] + " " + symbols[8:])
    for name in ("x", "targets", "judged"):
        np.testing.assert_array_equal(getattr(made, name), getattr(again, name))


@pytest.mark.parametrize("wrong", ["", "aB", "aB c", "aBaC a", "Ba a", "aBb a", "a1 a", 3])
def test_other_texts_are_refused(wrong):
    with pytest.raises(ValueError, match="^text: wanted "):
        task.read(wrong)


def test_trivial_is_a_guess_and_a_bag_of_values_is_little_better():
    batch = task.batch(4000, 8, seed=0)
    rng = np.random.default_rng(0)
    guesses = rng.random((4000, 24, 16))
    assert task.score(guesses, batch) == pytest.approx(task.TRIVIAL, abs=0.01)
    values_read = batch.x[:, :16, 16:].sum(axis=1)[:, None]  # how often each value was read
    assert 1 / 8 < task.score(guesses + 9 * (values_read > 0), batch).accuracy < 0.2


def test_score():
    batch = task.read("fKcA cf")
    outputs = np.zeros((1, 6, 16))
    assert task.score(outputs, batch) == (0.0,)
    outputs[0, 4, task.VALUES.index("A")] = outputs[0, 5, 0] = 1
    assert task.score(outputs, batch) == (0.5,)


def test_no_more_pairs_than_keys():
    with pytest.raises(ValueError, match="^length: wanted at most 16 pairs"):
        task.batch(1, 17, seed=0)
