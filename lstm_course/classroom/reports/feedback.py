"""What a learner gets back: one page a submission, with the card of each answer and the hints to go on with."""

import html

from lstm_course import lessons
from lstm_course.grading.cards import KEEP_KEYS, Card
from lstm_course.grading.judge import Verdict

from ..records import UNJUDGED, UNREADABLE
from .page import KINDS, display_name, document, kind, label, lesson_of, name, out_of, points, prose, sign, title_of

UNREAD = (
    "What was handed in could not be judged: it is not a notebook (.ipynb), the file is damaged or empty, or it is not "
    "an exercise of this course. That says nothing about your answers. Open your notebook once more in JupyterLab, "
    "save it and hand it in again, or ask your teacher."
)
NOT_JUDGED = (
    "This answer could not be judged. That is not the same as wrong: your teacher sees that it is waiting, and looks "
    "at it."
)


def feedback_page(grade, asked):
    """The page that goes back to the learner.

    It holds what the learner's own check would say, the teacher's points and comments, and hints; it never holds a
    solution. What the submission says anywhere is shown as text.

    Parameters
    ----------
    grade : Grade
    asked : dict of str to Question or Choice
        By id; a question that is missing has no hints.

    Returns
    -------
    str
        HTML that needs no network and no script. The element of each question has its id.
    """
    who, what = display_name(grade), title_of(grade.assignment)
    return document(f"{who}: {what}", f"<main class='feedback'>\n{_body(grade, asked, who, what)}\n</main>")


def _body(grade, asked, who, what):
    heading = f"<header>\n<p class='over'>{html.escape(what)}</p>\n<h1>{name(who)}</h1>"
    if grade.status == UNREADABLE:
        return f"{heading}\n</header>\n<p class='kind'>{UNREAD}</p>"
    waiting = sum(map(_is_waiting, grade.questions))
    score = f"<strong>{points(grade.score)}</strong> of {points(grade.possible)} points"
    parts = [f"{heading}\n<p class='score'>{score}</p>"]
    if waiting:
        answers = "One answer is" if waiting == 1 else f"{waiting} answers are"
        parts.append(f"<p class='kind'>{answers} still waiting to be judged, so the score may rise.</p>")
    parts += [f"{_strip(grade)}\n</header>", *(_answer(question, asked) for question in grade.questions)]
    parts.append(_onwards(grade))
    return "\n".join(part for part in parts if part)


def _is_waiting(question):
    return question.verdict == UNJUDGED and question.override is None


def _strip(grade):
    """The answers in one row, each leading to its card."""
    fields = "".join(
        f'<li><a href="#{html.escape(question.id)}"><span class="field {KINDS[kind(question)].style}" '
        f'aria-hidden="true">{sign(question)}</span> {html.escape(label(question.id))}'
        f"<span class='unseen'>: {_words(question)}</span></a></li>"
        for question in grade.questions
    )
    return f"<nav aria-label='Answers'><ol class='strip'>{fields}</ol></nav>"


def _words(question):
    return out_of(question.points, question.possible) if question.override is not None else KINDS[kind(question)].words


def _answer(question, asked):
    """The card of one answer, what the teacher says of it, and its hints."""
    heading = f"<h2>{html.escape(label(question.id))}</h2>"
    parts = [heading, _waiting(question) if question.verdict == UNJUDGED else _card(question), _teachers_word(question)]
    if question.points < question.possible and not _is_waiting(question):
        parts.append(_hints(asked.get(question.id)))
    return f'<article id="{html.escape(question.id)}">{"".join(parts)}</article>'


def _card(question):
    """The card that `check` shows, without its last line, which tells how to check again in a notebook."""
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


def _teachers_word(question):
    """Points and comment of the teacher; line breaks of the comment stay."""
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


def _onwards(grade):
    """Where to read again, and what to show to the teacher if a verdict seems wrong."""
    parts = []
    open_ones = [question for question in grade.questions if question.points < question.possible]
    missed = [question for question in open_ones if not _is_waiting(question)]
    lesson = lesson_of(grade.assignment)
    if lesson and missed:
        first = f"<a href='#{html.escape(missed[0].id)}'>{html.escape(label(missed[0].id))}</a>"
        parts.append(
            f"<p>Begin with {first}: read again the part of lesson {lesson.number} (<code>notebooks/{lesson.stem}.ipynb"
            "</code>) that it is about, then open its first hint, and the next only if you need it.</p>"
        )
    elif lesson and not open_ones:
        following = next((later for later in lessons.LESSONS if later.number > lesson.number), None)
        on = f" Lesson {following.number}, <em>{html.escape(following.title)}</em>, comes next." if following else ""
        parts.append(f"<p>Everything is right.{on}</p>")
    parts.append(
        "<p class='small'>If a verdict seems wrong to you, show this page to your teacher. Seed of the cases: "
        f"<code>{html.escape(str(grade.seed))}</code>. SHA-256 of the file: "
        f"<code>{html.escape(grade.digest[:12])}…</code></p>"
    )
    return f"<footer><h2>What to look at next</h2>{''.join(parts)}</footer>"
