"""Scores of surprise against scikit-learn and plain loops; none of them looks ahead."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.neighbors import NearestNeighbors

from lstm_course.baselines import surprise

RNG = np.random.default_rng(0)
CALM = np.sin(np.arange(400) / 5) + 0.1 * RNG.normal(size=400)
NEW = np.sin(np.arange(150) / 5) + 0.1 * RNG.normal(size=150)
MADE = {
    "limits": surprise.beyond_limits(CALM),
    "linear": surprise.linear_error(CALM, 7),
    "discord": surprise.discord(CALM, 12),
}


def windows(x, width):
    return np.array([x[t : t + width] for t in range(len(x) - width + 1)])


def test_the_linear_error_is_that_of_a_ridge_regression():
    model = Ridge(alpha=1e-6 * 393).fit(windows(CALM, 7)[:-1], CALM[7:])
    expected = np.abs(model.predict(windows(NEW, 7)[:-1]) - NEW[7:])
    np.testing.assert_allclose(MADE["linear"](NEW)[7:], expected, atol=1e-4)
    assert not MADE["linear"](NEW)[:7].any()


def test_the_discord_is_the_distance_to_the_nearest_neighbour():
    def shapes(x):
        rows = windows(x, 12)
        return (rows - rows.mean(axis=1)[:, None]) / (rows.std(axis=1)[:, None] + 0.1)

    nearest = NearestNeighbors(n_neighbors=1).fit(shapes(CALM)).kneighbors(shapes(NEW))[0][:, 0]
    np.testing.assert_allclose(MADE["discord"](NEW)[11:], nearest / np.sqrt(12), atol=1e-3)
    assert MADE["discord"](CALM)[11:].max() < 1e-2
    np.testing.assert_allclose(
        surprise.discord(CALM, 12, floor=0)(5 * NEW - 3), surprise.discord(CALM, 12, floor=0)(NEW), atol=2e-3
    )


@pytest.mark.parametrize("name", MADE)
def test_no_score_looks_ahead(name):
    changed = NEW.copy()
    changed[100:] += 3
    np.testing.assert_allclose(MADE[name](changed)[:100], MADE[name](NEW)[:100], atol=1e-6)
    assert len(MADE[name](NEW)) == len(NEW) and MADE[name](changed)[101] > MADE[name](NEW)[101]


def test_the_mean_is_that_of_the_last_values():
    score = RNG.random(40)
    expected = [score[max(0, t - 5) : t + 1].sum() / 6 for t in range(40)]
    np.testing.assert_allclose(surprise.smoothed(score, 6), expected)


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: surprise.linear_error(CALM, 0), "order"),
        (lambda: surprise.linear_error(CALM[:5], 7), "calm"),
        (lambda: MADE["discord"](NEW[:5]), "x"),
        (lambda: surprise.beyond_limits([np.nan]), "calm"),
        (lambda: surprise.smoothed(NEW, 0), "width"),
    ],
)
def test_wrong_arguments_are_refused_with_their_name(call, name):
    with pytest.raises(ValueError, match=f"^{name}: wanted"):
        call()
