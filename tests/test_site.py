"""The pages that the website is built from."""

import importlib
import importlib.util
import re
import zlib

import pytest

import lstm_course
from lstm_course import lessons

ROOT = lessons.course_root()
INVENTORY = ROOT / "build" / "site" / "html" / "objects.inv"  # all that the reference describes


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


@pytest.mark.skipif(not INVENTORY.exists(), reason="there is no website; make site builds it")
def test_the_reference_describes_every_name_that_is_offered_or_imported_by_its_path(build):
    compressed = INVENTORY.read_bytes().split(b"\n", 4)[4]
    described = {line.split(" ", 1)[0] for line in zlib.decompress(compressed).decode().splitlines()}
    wanted = set(lstm_course.__all__)
    for part in build.REFERENCE:
        package = importlib.import_module(f"lstm_course.{part}")
        wanted |= set(getattr(package, "__all__", ()))
    for folder in ("notebooks", "exercises", "solutions"):
        for path in (ROOT / folder).glob("[0-9]*.ipynb"):
            text = path.read_text(encoding="utf-8")
            for names in re.findall(rf"from lstm_course\.(?:{'|'.join(build.REFERENCE)})\.\w+ import ([\w, ]+)", text):
                wanted |= {name.split()[0] for name in names.split(",") if not name.split()[0].isupper()}
    described = {part for name in described for part in name.split(".")}  # a module is, if something in it is
    assert wanted <= described, wanted - described
