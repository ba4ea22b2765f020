"""Rolling-origin evaluation: forecast from one moment after another, knowing only what was known then."""

from dataclasses import dataclass

import numpy as np

from ..scratch import arguments
from ..tasks.series import gaps


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Forecasts from several origins, and what came.

    Attributes
    ----------
    origins : (O,) array of int
        The place of the first value that is forecast.
    forecast : (O, horizon) array
    actual : (O, horizon) array
        NaN where the value is missing; such steps count in no score.
    """

    origins: np.ndarray
    forecast: np.ndarray
    actual: np.ndarray

    @property
    def errors(self):
        """(O, horizon): what came less what was forecast, in the unit of the series."""
        return self.actual - self.forecast

    def mae(self):
        """The mean absolute error over all origins and steps, in the unit of the series."""
        return float(np.nanmean(np.abs(self.errors)))

    def rmse(self):
        """The root of the mean squared error over all origins and steps, in the unit of the series."""
        return float(np.sqrt(np.nanmean(self.errors**2)))

    def mae_by_step(self):
        """(horizon,): the mean absolute error at each step ahead, in the unit of the series."""
        return np.nanmean(np.abs(self.errors), axis=0)


def rolling_origin(values, method, origins, horizon, refit_every=None, actual=None):
    """What `method` forecasts at each origin, from a copy of the values before it.

    At origin o the method is handed the values before o, and nothing else: it cannot look ahead. Gaps among
    them are filled by straight lines that know of nothing after o either.

    Parameters
    ----------
    values : (T,) array
        What is known, once it has come; NaN is a gap.
    method : object
        With ``fit(past)`` and ``forecast(past, horizon)``, which gives (horizon,) numbers, such as those of
        `lstm_course.forecasting.methods`.
    origins : (O,) array of int
        Increasing, from 1 to T - horizon; `origins_every` makes them.
    horizon : int
    refit_every : int, optional
        After how many origins to call ``fit`` again. Not given, it is called once, at the first origin; with 0 it
        is not called, as the method has been fitted before.
    actual : (T,) array, optional
        What the forecasts are compared with, where `values` are disturbed; `values` if not given.

    Returns
    -------
    Forecasts

    Raises
    ------
    ValueError
        If an argument is not as described, or the method gives something else than finite (horizon,) numbers.

    Examples
    --------
    >>> from lstm_course.forecasting import LastValue
    >>> found = rolling_origin([1, 2, 4, 8, 16], LastValue(), origins=[2, 3], horizon=2)
    >>> found.forecast.tolist(), found.actual.tolist(), found.mae()
    ([[2.0, 2.0], [4.0, 4.0]], [[4.0, 8.0], [8.0, 16.0]], 6.0)
    """
    values = gaps.with_gaps("values", values)
    actual = values if actual is None else gaps.with_gaps("actual", arguments.shaped("actual", actual, values.shape))
    horizon = arguments.size("horizon", horizon)
    origins = _checked(origins, len(values), horizon)
    refit_every = len(origins) if refit_every is None else arguments.whole("refit_every", refit_every, 0)
    forecast = np.empty((len(origins), horizon))
    for row, origin in enumerate(origins):
        if refit_every and row % refit_every == 0:
            method.fit(gaps.fill(values[:origin]))
        said = method.forecast(gaps.fill(values[:origin]), horizon)
        forecast[row] = arguments.array("method.forecast(past, horizon)", said, horizon=horizon)
    return Forecasts(origins, forecast, actual[origins[:, None] + np.arange(horizon)])


def origins_every(T, first, horizon, stride=1):
    """The origins `first`, `first` + `stride` and so on, as long as `horizon` steps come after them.

    Parameters
    ----------
    T : int
        Length of the series.
    first : int
        At least 1, so that there is a past.
    horizon, stride : int

    Returns
    -------
    (O,) array of int

    Raises
    ------
    ValueError
        If an argument is not as described, or no origin is left.

    Examples
    --------
    >>> origins_every(20, first=10, horizon=4, stride=3).tolist()
    [10, 13, 16]
    """
    T, horizon = arguments.size("T", T), arguments.size("horizon", horizon)
    if horizon >= T:
        raise ValueError(f"horizon: wanted less than the {T} steps of the series, got {horizon}")
    first = arguments.whole("first", first, 1, T - horizon)
    return np.arange(first, T - horizon + 1, arguments.size("stride", stride))


def skill(of, against):
    """By which share the mean absolute error is smaller than that of a reference: 0 is no better, 1 perfect.

    Parameters
    ----------
    of, against : Forecasts or float
        Or their mean absolute errors.

    Returns
    -------
    float
        Below 0 where the reference is better.

    Raises
    ------
    ValueError
        If one is neither, or the reference has no error.

    Examples
    --------
    >>> skill(0.5, against=2.0)
    0.75
    """
    errors = [
        each.mae() if isinstance(each, Forecasts) else arguments.number(name, each)
        for name, each in (("of", of), ("against", against))
    ]
    return 1 - errors[0] / arguments.positive("against", errors[1])


def _checked(origins, T, horizon):
    if horizon >= T:
        raise ValueError(f"horizon: wanted less than the {T} steps of the series, got {horizon}")
    origins = arguments.integers("origins", origins, T - horizon + 1, O=None)
    if origins[0] < 1 or (np.diff(origins) <= 0).any():
        raise ValueError(f"origins: wanted places from 1 on that increase, got {origins.tolist()}")
    return origins.astype(int)
