"""Which cells of a lesson share a slide, and how large they are shown."""

import copy
import struct
from base64 import b64encode

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lstm_course import lessons
from lstm_course.authoring import notebooks, slides

LESSONS = sorted((lessons.course_root() / "notebooks").glob("[0-9]*.ipynb"))


def prose(name, text="Some words.", **metadata):
    return new_markdown_cell(text, id=name, metadata=metadata)


def code(name, source="print(1)", *outputs, **metadata):
    return new_code_cell(source, id=name, outputs=list(outputs), metadata=metadata)


def printed(*lines):
    return new_output("stream", name="stdout", text="\n".join(lines))


def picture(width, height):
    png = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", width, height)).decode()
    data = {"image/png": png, "text/html": f'<img width="{width}">', "text/plain": ""}
    return new_output("display_data", data)


def names(*cells):
    return [[cell.id for cell in slide] for slide in slides.slides(cells)]


FOLDED = {"jupyter": {"source_hidden": True}}


def test_prose_begins_a_slide_and_code_joins_it():
    assert names(prose("a"), code("b"), code("c"), prose("d")) == [["a", "b", "c"], ["d"]]


def test_a_question_has_its_slide_to_itself():
    cells = prose("a"), code("ask", 'ask("04-predict-leaky")'), code("answer"), code("more")
    assert names(*cells) == [["a"], ["ask"], ["answer", "more"]]


def test_a_picture_stays_with_its_code():
    long = "\n".join(["x = 1"] * 12)
    cells = prose("a", "word " * 100), code("b", long), code("c", "draw()", picture(700, 300), **FOLDED)
    assert names(*cells) == [["a"], ["b", "c"]]
    alone = code("c", "draw()", picture(700, 700), **FOLDED)
    assert names(cells[0], cells[1], alone) == [["a", "b"], ["c"]]  # with such a picture they fit on no slide


@pytest.mark.parametrize(
    "cell",
    [
        code("setup", "import numpy\nx = 1"),
        code("b", "import numpy\nfrom os import path"),
        code("b", "assert x == 1", **FOLDED),
        code("b", "show()", printed("1"), lstm_course={"slide": "skip"}),
    ],
    ids=["setup", "imports", "check", "asked"],
)
def test_what_a_class_need_not_see_is_left_out(cell):
    assert names(prose("a"), cell, code("c")) == [["a", "c"]]


def test_a_cell_may_ask_for_another_slide_or_size():
    cells = (
        prose("a"),
        code("b", lstm_course={"slide": "slide", "zoom": 0.8}),
        prose("c", lstm_course={"slide": "join"}),
    )
    assert names(*cells) == [["a"], ["b", "c"]]
    notebook = slides.lay_out(new_notebook(cells=list(cells)))
    assert {"zoom": "80%"} in notebook.metadata[slides.FONTS]["styles"][""].values()
    assert [cell.metadata.get("tags") for cell in cells] == [None, ["slide-80"], ["slide-80"]]


def test_much_is_shown_smaller_and_wide_code_is_never_cut_off():
    assert slides.fitting([prose("a", "word " * 60)]) == slides.ZOOMS[0]
    sizes = [slides.fitting([code("a", "\n".join(["x = 1"] * count))]) for count in (10, 30, 35, 40)]
    assert sizes == sorted(sizes, reverse=True) and len(set(sizes)) == 4
    assert slides.fitting([code("a", "x" * 100)]) == 1.3
    assert slides.fitting([code("a", "x\n" * 100)]) is None


def test_a_long_print_stands_in_columns():
    output = printed(*["a line of text"] * 50)
    cell = code("a", "print(text)", output, tags=["reveal", "slide-70"])
    assert slides.in_columns(output) and slides.fitting([cell]) == 1.3
    slides.lay_out(new_notebook(cells=[cell]))
    assert cell.metadata["tags"] == ["reveal", "slide-130", "slide-columns"]  # the tag of another size is gone


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_lesson_fits_and_the_layout_stays_as_it_is(path):
    notebook = slides.lay_out(notebooks.read(path))
    made = slides.slides(notebook.cells)
    assert all(slides.fitting(cells) for cells in made)
    assert all(len(cells) == 1 for cells in made for cell in cells if slides.is_question(cell))
    begins = [cell.id for cell in notebook.cells if cell.metadata.get("slideshow") == {"slide_type": "slide"}]
    assert begins == [cells[0].id for cells in made]
    stored = notebooks.to_text(notebook)  # in the normal form, slides are kept
    assert notebooks.to_text(slides.lay_out(copy.deepcopy(notebook))) == stored
    assert stored.count('"slide_type": "slide"') == len(made)


def test_the_lessons_are_stored_with_their_slides():
    for path in LESSONS:
        laid_out = notebooks.to_text(slides.lay_out(notebooks.read(path)))
        assert laid_out == path.read_text(encoding="utf-8"), f"run `lstm-course build`: {path.name}"
