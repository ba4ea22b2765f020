"""A lesson as a page: live pieces stay live, whatever else the notebook has saved."""

import json

import nbformat
import pytest

from lstm_course import lessons
from lstm_course.authoring import notebooks
from lstm_course.explore import LiveCell
from lstm_course.workspace.export import export
from lstm_course.workspace.lab import arguments

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


@pytest.fixture
def saved(tmp_path):
    """A notebook as JupyterLab saves it here: each widget's reference in its output, and its state beside."""
    cell = LiveCell("leaky")
    data, metadata = cell._repr_mimebundle_()
    output = nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("cell", outputs=[output], execution_count=1)])
    state = {cell.model_id: {"model_name": "AnyModel", "model_module": "anywidget", "state": {}}}
    notebook.metadata["widgets"] = {WIDGET_STATE: {"state": state, "version_major": 2, "version_minor": 0}}
    path = tmp_path / "mine.ipynb"
    nbformat.write(notebook, path)
    return path


def cell_id(path):
    (model_id,) = notebooks.read(path).metadata["widgets"][WIDGET_STATE]["state"]
    return model_id


def test_a_page_has_the_piece_that_runs_and_not_the_widget(saved):
    before = saved.read_text(encoding="utf-8")
    page = export(saved)
    text = page.read_text(encoding="utf-8")
    assert page == saved.with_suffix(".html")
    assert LiveCell("leaky").fragment().splitlines()[-1] in text
    assert "html-manager" not in text and cell_id(saved) not in text  # nothing that would load widgets from elsewhere
    assert saved.read_text(encoding="utf-8") == before


def test_a_stored_lesson_becomes_a_page_where_one_wants_it(tmp_path):
    page = export(lessons.course_root() / "notebooks" / "04_gates.ipynb", tmp_path / "gates.html")
    assert page.read_text(encoding="utf-8").count("data-lstm-live=") >= 1


@pytest.mark.parametrize("content", ["{", "[1, 2]", ""])
def test_what_is_no_notebook_is_refused_and_no_page_is_left(tmp_path, content):
    path = tmp_path / "mine.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="it is not a Jupyter notebook"):
        export(path)
    assert list(tmp_path.iterdir()) == [path]


def test_jupyterlabs_own_export_does_the_same(tmp_path):
    [option] = [each for each in arguments(tmp_path) if each.startswith("--HTMLExporter.preprocessors=")]
    module, name = json.loads(option.partition("=")[2])[0].rsplit(".", 1)
    assert hasattr(__import__(module, fromlist=[name]), name)
