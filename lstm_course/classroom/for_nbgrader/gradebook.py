"""Grades into nbgrader's gradebook, in one transaction, and what teachers gave there by hand out of it."""

import os
import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from lstm_course import files

from . import gradebook_rows
from .gradebook_rows import CHECK, GradebookError

NOT_INSTALLED = "The gradebook is nbgrader's, which is not installed; `make teach` installs it."
ADVICE = {  # by what SQLite says
    "locked": ": another program is writing to it",
    "no such": "; if an older nbgrader made it, `nbgrader db upgrade` brings it up to date",
}
LONGEST_NAME = 128  # characters that the gradebook has for a student


@dataclass(frozen=True)
class Written:
    """What was put into a gradebook.

    Attributes
    ----------
    path : pathlib.Path
    added, replaced : int
        Submissions that the gradebook did not have, and that it had already.
    notes : tuple of str
        A sentence for each thing that is not as the grades say: what the teacher gave in nbgrader by hand and was
        kept, points of a question that changed, grades that are not in the gradebook.
    """

    path: Path
    added: int
    replaced: int
    notes: tuple


def write_gradebook(grades, path):
    """Put grades into nbgrader's gradebook: all of them, or on any error none.

    Assignments and students that it does not have are added as nbgrader's own ``generate_assignment`` and
    ``autograde`` add them. A grade replaces what the judge gave the same student and assignment before; points,
    extra credit and comments that a teacher gave in nbgrader stay. An override or comment of the grade is entered as if
    given there, where there is none yet; from then on it is nbgrader's, and taken back there.

    Parameters
    ----------
    grades : iterable of Grade
        Of several with the same student and assignment the last one counts.
    path : str or pathlib.Path
        ``gradebook.db`` or ``sqlite:///gradebook.db``; made where it is not there.

    Returns
    -------
    Written

    Raises
    ------
    GradebookError
        If nbgrader is not installed, the file is no gradebook, or it cannot be written.
    """
    file = gradebook_file(path)
    notes, classes = [], {}
    for grade in grades:
        problem = unfit(grade)
        if problem:
            notes.append(f"{grade.source!r}: {problem}, so that the gradebook is without this grade.")
        else:
            classes.setdefault(grade.assignment, {})[grade.student] = grade
    added = 0
    with _transaction(file) as session:
        for stem, of_student in sorted(classes.items()):
            notebook = gradebook_rows.notebook_of(session, stem, of_student.values(), notes)
            added += gradebook_rows.add_submissions(session, notebook, of_student, file.parent / "submitted")
            gradebook_rows.set_scores(session, notebook, of_student, notes)
            gradebook_rows.set_comments(session, notebook, of_student, notes)
    return Written(file, added, sum(map(len, classes.values())) - added, tuple(notes))


def read_overrides(path):
    """The points and comments that teachers gave in nbgrader by hand.

    Parameters
    ----------
    path : str or pathlib.Path
        As for `write_gradebook`.

    Returns
    -------
    dict of (str, str, str) to (float or None, str)
        Points and comment by student, exercise and question, as `Grade.with_overrides` takes them; empty where there
        is no such file. Extra credit is nbgrader's own and not among them.

    Raises
    ------
    GradebookError
        If nbgrader is not installed, or the file is no gradebook.
    """
    file = gradebook_file(path)
    if not _is_there(file):
        return {}
    points, comments = {}, {}
    with session_of(file) as session:
        from nbgrader import api

        for model, value, found in ((api.Grade, "manual_score", points), (api.Comment, "manual_comment", comments)):
            column = getattr(model, value)
            rows = session.query(api.SubmittedAssignment.student_id, api.Notebook.name, api.BaseCell.name, column)
            rows = rows.select_from(model).join(api.SubmittedNotebook).join(api.SubmittedAssignment)
            rows = rows.join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            rows = rows.join(api.BaseCell, api.BaseCell.id == model.cell_id)
            for student, stem, name, given in rows.filter(column.is_not(None)):
                if given != "":  # formgrader leaves it where a comment was taken back
                    found[student, stem, name.removeprefix(CHECK)] = given
    return {key: (points.get(key), comments.get(key, "")) for key in (points | comments)}


def unfit(grade):
    """Why nbgrader could not have this grade, or None."""
    if not grade.assignment:
        return "nobody knows which exercise it belongs to"
    for name in (grade.student, grade.assignment):
        if not name.isprintable() or set("/\\") & set(name) or name.startswith(".") or not name.strip():
            return f"nbgrader makes a folder of each name, and {name!r} cannot be one"
        if len(name) > LONGEST_NAME:
            return f"the name {name!r} has {len(name)} characters, and nbgrader has room for {LONGEST_NAME}"
    return None


# --- the file ---------------------------------------------------------------------------------------------------


def gradebook_file(path):
    """The file that a path or a URL of SQLite names."""
    text = str(path)
    if text.startswith("sqlite:///"):
        return Path(text.removeprefix("sqlite:///"))
    if "://" in text:
        raise GradebookError(f"gradebook: {text} is no SQLite file; wanted gradebook.db or sqlite:///gradebook.db.")
    return Path(path)


def _is_there(file):
    """Whether there is a gradebook already; an empty file is none, and any other content is not ours to change."""
    if not file.exists() or (file.is_file() and not file.stat().st_size):
        return False
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as problem:
        raise GradebookError(f"{file}: it cannot be read as a gradebook ({problem}).") from None
    if not {"assignment", "grade", "submitted_notebook"} <= tables:
        raise GradebookError(f"{file}: it is a database, but not a gradebook of nbgrader.")
    return True


@contextmanager
def _transaction(file):
    """A session that leaves in the gradebook all that was done in it, or nothing."""
    if _is_there(file):
        with session_of(file) as session:
            # From here on nobody else writes: what is read below is still so when it is written.
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()
        return
    with tempfile.TemporaryDirectory() as folder:  # SQLite keeps a journal beside, which must not outlive it here
        made = Path(folder, file.name)
        with session_of(made) as session:
            yield session
            session.commit()
        try:
            files.write(file, made.read_bytes())
        except OSError as problem:
            raise GradebookError(f"{file}: it cannot be written ({problem.strerror}).") from None


@contextmanager
def session_of(file):
    """A session of nbgrader's gradebook; what is not committed when it ends has not been."""
    try:
        from nbgrader.api import Gradebook
        from sqlalchemy import URL
        from sqlalchemy.exc import DBAPIError
    except ModuleNotFoundError:
        raise GradebookError(NOT_INSTALLED) from None
    try:
        with _programs_beside_python():
            gradebook = Gradebook(URL.create("sqlite", database=str(file)))
        with gradebook:
            yield gradebook.db
    except DBAPIError as problem:
        advice = "".join(text for word, text in ADVICE.items() if word in str(problem.orig))
        raise GradebookError(f"{file}: the gradebook is as it was ({problem.orig}{advice}).") from None


@contextmanager
def _programs_beside_python():
    """nbgrader calls ``alembic`` by name, which is beside this interpreter whether or not it is on the path."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
