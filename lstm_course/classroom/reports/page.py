"""What all pages have in common: the HTML around them, and the sign, colour and wording of each verdict."""

import functools
import html
import re
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons, questions
from lstm_course.grading import cards

from ..records import UNJUDGED

# Control characters, which no page can show, and lone surrogates, which may occur in a file name or a notebook and
# cannot be encoded in UTF-8.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A second line of defence behind the escaping: the browser runs nothing in a page and fetches nothing.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Kind:
    """How one kind of result is shown.

    Attributes
    ----------
    style : str
        Its class in ``page.css``: one letter, because a report has thousands of cells.
    sign : str
        Shown in the cell, so that the kind can be told without colour; empty if the points are shown instead.
    words : str
        Its name in the legend.
    """

    style: str
    sign: str
    words: str


KINDS = {
    "right": Kind("r", "✓", "right"),
    "wrong": Kind("w", "✗", "not yet"),
    "error": Kind("e", "!", "raised an error"),
    "slow": Kind("s", "∞", "took too long, or ended the process"),
    "borrowed": Kind("b", "↗", "right values, but not their own code"),
    "blank": Kind("n", "○", "not written"),
    UNJUDGED: Kind("u", "?", "could not be judged"),
    "changed": Kind("t", "", "points you gave"),
}
SHOWN_AS = {"form": "wrong", "crashed": "slow"}


def kind(question):
    """The kind of an answer's result.

    Parameters
    ----------
    question : QuestionGrade

    Returns
    -------
    str
        A key of `KINDS`; ``"changed"`` if the teacher gave the points.
    """
    return "changed" if question.override is not None else SHOWN_AS.get(question.verdict, question.verdict)


def sign(question):
    """The sign of an answer's result, or the points that the teacher gave."""
    return KINDS[kind(question)].sign or points(question.points)


def verdict_text(question):
    """The verdict in a few words, with the reason, as plain text."""
    if question.verdict == UNJUDGED:
        return f"Could not be judged. {cards.plain(question.message)}".strip()
    heading = cards.HEADINGS[question.verdict][1]
    if question.verdict == "blank":
        return f"{heading}."
    mistake = f": {question.mistake}" if question.mistake else ""
    return f"{heading}{mistake}. {cards.plain(question.message)}"


def points(value):
    """Points as people write them: 2, not 2.0."""
    return f"{value:.10g}"


def out_of(earned, possible):
    """``9 of 13 points``."""
    return f"{points(earned)} of {points(possible)} point{'s' * (possible != 1)}"


def label(question_id):
    """A short name for a question: ``"forget gate"`` for ``"04-forget-gate"``."""
    number, _, name = question_id.partition("-")
    return (name if number.isdigit() and name else question_id).replace("-", " ")


def title_of(assignment):
    """A heading: ``"Lesson 04 · The cell state and its three gates"``, or the unchanged name of another assignment."""
    lesson = lesson_of(assignment)
    return f"Lesson {lesson.number} · {lesson.title}" if lesson else assignment or "Unknown assignment"


def lesson_of(assignment):
    """The lesson to which the assignment belongs, or None."""
    return next((lesson for lesson in lessons.LESSONS if lesson.stem == assignment), None)


def display_name(grade):
    """The student's name on the learning platform or, if that is not known, the name of the folder or file."""
    return grade.identity.get("name") or grade.student


def name(text):
    """HTML of a name, isolated so that a right-to-left script does not reorder the text around it."""
    return f"<bdi>{html.escape(text)}</bdi>"


def prose(text):
    """HTML of one paragraph of Markdown with `code`, **strong** and *emphasis*; everything else is escaped."""
    return cards.inline(text)


def known_questions(grades):
    """The course's own questions in these grades.

    Parameters
    ----------
    grades : iterable of Grade

    Returns
    -------
    dict of str to Question or Choice
        The questions by id. Those of assignments that are not part of the course are missing and have no hints.
    """
    known = {}
    for assignment in {grade.assignment for grade in grades}:
        if lesson := lesson_of(assignment):
            known |= {question.id: question for question in questions.of_lesson(lesson)}
    return known


def document(title, body):
    """A complete page that loads nothing from anywhere.

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
    """The text, in which a replacement character stands for anything that no page or UTF-8 file can contain."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text)


@functools.cache
def _style():
    return Path(__file__).with_name("page.css").read_text(encoding="utf-8")
