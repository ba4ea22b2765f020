"""The teacher's page: what was graded, how each question went, what to talk about, and what to look at."""

import html

from lstm_course import lessons
from lstm_course.isolation.support import LEVELS

from ..records import GRADED, REVIEW, UNJUDGED, UNREADABLE
from .findings import shared_mistakes
from .next_time import percent, topics
from .page import display_name, document, known_questions, label, lesson_of, name, out_of, points, prose, said, title_of
from .report_files import files_section
from .report_grid import feedback_link, grid, histogram, legend

SHOWN = 10  # entries of a list; the rest is there to be opened
LOOK_YOURSELF = (
    "Short right answers look alike, and this list cannot tell who wrote what, or why two notebooks resemble each "
    "other: pairs who work together, a board that everybody copied from, a text that both have read. Open both and "
    "look yourself before you speak to anyone."
)


def report_page(grades, when, isolation, copies=(), asked=None):
    """The page for the teacher.

    Parameters
    ----------
    grades : list of Grade
        With overrides; of any number of assignments, which follow one another.
    when : datetime.datetime
        When they were judged.
    isolation : str
        The level at which the notebooks ran: ``"full"``, ``"process"`` or ``"limits"``.
    copies : iterable of NearCopy
        The strongest first.
    asked : dict of str to Question or Choice, optional
        By id; the course's own where not given.

    Returns
    -------
    str
        HTML that needs no network and no script. Feedback pages are linked to below ``feedback/``.
    """
    asked = known_questions(grades) if asked is None else asked
    groups = {assignment: [] for assignment in sorted({grade.assignment for grade in grades})}
    for grade in grades:
        groups[grade.assignment].append(grade)
    sections = [
        _assignment(number, assignment, group, [copy for copy in copies if copy.assignment == assignment], asked)
        for number, (assignment, group) in enumerate(groups.items(), start=1)
    ]
    body = [_top(grades, groups, when, isolation), *sections, files_section(grades)]
    return document("Grading report", "<main>\n" + "\n".join(body) + "\n</main>")


def _top(grades, groups, when, isolation):
    statuses = [grade.status for grade in grades]
    tiles = (
        (len({grade.student for grade in grades}), "students"),
        (len(grades), "submissions"),
        (statuses.count(GRADED), "graded"),
        (statuses.count(REVIEW), "graded, to be looked at"),
        (statuses.count(UNREADABLE), "not judged"),
    )
    items = "".join(f"<li><strong>{count}</strong> {words}</li>" for count, words in tiles)
    day = f"{when.day} {when:%B %Y, %H:%M}{f' {when:%Z}' if when.tzinfo else ''}"
    links = "".join(_entry(number, *entry) for number, entry in enumerate(groups.items(), start=1))
    leads_on = len(groups) > 1 or set(statuses) - {GRADED}
    contents = f"<nav aria-label='Assignments'><ul class='plain'>{links}</ul></nav>" if leads_on else ""
    level = f"{isolation} ({LEVELS[isolation]})" if isolation in LEVELS else isolation
    return (
        f"<header>\n<h1>Grading report</h1>\n<p class='over'>Judged on {day}.<br>Isolation: {html.escape(level)}.</p>\n"
        f"<ul class='tiles'>{items}</ul>\n{contents}</header>"
    )


def _entry(number, assignment, grades):
    """A line of the contents."""
    concerned = sum(grade.status != GRADED for grade in grades)
    look = f", <a href='#look-{number}'>{concerned} to be looked at</a>" if concerned else ""
    return (
        f"<li><a href='#assignment-{number}'>{html.escape(title_of(assignment))}</a>: "
        f"{_counted(len(grades), 'submission', 'submissions')}{look}</li>"
    )


def _assignment(number, assignment, grades, copies, asked):
    parts = [f"<h2>{html.escape(title_of(assignment))}</h2>", _scores(grades)]
    if any(grade.questions for grade in grades):
        after = f"after-{number}"
        parts += [
            _next_time(assignment, grades, asked),
            f"<h3>Students by questions</h3>{legend(grades)}<a class='skip' href='#{after}'>Skip the picture</a>",
            grid(grades, f"{title_of(assignment)}: students by questions"),
            f"<div id='{after}'></div>{_mistakes(grades, asked)}",
        ]
    parts += [_to_look_at(number, grades), _notes(grades), _copies(grades, copies), _borrowed(grades)]
    inside = "\n".join(part for part in parts if part)
    return f"<section class='assignment' id='assignment-{number}'>\n{inside}\n</section>"


def _scores(grades):
    scores = sorted(grade.score for grade in grades if grade.status != UNREADABLE)
    if not scores:
        return f"<p>{_counted(len(grades), 'submission', 'submissions')}, none of which could be judged.</p>"
    middle = (scores[(len(scores) - 1) // 2] + scores[len(scores) // 2]) / 2
    possible = max(grade.possible for grade in grades)
    said = f"{_counted(len(scores), 'score', 'scores')}, the middle one {out_of(middle, possible)}."
    picture = histogram(grades)
    return f"<p>{said}{' Submissions by share of the points:' if picture else ''}</p>{picture}"


def _next_time(assignment, grades, asked):
    found = topics(grades, asked)
    heading = "<h3>What to talk about next time</h3>"
    if not found:
        return (
            f"{heading}<p>Nothing stands out: no question is often wrong, blank or slow, and no mistake is shared by "
            "many.</p>"
        )
    items = "".join(
        f"<li>{prose(topic.sentence)}"
        + (f"<span class='small'>To begin with: {prose(topic.opening)}</span>" if topic.opening else "")
        + "</li>"
        for topic in found
    )
    page = _teachers_page(assignment)
    pointer = f"<p class='small'>What helps with it is on the teacher's page, <code>{page}</code>.</p>" if page else ""
    return f"{heading}<ol class='talk'>{items}</ol>{pointer}"


def _teachers_page(assignment):
    """The page for teachers of this lesson, as a path below the course; empty where there is none."""
    if not lesson_of(assignment):
        return ""
    page = f"teaching/{assignment}.md"
    return page if (lessons.course_root() / page).is_file() else ""


def _mistakes(grades, asked):
    items = [
        f"<li><div><span class='count'>{mistake.students} of {mistake.judged}</span><span class='share'>"
        f"<i style='width: {100 * mistake.share:.0f}%'></i></span></div><div><p><strong>"
        f"{html.escape(mistake.name)}</strong> · {html.escape(label(mistake.question))}</p>"
        f"<p class='small'>{prose(mistake.message)}</p></div></li>"
        for mistake in shared_mistakes(grades, asked)
    ]
    heading = "<h3>The most common mistakes</h3><p class='small'>With the sentence that the learners were shown.</p>"
    return heading + _folded(items, "mistakes") if items else ""


def _to_look_at(number, grades):
    concerned = sorted((grade for grade in grades if grade.status != GRADED), key=lambda grade: grade.student)
    items = []
    for grade in concerned:
        what = "not judged" if grade.status == UNREADABLE else f"{points(grade.score)} points so far"
        reasons = [_sentence(note) for note in grade.notes]
        reasons += [
            f"<a href='{feedback_link(grade, question.id)}'>{html.escape(label(question.id))}</a>: "
            f"{_sentence(said(question))}"
            for question in grade.questions
            if question.verdict in (UNJUDGED, "crashed") and question.override is None
        ]
        reasons = " ".join(reasons) or "Nothing of it is open any more."
        items.append(f"<li>{_linked(grade)} ({what}): {reasons} <span class='small'>{name(grade.source)}</span></li>")
    if not items:
        return ""
    what = "<p class='small'>What could not be judged is not wrong: nobody knows yet.</p>"
    return f"<h3 id='look-{number}'>To be looked at</h3>{what}{_folded(items, 'plain')}"


def _sentence(text):
    return prose(text if text.endswith((".", "!", "?")) else f"{text}.")


def _notes(grades):
    """What was noted of submissions that are graded all the same, such as the other of two files."""
    items = [
        f"<li>{_linked(grade)}: {' '.join(map(_sentence, grade.notes))}</li>"
        for grade in sorted(grades, key=lambda grade: grade.student)
        if grade.notes and grade.status == GRADED
    ]
    heading = f"Notes on {_counted(len(items), 'other submission', 'other submissions')}"
    listed = f"<ul class='plain'>{''.join(items)}</ul>"
    return f"<details class='more'><summary>{heading}</summary>{listed}</details>" if items else ""


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
        same = "<br>Both equal the published solution there, which says nothing about one another."
        rows.append(
            f"<tr><th scope='row'>{pair}</th><td>{percent(copy.share, 1)}</td>"
            f"<td>{cells}{same if copy.same_as_solution else ''}</td></tr>"
        )
    more = f"<details class='more'><summary>{len(rows) - SHOWN} more</summary>{_pairs(rows[SHOWN:])}</details>"
    return f"<h3>Near copies</h3><p>{LOOK_YOURSELF}</p>{_pairs(rows[:SHOWN])}{more if len(rows) > SHOWN else ''}"


def _pairs(rows):
    head = "".join(f"<th scope='col'>{words}</th>" for words in ("students", "alike", "where it shows"))
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
    return f"<h3>Answers that call what they were to write</h3>{_folded(items, 'plain')}" if items else ""


def _linked(grade):
    return f"<a href='{feedback_link(grade)}'>{name(display_name(grade))}</a>"


def _folded(items, style):
    """A list of which the first `SHOWN` are shown and the others opened."""
    first = f"<ul class='{style}'>{''.join(items[:SHOWN])}</ul>"
    if len(items) <= SHOWN:
        return first
    rest = f"<ul class='{style}'>{''.join(items[SHOWN:])}</ul>"
    return f"{first}<details class='more'><summary>{len(items) - SHOWN} more</summary>{rest}</details>"


def _counted(count, one, many):
    return f"{count} {one if count == 1 else many}"
