"""Whether one method really forecasts better than another: paired differences with a block-bootstrap interval."""

from dataclasses import dataclass

import numpy as np

from ..scratch import arguments
from .bootstrap import circular_blocks, interval
from .rolling import Forecasts


@dataclass(frozen=True, eq=False)
class Difference:
    """How much larger the mean absolute error of one method is than that of another, over the same origins.

    Attributes
    ----------
    mean : float
        In the unit of the series, as all others; negative where the first method is better.
    low, high : float
        Bootstrap interval of the mean. If it does not contain 0, chance is an unlikely explanation of the difference.
    by_origin : (O,) array
        The difference at each origin.
    block : int
        How many neighbouring origins the bootstrap kept together.
    """

    mean: float
    low: float
    high: float
    by_origin: np.ndarray
    block: int


def paired_difference(one, other, level=0.95, block=None, draws=2000, seed=0):
    """The error of one method minus that of another, origin by origin, with an interval for the mean.

    Origins that are hard for one method are usually hard for the other; the difference removes what they share.
    Errors from neighbouring origins are alike, so the bootstrap draws blocks of neighbours instead of single origins
    (`circular_blocks`).

    Parameters
    ----------
    one, other : Forecasts
        Of the same values from the same origins.
    level : float
        Of the interval, between 0 and 1.
    block : int, optional
        Length of a block in origins, at most half as many as there are. By default long enough that origins a block
        apart share no forecast value, and at least the cube root of the number of origins.
    draws : int
        How many bootstrap samples.
    seed : int

    Returns
    -------
    Difference

    Raises
    ------
    ValueError
        If an argument is not as described, the two do not belong together, or there are too few origins for a block.

    Examples
    --------
    >>> actual, origins = np.zeros((40, 1)), np.arange(1, 41)
    >>> better = Forecasts(origins, forecast=actual + 1.0, actual=actual)
    >>> worse = Forecasts(origins, forecast=actual - 1.5, actual=actual)
    >>> found = paired_difference(better, worse)
    >>> found.mean, found.low, found.high
    (-0.5, -0.5, -0.5)
    """
    for name, forecasts in (("one", one), ("other", other)):
        if not isinstance(forecasts, Forecasts):
            raise ValueError(f"{name}: wanted Forecasts, got {type(forecasts).__name__}")
    same = np.array_equal(one.origins, other.origins) and np.array_equal(one.actual, other.actual, equal_nan=True)
    if not same:
        raise ValueError("other: wanted forecasts of the same values from the same origins as one, got different ones")
    known = ~np.isnan(one.actual).all(axis=1)
    by_origin = np.full(len(known), np.nan)
    by_origin[known] = np.nanmean(np.abs(one.errors[known]) - np.abs(other.errors[known]), axis=1)
    differences, origins = by_origin[known], one.origins[known]
    count = len(differences)
    if block is None:
        spacing = np.diff(origins).min() if count > 1 else 1
        block = max(-(-one.actual.shape[1] // spacing), round(count ** (1 / 3)))
    block = arguments.size("block", block)
    if 2 * block > count:
        raise ValueError(f"one: wanted at least {2 * block} origins, for two blocks of {block}, got {count}")
    means = differences[circular_blocks(count, block, draws, seed)].mean(axis=1)
    return Difference(float(differences.mean()), *interval(means, level), by_origin, int(block))


def comparison_table(forecasts, against, **options):
    """Mean absolute errors of several methods, and their differences from a reference, the best first.

    Parameters
    ----------
    forecasts : dict of str to Forecasts
        Of the same values from the same origins.
    against : str
        Name of the reference, one of `forecasts`.
    **options
        For `paired_difference`.

    Returns
    -------
    pandas.DataFrame
        Indexed by method, with the columns ``MAE``, ``difference``, ``low`` and ``high``, in the unit of the series.

    Raises
    ------
    ValueError
        If an argument is not as described; see also `paired_difference`.
    """
    import pandas  # slow to load

    if not isinstance(forecasts, dict) or not all(isinstance(one, Forecasts) for one in forecasts.values()):
        raise ValueError(f"forecasts: wanted a dictionary from names to Forecasts, got {type(forecasts).__name__}")
    if against not in forecasts:
        raise ValueError(f"against: wanted one of {', '.join(forecasts) or 'no names at all'}, got {against!r}")
    rows = {}
    for name, one in forecasts.items():
        found = paired_difference(one, forecasts[against], **options)
        rows[name] = one.mae(), found.mean, found.low, found.high
    table = pandas.DataFrame.from_dict(rows, orient="index", columns=["MAE", "difference", "low", "high"])
    return table.rename_axis("method").sort_values("MAE", kind="stable")
