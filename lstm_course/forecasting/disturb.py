"""A series made worse: noise added, values taken away."""

import numpy as np

from ..scratch import arguments
from ..tasks.common import generator
from ..tasks.series import gaps


def with_noise(values, share, seed=0, start=0):
    """Normal noise on each value, in proportion to how much the series changes from step to step.

    Its standard deviation is `share` times that of the changes from one step to the next, over the values before
    `start`, or over all where `start` is 0. The level of a series with a trend would be no such measure. The
    same seed gives the same noise, larger or smaller.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap, and stays one.
    share : float
        At least 0.
    seed : int or numpy.random.Generator
    start : int
        The first value that is disturbed.

    Returns
    -------
    (T,) array
        A new one.

    Raises
    ------
    ValueError
        If an argument is not as described, or there are no changes to be measured.

    Examples
    --------
    >>> with_noise([1.0, 3.0, 2.0, 4.0], share=0.0).tolist()
    [1.0, 3.0, 2.0, 4.0]
    """
    values, start, rng = _read(values, seed, start)
    share = arguments.number("share", share)
    if share < 0:
        raise ValueError(f"share: wanted a number of at least 0, got {share}")
    changes = np.diff(values[: start or None])
    if np.isnan(changes).all():  # or there are none
        raise ValueError("values: wanted at least two neighbours without a gap before start, got none")
    values[start:] += share * np.nanstd(changes) * rng.normal(size=len(values) - start)
    return values


def with_gaps(values, share, seed=0, start=0):
    """Values taken away at random, each place as likely as another: NaN is left there.

    Nothing is filled here: a straight line across a gap needs the value after it, which is not known yet to who
    forecasts from within. `rolling_origin` fills, at each origin, with what lies before. The same seed takes
    away the same values and more, where `share` is larger.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap, and stays one.
    share : float
        Of the values from `start` on, from 0 to below 1.
    seed : int or numpy.random.Generator
    start : int
        The first value that may go.

    Returns
    -------
    (T,) array
        A new one.

    Raises
    ------
    ValueError
        If an argument is not as described, or nothing is left.

    Examples
    --------
    >>> with_gaps([1.0, 2.0, 3.0, 4.0], share=0.5, seed=0, start=2).tolist()
    [1.0, 2.0, nan, 4.0]
    """
    values, start, rng = _read(values, seed, start)
    order = start + rng.permutation(len(values) - start)
    values[order[: round(arguments.share("share", share) * len(order))]] = np.nan
    return gaps.with_gaps("values", values)


def _read(values, seed, start):
    values = gaps.with_gaps("values", values)
    return values, arguments.whole("start", start, 0, len(values) - 1), generator(seed)
