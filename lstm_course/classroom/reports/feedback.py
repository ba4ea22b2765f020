"""The feedback for learners: one page for each submission, with the card and the hints for each answer."""

import html

from lstm_course import lessons
from lstm_course.grading.cards import KEEP_KEYS, Card
from lstm_course.grading.judge import Verdict

from ..records import UNJUDGED, UNREADABLE
from .page import KINDS, display_name, document, kind, label, lesson_of, name, out_of, points, prose, sign, title_of

UNREAD = (
    "Your submission could not be judged: it is not a notebook (.ipynb), the file is damaged or empty, or it is not an "
    "exercise of this course. That says nothing about your answers. Please open your notebook in JupyterLab, save it "
    "and hand it in again, or ask your teacher."
)
NOT_JUDGED = (
    "This answer could not be judged. That is not the same as wrong: your teacher can see that it is waiting and will "
    "look at it."
)


def feedback_page(grade, questions):
    """The page that is returned to the learner.

    It shows what the learner's own check would show, the teacher's points and comments, and hints, but never a
    solution. Anything taken from the submission is escaped.

    Parameters
    ----------
    grade : Grade
    questions : dict of str to Question or Choice
        The questions by id; no hints are shown for a question that is missing.

    Returns
    -------
    str
        HTML that needs neither a network nor scripts. The id of the element for a question is the question's id.
    """
    student, title = display_name(grade), title_of(grade.assignment)
    body = _body(grade, questions, student, title)
    return document(f"{student}: {title}", f"<main class='feedback'>\n{body}\n</main>")


def _body(grade, questions, student, title):
    heading = f"<header>\n<p class='over'>{html.escape(title)}</p>\n<h1>{name(student)}</h1>"
    if grade.status == UNREADABLE:
        return f"{heading}\n</header>\n<p class='kind'>{UNREAD}</p>"
    waiting = sum(map(_is_waiting, grade.questions))
    score = f"<strong>{points(grade.score)}</strong> of {points(grade.possible)} points"
    parts = [f"{heading}\n<p class='score'>{score}</p>"]
    if waiting:
        answers = "One answer is" if waiting == 1 else f"{waiting} answers are"
        parts.append(f"<p class='kind'>{answers} still waiting to be judged, so the score may rise.</p>")
    parts += [f"{_strip(grade)}\n</header>", *(_answer(answer, questions) for answer in grade.questions)]
    parts.append(_next_steps(grade))
    return "\n".join(part for part in parts if part)


def _is_waiting(question):
    return question.verdict == UNJUDGED and question.override is None


def _strip(grade):
    """All answers in one row, each linked to its card."""
    items = "".join(
        f'<li><a href="#{html.escape(question.id)}"><span class="field {KINDS[kind(question)].style}" '
        f'aria-hidden="true">{sign(question)}</span> {html.escape(label(question.id))}'
        f"<span class='unseen'>: {_spoken(question)}</span></a></li>"
        for question in grade.questions
    )
    return f"<nav aria-label='Answers'><ol class='strip'>{items}</ol></nav>"


def _spoken(question):
    """The sign of an answer in words, for screen readers."""
    return out_of(question.points, question.possible) if question.override is not None else KINDS[kind(question)].words


def _answer(answer, questions):
    """The card of one answer, the teacher's points and comment, and the hints."""
    parts = [
        f"<h2>{html.escape(label(answer.id))}</h2>",
        _waiting(answer) if answer.verdict == UNJUDGED else _card(answer),
        _from_teacher(answer),
    ]
    if answer.points < answer.possible and not _is_waiting(answer):
        parts.append(_hints(questions.get(answer.id)))
    return f'<article id="{html.escape(answer.id)}">{"".join(parts)}</article>'


def _card(question):
    """The card that `check` shows, without its last line, which is only of use in a notebook."""
    earned, possible = (int(value) if value == int(value) else value for value in (question.judged, question.possible))
    verdict = Verdict(
        question.id,
        question.verdict,
        earned,
        possible,
        question.message,
        question.mistake,
        question.comparison,
        question.call,
        question.printed,
    )
    card = Card(verdict)
    card.next_step = ""
    return card._repr_html_()


def _waiting(question):
    reason = f"<p>{prose(question.message)}</p>" if question.message else ""
    heading = "<p><strong>? Could not be judged</strong></p>"
    return f"<section class='waiting'>{heading}<p>{NOT_JUDGED}</p>{reason}</section>"


def _from_teacher(question):
    """The teacher's points and comment; the style sheet keeps the line breaks in the comment."""
    parts = []
    if question.override is not None:
        parts.append(f"<p><strong>Your teacher gave {out_of(question.override, question.possible)}.</strong></p>")
    if question.comment:
        parts.append(f"<p class='comment'>{html.escape(question.comment)}</p>")
    return f"<section class='teacher' aria-label='From your teacher'>{''.join(parts)}</section>" if parts else ""


def _hints(question):
    return "".join(
        f"<details class='hint'><summary {KEEP_KEYS}>Open hint {k}</summary><p>{prose(hint)}</p></details>"
        for k, hint in enumerate(question.hints if question else (), start=1)
    )


def _next_steps(grade):
    """What to read again, and what to show the teacher if a verdict seems wrong."""
    parts = []
    incomplete = [question for question in grade.questions if question.points < question.possible]
    missed = [question for question in incomplete if not _is_waiting(question)]
    lesson = lesson_of(grade.assignment)
    if lesson and missed:
        first = f"<a href='#{html.escape(missed[0].id)}'>{html.escape(label(missed[0].id))}</a>"
        parts.append(
            f"<p>Begin with {first}: reread the part of lesson {lesson.number} that it is about "
            f"(<code>notebooks/{lesson.stem}.ipynb</code>), then open its first hint, and the next if you need it.</p>"
        )
    elif lesson and not incomplete:
        following = next((later for later in lessons.LESSONS if later.number > lesson.number), None)
        title = f" Lesson {following.number}, <em>{html.escape(following.title)}</em>, comes next." if following else ""
        parts.append(f"<p>Everything is right.{title}</p>")
    parts.append(
        "<p class='small'>If a verdict seems wrong to you, show this page to your teacher. Seed of the cases: "
        f"<code>{html.escape(str(grade.seed))}</code>. SHA-256 of the file: "
        f"<code>{html.escape(grade.digest[:12])}…</code></p>"
    )
    return f"<footer><h2>What to look at next</h2>{''.join(parts)}</footer>"
