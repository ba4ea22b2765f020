"""What the stored runs that compare many methods share: candidate settings, and numbers that take little room."""

import itertools

import numpy as np


def grid(options):
    """All combinations of some options, as dictionaries; the last option varies fastest.

    Parameters
    ----------
    options : dict of str to list

    Examples
    --------
    >>> grid({"window": [12, 24], "penalty": [1.0]})
    [{'window': 12, 'penalty': 1.0}, {'window': 24, 'penalty': 1.0}]
    """
    return [dict(zip(options, values, strict=True)) for values in itertools.product(*options.values())]


def rounded(values, parts):
    """Values to this part of their unit, as float32, which makes a compressed file about half as large."""
    return (np.round(parts * values) / parts).astype(np.float32)
