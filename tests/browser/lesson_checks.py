"""What is asked of every lesson in the browser: as it is stored, and once it has run."""

import re

import pytest
from lab_page import code_cells
from playwright.sync_api import expect

# What JupyterLab and ipywidgets show in place of a widget that they cannot show.
BROKEN = re.compile("Error displaying widget|Click to show javascript error|Error creating widget|Loading widget")


def lesson_parameter(path):
    """A lesson as a parameter whose test runs it in the browser, so that nbval need not run it again."""
    return pytest.param(path, id=path.stem, marks=pytest.mark.runs_notebook(path))


def check_stored_pictures(lab, path):
    """The lesson, opened and not yet run, shows each of its pictures, and each has its words."""
    stored = [
        output
        for cell in code_cells(path)
        if "reveal" not in cell["metadata"].get("tags", [])  # what is to be guessed first is not in the reader's copy
        for output in cell["outputs"]
        if "image/png" in output.get("data", {})
    ]
    images = lab.outputs("img")
    expect(images).to_have_count(len(stored))
    for image in images.all():
        assert len(image.get_attribute("alt").split()) >= 3
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    expect(lab.outputs("").filter(has_text=BROKEN)).to_have_count(0)


def check_run(lab, path):
    """The lesson runs from top to bottom without a complaint, and what must come out the same does."""
    lab.run_all()
    assert lab.errors() == []
    printed = lab.printed()
    for cell in code_cells(path):
        if "".join(cell["source"]).startswith("# NBVAL_CHECK_OUTPUT"):
            assert {output["output_type"] for output in cell["outputs"]} == {"stream"}, cell["id"]
            assert printed[cell["id"]] == "".join("".join(output["text"]) for output in cell["outputs"]), cell["id"]
    expect(lab.outputs("").filter(has_text=BROKEN)).to_have_count(0)
    assert lab.complaints == []
