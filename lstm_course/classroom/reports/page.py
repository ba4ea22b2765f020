"""What the pages of a class have in common: their frame, and the sign and the colour of each verdict."""

import functools
import html
import re
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons, questions
from lstm_course.grading import cards

from ..records import UNJUDGED

# What no page can show, or what would end the writing of it: control characters, and halves of characters, which
# a file name or a notebook can hold.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# The second line of defence after the escaping: nothing in a page runs, and nothing is fetched.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Kind:
    """One of the things that a field of the picture says.

    Attributes
    ----------
    style : str
        Its class in ``page.css``: one letter, since a report has thousands of fields.
    sign : str
        That says the same without colour; empty where the points are shown instead.
    words : str
        For the legend.
    """

    style: str
    sign: str
    words: str


KINDS = {
    "right": Kind("r", "✓", "right"),
    "wrong": Kind("w", "✗", "not yet"),
    "error": Kind("e", "!", "raised an error"),
    "slow": Kind("s", "∞", "took too long, or ended the process"),
    "borrowed": Kind("b", "↗", "right values, but not their own"),
    "blank": Kind("n", "○", "not written"),
    UNJUDGED: Kind("u", "?", "could not be judged"),
    "changed": Kind("t", "", "points that you gave"),
}
SHOWN_AS = {"form": "wrong", "crashed": "slow"}


def kind(question):
    """What a field says of an answer.

    Parameters
    ----------
    question : QuestionGrade

    Returns
    -------
    str
        A key of `KINDS`; ``"changed"`` wherever the teacher gave the points.
    """
    return "changed" if question.override is not None else SHOWN_AS.get(question.verdict, question.verdict)


def sign(question):
    """The sign of an answer's kind, or the points that the teacher gave."""
    return KINDS[kind(question)].sign or points(question.points)


def said(question):
    """The verdict in a few words and the reason, as plain text."""
    if question.verdict == UNJUDGED:
        return f"Could not be judged. {cards.plain(question.message)}".strip()
    heading = cards.HEADINGS[question.verdict][1]
    if question.verdict == "blank":
        return f"{heading}."
    mistake = f": {question.mistake}" if question.mistake else ""
    return f"{heading}{mistake}. {cards.plain(question.message)}"


def points(value):
    """Points as one writes them: 2, not 2.0."""
    return f"{value:.10g}"


def out_of(earned, possible):
    """``9 of 13 points``."""
    return f"{points(earned)} of {points(possible)} point{'s' * (possible != 1)}"


def label(question_id):
    """An id as a heading of a column: ``"forget gate"`` for ``"04-forget-gate"``."""
    number, _, name = question_id.partition("-")
    return (name if number.isdigit() and name else question_id).replace("-", " ")


def title_of(assignment):
    """``"Lesson 04 · The cell state and its three gates"``, or the assignment as it is."""
    lesson = lesson_of(assignment)
    return f"Lesson {lesson.number} · {lesson.title}" if lesson else assignment or "No assignment could be told"


def lesson_of(assignment):
    """The lesson whose exercise it is, or None."""
    return next((lesson for lesson in lessons.LESSONS if lesson.stem == assignment), None)


def display_name(grade):
    """Who handed it in: the name that the learning platform has, or else the one of the folder or file."""
    return grade.identity.get("name") or grade.student


def name(text):
    """HTML of a name; whichever way its script runs, it does not turn round what stands beside it."""
    return f"<bdi>{html.escape(text)}</bdi>"


def prose(text):
    """HTML of one paragraph of Markdown with `code`, **strong** and *emphasis*; all else is escaped."""
    return cards.inline(text)


def known_questions(grades):
    """What the course knows of the questions in these grades.

    Parameters
    ----------
    grades : iterable of Grade

    Returns
    -------
    dict of str to Question or Choice
        By id. What is no lesson of this course is not in it: such questions have no hints.
    """
    known = {}
    for assignment in {grade.assignment for grade in grades}:
        if lesson := lesson_of(assignment):
            known |= {question.id: question for question in questions.of_lesson(lesson)}
    return known


def document(title, body):
    """A page that needs nothing but itself.

    Parameters
    ----------
    title : str
        Plain text.
    body : str
        HTML.
    """
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{html.escape(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
    return showable(text)


def showable(text):
    """The text with a replacement character for whatever no page and no file in UTF-8 can hold."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


@functools.cache
def _style():
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
