"""The teacher's pages: one a lesson or companion, and every name in them is one that the notebook has."""

import fnmatch
import re

import pytest

from lstm_course import lessons, questions
from lstm_course.authoring import notebooks

ROOT = lessons.course_root()
STEMS = [lesson.stem for lesson in lessons.LESSONS]
# Optional notebooks beside a lesson, without exercises of their own.
COMPANIONS = sorted({path.stem for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")} - set(STEMS))
by_lesson = pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.stem)


by_notebook = pytest.mark.parametrize("stem", STEMS + COMPANIONS)


def page(stem):
    return (ROOT / "teaching" / f"{stem}.md").read_text(encoding="utf-8")


def read(stem):
    return notebooks.read(ROOT / "notebooks" / f"{stem}.ipynb").cells


@by_notebook
def test_a_lesson_has_its_page_and_the_index_leads_to_it(stem):
    assert page(stem).startswith(f"# {stem[:2]} ")
    assert f"({stem}.md)" in (ROOT / "teaching" / "README.md").read_text(encoding="utf-8")
    for heading in ("## Aims", "What to ask before each answer", "What learners get wrong"):
        assert heading in page(stem)
    assert re.search(r"^\| minute \|", page(stem), flags=re.MULTILINE), "a plan in minutes"


def test_every_page_belongs_to_a_notebook():
    pages = {path.stem for path in (ROOT / "teaching").glob("[0-9]*.md")}
    assert pages == {*STEMS, *COMPANIONS}


@by_lesson
def test_every_guess_of_the_lesson_is_on_the_page_and_no_other(lesson):
    asked = {q.id for q in questions.of_lesson(lesson) if not q.points and "-predict-" in q.id}
    named = set(re.findall(r"`(\d\d-predict-[a-z-]+)`", page(lesson.stem)))
    assert named == asked


@pytest.mark.parametrize("stem", COMPANIONS)
def test_every_question_of_a_companion_is_on_its_page_and_no_other(stem):
    asked = {question for cell in read(stem) for question in re.findall(r'^ask\("(.+?)"\)', cell.source, re.MULTILINE)}
    assert set(re.findall(r"`(\d\d-[a-z-]+)`", page(stem))) == asked


@by_notebook
def test_the_cells_that_a_page_names_are_there(stem):
    ids = [cell.id for cell in read(stem)]
    plan = [line for line in page(stem).splitlines() if re.match(r"\| *\d", line)]
    assert plan
    for name in re.findall(r"`([a-z][a-z0-9-]*\*?)`", " ".join(plan)):
        assert fnmatch.filter(ids, name), f"{name} names no cell of the notebook"


@pytest.mark.parametrize("stem", COMPANIONS)
def test_the_first_cell_of_a_companion_says_what_to_expect(stem):
    rows = re.findall(r"^\| ([a-z ]+) \| .+ \|$", read(stem)[0].source, flags=re.MULTILINE)
    assert rows == ["aims", "minutes", "needs", "run time", "look up"]


# --- the ready courses ----------------------------------------------------------------------------------------------

INDEX = (ROOT / "teaching" / "README.md").read_text(encoding="utf-8")
IN_CLASS = {
    number: int(minutes) for number, minutes in re.findall(r"^\| (\d\d) \| \[.+?\]\(.+?\) \| (\d+)", INDEX, re.M)
}
COURSES = re.findall(r"^\*\*(One \w+)\.\*\*.*?^\| in all \| \| (\d+) \| (\d*) ?\|$", INDEX, re.M | re.S)


@by_lesson
def test_the_minutes_in_class_are_those_of_the_plan(lesson):
    starts = [int(minute) for minute in re.findall(r"^\| (\d+) \|", page(lesson.stem).split("| minute |")[1], re.M)]
    last = max(start for k, start in enumerate(starts) if starts[: k + 1] == sorted(starts[: k + 1]))  # of the plan
    assert last < IN_CLASS[lesson.number] <= last + 15


def sessions(course):
    table = INDEX.split(f"**{course}.**")[1].split("| in all |")[0]
    return re.findall(r"^\| ([\w:]+) \| (\d\d.*?) \| (\d+) \| (\d*) ?\|$", table, re.M)


@pytest.mark.parametrize("course, minutes, exercises", COURSES)
def test_the_minutes_of_a_ready_course_add_up(course, minutes, exercises):
    assert sum(int(row[2]) for row in sessions(course)) == int(minutes)
    assert sum(int(row[3] or 0) for row in sessions(course)) == int(exercises or 0)
    at_home = {lesson.number: lesson.exercise_minutes for lesson in lessons.LESSONS}
    for _, what, in_class, homework in sessions(course):
        parts = re.findall(r"(\d\d)(, (?:first half|second half|to the break))?", what)
        whole = [IN_CLASS[number] // (2 if "half" in part else 1) for number, part in parts if part != ", to the break"]
        broken_off = [38 for _, part in parts if part == ", to the break"]
        assert int(in_class) == sum(whole) + sum(broken_off), what
        if homework:
            assert int(homework) == sum(at_home[number] for number, part in parts if "first" not in part), what


def test_there_are_three_courses_and_halves_come_in_pairs():
    assert [course for course, _, _ in COURSES] == ["One day", "One week", "One term"]
    assert "| 38 | Break." in page("02_recurrent_networks")
    for course in ("One week", "One term"):
        text = " ".join(what for _, what, _, _ in sessions(course))
        assert text.count("first half") == text.count("second half") > 0
