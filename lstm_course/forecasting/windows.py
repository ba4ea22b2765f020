"""Windows of a series, each with the values that follow it."""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from ..tasks.series import gaps


class Pairs(NamedTuple):
    """Windows and their targets, one row for each origin."""

    x: np.ndarray  # (N, window), the values before each origin
    y: np.ndarray  # (N, horizon), the values from the origin on
    origins: np.ndarray  # (N,) of int, index of the first value after the window
    left_out: int  # how many windows were left out because a value is missing in them or in their target


def pairs(values, window, horizon, start=0, stop=None):
    """Every window of a part of a series, with its target.

    For each origin o, ``x = values[o - window : o]`` and ``y = values[o : o + horizon]``. Both lie within
    ``values[start:stop]``: no value before `start` and none at or after `stop` is used, so training pairs that end at
    `stop` contain nothing of what follows.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap; pairs with one, in x or in y, are left out and counted.
    window, horizon : int
    start : int
    stop : int, optional
        By default T.

    Returns
    -------
    Pairs
        Its arrays are copies.

    Raises
    ------
    ValueError
        If an argument is not as described, the part is shorter than window + horizon, or every window has a gap.

    Examples
    --------
    >>> rows = pairs([10, 11, 12, 13, 14], window=2, horizon=1, stop=4)
    >>> rows.x.tolist(), rows.y.tolist(), rows.origins.tolist()
    ([[10.0, 11.0], [11.0, 12.0]], [[12.0], [13.0]], [2, 3])
    """
    values = gaps.with_gaps("values", values)
    window, horizon = arguments.size("window", window), arguments.size("horizon", horizon)
    stop = len(values) if stop is None else arguments.whole("stop", stop, 1, len(values))
    start = arguments.whole("start", start, 0, stop)
    if stop - start < window + horizon:
        wanted = f"at least {window + horizon} steps, for a window of {window} and a horizon of {horizon}"
        raise ValueError(f"values: wanted {wanted}, got {stop - start} (from {start} to {stop})")
    rows = np.lib.stride_tricks.sliding_window_view(values[start:stop], window + horizon)
    complete = ~np.isnan(rows).any(axis=1)
    if not complete.any():
        raise ValueError(f"values: wanted a window without gaps, got {len(rows)} that all have one; fill the gaps")
    rows, origins = rows[complete], np.arange(start + window, stop - horizon + 1)[complete]
    return Pairs(rows[:, :window].copy(), rows[:, window:].copy(), origins, int((~complete).sum()))
