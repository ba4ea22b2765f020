"""Forecasts of the prices of five shares, a month ahead: the part of the stored run `forecasting` that is its own."""

import numpy as np

from ..tasks import series
from ..tasks.series.measured import COMPANIES
from .candidates import grid

SETTINGS = {
    "window": 12,
    "validation": "2007-01",
    "judged": "2008-01",
    "hidden_size": 16,
    "steps": 200,
    "methods": {
        "last": {},
        "growth": {},
        "ridge": {"window": [1, 3, 6, 12], "penalty": [0.01, 0.1, 1.0, 10.0, 100.0]},
        "neighbours": {"window": [1, 3, 6, 12], "neighbours": [5, 10, 20, 40, 80]},
    },
}


class _Prices:
    """The months of all companies with a window before them, and the price that followed."""

    def __init__(self):
        rows, window = [], SETTINGS["window"]
        for column, company in enumerate(COMPANIES):
            price = series.stock(company)
            logs = np.log(price.values)
            for o in range(window + 1, len(price)):
                month = price.dates[o].astype("datetime64[M]")
                rows.append((column, month, price.values[o - window : o], np.diff(logs[o - window - 1 : o]), logs[o]))
        self.column, self.month, self.prices, self.returns, logs = (np.array(part) for part in zip(*rows, strict=True))
        self.last, self.actual = self.prices[:, -1], np.exp(logs)
        self.growth = np.log(self.actual / self.last)
        validation, judged = (np.datetime64(SETTINGS[part]) for part in ("validation", "judged"))
        self.training, self.judged = self.month < validation, self.month >= judged
        self.validation = ~self.training & ~self.judged

    def table(self, values):
        """The judged part of (N,) or (S, N) as a row for each month and a column for each company."""
        months = np.unique(self.month[self.judged])
        made = np.empty((*values.shape[:-1], len(months), len(COMPANIES)))
        made[..., np.searchsorted(months, self.month[self.judged]), self.column[self.judged]] = values[..., self.judged]
        return made


def runs(seeds):
    """The forecasts of all methods for the prices of a month ahead."""
    from sklearn.linear_model import Ridge as Linear
    from sklearn.neighbors import KNeighborsRegressor

    rows = _Prices()
    known = ~rows.judged
    predicted = {"last": rows.last, "growth": rows.last * np.exp(rows.growth[known].mean())}
    arrays, scale = {}, rows.returns[rows.training].std()
    regressors = {
        "ridge": lambda setting: Linear(setting["penalty"]),
        "neighbours": lambda setting: KNeighborsRegressor(setting["neighbours"], algorithm="brute"),
    }
    for method in SETTINGS["methods"]:
        scores, settings = [], grid(SETTINGS["methods"][method])
        if method in regressors:

            def fitted(part, setting, make=regressors[method]):
                x = rows.returns[:, -setting["window"] :] / scale
                return rows.last * np.exp(make(setting).fit(x[part], rows.growth[part]).predict(x))

            validated = [fitted(rows.training, setting) for setting in settings]
            scores = [_percent_off(each, rows.actual)[rows.validation].mean() for each in validated]
            predicted[method] = fitted(known, settings[int(np.argmin(scores))])
        else:
            scores = [_percent_off(predicted[method], rows.actual)[rows.validation].mean()]
        arrays[f"stocks_{method}_validation"] = np.array(scores)
        arrays[f"stocks_{method}_chosen"] = np.array(int(np.argmin(scores)))
    center, spread = (
        np.array([of(rows.prices[rows.training & (rows.column == column)]) for column in range(len(COMPANIES))])
        for of in (np.mean, np.std)
    )
    center, spread = center[rows.column], spread[rows.column]
    on_returns, on_prices = [], []
    for seed in seeds:
        on_returns.append(rows.last * np.exp(scale * _trained(rows, rows.returns / scale, rows.growth / scale, seed)))
        standard = (rows.prices - center[:, None]) / spread[:, None]
        on_prices.append(center + spread * _trained(rows, standard, (rows.actual - center) / spread, seed))
    predicted |= {"lstm": np.array(on_returns), "lstm_prices": np.array(on_prices)}
    months = np.unique(rows.month[rows.judged])
    arrays |= {f"stocks_{method}": rows.table(values).astype(np.float32) for method, values in predicted.items()}
    return arrays | {
        "stocks_origins": months.astype(int) - int(np.datetime64("2000-01", "M").astype(int)),
        "stocks_actual": rows.table(rows.actual).astype(np.float32),
    }


def _percent_off(predicted, actual):
    return 100 * np.abs(predicted / actual - 1)


def _trained(rows, x, y, seed):
    """What an LSTM trained on the first part, with the weights that are best on the second, says to x (N, window)."""
    import torch

    from .. import nets

    x, y = (torch.tensor(each, dtype=torch.float32)[..., None] for each in (x, y[:, None]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = nets.Forecaster(1, 1, SETTINGS["hidden_size"])
    rng, training = np.random.default_rng(seed), np.flatnonzero(rows.training)
    validation = torch.tensor(rows.validation)

    def loss(model, which):
        return torch.nn.functional.mse_loss(model(x[which]), y[which])

    nets.train(
        model,
        (torch.tensor(rng.choice(training, 64)) for _ in range(SETTINGS["steps"])),
        loss,
        SETTINGS["steps"],
        0.005,
        seed=seed,
        progress=False,
        validate=lambda model: loss(model, validation),
        validate_every=20,
        device="cpu",
    )
    with torch.no_grad():
        return model(x)[:, 0, 0].double().numpy()
