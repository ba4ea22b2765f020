"""Regression from a window of the past to all steps ahead, with scikit-learn: ridge, nearest neighbours, boosting."""

import warnings

import numpy as np

from ..scratch import arguments
from .convergence import pass_on, warn_not_converged
from .methods import check_fitted, long_enough
from .windows import pairs

FOLDS = 5  # of the validation in which a setting is chosen
SEARCH = "kd_tree"  # comparing with all windows looks for thread pools, which an isolated answer may not do


class WindowRegression:
    """A `Forecaster` that hands windows of the past to a regressor of scikit-learn.

    The window and the values that follow it are taken relative to the window's last value, so that the level of the
    series makes no difference. If the level does tell what follows, as with a temperature that returns to its usual
    value, ``relative=False`` keeps it. All steps ahead are predicted at once, and nothing is fed back.

    Parameters
    ----------
    regressor : scikit-learn regressor
        One that predicts several numbers at once; wrap others in ``sklearn.multioutput.MultiOutputRegressor``. Each
        `fit` trains a fresh copy.
    window, horizon : int
        How many steps it sees, and how many it forecasts.
    name : str, optional
    relative : bool

    Attributes
    ----------
    fitted : scikit-learn regressor
        The trained copy; None before `fit`.

    Examples
    --------
    >>> from sklearn.linear_model import LinearRegression
    >>> method = WindowRegression(LinearRegression(), window=3, horizon=2).fit(np.arange(20.0))
    >>> method.forecast([5, 6, 7], horizon=2).round(9).tolist()
    [8.0, 9.0]
    """

    def __init__(self, regressor, window, horizon, name=None, relative=True):
        self.window, self.horizon = arguments.size("window", window), arguments.size("horizon", horizon)
        self.name = name or f"{type(regressor).__name__} on {window} steps"
        self.regressor, self.relative = regressor, arguments.flag("relative", relative)
        self.fitted = None

    def fit(self, values):
        """See `Forecaster`; T is at least window + horizon, and larger where a setting is chosen by validation."""
        from sklearn.exceptions import ConvergenceWarning

        x, y, *_ = pairs(arguments.array("values", values, T=None), self.window, self.horizon)
        level = x[:, -1:] if self.relative else 0.0
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ConvergenceWarning)
            self.fitted = self._trained(x - level, y - level)
        failed = [warning for warning in caught if issubclass(warning.category, ConvergenceWarning)]
        pass_on(warning for warning in caught if warning not in failed)
        if failed:
            warn_not_converged(self.name)
        return self

    def forecast(self, past, horizon):
        """See `Forecaster`; `past` holds at least a window, and `horizon` is at most the one that was learned."""
        check_fitted(self, self.fitted)
        horizon = arguments.whole("horizon", horizon, 1, self.horizon)
        window = long_enough(past, self.window)[-self.window :]
        level = window[-1] if self.relative else 0.0
        return level + np.ravel(self.fitted.predict((window - level)[None]))[:horizon]

    def _trained(self, x, y):
        """A regressor trained on windows (N, window) and their targets (N, horizon), relative if they are to be."""
        from sklearn.base import clone

        return clone(self.regressor).fit(x, y)

    def _chosen(self, regressor, setting, candidates, x, y):
        """`regressor` with the candidate whose mean absolute error on later windows is smallest, trained on all.

        Folds follow one another in time. Between the windows trained on and those validated on, a gap keeps targets
        from being shared.
        """
        from sklearn.model_selection import GridSearchCV, TimeSeriesSplit

        folds = TimeSeriesSplit(FOLDS, gap=self.horizon - 1)
        search = GridSearchCV(
            regressor, {setting: candidates}, scoring="neg_mean_absolute_error", cv=folds, error_score="raise"
        )
        return search.fit(x, y).best_estimator_

    def _first_fold(self, windows, setting):
        """How many windows the first fold trains on, or a ValueError if the series is too short to validate."""
        least = (FOLDS + 1) * self.horizon
        if windows < least:
            steps = least + self.window + self.horizon - 1
            got = windows + self.window + self.horizon - 1
            raise ValueError(f"values: wanted at least {steps} steps to choose the {setting} by validation, got {got}")
        return windows - FOLDS * (windows // (FOLDS + 1)) - (self.horizon - 1)


class Ridge(WindowRegression):
    """Linear regression from a window to each step ahead, with a penalty on large weights.

    Parameters
    ----------
    window, horizon : int
    penalty : float, optional
        Factor of the sum of squared weights (without the constant) that is added to the sum of squared errors. None
        chooses it at each `fit`, by validation on later windows (``TimeSeriesSplit``).
    relative : bool
        See `WindowRegression`.

    Attributes
    ----------
    weights : (window, horizon) array
        None before `fit`.
    constant : (horizon,) array
        None before `fit`.
    fitted : sklearn.linear_model.Ridge
        Its ``alpha`` is the penalty that was used.

    Examples
    --------
    >>> line = np.arange(20.0)
    >>> Ridge(window=3, horizon=2, penalty=0.01).fit(line).forecast([5, 6, 7], horizon=2).round(9).tolist()
    [8.0, 9.0]
    """

    def __init__(self, window, horizon, penalty=1.0, relative=True):
        super().__init__(None, window, horizon, f"ridge on {window} steps", relative)
        self.penalty = None if penalty is None else arguments.positive("penalty", penalty)

    @property
    def weights(self):
        return None if self.fitted is None else self.fitted.coef_.T

    @property
    def constant(self):
        return None if self.fitted is None else self.fitted.intercept_

    def _trained(self, x, y):
        from sklearn.linear_model import Ridge as Regressor

        if self.penalty is not None:
            return Regressor(self.penalty).fit(x, y)
        self._first_fold(len(x), "penalty")
        size = np.mean(x**2) or 1.0  # penalties have the square of the series' unit
        return self._chosen(Regressor(), "alpha", size * np.logspace(-4, 4, 17), x, y)


class NearestNeighbours(WindowRegression):
    """The mean of what followed the most similar windows of the past.

    Parameters
    ----------
    window, horizon : int
    neighbours : int, optional
        How many windows to average over. None chooses it at each `fit`, by validation on later windows.
    relative : bool
        See `WindowRegression`.

    Attributes
    ----------
    fitted : sklearn.neighbors.KNeighborsRegressor
        Its ``n_neighbors`` is the number that was used.

    Examples
    --------
    >>> wave = np.tile([1.0, 5.0, 3.0], 8)
    >>> NearestNeighbours(window=3, horizon=2, neighbours=1).fit(wave).forecast([3, 1, 5], horizon=2).tolist()
    [3.0, 1.0]
    """

    def __init__(self, window, horizon, neighbours=None, relative=True):
        super().__init__(None, window, horizon, f"nearest neighbours on {window} steps", relative)
        self.neighbours = None if neighbours is None else arguments.size("neighbours", neighbours)

    def _trained(self, x, y):
        from sklearn.neighbors import KNeighborsRegressor

        if self.neighbours is None:
            most = self._first_fold(len(x), "number of neighbours")
            candidates = [number for number in (1, 2, 3, 5, 8, 13, 21, 34, 55) if number <= most]
            return self._chosen(KNeighborsRegressor(algorithm=SEARCH), "n_neighbors", candidates, x, y)
        if self.neighbours > len(x):
            raise ValueError(f"neighbours: wanted at most the {len(x)} windows of the series, got {self.neighbours}")
        return KNeighborsRegressor(self.neighbours, algorithm=SEARCH).fit(x, y)


class GradientBoosting(WindowRegression):
    """Boosted regression trees, a sequence of them for each step ahead (Friedman 2001).

    Parameters
    ----------
    window, horizon : int
    trees, depth : int
        How many trees for each step ahead, and how many splits deep.
    learning_rate : float
        Share of each tree's prediction that is added.
    seed : int
        Of the features among which each split chooses.
    relative : bool
        See `WindowRegression`.

    Examples
    --------
    >>> wave = np.tile([1.0, 5.0, 3.0], 8)
    >>> GradientBoosting(window=3, horizon=2).fit(wave).forecast([3, 1, 5], horizon=2).round(1).tolist()
    [3.0, 1.0]
    """

    def __init__(self, window, horizon, trees=100, depth=3, learning_rate=0.1, seed=0, relative=True):
        super().__init__(None, window, horizon, f"gradient boosting on {window} steps", relative)
        self.trees, self.depth = arguments.size("trees", trees), arguments.size("depth", depth)
        self.learning_rate = arguments.positive("learning_rate", learning_rate)
        self.seed = arguments.seed("seed", seed)

    def _trained(self, x, y):
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.multioutput import MultiOutputRegressor

        trees = GradientBoostingRegressor(
            n_estimators=self.trees,
            max_depth=self.depth,
            learning_rate=self.learning_rate,
            max_features="sqrt",  # neighbouring steps are so alike that a few of them do, in a fraction of the time
            random_state=self.seed,
        )
        return MultiOutputRegressor(trees).fit(x, y)
