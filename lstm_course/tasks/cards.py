"""Simulated card payments, in which a fraud is a pattern over several payments with one card.

A card has a history of payments. Each has an amount, the hours since the last one, the hour of the day, one of eight
kinds of shop, and whether it was made far from home. Owners differ in all of these. There are two kinds of fraud::

    tested   somebody tries the card online with a tiny amount, and hours later buys for large ones online. Owners also
             make tiny payments and go on sprees, and now and then a tiny payment follows a spree.
    ordered  within days, fuel, then electronics, then a gift card. Owners buy the same three in every other order.

No package that the course installs has real card payments, which banks seldom publish. In simulated ones we know for
certain which payments are fraud.
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

PAYMENTS, SHOPS = 40, 8
FUEL, ELECTRONICS, GIFTS, ONLINE = 2, 5, 6, 7
KINDS = ("tested", "ordered")


class Cards(NamedTuple):
    """What `cards` returns, for N cards with 40 payments each; all arrays have the shape (N, 40).

    Attributes
    ----------
    amount : array
        In euros.
    gap : array
        Hours since the last payment.
    hour : array
        Of the day, from 0 to 24.
    shop : array of int
        From 0 to 7; `FUEL`, `ELECTRONICS`, `GIFTS` and `ONLINE` are four of them.
    far : array of bool
    fraud : array of bool
    """

    amount: np.ndarray
    gap: np.ndarray
    hour: np.ndarray
    shop: np.ndarray
    far: np.ndarray
    fraud: np.ndarray


def cards(count, kind, seed):
    """Draw cards; 6 in 100 have a fraud of the kind "tested", or 12 in 100 one of the kind "ordered".

    Parameters
    ----------
    count : int
    kind : str
        One of `KINDS`.
    seed : int or numpy.random.Generator

    Returns
    -------
    Cards

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    N, rng = arguments.size("count", count), common.generator(seed)
    if kind not in KINDS:
        raise ValueError(f"kind: wanted one of {', '.join(KINDS)}, got {kind!r}")
    drawn = [_card(rng, kind) for _ in range(N)]
    return Cards(*(np.array([card[k] for card in drawn]) for k in range(6)))


def inputs(made):
    """The payments as (N, 40, 13) float32: logarithms of amount and gap, hour on a circle, far, and kind of shop."""
    angle = made.hour * 2 * np.pi / 24
    numbers = [np.log(made.amount), np.log(made.gap), np.sin(angle), np.cos(angle), made.far]
    return np.concatenate([np.stack(numbers, axis=2), common.one_hot(made.shop, SHOPS)], axis=2).astype(np.float32)


def history(made):
    """What an analyst who knows the frauds of the kind "tested" would write down, (N, 40, 15) float32.

    Of each payment: its amount relative to the card's mean so far; of the last 24 and of the last 96 hours, the number
    of payments, their sum, the smallest and the largest, the number online, and the number of tiny ones online; the
    hours since a tiny one online; and the share of earlier payments in the same kind of shop.
    """
    time, rows = np.cumsum(made.gap, axis=1), []
    for k in range(PAYMENTS):
        past = slice(max(0, k - 12), k)
        age, amount, online = time[:, k : k + 1] - time[:, past], made.amount[:, past], made.shop[:, past] == ONLINE
        tiny, before = online & (amount < 2), made.amount[:, : max(k, 1)].mean(axis=1)
        row = [np.log(made.amount[:, k] / before)]
        for hours in (24, 96):
            recent = age < hours
            row += [recent.sum(1), (amount * recent).sum(1), np.where(recent, amount, 1e4).min(1, initial=1e4)]
            row += [np.where(recent, amount, 0).max(1, initial=0), (recent & online).sum(1), (recent & tiny).sum(1)]
        same = made.shop[:, :k] == made.shop[:, k : k + 1]
        row += [np.where(tiny, age, 999).min(1, initial=999), same.sum(axis=1) / max(k, 1)]
        rows.append(np.stack(row, axis=1))
    return np.stack(rows, axis=1).astype(np.float32)


def _card(rng, kind):
    """One card: amount, gap, hour, shop, far, fraud, each an array (40,)."""
    L, usual, home_hour = PAYMENTS, np.exp(rng.normal(3, 0.4)), rng.normal(14, 2)
    amount, gap = usual * np.exp(rng.normal(0, 0.6, L)), rng.exponential(18, L) + 0.2
    hour, shop = rng.normal(home_hour, 3.5, L) % 24, rng.choice(SHOPS, L, p=rng.dirichlet(np.full(SHOPS, 1.5)))
    tiny, large, far, fraud = rng.random(L) < 0.06, rng.random(L) < 0.03, rng.random(L) < 0.06, np.zeros(L, bool)
    amount[tiny] = rng.uniform(0.5, 2, tiny.sum())
    amount[large] *= rng.uniform(4, 9, large.sum())
    start, case, spree, wait = int(rng.integers(8, L - 14)), rng.random(), rng.integers(2, 4), rng.integers(1, 9)

    def pay_tiny(k):
        amount[k], shop[k], far[k] = rng.uniform(0.5, 2), ONLINE, rng.random() < 0.4

    def go_shopping(k):
        for each in range(k, k + spree):
            amount[each], shop[each], far[each] = usual * rng.uniform(3, 8), ONLINE, rng.random() < 0.4
            hour[each] = rng.normal(home_hour + 2, 5) % 24
        gap[k + 1 : k + spree] = rng.exponential(2, spree - 1) + 0.05

    if kind == "tested" and case < 0.06:
        pay_tiny(start)
        go_shopping(start + wait)
        gap[start + 1 : start + wait + 1] = rng.exponential(5, wait) + 0.2
        fraud[start + wait : start + wait + spree] = True
    elif kind == "tested" and case < 0.20:
        go_shopping(start)
    elif kind == "tested" and case < 0.34:
        pay_tiny(start)
    elif kind == "tested" and case < 0.44:
        go_shopping(start)
        pay_tiny(start + spree + wait - 1)
        gap[start + spree : start + spree + wait] = rng.exponential(5, wait) + 0.2
    elif kind == "ordered" and case < 0.48:
        order = np.array([FUEL, ELECTRONICS, GIFTS])
        if case >= 0.12:
            while order.tolist() == [FUEL, ELECTRONICS, GIFTS]:
                order = rng.permutation(order)
        places = start + np.append(0, np.cumsum(rng.integers(1, 4, 2)))
        between = slice(start, places[2] + 1)
        gap[start + 1 : places[2] + 1] = rng.exponential(4, places[2] - start) + 0.2
        shop[between] = np.where(np.isin(shop[between], order), 0, shop[between])
        shop[places], amount[places] = order, usual * rng.uniform(1, 4, 3)
        fraud[places[2]] = case < 0.12
    return amount, gap, hour, shop, far, fraud
