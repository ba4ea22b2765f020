"""Holt-Winters: level, trend and season, each carried along and corrected a little by every value."""

import warnings

from ..scratch import arguments

LONG_SEASON = 24  # up to here the first state is fitted, too; beyond, that takes minutes


class HoltWinters:
    """Exponential smoothing with a level, a trend and a season, by statsmodels.

    `fit` finds how fast each of the three follows the values, and the state that they begin with. A later forecast
    runs the state through all of `past` with these parameters, without fitting again.

    Parameters
    ----------
    season : int
        In steps, at least 2.
    trend, seasonal : str or None
        ``"add"``: is added; ``"mul"``: multiplies, for positive values only; None: there is none.

    Attributes
    ----------
    parameters : dict
        What statsmodels fitted, under its names.

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
        """Learn parameters and first state from (T,) values without gaps, of at least two seasons and ten steps.

        Where the season is longer than 24 steps, the first state is taken from the first seasons as it is.
        """
        values = self._read("values", values)
        least = 2 * self.season + 10
        if len(values) < least:
            raise ValueError(
                f"values: wanted at least {least} steps, two seasons of {self.season} and ten, got {len(values)}"
            )
        beginning = "estimated" if self.season <= LONG_SEASON else "heuristic"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the search has not come to rest, mostly
            self.parameters = self._model(values, initialization_method=beginning).fit().params
        return self

    def forecast(self, past, horizon):
        """The (horizon,) values that follow `past` (T,), which begins where the values of `fit` began."""
        if self.parameters is None:
            raise RuntimeError("forecast: Holt-Winters has not been fitted yet; call fit(values) first")
        past, horizon = self._read("past", past), arguments.size("horizon", horizon)
        found = self.parameters
        first = {"initial_level": found["initial_level"]}
        speed = {"smoothing_level": found["smoothing_level"]}
        if self.trend:
            first["initial_trend"] = found["initial_trend"]
            speed["smoothing_trend"] = found["smoothing_trend"]
        if self.seasonal:
            first["initial_seasonal"] = found["initial_seasons"]
            speed["smoothing_seasonal"] = found["smoothing_seasonal"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = self._model(past, initialization_method="known", **first)
            return model.fit(**speed, optimized=False).forecast(horizon)

    def _model(self, values, **beginning):
        from statsmodels.tsa.holtwinters import ExponentialSmoothing  # takes a second to load

        return ExponentialSmoothing(
            values, trend=self.trend, seasonal=self.seasonal, seasonal_periods=self.season, **beginning
        )

    def _read(self, name, values):
        values = arguments.array(name, values, T=None)
        if "mul" in (self.trend, self.seasonal) and values.min() <= 0:
            raise ValueError(f"{name}: wanted positive numbers, as something multiplies them, got {values.min()}")
        return values
