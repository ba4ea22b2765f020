"""The glossary and the page of equations: every lesson leads there, and what they name is where they say."""

import importlib
import re

import pytest

from lstm_course import lessons
from lstm_course.authoring import notebooks, published

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


@pytest.mark.parametrize("row", published.rows(), ids=lambda row: f"{row.lesson}-{row.source}")
def test_a_published_result_is_quoted_from_a_source_that_its_lesson_names_and_its_verdict_holds(row):
    author, year = re.match(r"(\w+).*?(\d{4})", row.source).groups()
    text = text_of(FOLDER / f"{lessons.find(row.lesson).stem}.ipynb")
    assert re.search(rf"{author}.{{0,100}}{year}", text)
    assert row.holds
    (output,) = notebooks.read(FOLDER / "published.ipynb").cells[1].outputs
    assert f"| {row.source} | {row.published} | {row.ours} | {row.verdict} |" in output["data"]["text/markdown"]
