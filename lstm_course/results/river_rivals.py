"""What the LSTMs of the stored run `rainfall_runoff` have to beat: methods without memory, on one catchment."""

import numpy as np

from ..forecasting import runoff

SETTINGS = {
    "ridge": {"days": [7, 30, 90, 365], "penalty": [1.0, 10.0, 100.0, 1e3, 1e4], "root": [False, True]},
    "neighbours": {"days": [7, 30, 90, 365], "neighbours": [1, 3, 5, 10, 20, 40], "root": [False, True]},
    "boosting_windows": {"days": [30, 90], "leaves": [4, 12], "root": [False, True]},
    "boosting_sums": {"leaves": [4, 8, 16], "root": [False, True]},
    "boosting_snow": {"melt": [2.0, 4.0], "leaves": [4, 8, 16], "root": [False, True]},
    "window_network": {"days": [30, 90, 365], "penalty": [0.1, 10.0]},
    "trees": 300,
    "tree_rate": 0.05,
    "networks": 5,
    "network_epochs": 40,
}
UNITS = 32  # of a window network, as many as the LSTM has
METHODS = (
    "season",
    "ridge",
    "neighbours",
    "boosting_windows",
    "boosting_sums",
    "boosting_snow",
    "window_network",
)


class Rivals:
    """The methods without memory on one catchment; what several of their settings share is computed once."""

    def __init__(self, river, parts):
        self.river, self.parts = river, parts
        self.training, self.validation = self.parts.training, self.parts.validation
        self.kept = {}

    def predict(self, method, setting):
        root = setting.get("root", False)
        goal = np.sqrt(self.river.flow) if root else self.river.flow
        predicted = getattr(self, f"_{method}")(
            goal, **{name: each for name, each in setting.items() if name != "root"}
        )
        return np.maximum(predicted, 0) ** 2 if root else predicted

    def _season(self, goal):
        return of_season(goal, self.river.dates, self.training)

    def _ridge(self, goal, days, penalty):
        from sklearn.linear_model import Ridge

        z = self._table("windows", days)
        return Ridge(penalty).fit(z[self.training], goal[self.training]).predict(z)

    def _neighbours(self, goal, days, neighbours):
        from sklearn.neighbors import NearestNeighbors

        z, first = self._table("windows", days), self.validation.start
        if ("near", days) not in self.kept:
            most = max(SETTINGS["neighbours"]["neighbours"])
            found = NearestNeighbors(n_neighbors=most, algorithm="brute").fit(z[self.training])
            self.kept["near", days] = found.kneighbors(z[first:])
        distances, nearest = (part[:, :neighbours] for part in self.kept["near", days])
        weights = 1 / (distances + 1e-9)
        predicted = np.full(len(z), goal[self.training].mean())
        predicted[first:] = (weights * goal[self.training][nearest]).sum(axis=1) / weights.sum(axis=1)
        return predicted

    def _boosting_windows(self, goal, days, leaves):
        return self._boosted(self._table("windows", days), goal, leaves)

    def _boosting_sums(self, goal, leaves):
        return self._boosted(self._table("sums"), goal, leaves)

    def _boosting_snow(self, goal, melt, leaves):
        return self._boosted(np.hstack([self._table("sums"), self._table("with_snow", melt)]), goal, leaves)

    def _boosted(self, x, goal, leaves):
        """Boosted trees, as many as are best on the validation years."""
        from sklearn.ensemble import HistGradientBoostingRegressor

        trees = HistGradientBoostingRegressor(
            learning_rate=SETTINGS["tree_rate"],
            max_iter=SETTINGS["trees"],
            max_leaf_nodes=leaves,
            early_stopping=False,
            random_state=0,
        ).fit(x[self.training], goal[self.training])
        stages = list(trees.staged_predict(x[self.validation.start :]))
        days = self.validation.stop - self.validation.start
        best = min(stages, key=lambda stage: ((stage[:days] - goal[self.validation]) ** 2).mean())
        predicted = np.full(len(x), goal[self.training].mean())
        predicted[self.validation.start :] = best
        return predicted

    def _window_network(self, goal, days, penalty):
        """The mean of several networks with one hidden layer, trained for a fixed number of epochs."""
        from sklearn.neural_network import MLPRegressor

        z = self._table("windows", days)
        mean, scale = goal[self.training].mean(), goal[self.training].std()
        predicted = 0
        for seed in range(SETTINGS["networks"]):
            network = MLPRegressor(
                hidden_layer_sizes=(UNITS,),
                activation="tanh",
                alpha=penalty,
                learning_rate_init=0.003,
                max_iter=SETTINGS["network_epochs"],
                n_iter_no_change=SETTINGS["network_epochs"],
                random_state=seed,
            )
            predicted = predicted + _quietly(
                network.fit, z[self.training], (goal[self.training] - mean) / scale
            ).predict(z)
        return predicted / SETTINGS["networks"] * scale + mean

    def _table(self, kind, *which):
        """Columns standardised by the training days."""
        if (kind, *which) not in self.kept:
            weather = self.river.weather
            made = {
                "windows": lambda days: runoff.windows(weather, days),
                "sums": lambda: runoff.sums(weather, self.river.dates),
                "with_snow": lambda melt: runoff.with_snow(weather, melt),
            }[kind](*which)
            known = made[self.training]
            spread = known.std(axis=0)
            self.kept[(kind, *which)] = (made - known.mean(axis=0)) / np.where(spread > 0, spread, 1)
        return self.kept[(kind, *which)]


def of_season(values, dates, training):
    """(T,): the mean of the training days that lie within a week of this day of the year, in any year."""
    day = (dates - dates.astype("datetime64[Y]")).astype(int)
    known = day[training]
    apart = np.abs(np.arange(366)[:, None] - known)
    near = np.minimum(apart, 365 - apart) <= 7
    return ((near @ values[training]) / near.sum(axis=1))[day]


def _quietly(call, *arguments):
    """Call without the warning that the fixed number of epochs was used up."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return call(*arguments)
