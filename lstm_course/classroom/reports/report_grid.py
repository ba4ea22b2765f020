"""The pictures of the report: students by questions as a grid, and how the scores are spread."""

import html
from urllib.parse import quote

from ..records import UNREADABLE
from .file_names import file_name
from .findings import tallies
from .next_time import percent
from .page import KINDS, display_name, kind, label, name, points, said, sign

TITLE_AT_MOST = 160  # characters; a report has thousands of them, and the whole message is on the feedback page
TALL = 40  # rows from which on the grid scrolls in a box of its own, so that its heading stays in view
BINS = 10


def feedback_link(grade, question_id=""):
    """Where the feedback page of a submission is, as seen from the report."""
    page = quote(file_name(grade.student, grade.assignment, ".html"))
    return html.escape(f"feedback/{page}{'#' + quote(question_id) if question_id else ''}")


def grid(grades, caption):
    """One row a student, one column a question, the best first; each field leads to the answer's feedback.

    Parameters
    ----------
    grades : list of Grade
        Of one assignment.
    caption : str
        What the picture shows, in plain text, for those who do not see it.

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
    who = f"<th scope='row'><a href='{link}'>{name(display_name(grade))}</a></th>"
    if grade.status == UNREADABLE:
        unread = f"<td class='u'><a href='{link}' title='The file could not be judged.'>?</a></td>"
        return f"<tr>{who}<td class='score'>–</td>{unread * len(ids)}</tr>"
    answers = {question.id: question for question in grade.questions}
    fields = "".join(_field(answers.get(question_id), link) for question_id in ids)
    return f"<tr>{who}<td class='score'>{points(grade.score)}</td>{fields}</tr>"


def _field(question, link):
    if question is None:  # an older version of the exercise did not ask this
        return "<td>–</td>"
    title = said(question)
    title = title if len(title) <= TITLE_AT_MOST else f"{title[:TITLE_AT_MOST].rstrip()} …"
    return (
        f"<td class='{KINDS[kind(question)].style}'><a href='{link}#{html.escape(quote(question.id))}' "
        f"title='{html.escape(title)}'>{sign(question)}</a></td>"
    )


def legend(grades):
    """What the signs mean that occur in these grades."""
    met = {kind(question) for grade in grades for question in grade.questions}
    met |= {"unjudged"} if any(grade.status == UNREADABLE for grade in grades) else set()
    items = "".join(
        f"<li><span class='field {shown.style}'>{shown.sign or '2'}</span> {shown.words}</li>"
        for key, shown in KINDS.items()
        if key in met
    )
    return f"<ul class='legend' aria-label='What the signs mean'>{items}</ul>"


def histogram(grades):
    """How many scores lie in each tenth of the points, as a picture; empty with fewer than five scores.

    Parameters
    ----------
    grades : list of Grade
        Of one assignment; those that could not be read are left out.
    """
    shares = [grade.score / grade.possible for grade in grades if grade.status != UNREADABLE and grade.possible]
    if len(shares) < 5:
        return ""
    heights = [0] * BINS
    for share in shares:
        heights[min(max(int(share * BINS + 1e-9), 0), BINS - 1)] += 1
    width, tall, bars = 44, 90, []
    for k, height in enumerate(heights):
        top = 16 + tall * (1 - height / max(heights))
        x = 20 + k * width
        if height:
            bars.append(
                f'<rect x="{x + 2}" y="{top:.1f}" width="{width - 4}" height="{16 + tall - top:.1f}" rx="2"/>'
                f'<text x="{x + width / 2:g}" y="{top - 4:.1f}">{height}</text>'
            )
    marks = "".join(
        f'<text x="{20 + k * width * 2}" y="{tall + 32}">{k * 20}\N{NO-BREAK SPACE}%</text>' for k in range(6)
    )
    spread = ", ".join(
        f"{count} from {100 * k // BINS} to {100 * (k + 1) // BINS} %" for k, count in enumerate(heights) if count
    )
    return (
        f'<svg class="scores" viewBox="0 0 {BINS * width + 40} {tall + 40}" role="img" '
        f'aria-label="Submissions by share of the points: {spread}.">{"".join(bars)}'
        f'<line x1="20" y1="{tall + 16}" x2="{20 + BINS * width}" y2="{tall + 16}"/>{marks}</svg>'
    )
