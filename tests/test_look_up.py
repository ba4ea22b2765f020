"""The glossary and the page of equations: every lesson leads there, and what they name is where they say."""

import importlib
import re

import pytest

from lstm_course import lessons
from lstm_course.authoring import notebooks

FOLDER = lessons.course_root() / "notebooks"
LESSONS = {lesson.stem: FOLDER / f"{lesson.stem}.ipynb" for lesson in lessons.LESSONS}
ROW = re.compile(r"^\| \*\*(.+?)\*\* \| (.+?) \| (.+?) \|$", re.MULTILINE)


def text_of(path):
    return "\n".join(cell.source for cell in notebooks.read(path).cells)


def named(object_path):
    """What a path such as ``lstm_course.scratch.GRU`` stands for."""
    module, _, name = object_path.rpartition(".")
    try:
        return importlib.import_module(object_path)
    except ModuleNotFoundError:
        return getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("path", LESSONS.values(), ids=LESSONS)
def test_every_lesson_leads_to_both(path):
    first = notebooks.read(path).cells[0].source
    assert "(equations.ipynb)" in first and "(glossary.ipynb)" in first


def test_words_are_in_order_and_each_occurs_in_the_lessons_that_it_names():
    rows = ROW.findall(text_of(FOLDER / "glossary.ipynb"))
    words = [word for word, _, _ in rows]
    assert len(rows) >= 80 and words == sorted(set(words), key=str.lower)
    texts = {path.name: text_of(path).lower() for path in LESSONS.values()}
    for word, meaning, links in rows:
        assert meaning.endswith("."), word
        forms = [form.strip() for form in re.split(r"[()]", re.sub(r"\(\$.*?\$\)", "", word).lower()) if form.strip()]
        for name in re.findall(r"\]\((.+?)\)", links):
            assert any(form in texts[name] for form in forms), f"{word} does not occur in {name}"


def test_equations_name_lessons_and_functions_that_are_there():
    text = text_of(FOLDER / "equations.ipynb")
    assert set(re.findall(r"\]\((\d\d_.+?)\)", text)) <= {path.name for path in LESSONS.values()}
    names = re.findall(r"`(lstm_course[\w.]+)`", text)
    assert len(names) > 8 and all(named(name) is not None for name in names)
