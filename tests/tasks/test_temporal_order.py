"""Temporal order against its description, and the scores of models that keep neither symbol, or one of the two."""

import re

import numpy as np
import pytest

from lstm_course.tasks import temporal_order as task


@pytest.mark.parametrize("T", [10, 15, 37, 100])
def test_two_symbols_in_their_places_among_others(T):
    batch = task.batch(300, T, seed=T)
    assert batch.x.shape == (300, T, 8) and (batch.x.sum(axis=2) == 1).all()
    firsts, seconds, classes = set(), set(), set()
    for x, target in zip(batch.x, batch.targets, strict=True):
        string = "".join(task.SYMBOLS[k] for k in x.argmax(axis=1))
        found = re.fullmatch("E([abcd]*)([XY])([abcd]*)([XY])[abcd]*B", string)
        assert task.CLASSES[target] == found[2] + found[4]
        firsts.add(found.start(2))
        seconds.add(found.start(4))
        classes.add(found[2] + found[4])
    assert classes == {"XX", "XY", "YX", "YY"}
    assert firsts == set(range(T // 10, T // 5 + 1)) and seconds == set(range(T // 2, 6 * T // 10 + 1))


def test_trivial_is_keeping_neither_symbol():
    batch = task.batch(20000, 10, seed=0)
    always = np.tile([0.0, 1.0, 0.0, 0.0], (20000, 1))
    assert task.score(always, batch) == pytest.approx(task.TRIVIAL, abs=0.01)
    second = np.eye(4)[batch.targets % 2]  # keeps the second symbol, says X for the first
    assert task.score(second, batch) == pytest.approx((0.5,), abs=0.01)
    counted = np.eye(4)[np.where(batch.targets == 2, 1, batch.targets)]  # how many of each, but not in which order
    assert task.score(counted, batch) == pytest.approx((0.75,), abs=0.01)


def test_score():
    batch = task.batch(8, 20, seed=1)
    outputs = np.eye(4)[batch.targets]
    assert task.score(outputs, batch) == (1.0,)
    outputs[0] = 1  # a tie is not knowing
    outputs[1] = -outputs[1]
    assert task.score(outputs, batch) == (0.75,)
    assert task.score(np.zeros((8, 4)), batch) == (0.0,)
