"""The copy task against its description, and its trivial score by simulation."""

import numpy as np
import pytest

from lstm_course.tasks import copy


@pytest.mark.parametrize("T", [1, 2, 30])
def test_symbols_then_blanks_then_the_signal_then_the_symbols(T):
    batch = copy.batch(9, T, seed=T)
    assert batch.x.shape == (9, T + 20, 10) and (batch.x.sum(axis=2) == 1).all()
    for x, targets, judged in zip(batch.x, batch.targets, batch.judged, strict=True):
        read = "".join(copy.SYMBOLS[k] for k in x.argmax(axis=1))
        wanted = "".join(copy.SYMBOLS[k] for k in targets)
        kept = read[:10]
        assert set(kept) <= set("abcdefgh")
        assert read == kept + "-" * (T - 1) + "?" + "-" * 10
        assert wanted == "-" * (T + 10) + kept
        assert judged.tolist() == [False] * (T + 10) + [True] * 10


def test_symbols_are_equally_likely():
    shares = copy.batch(4000, 1, seed=0).x[:, :10, :8].mean(axis=(0, 1))
    assert shares == pytest.approx([1 / 8] * 8, abs=0.01)


@pytest.mark.parametrize("T", [5, 100])
def test_trivial_is_knowing_when_but_not_what(T):
    batch = copy.batch(1000, T, seed=0)
    logits = np.zeros((1000, T + 20, 9))
    logits[:, : T + 10, copy.BLANK] = 50  # certain of the blanks, and that there is none after the signal
    logits[:, T + 10 :, copy.BLANK] = -50
    logits += 1e-9 * np.random.default_rng(0).random(logits.shape)  # which of eight is the highest is chance
    assert copy.score(logits, batch) == pytest.approx(copy.trivial(T), abs=0.01)
    assert copy.score(logits, batch).cross_entropy == pytest.approx(copy.trivial(T).cross_entropy, rel=1e-6)


def test_score():
    batch = copy.batch(2, 4, seed=0)
    logits = 60 * np.eye(9)[batch.targets]
    assert copy.score(logits, batch) == pytest.approx((0.0, 1.0), abs=1e-12)
    logits[0, 3] = 0  # not a step that the accuracy looks at
    assert copy.score(logits, batch) == pytest.approx((np.log(9) / 48, 1.0))
    logits[1, -5:] = 0  # five of twenty: a tie is not knowing
    assert copy.score(logits, batch) == pytest.approx((6 * np.log(9) / 48, 0.75))
