"""Paired differences: cases worked by hand, and how often the interval holds where the truth is known."""

import numpy as np
import pandas
import pytest

from lstm_course.forecasting import Forecasts, circular_blocks, comparison_table, paired_difference

NAN = np.nan


def forecasts(errors, stride=1):
    """Forecasts of zeros with these errors (O, horizon), from origins `stride` apart."""
    errors = np.asarray(errors, float)
    return Forecasts(np.arange(1, 1 + stride * len(errors), stride), np.zeros_like(errors) - errors, 0 * errors)


def test_differences_are_taken_origin_by_origin_over_the_values_that_are_known():
    actual = np.array([[0.0, 0.0], [NAN, 0.0], [NAN, NAN], [0.0, 0.0], [0.0, 0.0]])
    one = Forecasts(np.arange(1, 6), np.array([[1.0, -3.0], [9, 2], [9, 9], [1, 1], [0, 0]]), actual)
    other = Forecasts(np.arange(1, 6), np.array([[1.0, 1.0], [5, 5], [5, 5], [-1, -1], [1, 2]]), actual)
    found = paired_difference(one, other, block=1)
    np.testing.assert_allclose(found.by_origin, [1, -3, NAN, 0, -1.5])
    assert found.mean == pytest.approx(-3.5 / 4) and found.low < found.mean < found.high and found.block == 1
    swapped = paired_difference(other, one, block=1)
    np.testing.assert_allclose([swapped.mean, swapped.low, swapped.high], [-found.mean, -found.high, -found.low])


def test_single_origins_give_the_usual_interval_of_a_mean():
    errors = np.random.default_rng(0).exponential(size=(200, 1))
    found = paired_difference(forecasts(errors), forecasts(0 * errors), block=1, draws=8000)
    half = 1.96 * errors.std() / np.sqrt(200)
    assert [found.low, found.high] == pytest.approx([errors.mean() - half, errors.mean() + half], abs=0.25 * half)


def test_blocks_of_half_the_origins_can_be_listed():
    """Two blocks of three of six errors, each from one of six starts: 36 samples, each as likely as another."""
    errors = np.array([0.0, 1, 2, 4, 8, 16])
    blocks = [np.take(errors, range(start, start + 3), mode="wrap").sum() for start in range(6)]
    means = np.add.outer(blocks, blocks).ravel() / 6
    found = paired_difference(forecasts(errors[:, None]), forecasts(np.zeros((6, 1))), level=0.8, block=3, draws=20000)
    low, high = np.sort(means)[[3, 32]]  # the tenth parts of 36 end within these values, far from their edges
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    "count, horizon, stride, block", [(109, 12, 1, 12), (60, 12, 6, 4), (1000, 1, 1, 10), (19, 12, 6, 3)]
)
def test_blocks_are_as_long_as_forecasts_overlap_and_no_shorter_than_the_cube_root(count, horizon, stride, block):
    errors = np.random.default_rng(0).normal(size=(count, horizon))
    assert paired_difference(forecasts(errors, stride), forecasts(0 * errors, stride)).block == block


def test_with_errors_that_depend_on_each_other_blocks_hold_about_as_often_as_the_level_and_single_origins_do_not():
    """The two methods are equally good, and their difference at an origin is a mean over the next eight steps."""
    rng, held = np.random.default_rng(0), {1: 0, None: 0}
    for _ in range(300):
        steps = np.abs(rng.normal(size=(2, 207)))
        errors = [np.lib.stride_tricks.sliding_window_view(row, 8) for row in steps]
        pair = [Forecasts(np.arange(1, 201), -each, np.zeros((200, 8))) for each in errors]
        for block in held:
            found = paired_difference(*pair, level=0.9, block=block, draws=400)
            held[block] += found.low <= 0 <= found.high
    assert held[None] / 300 > 0.8 and held[1] / 300 < 0.6


def test_the_same_seed_gives_the_same_interval():
    errors = np.random.default_rng(0).normal(size=(50, 2))
    one, same, other = (paired_difference(forecasts(errors), forecasts(0 * errors), seed=seed) for seed in (0, 0, 1))
    assert (one.low, one.high) == (same.low, same.high) != (other.low, other.high)


def test_the_table_holds_the_differences_from_the_reference_with_the_best_first():
    rng = np.random.default_rng(0)
    methods = {name: forecasts(rng.normal(size=(40, 2)) * size) for name, size in (("a", 2), ("b", 1), ("c", 3))}
    table = comparison_table(methods, against="a", level=0.8)
    expected = paired_difference(methods["c"], methods["a"], level=0.8)
    assert isinstance(table, pandas.DataFrame) and list(table.index) == ["b", "a", "c"]
    assert list(table.loc["c"]) == [methods["c"].mae(), expected.mean, expected.low, expected.high]
    assert list(table.loc["a"])[1:] == [0, 0, 0]
    assert table.loc["c", "difference"] == pytest.approx(methods["c"].mae() - methods["a"].mae())


SOME = forecasts(np.ones((12, 2)))


@pytest.mark.parametrize(
    "call, sentence",
    [
        (
            lambda: paired_difference(SOME, forecasts(np.ones((12, 2)), stride=2)),
            "other: wanted forecasts of the same ",
        ),
        (lambda: paired_difference(SOME, forecasts(np.ones((11, 2)))), "other: wanted forecasts of the same values "),
        (lambda: paired_difference(0.5, SOME), "one: wanted Forecasts, got float"),
        (
            lambda: paired_difference(SOME, SOME, block=7),
            "one: wanted at least 14 origins, for two blocks of 7, got 12",
        ),
        (lambda: paired_difference(SOME, SOME, block=0), "block: wanted a whole number of at least 1, got 0"),
        (lambda: paired_difference(SOME, SOME, level=1), "level: wanted a number from 0 to below 1, got 1"),
        (lambda: paired_difference(SOME, SOME, draws=0), "draws: wanted a whole number of at least 1, got 0"),
        (lambda: comparison_table({"a": SOME}, against="b"), "against: wanted one of a, got 'b'"),
        (lambda: comparison_table({"a": 1.0}, against="a"), "forecasts: wanted a dictionary from names to Forecasts"),
        (lambda: comparison_table([SOME], against="a"), "forecasts: wanted a dictionary from names to Forecasts"),
    ],
)
def test_bad_input_is_explained_in_one_sentence(call, sentence):
    with pytest.raises(ValueError) as raised:
        call()
    assert str(raised.value).startswith(sentence)


def test_blocks_keep_neighbours_together_and_favour_no_place():
    drawn = circular_blocks(10, block=5, draws=4000, seed=1)
    steps = np.diff(drawn.reshape(-1, 2, 5), axis=2) % 10
    assert drawn.shape == (4000, 10) and (steps == 1).all()
    np.testing.assert_allclose(np.bincount(drawn.ravel()) / drawn.size, 0.1, atol=0.005)
    with pytest.raises(ValueError, match="^block: wanted a whole number from 1 to 5, got 6"):
        circular_blocks(10, block=6)
