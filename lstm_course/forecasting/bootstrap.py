"""The circular block bootstrap (Politis and Romano 1992), for what is alike in neighbouring places of a series."""

import numpy as np

from ..scratch import arguments


def circular_blocks(count, block, draws=2000, seed=0):
    """Bootstrap samples of a series, made of blocks of neighbours, around the end and back to the beginning.

    Parameters
    ----------
    count : int
        Length of the series.
    block : int
        Of a block; at most half of `count`.
    draws : int
        How many samples.
    seed : int

    Returns
    -------
    (draws, count) array of int
        Indices into the series.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> circular_blocks(6, block=3, draws=2).tolist()
    [[5, 0, 1, 3, 4, 5], [3, 4, 5, 1, 2, 3]]
    """
    count = arguments.size("count", count)
    block = arguments.whole("block", block, 1, count // 2)
    rng = np.random.default_rng(arguments.seed("seed", seed))
    starts = rng.integers(count, size=(arguments.size("draws", draws), -(-count // block)))
    return (starts[:, :, None] + np.arange(block)).reshape(len(starts), -1)[:, :count] % count


def interval(samples, level):
    """The part of some bootstrapped numbers that holds the share `level` of them, as its two ends."""
    tail = (1 - arguments.positive("level", arguments.share("level", level))) / 2
    low, high = np.quantile(samples, (tail, 1 - tail))
    return float(low), float(high)
