"""The usual course of a year, and forecasts of what departs from it."""

import numpy as np

from ..scratch import arguments
from .methods import check_fitted, long_enough


class WithoutSeason:
    """A `Forecaster` that takes out the usual course of a season, forecasts the rest, and puts the course back.

    The course is a constant plus the waves that fit best,

        a_0 + sum over k of a_k cos(2 pi k t / period) + b_k sin(2 pi k t / period)

    It suits a season of hundreds of steps, such as the days of a year, for which averages of single days are too
    noisy, and also one that is no whole number of steps.

    Parameters
    ----------
    period : float
        Length of a season in steps, above 2.
    method : Forecaster, optional
        Forecasts the rest; by default the forecast is the usual course alone.
    waves : int
        How many, with the period and its half, third and so on.

    Attributes
    ----------
    weights : (1 + 2 waves,) array
        a_0, then a_k and b_k for each k in turn; None before `fit`.

    Examples
    --------
    >>> year = 10 + 5 * np.cos(2 * np.pi * np.arange(20) / 10)
    >>> WithoutSeason(10, waves=1).fit(year).forecast(year, horizon=3).round(2).tolist()
    [15.0, 14.05, 11.55]
    """

    def __init__(self, period, method=None, waves=2):
        self.period, self.waves = arguments.number("period", period), arguments.size("waves", waves)
        if self.period <= 2:
            raise ValueError(f"period: wanted a number above 2, got {period}")
        self.method = method
        self.name = "the usual course" if method is None else f"the usual course and {method.name}"
        self.weights = None

    def fit(self, values):
        """See `Forecaster`; T is at least one season."""
        values = long_enough(values, max(int(np.ceil(self.period)), 2 * self.waves + 1), "values")
        self.weights = np.linalg.lstsq(self._waves(np.arange(len(values))), values, rcond=None)[0]
        if self.method is not None:
            self.method.fit(values - self.course(0, len(values)))
        return self

    def course(self, start, stop):
        """The usual course (stop - start,) of the steps from `start` on, counted from the first value of `fit`."""
        check_fitted(self, self.weights)
        return self._waves(np.arange(start, stop)) @ self.weights

    def forecast(self, past, horizon):
        """See `Forecaster`; `past` begins where the values of `fit` began."""
        past, horizon = long_enough(past, 1), arguments.size("horizon", horizon)
        usual = self.course(len(past), len(past) + horizon)
        if self.method is None:
            return usual
        return usual + self.method.forecast(past - self.course(0, len(past)), horizon)

    def _waves(self, t):
        angles = 2 * np.pi / self.period * np.outer(t, 1 + np.arange(self.waves))
        pairs = np.stack([np.cos(angles), np.sin(angles)], axis=2).reshape(len(t), -1)
        return np.column_stack([np.ones(len(t)), pairs])
