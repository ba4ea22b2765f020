"""The assignments there are: the course's, and a teacher's own in a folder outside."""

import pytest
from own_questions import ALTERED, MIDTERM, exercise, folder_of
from two_lessons import TWO, on_two_lessons

from lstm_course import questions
from lstm_course.grading import notebook_file
from lstm_course.grading.bank import Bank

STEM, MINE = "04_gates", "30_midterm"


def asked(assignment):
    return [question.id for question in assignment.questions]


def whole(root):
    """A folder that changes a lesson and has an assignment of its own."""
    return folder_of(root, _04_gates=ALTERED, _30_midterm=MIDTERM) and folder_of(root, _30_midterm=exercise("", ""))


# --- the course's own -------------------------------------------------------------------------------------------


@on_two_lessons
def test_a_lesson_has_its_scored_questions_and_its_provided_cells(lesson):
    assignment = Bank().assignment(lesson.stem)
    assert asked(assignment) == [question.id for question in questions.of_lesson(lesson) if question.points]
    assert assignment.possible == sum(question.points for question in questions.of_lesson(lesson))
    assert assignment.version and assignment.provided and not set(assignment.provided) & set(asked(assignment))
    assert set(assignment.provided.values()) < set(assignment.templates)


@pytest.mark.parametrize("name", ["04", "4", "gates", "04_gates", "somewhere/04_gates.ipynb"])
def test_a_lesson_is_known_by_each_of_its_names(name):
    assert Bank().exercises.called(name) == STEM


def test_other_names_are_no_assignment():
    assert [Bank().exercises.called(name) for name in ("", None, "30_midterm", "notes", "..")] == [""] * 5


def test_two_banks_of_the_same_files_have_the_same_fingerprint_and_lessons_differ():
    stems = [lesson.stem for lesson in TWO]
    first, second = ([Bank().assignment(stem).fingerprint for stem in stems] for _ in range(2))
    assert first == second and len(set(first)) == len(stems)


# --- a teacher's own --------------------------------------------------------------------------------------------


def test_a_question_of_the_same_id_takes_the_place_and_another_is_asked_besides(tmp_path):
    course, own = Bank().assignment(STEM), Bank(whole(tmp_path)).assignment(STEM)
    assert asked(own) == [*asked(course), "04-more"]
    points = {question.id: question.points for question in own.questions}
    assert points["04-cell-state"] == 5 and own.possible == course.possible + 5
    assert own.fingerprint != course.fingerprint
    assert (own.provided, own.version, own.templates) == (course.provided, course.version, course.templates)


def test_a_lesson_that_the_folder_does_not_change_is_the_courses(tmp_path):
    own = Bank(whole(tmp_path))
    assert own.assignment("05_lstm_from_scratch") == Bank().assignment("05_lstm_from_scratch")
    assert own.exercises.called(MINE) == MINE


def test_an_assignment_of_ones_own_is_known_by_its_name_its_metadata_and_its_cells(tmp_path):
    bank = Bank(whole(tmp_path))
    assignment = bank.assignment(MINE)
    assert asked(assignment) == ["30-double", "30-pick"] and assignment.possible == 3 and assignment.version == "1"
    assert assignment.provided == {"30-setup": "import numpy as np\noffset = 0"}
    assert bank.exercises.called(MINE) == bank.exercises.called(f"somewhere/{MINE}.ipynb") == MINE
    assert bank.exercises.of(notebook_file.parse(exercise("", "").encode())) == MINE
    assert bank.exercises.of(notebook_file.parse(exercise("", "", stem="x").encode()), [MINE]) == MINE
    assert bank.exercises.of(notebook_file.parse(exercise("", "", stem="x").encode()), ["y"]) == MINE


def test_an_exercise_beside_the_changes_takes_the_place_of_the_courses(tmp_path):
    folder = folder_of(whole(tmp_path), _04_gates=exercise("", "", stem=STEM, setup="changed = 1", version="mine"))
    own = Bank(folder).assignment(STEM)
    assert own.version == "mine" and own.provided == {"30-setup": "changed = 1"}


@pytest.mark.parametrize("change", ["questions", "exercise"])
def test_the_fingerprint_changes_with_the_questions_and_with_the_exercise(change, tmp_path):
    folder = whole(tmp_path)
    before = Bank(folder).assignment(MINE).fingerprint
    assert Bank(folder).assignment(MINE).fingerprint == before
    if change == "questions":
        folder_of(folder, _30_midterm=MIDTERM.replace("2 * x", "3 * x"))
    else:
        folder_of(folder, _30_midterm=exercise("", "", setup="offset = 1"))
    assert Bank(folder).assignment(MINE).fingerprint != before


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, r"^questions: .* contains no file with a name such as 04_gates.py$"),
        ({"midterm": MIDTERM}, r"^questions: .* contains no file with a name such as 04_gates.py$"),
        ({"30_midterm": "def (:"}, r"^questions: 30_midterm.py does not run \(SyntaxError: "),
        ({"30_midterm": "1 / 0"}, r"^questions: 30_midterm.py does not run \(ZeroDivisionError: division by zero\)$"),
        ({"30_midterm": "import no_such_module"}, r"^questions: 30_midterm.py does not run \(ModuleNotFoundError: "),
        ({"30_midterm": "raise SystemExit('no')"}, r"^questions: 30_midterm.py does not run \(SystemExit: no\)$"),
        ({"30_midterm": ""}, r"^questions: 30_midterm.py defines no QUESTIONS; wanted a tuple of Question and Choice$"),
        ({"30_midterm": "QUESTIONS = ()"}, r"^questions: 30_midterm.py defines no QUESTIONS; wanted a tuple "),
        ({"30_midterm": "QUESTIONS = 5"}, r"^questions: 30_midterm.py defines no QUESTIONS; wanted a tuple "),
        ({"30_midterm": "QUESTIONS = 'DOUBLE'"}, r"^questions: 30_midterm.py defines no QUESTIONS; wanted a tuple "),
        ({"30_midterm": "QUESTIONS = (1, 2)"}, r"^questions: 30_midterm.py defines no QUESTIONS; wanted a tuple "),
        (
            {"30_midterm": MIDTERM + "QUESTIONS = DOUBLE"},
            r"^questions: 30_midterm.py defines no QUESTIONS; wanted a tuple ",
        ),
        ({"31_final": MIDTERM}, r"^questions: in 31_final.py every id must start with 31-, got '30-double'$"),
        ({"30_midterm": MIDTERM.replace('"30-double"', "5")}, r"every id must start with 30-, got 5$"),
        ({"30_midterm": MIDTERM + "QUESTIONS *= 2"}, r"^questions: 30_midterm.py contains '30-double' twice$"),
        (
            {"30_midterm": MIDTERM.replace("points=2", "points=-2")},
            r"^questions: 30-double: wanted points of 0 or more, got -2$",
        ),
        (
            {"30_midterm": MIDTERM.replace("points=2", "points='2'")},
            r"^questions: 30-double: wanted points of 0 or more, got '2'$",
        ),
    ],
    ids=range(17),
)
def test_a_folder_that_is_not_as_described_is_one_sentence(files, said, tmp_path):
    for name, text in files.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as caught:
        Bank(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_mistake_of_ones_own_may_be_a_function_or_an_edit_of_the_courses_solution(tmp_path):
    edited = "from lstm_course.questions import Mistake, edit\n" + MIDTERM.replace(
        "mistakes=()", "mistakes=(Mistake('added', 'Twice.', edit('2 * x', '2 + x')),)"
    )
    (tmp_path / "30_midterm.py").write_text(edited, encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"^questions: 30_midterm.py: mistake 'added' of 30-double is an edit that does not match "
    ):
        Bank(tmp_path)
    (tmp_path / "30_midterm.py").write_text(
        edited.replace("edit('2 * x', '2 + x')", "lambda x: 2 + x"), encoding="utf-8"
    )
    assert Bank(tmp_path).exercises.called(MINE) == MINE
    altered = ALTERED.replace("mistakes=(), points=5", "points=5")
    (tmp_path / "04_gates.py").write_text(altered, encoding="utf-8")
    (asked,) = [each for each in Bank(tmp_path).assignment("04_gates").questions if each.id == "04-cell-state"]
    assert asked.mistakes and all(mistake.at_hand for mistake in asked.mistakes)


def test_a_file_in_place_of_a_folder_or_nothing_at_all_is_one_sentence(tmp_path):
    (tmp_path / "30_midterm.py").write_text(MIDTERM, encoding="utf-8")
    for path in (tmp_path / "30_midterm.py", tmp_path / "none"):
        with pytest.raises(ValueError, match=r"^questions: .* is not a folder$"):
            Bank(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, r"^questions: 30_midterm.py needs its exercise 30_midterm.ipynb in the same folder$"),
        ("not a notebook", r"30_midterm.ipynb: it is not a Jupyter notebook \(JSONDecodeError\)$"),
    ],
)
def test_an_assignment_of_ones_own_without_its_exercise_is_one_sentence(text, said, tmp_path):
    folder_of(tmp_path, _30_midterm=MIDTERM)
    if text:
        (tmp_path / "30_midterm.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        Bank(tmp_path).assignment(MINE)
