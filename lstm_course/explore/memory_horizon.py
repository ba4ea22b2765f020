"""How much of the cell state is left after some steps, for a forget gate with a given bias."""

import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS

from .checked import Checked, between, flag, whole_between
from .live import Live

LONGEST = 200  # steps
FLOOR = 1e-8  # lower end of the logarithmic axis


class MemoryHorizon(Live):
    """How much of c is left along the direct path, for a forget gate that depends on its bias alone.

    Such a gate has the value sigmoid(bias) at every step, so the share sigmoid(bias)^t of c is left after t steps.

    Parameters
    ----------
    bias : float
        Bias of the forget gate, from -2 to 8.
    lag : int
        Number of steps for which something has to be remembered, from 1 to 200.
    logarithmic : bool
        Use a logarithmic y axis.

    Raises
    ------
    ValueError
        If a value is out of range, now or when it is set later; the old value then stays.

    Examples
    --------
    >>> horizon = MemoryHorizon(bias=1.0, lag=40)
    >>> round(horizon.values["half_life"], 2), round(horizon.values["keeps_half"], 2)
    (2.21, 4.05)
    """

    module = "memory_horizon.js"
    heading = "How long a forget bias keeps"
    styles = ("live.css", "small.css")
    names = ("bias", "lag", "logarithmic")

    bias = Checked(between(-2, 8), 1.0)
    lag = Checked(whole_between(1, LONGEST), 40)
    logarithmic = Checked(flag, False)

    def __init__(self, bias=1.0, lag=40, logarithmic=False):
        super().__init__(bias=bias, lag=lag, logarithmic=logarithmic)

    @property
    def values(self):
        """The numbers on the page.

        ``gate``: sigmoid(bias). ``left``: the share after each step from 0 to 200, (201,). ``at_lag``: the share
        after `lag` steps. ``half_life``: the number of steps after which half is left. ``keeps_half``: the bias with
        which half is left at the lag. ``chrono_most``: the largest bias that `scratch.initialise.chrono` draws if the
        lag is the longest; ``chrono_left``: the share that is left at the lag with that bias. Both are NaN at a lag of
        1.
        """
        decay = -np.log1p(np.exp(-self.bias))  # log of the gate
        left = np.exp(decay * np.arange(LONGEST + 1))
        chrono = self.lag >= 2  # `chrono` accepts no shorter lag
        return {
            "gate": float(np.exp(decay)),
            "left": left,
            "at_lag": float(left[self.lag]),
            "half_life": float(-np.log(2) / decay),
            "keeps_half": float(-np.log(np.expm1(np.log(2) / self.lag))),
            "chrono_most": float(np.log(self.lag - 1)) if chrono else np.nan,
            "chrono_left": float((1 - 1 / self.lag) ** self.lag) if chrono else np.nan,
        }

    def figure(self):
        values = self.values
        fig, (ax,) = plots.figure(7.5, 3.2)
        ax.plot(values["left"], color=INKS["c"].colour, linewidth=2)
        share = max(values["at_lag"], FLOOR) if self.logarithmic else values["at_lag"]
        height = 1 - np.log10(share) / np.log10(FLOOR) if self.logarithmic else share
        # There is room for one label above and to the right of the curve, and for another below it.
        left = self.lag > 0.75 * LONGEST or 0.2 < values["at_lag"] < 0.65
        _mark(ax, self.lag, share, f"after {self.lag} steps", left, -14 if left and height > 0.15 else 6)
        if values["half_life"] <= LONGEST:
            text = f"half after {values['half_life']:.1f} steps"
            _mark(ax, values["half_life"], 0.5, text, values["half_life"] > 0.75 * LONGEST, 6)
        ax.set(xlabel="steps", ylabel="share of c that is left", xlim=(0, LONGEST), ylim=(0, 1.05))
        if self.logarithmic:
            ax.set(yscale="log", ylim=(FLOOR, 2))
        return fig

    @property
    def alt(self):
        values = self.values
        return (
            f"With the forget bias {self.bias:.4g} the gate stands at {values['gate']:.4g}: half of c is gone after "
            f"{values['half_life']:.1f} steps, and after {self.lag} steps {100 * values['at_lag']:.2g} % of it is left."
        )

    def text(self):
        values = self.values
        lines = [
            super().text(),
            f"To keep half for {self.lag} steps, the bias must be {values['keeps_half']:.2f}.",
        ]
        if self.lag >= 2:
            lines.append(
                f"Chrono initialisation for lags up to {self.lag} draws biases from 0 to {values['chrono_most']:.2f}; "
                f"the largest leaves {100 * values['chrono_left']:.0f} % at that lag."
            )
        return "\n".join(lines)

    def __repr__(self):
        return f"<MemoryHorizon with bias {self.bias:g} at lag {self.lag}>"


def _mark(ax, t, share, text, left, lift):
    """A dot on the curve with a label to its left or right, `lift` points above it."""
    ax.plot(t, share, "o", color=INKS["c"].colour, markersize=7, clip_on=False)
    ax.annotate(
        text,
        (t, share),
        (-8 if left else 8, lift),
        textcoords="offset points",
        ha="right" if left else "left",
        color=plots.TEXT,
        annotation_clip=False,
    )
