"""What each attribute of a live cell may be; a check returns the form that goes to the page, or says what is wrong."""

import json

import numpy as np

from lstm_course.scratch import arguments

from .checked import between
from .modules import JS

CELL = json.loads((JS / "live_cell.json").read_text(encoding="utf-8"))
LONGEST = CELL["longest"]  # steps; more would not be seen
LARGEST = CELL["largest"]  # of any number
HAND = ("f", "i", "o")  # the gates that a hand can set


number = between(-LARGEST, LARGEST)


def text(cell, name, value):
    if not isinstance(value, str) or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(f"{name}: wanted text, got {value!r}")
    return value


def of_four_gates(cell, name, value):
    return _bounded(name, arguments.array(name, value, gates=4)).tolist()


def sequence(cell, name, value):
    x = arguments.array(name, value, T=None)
    if len(x) > LONGEST:
        raise ValueError(f"{name}: wanted at most {LONGEST} steps, got {len(x)}")
    return _bounded(name, x).tolist()


def rest(cell, name, value):
    nothing = isinstance(value, (list, tuple)) and not value
    if value is None or nothing or (isinstance(value, np.ndarray) and value.shape[:1] == (0,)):
        return []
    return _bounded(name, arguments.array(name, value, T=None, gates=4)).tolist()


def drawn(cell, name, value):
    if not isinstance(value, dict) or not set(value) <= set(HAND):
        raise ValueError(f"{name}: wanted a dict with some of 'f', 'i' and 'o', got {value!r}")
    paths = {}
    for gate, path in value.items():
        path = arguments.array(f"{gate} in {name}", path, T=None)
        if path.min() < 0 or path.max() > 1:
            wrong = path.min() if path.min() < 0 else path.max()
            raise ValueError(f"{gate} in {name}: wanted values between 0 and 1, got {wrong:g}")
        paths[gate] = path.tolist()
    return paths


def step(cell, name, value):
    return arguments.whole(name, value, 0 if name == "step" else 1, LONGEST)


def _bounded(name, values):
    most = values.flat[np.abs(values).argmax()]
    if abs(most) > LARGEST:
        raise ValueError(f"{name}: wanted numbers between {-LARGEST} and {LARGEST}, got {most:g}")
    return values
