"""A sigmoid or a tanh under a slider: where it is steep, where it is flat, and what that does to its slope."""

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS
from lstm_course.scratch import sigmoid

from .checked import Checked, between, one_of
from .live import Live

REACH = 10  # of the slider, to both sides of 0
# From this |z| on a curve counts as flat: there its slope is 14 times smaller than at 0.
FLAT = {"sigmoid": 4, "tanh": 2}
# Up to this one it counts as steep: there its slope is still half of that at 0.
STEEP = {"sigmoid": 1.76, "tanh": 0.88}


class SaturationSlider(Live):
    """A sigmoid or a tanh with a dot that moves, and its slope below.

    Parameters
    ----------
    function : str
        ``"sigmoid"`` or ``"tanh"``.
    z : float
        What goes into it, from -10 to 10.

    Raises
    ------
    ValueError
        If a value is none of these; one that is set later is refused in the same way, and the old one stays.

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
        """``value`` and ``slope`` at z, and how many ``times_smaller`` that slope is than the one at 0."""
        return {
            "value": float(_value(self.function, self.z)),
            "slope": float(_slope(self.function, self.z)),
            "times_smaller": float(_slope(self.function, 0) / _slope(self.function, self.z)),
        }

    def picture(self):
        """What the page shows now, as a picture that needs no front end.

        Returns
        -------
        lstm_course.plots.Picture
        """
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
        return plots.Picture(plots.png(fig), self.alt)

    @property
    def alt(self):
        """The picture in words."""
        shown, size = self.values, abs(self.z)
        where = (
            "on its flat part"
            if size > FLAT[self.function]
            else "on its steep part"
            if size <= STEEP[self.function]
            else "where it bends"
        )
        return (
            f"{_name(self.function)}({self.z:.4g}) = {shown['value']:.3g}, {where}: the slope is {shown['slope']:.2g}, "
            f"{_times(shown['times_smaller'])} at z = 0."
        )

    def text(self):
        """What the picture shows, as a line of text."""
        return f"SaturationSlider. {self.alt}"

    def __repr__(self):
        return f"<SaturationSlider {self.function} at z = {self.z:g}>"

    def __str__(self):
        return self.text()


def _value(function, z):
    return np.tanh(z) if function == "tanh" else sigmoid(np.asarray(z, float))


def _slope(function, z):
    """1/cosh(z)^2 and 1/(2 cosh(z/2))^2: the same as 1 - tanh^2 and s (1 - s), without their loss of digits."""
    return 1 / np.cosh(z) ** 2 if function == "tanh" else 0.25 / np.cosh(np.divide(z, 2)) ** 2


def _name(function):
    return "σ" if function == "sigmoid" else "tanh"


def _times(factor):
    return "the same as" if factor < 1.005 else f"{factor:.3g} times smaller than"
