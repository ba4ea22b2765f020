"""The run on reading networks: its parts against plain loops, and the figures that lesson 19 reads from it."""

import numpy as np
import pytest
import torch

from lstm_course import results
from lstm_course.results import reading


@pytest.fixture(scope="module")
def stored():
    return results.load("reading")


def test_the_settings_are_the_stored_ones(stored):
    assert stored.meta["settings"] == reading.SETTINGS
    assert stored["seeds"].tolist() == reading.SETTINGS["seeds"]


def test_each_text_closes_what_it_opened():
    x, depth, bar = reading.texts(50, seed=3)
    for row, depths, at in zip(x, depth, bar, strict=True):
        d = 0
        for t, symbol in enumerate(row):
            d += {0: 1, 1: -1}.get(int(symbol), 0)
            assert d == depths[t] >= 0
        text = "".join(reading.SYMBOLS[k] for k in row).rstrip(".")
        assert text[at] == "|" and text.count("|") == 1
        assert text[at + 1 :] == ")" * depths[at] and d == 0


def test_closing_is_the_greedy_continuation():
    net, (x, _, bar) = reading.start(0), reading.texts(8, seed=1)
    h, c = reading.states(net, x)
    rows = np.arange(8), bar - 1
    counts = reading.closed(net, h[rows], c[rows])
    for row, at, count in zip(x, bar, counts, strict=True):
        text = row[: at + 1].tolist()
        with torch.no_grad():
            while len(text) < at + 16 and int(net(np.array([text]))[0][0, -1].argmax()) == 1:
                text.append(1)
        assert len(text) - at - 1 == count


def test_the_last_letter():
    assert reading.last_letter(reading.encode("(x(y)x")[None]).tolist() == [[0, -1, -1, 1, 1, -1]]


def test_a_probe_finds_what_is_linear():
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(2, 300, 4))
    y, new_y = (part @ [1.0, -2, 0, 3] + 5 for part in (A, B))
    assert reading.explained(A, y, B, new_y) == pytest.approx(1)
    assert abs(reading.explained(A, rng.permutation(y), B, new_y)) < 0.2


def test_shuffled_weights_stay_within_the_message():
    mask = torch.arange(6) < torch.tensor([[3], [6], [1]])
    weights = torch.rand(3, 6) * mask
    moved = reading.shuffle(weights, mask, seed=4)
    assert torch.equal(moved.sort(dim=1).values, weights.sort(dim=1).values) and not moved[~mask].any()


def test_what_the_lesson_says(stored):
    trained, untrained, symbols, shuffled = stored["probe"].T
    assert trained.min() > 0.99 and 0.88 < untrained.mean() < 0.96 and 0.55 < symbols.mean() < 0.65
    assert np.abs(shuffled).max() < 0.05
    along, difference, _ = stored["step"].T
    assert along.max() < 0.1 and difference.min() > 0.5 and difference.mean() > 0.8
    assert stored["swapped"].min() > 0.95 and stored["letter"].min() > 0.9
    assert stored["attention"].mean(axis=0).min() > 0.98 and stored["even"].mean(axis=0).min() > 0.93
    assert 0.2 < stored["shuffled"].mean() < 0.35
    assert stored["neighbour"][:, 0].min() > 0.97 and stored["neighbour"][:, 1].max() < 0.35


@pytest.mark.slow
def test_one_seed_again(stored):
    again = reading.count_one(1)
    assert again["probe"][0] > 0.99 and again["step"][1] > again["step"][0] + 0.3
