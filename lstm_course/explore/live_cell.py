"""The live LSTM cell: one unit that moves under the hand, in a notebook and on any page."""

import json

import numpy as np
import traitlets

from lstm_course import plots
from lstm_course.palette import INKS
from lstm_course.scratch import LSTM, arguments
from lstm_course.scratch.diagnostics import gate_activations

from .cell_values import direct_path, hand_values, plain_values, weight_paths, weight_values
from .gate_sliders import gate_sliders
from .live import Live
from .modules import JS
from .timeline_figure import timeline_figure

_CELL = json.loads((JS / "live_cell.json").read_text(encoding="utf-8"))
LONGEST = _CELL["longest"]  # steps; more would not be seen
PRESETS = {preset["name"]: preset for preset in _CELL["presets"]}
_DEFAULTS = _CELL["defaults"]
_HAND = ("f", "i", "o")
_NOT_OF_A_PRESET = ("step", "loss_step", "title", "projector")


class Refused(traitlets.TraitError, ValueError):
    """A value that the live cell cannot show."""


class _Checked(traitlets.TraitType):
    """A trait whose value `check(owner, name, value)` brings into the form that goes to the page, or refuses."""

    def __init__(self, check, default):
        super().__init__(default_value=default)
        self.check = check
        self.tag(sync=True)

    def validate(self, cell, value):
        try:
            return self.check(cell, self.name, value)
        except ValueError as wrong:
            raise Refused(str(wrong)) from None


def _share(cell, name, value):
    if not arguments.is_number(value) or not 0 <= value <= 1:
        raise ValueError(f"{name}: wanted a number between 0 and 1, got {value!r}")
    return float(value)


def _number(cell, name, value):
    return arguments.number(name, value)


def _flag(cell, name, value):
    return arguments.flag(name, value)


def _text(cell, name, value):
    if not isinstance(value, str):
        raise ValueError(f"{name}: wanted text, got {value!r}")
    return value


def _mode(cell, name, value):
    if value not in ("hand", "weights"):
        raise ValueError(f"{name}: wanted 'hand' or 'weights', got {value!r}")
    return value


def _four(cell, name, value):
    return arguments.array(name, value, **{"i, f, g, o: 4": 4}).tolist()


def _sequence(cell, name, value):
    x = arguments.array(name, value, T=None)
    if len(x) > LONGEST:
        raise ValueError(f"{name}: wanted at most {LONGEST} steps, got {len(x)}")
    return x.tolist()


def _rest(cell, name, value):
    if value is None or len(value) == 0:
        return []
    return arguments.array(name, value, T=None, gates=4).tolist()


def _drawn(cell, name, value):
    if not isinstance(value, dict) or not set(value) <= set(_HAND):
        raise ValueError(f"{name}: wanted a dict with some of 'f', 'i' and 'o', got {value!r}")
    paths = {}
    for gate, path in value.items():
        path = arguments.array(f"{gate} in {name}", path, T=None)
        if path.min() < 0 or path.max() > 1:
            wrong = path.min() if path.min() < 0 else path.max()
            raise ValueError(f"{gate} in {name}: wanted values between 0 and 1, got {wrong:g}")
        paths[gate] = path.tolist()
    return paths


def _step(cell, name, value):
    return arguments.whole(name, value, 0 if name == "step" else 1, LONGEST)


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
    names = (*_DEFAULTS,)

    mode = _Checked(_mode, _DEFAULTS["mode"])
    x = _Checked(_sequence, _DEFAULTS["x"])
    f = _Checked(_share, _DEFAULTS["f"])
    i = _Checked(_share, _DEFAULTS["i"])
    o = _Checked(_share, _DEFAULTS["o"])
    drawn = _Checked(_drawn, _DEFAULTS["drawn"])
    c0 = _Checked(_number, _DEFAULTS["c0"])
    h0 = _Checked(_number, _DEFAULTS["h0"])
    w = _Checked(_four, _DEFAULTS["w"])
    u = _Checked(_four, _DEFAULTS["u"])
    b = _Checked(_four, _DEFAULTS["b"])
    rest = _Checked(_rest, _DEFAULTS["rest"])
    plain = _Checked(_flag, _DEFAULTS["plain"])
    plain_u = _Checked(_number, _DEFAULTS["plain_u"])
    step = _Checked(_step, _DEFAULTS["step"])
    loss_step = _Checked(_step, _DEFAULTS["loss_step"])
    title = _Checked(_text, _DEFAULTS["title"])
    projector = _Checked(_flag, _DEFAULTS["projector"])

    def __init__(self, preset="halfway", **values):
        if preset not in PRESETS:
            raise ValueError(f"preset: wanted one of {', '.join(PRESETS)}, got {preset!r}")
        unknown = set(values) - set(self.names)
        if unknown:
            raise ValueError(f"values: wanted names among {', '.join(self.names)}, got {', '.join(sorted(unknown))}")
        self._together = True  # what changes now changes as a whole
        super().__init__(**{**_DEFAULTS, **PRESETS[preset]["state"], **_lengths(values), **values})
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
        if not isinstance(layer, LSTM):
            from lstm_course.convert import to_scratch  # loads PyTorch

            layer = to_scratch(layer)
            if not isinstance(layer, LSTM):
                raise ValueError(f"layer: wanted an LSTM, got {type(layer).__name__}")
        depth = arguments.whole("depth", depth, 0, layer.num_layers - 1)
        unit = arguments.whole("unit", unit, 0, layer.hidden_size - 1)
        x = arguments.array("sequence", sequence, T=None, D=layer.input_size)
        inputs = x if depth == 0 else _shown_below(layer, x, depth - 1)
        feature = arguments.whole("feature", feature, 0, inputs.shape[1] - 1)

        H = layer.hidden_size
        rows = unit + H * np.arange(4)
        W_x, W_h, b_x, b_h = (
            np.asarray(layer.parameters[f"{name}_l{depth}"], float)[rows]
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        h = gate_activations(layer, x[None].astype(layer.dtype), depth=depth)["h"][0].astype(float)
        before = np.concatenate([np.zeros((1, H)), h[:-1]])
        others_x, others_h = (np.delete(np.arange(n), k) for n, k in ((inputs.shape[1], feature), (H, unit)))
        rest = inputs[:, others_x] @ W_x[:, others_x].T + before[:, others_h] @ W_h[:, others_h].T
        where = f", layer {depth}" if layer.num_layers > 1 else ""
        return cls(
            mode="weights",
            x=inputs[:, feature],
            w=W_x[:, feature],
            u=W_h[:, unit],
            b=b_x + b_h,
            rest=rest if len(others_x) or len(others_h) else [],
            c0=0,
            title=f"Unit {unit} of an LSTM with {H} units{where}",
        )

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
        if preset not in PRESETS:
            raise ValueError(f"preset: wanted one of {', '.join(PRESETS)}, got {preset!r}")
        state = {**_DEFAULTS, **PRESETS[preset]["state"], "projector": self.projector}
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
            drawn = ", ".join(f"{name} drawn over time" for name in _HAND if name in self.drawn)
            constant = ", ".join(f"{name} = {_said(getattr(self, name))}" for name in _HAND if name not in self.drawn)
            how = "Gates set by hand: " + ", ".join(filter(None, (constant, drawn)))
        else:
            how = "Gates from weights"
        return (
            f"{how}. The cell state starts at {_said(self.c0)} and is {_said(values['c'][-1])} after "
            f"{len(self.x)} steps; the hidden state is then {_said(values['h'][-1])}."
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
        """Take on several values at once, or none of them; what comes from the page comes this way."""
        self._together = True
        try:
            super().set_state(sync_data)
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
        return value

    @traitlets.validate("step", "loss_step")
    def _within(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if value > len(self.x):
            raise Refused(f"{name}: wanted at most the number of steps, {len(self.x)}, got {value}")
        return value

    @traitlets.observe("x")
    def _follow_the_length(self, change):
        """The loss stays at the end if it was there; neither it nor the cursor is ever beyond it."""
        if self._together:
            return
        before, T = len(change["old"]), len(change["new"])
        self.step = min(self.step, T)
        self.loss_step = T if self.loss_step == before else min(self.loss_step, T)

    @traitlets.observe(*_HAND)
    def _set_throughout(self, change):
        """A gate that is set now is set at every step; what was drawn of it before is gone."""
        if not self._together and change["name"] in self.drawn:
            self.drawn = {gate: path for gate, path in self.drawn.items() if gate != change["name"]}

    def _gates(self):
        return {gate: self.drawn.get(gate, [getattr(self, gate)] * len(self.x)) for gate in _HAND}

    def _setting(self):
        return {name: value for name, value in self.state().items() if name not in _NOT_OF_A_PRESET}


def _lengths(values):
    """The loss at the end of a sequence that is given without it, and the cursor at its beginning."""
    return {"step": 1, "loss_step": np.size(values["x"])} if "x" in values else {}


def _shown_below(layer, x, depth):
    """(T, D): what a layer of a stack shows, in both directions where it has two."""
    directions = (False, True) if layer.bidirectional else (False,)
    run = x[None].astype(layer.dtype)
    return np.concatenate(
        [gate_activations(layer, run, depth=depth, reverse=back)["h"][0] for back in directions], axis=1
    ).astype(float)


def _said(number):
    """Two decimals, and no zero with a minus."""
    return f"{round(float(number), 2) + 0.0:.2f}"
