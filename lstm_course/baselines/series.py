"""The past of a series said again."""

import numpy as np

from ..scratch import arguments


def last_value(x, horizon=1):
    """Each series goes on with its last value: what a random walk allows, and nothing beats there.

    Parameters
    ----------
    x : (N, T) or (T,) array
    horizon : int
        Steps to be predicted.

    Returns
    -------
    (N, horizon) or (horizon,) array

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    return seasonal_naive(x, 1, horizon)


def seasonal_naive(x, season, horizon=1):
    """Each series goes on as it did a season ago, and again so in the seasons after that.

    Parameters
    ----------
    x : (N, T) or (T,) array
    season : int
        Steps in a season, at most T.
    horizon : int
        Steps to be predicted.

    Returns
    -------
    (N, horizon) or (horizon,) array

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> seasonal_naive([1, 2, 3, 1, 2, 4], season=3, horizon=5).tolist()
    [1.0, 2.0, 4.0, 1.0, 2.0]
    """
    x = arguments.array("x", x, leading=True, T=None)
    T = x.shape[-1]
    season = arguments.whole("season", season, 1, T)
    return x[..., T - season + np.arange(arguments.size("horizon", horizon)) % season]
