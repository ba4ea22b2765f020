"""The live LSTM cell: one unit that readers control by hand, in a notebook or on any page."""

from lstm_course.palette import INKS

from .cell_state import CELL, DEFAULTS, HAND, CellState, check_sequence
from .cell_values import direct_path, hand_values, plain_values, weight_paths, weight_values
from .gate_sliders import gate_sliders
from .timeline_figure import timeline_figure
from .trained_unit import trained_unit

PRESETS = {preset["name"]: preset for preset in CELL["presets"]}
_NOT_IN_PRESETS = ("step", "loss_step", "title", "projector")


class LiveCell(CellState):
    """An LSTM cell of one unit that readers control by hand in the page itself.

    Display it as the last line of a notebook cell. Each attribute below is in sync with the page: when code sets it,
    the page follows, and when a reader moves something, the attribute has the new value. Without a kernel, in exported
    HTML or on a page of its own (`save`), everything except Python works the same.

    Parameters
    ----------
    preset : str
        The initial setting; one of `PRESETS`.
    **values
        Attributes that differ from the preset.

    Attributes
    ----------
    mode : str
        ``"hand"``: the gates f, i and o are set by hand and the candidate is tanh(x). ``"weights"``: gates and
        candidate are computed from weights, z = w x + u h + b.
    x : list of float, (T,)
        The input at each step, for at most 500 steps.
    f, i, o : float
        Forget, input and output gate, from 0 to 1, at every step.
    drawn : dict of str to list of float, (T,)
        Gates that change over time, such as ``{"i": [0, 1, 0]}``; they take precedence over `f`, `i` and `o`.
    c0, h0 : float
        Cell state and hidden state before the first step.
    w, u, b : list of float, (4,)
        Input weight, recurrent weight and bias of i, f, g and o.
    rest : list of lists, (T, 4), or empty
        Added to the pre-activations of i, f, g and o at each step: the contribution of other features and units;
        see `from_layer`.
    plain : bool
        Whether to draw the plain recurrent unit h' = tanh(x + u h) as well.
    plain_u : float
        The recurrent weight u of the plain unit.
    step, loss_step : int
        The step under the cursor, from 0 to T, and the step whose cell state the gradient panel differentiates, from
        1 to T.
    title : str
    projector : bool
        Use larger type.

    Raises
    ------
    ValueError
        If there is no such preset, or a value cannot be shown. A value that is set later is refused in the same way
        (by `Refused`, a subclass of ValueError), and the old value stays.

    Examples
    --------
    >>> cell = LiveCell("remember")
    >>> cell.f = 0.9
    >>> round(float(cell.values["c"][-1]), 3)
    0.015
    """

    module = "live_cell.js"
    heading = "Live LSTM cell"

    def __init__(self, preset="halfway", **values):
        start = {**DEFAULTS, **_find_preset(preset)["state"]}
        unknown = set(values) - set(self.names)
        if unknown:
            raise ValueError(f"values: wanted names among {', '.join(self.names)}, got {', '.join(sorted(unknown))}")
        start["drawn"] = {gate: path for gate, path in start["drawn"].items() if gate not in values}
        if "x" in values:
            start |= {"step": 1, "loss_step": len(check_sequence(self, "x", values["x"]))}
        super().__init__(**{**start, **values})

    @classmethod
    def from_layer(cls, layer, unit, sequence, feature=0, depth=0):
        """Show one unit of a layer while the layer processes a sequence.

        Gates and states are those of the layer. Readers can change one feature of the input and this unit's own
        weights. The contribution of the other features and units to its gates stays as it was in the layer's own
        run, although in the layer the other units would react to such a change.

        Parameters
        ----------
        layer : LSTM of lstm_course.scratch, lstm_course.nets, PyTorch or Keras
            Of a bidirectional layer, the forward direction is shown.
        unit : int
            From 0 to H - 1.
        sequence : (T, D) array
        feature : int
            Which feature of the layer's input is x.
        depth : int
            Which layer of a stack, from 0; the input of a higher layer is the output of the layer below it.

        Returns
        -------
        LiveCell

        Raises
        ------
        ValueError
            If the layer is not an LSTM, or an argument does not fit it.
        """
        return cls(**trained_unit(layer, unit, sequence, feature, depth))

    @property
    def values(self):
        """The numbers in the timeline: ``x, i, f, g, o, c, h``, each (T,), for steps 1 to T."""
        if self.mode == "hand":
            return hand_values(self.x, self._gates(), self.c0)
        return weight_values(self.x, self.w, self.u, self.b, self.rest, self.c0, self.h0)

    @property
    def paths(self):
        """The numbers in the gradient panel, each (loss_step + 1,), for steps 0 to ``loss_step``.

        ``direct``: the derivative of c at the loss step with respect to c at each step along the direct path, which
        is the product of the forget gates. ``full``: the same along all paths of this unit; it equals ``direct`` if
        the gates are set by hand. ``plain``: the derivative of the plain unit's h with respect to its own h.
        """
        if self.mode == "hand":
            direct = full = direct_path(self.values["f"], self.loss_step)
        else:
            weights = (self.w, self.u, self.b, self.rest)
            direct, full = weight_paths(self.x, *weights, self.c0, self.h0, self.loss_step)
        plain = plain_values(self.x, self.plain_u, self.loss_step)[1]
        return {"direct": direct, "full": full, "plain": plain}

    @property
    def preset(self):
        """The name of the preset that equals the current setting, or "" if there is none."""
        setting = {name: value for name, value in self.state().items() if name not in _NOT_IN_PRESETS}
        for name, preset in PRESETS.items():
            if setting.items() <= {**DEFAULTS, **preset["state"]}.items():
                return name
        return ""

    def set(self, preset):
        """Apply a preset.

        Parameters
        ----------
        preset : str
            One of `PRESETS`.

        Raises
        ------
        ValueError
            If there is no such preset.
        """
        state = {**DEFAULTS, **_find_preset(preset)["state"], "projector": self.projector}
        self.set_state(state)
        self.send_state(list(state))

    def sliders(self):
        """Make ipywidgets sliders for the three gates, linked to the cell in both directions in the browser.

        Returns
        -------
        ipywidgets.VBox
        """
        return gate_sliders(self)

    def figure(self):
        """The timeline without the page's other panels."""
        return timeline_figure(self.values, self.c0)

    @property
    def alt(self):
        values = self.values
        if self.mode == "hand":
            drawn = ", ".join(f"{name} drawn over time" for name in HAND if name in self.drawn)
            constant = ", ".join(f"{name} = {_format(getattr(self, name))}" for name in HAND if name not in self.drawn)
            setting = "Gates set by hand: " + ", ".join(filter(None, (constant, drawn)))
        else:
            setting = "Gates from weights"
        return (
            f"{setting}. The cell state starts at {_format(self.c0)} and is {_format(values['c'][-1])} after "
            f"{len(self.x)} step{'s' if len(self.x) > 1 else ''}; the hidden state is then {_format(values['h'][-1])}."
        )

    def text(self):
        values, T = self.values, len(self.x)
        columns = sorted({*range(0, T, max(1, T // 8)), T - 1})
        lines = [f"LiveCell. {self.title + '. ' if self.title else ''}{self.alt}"]
        lines.append(f"{'step':<18}" + "".join(f"{t + 1:>8}" for t in columns))
        for symbol in "xifgoch":
            numbers = "".join(f"{_format(values[symbol][t]):>8}" for t in columns)
            lines.append(f"{symbol + ', ' + INKS[symbol].name:<18}{numbers}")
        return "\n".join(lines)

    def __repr__(self):
        return f"<LiveCell {self.preset or 'with a setting of its own'}>"

    def _gates(self):
        return {gate: self.drawn.get(gate, [getattr(self, gate)] * len(self.x)) for gate in HAND}


def _find_preset(name):
    if not isinstance(name, str) or name not in PRESETS:
        raise ValueError(f"preset: wanted one of {', '.join(PRESETS)}, got {name!r}")
    return PRESETS[name]


def _format(number):
    """Two decimals, without a minus before zero; a large number as a power of ten."""
    if abs(number) >= 1e4:
        return f"{number:.0e}"
    return f"{round(float(number), 2) + 0.0:.2f}"
