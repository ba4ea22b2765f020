"""Patients, payments and movements: what decides is where the tasks say, and what shouldn't tell doesn't."""

import numpy as np
import pytest

from lstm_course.tasks import cards, movements, ward


def test_the_order_of_the_two_rises_tells_who_is_at_risk():
    made = ward.patients(200, seed=0)
    assert made.x.shape == (200, 96, 4) and made.x.dtype == np.float32
    for x, start, risk in zip(made.x, made.symptom, made.at_risk, strict=True):
        first, second = x[start : start + 3], x[start + 4 : start + 7]
        rises = first[:, ward.TEMPERATURE].mean() - first[:, ward.BREATHING].mean()
        later = second[:, ward.BREATHING].mean() - second[:, ward.TEMPERATURE].mean()
        assert (rises + later > 0) == risk


def test_the_pattern_comes_hours_later_and_looks_the_same_in_both():
    made = ward.patients(2000, seed=1)
    n, t = np.nonzero(made.pattern)
    assert (t - made.symptom[n] >= 12).all() and set(np.bincount(n, minlength=2000)) == {1, 2}
    around = np.stack([made.x[a, b - 4 : b + 1] for a, b in zip(n, t, strict=True)])
    difference = around[made.at_risk[n]].mean(axis=0) - around[~made.at_risk[n]].mean(axis=0)
    assert np.abs(difference).max() < 0.15
    assert around[:, 3, ward.HEART].mean() > 2 and around[:, 4, ward.PRESSURE].mean() < -2


def test_the_same_seed_gives_the_same_patients_and_cards():
    for a, b in zip(ward.patients(5, 3), ward.patients(5, 3), strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(cards.cards(5, "tested", 3), cards.cards(5, "tested", 3), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_tested_card_has_a_tiny_payment_online_before_the_fraud():
    made = cards.cards(2000, "tested", seed=0)
    rows = np.flatnonzero(made.fraud.any(axis=1))
    assert 0.04 < len(rows) / 2000 < 0.08
    for n in rows:
        first = made.fraud[n].argmax()
        before = slice(max(0, first - 8), first)
        assert ((made.amount[n, before] < 2) & (made.shop[n, before] == cards.ONLINE)).any()
        assert (made.shop[n, made.fraud[n]] == cards.ONLINE).all()


def test_only_one_order_of_the_three_shops_is_fraud():
    made = cards.cards(2000, "ordered", seed=0)
    rows, places = np.nonzero(made.fraud)
    assert 0.09 < len(rows) / 2000 < 0.15 and (made.shop[rows, places] == cards.GIFTS).all()
    for n, t in zip(rows, places, strict=True):
        shops = [shop for shop in made.shop[n, t - 6 : t + 1] if shop in (cards.FUEL, cards.ELECTRONICS, cards.GIFTS)]
        assert shops[-3:] == [cards.FUEL, cards.ELECTRONICS, cards.GIFTS]


def test_the_history_knows_nothing_of_later_payments():
    made = cards.cards(30, "tested", seed=2)
    before, changed = cards.history(made), made._replace(amount=made.amount.copy())
    changed.amount[:, 25:] *= 7
    np.testing.assert_array_equal(cards.history(changed)[:, :25], before[:, :25])
    assert (cards.history(changed)[:, 25:] != before[:, 25:]).any()
    assert cards.inputs(made).shape == (30, 40, 13) and before.shape == (30, 40, 15)


def test_the_history_counts_what_it_says():
    made = cards.cards(10, "tested", seed=4)
    time = np.cumsum(made.gap, axis=1)
    for n, k in ((0, 12), (3, 30), (7, 39)):
        recent = [j for j in range(k - 12, k) if time[n, k] - time[n, j] < 24]
        counted = cards.history(made)[n, k]
        assert counted[1] == len(recent) and counted[2] == pytest.approx(made.amount[n, recent].sum(), rel=1e-5)


def test_the_movements_are_those_of_the_files():
    x, kinds = movements.movements()
    assert x.shape == (80, 100, 6) and np.bincount(kinds).tolist() == [20] * 4
    np.testing.assert_allclose(x[0, 0, :3], [0.079106, 0.394032, 0.551444], atol=1e-5)
    energy = [np.abs(np.diff(x[kinds == k], axis=1)).mean() for k in range(4)]
    assert min(energy) == energy[movements.KINDS.index("Standing")]


@pytest.mark.parametrize(
    "call, name",
    [
        (lambda: ward.patients(0, 0), "count"),
        (lambda: ward.patients(3, -1), "seed"),
        (lambda: cards.cards(3, "stolen", 0), "kind"),
        (lambda: cards.cards(2.5, "tested", 0), "count"),
    ],
)
def test_wrong_arguments_are_refused_with_their_name(call, name):
    with pytest.raises(ValueError, match=f"^{name}: wanted"):
        call()
