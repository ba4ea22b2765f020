"""A notebook read from its bytes: what is taken from it, and that every broken file is one sentence."""

import json
import pickle

import nbformat
import pytest

from lstm_course.grading.notebook_file import UnreadableNotebook, parse, read
from lstm_course.grading.without_outputs import LARGEST


def notebook(*cells, **parts):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **parts}


def cell(source="", kind="code", **metadata):
    return {"cell_type": kind, "metadata": metadata, "source": source}


def parsed(form, encoding="utf-8"):
    return parse(json.dumps(form).encode(encoding))


def test_cells_come_in_order_with_their_source_in_one_piece():
    read = parsed(notebook(cell(["a = 1\n", "b = 2"]), cell("text", "markdown"), cell("", "raw"), cell("ü ∂")))
    assert [(each.cell_type, each.source) for each in read.cells] == [
        ("code", "a = 1\nb = 2"),
        ("markdown", "text"),
        ("raw", ""),
        ("code", "ü ∂"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_mark_at_the_start_of_the_file_does_not_matter(encoding):
    text = json.dumps(notebook(cell("ü")), ensure_ascii=False)
    assert parse(text.encode(encoding)).cells[0].source == "ü"


def test_outputs_are_not_looked_at():
    broken = cell("a = 1") | {"outputs": [5, {"output_type": 7}], "execution_count": "never"}
    assert parsed(notebook(broken)).cells[0].source == "a = 1"


def test_a_notebook_of_an_old_format_is_read():
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [{"cell_type": "code", "language": "python", "input": ["a = 1"], "outputs": []}]}],
    }
    assert parsed(old).cells[0].source == "a = 1"


def test_what_nbformat_writes_is_read_the_same():
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1\n"), nbformat.v4.new_markdown_cell("x")])
    assert [each.source for each in parse(nbformat.writes(written).encode()).cells] == ["a = 1\n", "x"]


@pytest.mark.parametrize(
    ("roles", "name", "checks", "provided"),
    [
        ({"grade_id": "04-a", "solution": True, "locked": False, "grade": False}, "04-a", False, False),
        ({"grade_id": "check-04-a", "grade": True, "locked": True}, "check-04-a", True, False),
        ({"grade_id": "04-setup", "locked": True}, "04-setup", False, True),
        ({}, "", False, False),
        ({"grade_id": 5, "grade": True}, "", False, False),
        ([], "", False, False),
        ("04-a", "", False, False),
        (None, "", False, False),
    ],
)
def test_what_a_cell_is_for_is_told_by_nbgraders_words_where_they_make_sense(roles, name, checks, provided):
    (found,) = parsed(notebook(cell("a = 1", nbgrader=roles))).cells
    assert (found.grade_id, found.is_check, found.is_provided) == (name, checks, provided)


def test_a_locked_text_is_no_code_that_is_provided():
    (found,) = parsed(notebook(cell("text", "markdown", nbgrader={"grade_id": "a", "locked": True}))).cells
    assert not found.is_provided


@pytest.mark.parametrize(
    ("said", "exercise", "version"),
    [
        ({"exercise": "04_gates", "version": "1"}, "04_gates", "1"),
        ({"exercise": "04_gates"}, "04_gates", ""),
        ({"exercise": ["04_gates"]}, "", ""),
        ({"exercise": "04_gates", "version": 1}, "", ""),
        ("04_gates", "", ""),
    ],
)
def test_which_exercise_it_is_counts_only_as_the_course_writes_it(said, exercise, version):
    found = parsed(notebook(metadata={"lstm_course": said}))
    assert (found.exercise, found.version) == (exercise, version)


def test_metadata_of_others_takes_no_memory():
    ours = {"lstm_course": {"exercise": "04_gates", "version": "1"}}
    roles = {"grade_id": "04-a", "solution": True}
    plain = parsed(notebook(cell("a = 1", nbgrader=roles), metadata=ours))
    flood = [[]] * 100_000
    filled = notebook(cell("a = 1", nbgrader=roles | {"flood": flood}, flood=flood), metadata=ours | {"flood": flood})
    assert parsed(filled) == plain and len(pickle.dumps(parsed(filled))) < 1000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", r"^it is not a Jupyter notebook \(JSONDecodeError\)$"),
        (b"[" * 100_000, r"^it is not a Jupyter notebook \(RecursionError\)$"),
        (b"[]", "^it is not a Jupyter notebook "),
        (b"null", "^it is not a Jupyter notebook "),
        (b"{}", r"^it is not a Jupyter notebook \(KeyError\)$"),
        (b'{"nbformat": 99, "metadata": {}, "cells": []}', "^it is not a Jupyter notebook "),
        (json.dumps(notebook(5)).encode(), "^it is not a Jupyter notebook "),
        (json.dumps(notebook({"cell_type": "code"})).encode(), "^it is not a Jupyter notebook "),
        (json.dumps(notebook(cell([1, 2]))).encode(), "^it is not a Jupyter notebook "),
        (json.dumps(notebook(cell(5))).encode(), "^it is not a Jupyter notebook "),
        (json.dumps(notebook() | {"cells": 5}).encode(), "^it is not a Jupyter notebook "),
        (json.dumps(notebook() | {"metadata": 5}).encode(), "^it is not a Jupyter notebook "),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "^it is not a Jupyter notebook "),
        (b"\xff\xfe\x00", "^it cannot be read "),
        (b" " * (LARGEST + 1), "^it is too large: .* 20 MB without its outputs$"),
    ],
    ids=range(15),
)
def test_what_is_no_notebook_is_one_sentence(content, said, tmp_path):
    with pytest.raises(UnreadableNotebook, match=said) as caught:
        parse(content)
    assert "\n" not in str(caught.value)
    path = tmp_path / "broken.ipynb"
    path.write_bytes(content)
    with pytest.raises(UnreadableNotebook) as named:
        read(path)
    assert str(named.value) == f"{path}: {caught.value}"


def test_a_file_that_is_not_there_or_a_folder_is_one_sentence(tmp_path):
    with pytest.raises(UnreadableNotebook, match="none.ipynb: there is no such file$"):
        read(tmp_path / "none.ipynb")
    with pytest.raises(UnreadableNotebook, match="it cannot be read"):
        read(tmp_path)
