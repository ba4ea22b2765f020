"""The verdict: what an answer returned, held against the reference, and said in words."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_course.probes import Failure, Kind, Returned
from lstm_course.probes.call import text_of
from lstm_course.questions import Choice, Question

from . import wording

# An answer computed in float32 carries rounding of its own; everything else is held to the question's tolerance.
FLOAT32_TOLERANCE = 3e-4
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
        compared), ``slow``, ``crashed``, ``borrowed`` (right values, from a function that the question asks one to
        write), or ``unjudged`` (the judge could not; it says nothing about the answer).
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
    comparison: tuple[tuple[str, str, str], ...] = ()
    call: str = ""
    printed: str = ""
    seed: int = field(default=0, compare=False)

    @property
    def right(self) -> bool:
        return self.verdict == "right"


@dataclass(frozen=True)
class _Difference:
    """The first place at which one output differs from the reference, or why it cannot be compared at all."""

    output: Any
    case: int
    shape: tuple[int, ...]
    place: tuple[int, ...] = ()
    value: float = 0.0
    wanted: float = 0.0
    message: str = ""


class Drawn:
    """The cases of a question, and what the reference and the known mistakes make of them: worked out once, for any
    number of answers.

    Parameters
    ----------
    question : Question or Choice
    seed : int
        That the cases are drawn from.
    """

    def __init__(self, question: Question | Choice, seed: int) -> None:
        self.question: Any = question
        self.seed, self.cases = seed, question.draw(seed)
        self._made: dict[str, list[dict[str, np.ndarray]]] = {}

    @property
    def arguments(self):
        """What of each case the answer is called with."""
        return [self.question.arguments(case) for case in self.cases]

    @functools.cached_property
    def wanted(self):
        """For each case the reference's arrays by name."""
        return [_named(self.question, self.question.reference(**case)) for case in self.cases]

    def made(self, mistake):
        """For each case the arrays of a known mistake, or what they do when they are put to use."""
        if mistake.name not in self._made:
            question = self.question
            with np.errstate(all="ignore"):
                results = [mistake.answer(**arguments) for arguments in self.arguments]
                if question.observe is not None:
                    results = [result if isinstance(result, tuple) else (result,) for result in results]
                    results = [
                        question.observe(case, *result) for case, result in zip(self.cases, results, strict=True)
                    ]
            self._made[mistake.name] = [_named(question, result) for result in results]
        return self._made[mistake.name]


def judge(drawn: Drawn, outcomes: Sequence[Returned | Failure]) -> Verdict:
    """The verdict on one answer.

    Parameters
    ----------
    drawn : Drawn
    outcomes : list of Returned or Failure
        What the answer made of each case, in the same order.

    Returns
    -------
    Verdict
    """
    question, cases, seed = drawn.question, drawn.cases, drawn.seed
    returned: list[Returned] = []
    for case, outcome in zip(cases, outcomes, strict=False):  # nothing follows the first failure
        if isinstance(outcome, Failure):
            return _failed(question, case, outcome, seed)
        returned.append(outcome)
    if isinstance(question, Choice):
        return _judge_choice(question, returned[0].values["answer"], seed)
    printed = returned[0].printed
    try:
        observed = [_observed(question, case, outcome.values) for case, outcome in zip(cases, returned, strict=True)]
    except ValueError as problem:
        return _verdict(question, "form", str(problem), printed=printed, seed=seed)
    wanted = drawn.wanted

    differences = {}
    for output in question.outputs:
        for k, (values, reference) in enumerate(zip(observed, wanted, strict=True)):
            difference = _difference(question, output, k, values[output.name], reference[output.name])
            if difference:
                differences[output.name] = difference
                break
    if not differences:
        borrowed = sorted({path.replace(":", ".") for outcome in returned for path in outcome.borrowed})
        if borrowed:
            message = (
                f"The values are right, but they come from `{'`, `'.join(borrowed)}`, which this question asks you "
                "to write yourself."
            )
            return _verdict(question, "borrowed", message, printed=printed, seed=seed)
        return _verdict(question, "right", question.explain_right or "Right.", printed=printed, seed=seed)

    mistake, explained = _recognised(drawn, returned, observed, differences)
    first = next(iter(differences.values()))
    message = mistake.message if mistake else wording.described(question, differences)
    left = [name for name in differences if name not in explained]
    if mistake and left:
        message += f" Besides, {wording.listed(left)} {'is' if len(left) == 1 else 'are'} wrong."
    elif not mistake:
        message += _resemblances(drawn, observed, differences)
    comparison = (
        () if first.message else ((wording.place_of(first), wording.number(first.value), wording.number(first.wanted)),)
    )
    return _verdict(
        question,
        "wrong",
        message,
        mistake=mistake.name if mistake else "",
        comparison=comparison,
        call=wording.shown(question, cases[first.case], first.place),
        printed=printed,
        seed=seed,
    )


def _verdict(question, verdict, message, **details):
    earned = question.points if verdict == "right" else 0
    return Verdict(question.id, verdict, earned, question.points, message, **details)


def _failed(question, case, failure, seed):
    """The verdict on an answer that gave nothing to compare, with the call that it failed at."""
    message, call = failure.message, ""
    if failure.kind == Kind.ERROR:
        call = wording.shown(question, case, ())
        arrays = {name: value for name, value in question.arguments(case).items() if isinstance(value, np.ndarray)}
        shapes = [f"`{name}` {value.shape}" for name, value in arrays.items()]
        message += f" It was called with {', '.join(shapes)}." if shapes else ""
    mistake = _raised(question, case, failure)
    if mistake:
        message = f"{mistake.message} ({message})"
    named = mistake.name if mistake else ""
    return _verdict(question, str(failure.kind), message, mistake=named, call=call, printed=failure.printed, seed=seed)


def _raised(question, case, failure):
    """The mistake that raises the very error of the answer, or None."""
    for mistake in getattr(question, "raising", ()) if failure.raised else ():
        try:
            mistake.answer(**question.arguments(case))
        except Exception as error:
            if (type(error).__name__, text_of(error)) == failure.raised:
                return mistake
    return None


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
    return {output.name: np.asarray(result) for output, result in zip(question.outputs, results, strict=False)}


def _close(question, values, reference):
    """Entry by entry; a share of the largest magnitude, so that entries near zero are not judged more strictly."""
    tolerance = question.tolerance
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    scale = np.abs(reference).max(initial=0.0)  # an array may be empty
    scale = max(scale, SMALLEST_SCALE) if scale > 0 else 1.0
    with np.errstate(invalid="ignore"):
        return np.abs(values.astype(float) - reference) <= tolerance * scale + question.margin


def _difference(question, output, case, values, reference):
    """The first difference of one output in one case, or None."""
    if values.shape != reference.shape:
        return _Difference(
            output, case, values.shape, message=wording.wrong_shape(output, values.shape, reference.shape)
        )
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


def _recognised(drawn, returned, observed, differences):
    """The mistake that the answer shows, or None, and the names of the outputs that it explains.

    That is one which gives, wherever it makes a difference, the numbers of the answer. An answer may have other
    faults besides; of several mistakes the one that explains most of it is named.
    """
    found: dict[int, tuple[Any, set[str]]] = {}
    for mistake in drawn.question.mistakes:
        if mistake.recognise is not None:
            if mistake.recognise(*returned[0].values.values()):
                return mistake, set(differences)
            continue
        altered, shown = _altered(drawn, mistake, observed)
        if altered and altered == shown:
            found.setdefault(len(altered), (mistake, altered))
    return found[max(found)] if found else (None, set())


def _altered(drawn, mistake, observed):
    """Names of the outputs that a mistake makes wrong, and of those among them where the answer has its numbers."""
    if not mistake.at_hand:
        return set(), set()
    question, made = drawn.question, drawn.made(mistake)
    altered = {
        name
        for mine, reference in zip(made, drawn.wanted, strict=True)
        for name in reference
        if not _equal(question, mine[name], reference[name])
    }
    shown = {
        name
        for name in altered
        if all(_equal(question, values[name], mine[name]) for values, mine in zip(observed, made, strict=True))
    }
    return altered, shown


def _resemblances(drawn, observed, differences):
    """Which single outputs have the numbers of a known mistake, where no mistake explains the answer as a whole."""
    said = ""
    for name in differences:
        for mistake in drawn.question.mistakes:
            if mistake.recognise is None and name in _altered(drawn, mistake, observed)[1]:
                said += f" The numbers of `{name}` are those of a known mistake: {mistake.name}."
                break
    return said


def _equal(question, values, reference):
    return values.shape == reference.shape and _close(question, values, reference).all()
