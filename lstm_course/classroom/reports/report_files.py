"""The end of the report: which of the files beside it goes where, and what a learning platform will not know."""

import html

from ..records import UNREADABLE
from .page import display_name, name, points

NAMES_AT_MOST = 5


def files_section(grades):
    """What to do with the tables, and whom Canvas and Moodle will not find in them.

    Parameters
    ----------
    grades : list of Grade

    Returns
    -------
    str
        HTML.
    """
    possible = {}
    for grade in grades:
        possible[grade.assignment] = max(grade.possible, possible.get(grade.assignment, 0))
    maxima = ", ".join(
        f"<code>{html.escape(assignment)}</code> {points(most)}"
        for assignment, most in sorted(possible.items())
        if most
    )
    unread = any(grade.status == UNREADABLE for grade in grades)
    items = [
        "<li><code>grades.csv</code> is for a spreadsheet; <code>grades.json</code> has every verdict, and the seed "
        "that judges it again.</li>",
        "<li><code>overrides.csv</code> takes points and comments of your own, one row an answer: student and "
        "assignment as in <code>grades.csv</code>, the question by its id, such as <code>04-forget-gate</code>. They "
        "count from the next grading on.</li>",
        "<li><code>canvas.csv</code> goes into Canvas: Grades, Import. "
        + _missing(grades, "canvas_id", "found by their names, if Canvas has these")
        + "</li>",
        "<li><code>moodle/</code> has a grading worksheet for each assignment: set Moodle to English, upload it, and "
        f"give the assignment as many points as there are ({maxima}), since Moodle refuses more. "
        + _missing(grades, "moodle_id", "passed over by Moodle")
        + "</li>",
        "<li><code>gradescope/</code> has a <code>results.json</code> for each submission.</li>",
    ]
    if unread:
        items.append("<li>What could not be judged has no score in any of them, and changes none.</li>")
    return f"<footer><h2>The files beside this page</h2><ul class='plain'>{''.join(items)}</ul></footer>"


def _missing(grades, key, fate):
    """A sentence about the students whom the platform's own number is not known of; empty where all are known."""
    students = sorted({display_name(grade) for grade in grades if not grade.identity.get(key)})
    if not students:
        return ""
    named = ", ".join(map(name, students[:NAMES_AT_MOST]))
    others = f" and {len(students) - NAMES_AT_MOST} more" if len(students) > NAMES_AT_MOST else ""
    verb = "is" if len(students) == 1 else "are"
    return f"The file names do not say the number of {named}{others}, who {verb} {fate}."
