"""Forecasts of a series, made and judged without looking ahead.

Data: `windows` (`pairs`), `scaling` (`Scaler`), `disturb` (noise and gaps).
Forecasters: `methods` (`Forecaster` says what all have in common), `season`, `holt_winters`, `window_regression`, and
`lstm`, which is not loaded with the rest because PyTorch is slow to load (`lstm_course.forecasting.lstm.LSTMForecast`).
Judging: `rolling` (`rolling_origin`), `table` (scores side by side), `compare` (is a difference more than chance?),
`intervals` and `adaptive` (prediction intervals).
A river's flow from the weather is another kind of task: `runoff` (splits, columns, `nse`), and `runoff_lstm`, which
loads PyTorch.
"""

from .adaptive import adaptive_intervals
from .bootstrap import circular_blocks
from .compare import Difference, comparison_table, paired_difference
from .convergence import NotConverged
from .disturb import with_gaps, with_noise
from .holt_winters import HoltWinters
from .intervals import Coverage, Intervals, coverage, pinball_loss, winkler_score
from .methods import AutoRegression, Average, Forecaster, LastValue, SeasonalNaive
from .rolling import Forecasts, origins_every, rolling_origin, skill
from .scaling import Scaler
from .season import WithoutSeason
from .table import score_table
from .window_regression import GradientBoosting, NearestNeighbours, Ridge, WindowRegression
from .windows import Pairs, pairs

__all__ = [
    "AutoRegression",
    "Average",
    "Coverage",
    "Difference",
    "Forecaster",
    "Forecasts",
    "GradientBoosting",
    "HoltWinters",
    "Intervals",
    "LastValue",
    "NearestNeighbours",
    "NotConverged",
    "Pairs",
    "Ridge",
    "Scaler",
    "SeasonalNaive",
    "WindowRegression",
    "WithoutSeason",
    "adaptive_intervals",
    "circular_blocks",
    "comparison_table",
    "coverage",
    "origins_every",
    "paired_difference",
    "pairs",
    "pinball_loss",
    "rolling_origin",
    "score_table",
    "skill",
    "winkler_score",
    "with_gaps",
    "with_noise",
]
