"""An exercise goes through nbgrader's exchange and comes back graded: teacher and student on one machine."""

import os
import re
import sys
from pathlib import Path

import nbformat
import pytest

from lstm_course import lessons
from lstm_course.classroom.for_nbgrader.gradebook import write_gradebook
from lstm_course.classroom.records import Grade, QuestionGrade
from lstm_course.grading.submission import check_notebook

pytest.importorskip("nbgrader")

from nbgrader.api import Gradebook  # noqa: E402
from nbgrader.apps import NbGraderAPI  # noqa: E402
from nbgrader.auth import Authenticator  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from nbgrader.exchange import default  # noqa: E402
from traitlets.config import Config  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(os.name != "posix", reason="nbgrader's exchange needs a system with users and groups"),
]
STEM = "04_gates"
ROOT = lessons.course_root()
ANSWERS = {  # one right, one wrong; the rest is left as it was
    "04-cell-state": "def next_cell_state(i, f, g, c):\n    return f * c + i * g",
    "04-forget-gate": "def forget_gate(h, x, W_f, b_f):\n"
    "    return np.tanh(np.concatenate([h, x], axis=1) @ W_f.T + b_f)",
}


def config(root, folder, **course):
    made = Config()
    made.CourseDirectory.root = str(folder)
    made.CourseDirectory.course_id = "lstm"
    made.Exchange.root = str(root / "exchange")
    made.Exchange.cache = str(folder / "cache")
    made.Exchange.assignment_dir = str(folder)
    made.CourseDirectory.update(course)
    return made


def done(result):
    assert result["success"], result["log"]


def as_student(step, root):
    """One of the student's buttons: fetch, submit, fetch the feedback."""
    settings = config(root, root / "ada", student_id="ada", assignment_id=STEM)
    directory = CourseDirectory(config=settings)
    step(coursedir=directory, authenticator=Authenticator(config=settings), config=settings).start()


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Everything that teacher and student leave behind, from the release to the feedback."""
    root = tmp_path_factory.mktemp("nbgrader")
    (root / "exchange").mkdir()
    (root / "exchange").chmod(0o777)
    (root / "ada").mkdir()
    class_folder = root / "class"
    for folder, step in (("solutions", "source"), ("exercises", "release")):
        (class_folder / step / STEM).mkdir(parents=True)
        content = (ROOT / folder / f"{STEM}.ipynb").read_bytes()
        (class_folder / step / STEM / f"{STEM}.ipynb").write_bytes(content)
    patch = pytest.MonkeyPatch()
    patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    try:
        teacher = NbGraderAPI(config=config(root, class_folder))
        # The exercise is handed out as it is; the gradebook knows it since a grade of it was written.
        write_gradebook([Grade("boris", STEM, "nothing handed in", "unreadable")], class_folder / "gradebook.db")
        done(teacher.release_assignment(STEM))
        as_student(default.ExchangeFetchAssignment, root)
        answer(root / "ada" / STEM / f"{STEM}.ipynb")
        as_student(default.ExchangeSubmit, root)
        done(teacher.collect(STEM))
        done(teacher.autograde(STEM, "ada"))
        done(teacher.generate_feedback(STEM, "ada"))
        done(teacher.release_feedback(STEM, "ada"))
        as_student(default.ExchangeFetchFeedback, root)
    finally:
        patch.undo()
    return root


def answer(path):
    exercise = ROOT / "exercises" / path.name
    assert path.read_bytes() == exercise.read_bytes()  # what the student fetched is the course's own file
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = ANSWERS.get(cell.id, cell.source)
    nbformat.write(notebook, path)


def marks(root):
    with Gradebook(f"sqlite:///{root / 'class' / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(STEM, STEM, "ada")
        return {grade.name.removeprefix("check-"): grade.auto_score for grade in notebook.grades}


def test_what_was_collected_has_the_points_that_we_give(root):
    report = check_notebook(root / "class" / "submitted" / "ada" / STEM / f"{STEM}.ipynb")
    ours = {verdict.question: verdict.earned for verdict in report.questions}
    assert marks(root) == ours and sum(ours.values()) == 1


def test_the_student_has_feedback_with_the_reason(root):
    (page,) = (root / "ada" / STEM / "feedback").glob(f"*/{STEM}.html")
    text = re.sub("<[^>]*>", "", page.read_text(encoding="utf-8"))
    assert "Score: 1.0 / 14.0" in text
    assert re.search("AssertionError: 04-forget-gate: .*sigmoid", text)


def test_our_grades_take_the_place_of_nbgraders_and_formgrader_knows_when_it_was_handed_in(root):
    book = root / "class" / "gradebook.db"
    report = check_notebook(root / "class" / "submitted" / "ada" / STEM / f"{STEM}.ipynb")
    asked = [
        QuestionGrade(one.question, one.verdict, one.earned, one.possible, one.message) for one in report.questions
    ]
    before = marks(root)
    written = write_gradebook([Grade("ada", STEM, "", "graded", tuple(asked))], book)
    assert (written.added, written.replaced, written.notes) == (0, 1, ())
    assert marks(root) == before
    teacher = NbGraderAPI(config=config(root, root / "class"))
    shown = {one["student"]: one for one in teacher.get_submissions(STEM)}
    assert shown["ada"]["autograded"] and shown["ada"]["score"] == 1 and shown["ada"]["timestamp"]
    assert shown["boris"]["needs_manual_grade"]
