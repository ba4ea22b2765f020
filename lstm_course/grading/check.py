"""`check`, `ask` and `exercise`: what an exercise notebook calls. They run in the learner's own kernel, for speed
and comfort; they mark nothing that anybody else relies on."""

import os
import secrets
import sys

from lstm_course import questions
from lstm_course.probes import call_answer

from . import cards
from .judge import Drawn, judge
from .version import stale_exercise

_tries = {}  # how often each question was answered wrongly since the kernel started; the next hint follows from it
_stale = {}  # lesson number to the sentence about an outdated copy


def check(question_id, answer=None):
    """Judge an answer and show a card: right, or what is wrong and which hint to open next.

    Parameters
    ----------
    question_id : str
        The name of the question, as the exercise gives it: ``"04-forget-gate"``.
    answer : object
        What you wrote: a function, or the letter of a choice.

    Raises
    ------
    ValueError
        If no question has that name.
    AssertionError
        When nbgrader runs the notebook, or ``LSTM_COURSE_CHECK`` is ``strict`` (as for the solved notebooks in the
        course's own tests), and the answer is not right.

    Notes
    -----
    The environment variable ``LSTM_COURSE_CHECK`` set to ``off`` makes it do nothing.
    """
    mode = _mode()
    if mode == "off":
        return
    question = questions.find(question_id)
    if not question.points:
        raise ValueError(f"question: {question_id!r} is a prediction; show it with ask({question_id!r})")
    verdict = judge_here(question, answer, names=sys._getframe(1).f_globals)
    if mode == "strict":
        if not verdict.right:
            raise AssertionError(f"{question.id}: {cards.plain(verdict.message)}")
        print(f"{question.id}: right")
        return
    tries = _tries[question.id] = _tries.get(question.id, 0) + (verdict.verdict not in ("right", "blank"))
    note = _stale.get(question.id.partition("-")[0], "")
    _display(cards.Card(verdict, min(tries, len(question.hints)), note))


def judge_here(question, answer, seed=None, names=None):
    """The verdict on an answer that lives in this process.

    Parameters
    ----------
    question : Question or Choice
    answer : object
    seed : int, optional
        Of the cases; a fresh one where not given.
    names : dict, optional
        The namespace of the notebook.

    Returns
    -------
    Verdict
    """
    seed = secrets.randbits(32) if seed is None else seed
    drawn, outcomes = Drawn(question, seed), []
    for arguments in drawn.arguments:
        outcomes.append(call_answer(question.probe, answer, arguments, names))
        if not hasattr(outcomes[-1], "values"):  # one failure decides; an answer that hangs is not called again
            break
    return judge(drawn, outcomes)


def ask(question_id):
    """Show a choice to think about: opening an answer says whether it is right, and why.

    Parameters
    ----------
    question_id : str

    Raises
    ------
    ValueError
        If there is no such question, or it is not a choice.
    """
    question = questions.find(question_id)
    if not isinstance(question, questions.Choice):
        raise ValueError(f"question: {question_id!r} asks for code, not for a choice; answer it with check()")
    _display(cards.Choices(question))


def exercise(lesson, version):
    """Begin an exercise: says so when the course has changed it since this copy was made, and nothing otherwise.

    Parameters
    ----------
    lesson : str
        ``"04_gates"``.
    version : str
        Of this copy; ``lstm-course build`` writes it.
    """
    if _mode() == "off":
        return
    note = stale_exercise(lesson, version)
    _stale[lesson[:2]] = note
    if note:
        print(note)


def _mode():
    if os.environ.get("NBGRADER_EXECUTION"):
        return "strict"
    return os.environ.get("LSTM_COURSE_CHECK", "card")


def _display(card):
    """Rich in a notebook, plain text elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        get_ipython = None
    if get_ipython and get_ipython() is not None:
        display(card)
    else:
        print(card)
