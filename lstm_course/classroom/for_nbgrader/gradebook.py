"""Writing grades to nbgrader's gradebook, in one transaction, and reading what teachers entered there by hand."""

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

NOT_INSTALLED = "A gradebook needs nbgrader, which is not installed; `make teach` installs it."
ADVICE = {  # by a part of SQLite's message
    "locked": ": another program is writing to it",
    "no such": "; if an older nbgrader made it, `nbgrader db upgrade` brings it up to date",
}
LONGEST_NAME = 128  # characters; the limit for students' names in the gradebook


@dataclass(frozen=True)
class Written:
    """The result of writing to a gradebook.

    Attributes
    ----------
    path : pathlib.Path
    added, replaced : int
        How many submissions are new in the gradebook, and how many were there before.
    notes : tuple of str
        A sentence for each deviation from the grades: points and comments that the teacher entered in nbgrader and
        that were kept, questions whose points changed, and grades that the gradebook cannot store.
    """

    path: Path
    added: int
    replaced: int
    notes: tuple


def write_gradebook(grades, path):
    """Write grades to nbgrader's gradebook: all of them or, if there is an error, none.

    Missing assignments and students are added in the same way as by nbgrader's own ``generate_assignment`` and
    ``autograde``. A grade replaces the judge's previous grade for the same student and assignment; the points, extra
    credit and comments that a teacher entered in nbgrader are kept. The grade's override or comment is entered as if
    the teacher had typed it there, unless there already is one. From then on it belongs to nbgrader and must be
    changed there.

    Parameters
    ----------
    grades : iterable of Grade
        If there are several for the same student and assignment, the last one counts.
    path : str or pathlib.Path
        ``gradebook.db`` or ``sqlite:///gradebook.db``; created if it does not exist.

    Returns
    -------
    Written

    Raises
    ------
    GradebookError
        If nbgrader is not installed, the file is not a gradebook, or it cannot be written.
    """
    file = gradebook_file(path)
    notes, classes = [], {}
    for grade in grades:
        problem = unfit(grade)
        if problem:
            notes.append(f"{grade.source!r}: {problem}, so this grade is not in the gradebook.")
        else:
            classes.setdefault(grade.assignment, {})[grade.student] = grade
    added = 0
    with _transaction(file) as session:
        for stem, by_student in sorted(classes.items()):
            notebook = gradebook_rows.notebook_of(session, stem, by_student.values(), notes)
            added += gradebook_rows.add_submissions(session, notebook, by_student, file.parent / "submitted")
            gradebook_rows.set_scores(session, notebook, by_student, notes)
            gradebook_rows.set_comments(session, notebook, by_student, notes)
    return Written(file, added, sum(map(len, classes.values())) - added, tuple(notes))


def read_overrides(path):
    """The points and comments that teachers entered in nbgrader by hand.

    Parameters
    ----------
    path : str or pathlib.Path
        As for `write_gradebook`.

    Returns
    -------
    dict of (str, str, str) to (float or None, str)
        Points and comment by student, exercise and question, in the form that `Grade.with_overrides` expects; empty if
        there is no such file. Extra credit exists only in nbgrader and is not included.

    Raises
    ------
    GradebookError
        If nbgrader is not installed, or the file is not a gradebook.
    """
    file = gradebook_file(path)
    if not _is_there(file):
        return {}
    points, comments = {}, {}
    with session_of(file) as session:
        from nbgrader import api

        for model, value, entered in ((api.Grade, "manual_score", points), (api.Comment, "manual_comment", comments)):
            column = getattr(model, value)
            rows = session.query(api.SubmittedAssignment.student_id, api.Notebook.name, api.BaseCell.name, column)
            rows = rows.select_from(model).join(api.SubmittedNotebook).join(api.SubmittedAssignment)
            rows = rows.join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            rows = rows.join(api.BaseCell, api.BaseCell.id == model.cell_id)
            for student, stem, name, content in rows.filter(column.is_not(None)):
                if content != "":  # formgrader leaves an empty string when a comment is deleted
                    entered[student, stem, name.removeprefix(CHECK)] = content
    return {key: (points.get(key), comments.get(key, "")) for key in (points | comments)}


def unfit(grade):
    """Why nbgrader cannot store this grade, or None."""
    if not grade.assignment:
        return "it is not known which exercise it belongs to"
    for name in (grade.student, grade.assignment):
        if not name.isprintable() or set("/\\") & set(name) or name.startswith(".") or not name.strip():
            return f"nbgrader makes a folder for each name, and {name!r} cannot be the name of one"
        if len(name) > LONGEST_NAME:
            return f"the name {name!r} has {len(name)} characters, and nbgrader allows at most {LONGEST_NAME}"
    return None


# --- the file ---------------------------------------------------------------------------------------------------


def gradebook_file(path):
    """The file to which a path or an SQLite URL refers."""
    text = str(path)
    if text.startswith("sqlite:///"):
        return Path(text.removeprefix("sqlite:///"))
    if "://" in text:
        raise GradebookError(f"gradebook: {text} is not an SQLite file; wanted gradebook.db or sqlite:///gradebook.db.")
    return Path(path)


def _is_there(file):
    """Whether the gradebook exists; an empty file does not count, and any other content must not be overwritten."""
    if not file.exists() or (file.is_file() and not file.stat().st_size):
        return False
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as database:
            tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as problem:
        raise GradebookError(f"{file}: it cannot be read as a gradebook ({problem}).") from None
    if not {"assignment", "grade", "submitted_notebook"} <= tables:
        raise GradebookError(f"{file}: it is a database, but not one of nbgrader's gradebooks.")
    return True


@contextmanager
def _transaction(file):
    """A session whose changes are written to the gradebook all together, or not at all."""
    if _is_there(file):
        with session_of(file) as session:
            # From here on nobody else can write, so what is read below is still true when it is written back.
            session.connection().exec_driver_sql("BEGIN IMMEDIATE")
            yield session
            session.commit()
        return
    with tempfile.TemporaryDirectory() as folder:  # SQLite keeps a journal beside it, which must not remain
        new = Path(folder, file.name)
        with session_of(new) as session:
            yield session
            session.commit()
        try:
            files.write(file, new.read_bytes())
        except OSError as problem:
            raise GradebookError(f"{file}: it cannot be written ({problem.strerror}).") from None


@contextmanager
def session_of(file):
    """A session of nbgrader's gradebook; changes that are not committed are discarded at its end."""
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
        raise GradebookError(f"{file}: the gradebook was not changed ({problem.orig}{advice}).") from None


@contextmanager
def _programs_beside_python():
    """Put this interpreter's folder on the path, because nbgrader starts ``alembic``, which is there, by its name."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
