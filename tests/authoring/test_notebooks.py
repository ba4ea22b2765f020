"""Notebook files: their normal form, and replacing them atomically."""

import copy
import json
import os
import uuid

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lstm_course.authoring import notebooks

WIDGET = "application/vnd.jupyter.widget-view+json"


def stored(notebook):
    """The notebook after it has been written and read again."""
    return nbformat.reads(notebooks.to_text(notebook), as_version=4)


@pytest.fixture
def notebook():
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Gates: f, i, o — and σ", id="title"),
            new_code_cell("print('a')", id="first", execution_count=7, outputs=[new_output("stream", text="a\n")]),
            new_code_cell(
                "1 + 1",
                id="second",
                execution_count=9,
                outputs=[new_output("execute_result", {"text/plain": "2"}, execution_count=9)],
            ),
            new_code_cell("", id="last"),
        ]
    )
    notebook.metadata["lstm_course"] = {"exercise": "04_gates"}
    return notebook


def test_the_normal_form_of_the_normal_form_is_itself(notebook):
    text = notebooks.to_text(notebook)
    assert notebooks.to_text(nbformat.reads(text, as_version=4)) == text
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert text.endswith("}\n") and "\r" not in text and "σ" in text


def test_the_argument_is_left_alone(notebook):
    before = copy.deepcopy(notebook)
    notebooks.to_text(notebook)
    assert notebook == before


def test_running_again_elsewhere_changes_nothing(notebook):
    text = notebooks.to_text(notebook)
    notebook.metadata["kernelspec"] = {"name": "my-env", "display_name": "Mine", "language": "python"}
    notebook.metadata["language_info"] = {
        "name": "python",
        "version": "3.14.9",
        "codemirror_mode": {"version": 3},
    }
    notebook.metadata["widgets"] = {"state": {}}
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        cell.metadata.update(execution={"iopub.execute_input": "2031-01-01T00:00:00"}, collapsed=False, scrolled=True)
    for cell, count in zip(notebook.cells[1:3], (31, 47), strict=True):
        cell.execution_count = count
    notebook.cells[2].outputs[0].execution_count = 47
    assert notebooks.to_text(notebook) == text


def test_execution_counts_follow_the_order_of_the_cells(notebook):
    assert [cell.get("execution_count") for cell in stored(notebook).cells] == [None, 1, 2, None]
    assert stored(notebook).cells[2].outputs[0].execution_count == 2


def test_what_the_course_and_nbgrader_say_of_a_cell_is_kept(notebook):
    kept = {"nbgrader": {"grade_id": "04-run-cell"}, "lstm_course": {"question": "q"}, "tags": ["slow"]}
    notebook.cells[1].metadata.update(kept, collapsed=True)
    assert stored(notebook).cells[1].metadata == kept
    assert stored(notebook).metadata["lstm_course"] == {"exercise": "04_gates"}


def test_prints_that_came_in_pieces_are_one(notebook):
    def after(*outputs):
        notebook.cells[1].outputs = list(outputs)
        return [(output.name, output.text) for output in stored(notebook).cells[1].outputs]

    out, err = (lambda text, name=name: new_output("stream", name=name, text=text) for name in ("stdout", "stderr"))
    assert after(out("a\n"), out("b\n")) == after(out("a\nb\n")) == [("stdout", "a\nb\n")]
    assert after(out("a\n"), err("!\n"), out("b\n")) == [
        ("stdout", "a\n"),
        ("stderr", "!\n"),
        ("stdout", "b\n"),
    ]
    assert after(out("10 %\r"), out("50 %\r"), out("done\n")) == [("stdout", "done\n")]


def test_no_dead_widget_is_stored(notebook):
    picture = {"image/png": "aGFsbG8=", "text/plain": "[Picture: three words here]"}
    notebook.cells[1].outputs = [
        new_output("display_data", {WIDGET: {"model_id": uuid.uuid4().hex}, **picture}),
        new_output("display_data", {WIDGET: {"model_id": uuid.uuid4().hex}, "text/plain": "a progress bar"}),
    ]
    (output,) = stored(notebook).cells[1].outputs
    assert output.data == picture


def test_ids_are_stable_and_stand_for_one_cell_each(notebook):
    notebook.cells[1].metadata["nbgrader"] = {"grade_id": "04-run-cell"}
    notebook.cells[2].id = notebook.cells[0].id = "title"
    notebook.cells[3].id = "not an id!"
    ids = [cell.id for cell in stored(notebook).cells]
    assert ids[:2] == ["title", "04-run-cell"]  # the nbgrader id takes precedence
    assert len(set(ids)) == 4
    assert [cell.id for cell in stored(stored(notebook)).cells] == ids


def test_a_changed_word_is_a_changed_line(notebook):
    before = notebooks.to_text(notebook).splitlines()
    notebook.cells[1].source = "print('b')"
    after = notebooks.to_text(notebook).splitlines()
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_a_written_notebook_is_read_back(notebook, tmp_path):
    path = tmp_path / "some.ipynb"
    notebooks.write(notebook, path)
    assert path.read_bytes() == notebooks.to_text(notebook).encode()
    assert notebooks.read(path) == stored(notebook)
    assert os.listdir(tmp_path) == ["some.ipynb"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(notebook, tmp_path, monkeypatch):
    path = tmp_path / "some.ipynb"
    path.write_text("old")

    def refuse(source, target):
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        notebooks.write(notebook, path)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["some.ipynb"]


NEWER = '{"cells": [], "metadata": {}, "nbformat": 9, "nbformat_minor": 0}'


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 3}', "[" * 100_000, "\udcff\udcfe", NEWER])
def test_what_is_no_notebook_is_not_read(text, tmp_path):
    path = tmp_path / "some.ipynb"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ValueError) as raised:
        notebooks.read(path)
    assert str(raised.value) == f"{path}: it is not a Jupyter notebook"
    with pytest.raises(OSError):
        notebooks.read(tmp_path / "none.ipynb")


@pytest.mark.slow
def test_running_gives_the_outputs_and_leaves_the_file(tmp_path):
    path = tmp_path / "some.ipynb"
    notebooks.write(new_notebook(cells=[new_code_cell("import os\nprint(os.getcwd())", id="one")]), path)
    before = path.read_bytes()
    ran = notebooks.run(path)
    assert ran.cells[0].outputs[0].text.strip() == os.path.realpath(tmp_path)
    assert path.read_bytes() == before
    text = notebooks.to_text(ran)
    assert notebooks.to_text(notebooks.run(path)) == text
    assert json.loads(text)["cells"][0]["execution_count"] == 1


def test_the_command_says_how_it_is_used(capsys):
    assert notebooks.main([]) == 2
    assert "Usage" in capsys.readouterr().err
