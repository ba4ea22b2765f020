"""Forecasts that repeat the past of a series, and the error of forecasts at each step ahead."""

import numpy as np

from ..scratch import arguments


def last_value(x, horizon=1):
    """Forecast that each series stays at its last value, which no method beats on a random walk.

    Parameters
    ----------
    x : (N, T) or (T,) array
    horizon : int
        How many steps to forecast.

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
    """Forecast that each series repeats its last season, again and again.

    Parameters
    ----------
    x : (N, T) or (T,) array
    season : int
        Length of a season in steps, at most T.
    horizon : int
        How many steps to forecast.

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
    """The mean absolute error of forecasts at each step ahead.

    A single number for all steps would hide that a forecast may be good for one step ahead and useless for ten.

    Parameters
    ----------
    forecast : (N, horizon) array
        One row for each series, or for each origin of a forecast.
    future : (N, horizon) array
        The values that followed.

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
