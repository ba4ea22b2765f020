"""Baselines that a recurrent network must beat.

`ngram` predicts a symbol from counts of the symbols before it (`NGram`). `memory` does so from the present sequence
alone (`Memory`, `remembered`), and mixes models (`Mixture`). `window_network` has a feedforward network
on the last few steps (`WindowNetwork`, `windows`), which shows what is possible without memory. `series` repeats the
past of a series (`last_value`, `seasonal_naive`) and measures the error of forecasts at each step ahead
(`error_by_horizon`). `example_based` translates by looking things up (`ExampleBased`). `surprise` has functions that
say how unusual each sample of a signal is.
"""

from .example_based import ExampleBased
from .memory import Memory, Mixture, remembered
from .ngram import LogLoss, NGram
from .series import error_by_horizon, last_value, seasonal_naive
from .window_network import WindowNetwork, windows

__all__ = [
    "ExampleBased",
    "LogLoss",
    "Memory",
    "Mixture",
    "NGram",
    "WindowNetwork",
    "error_by_horizon",
    "last_value",
    "remembered",
    "seasonal_naive",
    "windows",
]
