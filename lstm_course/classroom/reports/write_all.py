"""All that comes out of grading a class, put into one folder."""

from pathlib import Path

from lstm_course import files

from ..records import UNREADABLE
from .feedback import feedback_page
from .file_names import file_name
from .grade_tables import canvas_csv, grades_csv, grades_json, gradescope_json, moodle_csv
from .page import known_questions
from .report import report_page


def write_all(grades, out, when, isolation, seed, copies=(), asked=None, submissions="", questions=""):
    """Write tables, feedback and the report; each file is replaced whole or not at all.

    Parameters
    ----------
    grades : list of Grade
        With overrides.
    out : path
        The folder; made where there is none. Files that are in it for other submissions stay.
    when : datetime.datetime
        When they were judged, with its time zone.
    isolation : str
        The level at which the notebooks ran.
    seed : int
        Of the cases of the whole batch.
    copies : iterable of NearCopy
        The strongest first.
    asked : dict of str to Question or Choice, optional
        By id; the course's own where not given.
    submissions, questions : str
        Where the submissions, and a teacher's own questions, are.

    Returns
    -------
    pathlib.Path
        Of the report.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    out = Path(out)
    asked = known_questions(grades) if asked is None else asked
    by_assignment = {}
    for grade in grades:
        by_assignment.setdefault(grade.assignment, []).append(grade)

    texts = {
        Path("grades.json"): grades_json(grades, seed, isolation, submissions, questions),
        Path("canvas.csv"): canvas_csv(grades),
    }
    texts |= {
        Path("moodle", file_name("moodle", assignment, ".csv")): moodle_csv(group, when)
        for assignment, group in by_assignment.items()
        if assignment
    }
    for path, text in texts.items():
        _write(out / path, text)
    for grade in grades:
        page = file_name(grade.student, grade.assignment, ".html")
        _write(out / "feedback" / page, feedback_page(grade, asked))
        if grade.status != UNREADABLE:
            results = file_name(grade.student, grade.assignment, ".json")
            _write(out / "gradescope" / results, gradescope_json(grade))
    # Last, since they say that all the others are there.
    _write(out / "report.html", report_page(grades, when, isolation, copies, asked))
    _write(out / "grades.csv", grades_csv(grades))
    return out / "report.html"


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text)
