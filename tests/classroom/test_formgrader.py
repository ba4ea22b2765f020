"""The pages that formgrader shows: the learner's code, the judge's words, and nothing that a browser would run."""

import json
import os
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from lstm_course import lessons
from lstm_course.classroom.for_nbgrader.formgrader import lay_out
from lstm_course.classroom.for_nbgrader.gradebook import write_gradebook
from lstm_course.classroom.records import Grade, QuestionGrade, Submission
from lstm_course.grading.notebook_file import examine

pytest.importorskip("nbgrader")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # nbgrader's own, about the libraries it uses

STEM, FIRST, SECOND = "04_gates", "04-forget-gate", "04-cell-state"
EVIL = "<img src=x onerror=alert(1)>"


def exercise():
    return nbformat.read(lessons.course_root() / "exercises" / f"{STEM}.ipynb", as_version=4)


def handed_in(notebook, student="ada"):
    content = notebook if isinstance(notebook, bytes) else nbformat.writes(notebook).encode()
    return Submission(student, STEM, f"{student}/{STEM}.ipynb", content, notebook=examine(content))


def graded(student="ada", **of_first):
    first = QuestionGrade(FIRST, "wrong", 0, 2, "use the `sigmoid`", **of_first)
    return Grade(student, STEM, "", "graded", (first, QuestionGrade(SECOND, "unjudged", 0, 1, "")), possible=14)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("class") / "gradebook.db"
    write_gradebook([graded()], path)
    return path


def page(book, submission, grade=None):
    """The cells of the one page, as (name, source, printed)."""
    assert lay_out([submission], [grade or graded()], book) == 1
    path = book.parent / "autograded" / "ada" / STEM / f"{STEM}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return [
        (
            cell.metadata.get("nbgrader", {}).get("grade_id", ""),
            cell.source,
            "".join(output.text for output in cell.get("outputs", [])),
        )
        for cell in notebook.cells
    ]


def test_the_answer_stands_in_its_place_and_the_verdict_under_its_check(book):
    notebook = exercise()
    next(cell for cell in notebook.cells if cell.id == FIRST).source = "def forget_gate(): pass"
    cells = page(book, handed_in(notebook))
    assert [source for name, source, _ in cells if name == FIRST] == ["def forget_gate(): pass"]
    printed = {name: text for name, _, text in cells}
    assert printed[f"check-{FIRST}"] == "Not yet · 0 of 2 points\nuse the sigmoid\n"
    assert printed[f"check-{SECOND}"] == "Could not be judged · 0 of 1 points\n"
    assert [name for name, _, _ in cells if name] == [
        cell.metadata.nbgrader.grade_id for cell in exercise().cells if "nbgrader" in cell.metadata
    ]


def test_cells_of_their_own_are_shown_where_they_stood_and_cells_of_ours_as_we_made_them(book):
    notebook = exercise()
    place = next(k for k, cell in enumerate(notebook.cells) if cell.id == FIRST)
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell("helper = 1"))
    notebook.cells[1].source = "import evil"
    sources = [source for _, source, _ in page(book, handed_in(notebook))]
    assert sources[place + 1] == "helper = 1" and "import evil" not in sources


def test_nothing_of_theirs_is_shown_but_code_as_text(book):
    notebook = exercise()
    notebook.cells[0].source = EVIL
    notebook.cells.append(nbformat.v4.new_markdown_cell(EVIL))
    answer = next(cell for cell in notebook.cells if cell.id == FIRST)
    answer.outputs = [nbformat.v4.new_output("display_data", {"text/html": EVIL})]
    answer.metadata.evil = EVIL
    notebook.metadata.kernelspec.name = EVIL
    lay_out([handed_in(notebook)], [graded()], book)
    text = (book.parent / "autograded" / "ada" / STEM / f"{STEM}.ipynb").read_text(encoding="utf-8")
    assert "onerror" not in text


def test_an_answer_twice_is_shown_twice(book):
    notebook = exercise()
    place = next(k for k, cell in enumerate(notebook.cells) if cell.id == FIRST)
    again = nbformat.from_dict({**notebook.cells[place], "id": "again", "source": "second = 2"})
    notebook.cells.append(again)
    assert "second = 2" in [source for _, source, _ in page(book, handed_in(notebook))]


def test_what_cannot_be_read_is_a_page_that_says_so(book):
    unreadable = Grade("ada", STEM, "", "unreadable", notes=("It is not a Jupyter notebook.",))
    cells = page(book, Submission("ada", STEM, "", b"{", problem="It is not a Jupyter notebook."), unreadable)
    printed = {name: text for name, _, text in cells}
    assert printed[f"check-{FIRST}"] == "Could not be judged. It is not a Jupyter notebook.\n"


def test_half_a_character_is_no_harm(book):
    notebook = json.loads(nbformat.writes(exercise()))
    next(cell for cell in notebook["cells"] if cell["id"] == FIRST)["source"] = 'name = "\ud800"'
    cells = page(book, handed_in(json.dumps(notebook).encode()))
    assert 'name = "?"' in [source for _, source, _ in cells]


def test_a_teachers_own_question_has_its_cells_at_the_end(book):
    own = QuestionGrade("04-own", "right", 4, 4, "")
    grade = replace(graded(), questions=(*graded().questions, own))
    notebook = exercise()
    roles = exercise().cells[3].metadata.nbgrader | {"grade_id": "04-own"}
    notebook.cells.insert(0, nbformat.v4.new_code_cell("own = 1", metadata={"nbgrader": roles}))
    cells = page(book, handed_in(notebook), grade)
    assert cells[-2:] == [("04-own", "own = 1", ""), ("check-04-own", "", "Right · 4 of 4 points\n")]


def test_the_folder_has_the_name_that_nbgrader_gives_the_assignment(book, tmp_path):
    again = Path(shutil.copy(book, tmp_path))
    with closing(sqlite3.connect(again)) as database:
        database.execute("UPDATE assignment SET name = 'week 4'")
        database.commit()
    lay_out([handed_in(exercise())], [graded()], again)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.ipynb")] == [
        "autograded/ada/week 4/04_gates.ipynb"
    ]


@pytest.mark.skipif(os.name != "posix", reason="makes a link")
def test_what_the_exchange_needs_to_return_it_lies_beside_it(book):
    submitted = book.parent / "submitted" / "ada" / STEM
    submitted.mkdir(parents=True)
    (submitted / "submission_secret.txt").write_text("secret", encoding="utf-8")
    (submitted / "timestamp.txt").symlink_to(book)  # what a link leads to is not the student's
    (submitted / "own.txt").write_text("mine", encoding="utf-8")
    page(book, handed_in(exercise()))
    folder = book.parent / "autograded" / "ada" / STEM
    assert {path.name for path in folder.iterdir()} == {f"{STEM}.ipynb", "submission_secret.txt"}
    assert (folder / "submission_secret.txt").read_text(encoding="utf-8") == "secret"
    shutil.rmtree(submitted)


def test_a_name_that_is_no_folder_gets_no_page(book):
    before = sorted(book.parent.rglob("*"))
    assert lay_out([handed_in(b"", "../eve")], [graded("../eve")], book) == 0
    assert sorted(book.parent.rglob("*")) == before


@pytest.mark.slow
def test_nbgrader_makes_feedback_of_it_and_lists_it(book, monkeypatch):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    page(book, handed_in(exercise()))
    config = Config()
    config.CourseDirectory.root = str(book.parent)
    api = NbGraderAPI(config=config)
    assert [one["student"] for one in api.get_notebook_submissions(STEM, STEM)] == ["ada"]
    done = api.generate_feedback(STEM, "ada")
    assert done["success"], done["log"]
    html = (book.parent / "feedback" / "ada" / STEM / f"{STEM}.html").read_text(encoding="utf-8")
    text = re.sub("<[^>]*>", "", html)
    assert "Not yet · 0 of 2 points" in text and "Score: 0.0 / 14.0" in text
