"""Simple forecasters: the last value, the last season, autoregression, and the average of several forecasters.

`Forecaster` describes what all forecasters have in common, those of the other modules included.
"""

import warnings
from typing import Protocol

import numpy as np

from ..baselines import last_value, seasonal_naive
from ..scratch import arguments
from .convergence import each_warning_once
from .windows import pairs


class Forecaster(Protocol):
    """Anything that learns from a series and then forecasts what follows a stretch of it.

    Attributes
    ----------
    name : str
        What tables and messages call it.
    """

    name: str

    def fit(self, values):
        """Learn from a series, forgetting whatever was learned before.

        Parameters
        ----------
        values : (T,) array
            Without gaps.

        Returns
        -------
        Forecaster
            The forecaster itself.

        Raises
        ------
        ValueError
            If `values` is not as described, or too short.
        """

    def forecast(self, past, horizon):
        """Forecast the values that follow `past`, without learning from it.

        Parameters
        ----------
        past : (T,) array
            Without gaps; it need not be the series of `fit`.
        horizon : int
            How many steps to forecast. Forecasters that learn all steps at once forecast no more than they learned.

        Returns
        -------
        (horizon,) array

        Raises
        ------
        ValueError
            If an argument is not as described, or `past` is too short.
        RuntimeError
            If there is something to learn and `fit` has not been called.
        """


class LastValue:
    """Forecasts that the series stays at its last value.

    Examples
    --------
    >>> LastValue().forecast([1, 2, 3], horizon=2).tolist()
    [3.0, 3.0]
    """

    name = "last value"

    def fit(self, values):
        """Do nothing, since there is nothing to learn; see `Forecaster`."""
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`."""
        return last_value(arguments.array("past", past, T=None), horizon)


class SeasonalNaive:
    """Forecasts that the series repeats its last season.

    Parameters
    ----------
    season : int
        Length of a season in steps.
    drift : bool
        Whether to add the rise from one season to the next: the last value minus the one a season before it, once
        for each season that the forecast reaches ahead.

    Examples
    --------
    >>> past = [1, 5, 2, 6]
    >>> SeasonalNaive(2).forecast(past, 3).tolist(), SeasonalNaive(2, drift=True).forecast(past, 3).tolist()
    ([2.0, 6.0, 2.0], [3.0, 7.0, 4.0])
    """

    def __init__(self, season, drift=False):
        self.season, self.drift = arguments.size("season", season), arguments.flag("drift", drift)
        self.name = "seasonal naive with drift" if drift else "seasonal naive"

    def fit(self, values):
        """Do nothing, since there is nothing to learn; see `Forecaster`."""
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`; `past` holds at least one season, and one step more with drift."""
        past = long_enough(past, self.season + self.drift)
        repeated = seasonal_naive(past, self.season, horizon)
        if not self.drift:
            return repeated
        seasons_ahead = 1 + np.arange(horizon) // self.season
        return repeated + seasons_ahead * (past[-1] - past[-1 - self.season])


class AutoRegression:
    """Forecasts the next value as a constant plus a weighted sum of the last values, AR(p).

    The weights minimise the squared error (statsmodels). Beyond one step, forecasts are fed back as inputs.

    Parameters
    ----------
    lags : int
        How many of the last values enter, p.
    difference : bool
        Whether to model the changes from step to step instead of the values, which removes a trend.

    Attributes
    ----------
    weights : (lags + 1,) array
        The constant, the weight of the last value, that of the value before it, and so on; None before `fit`.

    Examples
    --------
    >>> halves = 0.5 ** np.arange(10)
    >>> AutoRegression(lags=1).fit(halves).forecast([8.0], horizon=3).round(9).tolist()
    [4.0, 2.0, 1.0]
    """

    def __init__(self, lags, difference=False):
        self.lags, self.difference = arguments.size("lags", lags), arguments.flag("difference", difference)
        self.name = f"AR({lags}) on differences" if difference else f"AR({lags})"
        self.weights = None

    def fit(self, values):
        """See `Forecaster`; T exceeds the number of lags, by two steps with `difference`."""
        # `AutoReg` fits the same model, but refuses a series that is shorter than twice the lags.
        from statsmodels.regression.linear_model import OLS  # slow to load

        values = long_enough(values, self.lags + 1 + self.difference, "values")
        x, y, *_ = pairs(np.diff(values) if self.difference else values, self.lags, 1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where many weights fit equally well, OLS takes the smallest
            self.weights = OLS(y[:, 0], np.column_stack([np.ones(len(x)), x[:, ::-1]])).fit().params
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`; `past` holds at least `lags` steps, and one more with `difference`."""
        check_fitted(self, self.weights)
        past = long_enough(past, self.lags + self.difference)
        horizon = arguments.size("horizon", horizon)
        series = np.diff(past) if self.difference else past
        recent = series[len(series) - self.lags :][::-1]  # the newest first, as the weights are
        forecast = np.empty(horizon)
        for step in range(horizon):
            forecast[step] = self.weights[0] + self.weights[1:] @ recent
            recent = np.concatenate([forecast[step : step + 1], recent[:-1]])
        return past[-1] + np.cumsum(forecast) if self.difference else forecast


class Average:
    """Forecasts the mean of what several forecasters say, such as networks that started from different seeds.

    Averaging removes the part of the error that differs from one network to the next (Hansen and Salamon 1990).

    Parameters
    ----------
    forecasters : list of Forecaster
    name : str, optional

    Examples
    --------
    >>> Average([LastValue(), SeasonalNaive(2)]).forecast([1, 5, 2, 6], horizon=2).tolist()
    [4.0, 6.0]
    """

    def __init__(self, forecasters, name=None):
        self.forecasters = list(forecasters)
        if not self.forecasters:
            raise ValueError("forecasters: wanted at least one forecaster, got none")
        self.name = name or f"average of {len(self.forecasters)} forecasters"

    def fit(self, values):
        """Fit every forecaster to `values`; see `Forecaster`."""
        with each_warning_once():
            for forecaster in self.forecasters:
                forecaster.fit(values)
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`."""
        return np.mean([forecaster.forecast(past, horizon) for forecaster in self.forecasters], axis=0)


def check_fitted(forecaster, learned):
    """Raise a RuntimeError if `learned`, which `fit` sets, is still None."""
    if learned is None:
        raise RuntimeError(f"forecast: {forecaster.name} has not been fitted yet; call fit(values) first")


def long_enough(series, least, name="past"):
    """`series` as a (T,) array of at least `least` steps, or a ValueError that calls it `name`."""
    series = arguments.array(name, series, T=None)
    if len(series) < least:
        raise ValueError(f"{name}: wanted at least {least} steps, got {len(series)}")
    return series
