"""The live LSTM cell: one unit that moves under the hand, in a notebook and on any page."""

import traitlets

from lstm_course import plots
from lstm_course.palette import INKS

from . import cell_checks
from .cell_checks import HAND
from .cell_values import direct_path, hand_values, plain_values, weight_paths, weight_values
from .checked import Checked, Refused, between, flag, one_of
from .gate_sliders import gate_sliders
from .live import Live
from .timeline_figure import timeline_figure
from .trained_unit import trained_unit

PRESETS = {preset["name"]: preset for preset in cell_checks.CELL["presets"]}
_DEFAULTS = cell_checks.CELL["defaults"]
_NOT_OF_A_PRESET = ("step", "loss_step", "title", "projector")


class LiveCell(Live):
    """An LSTM cell of one unit that is moved by hand, in the page itself.

    Display it as the last line of a notebook cell. Each attribute below is in sync with the page: set it from code,
    and the page follows; move something there, and the attribute has the new value. Without a kernel, in exported
    HTML or on a page of its own (`save`), everything but Python works the same.

    Parameters
    ----------
    preset : str
        The setting at the start; one of `PRESETS`.
    **values
        Attributes to set after that, by name.

    Attributes
    ----------
    mode : str
        ``"hand"``: the gates f, i and o are set by hand and the candidate is tanh(x). ``"weights"``: all four follow
        from weights, z = w x + u h + b.
    x : list of float, (T,)
        The input of each step; at most 500 of them.
    f, i, o : float
        Forget, input and output gate, from 0 to 1, at every step.
    drawn : dict of str to list of float, (T,)
        Gates that change over time, such as ``{"i": [0, 1, 0]}``; they come before `f`, `i` and `o`.
    c0, h0 : float
        Cell state and hidden state before the first step.
    w, u, b : list of float, (4,)
        Input weight, recurrent weight and bias of i, f, g and o.
    rest : list of lists, (T, 4), or empty
        What else arrives at i, f, g and o at each step, from other features and units; see `from_layer`.
    plain : bool
        Whether the plain recurrent unit h' = tanh(x + u h) is drawn beside it, with ``plain_u`` for its u.
    plain_u : float
    step, loss_step : int
        The step under the cursor, from 0, and the one whose cell state the gradient panel is about, from 1; both to T.
    title : str
    projector : bool
        Larger type.

    Raises
    ------
    ValueError
        If there is no such preset, or a value cannot be shown. A value that is set later is refused in the same way
        (by `Refused`, which is a ValueError too), and the old one stays.

    Examples
    --------
    >>> cell = LiveCell("remember")
    >>> cell.f = 0.9
    >>> round(float(cell.values["c"][-1]), 3)
    0.015
    """

    module = "live_cell.js"
    heading = "Live LSTM cell"
    names = (*_DEFAULTS,)

    mode = Checked(one_of("hand", "weights"), _DEFAULTS["mode"])
    x = Checked(cell_checks.sequence, _DEFAULTS["x"])
    f = Checked(between(0, 1), _DEFAULTS["f"])
    i = Checked(between(0, 1), _DEFAULTS["i"])
    o = Checked(between(0, 1), _DEFAULTS["o"])
    drawn = Checked(cell_checks.drawn, _DEFAULTS["drawn"])
    c0 = Checked(cell_checks.number, _DEFAULTS["c0"])
    h0 = Checked(cell_checks.number, _DEFAULTS["h0"])
    w = Checked(cell_checks.of_four_gates, _DEFAULTS["w"])
    u = Checked(cell_checks.of_four_gates, _DEFAULTS["u"])
    b = Checked(cell_checks.of_four_gates, _DEFAULTS["b"])
    rest = Checked(cell_checks.rest, _DEFAULTS["rest"])
    plain = Checked(flag, _DEFAULTS["plain"])
    plain_u = Checked(cell_checks.number, _DEFAULTS["plain_u"])
    step = Checked(cell_checks.step, _DEFAULTS["step"])
    loss_step = Checked(cell_checks.step, _DEFAULTS["loss_step"])
    title = Checked(cell_checks.text, _DEFAULTS["title"])
    projector = Checked(flag, _DEFAULTS["projector"])

    def __init__(self, preset="halfway", **values):
        start = {**_DEFAULTS, **_preset(preset)["state"]}
        unknown = set(values) - set(self.names)
        if unknown:
            raise ValueError(f"values: wanted names among {', '.join(self.names)}, got {', '.join(sorted(unknown))}")
        start["drawn"] = {gate: path for gate, path in start["drawn"].items() if gate not in values}
        if "x" in values:
            start |= {"step": 1, "loss_step": len(cell_checks.sequence(self, "x", values["x"]))}
        self._together = True  # what changes now changes as a whole
        super().__init__(**{**start, **values})
        self._together = False

    @classmethod
    def from_layer(cls, layer, unit, sequence, feature=0, depth=0):
        """One unit of a layer as it runs through a sequence.

        Gates and states are those of the layer. One feature of the input can be moved, as can this unit's own
        weights; what else arrives at its gates, from the other features and the other units, stays as it was in the
        layer's own run. In the layer, the other units would follow; here they do not.

        Parameters
        ----------
        layer : LSTM of lstm_course.scratch, lstm_course.nets, PyTorch or Keras
            In a layer with two directions, the forward one is shown.
        unit : int
            From 0 to H - 1.
        sequence : (T, D) array
        feature : int
            Which feature of the layer's input is x.
        depth : int
            Which layer of a stack, from 0; the input of a higher one is what the one below it shows.

        Returns
        -------
        LiveCell

        Raises
        ------
        ValueError
            If the layer is no LSTM, or an argument does not fit it.
        """
        return cls(**trained_unit(layer, unit, sequence, feature, depth))

    @property
    def values(self):
        """The numbers in the pictures: ``x, i, f, g, o, c, h``, each (T,), one for each step from 1 on."""
        if self.mode == "hand":
            return hand_values(self.x, self._gates(), self.c0)
        return weight_values(self.x, self.w, self.u, self.b, self.rest, self.c0, self.h0)

    @property
    def paths(self):
        """The numbers in the gradient panel, each (loss_step + 1,), one for each step from 0 on.

        ``direct``: how c at the loss step depends on c at each step by the product of the forget gates. ``full``: by
        all paths of this unit (the same, where the gates are set by hand). ``plain``: how the plain unit's h depends
        on its own.
        """
        if self.mode == "hand":
            direct = full = direct_path(self.values["f"], self.loss_step)
        else:
            setting = (self.x, self.w, self.u, self.b, self.rest, self.c0, self.h0)
            direct, full = weight_paths(*setting, self.loss_step)
        plain = plain_values(self.x, self.plain_u, self.loss_step)[1]
        return {"direct": direct, "full": full, "plain": plain}

    @property
    def preset(self):
        """The name of the preset that this setting is, or "" for a setting of one's own."""
        state = self._setting()
        for name, each in PRESETS.items():
            if state == {part: {**_DEFAULTS, **each["state"]}[part] for part in state}:
                return name
        return ""

    def set(self, preset):
        """Set everything as a preset has it.

        Parameters
        ----------
        preset : str
            One of `PRESETS`.

        Raises
        ------
        ValueError
            If there is no such preset.
        """
        state = {**_DEFAULTS, **_preset(preset)["state"], "projector": self.projector}
        self.set_state(state)
        self.send_state(list(state))

    def sliders(self):
        """Sliders of ipywidgets for the three gates, linked in the browser: either moves the other.

        Returns
        -------
        ipywidgets.VBox
        """
        return gate_sliders(self)

    def picture(self):
        """What the timeline shows now, as a picture that needs no front end.

        Returns
        -------
        lstm_course.plots.Picture
        """
        return plots.Picture(plots.png(timeline_figure(self.values, self.c0)), self.alt)

    @property
    def alt(self):
        """The picture in words."""
        values = self.values
        if self.mode == "hand":
            drawn = ", ".join(f"{name} drawn over time" for name in HAND if name in self.drawn)
            constant = ", ".join(f"{name} = {_said(getattr(self, name))}" for name in HAND if name not in self.drawn)
            how = "Gates set by hand: " + ", ".join(filter(None, (constant, drawn)))
        else:
            how = "Gates from weights"
        return (
            f"{how}. The cell state starts at {_said(self.c0)} and is {_said(values['c'][-1])} after "
            f"{len(self.x)} step{'s' if len(self.x) > 1 else ''}; the hidden state is then {_said(values['h'][-1])}."
        )

    def text(self):
        """What the pictures show, as lines of text."""
        values, T = self.values, len(self.x)
        shown = sorted({*range(0, T, max(1, T // 8)), T - 1})
        lines = [f"LiveCell. {self.title + '. ' if self.title else ''}{self.alt}"]
        lines.append(f"{'step':<18}" + "".join(f"{t + 1:>8}" for t in shown))
        for symbol in "xifgoch":
            numbers = "".join(f"{_said(values[symbol][t]):>8}" for t in shown)
            lines.append(f"{symbol + ', ' + INKS[symbol].name:<18}{numbers}")
        return "\n".join(lines)

    def __repr__(self):
        return f"<LiveCell {self.preset or 'with a setting of its own'}>"

    def __str__(self):
        return self.text()

    def set_state(self, sync_data):
        """Take on several values at once, or none of them; what comes from the page comes this way.

        Raises
        ------
        ValueError
            If one of them is refused; then the page is told what holds.
        """
        self._together = True
        try:
            if isinstance(sync_data.get("x"), list) and sync_data["x"]:  # the ends follow, unless they come along
                T = len(sync_data["x"])
                sync_data = {name: min(getattr(self, name), T) for name in ("step", "loss_step")} | sync_data
            super().set_state(sync_data)
        except ValueError:
            self.send_state(self.names)
            raise
        finally:
            self._together = False

    @traitlets.validate("x", "drawn", "rest")
    def _same_length(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        now = {"x": self.x, "drawn": self.drawn, "rest": self.rest, name: value}
        T = len(now["x"])
        lengths = {f"{gate} in drawn": len(path) for gate, path in now["drawn"].items()}
        lengths |= {"rest": len(now["rest"])} if now["rest"] else {}
        for other, length in lengths.items():
            if length != T and name == "x":
                raise Refused(f"x: wanted {length} steps, as many as there are for {other}, got {T}")
            if length != T:
                raise Refused(f"{other}: wanted as many steps as x has, {T}, got {length}")
        if self._together:
            for place in ("step", "loss_step"):
                self._check_within(place, getattr(self, place), T)
        return value

    @traitlets.validate("step", "loss_step")
    def _within(self, proposal):
        self._check_within(proposal["trait"].name, proposal["value"], len(self.x))
        return proposal["value"]

    def _check_within(self, name, step, T):
        if step > T:
            raise Refused(f"{name}: wanted at most the number of steps, {T}, got {step}")

    @traitlets.observe("x")
    def _follow_the_length(self, change):
        """The loss stays at the end if it was there; neither it nor the cursor is ever beyond it."""
        if self._together:
            return
        before, T = len(change["old"]), len(change["new"])
        self.step = min(self.step, T)
        self.loss_step = T if self.loss_step == before else min(self.loss_step, T)

    @traitlets.validate(*HAND)
    def _set_throughout(self, proposal):
        """A gate that is set is set at every step; what was drawn of it before is gone."""
        gate, drawn = proposal["trait"].name, self.drawn
        if not self._together and drawn.pop(gate, None):
            self.drawn = drawn
        return proposal["value"]

    def _gates(self):
        return {gate: self.drawn.get(gate, [getattr(self, gate)] * len(self.x)) for gate in HAND}

    def _setting(self):
        return {name: value for name, value in self.state().items() if name not in _NOT_OF_A_PRESET}


def _preset(name):
    if not isinstance(name, str) or name not in PRESETS:
        raise ValueError(f"preset: wanted one of {', '.join(PRESETS)}, got {name!r}")
    return PRESETS[name]


def _said(number):
    """Two decimals, and no zero with a minus; what is large, in powers of ten."""
    if abs(number) >= 1e4:
        return f"{number:.0e}"
    return f"{round(float(number), 2) + 0.0:.2f}"
