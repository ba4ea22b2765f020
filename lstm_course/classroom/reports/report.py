"""The teacher's report: what was graded, how each question went, what to talk about next time, and what to review."""

import html
import statistics

from lstm_course import lessons
from lstm_course.isolation.support import LEVELS

from ..records import GRADED, REVIEW, UNJUDGED, UNREADABLE
from .findings import shared_mistakes
from .next_time import percent, topics
from .page import (
    display_name,
    document,
    known_questions,
    label,
    lesson_of,
    name,
    out_of,
    points,
    prose,
    title_of,
    verdict_text,
)
from .report_files import files_section
from .report_grid import feedback_link, grid, histogram, legend

SHOWN = 10  # entries of a list; the others can be opened
LOOK_YOURSELF = (
    "Short right answers look alike, and this list cannot tell who wrote what, or why two notebooks resemble each "
    "other: the two may work together, have copied from the same board, or have read the same text. Open both and look "
    "for yourself before you speak to anyone."
)


def report_page(grades, when, isolation, copies=(), questions=None):
    """The report for the teacher.

    Parameters
    ----------
    grades : list of Grade
        The grades, with overrides, of any number of assignments, each of which gets a section.
    when : datetime.datetime
        When they were judged.
    isolation : str
        The level at which the notebooks ran: ``"full"``, ``"process"`` or ``"limits"``.
    copies : iterable of NearCopy
        The strongest first.
    questions : dict of str to Question or Choice, optional
        The questions by id; by default those of the course.

    Returns
    -------
    str
        HTML that needs neither a network nor scripts. It links to the feedback pages in ``feedback/``.
    """
    questions = known_questions(grades) if questions is None else questions
    groups = {assignment: [] for assignment in sorted({grade.assignment for grade in grades})}
    for grade in grades:
        groups[grade.assignment].append(grade)
    sections = [
        _assignment(number, assignment, group, [copy for copy in copies if copy.assignment == assignment], questions)
        for number, (assignment, group) in enumerate(groups.items(), start=1)
    ]
    body = [_header(grades, groups, when, isolation), *sections, files_section(grades)]
    return document("Grading report", "<main>\n" + "\n".join(body) + "\n</main>")


def _header(grades, groups, when, isolation):
    statuses = [grade.status for grade in grades]
    tiles = (
        (len({grade.student for grade in grades}), "students"),
        (len(grades), "submissions"),
        (statuses.count(GRADED), "graded"),
        (statuses.count(REVIEW), "graded, to be reviewed"),
        (statuses.count(UNREADABLE), "not judged"),
    )
    items = "".join(f"<li><strong>{count}</strong> {words}</li>" for count, words in tiles)
    day = f"{when.day} {when:%B %Y, %H:%M}{f' {when:%Z}' if when.tzinfo else ''}"
    links = "".join(_contents_entry(number, *group) for number, group in enumerate(groups.items(), start=1))
    needs_contents = len(groups) > 1 or set(statuses) - {GRADED}
    contents = f"<nav aria-label='Assignments'><ul class='plain'>{links}</ul></nav>" if needs_contents else ""
    level = f"{isolation} ({LEVELS[isolation]})" if isolation in LEVELS else isolation
    return (
        f"<header>\n<h1>Grading report</h1>\n<p class='over'>Judged on {day}.<br>Isolation: {html.escape(level)}.</p>\n"
        f"<ul class='tiles'>{items}</ul>\n{contents}</header>"
    )


def _contents_entry(number, assignment, grades):
    """A line of the table of contents."""
    concerned = sum(grade.status != GRADED for grade in grades)
    look = f", <a href='#look-{number}'>{concerned} to review</a>" if concerned else ""
    return (
        f"<li><a href='#assignment-{number}'>{html.escape(title_of(assignment))}</a>: "
        f"{_counted(len(grades), 'submission', 'submissions')}{look}</li>"
    )


def _assignment(number, assignment, grades, copies, questions):
    parts = [f"<h2>{html.escape(title_of(assignment))}</h2>", _scores(grades)]
    if any(grade.questions for grade in grades):
        after = f"after-{number}"
        parts += [
            _next_time(assignment, grades, questions),
            f"<h3>Students by questions</h3>{legend(grades)}<a class='skip' href='#{after}'>Skip the table</a>",
            grid(grades, f"{title_of(assignment)}: students by questions"),
            f"<div id='{after}'></div>{_mistakes(grades, questions)}",
        ]
    parts += [_to_look_at(number, grades), _notes(grades), _copies(grades, copies), _borrowed(grades)]
    content = "\n".join(part for part in parts if part)
    return f"<section class='assignment' id='assignment-{number}'>\n{content}\n</section>"


def _scores(grades):
    scores = [grade.score for grade in grades if grade.status != UNREADABLE]
    if not scores:
        return f"<p>{_counted(len(grades), 'submission', 'submissions')}, none of which could be judged.</p>"
    median = out_of(statistics.median(scores), max(grade.possible for grade in grades))
    sentence = f"{_counted(len(scores), 'score', 'scores')} with a median of {median}."
    picture = histogram(grades)
    return f"<p>{sentence}{' Submissions by share of the points:' if picture else ''}</p>{picture}"


def _next_time(assignment, grades, questions):
    suggested = topics(grades, questions)
    heading = "<h3>What to talk about next time</h3>"
    if not suggested:
        return (
            f"{heading}<p>Nothing stands out: no question is often wrong, blank or slow, and no mistake is "
            "widespread.</p>"
        )
    items = "".join(
        f"<li>{prose(topic.sentence)}"
        + (f"<span class='small'>A question to start with: {prose(topic.opening)}</span>" if topic.opening else "")
        + "</li>"
        for topic in suggested
    )
    page = _teachers_page(assignment)
    pointer = f"<p class='small'>The teacher's guide, <code>{page}</code>, says what helps.</p>" if page else ""
    return f"{heading}<ol class='talk'>{items}</ol>{pointer}"


def _teachers_page(assignment):
    """The page of the teacher's guide for this lesson, relative to the course; empty if there is none."""
    if not lesson_of(assignment):
        return ""
    page = f"teaching/{assignment}.md"
    return page if (lessons.course_root() / page).is_file() else ""


def _mistakes(grades, questions):
    items = [
        f"<li><div><span class='count'>{mistake.students} of {mistake.judged}</span><span class='share'>"
        f"<i style='width: {100 * mistake.share:.0f}%'></i></span></div><div><p><strong>"
        f"{html.escape(mistake.name)}</strong> · {html.escape(label(mistake.question))}</p>"
        f"<p class='small'>{prose(mistake.message)}</p></div></li>"
        for mistake in shared_mistakes(grades, questions)
    ]
    heading = "<h3>The most common mistakes</h3><p class='small'>With the message that the learners saw.</p>"
    return heading + _folded(items, "mistakes") if items else ""


def _to_look_at(number, grades):
    concerned = sorted((grade for grade in grades if grade.status != GRADED), key=lambda grade: grade.student)
    items = []
    for grade in concerned:
        result = "not judged" if grade.status == UNREADABLE else f"{points(grade.score)} points so far"
        reasons = [_sentence(note) for note in grade.notes]
        reasons += [
            f"<a href='{feedback_link(grade, question.id)}'>{html.escape(label(question.id))}</a>: "
            f"{_sentence(verdict_text(question))}"
            for question in grade.questions
            if question.verdict in (UNJUDGED, "crashed") and question.override is None
        ]
        reasons = " ".join(reasons) or "This has been settled."
        items.append(f"<li>{_linked(grade)} ({result}): {reasons} <span class='small'>{name(grade.source)}</span></li>")
    if not items:
        return ""
    explanation = "<p class='small'>An answer that could not be judged may still be right.</p>"
    return f"<h3 id='look-{number}'>To be reviewed</h3>{explanation}{_folded(items, 'plain')}"


def _sentence(text):
    return prose(text if text.endswith((".", "!", "?")) else f"{text}.")


def _notes(grades):
    """The notes on submissions that need no review, such as how an unusual file was found."""
    items = [
        f"<li>{_linked(grade)}: {' '.join(map(_sentence, grade.notes))}</li>"
        for grade in sorted(grades, key=lambda grade: grade.student)
        if grade.notes and grade.status == GRADED
    ]
    heading = f"Notes on {_counted(len(items), 'other submission', 'other submissions')}"
    notes = f"<ul class='plain'>{''.join(items)}</ul>"
    return f"<details class='more'><summary>{heading}</summary>{notes}</details>" if items else ""


def _copies(grades, copies):
    if not copies:
        return ""
    by_student = {grade.student: grade for grade in grades}
    rows = []
    for copy in copies:
        pair = " and ".join(
            _linked(by_student[student]) if student in by_student else name(student) for student in copy.students
        )
        cells = ", ".join(f"<code>{html.escape(cell)}</code>" for cell in copy.cells)
        same = "<br>Both equal the published solution there, which does not suggest that one copied from the other."
        rows.append(
            f"<tr><th scope='row'>{pair}</th><td>{percent(copy.share, 1)}</td>"
            f"<td>{cells}{same if copy.same_as_solution else ''}</td></tr>"
        )
    more = f"<details class='more'><summary>{len(rows) - SHOWN} more</summary>{_pairs(rows[SHOWN:])}</details>"
    return f"<h3>Near copies</h3><p>{LOOK_YOURSELF}</p>{_pairs(rows[:SHOWN])}{more if len(rows) > SHOWN else ''}"


def _pairs(rows):
    head = "".join(f"<th scope='col'>{words}</th>" for words in ("students", "similarity", "where"))
    return (
        "<div class='box' tabindex='0' role='region' aria-label='Near copies'><table class='list'>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _borrowed(grades):
    items = [
        f"<li>{_linked(grade)}: {', '.join(f'<code>{html.escape(call)}</code>' for call in grade.borrowed)}</li>"
        for grade in sorted(grades, key=lambda grade: grade.student)
        if grade.borrowed
    ]
    return f"<h3>Answers that call the function they were to write</h3>{_folded(items, 'plain')}" if items else ""


def _linked(grade):
    return f"<a href='{feedback_link(grade)}'>{name(display_name(grade))}</a>"


def _folded(items, style):
    """A list of which the first `SHOWN` entries are visible and the others can be opened."""
    first = f"<ul class='{style}'>{''.join(items[:SHOWN])}</ul>"
    if len(items) <= SHOWN:
        return first
    rest = f"<ul class='{style}'>{''.join(items[SHOWN:])}</ul>"
    return f"{first}<details class='more'><summary>{len(items) - SHOWN} more</summary>{rest}</details>"


def _counted(count, one, many):
    return f"{count} {one if count == 1 else many}"
