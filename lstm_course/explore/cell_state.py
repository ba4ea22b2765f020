"""The state of a live cell: which values each attribute accepts, and how the attributes stay consistent."""

import json

import numpy as np
import traitlets

from lstm_course.scratch import arguments

from .cell_values import check_gate
from .checked import Checked, Refused, between, flag, one_of
from .live import Live
from .modules import JS

CELL = json.loads((JS / "live_cell.json").read_text(encoding="utf-8"))
DEFAULTS = CELL["defaults"]
LONGEST = CELL["longest"]  # steps; the page has no room for more
LARGEST = CELL["largest"]  # magnitude of any number
HAND = ("f", "i", "o")  # the gates that can be set by hand

# --- checks of single attributes, as `Checked` calls them -------------------------------------------------------------

_number = between(-LARGEST, LARGEST)


def _text(owner, name, value):
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(f"{name}: wanted text, got {value!r}")
    return value


def _one_for_each_gate(owner, name, value):
    return _bounded(name, arguments.array(name, value, gates=4)).tolist()


def check_sequence(owner, name, value):
    x = arguments.array(name, value, T=None)
    if len(x) > LONGEST:
        raise ValueError(f"{name}: wanted at most {LONGEST} steps, got {len(x)}")
    return _bounded(name, x).tolist()


def _rest(owner, name, value):
    is_empty_list = isinstance(value, (list, tuple)) and not value
    if value is None or is_empty_list or (isinstance(value, np.ndarray) and value.shape[:1] == (0,)):
        return []
    return _bounded(name, arguments.array(name, value, T=None, gates=4)).tolist()


def _drawn(owner, name, value):
    if not isinstance(value, dict) or not set(value) <= set(HAND):
        raise ValueError(f"{name}: wanted a dict with some of 'f', 'i' and 'o', got {value!r}")
    paths = {gate: arguments.array(f"{gate} in {name}", path, T=None) for gate, path in value.items()}
    for gate, path in paths.items():
        check_gate(f"{gate} in {name}", path)
    return {gate: path.tolist() for gate, path in paths.items()}


def _step(owner, name, value):
    return arguments.whole(name, value, 0 if name == "step" else 1, LONGEST)


def _bounded(name, values):
    largest = values.flat[np.abs(values).argmax()]
    if abs(largest) > LARGEST:
        raise ValueError(f"{name}: wanted numbers between {-LARGEST} and {LARGEST}, got {largest:g}")
    return values


class CellState(Live):
    """The attributes of a live cell, which `LiveCell` documents.

    ``x``, ``drawn`` and ``rest`` always have the same number of steps T, and ``step`` and ``loss_step`` are at most T.
    """

    names = (*DEFAULTS,)

    mode = Checked(one_of("hand", "weights"), DEFAULTS["mode"])
    x = Checked(check_sequence, DEFAULTS["x"])
    f = Checked(between(0, 1), DEFAULTS["f"])
    i = Checked(between(0, 1), DEFAULTS["i"])
    o = Checked(between(0, 1), DEFAULTS["o"])
    drawn = Checked(_drawn, DEFAULTS["drawn"])
    c0 = Checked(_number, DEFAULTS["c0"])
    h0 = Checked(_number, DEFAULTS["h0"])
    w = Checked(_one_for_each_gate, DEFAULTS["w"])
    u = Checked(_one_for_each_gate, DEFAULTS["u"])
    b = Checked(_one_for_each_gate, DEFAULTS["b"])
    rest = Checked(_rest, DEFAULTS["rest"])
    plain = Checked(flag, DEFAULTS["plain"])
    plain_u = Checked(_number, DEFAULTS["plain_u"])
    step = Checked(_step, DEFAULTS["step"])
    loss_step = Checked(_step, DEFAULTS["loss_step"])
    title = Checked(_text, DEFAULTS["title"])
    projector = Checked(flag, DEFAULTS["projector"])

    def __init__(self, **values):
        self._is_batch = True  # several attributes change together, so none is adjusted to an old value of another
        super().__init__(**values)
        self._is_batch = False

    def set_state(self, sync_data):
        """Set several values together, or none of them. Messages from the page arrive here.

        Raises
        ------
        ValueError
            If a value is refused; the page then receives the current state.
        """
        self._is_batch = True
        try:
            if isinstance(sync_data.get("x"), list) and sync_data["x"]:  # the steps follow, unless they are given too
                T = len(sync_data["x"])
                sync_data = {name: min(getattr(self, name), T) for name in ("step", "loss_step")} | sync_data
            super().set_state(sync_data)
        except ValueError:
            self.send_state(self.names)
            raise
        finally:
            self._is_batch = False

    @traitlets.validate("x", "drawn", "rest")
    def _check_lengths(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        proposed = {"x": self.x, "drawn": self.drawn, "rest": self.rest, name: value}
        T = len(proposed["x"])
        lengths = {f"{gate} in drawn": len(path) for gate, path in proposed["drawn"].items()}
        lengths |= {"rest": len(proposed["rest"])} if proposed["rest"] else {}
        for other, length in lengths.items():
            if length != T and name == "x":
                raise Refused(f"x: wanted {length} steps, as many as {other} has, got {T}")
            if length != T:
                raise Refused(f"{other}: wanted {T} steps, as many as x has, got {length}")
        if self._is_batch:
            for step_name in ("step", "loss_step"):
                self._check_within(step_name, getattr(self, step_name), T)
        return value

    @traitlets.validate("step", "loss_step")
    def _check_step(self, proposal):
        self._check_within(proposal["trait"].name, proposal["value"], len(self.x))
        return proposal["value"]

    def _check_within(self, name, step, T):
        if step > T:
            raise Refused(f"{name}: wanted at most the number of steps, {T}, got {step}")

    @traitlets.observe("x")
    def _follow_length(self, change):
        """Keep both steps within a new length; a loss at the end of the sequence stays at the end."""
        if self._is_batch:
            return
        before, T = len(change["old"]), len(change["new"])
        self.step = min(self.step, T)
        self.loss_step = T if self.loss_step == before else min(self.loss_step, T)

    @traitlets.validate(*HAND)
    def _set_at_every_step(self, proposal):
        """Setting a gate sets it at every step, so the values drawn for it are dropped."""
        gate, drawn = proposal["trait"].name, self.drawn
        if not self._is_batch and drawn.pop(gate, None):
            self.drawn = drawn
        return proposal["value"]
