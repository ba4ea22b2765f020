"""Windows of the past, each with what came after it."""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from ..tasks.series import gaps


class Pairs(NamedTuple):
    """What was seen and what came, one row for each origin."""

    x: np.ndarray  # (N, window), the values before each origin
    y: np.ndarray  # (N, horizon), the values from the origin on
    origins: np.ndarray  # (N,) of int, the place of the first value that had not come yet
    left_out: int  # how many windows were left out, as a value in them or in their target is missing


def pairs(values, window, horizon, start=0, stop=None):
    """Every window within a part of a series, with its target.

    For each origin o, ``x = values[o - window : o]`` and ``y = values[o : o + horizon]``. Both lie within
    ``values[start:stop]``: nothing before `start` and nothing at or after `stop` is ever touched, so that pairs
    for training that end at `stop` know nothing of what comes then.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap; windows with one, in x or in y, are left out and counted.
    window, horizon : int
    start : int
    stop : int, optional
        T if not given.

    Returns
    -------
    Pairs
        Arrays of their own.

    Raises
    ------
    ValueError
        If an argument is not as described, the part is shorter than window + horizon, or every window has a gap.

    Examples
    --------
    >>> found = pairs([10, 11, 12, 13, 14], window=2, horizon=1, stop=4)
    >>> found.x.tolist(), found.y.tolist(), found.origins.tolist()
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
    whole = ~np.isnan(rows).any(axis=1)
    if not whole.any():
        raise ValueError(f"values: wanted a window without gaps, got {len(rows)} that all have one; fill the gaps")
    rows, origins = rows[whole], np.arange(start + window, stop - horizon + 1)[whole]
    return Pairs(rows[:, :window].copy(), rows[:, window:].copy(), origins, int((~whole).sum()))
