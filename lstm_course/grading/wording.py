"""Saying in words where an answer differs: shapes, places, and the call that shows it."""

import numpy as np

CALL_AT_MOST = 40  # numbers in the arguments of a call that is shown on a card


def wrong_shape(output, shape, wanted):
    """Which shape came and which was wanted, with the meaning of each axis."""
    text = f"`{output.name}` has shape {shape}; wanted {wanted}: {_axes(output)}."
    if shape == wanted[::-1] and shape != wanted:
        text += " It is the transpose of that."
    elif sorted(shape) != sorted(wanted) and len(shape) == len(wanted) + 1 and 1 in shape:
        text += " There is one axis too many, of size 1."
    return text


def _axes(output):
    plural = {"sample": "samples", "unit": "units", "time step": "time steps", "feature": "features", "row": "rows"}
    return " × ".join(plural.get(axis, f"{axis}s") for axis in output.axes) or "one number"


def described(question, differences):
    """What is right, what is wrong, and where it first goes wrong, for a mistake without a name."""
    first = next(iter(differences.values()))
    right = [output.name for output in question.outputs if output.name not in differences]
    said = f"{listed(right)} {'is' if len(right) == 1 else 'are'} right. " if right else ""
    if first.message:
        return said + first.message
    said += f"`{first.output.name}` differs"
    if first.place:
        said += f" at {_words(first)}"
    others = [name for name in differences if name != first.output.name]
    if others:
        said += f"; so does {listed(others)}" if len(others) == 1 else f"; so do {listed(others)}"
    said += "."
    if np.isnan(first.value):
        said += " It is not a number (nan): somewhere a large number overflowed, or 0 was divided by 0."
    elif np.isinf(first.value):
        said += " It is infinite: somewhere a large number overflowed."
    if "time step" in first.output.axes:
        step = first.place[first.output.axes.index("time step")]
        last = first.shape[first.output.axes.index("time step")] - 1
        if first.output.backward and step < last:
            said += " Gradients are computed from the last step to the first, and the steps after this one agree."
        elif not first.output.backward and step > 0:
            said += " The steps before this one agree."
    return said


def _words(difference):
    output = difference.output
    words = [f"{axis} {index}" for axis, index in zip(output.axes, difference.place, strict=False)]
    if output.blocks:  # stacked gates: which of them the first axis has reached
        block = difference.place[0] * len(output.blocks) // difference.shape[0]
        words[0] += f" (the block of {output.blocks[block]})"
    return ", ".join(words)


def place_of(difference):
    """As one would write it in code: ``c[1, 0]``."""
    place = ", ".join(map(str, difference.place))
    return f"{difference.output.name}[{place}]" if place else difference.output.name


def shown(question, case, place):
    """The call as code, one argument a line, or what the question wants shown; empty where it is too much."""
    if question.show is not None:
        return question.show(case, place) if place else ""
    arguments = question.arguments(case)
    if not arguments or sum(map(_count, arguments.values())) > CALL_AT_MOST:
        return ""
    lines = [f"{name} = {_code(value)}" for name, value in arguments.items()]
    return "\n".join([*lines, f"{question.name}({', '.join(arguments)})"])


def _count(value):
    return sum(map(_count, value)) if isinstance(value, (tuple, list)) else np.size(value)


def _code(value):
    if isinstance(value, (tuple, list)):
        inside = ", ".join(map(_code, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside},)"
    if isinstance(value, np.ndarray):
        return "np." + " ".join(np.array_repr(value, max_line_width=10_000, precision=6).split())
    return repr(value)


def listed(names):
    """Names in a row, as code: `a`, `b` and `c`."""
    names = [f"`{name}`" for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def number(value):
    """A value as the card shows it."""
    return f"{value:.6g}"
