"""Writing all the results of grading a class into one folder."""

from pathlib import Path

from lstm_course import files

from ..records import UNREADABLE
from .feedback import feedback_page
from .file_names import file_name
from .grade_tables import canvas_csv, grades_csv, grades_json, gradescope_json, moodle_csv
from .page import known_questions
from .report import report_page


def write_all(batch, out):
    """Write the tables, the feedback and the report; each file is replaced completely or not at all.

    Parameters
    ----------
    batch : Batch
    out : path
        The folder, which is created if necessary. Files in it that belong to other submissions are kept.

    Returns
    -------
    pathlib.Path
        Path of the report.

    Raises
    ------
    OSError
        If the folder is not writable.
    """
    out, grades = Path(out), batch.grades
    files.sweep(out)
    questions = known_questions(grades) if batch.asked is None else batch.asked
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
        _write(out / "feedback" / page, feedback_page(grade, questions))
        if grade.status != UNREADABLE:
            results = file_name(grade.student, grade.assignment, ".json")
            _write(out / "gradescope" / results, gradescope_json(grade))
    # These come last: once they exist, so do all the others.
    _write(out / "report.html", report_page(grades, batch.when, batch.isolation, batch.copies, questions))
    _write(out / "grades.csv", grades_csv(grades))
    return out / "report.html"


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write(path, text)
