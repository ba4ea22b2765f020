"""nbgrader works on the same files, and gives the same marks as the course's own judge."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from two_lessons import TWO, on_two_lessons

from lstm_course import lessons, questions
from lstm_course.grading.submission import check_notebook

pytest.importorskip("nbgrader")

from nbgrader.api import Gradebook  # noqa: E402
from nbgrader.apps import NbGraderAPI  # noqa: E402
from nbgrader.validator import Validator  # noqa: E402
from traitlets.config import Config  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # its own warnings, about the libraries it uses
ASSIGNMENT, OTHER = (lesson.stem for lesson in TWO)
ASKED = {
    stem: {question.id: question for question in questions.of_lesson(stem) if question.points}
    for stem in (ASSIGNMENT, OTHER)
}
SOLUTIONS = lessons.course_root() / "solutions"
EXERCISES = lessons.course_root() / "exercises"

OFF_BY_ONE = """{own}

_own = {name}


def {name}(*given, **named):
    made = _own(*given, **named)
    return tuple(part + 1 for part in made) if isinstance(made, tuple) else made + 1
"""


def own_answers(stem):
    """The course's own, as learners would write them."""
    solved = nbformat.read(SOLUTIONS / f"{stem}.ipynb", as_version=4)
    return {cell.id: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source) for cell in solved.cells}


def wrong_answers(stem):
    """Every function gives other values than it should, and every choice is another letter than the right one."""
    own = own_answers(stem)
    return {
        name: f'{question.name} = "{min(set(question.options) - {question.right})}"'
        if isinstance(question, questions.Choice)
        else OFF_BY_ONE.format(own=own[name], name=question.name)
        for name, question in ASKED[stem].items()
    }


SUBMISSIONS = {  # answers that are not the course's own, by exercise and student; None leaves the stub
    (ASSIGNMENT, "right"): {},
    (ASSIGNMENT, "blank"): dict.fromkeys(ASKED[ASSIGNMENT]),
    (ASSIGNMENT, "one_wrong"): {"04-run-cell": "def run_cell(*arrays):\n    return arrays[0], arrays[1]"},
    (ASSIGNMENT, "one_raises"): {"04-main-role": "raise RuntimeError('I do not know')"},
    (OTHER, "right"): {},
    (OTHER, "blank"): dict.fromkeys(ASKED[OTHER]),
    (OTHER, "all_wrong"): wrong_answers(OTHER),
}
by_submission = pytest.mark.parametrize(("stem", "student"), SUBMISSIONS, ids=lambda name: name)


def filled(stem, answers):
    """The exercise, with the course's own answers but for those given."""
    notebook = nbformat.read(EXERCISES / f"{stem}.ipynb", as_version=4)
    own = own_answers(stem)
    for cell in notebook.cells:
        if cell.id in ASKED[stem] and answers.get(cell.id, "") is not None:
            cell.source = answers.get(cell.id, own[cell.id])
    return notebook


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A teacher's folder: solved notebooks as sources, one submission a student, and nbgrader's database."""
    root = tmp_path_factory.mktemp("course")
    for stem in ASKED:
        source = root / "source" / stem
        source.mkdir(parents=True)
        shutil.copy(SOLUTIONS / f"{stem}.ipynb", source)
    for (stem, student), answers in SUBMISSIONS.items():
        path = submitted(root, stem, student)
        path.parent.mkdir(parents=True)
        nbformat.write(filled(stem, answers), path)
    return root


def submitted(course, stem, student):
    return course / "submitted" / student / stem / f"{stem}.ipynb"


@pytest.fixture(scope="module")
def nbgrader(course):
    patch = pytest.MonkeyPatch()
    # nbgrader calls `alembic` by name, which is beside this interpreter whether or not its environment is active.
    patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "lstm"
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    config.Exchange.root = str(course / "exchange")
    config.Execute.timeout = 120
    yield NbGraderAPI(config=config)
    patch.undo()


@pytest.fixture(scope="module")
def released(nbgrader, course):
    for stem in ASKED:
        done = nbgrader.generate_assignment(stem)
        assert done["success"], done["log"]
    return course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


@pytest.fixture(scope="module")
def marks(nbgrader, released, course):
    """Points of each submission by question, from nbgrader's gradebook."""
    found = {}
    for submission in SUBMISSIONS:
        done = nbgrader.autograde(*submission)
        assert done["success"], done["log"]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for stem, student in SUBMISSIONS:
            notebook = gradebook.find_submission_notebook(stem, stem, student)
            found[stem, student] = {grade.name.removeprefix("check-"): grade.score for grade in notebook.grades}
    return found


# --- validate, as a learner or a teacher would ------------------------------------------------------------------


@on_two_lessons
def test_a_solved_notebook_validates(lesson):
    assert Validator().validate(str(SOLUTIONS / f"{lesson.stem}.ipynb")) == {}


@on_two_lessons
def test_a_blank_one_is_told_what_is_missing_and_nothing_else(lesson):
    result = Validator().validate(str(EXERCISES / f"{lesson.stem}.ipynb"))
    assert list(result) == ["failed"]
    asked = [question for question in questions.of_lesson(lesson) if question.points]
    assert len(result["failed"]) == len(asked)
    for question, failure in zip(asked, result["failed"], strict=True):
        assert failure["source"] == f'check("{question.id}", {question.name})'
        said = re.sub("<[^>]*>", "", failure["error"]).strip()
        assert said.endswith(f"AssertionError: {question.id}: Not written yet.")


@by_submission
def test_validate_fails_what_we_give_no_points(stem, student, course):
    path = submitted(course, stem, student)
    failed = [failure["source"] for failure in Validator().validate(str(path)).get("failed", [])]
    assert failed == [
        f'check("{verdict.question}", {ASKED[stem][verdict.question].name})'
        for verdict in check_notebook(path).questions
        if not verdict.earned
    ]


# --- generate_assignment and autograde, as a teacher would ------------------------------------------------------


def test_nbgrader_makes_an_exercise_of_the_same_notebook(released):
    text = released.read_text(encoding="utf-8")
    assert "SOLUTION" not in text and "np.concatenate([h, x], axis=1)\\n    z" not in text
    ours = nbformat.read(EXERCISES / f"{ASSIGNMENT}.ipynb", as_version=4)
    theirs = nbformat.read(released, as_version=4)
    assert [cell.id for cell in theirs.cells] == [cell.id for cell in ours.cells]
    for mine, other in zip(ours.cells, theirs.cells, strict=True):
        if mine.id not in ASKED[ASSIGNMENT]:
            assert mine.source == other.source


def test_its_stubs_are_blanks(released):
    report = check_notebook(released)
    assert {verdict.verdict for verdict in report.questions} == {"blank"} and report.notes == ()


def test_the_gradebook_knows_the_points(nbgrader, released, course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for stem, asked in ASKED.items():
            assignment = gradebook.find_assignment(stem)
            assert assignment.max_score == sum(question.points for question in asked.values())


@by_submission
def test_nbgrader_gives_the_marks_that_we_give(stem, student, marks, course):
    report = check_notebook(submitted(course, stem, student))
    ours = {verdict.question: verdict.earned for verdict in report.questions}
    assert marks[stem, student] == ours
    missed = SUBMISSIONS[stem, student]
    assert ours == {name: 0 if name in missed else question.points for name, question in ASKED[stem].items()}


def test_the_reason_stands_in_the_graded_notebook(marks, course):
    path = course / "autograded" / "one_wrong" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    graded = json.loads(path.read_text(encoding="utf-8"))
    (check,) = (cell for cell in graded["cells"] if cell.get("id") == "check-04-run-cell")
    (output,) = check["outputs"]
    assert output["ename"] == "AssertionError" and output["evalue"].startswith("04-run-cell: ")
    assert "differs at time step" in output["evalue"]
