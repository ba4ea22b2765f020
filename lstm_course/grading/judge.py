"""The verdict: what an answer returned, held against the reference, and said in words."""

from dataclasses import dataclass, field

import numpy as np

from lstm_course.probes import Failure
from lstm_course.questions import Choice

# An answer computed in float32 carries rounding of its own; everything else is held to the question's tolerance.
FLOAT32_TOLERANCE = 1e-4
CALL_AT_MOST = 40  # numbers in the arguments of a call that is shown on a card
# A reference smaller than this may be what is left of much larger numbers, with their rounding: a hidden state behind
# a shut gate, say. Its own magnitude is then no measure of what counts as equal.
SMALLEST_SCALE = 0.01


@dataclass(frozen=True)
class Verdict:
    """What is said of one answer.

    Attributes
    ----------
    question : str
        Its id.
    verdict : str
        ``right``, ``wrong``, ``blank``, ``error`` (it raised), ``form`` (it gave something that cannot be
        compared), ``slow``, ``crashed``, or ``borrowed`` (right values, from a function that the question asks
        one to write).
    earned, possible : int
        Points.
    message : str
        Why, in Markdown without block elements.
    mistake : str
        The name of the mistake that the answer equals, if it equals one.
    comparison : tuple of (str, str, str)
        Rows of place, value and wanted value.
    call : str
        The call that showed it, as code to try out, where its arguments are small.
    printed : str
        What the answer printed.
    seed : int
        Of the cases.
    """

    question: str
    verdict: str
    earned: int
    possible: int
    message: str
    mistake: str = ""
    comparison: tuple = ()
    call: str = ""
    printed: str = ""
    seed: int = field(default=0, compare=False)

    @property
    def right(self):
        return self.verdict == "right"


@dataclass(frozen=True)
class _Difference:
    """The first place at which one output differs from the reference, or why it cannot be compared at all."""

    output: object
    case: int
    shape: tuple
    place: tuple = ()
    value: float = 0.0
    wanted: float = 0.0
    message: str = ""


def judge(question, cases, outcomes, seed=0):
    """The verdict on one answer.

    Parameters
    ----------
    question : Question or Choice
    cases : list of dict
        As `question.draw` gave them.
    outcomes : list of Returned or Failure
        What the answer made of each case, in the same order.
    seed : int
        That the cases were drawn from; kept in the verdict.

    Returns
    -------
    Verdict
    """
    for case, outcome in zip(cases, outcomes):
        if isinstance(outcome, Failure):
            return _failed(question, case, outcome, seed)
    if isinstance(question, Choice):
        return _judge_choice(question, outcomes[0].values["answer"], seed)
    printed = outcomes[0].printed
    try:
        observed = [_observed(question, case, outcome.values) for case, outcome in zip(cases, outcomes)]
    except ValueError as problem:
        return _verdict(question, "form", str(problem), printed=printed, seed=seed)
    wanted = [_named(question, question.reference(**case)) for case in cases]

    differences = {}
    for output in question.outputs:
        for k, (values, reference) in enumerate(zip(observed, wanted)):
            difference = _difference(question, output, k, values[output.name], reference[output.name])
            if difference:
                differences[output.name] = difference
                break
    if not differences:
        borrowed = sorted({path.replace(":", ".") for outcome in outcomes for path in outcome.borrowed})
        if borrowed:
            message = (
                f"The values are right, but they come from `{'`, `'.join(borrowed)}`, which this question asks you "
                "to write yourself."
            )
            return _verdict(question, "borrowed", message, printed=printed, seed=seed)
        return _verdict(question, "right", question.explain_right or "Right.", printed=printed, seed=seed)

    mistake, explained = _recognised(question, outcomes, cases, observed, wanted, differences)
    first = next(iter(differences.values()))
    message = mistake.message if mistake else _described(question, differences)
    left = [name for name in differences if name not in explained]
    if mistake and left:
        message += f" Besides, {_list(left)} {'is' if len(left) == 1 else 'are'} wrong."
    comparison = () if first.message else ((_place(first), _number(first.value), _number(first.wanted)),)
    return _verdict(
        question,
        "wrong",
        message,
        mistake=mistake.name if mistake else "",
        comparison=comparison,
        call=_shown(question, cases[first.case], first.place),
        printed=printed,
        seed=seed,
    )


def _verdict(question, verdict, message, **details):
    earned = question.points if verdict == "right" else 0
    return Verdict(question.id, verdict, earned, question.points, message, **details)


def _failed(question, case, failure, seed):
    """The verdict on an answer that gave nothing to compare, with the call that it failed at."""
    message, call = failure.message, ""
    if failure.kind == "error":
        call = _shown(question, case, ())
        arrays = {name: value for name, value in question.arguments(case).items() if isinstance(value, np.ndarray)}
        shapes = [f"`{name}` {value.shape}" for name, value in arrays.items()]
        message += f" It was called with {', '.join(shapes)}." if shapes else ""
    return _verdict(question, failure.kind, message, call=call, printed=failure.printed, seed=seed)


def _judge_choice(question, answer, seed):
    letter = answer.strip().strip("().'\"").lower()
    if letter not in question.options:
        letters = ", ".join(question.options)
        message = f"`{question.name}` is {answer[:60]!r}; wanted one of {letters}."
        return _verdict(question, "form", message, seed=seed)
    verdict = "right" if letter == question.right else "wrong"
    return _verdict(question, verdict, question.options[letter].why, seed=seed)


def _observed(question, case, values):
    """The arrays to compare: those returned, or what they do when they are put to use."""
    if question.observe is None:
        return values
    return _named(question, question.observe(case, *values.values()))


def _named(question, results):
    results = results if isinstance(results, tuple) else (results,)
    return {output.name: np.asarray(result) for output, result in zip(question.outputs, results)}


def _close(question, values, reference):
    """Entry by entry; a share of the largest magnitude, so that entries near zero are not judged more strictly."""
    tolerance = question.tolerance
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    scale = np.abs(reference).max()
    scale = max(scale, SMALLEST_SCALE) if scale > 0 else 1.0
    with np.errstate(invalid="ignore"):
        return np.abs(values.astype(float) - reference) <= tolerance * scale + question.margin


def _difference(question, output, case, values, reference):
    """The first difference of one output in one case, or None."""
    if values.shape != reference.shape:
        return _Difference(output, case, values.shape, message=_wrong_shape(output, values.shape, reference.shape))
    wrong = ~_close(question, values, reference)
    if not wrong.any():
        return None
    places = np.argwhere(wrong)
    if "time step" in output.axes:  # where the mistake first shows: early going forward, late going backward
        axis = output.axes.index("time step")
        first = places[:, axis].max() if output.backward else places[:, axis].min()
        places = places[places[:, axis] == first]
    place = tuple(int(k) for k in places[0])
    return _Difference(output, case, values.shape, place, float(values[place]), float(reference[place]))


def _wrong_shape(output, shape, wanted):
    text = f"`{output.name}` has shape {shape}; wanted {wanted}: {_axes(output)}."
    if shape == wanted[::-1] and shape != wanted:
        text += " It is the transpose of that."
    elif sorted(shape) != sorted(wanted) and len(shape) == len(wanted) + 1 and 1 in shape:
        text += " There is one axis too many, of size 1."
    return text


def _axes(output):
    plural = {"sample": "samples", "unit": "units", "time step": "time steps", "feature": "features", "row": "rows"}
    return " × ".join(plural.get(axis, f"{axis}s") for axis in output.axes) or "one number"


def _recognised(question, outcomes, cases, observed, wanted, differences):
    """The mistake that the answer shows, or None, and the names of the outputs that it explains.

    That is one which gives, wherever it makes a difference, the numbers of the answer. An answer may have other
    faults besides; of several mistakes the one that explains most of it is named.
    """
    found = {}
    for mistake in question.mistakes:
        if mistake.recognise is not None:
            if mistake.recognise(*outcomes[0].values.values()):
                return mistake, set(differences)
            continue
        altered = _altered(mistake, question, cases, observed, wanted)
        if altered and altered <= set(differences):
            found.setdefault(len(altered), (mistake, altered))
    return found[max(found)] if found else (None, set())


def _altered(mistake, question, cases, observed, wanted):
    """Names of the outputs that a mistake makes wrong, if the answer has the same numbers there; else nothing."""
    altered = set()
    made = []
    for case, reference in zip(cases, wanted):
        with np.errstate(all="ignore"):
            made.append(_named(question, mistake.answer(**question.arguments(case))))
        altered |= {name for name in reference if not _equal(question, made[-1][name], reference[name])}
    for values, mine in zip(observed, made):
        if not all(_equal(question, values[name], mine[name]) for name in altered):
            return set()
    return altered


def _equal(question, values, reference):
    return values.shape == reference.shape and _close(question, values, reference).all()


def _described(question, differences):
    """What is right, what is wrong, and where it first goes wrong, for a mistake without a name."""
    first = next(iter(differences.values()))
    right = [output.name for output in question.outputs if output.name not in differences]
    said = f"{_list(right)} {'is' if len(right) == 1 else 'are'} right. " if right else ""
    if first.message:
        return said + first.message
    said += f"`{first.output.name}` differs"
    if first.place:
        said += f" at {_words(first)}"
    others = [name for name in differences if name != first.output.name]
    if others:
        said += f"; so does {_list(others)}" if len(others) == 1 else f"; so do {_list(others)}"
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
    words = [f"{axis} {index}" for axis, index in zip(output.axes, difference.place)]
    if output.blocks:  # stacked gates: which of them the first axis has reached
        block = difference.place[0] * len(output.blocks) // difference.shape[0]
        words[0] += f" (the block of {output.blocks[block]})"
    return ", ".join(words)


def _place(difference):
    return f"{difference.output.name}[{', '.join(map(str, difference.place))}]" if difference.place else (
        difference.output.name
    )


def _shown(question, case, place):
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


def _list(names):
    names = [f"`{name}`" for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _number(value):
    return f"{value:.6g}"
