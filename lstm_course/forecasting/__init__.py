"""Forecasts of a series, made and judged without looking ahead.

`windows` cuts windows with their targets (`pairs`), `scaling` scales by the training part alone (`Scaler`),
`rolling` forecasts from one origin after another and scores it (`rolling_origin`), `methods` and `holt_winters` have
the simple forecasts, `intervals` says how far off a forecast may be, `disturb` adds noise and takes values away, and
`table` lays the scores side by side. The LSTM is in `lstm` (`lstm_course.forecasting.lstm.LSTMForecast`), which is
not loaded with the rest, as PyTorch takes its time.
"""

from .disturb import with_gaps, with_noise
from .holt_winters import HoltWinters
from .intervals import Coverage, Intervals, coverage
from .methods import AutoRegression, LastValue, Ridge, SeasonalNaive
from .rolling import Forecasts, origins_every, rolling_origin, skill
from .scaling import Scaler
from .table import ScoreTable, score_table
from .windows import Pairs, pairs

__all__ = [
    "AutoRegression",
    "Coverage",
    "Forecasts",
    "HoltWinters",
    "Intervals",
    "LastValue",
    "Pairs",
    "Ridge",
    "Scaler",
    "ScoreTable",
    "SeasonalNaive",
    "coverage",
    "origins_every",
    "pairs",
    "rolling_origin",
    "score_table",
    "skill",
    "with_gaps",
    "with_noise",
]
