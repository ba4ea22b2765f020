"""Series with missing values: NaN stands for a gap."""

import numpy as np

from ...scratch import arguments


def with_gaps(name, values):
    """`values` as a new (T,) array of float64, in which NaN is a gap.

    Raises
    ------
    ValueError
        If they are not real numbers, have another shape, include infinity, or are all missing.

    Examples
    --------
    >>> with_gaps("values", [1, np.nan, 3])
    array([ 1., nan,  3.])
    """
    try:
        given = np.asarray(values)
    except (ValueError, TypeError, RuntimeError):
        given = np.empty(0)  # `arguments` reports below what is wrong with them
    missing = np.isnan(given) if given.dtype.kind == "f" and given.size else False
    known = arguments.array(name, np.where(missing, 0.0, given) if np.any(missing) else values, T=None)
    if np.all(missing):
        raise ValueError(f"{name}: wanted at least one number, got {len(known)} gaps and nothing else")
    return np.where(missing, np.nan, known)


def fill(values):
    """Fill gaps by a straight line between their neighbours, and gaps at the ends by the nearest number.

    A line needs the number after the gap. A forecast made within the gap does not have it yet, so fill only what was
    known at that moment: ``fill(values[:origin])``.

    Parameters
    ----------
    values : (T,) array
        NaN is a gap.

    Returns
    -------
    (T,) array
        A new array.

    Raises
    ------
    ValueError
        If `values` is not as described, or all are missing.

    Examples
    --------
    >>> fill([np.nan, 1, np.nan, 3, np.nan]).tolist()
    [1.0, 1.0, 2.0, 3.0, 3.0]
    """
    values = with_gaps("values", values)
    known = ~np.isnan(values)
    values[~known] = np.interp(np.flatnonzero(~known), np.flatnonzero(known), values[known])
    return values
