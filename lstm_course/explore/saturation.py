"""A sigmoid or a tanh with a slider for its argument: where it is steep and where it is flat."""

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS
from lstm_course.scratch import sigmoid

from .checked import Checked, between, one_of
from .live import Live

REACH = 10  # largest |z| of the slider
FLAT = {"sigmoid": 4, "tanh": 2}  # the |z| at which a curve begins to count as flat: its slope is 1/14 of that at 0
STEEP = {"sigmoid": 1.76, "tanh": 0.88}  # the |z| up to which it counts as steep: its slope is half of that at 0


class SaturationSlider(Live):
    """A sigmoid or a tanh with a movable dot, and its slope below.

    Parameters
    ----------
    function : str
        ``"sigmoid"`` or ``"tanh"``.
    z : float
        Argument of the function, from -10 to 10.

    Raises
    ------
    ValueError
        If a value is out of range, now or when it is set later; the old value then stays.

    Examples
    --------
    >>> slider = SaturationSlider("sigmoid", z=6)
    >>> round(slider.values["slope"], 5), round(slider.values["times_smaller"])
    (0.00247, 101)
    """

    module = "saturation.js"
    heading = "Where a gate is steep, and where it is flat"
    styles = ("live.css", "small.css")
    names = ("function", "z")

    function = Checked(one_of("sigmoid", "tanh"), "sigmoid")
    z = Checked(between(-REACH, REACH), 0.0)

    def __init__(self, function="sigmoid", z=0.0):
        super().__init__(function=function, z=z)

    @property
    def values(self):
        """``value`` and ``slope`` at z, and ``times_smaller``, the slope at 0 divided by the slope at z."""
        return {
            "value": float(_value(self.function, self.z)),
            "slope": float(_slope(self.function, self.z)),
            "times_smaller": float(_slope(self.function, 0) / _slope(self.function, self.z)),
        }

    def figure(self):
        fig, (curve, slope) = plots.figure(7.5, 4.0, rows=2, heights=[1.6, 1.0])
        z, flat = np.linspace(-REACH, REACH, 401), FLAT[self.function]
        for ax, compute, label in ((curve, _value, f"{_name(self.function)}(z)"), (slope, _slope, "its slope")):
            for low, high in ((-REACH, -flat), (flat, REACH)):
                ax.axvspan(low, high, color="#EEEEEE", linewidth=0)
            ax.plot(z, compute(self.function, z), color=plots.TEXT, linewidth=2)
            ax.axvline(self.z, color=INKS["x"].colour, linewidth=0.8)
            ax.plot(self.z, compute(self.function, self.z), "o", color=INKS["o"].colour, markersize=9, clip_on=False)
            ax.set(ylabel=label, xlim=(-REACH, REACH))
        curve.set_title("grey: flat, the slope is more than 14 times smaller than at 0", fontsize=plots.SIZE)
        slope.set(xlabel="z", ylim=(0, None))
        return fig

    @property
    def alt(self):
        values, size = self.values, abs(self.z)
        part = "where it bends"
        if size > FLAT[self.function]:
            part = "on its flat part"
        elif size <= STEEP[self.function]:
            part = "on its steep part"
        equation = f"{_name(self.function)}({self.z:.4g}) = {values['value']:.3g}"
        return f"{equation}, {part}: the slope is {values['slope']:.2g}, {_times(values['times_smaller'])} at z = 0."

    def __repr__(self):
        return f"<SaturationSlider {self.function} at z = {self.z:g}>"


def _value(function, z):
    return np.tanh(z) if function == "tanh" else sigmoid(np.asarray(z, float))


def _slope(function, z):
    """1/cosh(z)^2 and 1/(2 cosh(z/2))^2, which equal 1 - tanh^2 and s (1 - s) but lose no digits where z is large."""
    return 1 / np.cosh(z) ** 2 if function == "tanh" else 0.25 / np.cosh(np.divide(z, 2)) ** 2


def _name(function):
    return "σ" if function == "sigmoid" else "tanh"


def _times(factor):
    return "the same as" if factor < 1.005 else f"{factor:.3g} times smaller than"
