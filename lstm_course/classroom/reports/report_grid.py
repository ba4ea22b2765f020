"""The pictures in the report: a grid of students and questions, and a histogram of the scores."""

import html
from urllib.parse import quote

import numpy as np

from ..records import UNREADABLE
from .file_names import file_name
from .findings import tallies
from .next_time import percent
from .page import KINDS, display_name, kind, label, name, points, sign, verdict_text

TITLE_AT_MOST = 160  # characters; a report has thousands of titles, and the feedback page shows the whole message
TALL = 40  # rows from which the grid scrolls in a box of its own, so that its heading stays visible
BINS = 10


def feedback_link(grade, question_id=""):
    """The link from the report to the feedback page of a submission."""
    page = quote(file_name(grade.student, grade.assignment, ".html"))
    return html.escape(f"feedback/{page}{'#' + quote(question_id) if question_id else ''}")


def grid(grades, caption):
    """A table with a row for each student and a column for each question; each cell links to the feedback.

    The students are sorted by score, the best first.

    Parameters
    ----------
    grades : list of Grade
        The grades of one assignment.
    caption : str
        What the table shows, in plain text, for screen readers.

    Returns
    -------
    str
        HTML.
    """
    counts = tallies(grades)
    ids = [tally.question for tally in counts]
    if not ids:
        return "<p>No answer could be judged.</p>"
    ranked = sorted(
        grades, key=lambda grade: (grade.status == UNREADABLE, -grade.score, display_name(grade).casefold())
    )
    head = "".join(
        f"<th scope='col' title='{html.escape(question_id)}'><span>{html.escape(label(question_id))}</span></th>"
        for question_id in ids
    )
    rows = "\n".join(_row(grade, ids) for grade in ranked)
    shares = "".join(f"<td>{percent(tally.right, tally.judged) if tally.judged else '–'}</td>" for tally in counts)
    return (
        f"<div class='box{' tall' if len(ranked) > TALL else ''}' tabindex='0' role='region' "
        f"aria-label='{html.escape(caption)}'>\n<table class='grid'>\n"
        f"<thead><tr><th scope='col'>student</th><th scope='col' class='score'>points</th>{head}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n"
        f"<tfoot><tr><th scope='row'>right</th><td></td>{shares}</tr></tfoot>\n</table>\n</div>"
    )


def _row(grade, ids):
    link = feedback_link(grade)
    student = f"<th scope='row'><a href='{link}'>{name(display_name(grade))}</a></th>"
    if grade.status == UNREADABLE:
        cell = f"<td class='u'><a href='{link}' title='The submission could not be judged.'>?</a></td>"
        return f"<tr>{student}<td class='score'>–</td>{cell * len(ids)}</tr>"
    answers = {question.id: question for question in grade.questions}
    cells = "".join(_cell(answers.get(question_id), link) for question_id in ids)
    return f"<tr>{student}<td class='score'>{points(grade.score)}</td>{cells}</tr>"


def _cell(answer, link):
    if answer is None:  # an older version of the exercise did not have this question
        return "<td>–</td>"
    title = verdict_text(answer)
    title = title if len(title) <= TITLE_AT_MOST else f"{title[:TITLE_AT_MOST].rstrip()} …"
    return (
        f"<td class='{KINDS[kind(answer)].style}'><a href='{link}#{html.escape(quote(answer.id))}' "
        f"title='{html.escape(title)}'>{sign(answer)}</a></td>"
    )


def legend(grades):
    """The meaning of the signs that occur in these grades."""
    kinds = {kind(question) for grade in grades for question in grade.questions}
    kinds |= {"unjudged"} if any(grade.status == UNREADABLE for grade in grades) else set()
    items = "".join(
        f"<li><span class='field {shown.style}'>{shown.sign or '2'}</span> {shown.words}</li>"
        for key, shown in KINDS.items()
        if key in kinds
    )
    return f"<ul class='legend' aria-label='What the signs mean'>{items}</ul>"


def histogram(grades):
    """A picture of how many scores lie in each tenth of the points; empty if there are fewer than five scores.

    Parameters
    ----------
    grades : list of Grade
        The grades of one assignment; those of submissions that could not be judged are left out.
    """
    shares = [grade.score / grade.possible for grade in grades if grade.status != UNREADABLE and grade.possible]
    if len(shares) < 5:
        return ""
    # A share such as 0.29999999999999998 belongs to the bin that begins at 0.3, and 1 belongs to the last bin.
    bins = np.clip(np.floor(np.multiply(shares, BINS) + 1e-9), 0, BINS - 1).astype(int)
    counts = np.bincount(bins, minlength=BINS)
    width, tall = 44, 90
    bars = "".join(
        f'<rect x="{22 + k * width}" y="{16 + tall - height:.1f}" width="{width - 4}" height="{height:.1f}" rx="2"/>'
        f'<text x="{20 + (k + 0.5) * width:g}" y="{12 + tall - height:.1f}">{count}</text>'
        for k, (count, height) in enumerate(zip(counts, tall * counts / counts.max(), strict=True))
        if count
    )
    marks = "".join(
        f'<text x="{20 + k * width * 2}" y="{tall + 32}">{k * 20}\N{NO-BREAK SPACE}%</text>' for k in range(6)
    )
    spread = ", ".join(
        f"{count} from {100 * k // BINS} to {100 * (k + 1) // BINS} %" for k, count in enumerate(counts) if count
    )
    return (
        f'<svg class="scores" viewBox="0 0 {BINS * width + 40} {tall + 40}" role="img" '
        f'aria-label="Submissions by share of the points: {spread}.">{bars}'
        f'<line x1="20" y1="{tall + 16}" x2="{20 + BINS * width}" y2="{tall + 16}"/>{marks}</svg>'
    )
