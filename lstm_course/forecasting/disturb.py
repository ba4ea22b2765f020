"""Disturbed series: noise added, or values removed."""

import numpy as np

from ..scratch import arguments
from ..tasks.common import generator
from ..tasks.series import gaps


def with_noise(values, share, seed=0, start=0):
    """Add normal noise to each value, in proportion to how much the series changes from step to step.

    Its standard deviation is `share` times that of the changes per step in the values before `start` (in all values if
    `start` is 0). The standard deviation of the values themselves would mostly measure the trend. With the same seed,
    the noise for another `share` is a multiple of the same numbers.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap and remains one.
    share : float
        At least 0.
    seed : int or numpy.random.Generator
    start : int
        Index of the first value that is disturbed.

    Returns
    -------
    (T,) array
        A copy.

    Raises
    ------
    ValueError
        If an argument is not as described, or there is no change to measure.

    Examples
    --------
    >>> with_noise([1.0, 3.0, 2.0, 4.0], share=0.0).tolist()
    [1.0, 3.0, 2.0, 4.0]
    """
    values, start, rng = _checked(values, seed, start)
    share = arguments.number("share", share)
    if share < 0:
        raise ValueError(f"share: wanted a number of at least 0, got {share}")
    changes = np.diff(values[: start or None])
    if np.isnan(changes).all():  # or there are none
        raise ValueError("values: wanted at least two neighbours without a gap before start, got none")
    values[start:] += share * np.nanstd(changes) * rng.normal(size=len(values) - start)
    return values


def with_gaps(values, share, seed=0, start=0):
    """Remove values at random, each with the same probability, and leave NaN in their place.

    The gaps are not filled: a straight line across a gap needs the value after it, which a forecast from within the gap
    must not know. `rolling_origin` fills gaps at each origin from the values before it. With the same seed, a larger
    `share` removes the same values and more.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap and remains one.
    share : float
        Of the values from `start` on; from 0 to below 1.
    seed : int or numpy.random.Generator
    start : int
        Index of the first value that may be removed.

    Returns
    -------
    (T,) array
        A copy.

    Raises
    ------
    ValueError
        If an argument is not as described, or no value would be left.

    Examples
    --------
    >>> with_gaps([1.0, 2.0, 3.0, 4.0], share=0.5, seed=0, start=2).tolist()
    [1.0, 2.0, nan, 4.0]
    """
    values, start, rng = _checked(values, seed, start)
    order = start + rng.permutation(len(values) - start)
    values[order[: round(arguments.share("share", share) * len(order))]] = np.nan
    return gaps.with_gaps("values", values)


def _checked(values, seed, start):
    values = gaps.with_gaps("values", values)
    return values, arguments.whole("start", start, 0, len(values) - 1), generator(seed)
