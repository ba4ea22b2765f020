"""All that comes out of grading a class, put into one folder."""

from pathlib import Path

from lstm_course import files

from ..records import UNREADABLE
from .feedback import feedback_page
from .file_names import file_name
from .grade_tables import canvas_csv, grades_csv, grades_json, gradescope_json, moodle_csv
from .page import known_questions
from .report import report_page


def write_all(batch, out):
    """Write tables, feedback and the report; each file is replaced whole or not at all.

    Parameters
    ----------
    batch : Batch
    out : path
        The folder; made where there is none. Files that are in it for other submissions stay.

    Returns
    -------
    pathlib.Path
        Of the report.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    out, grades = Path(out), batch.grades
    files.sweep(out)
    asked = known_questions(grades) if batch.asked is None else batch.asked
    by_assignment = {}
    for grade in grades:
        by_assignment.setdefault(grade.assignment, []).append(grade)

    texts = {
        Path("grades.json"): grades_json(grades, batch.seed, batch.isolation, batch.submissions, batch.questions),
        Path("canvas.csv"): canvas_csv(grades),
    }
    texts |= {
        Path("moodle", file_name("moodle", assignment, ".csv")): moodle_csv(group, batch.when)
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
    _write(out / "report.html", report_page(grades, batch.when, batch.isolation, batch.copies, asked))
    _write(out / "grades.csv", grades_csv(grades))
    return out / "report.html"


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text)
