"""Simple forecasts: the past said again, a straight line or a curve through it, and regressions on windows of it.

Each has a ``name``, ``fit(values)``, which learns from (T,) values without gaps and returns the method itself, and
``forecast(past, horizon)``, which gives the (horizon,) values that follow `past` (T,). Both raise a ValueError if an
argument is not as described, and ``forecast`` a RuntimeError if the method has to be fitted and has not been.
"""

import numpy as np

from ..baselines import last_value, seasonal_naive
from ..scratch import arguments
from .windows import pairs


class LastValue:
    """Everything stays as it is now.

    Examples
    --------
    >>> LastValue().forecast([1, 2, 3], horizon=2).tolist()
    [3.0, 3.0]
    """

    name = "last value"

    def fit(self, values):
        """There is nothing to learn."""
        return self

    def forecast(self, past, horizon):
        """The (horizon,) values that follow."""
        return last_value(arguments.array("past", past, T=None), horizon)


class SeasonalNaive:
    """Everything comes as it did a season ago.

    Parameters
    ----------
    season : int
        In steps.
    drift : bool
        Whether to add by how much the last value lies above the one a season before it, once for each season
        that the forecast reaches ahead.

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
        """There is nothing to learn."""
        return self

    def forecast(self, past, horizon):
        """The (horizon,) values that follow a `past` of at least a season, and with drift one step more."""
        past = _long_enough(past, self.season + self.drift)
        again = seasonal_naive(past, self.season, horizon)
        if not self.drift:
            return again
        seasons_ahead = 1 + np.arange(horizon) // self.season
        return again + seasons_ahead * (past[-1] - past[-1 - self.season])


class AutoRegression:
    """The next value is a weighted sum of the last ones and a constant, by least squares.

    For more than one step, forecasts are fed back as if they had come.

    Parameters
    ----------
    lags : int
        How many of the last values.
    difference : bool
        Whether to forecast the change from step to step, from the last changes. Does away with a trend.

    Attributes
    ----------
    weights : (lags + 1,) array
        The constant, then the weight of the last value, the one before it and so on. After `fit`.

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
        """Learn the weights from (T,) values, with T larger than the lags, and the difference if there is one."""
        values = _long_enough(values, self.lags + 1 + self.difference, "values")
        x, y, *_ = pairs(np.diff(values) if self.difference else values, self.lags, 1)
        with_constant = np.column_stack([np.ones(len(x)), x[:, ::-1]])
        self.weights = np.linalg.lstsq(with_constant, y[:, 0])[0]
        return self

    def forecast(self, past, horizon):
        """The (horizon,) values that follow a `past` of at least the lags, and the difference if there is one."""
        _fitted(self, self.weights)
        past = _long_enough(past, self.lags + self.difference)
        horizon = arguments.size("horizon", horizon)
        known = np.diff(past) if self.difference else past
        recent = known[len(known) - self.lags :][::-1]
        said = np.empty(horizon)
        for step in range(horizon):
            said[step] = self.weights[0] + self.weights[1:] @ recent
            recent = np.concatenate([said[step : step + 1], recent[:-1]])
        return past[-1] + np.cumsum(said) if self.difference else said


class Ridge:
    """Each step ahead is a weighted sum of a window: linear regression with a penalty on large weights.

    Each step has weights of its own, so that nothing is fed back. The window and what follows it are taken
    relative to the window's last value.

    Parameters
    ----------
    window, horizon : int
    penalty : float
        Times the sum of the squared weights, without the constant, is added to the sum of the squared errors.

    Attributes
    ----------
    weights : (window, horizon) array
        After `fit`.
    constant : (horizon,) array

    Examples
    --------
    >>> line = np.arange(20.0)
    >>> Ridge(window=3, horizon=2, penalty=0.01).fit(line).forecast([5, 6, 7], horizon=2).round(9).tolist()
    [8.0, 9.0]
    """

    def __init__(self, window, horizon, penalty=1.0):
        self.window, self.horizon = arguments.size("window", window), arguments.size("horizon", horizon)
        self.penalty = arguments.positive("penalty", penalty)
        self.name = f"ridge on {window} steps"
        self.weights = self.constant = None

    def fit(self, values):
        """Learn the weights from (T,) values, with T at least window + horizon."""
        x, y, *_ = pairs(arguments.array("values", values, T=None), self.window, self.horizon)
        x, y = x - x[:, -1:], y - x[:, -1:]
        # About the means, the constant needs no penalty and drops out of the equations.
        x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
        x, y = x - x_mean, y - y_mean
        self.weights = np.linalg.solve(x.T @ x + self.penalty * np.eye(self.window), x.T @ y)
        self.constant = y_mean - x_mean @ self.weights
        return self

    def forecast(self, past, horizon):
        """The (horizon,) values that follow a `past` of at least the window; no more steps than were learned."""
        _fitted(self, self.weights)
        horizon = arguments.whole("horizon", horizon, 1, self.horizon)
        window = _long_enough(past, self.window)[-self.window :]
        return (window[-1] + self.constant + (window - window[-1]) @ self.weights)[:horizon]


def _fitted(method, learned):
    if learned is None:
        raise RuntimeError(f"forecast: {method.name} has not been fitted yet; call fit(values) first")


def _long_enough(past, least, name="past"):
    past = arguments.array(name, past, T=None)
    if len(past) < least:
        raise ValueError(f"{name}: wanted at least {least} steps, got {len(past)}")
    return past
