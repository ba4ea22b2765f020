"""`check`, `ask` and `exercise`, the functions that an exercise notebook calls. They run in the learner's own kernel,
for speed and convenience; no marks depend on their verdicts."""

import os
import secrets
import sys

from lstm_course import questions
from lstm_course.probes import call_answer

from . import cards
from .judge import Drawn, judge
from .version import stale_exercise

_wrong_tries = {}  # by question, since the kernel started; the number decides which hint is suggested
_stale_notes = {}  # by lesson number, the sentence about an outdated copy


def check(question_id, answer=None):
    """Judge an answer and show a card that says whether it is right, or what is wrong and which hint to open next.

    Parameters
    ----------
    question_id : str
        The id of the question, as given in the exercise: ``"04-forget-gate"``.
    answer : object
        Your function, or the letter you chose.

    Raises
    ------
    ValueError
        If there is no such question, or it is a prediction, which gives no points.
    AssertionError
        If the answer is not right, and either nbgrader runs the notebook or ``LSTM_COURSE_CHECK`` is ``strict``, as in
        the course's own tests of the solved notebooks.

    Notes
    -----
    Setting the environment variable ``LSTM_COURSE_CHECK`` to ``off`` makes it do nothing.
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
    tries = _wrong_tries.get(question.id, 0) + (verdict.verdict not in ("right", "blank"))
    _wrong_tries[question.id] = tries
    note = _stale_notes.get(question.id.partition("-")[0], "")
    _display(cards.Card(verdict, min(tries, len(question.hints)), note))


def judge_here(question, answer, seed=None, names=None):
    """The verdict on an answer in this process.

    Parameters
    ----------
    question : Question or Choice
    answer : object
    seed : int, optional
        The seed of the cases; a fresh one by default.
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
        if not hasattr(
            outcomes[-1], "values"
        ):  # a failure decides the verdict, and an answer that hangs is not called again
            break
    return judge(drawn, outcomes)


def ask(question_id):
    """Show a multiple-choice question to think about; opening an option shows whether it is right, and why.

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
    """Begin an exercise: print a note if the course has changed it since this copy was made, and otherwise nothing.

    Parameters
    ----------
    lesson : str
        ``"04_gates"``.
    version : str
        The version of this copy, as written by ``lstm-course build``.
    """
    if _mode() == "off":
        return
    note = stale_exercise(lesson, version)
    _stale_notes[lesson[:2]] = note
    if note:
        print(note)


def _mode():
    if os.environ.get("NBGRADER_EXECUTION"):
        return "strict"
    return os.environ.get("LSTM_COURSE_CHECK", "card")


def _display(card):
    """As HTML in a notebook, and as plain text elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        get_ipython = None
    if get_ipython and get_ipython() is not None:
        display(card)
    else:
        print(card)
