"""Dropout alone, between layers and in the recurrent product, against the equations with the same masks."""

import numpy as np
import pytest
import written_out
from compare import assert_same, draw, make, run

from lstm_course.scratch import Dropout, VariantLSTM

KINDS = ("lstm", "gru", "rnn", "FGR")
each_kind = pytest.mark.parametrize("kind", KINDS)


def stack(kind, **options):
    if kind in ("lstm", "gru", "rnn"):
        return make(kind, 3, 4, **options)
    return VariantLSTM(3, 4, variant=kind, **options)


def recorded(layer, monkeypatch):
    """A list that collects the masks a layer draws from now on, in order."""
    masks, original = [], layer._dropped

    def dropped(rate, shape):
        masks.append(original(rate, shape))
        return masks[-1]

    monkeypatch.setattr(layer, "_dropped", dropped)
    return masks


@each_kind
@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_with_the_masks_it_drew_it_equals_the_equations(kind, locked, bidirectional, monkeypatch):
    layer = stack(kind, num_layers=3, bidirectional=bidirectional, dropout=0.4, locked=locked, recurrent_dropout=0.3)
    arrays = draw(layer, 2, 5)
    masks, mask = recorded(layer, monkeypatch), np.random.default_rng(1).random((2, 5)) < 0.7
    ours = run(layer, **arrays, mask=mask)
    directions = 2 if bidirectional else 1
    drops, keeps = [None], masks[:directions]
    for start in range(directions, len(masks), directions + 1):
        drops.append(masks[start])
        keeps += masks[start + 1 : start + 1 + directions]
    assert len(drops) == 3 and len(keeps) == 3 * directions
    assert all(len(drop) == (1 if locked else 5) for drop in drops[1:])
    expected = written_out.run(layer, **arrays, mask=mask, drops=drops, keeps=keeps)
    assert_same(ours, expected, 1e-10)


@each_kind
def test_when_not_training_nothing_is_dropped(kind):
    layer, plain = (
        stack(kind, num_layers=2, **options) for options in ({"dropout": 0.5, "recurrent_dropout": 0.5}, {})
    )
    arrays = draw(layer, 2, 5)
    assert not np.array_equal(run(layer, **arrays)["y"], run(plain, **arrays)["y"])
    layer.training = False
    assert_same(run(layer, **arrays), run(plain, **arrays), 0)


@each_kind
def test_each_call_draws_anew_and_a_seed_repeats_it(kind):
    layer, again = (stack(kind, num_layers=2, dropout=0.5, recurrent_dropout=0.2) for _ in range(2))
    x = draw(layer, 2, 5)["x"]
    first, second = layer(x)[0], layer(x)[0]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(again(x)[0], first)


@pytest.mark.parametrize("locked", [False, True])
def test_a_share_is_dropped_and_the_mean_stays(locked):
    dropout, x = Dropout(0.3, locked=locked), np.ones((200, 10, 50))
    y = dropout(x)
    assert abs((y == 0).mean() - 0.3) < 0.02 and abs(y.mean() - 1) < 0.03
    np.testing.assert_allclose(np.unique(y), [0, 1 / 0.7])
    assert (y == y[:, :1]).all() == locked
    np.testing.assert_array_equal(dropout.backward(x), y)  # what was dropped gets no gradient
    dropout.training = False
    np.testing.assert_array_equal(dropout(x), x)
    np.testing.assert_array_equal(dropout.backward(x), x)


def test_dropout_backward_before_forward():
    with pytest.raises(RuntimeError, match="^backward: the layer has not been called yet"):
        Dropout(0.5).backward(np.ones((1, 1, 1)))
