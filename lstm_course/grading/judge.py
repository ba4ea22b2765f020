"""The verdict on an answer: its values are compared with the reference, and the result is put into words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lstm_course.probes import Failure, Kind, Returned
from lstm_course.probes.call import text_of
from lstm_course.questions import Choice

from . import wording
from .comparison import Drawn, first_differences, observed_arrays, partial_mistakes, recognised_mistake

__all__ = ["Drawn", "Verdict", "judge"]


@dataclass(frozen=True)
class Verdict:
    """The verdict on one answer.

    Attributes
    ----------
    question : str
        Its id.
    verdict : str
        ``right``, ``wrong``, ``blank``, ``error`` (it raised an exception), ``form`` (it returned something that
        cannot be compared), ``slow``, ``crashed``, ``borrowed`` (right values, but from a function that the learner
        was to write), or ``unjudged`` (the judge failed, which says nothing about the answer).
    earned, possible : int
        Points.
    message : str
        The reason, in Markdown without block elements.
    mistake : str
        The name of the known mistake that the answer makes, or empty.
    comparison : tuple of (str, str, str)
        Rows of entry, value and wanted value.
    call : str
        The call that shows the mistake, as code to try out, if its arguments are small.
    printed : str
        What the answer printed.
    seed : int
        The seed from which the cases were drawn.
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


def judge(drawn: Drawn, outcomes: Sequence[Returned | Failure]) -> Verdict:
    """The verdict on one answer.

    Parameters
    ----------
    drawn : Drawn
    outcomes : list of Returned or Failure
        The outcome of calling the answer on each case, in order; nothing needs to follow the first failure.

    Returns
    -------
    Verdict
    """
    question, seed = drawn.question, drawn.seed
    returned: list[Returned] = []
    for case, outcome in zip(drawn.cases, outcomes, strict=False):
        if isinstance(outcome, Failure):
            return _judge_failure(question, case, outcome, seed)
        returned.append(outcome)
    if isinstance(question, Choice):
        return _judge_choice(question, returned[0].values["answer"], seed)
    details = {"printed": returned[0].printed, "seed": seed}
    try:
        observed = observed_arrays(drawn, returned)
    except ValueError as problem:
        return _verdict(question, "form", str(problem), **details)
    differences = first_differences(drawn, observed)
    if differences:
        return _judge_wrong(drawn, returned, observed, differences, details)
    borrowed = sorted({path.replace(":", ".") for outcome in returned for path in outcome.borrowed})
    if borrowed:
        message = (
            f"The values are right, but they come from `{'`, `'.join(borrowed)}`, which this question asks you to "
            "write yourself."
        )
        return _verdict(question, "borrowed", message, **details)
    return _verdict(question, "right", question.explain_right or "Right.", **details)


def _judge_wrong(drawn, returned, observed, differences, details):
    """The verdict on an answer of which at least one output differs from the reference."""
    question, first = drawn.question, next(iter(differences.values()))
    mistake, explained = recognised_mistake(drawn, returned, observed, differences)
    if mistake:
        message = mistake.message
        unexplained = [name for name in differences if name not in explained]
        if unexplained:
            verb = "is" if len(unexplained) == 1 else "are"
            message += f" In addition, {wording.listed(unexplained)} {verb} wrong."
    else:
        message = wording.described(question, differences)
        for name, known in partial_mistakes(drawn, observed, differences):
            message += f" The numbers in `{name}` are those of a known mistake: {known.name}."
    row = (wording.entry(first), wording.number(first.value), wording.number(first.wanted))
    return _verdict(
        question,
        "wrong",
        message,
        mistake=mistake.name if mistake else "",
        comparison=() if first.message else (row,),
        call=wording.call_text(question, drawn.cases[first.case], first.index),
        **details,
    )


def _judge_failure(question, case, failure, seed):
    """The verdict on an answer that returned nothing to compare, with the call at which it failed."""
    message, call = failure.message, ""
    if failure.kind == Kind.ERROR:
        call = wording.call_text(question, case, ())
        arrays = {name: value for name, value in question.arguments(case).items() if isinstance(value, np.ndarray)}
        shapes = [f"`{name}` {value.shape}" for name, value in arrays.items()]
        message += f" It was called with {', '.join(shapes)}." if shapes else ""
    mistake = _mistake_raising(question, case, failure)
    if mistake:
        message = f"{mistake.message} ({message})"
    name = mistake.name if mistake else ""
    return _verdict(question, str(failure.kind), message, mistake=name, call=call, printed=failure.printed, seed=seed)


def _mistake_raising(question, case, failure):
    """The known mistake that raises the same error as the answer, or None."""
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


def _verdict(question, verdict, message, **details):
    earned = question.points if verdict == "right" else 0
    return Verdict(question.id, verdict, earned, question.points, message, **details)
