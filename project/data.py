"""The data: a table with a row for each time step, cut into windows that never look ahead.

For a file of your own, change the constants. `test_project.py` then tests your data as well.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import torch

FILE = Path(__file__).with_name("weather.csv")
TIME = "date"  # the column that says when
INPUTS = ["temp_max", "temp_min", "precipitation", "wind"]  # the columns that the network reads
TARGETS = ["temp_max"]  # the columns that it forecasts
WINDOW = 30  # how many rows it reads
HORIZON = 1  # how many rows after the last of them the target lies
SHARES = 0.6, 0.2  # of the rows: for training and for validation; the rest is for testing


@dataclass(frozen=True)
class Part:
    """The examples for training, for validation or for testing. All values are scaled."""

    x: torch.Tensor  # (N, WINDOW, D), the inputs
    y: torch.Tensor  # (N, K), the targets, HORIZON rows after the window
    known: torch.Tensor  # (N, K), the same columns in the last row of the window: the simplest forecast
    rows: np.ndarray  # (N,), which row of the table each target is in


@dataclass(frozen=True)
class Data:
    """The three parts, and what the scaling was."""

    train: Part
    validation: Part
    test: Part
    times: pd.DatetimeIndex  # of every row of the table
    mean: pd.Series  # of each column, over the training rows
    spread: pd.Series  # the standard deviation, likewise

    def in_units(self, y):
        """Scaled targets (N, K) in the units of the table, as a NumPy array."""
        return np.asarray(y) * self.spread[TARGETS].to_numpy() + self.mean[TARGETS].to_numpy()


def read(file=FILE):
    """The table, with a row for each time step and a column of numbers for each input and target."""
    table = pd.read_csv(file, parse_dates=[TIME], index_col=TIME)
    columns = list(dict.fromkeys([*INPUTS, *TARGETS]))
    if missing := [name for name in columns if name not in table]:
        raise ValueError(f"{file}: it has no column {missing[0]!r}; it has {', '.join(table)}")
    if not (table.index.is_monotonic_increasing and table.index.is_unique):
        raise ValueError(f"{file}: the rows must be in order of {TIME!r}, each time once")
    table = table[columns].astype(float)
    if gaps := int(table.isna().any(axis=1).sum()):
        raise ValueError(f"{file}: {gaps} rows have gaps; decide how to fill them, or leave those columns out")
    return table


def load(table=None):
    """The data, ready for the network. `table` is what `read` returns; by default that of FILE."""
    table = read() if table is None else table
    n = len(table)
    end_of_training, end_of_validation = int(SHARES[0] * n), int(sum(SHARES) * n)

    # The scaling may know no more than the training does.
    mean, spread = table[:end_of_training].mean(), table[:end_of_training].std()
    scaled = (table - mean) / spread.where(spread > 0, 1)

    def part(start, end):
        # A forecast for row r is made at row r - HORIZON, and may not be made before the part ahead has ended.
        rows = np.arange(max(start + HORIZON - 1, WINDOW + HORIZON - 1), end)
        if not len(rows):
            raise ValueError(f"{n} rows are too few for windows of {WINDOW} and a horizon of {HORIZON}")
        last = rows - HORIZON
        window = last[:, None] + np.arange(1 - WINDOW, 1)  # (N, WINDOW), rows of the table
        inputs, targets = (scaled[names].to_numpy("float32") for names in (INPUTS, TARGETS))
        return Part(*map(torch.from_numpy, (inputs[window], targets[rows], targets[last])), rows)

    return Data(
        part(0, end_of_training),
        part(end_of_training, end_of_validation),
        part(end_of_validation, n),
        table.index,
        mean,
        spread,
    )
