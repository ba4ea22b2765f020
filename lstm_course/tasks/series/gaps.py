"""Numbers some of which are missing: NaN stands for a gap."""

import numpy as np

from ...scratch import arguments


def with_gaps(name, values):
    """`values` as a new (T,) array of float64, in which NaN is a gap.

    Raises
    ------
    ValueError
        If they are no real numbers, have another shape, one is infinite, or all are missing.

    Examples
    --------
    >>> with_gaps("values", [1, np.nan, 3])
    array([ 1., nan,  3.])
    """
    try:
        given = np.asarray(values)
    except (ValueError, TypeError, RuntimeError):
        given = np.empty(0)  # `arguments` says below what is wrong with it
    missing = np.isnan(given) if given.dtype.kind == "f" and given.size else False
    known = arguments.array(name, np.where(missing, 0.0, given) if np.any(missing) else values, T=None)
    if np.all(missing):
        raise ValueError(f"{name}: wanted at least one number, got {len(known)} gaps and nothing else")
    return np.where(missing, np.nan, known)


def fill(values):
    """Gaps filled by a straight line between their neighbours, those at the ends by the nearest number.

    A line needs the number after the gap. Who forecasts from a moment within the gap does not have it: fill only
    what was known then, ``fill(values[:origin])``.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap.

    Returns
    -------
    (T,) array
        A new one.

    Raises
    ------
    ValueError
        If `values` is not as described, or holds no number at all.

    Examples
    --------
    >>> fill([np.nan, 1, np.nan, 3, np.nan]).tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    values = with_gaps("values", values)
    known = ~np.isnan(values)
    places = np.arange(len(values))
    values[~known] = np.interp(places[~known], places[known], values[known])
    return values
