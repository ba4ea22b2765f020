"""Holt-Winters: exponential smoothing with a level, a trend and a season."""

import warnings

from ..scratch import arguments
from .convergence import warn_not_converged
from .methods import check_fitted

LONG_SEASON = 24  # for longer seasons, fitting the initial state as well would take minutes


class HoltWinters:
    """A `Forecaster` by exponential smoothing (statsmodels): every value corrects the level, trend and season a little.

    `fit` finds how strongly each of the three is corrected, and their initial state. A later forecast runs the state
    through all of `past` with these parameters, without fitting again.

    Parameters
    ----------
    season : int
        Length in steps, at least 2.
    trend, seasonal : {"add", "mul", None}
        Whether the component is added, multiplied (for positive values only), or left out.

    Attributes
    ----------
    parameters : dict
        What statsmodels fitted, under its names; None before `fit`.

    Warns
    -----
    lstm_course.forecasting.NotConverged
        If the search for the parameters stopped before it converged.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(48)
    >>> past = t + 10 * (t % 4)
    >>> HoltWinters(season=4).fit(past).forecast(past, horizon=3).round(2).tolist()
    [48.0, 59.0, 70.0]
    """

    name = "Holt-Winters"

    def __init__(self, season, trend="add", seasonal="add"):
        self.season = arguments.whole("season", season, 2)
        for name, value in (("trend", trend), ("seasonal", seasonal)):
            if value not in ("add", "mul", None):
                raise ValueError(f"{name}: wanted 'add', 'mul' or None, got {value!r}")
        self.trend, self.seasonal = trend, seasonal
        self.parameters = None

    def fit(self, values):
        """See `Forecaster`; T is at least two seasons and ten steps.

        If the season is longer than 24 steps, the initial state is not fitted but estimated from the first seasons.
        """
        values = self._suitable("values", values)
        least = 2 * self.season + 10
        if len(values) < least:
            raise ValueError(
                f"values: wanted at least {least} steps, two seasons of {self.season} and ten, got {len(values)}"
            )
        initialization = "estimated" if self.season <= LONG_SEASON else "heuristic"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the search; how it ended is read from its result
            result = self._model(values, initialization_method=initialization).fit()
        self.parameters = result.params
        if not result.mle_retvals.success:
            warn_not_converged(self.name)
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`; `past` begins where the values of `fit` began."""
        check_fitted(self, self.parameters)
        past, horizon = self._suitable("past", past), arguments.size("horizon", horizon)
        fitted = self.parameters
        initial = {"initial_level": fitted["initial_level"]}
        smoothing = {"smoothing_level": fitted["smoothing_level"]}
        if self.trend:
            initial["initial_trend"] = fitted["initial_trend"]
            smoothing["smoothing_trend"] = fitted["smoothing_trend"]
        if self.seasonal:
            initial["initial_seasonal"] = fitted["initial_seasons"]
            smoothing["smoothing_seasonal"] = fitted["smoothing_seasonal"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nothing is left to be fitted
            model = self._model(past, initialization_method="known", **initial)
            return model.fit(**smoothing, optimized=False).forecast(horizon)

    def _model(self, values, **initial):
        from statsmodels.tsa.holtwinters import ExponentialSmoothing  # slow to load

        return ExponentialSmoothing(
            values, trend=self.trend, seasonal=self.seasonal, seasonal_periods=self.season, **initial
        )

    def _suitable(self, name, values):
        values = arguments.array(name, values, T=None)
        if "mul" in (self.trend, self.seasonal) and values.min() <= 0:
            raise ValueError(
                f"{name}: wanted positive numbers, as a component of the model is multiplied, got {values.min()}"
            )
        return values
