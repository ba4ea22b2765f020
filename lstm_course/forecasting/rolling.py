"""Rolling-origin evaluation: forecasts from one origin after another, each made only from the values before it."""

from dataclasses import dataclass

import numpy as np

from ..scratch import arguments
from ..tasks.series import gaps
from .convergence import each_warning_once


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Forecasts from several origins, and the values that followed.

    Attributes
    ----------
    origins : (O,) array of int
        Index of the first value that is forecast.
    forecast : (O, horizon) array
    actual : (O, horizon) array
        NaN where a value is missing; scores leave such steps out.
    """

    origins: np.ndarray
    forecast: np.ndarray
    actual: np.ndarray

    @property
    def errors(self):
        """(O, horizon): the actual values minus the forecast, in the unit of the series."""
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
    """Forecast from each origin, giving the method a copy of the values before that origin.

    At origin o the method receives the values before o and nothing else, so it cannot look ahead. Gaps among them are
    filled by straight lines that use no value after o either.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap.
    method : Forecaster
    origins : (O,) array of int
        Increasing, from 1 to T - horizon; `origins_every` makes them.
    horizon : int
    refit_every : int, optional
        After how many origins to call ``fit`` again. By default it is called once, at the first origin; 0 leaves a
        method that has been fitted before as it is.
    actual : (T,) array, optional
        What to compare the forecasts with if `values` are disturbed; by default `values`.

    Returns
    -------
    Forecasts

    Raises
    ------
    ValueError
        If an argument is not as described, or the method returns anything but (horizon,) finite numbers.

    Examples
    --------
    >>> from lstm_course.forecasting import LastValue
    >>> doubling = rolling_origin([1, 2, 4, 8, 16], LastValue(), origins=[2, 3], horizon=2)
    >>> doubling.forecast.tolist(), doubling.actual.tolist(), doubling.mae()
    ([[2.0, 2.0], [4.0, 4.0]], [[4.0, 8.0], [8.0, 16.0]], 6.0)
    """
    values = gaps.with_gaps("values", values)
    actual = values if actual is None else gaps.with_gaps("actual", arguments.shaped("actual", actual, values.shape))
    horizon = arguments.size("horizon", horizon)
    origins = _checked(origins, len(values), horizon)
    refit_every = len(origins) if refit_every is None else arguments.whole("refit_every", refit_every, 0)
    forecast = np.empty((len(origins), horizon))
    with each_warning_once():
        for row, origin in enumerate(origins):
            if refit_every and row % refit_every == 0:
                method.fit(gaps.fill(values[:origin]))
            returned = method.forecast(gaps.fill(values[:origin]), horizon)
            forecast[row] = arguments.array("method.forecast(past, horizon)", returned, horizon=horizon)
    return Forecasts(origins, forecast, actual[origins[:, None] + np.arange(horizon)])


def origins_every(T, first, horizon, stride=1):
    """The origins `first`, `first` + `stride` and so on, as far as `horizon` values follow them.

    Parameters
    ----------
    T : int
        Length of the series.
    first : int
        At least 1, so that there is a past to forecast from.
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
    """The share by which the mean absolute error lies below a reference: 0 is no better, 1 is perfect.

    Parameters
    ----------
    of, against : Forecasts or float
        Forecasts, or their mean absolute error.

    Returns
    -------
    float
        Negative where the reference is better.

    Raises
    ------
    ValueError
        If one is neither, or the error of the reference is 0.

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
        raise ValueError(f"origins: wanted increasing indices from 1 on, got {origins.tolist()}")
    return origins.astype(int)
