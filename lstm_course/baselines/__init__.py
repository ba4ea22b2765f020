"""What a network must beat: counted symbols, a network that sees a window, the past of a series said again.

`ngram` predicts a symbol from the few before it, by counting (`NGram`); `window_network` has a feedforward
network on the last few steps (`WindowNetwork`, `windows`), which shows what can be done without memory;
`series` says that a series goes on as it was (`last_value`, `seasonal_naive`), and measures how far off a forecast
is at each step ahead (`error_by_horizon`).
"""

from .ngram import LogLoss, NGram
from .series import error_by_horizon, last_value, seasonal_naive
from .window_network import WindowNetwork, windows

__all__ = ["LogLoss", "NGram", "WindowNetwork", "error_by_horizon", "last_value", "seasonal_naive", "windows"]
