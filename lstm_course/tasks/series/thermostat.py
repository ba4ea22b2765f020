"""A simulated room with a thermostat: a series whose future is not a weighted sum of its past."""

import numpy as np

from ...scratch import arguments
from .. import common
from .record import Series

ON, OFF = 18.0, 22.0  # °C at which the heating is switched on and off
UP, DOWN = 0.9, 0.35  # °C in ten minutes, with the heating on and off
NOISE = 0.15  # °C, the standard deviation of the noise at each step
OUTSIDE = 0.95, 0.05  # share of the outside influence that remains at the next step, and the size of its noise


def room(steps=1500, seed=0):
    """SIMULATED temperatures of a room with a thermostat, every ten minutes.

    The heating goes on below 18 °C and off above 22 °C. In between, the temperature rises or falls depending on which
    of the two happened last: 20 °C means one thing after 18 and another after 22. The future is therefore not a
    weighted sum of the past, and a forecast has to remember an event. How quickly the room cools changes slowly, with
    the weather outside.

    A real room also has windows that open and people who come in.

    Parameters
    ----------
    steps : int
    seed : int or numpy.random.Generator

    Returns
    -------
    Series
        In °C; without a season, because the time between switches varies.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> series = room(steps=200)
    >>> bool((series.values > 15).all() and (series.values < 25).all())
    True
    """
    steps, rng = arguments.size("steps", steps), common.generator(seed)
    values, now, heating, outside = np.empty(steps), (ON + OFF) / 2, False, 0.0
    for t in range(steps):
        outside = OUTSIDE[0] * outside + OUTSIDE[1] * rng.normal()
        now += (UP if heating else -DOWN * (1 + outside)) + NOISE * rng.normal()
        heating = now < ON or (heating and now <= OFF)
        values[t] = now
    return Series(
        name="room with a thermostat, simulated",
        values=values,
        unit="°C",
        step="10 minutes",
        source="Simulated temperature of a room: heating on below 18 °C, off above 22 °C.",
        simulated=True,
    )
