"""The end of the report: what each of the other files is for, and which students a platform will not recognise."""

import html

from ..records import UNREADABLE
from .page import display_name, name, points

NAMES_AT_MOST = 5


def files_section(grades):
    """What to do with the other files, and which students Canvas and Moodle will not recognise.

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
        f"<code>{html.escape(assignment)}</code> {points(maximum)}"
        for assignment, maximum in sorted(possible.items())
        if maximum
    )
    unread = any(grade.status == UNREADABLE for grade in grades)
    items = [
        "<li><code>grades.csv</code> is for a spreadsheet; <code>grades.json</code> has every verdict, and the seed "
        "with which it can be judged again.</li>",
        "<li><code>overrides.csv</code> is for your own points and comments, one row for each answer: student and "
        "assignment as in <code>grades.csv</code>, and the id of the question, such as <code>04-forget-gate</code>. "
        "They take effect when you grade again.</li>",
        "<li><code>canvas.csv</code> is for Canvas: Grades, Import. "
        + _missing(grades, "canvas_id", "will be looked up by name instead")
        + "</li>",
        "<li><code>moodle/</code> has a grading worksheet for each assignment. Set Moodle to English before you upload "
        f"it, and set the assignment's maximum grade to its points ({maxima}), since Moodle rejects a higher grade. "
        + _missing(grades, "moodle_id", "will be skipped by Moodle")
        + "</li>",
        "<li><code>gradescope/</code> has a <code>results.json</code> for each submission.</li>",
    ]
    if unread:
        items.append(
            "<li>A submission that could not be judged has no score in these files and changes none elsewhere.</li>"
        )
    return f"<footer><h2>The files beside this page</h2><ul class='plain'>{''.join(items)}</ul></footer>"


def _missing(grades, key, consequence):
    """A sentence about the students whose number on the platform is not known; empty if all are known."""
    students = sorted({display_name(grade) for grade in grades if not grade.identity.get(key)})
    if not students:
        return ""
    named = ", ".join(map(name, students[:NAMES_AT_MOST]))
    others = f" and {len(students) - NAMES_AT_MOST} more" if len(students) > NAMES_AT_MOST else ""
    return f"The file names do not contain the number of {named}{others}, who {consequence}."
