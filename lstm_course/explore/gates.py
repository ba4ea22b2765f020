"""A cell whose gates are set by hand: sliders, and a picture of gates, cell state and hidden state over time."""

import contextlib
import threading
from dataclasses import dataclass

import ipywidgets
import numpy as np

from lstm_course import plots
from lstm_course.palette import INKS
from lstm_course.scratch import arguments

from .gate_figure import STEPS, GateFigure
from .page import LiveImage, MendedControls

WRITE_STEP = 8  # where the input gate opens, when it opens only once
EVERY_STEP, ONE_STEP = "at every step", f"at step {WRITE_STEP} only"


@dataclass(frozen=True)
class Preset:
    """One setting of all controls: three gates, the candidate, the first cell state, and when the input gate
    follows its slider (at the other steps it is shut)."""

    title: str
    f: float
    i: float
    o: float
    g: float
    c0: float
    opens: str = EVERY_STEP


PRESETS = {
    "halfway": Preset("everything half open", f=0.5, i=0.5, o=0.5, g=0.5, c0=1),
    "remember": Preset("remember for ever", f=1, i=0, o=1, g=0.8, c0=1),
    "forget": Preset("forget at once", f=0, i=0, o=1, g=0.8, c0=1),
    "leaky": Preset("leaky", f=0.9, i=0, o=1, g=0.8, c0=1),
    "write once": Preset("write once", f=1, i=1, o=1, g=0.8, c0=0, opens=ONE_STEP),
    "output closed": Preset("output closed", f=1, i=1, o=0, g=0.8, c0=0, opens=ONE_STEP),
    "saturated": Preset("saturated", f=1, i=1, o=1, g=1, c0=0),
}


def run_gates(i, f, g, o, c):
    """Run a cell whose gates are given: c_t = f_t c_{t-1} + i_t g_t, h_t = o_t tanh(c_t).

    Parameters
    ----------
    i, f, o : (T, H) arrays
        Input, forget and output gate of each step, between 0 and 1.
    g : (T, H) array
        Candidate of each step.
    c : (H,) array
        Cell state before the first step.

    Returns
    -------
    h, c : (T, H) arrays
        Hidden state and cell state after each step.

    Raises
    ------
    ValueError
        If the shapes differ, or a gate is not between 0 and 1.
    """
    f = arguments.array("f", f, T=None, H=None)
    T, H = f.shape
    i, g, o = (arguments.array(name, value, T=T, H=H) for name, value in (("i", i), ("g", g), ("o", o)))
    c = arguments.array("c", c, H=H)
    for name, gate in (("f", f), ("i", i), ("o", o)):
        if gate.min() < 0 or gate.max() > 1:
            wrong = gate.min() if gate.min() < 0 else gate.max()
            raise ValueError(f"{name}: wanted values between 0 and 1, got {wrong:g}")
    cell_states = np.empty((T, H))
    for t in range(T):
        c = f[t] * c + i[t] * g[t]
        cell_states[t] = c
    return o * np.tanh(cell_states), cell_states


class GateExplorer:
    """Sliders for the gates of one unit, and a picture that follows them.

    Display it as the last line of a cell. The sliders are `f`, `i`, `o`, `g` and `c0`; setting ``f.value`` from
    code does what moving the slider does. Without a front end, `picture` gives the same picture, and `values` the
    numbers in it.

    Parameters
    ----------
    preset : str
        The setting at the start; one of `PRESETS`.

    Examples
    --------
    >>> explorer = GateExplorer("remember")
    >>> explorer.f.value = 0.9
    >>> round(float(explorer.values["c"][-1]), 3)
    0.015
    """

    def __init__(self, preset="halfway"):
        self._drawing = GateFigure()
        # JupyterLab may hand the moves of sliders to another thread than the one in which cells run.
        self._lock = threading.RLock()
        self._held = False
        self.f, self.i, self.o = (_slider(symbol, 0, 1) for symbol in "fio")
        self.g = _slider("g", -1, 1)
        self.c0 = _slider("c", -1, 1, f"c₀ {INKS['c'].name} at first")
        self.opens = ipywidgets.Dropdown(
            options=[EVERY_STEP, ONE_STEP],
            description="i opens",
            tooltip="When the input gate follows its slider; at the other steps it is shut",
            style={"description_width": "135px"},
            layout={"width": "360px"},
        )
        self.preset = ipywidgets.Dropdown(
            options=[("choose a setting ...", "")] + [(p.title, name) for name, p in PRESETS.items()],
            description="preset",
            tooltip="Set all controls at once",
            style={"description_width": "115px"},
            layout={"width": "360px"},
        )
        self.image = LiveImage()
        self.text = ipywidgets.HTML()
        self.view = ipywidgets.VBox(
            [
                ipywidgets.HBox([self.preset, self.opens], layout={"flex_flow": "row wrap"}),
                ipywidgets.HBox(
                    [ipywidgets.VBox([self.f, self.i, self.o]), ipywidgets.VBox([self.g, self.c0])],
                    layout={"flex_flow": "row wrap"},
                ),
                self.image,
                self.text,
                MendedControls(),
            ]
        )
        self.set(preset)
        for control in (self.f, self.i, self.o, self.g, self.c0, self.opens):
            control.observe(self._moved, "value")
        self.preset.observe(self._chosen, "value")

    @property
    def values(self):
        """The numbers in the picture: ``f, i, o, g, c, h``, each (40,), one for each step from 1 on."""
        constant = {name: np.full(STEPS, getattr(self, name).value) for name in "fiog"}
        if self.opens.value == ONE_STEP:
            constant["i"] = np.where(np.arange(1, STEPS + 1) == WRITE_STEP, constant["i"], 0.0)
        columns = {name: values[:, None] for name, values in constant.items()}
        h, c = run_gates(*(columns[name] for name in "ifgo"), np.array([self.c0.value]))
        return {**constant, "c": c[:, 0], "h": h[:, 0]}

    def set(self, preset):
        """Set all controls at once.

        Parameters
        ----------
        preset : str
            One of `PRESETS`.

        Raises
        ------
        ValueError
            If there is no such preset.
        """
        if preset not in PRESETS:
            raise ValueError(f"preset: wanted one of {', '.join(PRESETS)}, got {preset!r}")
        with self._one_redraw():
            chosen = PRESETS[preset]
            for name in ("f", "i", "o", "g", "c0", "opens"):
                getattr(self, name).value = getattr(chosen, name)

    def picture(self):
        """What the widget shows now, as a picture that needs no front end.

        Returns
        -------
        lstm_course.plots.Picture
        """
        with self._lock:
            self._drawing.update(self.values, self.c0.value)
            return plots.Picture(self._drawing.small_png(), self.alt)

    @property
    def alt(self):
        """The picture in words."""
        values = self.values
        gates = ", ".join(f"{name} = {_said(getattr(self, name).value)}" for name in "fiog")
        when = "" if self.opens.value == EVERY_STEP else f" (open {ONE_STEP})"
        return (
            f"Gates {gates}{when}. The cell state starts at {_said(self.c0.value)} and is "
            f"{_said(values['c'][-1])} after {STEPS} steps; the hidden state is then {_said(values['h'][-1])}."
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The live view, and the picture for readers that have no kernel or do not trust the notebook."""
        bundle, metadata = self.picture()._repr_mimebundle_()
        return {**self.view._repr_mimebundle_(), **bundle}, metadata

    def _moved(self, change):
        if not self._held:
            self.preset.value = ""  # a setting of one's own; any preset can be chosen again
            self._redraw()

    def _chosen(self, change):
        if change["new"]:
            self.set(change["new"])

    @contextlib.contextmanager
    def _one_redraw(self):
        self._held = True
        try:
            yield
        finally:
            self._held = False
        self._redraw()

    def _redraw(self):
        with self._lock:
            self._drawing.update(self.values, self.c0.value)
            self.image.png, self.image.alt = self._drawing.quick_png(), self.alt
            self.text.value = f'<p role="status" style="max-width: 750px; line-height: 1.4">{self.alt}</p>'


def _said(number):
    """Two decimals, and no zero with a minus."""
    return f"{round(float(number), 2) + 0.0:.2f}"


def _slider(symbol, low, high, label=None):
    return ipywidgets.FloatSlider(
        min=low,
        max=high,
        step=0.01,
        readout_format=".2f",
        description=label or f"{symbol} {INKS[symbol].name}",
        style={"description_width": "115px" if symbol in "fio" else "135px"},
        layout={"width": "400px"},
    )
