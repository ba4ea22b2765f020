"""Prediction intervals that adapt to their own misses."""

import numpy as np

from ..scratch import arguments


def adaptive_intervals(forecasts, past_errors, level=0.8, rate=0.02):
    """Bounds around forecasts that widen after a miss and narrow after a hit.

    Each bound is the forecast plus a quantile of all errors known at its origin. The share a that the lower bound
    leaves below it starts at (1 - level) / 2, and after each value y is updated to

        a <- a + rate ((1 - level) / 2 - [y < low])

    and likewise for the upper bound. So if too many values fall outside, the bounds move outwards, also when the
    errors grow or their mean moves. This is adaptive conformal inference (Gibbs and Candes 2021), on either side by
    itself and at each step ahead by itself.

    Parameters
    ----------
    forecasts : Forecasts
        An origin uses only values before it: the forecast k steps ahead from an earlier origin o counts once the
        value at o + k has come.
    past_errors : (V, horizon) array
        Errors, actual minus forecast, from origins before all of `forecasts`, such as those of the validation part.
    level : float
        The share of the values that the intervals should contain, between 0 and 1.
    rate : float
        How far one value moves a; larger rates adapt faster and vary more.

    Returns
    -------
    low, high : (O, horizon) arrays

    Raises
    ------
    ValueError
        If an argument is not as described.

    Notes
    -----
    As in the paper a may leave the range from 0 to 1; at 0 or below, the bound is the most extreme error so far, where
    the paper has an infinite interval.

    Examples
    --------
    >>> from lstm_course.forecasting import Forecasts
    >>> forecasts = Forecasts(np.array([5, 6]), forecast=np.zeros((2, 1)), actual=np.array([[9.0], [0.0]]))
    >>> low, high = adaptive_intervals(forecasts, np.arange(-2.0, 3)[:, None], level=0.5, rate=0.1)
    >>> low[:, 0].tolist(), high[:, 0].round(6).tolist()
    ([-1.0, -0.625], [1.0, 2.875])
    """
    errors = forecasts.errors
    past_errors = arguments.array("past_errors", past_errors, V=None, horizon=errors.shape[1])
    tail = (1 - arguments.positive("level", arguments.share("level", level))) / 2
    rate = arguments.positive("rate", rate)
    columns = [
        _bounds_of_step(forecasts.origins, errors[:, k], past_errors[:, k], k, tail, rate)
        for k in range(errors.shape[1])
    ]
    low, high = np.array(columns).transpose(1, 2, 0)
    return forecasts.forecast + low, forecasts.forecast + high


def _bounds_of_step(origins, errors, past_errors, k, tail, rate):
    """Lower and upper bounds (2, O) of the errors at one step ahead."""
    known, shares, bounds, judged = list(past_errors), np.array([tail, tail]), [], 0
    for origin in origins:
        while origins[judged] + k < origin:  # this value has come since
            error = errors[judged]
            if not np.isnan(error):
                low, high = bounds[judged]
                shares += rate * (tail - np.array([error < low, error > high]))
                known.append(error)
            judged += 1
        below, above = np.clip(shares, 0, 0.5)
        bounds.append(np.quantile(known, (below, 1 - above)))
    return np.transpose(bounds)
