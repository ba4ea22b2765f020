"""The teacher's pages: one a lesson, and every name in them is one that the lesson has."""

import fnmatch
import re

import pytest

from lstm_course import lessons, questions
from lstm_course.authoring import notebooks

ROOT = lessons.course_root()
by_lesson = pytest.mark.parametrize("lesson", lessons.LESSONS, ids=lambda lesson: lesson.stem)


def page(lesson):
    return (ROOT / "teaching" / f"{lesson.stem}.md").read_text(encoding="utf-8")


@by_lesson
def test_a_lesson_has_its_page_and_the_index_leads_to_it(lesson):
    assert page(lesson).startswith(f"# {lesson.number} ")
    assert f"({lesson.stem}.md)" in (ROOT / "teaching" / "README.md").read_text(encoding="utf-8")
    for heading in ("## Aims", "What to ask before each answer", "What learners get wrong"):
        assert heading in page(lesson)
    assert re.search(r"^\| minute \|", page(lesson), flags=re.MULTILINE), "a plan in minutes"


@by_lesson
def test_every_guess_of_the_lesson_is_on_the_page_and_no_other(lesson):
    asked = {q.id for q in questions.of_lesson(lesson) if not q.points and "-predict-" in q.id}
    named = set(re.findall(r"`(\d\d-predict-[a-z-]+)`", page(lesson)))
    assert named == asked


@by_lesson
def test_the_cells_that_a_page_names_are_there(lesson):
    ids = [cell.id for cell in notebooks.read(ROOT / "notebooks" / f"{lesson.stem}.ipynb").cells]
    plan = [line for line in page(lesson).splitlines() if re.match(r"\| *\d", line)]
    assert plan
    for name in re.findall(r"`([a-z][a-z0-9-]*\*?)`", " ".join(plan)):
        assert fnmatch.filter(ids, name), f"{name} names no cell of the lesson"
