"""The questions of all lessons, each with its cases, reference, tolerance, mistakes and hints.

A lesson is a folder. It has one file for each question that asks for code, ``common.py`` for what several of them
share, ``choices.md`` for multiple-choice questions and predictions, and an ``__init__.py`` that lists them all in order
as `QUESTIONS`. A lesson may also be a single module with `QUESTIONS`.
"""

import difflib
import importlib

from lstm_course import lessons

from .choices import UnreadableChoices, read_choices
from .edits import edit
from .question import Choice, Mistake, Option, Output, Question

__all__ = ["Choice", "Mistake", "Option", "Output", "Question", "edit", "find", "of_lesson", "read_choices"]


def of_lesson(lesson):
    """The questions of a lesson in order, including predictions, which have no points.

    Parameters
    ----------
    lesson : str or Lesson
        Anything that `lstm_course.lessons.find` accepts.

    Raises
    ------
    ValueError
        If there is no such lesson, or its ``choices.md`` cannot be read; the message then names the line.
    """
    if not isinstance(lesson, lessons.Lesson):
        lesson = lessons.find(lesson)
    try:
        return importlib.import_module(f"lstm_course.questions.{lesson.slug}").QUESTIONS
    except UnreadableChoices as problem:  # an editor's mistake in a text, not a failure to load the course
        raise ValueError(str(problem)) from None


def find(question_id):
    """The question with this id.

    Raises
    ------
    ValueError
        If there is none; the message suggests the most similar id.
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
