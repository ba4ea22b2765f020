"""The past of a series said again, and how far off a forecast is at each step ahead."""

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


def error_by_horizon(forecast, future):
    """How far off forecasts are at each step ahead: the mean absolute error, over series or moments.

    One number for all steps would hide that a forecast may be good for one step and useless for ten.

    Parameters
    ----------
    forecast : (N, horizon) array
        One row for each series, or each moment at which a forecast was made.
    future : (N, horizon) array
        What came.

    Returns
    -------
    (horizon,) array
        In the units of the series.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> error_by_horizon([[1, 1], [2, 2]], future=[[1, 3], [3, 6]]).tolist()
    [0.5, 3.0]
    """
    forecast = arguments.array("forecast", forecast, N=None, horizon=None)
    future = arguments.array("future", future, N=len(forecast), horizon=forecast.shape[1])
    return np.abs(forecast - future).mean(axis=0)
