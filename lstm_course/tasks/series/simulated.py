"""A simulated series, made so that we know what can be forecast in it: nothing."""

import numpy as np

from ...scratch import arguments
from .. import common
from .record import Series


def random_walk(steps=123, start=100.0, deviation=0.1, seed=0):
    """A SIMULATED random walk of the log value: nothing in its past says where it goes next.

    At each step the logarithm changes by a normal number of mean zero. The defaults resemble the monthly prices of a
    share, from which the eye cannot tell the walk.

    Parameters
    ----------
    steps : int
        How many values, T.
    start : float
        The first value, above 0.
    deviation : float
        Standard deviation of a change of the logarithm, above 0; 0.1 is about a tenth of the value.
    seed : int or numpy.random.Generator

    Returns
    -------
    Series
        Monthly, without dates, unit and season.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> random_walk(steps=3, seed=1).values.round(1).tolist()
    [100.0, 103.5, 112.4]
    """
    steps, rng = arguments.size("steps", steps), common.generator(seed)
    start, deviation = arguments.positive("start", start), arguments.positive("deviation", deviation)
    changes = np.append(0.0, deviation * rng.normal(size=steps - 1))
    return Series(
        name="random walk, simulated",
        values=start * np.exp(np.cumsum(changes)),
        step="month",
        source=f"Simulated random walk: its logarithm changes by normal numbers of standard deviation {deviation:g}.",
        simulated=True,
    )
