"""Slides as a page: which cells are on it, and what it says where something is missing."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from lstm_course.workspace.slide_page import grouped, slide_page


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
    text = "# A < title\n\n$c_t$, [there](https://example.org), [lesson](05.ipynb)\n\n$$\\frac{a}{b}$$"
    page = slide_page(
        new_notebook(cells=[new_markdown_cell(text), new_code_cell("# NBVAL_CHECK_OUTPUT\nprint('<')")]), "name"
    )
    assert "<title>A &lt; title</title>" in page and "<mfrac>" in page and "<msub>" in page
    assert 'href="https://example.org"' in page and "05.ipynb" not in page and "lesson" in page
    assert "&lt;" in page and "NBVAL" not in page and "$" not in page.partition("<main>")[2].partition("</main>")[0]
