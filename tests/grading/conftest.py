"""Notebooks as learners hand them in."""

import json

import nbformat
import pytest

from lstm_course import lessons


@pytest.fixture
def handed_in(tmp_path):
    """Writes a notebook whose answers are the course's own, except for those that are given.

    ``handed_in({"04-cell-state": "..."})`` is solved but for one cell; a source of None leaves the stub of the
    exercise. ``start="exercises"`` begins with a blank one instead; `change` gets the notebook before it is written.
    """

    def write(sources=None, lesson="04_gates", start="solutions", change=None):
        folder = lessons.course_root()
        notebook = nbformat.read(folder / start / f"{lesson}.ipynb", as_version=4)
        blank = nbformat.read(folder / "exercises" / f"{lesson}.ipynb", as_version=4)
        cells = {cell.id: cell for cell in notebook.cells}
        stubs = {cell.id: cell.source for cell in blank.cells}
        for name, source in (sources or {}).items():
            cells[name].source = stubs[name] if source is None else source
        if change:
            change(notebook)
        path = tmp_path / f"{lesson}.ipynb"
        path.write_text(json.dumps(notebook))  # not nbformat.write, which mends what a strange program wrote
        return path

    return write
