"""Simulated series, built so that we know what can be forecast in them and what cannot."""

import numpy as np

from ...scratch import arguments
from .. import common
from .record import Series

# Of the weather.
TREND = 0.03  # °C a year
KEPT = 0.8  # share of a deviation from the season that remains on the next day
SHOCK = 1.2  # °C, the standard deviation of the daily shock
FRONTS = 1 / 6  # the probability that a front begins on a given day
FRONT_SIZES = 3.0, 8.0  # °C, uniformly distributed, up or down
FRONT_FIRST_DAY = 0.55  # share of a front's change that comes on its first day; the rest comes on the second

# Of the price.
DAILY = 0.01  # the standard deviation of a day's change of the log price
WEEK = np.array([1.0, -1.0, 0.5, -0.5, 0.0]) / np.sqrt(0.5)  # the cue from Monday to Friday: sum 0, mean square 1


def weather(years=12, seed=0):
    """SIMULATED daily mean temperatures: a slow trend, a yearly season, and fronts.

    The deviation from trend and season keeps 0.8 of itself from day to day, and each day adds a normal shock with a
    standard deviation of 1.2 °C. Every sixth day on average a front begins. It changes the temperature by 3 to 8 °C, up
    or down, a little more than half of it on the first day and the rest on the second, and then fades like any other
    deviation. The first day of a front therefore predicts the second. Apart from trend and season, all days have the
    same distribution.

    Real winters vary more than real summers, and real weather comes from somewhere: records of pressure, wind and
    neighbouring places announce a front before it arrives.

    Parameters
    ----------
    years : int
        Of 365.25 days.
    seed : int or numpy.random.Generator

    Returns
    -------
    Series
        In °C, from 1 January 2001; season 365.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> series = weather(years=1)
    >>> len(series), series.simulated
    (365, True)
    """
    years, rng = arguments.size("years", years), common.generator(seed)
    T, before = int(365.25 * years), 60  # days of warm-up, so that the first day is like any other
    days = np.arange(T)
    sizes = rng.uniform(*FRONT_SIZES, T + before) * rng.choice((-1, 1), T + before)
    fronts = np.where(rng.random(T + before) < FRONTS, sizes, 0)
    added = SHOCK * rng.normal(size=T + before) + FRONT_FIRST_DAY * fronts
    # By the second day the first day's part has faded to KEPT of itself; this completes the whole change.
    added[1:] += (1 - KEPT * FRONT_FIRST_DAY) * fronts[:-1]
    season = -9 * np.cos(2 * np.pi * (days - 20) / 365.25)  # coldest around 21 January
    return Series(
        name="temperature, simulated",
        values=10 + TREND * days / 365.25 + season + _keeping(added)[before:],
        dates=np.datetime64("2001-01-01") + days,
        unit="°C",
        step="day",
        season=365,
        source="Simulated daily mean temperature: trend, yearly season, and fronts.",
        simulated=True,
    )


def random_walk(steps=123, start=100.0, deviation=0.1, seed=0):
    """A SIMULATED random walk of the log value: nothing in its past says where it goes next.

    At each step the logarithm changes by a normal number of mean zero. The defaults resemble the monthly prices of a
    share, from which the eye cannot tell the walk.

    Parameters
    ----------
    steps : int
        How many values, T.
    start : float
        The first value, above 0.
    deviation : float
        Standard deviation of a change of the logarithm, above 0; 0.1 is about a tenth of the value.
    seed : int or numpy.random.Generator

    Returns
    -------
    Series
        Monthly, without dates, unit and season.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> random_walk(steps=3, seed=1).values.round(1).tolist()
    [100.0, 103.5, 112.4]
    """
    steps, rng = arguments.size("steps", steps), common.generator(seed)
    start, deviation = arguments.positive("start", start), arguments.positive("deviation", deviation)
    changes = np.append(0.0, deviation * rng.normal(size=steps - 1))
    return Series(
        name="random walk, simulated",
        values=start * np.exp(np.cumsum(changes)),
        step="month",
        source=f"Simulated random walk: its logarithm changes by normal numbers of standard deviation {deviation:g}.",
        simulated=True,
    )


def price(days=1500, seed=0, cue=0.0):
    """SIMULATED prices, one each weekday: the log price is a random walk, with or without a cue.

    Each day the log price changes by a normal number with a standard deviation of 0.01, one hundredth of the price,
    which nothing in the past predicts. Without a cue, a future price is above today's as often as below, so the last
    value has the smallest possible mean absolute error. With a cue, part of the change depends on the day of the week,
    and a method that finds it does better.

    Parameters
    ----------
    days : int
    seed : int or numpy.random.Generator
    cue : float
        The size of the weekday part, as its root mean square in standard deviations of a daily change; at least 0. It
        sums to zero over a week.

    Returns
    -------
    Series
        From Monday, 1 January 2001; season 5.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> price(days=3).dates.astype(str).tolist()
    ['2001-01-01', '2001-01-02', '2001-01-03']
    """
    days, rng = arguments.size("days", days), common.generator(seed)
    cue = arguments.number("cue", cue)
    if cue < 0:
        raise ValueError(f"cue: wanted a number of at least 0, got {cue}")
    changes = DAILY * (rng.normal(size=days) + cue * WEEK[np.arange(days) % 5])
    cued = f"with a part for each day of the week, {cue:g} of a daily standard deviation" if cue else "without a cue"
    return Series(
        name="price, simulated",
        values=100 * np.exp(np.cumsum(changes)),
        dates=np.busday_offset("2001-01-01", np.arange(days)),
        unit="units of money",
        step="day",
        season=5,
        source=f"Simulated price: a random walk of the log price, {cued}.",
        simulated=True,
    )


def _keeping(added):
    """Deviations (T,) of which KEPT remains from one step to the next, given what each step adds (T,)."""
    deviation, now = np.empty_like(added), 0.0
    for t, shock in enumerate(added):
        deviation[t] = now = KEPT * now + shock
    return deviation
