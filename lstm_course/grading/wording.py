"""Describing in words how an answer differs: shapes, entries, and the call that shows the difference."""

import numpy as np

CALL_AT_MOST = 40  # numbers in the arguments of a call that is shown on a card, dictionaries included


def wrong_shape(output, shape, wanted):
    """Which shape the answer has and which was wanted, with the meaning of each axis."""
    text = f"`{output.name}` has shape {shape}; wanted {wanted}: {_axes(output)}."
    if shape == wanted[::-1] and shape != wanted:
        text += " Yours is the transpose."
    elif sorted(shape) != sorted(wanted) and len(shape) == len(wanted) + 1 and 1 in shape:
        text += " There is one axis too many, of size 1."
    return text


def _axes(output):
    plural = {"sample": "samples", "unit": "units", "time step": "time steps", "feature": "features", "row": "rows"}
    return " × ".join(plural.get(axis, f"{axis}s") for axis in output.axes) or "one number"


def described(question, differences):
    """Which outputs are right, which are wrong, and where the first one goes wrong, for a mistake without a name."""
    first = next(iter(differences.values()))
    right = [output.name for output in question.outputs if output.name not in differences]
    text = f"{listed(right)} {'is' if len(right) == 1 else 'are'} right. " if right else ""
    if first.message:
        return text + first.message
    if question.outputs == (first.output,) and " " in first.output.name and np.isfinite(first.value):
        # Not an array that was returned, but its quality, as in `questions.shares`.
        return f"What was measured is too {'low' if first.value < first.wanted else 'high'}: {first.output.name}."
    text += f"`{first.output.name}` differs"
    if first.index:
        text += f" at {_position(first)}"
    others = [name for name in differences if name != first.output.name]
    if others:
        text += f"; so does {listed(others)}" if len(others) == 1 else f"; so do {listed(others)}"
    text += "."
    if np.isnan(first.value):
        text += " It is not a number (nan): somewhere a large number overflowed, or 0 was divided by 0."
    elif np.isinf(first.value):
        text += " It is infinite: somewhere a large number overflowed."
    if "time step" in first.output.axes:
        axis = first.output.axes.index("time step")
        step, last = first.index[axis], first.shape[axis] - 1
        if first.output.backward and step < last:
            text += " Gradients are computed from the last step to the first, and the steps after this one agree."
        elif not first.output.backward and step > 0:
            text += " The steps before this one agree."
    return text


def _position(difference):
    """Where it is, with the meaning of each axis: ``time step 3, unit 0``."""
    output = difference.output
    words = [f"{axis} {index}" for axis, index in zip(output.axes, difference.index, strict=False)]
    if output.blocks:  # stacked gates: the first axis runs through one block after another
        block = difference.index[0] * len(output.blocks) // difference.shape[0]
        words[0] += f" (the block of {output.blocks[block]})"
    return ", ".join(words)


def entry(difference):
    """The entry that differs, as code: ``c[1, 0]``."""
    index = ", ".join(map(str, difference.index))
    return f"{difference.output.name}[{index}]" if index else difference.output.name


def call_text(question, case, index):
    """The call as code, one argument a line, or what `Question.show` makes of it; empty if it is too long."""
    if question.show is not None:
        return question.show(case, index) if index else ""
    arguments = question.arguments(case)
    if not arguments or sum(map(_count, arguments.values())) > CALL_AT_MOST:
        return ""
    lines = [f"{name} = {_code(value)}" for name, value in arguments.items()]
    return "\n".join([*lines, f"{question.name}({', '.join(arguments)})"])


def _count(value):
    if isinstance(value, dict):
        value = list(value.values())
    return sum(map(_count, value)) if isinstance(value, (tuple, list)) else np.size(value)


def _code(value):
    if isinstance(value, (tuple, list)):
        inside = ", ".join(map(_code, value))
        return f"[{inside}]" if isinstance(value, list) else f"({inside},)"
    if isinstance(value, np.ndarray):
        return "np." + " ".join(np.array_repr(value, max_line_width=10_000, precision=6).split())
    return repr(value)


def listed(names):
    """Names in a sentence, as code: `a`, `b` and `c`."""
    names = [f"`{name}`" for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def number(value):
    """A value as the card shows it."""
    return f"{value:.6g}"
