"""How far off a forecast may be: intervals from the errors that were made before."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments


@dataclass(frozen=True, eq=False)
class Intervals:
    """How far below and above a forecast the values may come, one pair of bounds for each step ahead.

    Attributes
    ----------
    low, high : (horizon,) arrays
        Added to a forecast, they bound the interval; in the unit of the series.
    level : float
        The share of the values that should come within.

    Notes
    -----
    Split conformal prediction (Vovk, Gammerman and Shafer 2005; Lei et al. 2018): of V errors on values that were
    not trained on, in order of size, the bounds are the floor((V + 1) (1 - level) / 2)-th smallest and as many from
    the largest. The 1 in V + 1 stands for the error to come. If that is as likely to have any place in the order as
    the others, the interval holds it with a probability of at least `level`, whatever the method and however the
    errors are distributed. In a series they need not be: errors of origins side by side are alike, and what comes
    may differ from what came. So count how often the intervals hold (`coverage`).
    """

    low: np.ndarray
    high: np.ndarray
    level: float

    @classmethod
    def from_errors(cls, errors, level=0.8):
        """Intervals from what came less what was forecast, as ``Forecasts.errors`` has it.

        Parameters
        ----------
        errors : (V, horizon) array
            Of V origins in the validation part; at least 2 / (1 - level) - 1 of them.
        level : float
            Between 0 and 1.

        Returns
        -------
        Intervals

        Raises
        ------
        ValueError
            If an argument is not as described, or there are too few errors for that level.

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
        place = int((V + 1) * (1 - level) / 2 + 1e-9)  # 1 - 0.8 is a little less than 0.2
        if place < 1:
            least = int(np.ceil(2 / (1 - level) - 1e-9)) - 1
            raise ValueError(f"errors: wanted those of at least {least} origins for a level of {level:g}, got {V}")
        ordered = np.sort(errors, axis=0)
        return cls(ordered[place - 1], ordered[V - place], level)

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
    """How often intervals held; shares from 0 to 1."""

    overall: float
    by_step: np.ndarray  # (horizon,), at each step ahead


def coverage(low, high, actual):
    """The share of the values that came within their interval, bounds included.

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
        If an argument is not as described, a bound lies on the wrong side, or no value is known.

    Examples
    --------
    >>> coverage([[0, 0], [0, 0]], [[1, 1], [1, 1]], actual=[[0.5, 2], [1, 0.5]])
    Coverage(overall=0.75, by_step=array([1. , 0.5]))
    """
    low = arguments.array("low", low, O=None, horizon=None)
    high = arguments.array("high", high, O=low.shape[0], horizon=low.shape[1])
    if (low > high).any():
        place = tuple(int(k) for k in np.argwhere(low > high)[0])
        raise ValueError(f"low: wanted no bound above that of high, got {low[place]} at {place}, above {high[place]}")
    actual = arguments.shaped("actual", actual, low.shape).astype(float)
    known = ~np.isnan(actual)
    if not known.any():
        raise ValueError("actual: wanted at least one value, got none")
    held = (low <= actual) & (actual <= high)
    counts = known.sum(axis=0)
    by_step = np.where(counts, held.sum(axis=0) / np.maximum(counts, 1), np.nan)
    return Coverage(float(held.sum() / known.sum()), by_step)
