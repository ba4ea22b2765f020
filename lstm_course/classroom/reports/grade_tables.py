"""Grades as tables: for people, for programs, and in the forms that Canvas, Moodle and Gradescope read.

Text cells that a spreadsheet would run as a formula begin with an apostrophe in every CSV file here, since people
open those, too. It is there for names that are made to be run; no name that a platform matches begins like that.
"""

import csv
import html
import io
import json

import lstm_course
from lstm_course.grading import cards

from ..records import UNJUDGED, UNREADABLE
from .page import display_name, label, out_of, points, said, showable

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the wide forms are the same to spreadsheets in Chinese and Japanese


def grades_csv(grades):
    """``grades.csv``: student, assignment, score, max_score and status, sorted by the first two.

    What could not be judged has an empty score: a zero would say that it is wrong.

    Parameters
    ----------
    grades : iterable of Grade

    Returns
    -------
    str
        CSV after RFC 4180, lines ending in CR LF.
    """
    rows = [
        (harmless(grade.student), harmless(grade.assignment), _score(grade), points(grade.possible), grade.status)
        for grade in _sorted(grades)
    ]
    return _csv([("student", "assignment", "score", "max_score", "status"), *rows])


def grades_json(grades, seed, isolation, submissions="", questions=""):
    """``grades.json``: all that is known of every grade.

    Parameters
    ----------
    grades : iterable of Grade
    seed : int
        Of the cases of the whole batch.
    isolation : str
        The level at which the notebooks ran.
    submissions, questions : str
        Paths of the submissions and of a teacher's own questions, for judging again.
    """
    form = {
        "lstm_course": lstm_course.__version__,
        "seed": seed,
        "isolation": isolation,
        "submissions": submissions,
        "questions": questions,
        "grades": [grade.as_dict() for grade in _sorted(grades)],
    }
    return json.dumps(form, indent=1) + "\n"  # ASCII: a file name may hold halves of characters, which UTF-8 lacks


def canvas_csv(grades):
    """``canvas.csv``: one row a student, one column an assignment, to be imported into Canvas's gradebook.

    Canvas finds a student by the number in `ID`, which its own file names hold; where that is not known the column is
    empty, and Canvas looks for the name. A score that is missing changes nothing there.

    Parameters
    ----------
    grades : iterable of Grade
    """
    # After Canvas's own lib/gradebook_importer.rb: a header whose fifth column is Section where the third and fourth
    # are the SIS columns, a row that says Points Possible, and students found by ID, SIS number, login, name.
    grades = _sorted(grades)
    assignments = sorted({grade.assignment for grade in grades if grade.assignment})
    possible = {name: max(grade.possible for grade in grades if grade.assignment == name) for name in assignments}
    students = {}
    for grade in grades:
        students.setdefault(grade.student, []).append(grade)
    rows = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *map(harmless, assignments)),
        ("    Points Possible", "", "", "", "", *(points(possible[name]) for name in assignments)),
    ]
    for own in students.values():
        identity = {key: value for grade in own for key, value in grade.identity.items()}
        scores = {grade.assignment: _score(grade) for grade in own}
        known = (identity.get(key, "") for key in ("canvas_id", "sis_id", "login", "section"))
        cells = (scores.get(name, "") for name in assignments)
        rows.append((harmless(display_name(own[0])), *map(harmless, known), *cells))
    return _csv(rows)


def moodle_csv(grades, when):
    """A worksheet of Moodle's *offline grading worksheet*, for one assignment.

    Moodle finds a participant by the number in `Identifier`, which its own file names hold, and passes over rows
    without. The names of the columns are those of a Moodle in English: its user may choose that for the upload.

    Parameters
    ----------
    grades : iterable of Grade
        Of one assignment.
    when : datetime.datetime
        When they were judged, with its time zone: Moodle keeps what was graded there later than that.
    """
    # After Moodle's own mod/assign/feedback/offline/importgradeslib.php, which wants Identifier, Grade and Last
    # modified (grade), and reads a comment from each column that is called as a feedback plugin's field.
    rows = [("Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback comments")]
    for grade in _sorted(grades):
        number = grade.identity.get("moodle_id", "")
        rows.append(
            (
                harmless(f"Participant {number}" if number else ""),
                harmless(display_name(grade)),
                _score(grade),
                points(grade.possible),
                when.isoformat(timespec="seconds"),
                _comment(grade),
            )
        )
    return _csv(rows)


def gradescope_json(grade):
    """``results.json`` of one submission, as an autograder hands it to Gradescope.

    Parameters
    ----------
    grade : Grade
        One that could be judged: without a score Gradescope takes none.
    """
    # https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format" and "Test case status".
    tests = [
        {
            "name": label(question.id),
            "score": question.points,
            "max_score": question.possible,
            "status": "passed" if question.points >= question.possible else "failed",
            "output": "\n".join(_lines(question)),
            "output_format": "text",
            "visibility": "visible",
        }
        for question in grade.questions
    ]
    waiting = sum(question.verdict == UNJUDGED and question.override is None for question in grade.questions)
    form = {
        "score": grade.score,
        "output": f"{waiting} of the answers could not be judged yet." if waiting else "",
        "output_format": "text",
        "tests": tests,
    }
    return json.dumps(form, indent=1) + "\n"


def harmless(text):
    """The text, with an apostrophe before it where a spreadsheet would run it as a formula."""
    text = showable(str(text))
    return f"'{text}" if text.startswith(FORMULA) else text


def _sorted(grades):
    return sorted(grades, key=lambda grade: (grade.student, grade.assignment))


def _score(grade):
    return "" if grade.status == UNREADABLE else points(grade.score)


def _lines(question):
    """What Gradescope shows of an answer, as plain text."""
    lines = [said(question)]
    lines += [f"{place}: yours {value}, wanted {wanted}" for place, value, wanted in question.comparison]
    if question.override is not None:
        lines.append(f"Your teacher gave {out_of(question.override, question.possible)}.")
    return [showable(line) for line in (*lines, question.comment) if line]


def _comment(grade):
    """The grade in a few sentences; nothing in it comes from the submission."""
    if grade.status == UNREADABLE:
        return "What was handed in could not be judged, which says nothing about the answers. Please ask your teacher."
    parts = [f"{out_of(grade.score, grade.possible)}."]
    for question in grade.questions:
        parts.append(f"{label(question.id).capitalize()}: {_outcome(question)}.")
        parts += [question.comment] if question.comment else []
    # Moodle takes the column for HTML, in which a teacher's "a < b" would break off.
    return html.escape(showable(" ".join(parts)), quote=False)


def _outcome(question):
    if question.override is not None:
        return f"your teacher gave {out_of(question.override, question.possible)}"
    if question.verdict == UNJUDGED:
        return "could not be judged yet"
    heading = cards.HEADINGS[question.verdict][1].lower()
    return f"{heading}: {question.mistake}" if question.mistake else heading


def _csv(rows):
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue()
