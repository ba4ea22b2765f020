"""Comparing an answer's arrays with the reference, and recognising known mistakes in them."""

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_course.probes import Returned
from lstm_course.questions import Choice, Question

from . import wording

Arrays = list[dict[str, np.ndarray]]  # for each case, arrays by the names of the outputs

# An answer computed in float32 carries its own rounding errors; all others are held to the question's tolerance.
FLOAT32_TOLERANCE = 3e-4
# A reference smaller than this may be the difference of much larger numbers and carry their rounding errors, like the
# hidden state behind a closed gate. Its own magnitude then no longer says what counts as equal.
SMALLEST_SCALE = 0.01


@dataclass(frozen=True)
class Difference:
    """The first entry at which an output differs from the reference, or the reason why they cannot be compared.

    Attributes
    ----------
    output : Output
    case : int
        Index of the case, from 0.
    shape : tuple of int
        Shape of the answer's array.
    index : tuple of int
        Index of the entry in the array; empty for a scalar, or if the shapes differ.
    value, wanted : float
        What the answer and the reference have there.
    message : str
        Why the arrays cannot be compared; empty if they can.
    """

    output: Any
    case: int
    shape: tuple[int, ...]
    index: tuple[int, ...] = ()
    value: float = 0.0
    wanted: float = 0.0
    message: str = ""


class Drawn:
    """The cases of a question with the results of the reference and of the known mistakes, each computed only once
    for any number of answers.

    Parameters
    ----------
    question : Question or Choice
    seed : int
        The seed from which the cases are drawn.
    """

    def __init__(self, question: Question | Choice, seed: int) -> None:
        self.question: Any = question
        self.seed, self.cases = seed, question.draw(seed)
        self._of_mistakes: dict[str, Arrays] = {}

    @property
    def arguments(self):
        """For each case, the arguments that the answer is called with."""
        return [self.question.arguments(case) for case in self.cases]

    @functools.cached_property
    def wanted(self):
        """For each case, the reference's arrays by name."""
        return [by_name(self.question, self.question.reference(**case)) for case in self.cases]

    def made(self, mistake):
        """For each case, the arrays of a known mistake by name, after `Question.observe` if there is one."""
        if mistake.name not in self._of_mistakes:
            question = self.question
            with np.errstate(all="ignore"):
                results = [mistake.answer(**arguments) for arguments in self.arguments]
                if question.observe is not None:
                    results = [result if isinstance(result, tuple) else (result,) for result in results]
                    results = [
                        question.observe(case, *result) for case, result in zip(self.cases, results, strict=True)
                    ]
            self._of_mistakes[mistake.name] = [by_name(question, result) for result in results]
        return self._of_mistakes[mistake.name]


def observed_arrays(drawn: Drawn, returned: list[Returned]) -> Arrays:
    """For each case, the arrays to compare: those returned, or what `Question.observe` computes from them.

    Raises
    ------
    ValueError
        If `Question.observe` cannot use what was returned; the message is written for the learner.
    """
    question = drawn.question
    if question.observe is None:
        return [outcome.values for outcome in returned]
    return [
        by_name(question, question.observe(case, *outcome.values.values()))
        for case, outcome in zip(drawn.cases, returned, strict=True)
    ]


def by_name(question, results):
    """A result of the reference as a dictionary from the names of the outputs to arrays."""
    results = results if isinstance(results, tuple) else (results,)
    return {output.name: np.asarray(result) for output, result in zip(question.outputs, results, strict=False)}


def first_differences(drawn: Drawn, observed: Arrays) -> dict[str, Difference]:
    """For each output that differs in any case, its first difference."""
    differences = {}
    for output in drawn.question.outputs:
        for case, (values, wanted) in enumerate(zip(observed, drawn.wanted, strict=True)):
            difference = _difference(drawn.question, output, case, values[output.name], wanted[output.name])
            if difference:
                differences[output.name] = difference
                break
    return differences


def _difference(question, output, case, values, reference):
    """The first difference of one output in one case, or None."""
    if values.shape != reference.shape:
        return Difference(
            output, case, values.shape, message=wording.wrong_shape(output, values.shape, reference.shape)
        )
    wrong = ~_close(question, values, reference)
    if not wrong.any():
        return None
    indices = np.argwhere(wrong)
    if "time step" in output.axes:  # where the mistake first shows: early going forward, late going backward
        axis = output.axes.index("time step")
        step = indices[:, axis].max() if output.backward else indices[:, axis].min()
        indices = indices[indices[:, axis] == step]
    index = tuple(int(k) for k in indices[0])
    return Difference(output, case, values.shape, index, float(values[index]), float(reference[index]))


def _close(question, values, reference):
    """Which entries are close enough, relative to the largest magnitude, so that small entries are not judged more
    strictly."""
    tolerance = question.tolerance
    if values.dtype.kind == "f" and values.dtype.itemsize < 8:
        tolerance = max(tolerance, FLOAT32_TOLERANCE)
    scale = np.abs(reference).max(initial=0.0)  # an array may be empty
    scale = max(scale, SMALLEST_SCALE) if scale > 0 else 1.0
    with np.errstate(invalid="ignore"):
        return np.abs(values.astype(float) - reference) <= tolerance * scale + question.margin


def _equal(question, values, reference):
    return values.shape == reference.shape and _close(question, values, reference).all()


def recognised_mistake(
    drawn: Drawn, returned: list[Returned], observed: Arrays, differences: Iterable[str]
) -> tuple[Any, set[str]]:
    """The known mistake that the answer makes, or None, and the names of the outputs that it explains.

    A mistake is recognised if the answer has its numbers in every output that the mistake changes; the answer may have
    other faults as well. Of several such mistakes, the one that explains the most outputs is returned.
    """
    candidates: dict[int, tuple[Any, set[str]]] = {}
    for mistake in drawn.question.mistakes:
        if mistake.recognise is not None:
            if mistake.recognise(*returned[0].values.values()):
                return mistake, set(differences)
            continue
        altered, matching = _altered(drawn, mistake, observed)
        if altered and altered == matching:
            candidates.setdefault(len(altered), (mistake, altered))
    return candidates[max(candidates)] if candidates else (None, set())


def partial_mistakes(drawn: Drawn, observed: Arrays, differences: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Pairs of an output and a known mistake whose numbers it has, if no mistake explains the answer as a whole."""
    for name in differences:
        for mistake in drawn.question.mistakes:
            if mistake.recognise is None and name in _altered(drawn, mistake, observed)[1]:
                yield name, mistake
                break


def _altered(drawn, mistake, observed):
    """The names of the outputs that a mistake changes, and of those among them where the answer has its numbers."""
    if not mistake.at_hand:
        return set(), set()
    question, of_mistake = drawn.question, drawn.made(mistake)
    altered = {
        name
        for results, reference in zip(of_mistake, drawn.wanted, strict=True)
        for name in reference
        if not _equal(question, results[name], reference[name])
    }
    matching = {
        name
        for name in altered
        if all(
            _equal(question, values[name], results[name]) for values, results in zip(observed, of_mistake, strict=True)
        )
    }
    return altered, matching
