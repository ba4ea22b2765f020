"""15-meltwater (blank page): the flow of a stream from rain and temperature, with a network that is trained."""

import numpy as np

from ..question import Mistake, Question
from ..shares import unexplained_variance

DAYS, MELT = 90, 4.0  # days of a winter; mm of snow that melt a day for each °C above zero
ENOUGH = 0.8  # of the variance; gradient boosting on windows of 60 days explains about 0.73, a ridge 0.25


def winters(rng, count):
    """Simulated winters: the weather (count, 90, 2) and the flow (count, 90) of a stream below the snow."""
    day = np.arange(DAYS)
    deviation, temperature = np.zeros(count), np.empty((count, DAYS))
    spring = rng.uniform(45, 68, count)
    for k in day:
        deviation = 0.8 * deviation + 2.0 * rng.normal(size=count)
        temperature[:, k] = -7 + 15 / (1 + np.exp((spring - k) / 4)) + deviation
    rain = np.where(rng.random((count, DAYS)) < 0.3, rng.exponential(8.0, (count, DAYS)), 0.0)
    rain *= rng.uniform(0.2, 2.0, (count, 1)) * np.where(day < 45, 1.0, 0.4)
    snow, flow = np.zeros(count), np.empty((count, DAYS))
    for k in day:
        frozen = temperature[:, k] < 0
        snow += np.where(frozen, rain[:, k], 0.0)
        melting = np.minimum(snow, MELT * np.maximum(temperature[:, k], 0))
        snow -= melting
        flow[:, k] = melting + np.where(frozen, 0.0, rain[:, k])
    return np.stack([rain, temperature], axis=2), flow


def _cases(rng):
    weather, flow = winters(rng, 120)
    new, future = winters(rng, 60)
    return [dict(weather=weather, flow=flow, new=new, future=future)]


def _windows(weather, width=10):
    """(winters, days, 2 * width + 1): the last days at each day, zeros before the first, and a constant."""
    padded = np.pad(weather, ((0, 0), (width - 1, 0), (0, 0)))
    rows = np.lib.stride_tricks.sliding_window_view(padded, width, axis=1)
    rows = rows.reshape(*weather.shape[:2], -1)
    return np.concatenate([rows, np.ones((*rows.shape[:2], 1))], axis=2)


def _weighted_sum(weather, flow, new):
    """Least squares on the weather of the last ten days."""
    rows = _windows(weather)
    weights = np.linalg.lstsq(rows.reshape(-1, rows.shape[2]), flow.ravel(), rcond=None)[0]
    return _windows(new) @ weights


MELTWATER = Question(
    id="15-meltwater",
    name="stream",
    points=5,
    seconds=90.0,
    **unexplained_variance(ENOUGH, "a row for each new winter, and a flow for each day", truth="future"),
    cases=_cases,
    mistakes=(
        Mistake(
            "mean flow",
            "You give the mean flow for every day. That explains nothing: it is what the score compares with.",
            lambda weather, flow, new: np.full(new.shape[:2], flow.mean()),
        ),
        Mistake(
            "mean of each day",
            "You give the mean flow of each day of the winter. That knows when spring usually comes, but not how much "
            "snow fell this year.",
            lambda weather, flow, new: np.tile(flow.mean(axis=0), (len(new), 1)),
        ),
        Mistake(
            "rain of the day",
            "You return the day's rain. Below zero it stays as snow, and the stream rises weeks later.",
            lambda weather, flow, new: new[:, :, 0].copy(),
        ),
        Mistake(
            "weighted sum of ten days",
            "You fit a weighted sum to the last ten days. The snow that is melting fell before them, and what melts "
            "depends on how much is left.",
            _weighted_sum,
        ),
    ),
    hints=(
        "How much water can melt on a warm day? What would you have to carry along from day to day to know it, and "
        "which layer of PyTorch carries something along?",
        "`torch.nn.LSTM(2, 24, batch_first=True)` reads all 90 days, and `torch.nn.Linear(24, 1)` turns each hidden "
        "state into a flow. Divide rain, temperature and flow by numbers that bring them to about size 1, and "
        "minimise the mean squared error with Adam.",
        "About 250 steps on 32 winters each do it, with a learning rate of 0.02 that falls linearly to zero and the "
        "gradient norm clipped at 1. Start the forget bias at 2, and multiply the output by the divisor of the flow.",
    ),
    explain_right="Your model carries the snow along: it knows in spring what fell in winter, on winters it never saw.",
)
