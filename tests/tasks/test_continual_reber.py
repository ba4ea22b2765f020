"""The stream of embedded Reber strings against the strings themselves."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_course.tasks import continual_reber, reber
from lstm_course.tasks.continual_reber import Stream


def text_of(x):
    return "".join(reber.SYMBOLS[k] for k in x.argmax(axis=1))


def test_a_stream_is_one_string_after_another():
    batch = Stream(20, seed=0).next(400)
    made = []
    for x, targets, legal, long_range in zip(batch.x, batch.targets, batch.legal, batch.long_range, strict=True):
        assert (x.sum(axis=1) == 1).all() and (x[1:].argmax(axis=1) == targets[:-1]).all()
        assert legal[np.arange(400), targets].all()
        # An E before a B is the end of a string: the one inside is followed by T or P.
        whole = text_of(x).replace("EB", "E B").split()[:-1]
        start = 0
        for string in whole:
            alone, end = reber.encode([string]), start + len(string) - 1  # of its last symbol
            np.testing.assert_array_equal(legal[start:end], alone.legal[0])
            assert text_of(legal[end : end + 1]) == "B" and legal[end].sum() == 1
            assert np.flatnonzero(long_range[start : end + 1]).tolist() == [len(string) - 3]
            start = end + 1
        made += whole
    assert len(made) > 500 and np.mean([len(string) for string in made]) == pytest.approx(12, abs=0.4)
    assert np.mean([string[1] == "T" for string in made]) == pytest.approx(0.5, abs=0.06)
    assert len(set(map(text_of, batch.x))) == 20  # no two alike


def test_forks_are_even():
    batch = Stream(50, seed=1).next(1000)
    forks = batch.legal.sum(axis=2) == 2
    first = batch.legal.argmax(axis=2) == batch.targets  # the first of the two symbols, in the order of SYMBOLS
    assert first[forks].mean() == pytest.approx(0.5, abs=0.01)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(N=st.integers(1, 5), lengths=st.lists(st.integers(1, 30), min_size=1, max_size=6), seed=st.integers(0, 999))
def test_pieces_are_one_long_piece(N, lengths, seed):
    stream = Stream(N, seed)
    pieces = [stream.next(length) for length in lengths]
    whole = Stream(N, seed).next(sum(lengths))
    for field in dataclasses.fields(whole):
        joined = np.concatenate([getattr(piece, field.name) for piece in pieces], axis=1)
        np.testing.assert_array_equal(joined, getattr(whole, field.name), err_msg=field.name)
    for before, after in zip(pieces, pieces[1:], strict=False):
        np.testing.assert_array_equal(before.targets[:, -1], after.x[:, 0].argmax(axis=1))


def test_a_piece_that_is_changed_does_not_change_the_stream():
    stream, untouched = Stream(3, seed=0), Stream(3, seed=0)
    piece = stream.next(15)
    untouched.next(15)
    for field in dataclasses.fields(piece):
        getattr(piece, field.name)[...] = 0
    np.testing.assert_array_equal(stream.next(15).x, untouched.next(15).x)
    np.testing.assert_array_equal(Stream(3, seed=0).next(15).legal[:, 0].sum(axis=1), [2, 2, 2])


def test_trivial_is_the_grammar_without_the_second_symbol():
    batch = Stream(100, seed=2).next(1000)
    outputs = batch.legal.astype(float)
    outputs[batch.long_range] = np.eye(7)[reber.SYMBOLS.index("T")]  # always T
    found, trivial = continual_reber.score(outputs, batch), continual_reber.trivial(100_000)
    assert found.errors == pytest.approx(trivial.errors, rel=0.05)
    assert found.errors_per_symbol == pytest.approx(trivial.errors_per_symbol, rel=0.05)
    assert found.long_range == pytest.approx(trivial.long_range, abs=0.03)


def test_score():
    batch = Stream(4, seed=0).next(50)
    assert continual_reber.score(batch.legal, batch) == (0, 0.0, 1.0)
    assert continual_reber.score(np.eye(7)[batch.targets], batch) == (0, 0.0, 1.0)  # one of two is enough
    assert continual_reber.score(np.zeros((4, 50, 7)), batch) == (200, 1.0, 0.0)  # a tie is not knowing
    outputs = batch.legal.astype(float)
    decided, others = np.argwhere(batch.long_range), np.argwhere(~batch.long_range)
    for n, t in (decided[0], others[0], others[9]):
        outputs[n, t] = ~batch.legal[n, t]
    expected = (3, 3 / 200, 1 - 1 / len(decided))
    assert continual_reber.score(outputs, batch) == pytest.approx(expected)


def test_a_piece_in_which_the_second_symbol_never_decides():
    batch = Stream(2, seed=0).next(4)
    assert not batch.long_range.any()
    found = continual_reber.score(batch.legal, batch)
    assert found[:2] == (0, 0.0) and np.isnan(found.long_range)
