"""Prediction intervals from past errors, how often they hold, and how good they are."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments


@dataclass(frozen=True, eq=False)
class Intervals:
    """How far below and above a forecast the values may lie, with one pair of bounds for each step ahead.

    Attributes
    ----------
    low, high : (horizon,) arrays
        Added to a forecast, they give the bounds of the interval; in the unit of the series.
    level : float
        The share of the values that the intervals should contain.

    Notes
    -----
    Split conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): of V errors on values that were not
    trained on, sorted by size, the bounds are the floor((V + 1) (1 - level) / 2)-th smallest and the one equally far
    from the largest. The 1 in V + 1 stands for the next error. If that error is equally likely to take any rank among
    the others, the interval contains it with a probability of at least `level`, whatever the method and however the
    errors are distributed. In a series this need not hold: errors from neighbouring origins are alike, and the future
    may differ from the past. So measure how often the intervals hold (`coverage`).
    """

    low: np.ndarray
    high: np.ndarray
    level: float

    @classmethod
    def from_errors(cls, errors, level=0.8):
        """Intervals from errors, the actual values minus the forecasts, as in ``Forecasts.errors``.

        Parameters
        ----------
        errors : (V, horizon) array
            From V origins in the validation part; V is at least 2 / (1 - level) - 1.
        level : float
            Between 0 and 1.

        Returns
        -------
        Intervals

        Raises
        ------
        ValueError
            If an argument is not as described, or there are too few errors for `level`.

        Examples
        --------
        >>> errors = np.arange(-9.0, 10.0)[:, None]  # 19 errors from -9 to 9
        >>> intervals = Intervals.from_errors(errors, level=0.8)
        >>> intervals.low.tolist(), intervals.high.tolist()
        ([-8.0], [8.0])
        """
        errors = arguments.array("errors", errors, V=None, horizon=None)
        level = arguments.positive("level", arguments.share("level", level))
        V = len(errors)
        rank = int((V + 1) * (1 - level) / 2 + 1e-9)  # in floating point, 1 - 0.8 is slightly below 0.2
        if rank < 1:
            least = int(np.ceil(2 / (1 - level) - 1e-9)) - 1
            raise ValueError(f"errors: wanted errors from at least {least} origins for a level of {level:g}, got {V}")
        ordered = np.sort(errors, axis=0)
        return cls(ordered[rank - 1], ordered[V - rank], level)

    def around(self, forecast):
        """The bounds around forecasts.

        Parameters
        ----------
        forecast : (..., horizon) array

        Returns
        -------
        low, high : (..., horizon) arrays
        """
        forecast = arguments.array("forecast", forecast, leading=True, horizon=len(self.low))
        return forecast + self.low, forecast + self.high


class Coverage(NamedTuple):
    """How often intervals held, as shares from 0 to 1."""

    overall: float
    by_step: np.ndarray  # (horizon,), at each step ahead


def coverage(low, high, actual):
    """The share of the values that lie within their interval, bounds included.

    Parameters
    ----------
    low, high : (O, horizon) arrays
    actual : (O, horizon) array
        NaN where a value is missing; it does not count.

    Returns
    -------
    Coverage
        NaN for a step at which no value is known.

    Raises
    ------
    ValueError
        If an argument is not as described, a lower bound exceeds its upper bound, or no value is known.

    Examples
    --------
    >>> coverage([[0, 0], [0, 0]], [[1, 1], [1, 1]], actual=[[0.5, 2], [1, 0.5]])
    Coverage(overall=0.75, by_step=array([1. , 0.5]))
    """
    low, high, actual, known = _bounds_and_actual(low, high, actual)
    inside = (low <= actual) & (actual <= high)
    counts = known.sum(axis=0)
    by_step = np.where(counts, inside.sum(axis=0) / np.maximum(counts, 1), np.nan)
    return Coverage(float(inside.sum() / known.sum()), by_step)


def winkler_score(low, high, actual, level):
    """The mean Winkler score of intervals: their width, plus a penalty for each value outside. Smaller is better.

    A value outside its interval costs its distance from the nearer bound times 2 / (1 - level). The expected score is
    smallest for the true quantiles, so that neither wide nor overconfident intervals pay (Winkler 1972; Gneiting and
    Raftery 2007).

    Parameters
    ----------
    low, high, actual : (O, horizon) arrays
        As for `coverage`.
    level : float
        Between 0 and 1.

    Returns
    -------
    float
        In the unit of the series.

    Raises
    ------
    ValueError
        As for `coverage`.

    Examples
    --------
    >>> winkler_score([[0.0, 0.0]], [[1.0, 1.0]], actual=[[0.5, 1.25]], level=0.5)
    1.5
    """
    low, high, actual, known = _bounds_and_actual(low, high, actual)
    level = arguments.positive("level", arguments.share("level", level))
    outside = np.maximum(low - actual, 0) + np.maximum(actual - high, 0)
    return float((high - low + 2 / (1 - level) * outside)[known].mean())


def pinball_loss(forecast, actual, share):
    """The mean pinball loss of a forecast quantile. Smaller is better, and the true quantile is best.

    Each value costs its distance from the forecast, times `share` if it lies above and 1 - `share` if below.

    Parameters
    ----------
    forecast, actual : (O, horizon) arrays
        NaN in `actual` where a value is missing; it does not count.
    share : float
        Which quantile is forecast, between 0 and 1: the share of the values that should lie below it.

    Returns
    -------
    float
        In the unit of the series.

    Raises
    ------
    ValueError
        If an argument is not as described, or no value is known.

    Examples
    --------
    >>> pinball_loss([[1.0, 1.0]], actual=[[3.0, 0.0]], share=0.75)
    0.875
    """
    from sklearn.metrics import mean_pinball_loss  # slow to load

    forecast = arguments.array("forecast", forecast, O=None, horizon=None)
    actual, known = _known(actual, forecast.shape)
    share = arguments.positive("share", arguments.share("share", share))
    return float(mean_pinball_loss(actual[known], forecast[known], alpha=share))


def _bounds_and_actual(low, high, actual):
    low = arguments.array("low", low, O=None, horizon=None)
    high = arguments.array("high", high, O=low.shape[0], horizon=low.shape[1])
    if (low > high).any():
        index = tuple(int(k) for k in np.argwhere(low > high)[0])
        raise ValueError(f"low: wanted no bound above that of high, got {low[index]} at {index}, above {high[index]}")
    return low, high, *_known(actual, low.shape)


def _known(actual, shape):
    actual = arguments.shaped("actual", actual, shape).astype(float)
    known = ~np.isnan(actual)
    if not known.any():
        raise ValueError("actual: wanted at least one value, got none")
    return actual, known
