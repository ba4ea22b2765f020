"""The verdict: what an answer returned, held against the reference, and said in words."""

from dataclasses import dataclass, field

import numpy as np

from lstm_course.probes import Failure
from lstm_course.questions import Choice

# An answer computed in float32 carries rounding of its own; everything else is held to the question's tolerance.
FLOAT32_TOLERANCE = 1e-4
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
        ``right``, ``wrong``, ``blank``, ``error`` (raised, or not what was asked for), ``slow``, ``crashed``, or
        ``borrowed`` (right values, from a function that the question asks one to write).
    earned, possible : int
        Points.
    message : str
        Why, in Markdown without block elements.
    mistake : str
        The name of the mistake that the answer equals, if it equals one.
    comparison : tuple of (str, str, str)
        Rows of place, value and wanted value.
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
    printed: str = ""
    seed: int = field(default=0, compare=False)

    @property
    def right(self):
        return self.verdict == "right"


@dataclass(frozen=True)
class _Difference:
    """The first place at which one output differs from the reference, or why it cannot be compared at all."""

    output: object
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
    for outcome in outcomes:
        if isinstance(outcome, Failure):
            kind = "error" if outcome.kind == "form" else outcome.kind
            return _verdict(question, kind, outcome.message, printed=outcome.printed, seed=seed)
    if isinstance(question, Choice):
        return _judge_choice(question, outcomes[0].values["answer"], seed)
    printed = outcomes[0].printed
    try:
        observed = [_observed(question, case, outcome.values) for case, outcome in zip(cases, outcomes)]
    except ValueError as problem:
        return _verdict(question, "error", str(problem), printed=printed, seed=seed)
    wanted = [_named(question, question.reference(**case)) for case in cases]

    differences = {}
    for output in question.outputs:
        for values, reference in zip(observed, wanted):
            difference = _difference(output, values[output.name], reference[output.name], question.tolerance)
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

    mistake = _recognised(question, cases, outcomes, observed, wanted, differences)
    first = next(iter(differences.values()))
    message = mistake.message if mistake else _described(question, differences)
    comparison = () if first.message else ((_place(first), _number(first.value), _number(first.wanted)),)
    return _verdict(
        question, "wrong", message, mistake.name if mistake else "", comparison, printed=printed, seed=seed
    )


def _verdict(question, verdict, message, mistake="", comparison=(), printed="", seed=0):
    earned = question.points if verdict == "right" else 0
    return Verdict(question.id, verdict, earned, question.points, message, mistake, comparison, printed, seed)


def _judge_choice(question, answer, seed):
    letter = answer.strip().strip("().'\"").lower()
    if letter not in question.options:
        letters = ", ".join(question.options)
        return _verdict(question, "error", f"`{question.name}` is {answer[:60]!r}; wanted one of {letters}.", seed=seed)
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


def _close(values, reference, tolerance):
    """Entry by entry; a share of the largest magnitude, so that entries near zero are not judged more strictly."""
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    scale = np.abs(reference).max()
    scale = max(scale, SMALLEST_SCALE) if scale > 0 else 1.0
    with np.errstate(invalid="ignore"):
        return np.abs(values.astype(float) - reference) <= tolerance * scale


def _difference(output, values, reference, tolerance):
    """The first difference of one output in one case, or None."""
    if values.shape != reference.shape:
        return _Difference(output, values.shape, message=_wrong_shape(output, values.shape, reference.shape))
    wrong = ~_close(values, reference, tolerance)
    if not wrong.any():
        return None
    places = np.argwhere(wrong)
    if "time step" in output.axes:  # where the mistake first shows: early going forward, late going backward
        axis = output.axes.index("time step")
        first = places[:, axis].max() if output.backward else places[:, axis].min()
        places = places[places[:, axis] == first]
    place = tuple(int(k) for k in places[0])
    return _Difference(output, values.shape, place, float(values[place]), float(reference[place]))


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


def _recognised(question, cases, outcomes, observed, wanted, differences):
    """The mistake that explains the answer: all of it if one does, otherwise every output that is wrong."""
    for names in ([output.name for output in question.outputs], list(differences)):
        for mistake in question.mistakes:
            if mistake.recognise is not None:
                if mistake.recognise(*outcomes[0].values.values()):
                    return mistake
            elif _explains(mistake, names, question, cases, observed, wanted):
                return mistake
    return None


def _explains(mistake, names, question, cases, observed, wanted):
    """Whether the outputs called `names` are, in every case, what somebody gets who makes this mistake."""
    shows = False
    for case, values, reference in zip(cases, observed, wanted):
        with np.errstate(all="ignore"):
            made = _named(question, mistake.answer(**question.arguments(case)))
        for name in names:
            if made[name].shape != values[name].shape:
                return False
            if not _close(values[name], made[name], question.tolerance).all():
                return False
            # In a case of size one, say, the mistake may happen to give the right numbers.
            shows = shows or made[name].shape != reference[name].shape
            shows = shows or not _close(made[name], reference[name], question.tolerance).all()
    return shows


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
    if first.output.backward and "time step" in first.output.axes:
        said += " Gradients are computed from the last step to the first, and the steps after this one agree."
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


def _list(names):
    names = [f"`{name}`" for name in names]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _number(value):
    return f"{value:.6g}"
