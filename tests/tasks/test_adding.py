"""The adding problem against its description, sequence by sequence, and its trivial score by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.tasks import adding


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(N=st.integers(1, 6), T=st.integers(2, 30), varies=st.booleans(), seed=st.integers(0, 2**32 - 1))
def test_one_mark_in_each_half_and_their_sum(N, T, varies, seed):
    batch = adding.batch(N, T, seed, shortest=2 if varies else None)
    assert batch.x.shape == (N, T, 2) and batch.targets.shape == (N, 1) and batch.mask.shape == (N, T)
    for x, target, mask in zip(batch.x, batch.targets, batch.mask, strict=True):
        length = int(mask.sum())
        values, marks = x[:length].T
        assert ((values >= 0) & (values < 1)).all() and set(marks) <= {0.0, 1.0}
        half = length // 2
        assert marks[:half].sum() == marks[half:].sum() == 1
        first, second = np.flatnonzero(marks)
        assert target[0] == pytest.approx(values[first] + values[second])


def test_marks_stand_anywhere_in_their_half():
    counts = adding.batch(10000, 7, seed=0).x[:, :, 1].mean(axis=0)
    assert counts == pytest.approx([1 / 3] * 3 + [1 / 4] * 4, abs=0.02)


def test_trivial_is_always_saying_one():
    batch = adding.batch(40000, 20, seed=1)
    found = adding.score(np.ones((40000, 1)), batch)
    assert found.mean_squared_error == pytest.approx(adding.TRIVIAL.mean_squared_error, rel=0.02)
    assert found.correct == pytest.approx(adding.TRIVIAL.correct, abs=0.005)
    others = [adding.score(np.full((40000, 1), guess), batch) for guess in (0.9, 1.1)]
    assert all(other.mean_squared_error > found.mean_squared_error for other in others)


def test_score():
    batch = adding.batch(4, 12, seed=0)
    assert adding.score(batch.targets, batch) == (0.0, 1.0)
    off = batch.targets + np.array([[0.0], [0.039], [-0.041], [0.5]])
    expected = (0.039**2 + 0.041**2 + 0.25) / 4
    assert adding.score(off, batch) == pytest.approx((expected, 0.5))


def test_half_our_answer_is_that_of_1997():
    batch = adding.batch(5, 12, seed=0)
    numbers = 2 * batch.x[:, :, 0] - 1  # the same draw, between -1 and 1
    theirs = 0.5 + (numbers * batch.x[:, :, 1]).sum(axis=1) / 4
    np.testing.assert_allclose(theirs, batch.targets[:, 0] / 2)
