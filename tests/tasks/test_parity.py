"""Parity against counting, and its trivial score by simulation."""

import numpy as np
import pytest

from lstm_course.tasks import parity


def test_targets_count_the_ones():
    batch = parity.batch(5, 17, seed=1)
    assert batch.x.shape == (5, 17, 2) and (batch.x.sum(axis=2) == 1).all()
    for x, targets in zip(batch.x, batch.targets, strict=True):
        bits = "".join(str(k) for k in x.argmax(axis=1))
        assert targets.tolist() == [bits[: t + 1].count("1") % 2 for t in range(17)]


def test_bits_and_answers_are_even_and_every_bit_counts():
    batch = parity.batch(20000, 6, seed=0)
    assert batch.x[:, :, 1].mean(axis=0) == pytest.approx([0.5] * 6, abs=0.02)
    for t in range(5):  # one bit alone says nothing about the last answer
        ones = batch.x[:, t, 1] == 1
        assert batch.targets[ones, -1].mean() == pytest.approx(0.5, abs=0.02)


def test_trivial_is_a_guess():
    batch = parity.batch(2000, 20, seed=0)
    guesses = np.random.default_rng(0).random((2000, 20, 2))
    assert parity.score(guesses, batch) == pytest.approx(parity.TRIVIAL, abs=0.01)


def test_score():
    batch = parity.read([[1, 0], [0, 0]])
    outputs = np.eye(2)[[[1, 1], [0, 0]]]
    assert parity.score(outputs, batch) == (1.0,)
    outputs[0, 0] = 0  # a tie is not knowing
    assert parity.score(outputs, batch) == (0.75,)


@pytest.mark.parametrize("bits", [[[0, 2]], [[0.5]], [0, 1], [[]]])
def test_other_bits_are_refused(bits):
    with pytest.raises(ValueError, match="^bits: wanted "):
        parity.read(bits)
