"""The pages that the website is built from."""

import importlib.util
import re

import pytest

from lstm_course import lessons

ROOT = lessons.course_root()


@pytest.fixture(scope="module")
def build():
    spec = importlib.util.spec_from_file_location("site_build", ROOT / "site" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_notebook_is_on_a_page_and_every_lesson_in_the_list(build):
    tree = build.index() + build.lesson_list()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        assert path.stem == "start" or f"<notebooks/{path.stem}>" in tree, path.name
    for lesson in lessons.LESSONS:
        assert f"({lesson.stem}.ipynb)" not in build.lesson_list() and lesson.promise in build.lesson_list()


def test_links_to_files_lead_to_the_file_or_become_words(build):
    exercise = build.with_files("Then [the exercises](../exercises/04_gates.ipynb).")
    assert exercise == 'Then <a href="../exercises/04_gates.ipynb" download>the exercises</a>.'
    assert build.with_files("see [the code](../lstm_course/scratch/lstm.py)") == "see the code"
    assert build.with_files("[lesson 05](05_lstm_from_scratch.ipynb)") == "[lesson 05](05_lstm_from_scratch.ipynb)"


def test_the_reference_has_a_page_for_every_part_that_lessons_import(build):
    used = set()
    for path in (ROOT / "notebooks").glob("[0-9]*.ipynb"):
        used |= set(re.findall(r"from lstm_course\.(\w+)[\w.]* import", path.read_text(encoding="utf-8")))
    beside = {"results", "grading", "questions", "authoring", "workspace", "lessons", "palette"}  # machinery and runs
    assert used - beside <= set(build.REFERENCE)
