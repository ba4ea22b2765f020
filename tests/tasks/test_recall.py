"""Recall against its description, and its trivial score by simulation."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.tasks import recall


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(N=st.integers(1, 6), T=st.integers(1, 30), varies=st.booleans(), seed=st.integers(0, 2**32 - 1))
def test_one_symbol_to_keep_and_the_rest_noise(N, T, varies, seed):
    batch = recall.batch(N, T, seed, shortest=1 if varies else None)
    assert batch.x.shape == (N, T, 8) and batch.targets.shape == (N,) and batch.mask.shape == (N, T)
    for x, target, mask in zip(batch.x, batch.targets, batch.mask, strict=True):
        assert (x.sum(axis=1) == mask).all()
        string = "".join(recall.SYMBOLS[k] for k in x[mask].argmax(axis=1))
        assert re.fullmatch("([ABCD])[abcd]*", string)[1] == recall.CLASSES[target]


def test_symbols_are_equally_likely_and_say_nothing_of_one_another():
    batch = recall.batch(20000, 3, seed=0)
    pairs = np.einsum("ni,nj->ij", batch.x[:, 0, :4], batch.x[:, 2, 4:]) / 20000
    assert pairs == pytest.approx(np.full((4, 4), 1 / 16), abs=0.01)


def test_trivial_is_a_guess():
    batch = recall.batch(20000, 5, seed=0)
    guesses = np.random.default_rng(0).random((20000, 4))
    assert recall.score(guesses, batch) == pytest.approx(recall.TRIVIAL, abs=0.01)


def test_score():
    batch = recall.batch(4, 6, seed=0, shortest=2)
    outputs = np.eye(4)[batch.targets] - 3
    assert recall.score(outputs, batch) == (1.0,)
    outputs[0] = 0  # a tie is not knowing
    assert recall.score(outputs, batch) == (0.75,)
