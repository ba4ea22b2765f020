"""Slides as a page: which cells are on it, and what it says where something is missing."""

import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lstm_course.workspace.slide_page import export_slides, grouped, slide_page


def cell(name, kind=None):
    return new_markdown_cell(name, id=name, metadata={"slideshow": {"slide_type": kind}} if kind else {})


def test_a_teachers_own_slides_are_kept():
    cells = [cell("a", "slide"), cell("b", "fragment"), cell("c", "notes"), cell("d", "subslide"), cell("e")]
    made = grouped(new_notebook(cells=[*cells, cell("f", "skip")]))
    assert [[each.id for each in slide] for slide in made] == [["a", "b"], ["d", "e"]]


def test_a_notebook_without_slides_is_laid_out_and_stays_as_it_is():
    notebook = new_notebook(cells=[cell("a"), new_code_cell("def unfinished(", id="b"), cell("c")])
    assert [[each.id for each in slide] for slide in grouped(notebook)] == [["a", "b"], ["c"]]
    assert not any(each.metadata for each in notebook.cells)


def test_words_formulas_and_links():
    pytest.importorskip("latex2mathml")
    text = "# A < title\n\n$c_t$, [there](https://example.org), [lesson](05.ipynb)\n\n$$\\frac{a}{b}$$"
    page = slide_page(
        new_notebook(cells=[new_markdown_cell(text), new_code_cell("# NBVAL_CHECK_OUTPUT\nprint('<')")]), "name"
    )
    assert "<title>A &lt; title</title>" in page and "<mfrac>" in page and "<msub>" in page
    assert 'href="https://example.org"' in page and "05.ipynb" not in page and "lesson" in page
    assert "&lt;" in page and "NBVAL" not in page and "$" not in page.partition("<main>")[2].partition("</main>")[0]


def test_without_the_writer_of_formulas_there_is_a_sentence_and_no_page(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "latex2mathml.converter", None)
    path = tmp_path / "mine.ipynb"
    nbformat.write(new_notebook(cells=[cell("a")]), path)
    with pytest.raises(RuntimeError, match="pip install latex2mathml"):
        export_slides(path)
    assert list(tmp_path.iterdir()) == [path]
