"""Grades as tables: for people, for programs, and in the formats that Canvas, Moodle and Gradescope import.

In every CSV file, a text that a spreadsheet would run as a formula gets an apostrophe in front, because people open
these files in spreadsheets. No genuine name begins like a formula, so the platforms still recognise their students.
"""

import csv
import html
import io
import json

import lstm_course
from lstm_course.grading import cards

from ..records import UNJUDGED, UNREADABLE
from .page import display_name, label, out_of, points, showable, verdict_text

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # spreadsheets in Chinese and Japanese treat the full-width forms alike


def grades_csv(grades):
    """``grades.csv``: student, assignment, score, max_score and status, sorted by the first two.

    A submission that could not be judged has an empty score, because a zero would say that it is wrong.

    Parameters
    ----------
    grades : iterable of Grade

    Returns
    -------
    str
        CSV as in RFC 4180, with lines that end in CR LF.
    """
    rows = [
        (harmless(grade.student), harmless(grade.assignment), _score(grade), points(grade.possible), grade.status)
        for grade in _sorted(grades)
    ]
    return _csv([("student", "assignment", "score", "max_score", "status"), *rows])


def grades_json(grades, seed, isolation, submissions="", questions=""):
    """``grades.json``: everything that is known about each grade.

    Parameters
    ----------
    grades : iterable of Grade
    seed : int
        The seed from which the cases of the batch were drawn.
    isolation : str
        The level at which the notebooks ran.
    submissions, questions : str
        Paths of the submissions and of the teacher's own questions, for judging them again.
    """
    record = {
        "lstm_course": lstm_course.__version__,
        "seed": seed,
        "isolation": isolation,
        "submissions": submissions,
        "questions": questions,
        "grades": [grade.as_dict() for grade in _sorted(grades)],
    }
    return json.dumps(record, indent=1) + "\n"  # in ASCII: a file name may hold lone surrogates, which UTF-8 lacks


def canvas_csv(grades):
    """``canvas.csv``: a row for each student and a column for each assignment, to be imported into Canvas's gradebook.

    Canvas identifies a student by the number in `ID`, which is part of the file names that it exports. If the number
    is not known, the cell is empty and Canvas looks for the name. An empty score changes nothing in Canvas.

    Parameters
    ----------
    grades : iterable of Grade
    """
    # Follows Canvas's own lib/gradebook_importer.rb: a header with the SIS columns in third and fourth place and
    # Section in fifth, a row that says Points Possible, and students identified by ID, SIS number, login or name.
    grades = _sorted(grades)
    assignments = sorted({grade.assignment for grade in grades if grade.assignment})
    possible = {name: max(grade.possible for grade in grades if grade.assignment == name) for name in assignments}
    by_student = {}
    for grade in grades:
        by_student.setdefault(grade.student, []).append(grade)
    rows = [
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *map(harmless, assignments)),
        ("    Points Possible", "", "", "", "", *(points(possible[name]) for name in assignments)),
    ]
    for own in by_student.values():
        identity = {key: value for grade in own for key, value in grade.identity.items()}
        scores = {grade.assignment: _score(grade) for grade in own}
        keys = (identity.get(key, "") for key in ("canvas_id", "sis_id", "login", "section"))
        cells = (scores.get(name, "") for name in assignments)
        rows.append((harmless(display_name(own[0])), *map(harmless, keys), *cells))
    return _csv(rows)


def moodle_csv(grades, when):
    """A worksheet for Moodle's *offline grading worksheet*, for one assignment.

    Moodle identifies a participant by the number in `Identifier`, which is part of the file names that it exports, and
    skips rows without one. The names of the columns are those of Moodle in English, which the teacher can select for
    the upload.

    Parameters
    ----------
    grades : iterable of Grade
        The grades of one assignment.
    when : datetime.datetime
        When they were judged, with its time zone: Moodle keeps its own grades that are more recent.
    """
    # Follows Moodle's own mod/assign/feedback/offline/importgradeslib.php, which requires Identifier, Grade and Last
    # modified (grade), and reads a comment from each column named like a field of a feedback plugin.
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
    """``results.json`` for one submission, as an autograder returns it to Gradescope.

    Parameters
    ----------
    grade : Grade
        The grade of a submission that could be judged: Gradescope accepts no result without a score.
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
    record = {
        "score": grade.score,
        "output": f"{waiting} of the answers could not be judged yet." if waiting else "",
        "output_format": "text",
        "tests": tests,
    }
    return json.dumps(record, indent=1) + "\n"


def harmless(text):
    """The text, with an apostrophe in front if a spreadsheet would run it as a formula."""
    text = showable(str(text))
    return f"'{text}" if text.startswith(FORMULA) else text


def _sorted(grades):
    return sorted(grades, key=lambda grade: (grade.student, grade.assignment))


def _score(grade):
    return "" if grade.status == UNREADABLE else points(grade.score)


def _lines(question):
    """What Gradescope shows for an answer, as lines of plain text."""
    lines = [verdict_text(question)]
    lines += [f"{entry}: yours {value}, wanted {wanted}" for entry, value, wanted in question.comparison]
    if question.override is not None:
        lines.append(f"Your teacher gave {out_of(question.override, question.possible)}.")
    return [showable(line) for line in (*lines, question.comment) if line]


def _comment(grade):
    """The grade in a few sentences, none of which contains text from the submission."""
    if grade.status == UNREADABLE:
        return "Your submission could not be judged, which says nothing about your answers. Please ask your teacher."
    sentences = [f"{out_of(grade.score, grade.possible)}."]
    for question in grade.questions:
        sentences.append(f"{label(question.id).capitalize()}: {_short_verdict(question)}.")
        sentences += [question.comment] if question.comment else []
    # Moodle treats the column as HTML, where a teacher's "a < b" would be cut off.
    return html.escape(showable(" ".join(sentences)), quote=False)


def _short_verdict(question):
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
