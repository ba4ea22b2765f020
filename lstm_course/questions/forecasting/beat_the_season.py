"""15-beat-the-season (blank page): a forecast that beats seasonal naive."""

import numpy as np

from ..question import Mistake, Output, Question

HELD_OUT, SEASON, HORIZON = 96, 12, 12
LARGEST_RATIO = 0.9  # accepted error relative to that of seasonal naive


def monthly(rng, years=22):
    """A simulated monthly series: a trend, a season, and deviations that last for some months."""
    T = 12 * years
    t, noise = np.arange(T), rng.normal(size=T)
    deviation = np.zeros(T)
    for k in range(1, T):
        deviation[k] = 0.7 * deviation[k - 1] + 0.4 * noise[k]
    phase, size = rng.uniform(0, 2 * np.pi), rng.uniform(2, 4)
    season = size * np.sin(2 * np.pi * t / 12 + phase) + 0.4 * size * np.sin(4 * np.pi * t / 12 + rng.uniform(0, 6))
    return rng.uniform(50, 400) + rng.uniform(0.12, 0.25) * t + season + deviation


def _beat_cases(rng):
    def case(years):
        values = monthly(rng, years)
        first = len(values) - HELD_OUT
        origins = np.arange(first, len(values) - HORIZON + 1, 6)
        return dict(
            values=values[:first],
            past=np.stack([values[o - 36 : o] for o in origins]),
            future=np.stack([values[o : o + HORIZON] for o in origins]),
        )

    return [case(20), case(26)]


def _ratio(forecast, past, future):
    """The error of a forecast relative to that of seasonal naive."""
    naive = past[:, -SEASON:][:, np.arange(HORIZON) % SEASON]
    return np.abs(forecast - future).mean() / np.abs(naive - future).mean()


def _error_ratio(inputs, forecast):
    past, future = inputs["past"], inputs["future"]
    if forecast.shape != future.shape:
        raise ValueError(
            f"`forecast` has shape {forecast.shape}; wanted {future.shape}: a row for each past, a column for each of "
            "the next 12 months."
        )
    if not np.isfinite(forecast).all():
        raise ValueError("`forecast` holds a number that is not finite.")
    return (np.array(max(_ratio(forecast, past, future), LARGEST_RATIO)),)


BEAT = Question(
    id="15-beat-the-season",
    name="forecast",
    points=4,
    outputs=(Output("error as a share of seasonal naive's", ()),),
    returns=("forecast",),
    seconds=20.0,
    withheld=("future",),
    cases=_beat_cases,
    reference=lambda values, past, future: np.array(LARGEST_RATIO),
    observe=_error_ratio,
    tolerance=0.0,
    margin=1e-9,
    mistakes=(
        Mistake(
            "last year again",
            "You repeat the last year, which is seasonal naive itself and cannot beat itself. In these series the "
            "level grows from year to year.",
            lambda values, past: past[:, -SEASON:],
        ),
        Mistake(
            "mean of the past",
            "You forecast the mean of the past for each month. It knows neither the season nor the growth.",
            lambda values, past: np.repeat(past.mean(axis=1, keepdims=True), HORIZON, axis=1),
        ),
        Mistake(
            "end of the known part for all",
            "Every row of your forecast is the same: it goes on from the end of `values`. Each row of `past` ends at a "
            "moment of its own; go on from there.",
            lambda values, past: np.tile(values[-SEASON:], (len(past), 1)),
        ),
    ),
    hints=(
        "What does seasonal naive leave? In these series the level grows: a year later every month lies higher. What "
        "would you add to each value of the last year?",
        "Seasonal naive with drift adds the last known value less the one a season before. A ridge on windows of 36, "
        "each less its last value, does better; so does a small LSTM on what is left.",
        "With `pairs(values, 36, 12)` the windows and targets are rows x and y. Take the last value off both, solve "
        "`(x.T @ x + 10 * np.eye(36)) @ w = x.T @ y` for w, and forecast `(past - last) @ w + last`.",
    ),
    explain_right="Better than the season by a tenth at least, on years that your code has never seen.",
)
