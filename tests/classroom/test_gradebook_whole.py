"""Grades go into nbgrader's gradebook all or not at all, and it is then as nbgrader itself would have made it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from a_gradebook import STEM, ask, content, graded, small_gradebook
from two_lessons import TWO

from lstm_course import lessons
from lstm_course.classroom.for_nbgrader import gradebook_rows
from lstm_course.classroom.for_nbgrader.gradebook import GradebookError, read_overrides, write_gradebook
from lstm_course.classroom.records import Grade

pytest.importorskip("nbgrader")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # its own warnings, about the libraries it uses


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return small_gradebook(tmp_path_factory.mktemp("made"))


@pytest.fixture
def book(made, tmp_path):
    return Path(shutil.copy(made, tmp_path))


# --- all or nothing ---------------------------------------------------------------------------------------------


def test_an_error_half_way_leaves_the_gradebook_as_it_was(book, monkeypatch):
    before = content(book)
    monkeypatch.setattr(gradebook_rows, "set_comments", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_gradebook([graded("ada", 0.5), graded("dina")], book)
    assert content(book) == before


@pytest.mark.slow
def test_an_error_half_way_makes_no_gradebook(tmp_path, monkeypatch):
    monkeypatch.setattr(gradebook_rows, "set_comments", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_gradebook([graded("ada")], tmp_path / "gradebook.db")
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from lstm_course.classroom.for_nbgrader import gradebook, gradebook_rows
from a_gradebook import graded

scores = gradebook_rows.set_scores

def spilling(session, *rest):
    session.connection().exec_driver_sql("PRAGMA cache_size = 1")  # what is written goes to the disk at once
    scores(session, *rest)

gradebook_rows.set_scores = spilling
gradebook_rows.set_comments = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
gradebook.write_gradebook([graded(f"student-{k}") for k in range(100)], sys.argv[1])
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
@pytest.mark.parametrize("there", [True, False])
def test_being_killed_half_way_leaves_the_gradebook_as_it_was(book, made, there, tmp_path_factory):
    if not there:
        book.unlink()
    elsewhere = tmp_path_factory.mktemp("temporary")  # where a new gradebook is made
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    here = {**os.environ, "PYTHONPATH": path, "TMPDIR": str(elsewhere)}
    run = subprocess.run([sys.executable, "-c", KILLED, book], env=here, capture_output=True, text=True)
    assert run.returncode == -9, run.stderr
    left = book.parent if there else elsewhere
    assert list(left.rglob("gradebook.db-journal"))  # it was killed in the middle of writing
    assert read_overrides(book) == {}
    assert book.exists() == there
    if there:
        assert content(book) == content(made)
    assert write_gradebook([graded("ada", 0.5)], book).added == (not there)
    assert [path.name for path in book.parent.iterdir()] == ["gradebook.db"]
    assert ask(book, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.slow
def test_while_another_program_writes_it_says_so(book):
    with closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(GradebookError, match="was not changed .*another program is writing to it"):
            write_gradebook([graded("ada")], book)


@pytest.mark.parametrize("text", ["These are my grades.\n" * 100, None])
def test_another_file_is_not_touched(tmp_path, text):
    path = tmp_path / "gradebook.db"
    if text:
        path.write_text(text, encoding="utf-8")
    else:
        ask(path, "CREATE TABLE marks (student TEXT)")
    before = path.read_bytes()
    for use in (read_overrides, lambda path: write_gradebook([graded("ada")], path)):
        with pytest.raises(GradebookError, match="gradebook"):
            use(path)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(GradebookError, match="none.gradebook.db: it cannot be written .No such file or directory"):
        write_gradebook([graded("ada")], tmp_path / "none" / "gradebook.db")


def test_a_url_of_sqlite_is_a_file_and_another_is_refused(book):
    assert write_gradebook([graded("ada")], f"sqlite:///{book}").path == book
    with pytest.raises(GradebookError, match="postgresql://there is not an SQLite file"):
        write_gradebook([], "postgresql://there")


def test_without_nbgrader_it_says_what_installs_it(book, monkeypatch):
    monkeypatch.setitem(sys.modules, "nbgrader", None)
    monkeypatch.setitem(sys.modules, "nbgrader.api", None)
    for use in (read_overrides, lambda path: write_gradebook([], path)):
        with pytest.raises(GradebookError, match="`make teach` installs it"):
            use(book)


@pytest.mark.slow
def test_without_programs_on_the_path_it_is_made_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    write_gradebook([], tmp_path / "gradebook.db")
    assert read_overrides(tmp_path / "gradebook.db") == {} and os.environ["PATH"] == ""


# --- the same as nbgrader's own ---------------------------------------------------------------------------------

CELLS = (
    "SELECT assignment.name, notebook.name, kernelspec, base_cell.name, base_cell.type, max_score, cell_type FROM "
    "base_cell JOIN notebook ON notebook.id = notebook_id JOIN assignment ON assignment.id = assignment_id "
    "LEFT JOIN grade_cells ON grade_cells.id = base_cell.id ORDER BY 2, 4, 5"
)
SOURCES = "SELECT name, cell_type, locked, source, checksum FROM source_cell ORDER BY name"


@pytest.mark.slow
def test_a_gradebook_is_the_same_whoever_makes_it(tmp_path, monkeypatch):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    api = NbGraderAPI(config=config)
    for lesson in TWO:
        source = tmp_path / "source" / lesson.stem
        source.mkdir(parents=True)
        shutil.copy(lessons.course_root() / "solutions" / f"{lesson.stem}.ipynb", source)
        done = api.generate_assignment(lesson.stem)
        assert done["success"], done["log"]
    blank = [Grade("ada", lesson.stem, "", "unreadable") for lesson in TWO]
    ours, theirs = tmp_path / "ours.db", tmp_path / "gradebook.db"
    write_gradebook(blank, ours)
    assert ask(ours, CELLS) == ask(theirs, CELLS) and ask(ours, SOURCES) == ask(theirs, SOURCES)

    before = ask(theirs, CELLS)
    write_gradebook([graded("ada")], theirs)
    assert ask(theirs, CELLS) == before
    done = api.generate_assignment(STEM)  # with a submission there, it refuses where cells differ
    assert done["success"], done["log"]
