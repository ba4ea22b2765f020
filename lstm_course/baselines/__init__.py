"""Baselines that a recurrent network must beat.

`ngram` predicts a symbol from counts of the symbols before it (`NGram`). `window_network` has a feedforward network
on the last few steps (`WindowNetwork`, `windows`), which shows what is possible without memory. `series` repeats the
past of a series (`last_value`, `seasonal_naive`) and measures the error of forecasts at each step ahead
(`error_by_horizon`). `example_based` translates by looking things up (`ExampleBased`). `surprise` has functions that
say how unusual each sample of a signal is.
"""

from .example_based import ExampleBased
from .ngram import LogLoss, NGram
from .series import error_by_horizon, last_value, seasonal_naive
from .window_network import WindowNetwork, windows

__all__ = [
    "ExampleBased",
    "LogLoss",
    "NGram",
    "WindowNetwork",
    "error_by_horizon",
    "last_value",
    "seasonal_naive",
    "windows",
]
