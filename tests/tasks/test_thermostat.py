"""The simulated room: the heating decides, and remembers."""

import numpy as np
import pytest

from lstm_course.tasks import series
from lstm_course.tasks.series import thermostat


def test_it_lies_between_the_switches_but_for_a_step_beyond():
    values = series.room(steps=5000, seed=1).values
    beyond = thermostat.UP + 5 * thermostat.NOISE
    assert (
        thermostat.ON - beyond < values.min() < thermostat.ON
        and thermostat.OFF < values.max() < thermostat.OFF + beyond
    )


def test_the_same_temperature_means_another_thing_after_another_switch():
    """Of all steps near 20 °C, those that come after 18 rise, and those that come after 22 fall."""
    values, last = series.room(steps=5000, seed=2).values, None
    rises = {"on": [], "off": []}
    for now, following in zip(values, values[1:], strict=False):
        last = "on" if now < thermostat.ON else "off" if now > thermostat.OFF else last
        if last and 19.5 < now < 20.5:
            rises[last].append(following - now)
    assert np.mean(rises["on"]) == pytest.approx(thermostat.UP, abs=0.05)
    assert np.mean(rises["off"]) == pytest.approx(-thermostat.DOWN, abs=0.05)


def test_a_seed_is_a_series():
    first, again, other = (series.room(steps=50, seed=seed).values for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_no_steps_are_refused():
    with pytest.raises(ValueError, match="^steps: wanted"):
        series.room(steps=0)
