"""The questions: cases, reference, tolerance, mistakes and hints of each.

A lesson is a folder with a file a question, what they share in ``common.py``, what is chosen from options in
``choices.md``, and the order of all in its ``__init__.py``. A single module with `QUESTIONS` is a lesson, too.
"""

import difflib
import importlib

from lstm_course import lessons

from .choices import UnreadableChoices, read_choices
from .edits import edit
from .question import Choice, Mistake, Option, Output, Question

__all__ = ["Choice", "Mistake", "Option", "Output", "Question", "edit", "find", "of_lesson", "read_choices"]


def of_lesson(lesson):
    """The questions of a lesson in their order, predictions (without points) among them.

    Parameters
    ----------
    lesson : str or Lesson
        Anything that `lstm_course.lessons.find` understands.

    Raises
    ------
    ValueError
        If there is no such lesson, or its ``choices.md`` cannot be read; the message then names the line.
    """
    if not isinstance(lesson, lessons.Lesson):
        lesson = lessons.find(lesson)
    try:
        return importlib.import_module(f"lstm_course.questions.{lesson.slug}").QUESTIONS
    except UnreadableChoices as problem:  # a slip in a text, and no failure to load the course
        raise ValueError(str(problem)) from None


def find(question_id):
    """The question with this id.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest.
    """
    number = str(question_id).partition("-")[0]
    known = {
        question.id: question
        for lesson in lessons.LESSONS
        for question in (of_lesson(lesson) if lesson.number == number else ())
    }
    if question_id in known:
        return known[question_id]
    if not known:
        numbers = ", ".join(lesson.number for lesson in lessons.LESSONS)
        raise ValueError(f"question: {question_id!r} names no lesson; an id starts with one of {numbers}")
    near = difflib.get_close_matches(str(question_id), known, n=1, cutoff=0)[0]
    raise ValueError(f"question: there is none called {question_id!r}; did you mean {near!r}?")
