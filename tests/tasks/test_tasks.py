"""What all tasks have in common: seeds, shapes, lengths, and messages about bad input."""

import dataclasses

import numpy as np
import pytest

from lstm_course.tasks import adding, associative_recall, common, continual_reber, copy, parity, recall, temporal_order


def stream(count, length, seed):
    return continual_reber.Stream(count, seed).next(length)


MAKERS = {
    "adding": adding.batch,
    "copy": copy.batch,
    "temporal_order": temporal_order.batch,
    "recall": recall.batch,
    "continual_reber": stream,
    "parity": parity.batch,
}
every_task = pytest.mark.parametrize("batch", MAKERS.values(), ids=MAKERS)


def arrays(batch):
    return [getattr(batch, field.name) for field in dataclasses.fields(batch)]


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(arrays(one), arrays(other), strict=True))


@every_task
def test_seed_and_generator(batch):
    assert same(batch(6, 30, seed=3), batch(6, 30, seed=3))
    assert same(batch(6, 30, seed=3), batch(6, 30, seed=np.random.default_rng(3)))
    assert not same(batch(6, 30, seed=3), batch(6, 30, seed=4))
    rng = np.random.default_rng(3)
    assert same(batch(6, 30, rng), batch(6, 30, seed=3)) and not same(batch(6, 30, rng), batch(6, 30, seed=3))


@every_task
@pytest.mark.parametrize("N, T", [(1, 10), (7, 11), (3, 40)])
def test_kinds_of_arrays(batch, N, T):
    made = batch(N, T, seed=0)
    assert made.x.shape[0] == N and made.x.dtype == np.float64 and made.x.ndim == 3
    assert made.targets.shape[0] == N and made.targets.dtype in (np.float64, np.int64)
    assert all(len(array) == N for array in arrays(made))
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.x = None
    for array in arrays(made):  # each its own: no entry of one is an entry of another, or of a table
        array[...] = 0
    assert not same(made, batch(N, T, seed=0)) and same(batch(N, T, seed=0), batch(N, T, seed=0))


@pytest.mark.parametrize("batch", [adding.batch, recall.batch])
def test_lengths_that_vary(batch):
    made = batch(4000, 9, seed=0, shortest=5)
    lengths = made.mask.sum(axis=1)
    assert np.bincount(lengths) / 4000 == pytest.approx([0, 0, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.2], abs=0.03)
    assert (made.mask == (np.arange(9) < lengths[:, None])).all() and not made.x[~made.mask].any()
    assert batch(8, 9, seed=0, shortest=9).mask.all() and batch(8, 9, seed=0).mask.all()


def test_the_highest_must_be_allowed_and_alone():
    outputs = np.array([[1.0, 3.0, 2.0], [1.0, 3.0, 3.0], [3.0, 1.0, 3.0], [0.0, 0.0, 0.0]])
    allowed = np.array([[0, 1, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1]], bool)
    np.testing.assert_array_equal(common.highest_is_allowed(outputs, allowed), [True, False, True, False])


def test_read_text(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("Zeile eins\nzwölf\n", encoding="utf-8")
    assert common.read_text(path) == common.read_text(str(path)) == "Zeile eins\nzwölf\n"
    path.write_bytes(b"\xff\xfe\xff")
    for wrong in (path, tmp_path, tmp_path / "absent.txt", 3):
        with pytest.raises(ValueError, match="^path: wanted a text file, got .*, which cannot be read"):
            common.read_text(wrong)


ADDING, COPY = adding.batch(2, 10, 0), copy.batch(2, 10, 0)
PARITY, PAIRS = parity.batch(2, 10, 0), associative_recall.batch(2, 4, 0)
ORDER, RECALL = temporal_order.batch(2, 10, 0), recall.batch(2, 10, 0)
STREAM = stream(2, 10, 0)

BAD = [
    *[(batch, {"count": 0, "length": 20, "seed": 0}, "count", "0") for batch in MAKERS.values()],
    *[(batch, {"count": 2, "length": 20.0, "seed": 0}, "length", "20.0") for batch in MAKERS.values()],
    *[(batch, {"count": 2, "length": 0, "seed": 0}, "length", "0") for batch in MAKERS.values()],
    *[(batch, {"count": 2, "length": True, "seed": 0}, "length", "True") for batch in MAKERS.values()],
    *[(batch, {"count": 2, "length": 20, "seed": -1}, "seed", "-1") for batch in MAKERS.values()],
    *[(batch, {"count": 2, "length": 20, "seed": None}, "seed", "None") for batch in MAKERS.values()],
    (adding.batch, {"count": 2, "length": 1, "seed": 0}, "length", "1"),
    (adding.batch, {"count": 2, "length": 9, "seed": 0, "shortest": 1}, "shortest", "1"),
    (adding.batch, {"count": 2, "length": 9, "seed": 0, "shortest": 10}, "shortest", "10"),
    (recall.batch, {"count": 2, "length": 9, "seed": 0, "shortest": 0}, "shortest", "0"),
    (recall.batch, {"count": 2, "length": 9, "seed": 0, "shortest": 2.5}, "shortest", "2.5"),
    (temporal_order.batch, {"count": 2, "length": 9, "seed": 0}, "length", "9"),
    (copy.trivial, {"length": 0}, "length", "0"),
    (continual_reber.trivial, {"symbols": 0}, "symbols", "0"),
    (adding.score, {"outputs": np.ones((2, 1)), "batch": RECALL}, "batch", "Batch"),
    (adding.score, {"outputs": np.ones(2), "batch": ADDING}, "outputs", "(2,)"),
    (adding.score, {"outputs": np.full((2, 1), np.nan), "batch": ADDING}, "outputs", "nan"),
    (copy.score, {"outputs": np.ones((2, 30, 9)), "batch": None}, "batch", "NoneType"),
    (copy.score, {"outputs": np.ones((2, 30, 10)), "batch": COPY}, "outputs", "(2, 30, 10)"),
    (copy.score, {"outputs": np.full((2, 30, 9), np.inf), "batch": COPY}, "outputs", "inf"),
    (temporal_order.score, {"outputs": np.ones((2, 4)), "batch": COPY}, "batch", "Batch"),
    (temporal_order.score, {"outputs": np.ones((3, 4)), "batch": ORDER}, "outputs", "(3, 4)"),
    (temporal_order.score, {"outputs": [[1, 2, 3, 4], [1]], "batch": ORDER}, "outputs", "rows of different"),
    (recall.score, {"outputs": np.ones((2, 4)), "batch": ORDER}, "batch", "Batch"),
    (recall.score, {"outputs": np.ones((2, 8)), "batch": RECALL}, "outputs", "(2, 8)"),
    (recall.score, {"outputs": None, "batch": RECALL}, "outputs", "None"),
    (parity.score, {"outputs": np.ones((2, 10, 2)), "batch": PAIRS}, "batch", "Batch"),
    (parity.score, {"outputs": np.ones((2, 10)), "batch": PARITY}, "outputs", "(2, 10)"),
    (associative_recall.batch, {"count": 2, "length": 0, "seed": 0}, "length", "0"),
    (associative_recall.score, {"outputs": np.ones((2, 12, 16)), "batch": PARITY}, "batch", "Batch"),
    (associative_recall.score, {"outputs": np.ones((2, 12, 32)), "batch": PAIRS}, "outputs", "(2, 12, 32)"),
    (continual_reber.score, {"outputs": np.ones((2, 10, 7)), "batch": COPY}, "batch", "Batch"),
    (continual_reber.score, {"outputs": np.ones((2, 9, 7)), "batch": STREAM}, "outputs", "(2, 9, 7)"),
    (continual_reber.score, {"outputs": np.full((2, 10, 7), np.nan), "batch": STREAM}, "outputs", "nan"),
]


@pytest.mark.parametrize("function, given, name, got", BAD)
def test_bad_input_is_said_in_one_sentence(function, given, name, got):
    with pytest.raises(ValueError) as raised:
        function(**given)
    sentence = str(raised.value)
    assert sentence.startswith(f"{name}: wanted ") and got in sentence.partition(", got ")[2], sentence
    assert "\n" not in sentence
