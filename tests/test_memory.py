"""The memory of one sequence, against n-grams of the same sequence, and its mixtures."""

import numpy as np
import pytest

from lstm_course.baselines import NGram
from lstm_course.baselines.memory import Memory, Mixture, remembered

SEQUENCE = np.random.default_rng(0).integers(0, 4, 40).tolist()


def test_it_is_an_ngram_of_what_has_been_read():
    for t in (1, 5, 20, 39):
        memory = Memory(4, order=3, weight=0.5).read(SEQUENCE[:t])
        counted = NGram(3, [0, 1, 2, 3], weight=0.5).fit([SEQUENCE[:t]])
        assert np.allclose(memory.probabilities(), counted.probabilities(SEQUENCE[:t]))
        assert np.isclose(memory.probabilities().sum(), 1)


def test_nothing_has_been_read():
    memory = Memory(5)
    assert np.allclose(memory.probabilities(), 0.2) and memory.match == 0


def test_the_match_is_the_longest_history_that_came_before():
    assert Memory(9, order=6).read([1, 2, 3, 4, 1, 2, 3]).match == 3
    assert Memory(9, order=3).read([1, 2, 3, 4, 1, 2, 3]).match == 2
    assert Memory(9).read([1, 2, 3, 4]).match == 0


def test_step_by_step_and_symbol_by_symbol_agree():
    p, match = remembered(SEQUENCE, symbols=4, order=4)
    for k, t in enumerate(range(1, 40)):
        memory = Memory(4, order=4).read(SEQUENCE[:1]).read(SEQUENCE[1:t])
        assert np.isclose(p[k], memory.probabilities()[SEQUENCE[t]]) and match[k] == memory.match


def test_a_mixture_finds_the_better_model_for_each_match():
    rng = np.random.default_rng(1)
    match = rng.integers(0, 3, 600)
    good = np.where(match == 2, 0.9, 0.1)
    p = np.stack([np.full(600, 0.3), good], axis=1)
    mixture = Mixture().fit(p, match)
    assert np.allclose(mixture.weights.sum(axis=1), 1)
    assert mixture.weights[2, 1] > 0.99 and mixture.weights[0, 0] > 0.99
    assert np.log(mixture.mix(p, match)).mean() >= np.log(p).mean(axis=0).max()
    assert np.isclose(mixture.mix(p[:1], np.array([99]))[0], mixture.weights[2] @ p[0])  # longer than any seen


@pytest.mark.parametrize("arguments", [(0,), (4, 0), (4, 3, 0.0)])
def test_arguments(arguments):
    with pytest.raises(ValueError, match="wanted"):
        Memory(*arguments)
    with pytest.raises(ValueError, match="sequence"):
        Memory(4).read([4])
