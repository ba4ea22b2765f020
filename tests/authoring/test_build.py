"""Building exercises from solved notebooks."""

import copy
import dataclasses
import json
import re
import shutil

import pytest
from two_lessons import GATES, TWO

from lstm_course import lessons, questions
from lstm_course.authoring import notebooks
from lstm_course.authoring.build import STUB, blanked, build, filled, lesson_table

LESSON = GATES
by_lesson = pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.stem)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of two lessons: a copy of what `build` reads and writes, with tables of these two."""
    root = lessons.course_root()
    files = [f"{folder}/{lesson.stem}.ipynb" for folder in ("solutions", "exercises") for lesson in TWO]
    for name in [*files, "notebooks/start.ipynb", "README.md"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(root / name, tmp_path / name)
    monkeypatch.setattr(lessons, "LESSONS", TWO)
    tables = [tmp_path / "README.md", tmp_path / "notebooks" / "start.ipynb"]
    assert sorted(build(tmp_path)) == tables  # the exercises are those of the course, byte for byte
    return tmp_path


@pytest.fixture
def solved():
    return notebooks.read(lessons.course_root() / "solutions" / f"{LESSON.stem}.ipynb")


def cell(notebook, name):
    (found,) = (each for each in notebook.cells if each.id == name)
    return found


def files(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# --- the files of the course ------------------------------------------------------------------------------------


def test_what_is_stored_is_what_build_makes():
    changed = build(lessons.course_root(), check=True)
    # test_slides.py looks after the lessons.
    changed = [path for path in changed if not (path.parent.name == "notebooks" and path.stem[0].isdigit())]
    assert not changed, f"run `lstm-course build`; these differ: {', '.join(path.name for path in changed)}"


def test_building_twice_changes_nothing(course):
    for path in (course / "exercises").glob("*.ipynb"):
        path.unlink()
    changed = build(course)
    assert {path.name for path in changed} >= {f"{lesson.stem}.ipynb" for lesson in lessons.LESSONS}
    before = files(course)
    assert build(course) == [] and files(course) == before


def test_exercises_are_made_byte_for_byte(course):
    stored = files(course)
    shutil.rmtree(course / "exercises")
    (course / "exercises").mkdir()
    build(course)
    assert files(course) == stored


def test_checking_writes_nothing(course):
    path = course / "exercises" / f"{LESSON.stem}.ipynb"
    path.write_text("{}")
    before = files(course)
    assert build(course, check=True) == [path]
    assert files(course) == before


def test_a_changed_exercise_is_made_anew(course):
    path = course / "exercises" / f"{LESSON.stem}.ipynb"
    wanted = path.read_bytes()
    path.write_bytes(wanted.replace(b"hidden", b"hiddden"))
    assert build(course) == [path] and path.read_bytes() == wanted


def test_tables_of_lessons_are_written_into_the_readme_and_the_start_page(course):
    readme = course / "README.md"
    text = readme.read_text(encoding="utf-8")
    table = lesson_table("notebooks/")
    assert table in text
    readme.write_text(text.replace(table, "| an old table |\n"), encoding="utf-8")
    assert build(course) == [readme] and readme.read_text(encoding="utf-8") == text
    assert all(lesson.title in table and f"({lesson_path(lesson)})" in table for lesson in lessons.LESSONS)


def lesson_path(lesson):
    return f"notebooks/{lesson.stem}.ipynb"


# --- the exercise -----------------------------------------------------------------------------------------------


@by_lesson
def test_an_exercise_holds_nothing_of_the_solution(lesson):
    root = lessons.course_root()
    source = notebooks.read(root / "solutions" / f"{lesson.stem}.ipynb")
    text = (root / "exercises" / f"{lesson.stem}.ipynb").read_text(encoding="utf-8")
    assert "SOLUTION" not in text
    exercise = notebooks.read(root / "exercises" / f"{lesson.stem}.ipynb")
    code = "\n".join(each.source for each in exercise.cells if each.cell_type == "code")
    block, found = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL), 0
    # An exercise that repairs broken code shares lines with it, and learners are meant to see those.
    provided = {line.strip() for each in source.cells for line in block.sub("", each.source).splitlines()}
    for each in source.cells:
        for part in block.findall(each.source):
            found += 1
            for line in filter(None, map(str.strip, part.splitlines())):
                # Short lines may occur in the stub too and give nothing away.
                assert line not in code or len(line) < 12 or line in provided, line
    assert found == sum(question.points > 0 for question in questions.of_lesson(lesson))


@pytest.mark.slow
@by_lesson
def test_an_exercise_has_no_outputs_and_runs_to_its_end(lesson, capsys):
    exercise = notebooks.read(lessons.course_root() / "exercises" / f"{lesson.stem}.ipynb")
    names = {}
    for each in exercise.cells:
        if each.cell_type == "code":
            assert each.outputs == [] and each.execution_count is None
            exec(compile(each.source, each.id, "exec"), names)
    out, err = capsys.readouterr()
    assert err == "" and out.count("Not written yet") == sum(q.points > 0 for q in questions.of_lesson(lesson))


@by_lesson
def test_cells_carry_what_nbgrader_needs(lesson):
    exercise = notebooks.read(lessons.course_root() / "exercises" / f"{lesson.stem}.ipynb")
    asked = {question.id: question for question in questions.of_lesson(lesson) if question.points}
    roles = {each.id: each.metadata.nbgrader for each in exercise.cells if "nbgrader" in each.metadata}
    for name, question in asked.items():
        assert (roles[name].solution, roles[name].grade, roles[name].locked) == (True, False, False)
        check = roles[f"check-{name}"]
        assert (check.solution, check.grade, check.locked, check.points) == (
            False,
            True,
            True,
            question.points,
        )
        assert cell(exercise, f"check-{name}").source == f'check("{name}", {question.name})'
    given = set(roles) - set(asked) - {f"check-{name}" for name in asked}  # the set-up, and parts that answers may use
    assert f"{lesson.number}-setup" in given
    for name in given:
        assert (roles[name].solution, roles[name].grade, roles[name].locked) == (False, False, True)


@by_lesson
def test_points_hints_and_choices_come_from_the_questions(lesson):
    exercise = notebooks.read(lessons.course_root() / "exercises" / f"{lesson.stem}.ipynb")
    for question in questions.of_lesson(lesson):
        if question.points:
            hints = cell(exercise, f"hints-{question.id}").source
            assert all(hint in hints for hint in question.hints) and hints.count("<details>") == 3
            assert f"Worth {question.points} point" in hints
        if question.points and isinstance(question, questions.Choice):
            choice = cell(exercise, f"choice-{question.id}").source
            assert question.text in choice
            assert all(f"**{letter})** {option.text}" in choice for letter, option in question.options.items())
            assert not any(option.why in choice for option in question.options.values())


def test_a_stub_stands_where_the_solution_stood(solved):
    one = cell(solved, "04-forget-gate")
    secret = "    ### BEGIN SOLUTION\n    a += 1\n\n    b = a\n    ### END SOLUTION\n"
    one.source = f"def f(x):\n    a = 1\n{secret}    return a"
    choice = cell(solved, "04-main-role")
    choice.source = 'role = ""\n### BEGIN SOLUTION\nrole = "c"\n### END SOLUTION'
    one.outputs, one.execution_count = [{"output_type": "stream", "name": "stdout", "text": "secret"}], 3
    blank = blanked(solved)
    assert cell(blank, "04-forget-gate").source == f"def f(x):\n    a = 1\n{STUB.format('    ')}    return a"
    assert cell(blank, "04-main-role").source == 'role = ""'
    assert cell(blank, "04-forget-gate").outputs == []
    assert one.outputs, "the solved notebook itself is left alone"


def test_two_solutions_in_one_cell_are_both_left_out(solved):
    one = cell(solved, "04-forget-gate")
    one.source = "\n".join(["### BEGIN SOLUTION\nsecret = 1\n### END SOLUTION\nkept = 2"] * 2)
    source = cell(blanked(solved), "04-forget-gate").source
    assert "secret" not in source and source.count("kept = 2") == 2


# --- notebooks that do not fit the questions --------------------------------------------------------------------


def without(name):
    def change(notebook):
        notebook.cells = [each for each in notebook.cells if each.id != name]

    return change


def double(name):
    def change(notebook):
        again = copy.deepcopy(cell(notebook, name))
        again.id = "again"
        notebook.cells.append(again)

    return change


def rename(name, new):
    def change(notebook):
        cell(notebook, name).metadata.nbgrader.grade_id = new

    return change


@pytest.mark.parametrize(
    "change, message",
    [
        (without("04-cell-state"), "'04-cell-state' has 0 solution cells; wanted exactly one"),
        (without("check-04-cell-state"), "'04-cell-state' has 0 grade cells; wanted exactly one"),
        (double("04-cell-state"), "'04-cell-state' has 2 solution cells; wanted exactly one"),
        (double("check-04-cell-state"), "'04-cell-state' has 2 grade cells; wanted exactly one"),
        (
            rename("04-cell-state", "04-cel-state"),
            "a solution cell has the id '04-cel-state', which is no question with points",
        ),
        (
            rename("check-04-cell-state", "check-04-cel-state"),
            "a grade cell has the id '04-cel-state', which is no question with points",
        ),
        (
            rename("04-cell-state", "04-predict-leaky"),
            "a solution cell has the id '04-predict-leaky', which is no question with points",
        ),
    ],
)
def test_a_notebook_that_does_not_fit_its_questions_is_one_sentence(change, message, course):
    path = course / "solutions" / f"{LESSON.stem}.ipynb"
    notebook = notebooks.read(path)
    change(notebook)
    notebooks.write(notebook, path)
    before = files(course)
    with pytest.raises(ValueError) as problem:
        build(course)
    assert str(problem.value) == f"solutions/{LESSON.stem}.ipynb: {message}"
    assert files(course) == before, "nothing is written when something is wrong"


def test_a_solution_that_a_mistake_no_longer_fits_is_one_sentence(course):
    path = course / "solutions" / f"{LESSON.stem}.ipynb"
    notebook = notebooks.read(path)
    one = cell(notebook, "04-cell-state")
    one.source = one.source.replace("f * c + i * g", "i * g + f * c")
    notebooks.write(notebook, path)
    before = files(course)
    with pytest.raises(
        ValueError, match=r"^solutions/04_gates.ipynb: '04-cell-state', mistake 'tanh on the cell state': "
    ):
        build(course)
    assert files(course) == before


# --- versions ---------------------------------------------------------------------------------------------------


def version(notebook):
    return filled(notebook, LESSON).metadata["lstm_course"]["version"]


def test_the_version_is_said_in_the_first_cell_and_in_the_metadata():
    exercise = notebooks.read(lessons.course_root() / "exercises" / f"{LESSON.stem}.ipynb")
    stored = exercise.metadata["lstm_course"]
    assert stored["exercise"] == LESSON.stem and re.fullmatch("[0-9a-f]{12}", stored["version"])
    assert f'exercise("{LESSON.stem}", version="{stored["version"]}")' in cell(exercise, "04-setup").source


@pytest.mark.parametrize(
    "name, old, new",
    [
        ("title", "exercises", "small exercises"),
        ("04-forget-gate", "The forget gate (N, H) of one step", "The gate of one step"),
        ("04-setup", "import numpy as np", "import numpy"),
    ],
    ids=["prose", "stub", "setup"],
)
def test_the_version_changes_with_what_a_learner_reads(name, old, new, solved):
    before = version(solved)
    assert old in cell(solved, name).source
    cell(solved, name).source = cell(solved, name).source.replace(old, new)
    assert version(solved) != before


@pytest.mark.parametrize("part", ["hints", "points"])
def test_the_version_changes_with_what_the_question_owns(part, solved, monkeypatch):
    before = version(solved)
    asked = questions.of_lesson(LESSON)
    changed = dataclasses.replace(asked[0], **{part: ("One.", "Two.", "Three.") if part == "hints" else 9})
    monkeypatch.setattr("lstm_course.authoring.build.questions.of_lesson", lambda lesson: (changed, *asked[1:]))
    assert version(solved) != before


def outputs(notebook):
    for each in notebook.cells:
        if each.cell_type == "code":
            each.outputs, each.execution_count = (
                [{"output_type": "stream", "name": "stdout", "text": "run"}],
                5,
            )


def solution(notebook):
    one = cell(notebook, "04-cell-state")
    one.source = re.sub(r"    return .*", "    return sum([i * g, f * c])", one.source)


def identifiers(notebook):
    for place, each in enumerate(notebook.cells):
        each.id = f"other-{place}"


def own_version(notebook):
    notebook.metadata["lstm_course"]["version"] = "of long ago"
    setup = cell(notebook, "04-setup")
    setup.source = re.sub('version="[^"]*"', 'version="0123456789ab"', setup.source)


@pytest.mark.parametrize("change", [outputs, solution, identifiers, own_version], ids=lambda change: change.__name__)
def test_the_version_does_not_change_with_anything_else(change, solved):
    before = version(solved)
    stored = json.dumps(solved)
    change(solved)
    assert json.dumps(solved) != stored and version(solved) == before
