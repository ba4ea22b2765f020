"""The lessons as their readers have them: opened as stored, run, and moved with the keyboard."""

import re

import pytest
from lab_page import code_cells, lab_page
from pictures import keep
from playwright.sync_api import expect

from lstm_course import lessons

LESSONS = sorted((lessons.course_root() / "notebooks").glob("*.ipynb"))
# What JupyterLab and ipywidgets show in place of a widget that they cannot show.
BROKEN = re.compile("Error displaying widget|Click to show javascript error|Error creating widget|Loading widget")


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def lesson(request, server, context):
    """A lesson, opened and not yet run."""
    with lab_page(server, context) as lab:
        lab.open(f"notebooks/{request.param.name}")
        yield lab, request.param


def test_a_stored_lesson_shows_its_pictures_with_their_text(lesson):
    lab, path = lesson
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


def test_a_lesson_runs_without_a_complaint(lesson):
    lab, _ = lesson
    lab.run_all()
    assert lab.errors() == []
    expect(lab.outputs("").filter(has_text=BROKEN)).to_have_count(0)
    assert lab.complaints == []


@pytest.fixture(scope="module")
def gates(server, context):
    """Lesson 04, run."""
    with lab_page(server, context) as lab:
        lab.open("notebooks/04_gates.ipynb")
        lab.run_all()
        yield lab


@pytest.fixture
def live(gates):
    """The live cell of lesson 04 in the page."""
    cell = gates.cell("hands-on").locator(".live-cell")
    gates.show(cell, "start")
    return cell


def test_the_lessons_cells_set_the_live_cell_above(gates, live):
    for name, preset in (("remember-show", "remember"), ("leaky-show", "leaky"), ("weights-run", "")):
        gates.run(name)
        expect(live.get_by_label("preset", exact=True)).to_have_value(preset)
    expect(live.get_by_role("radio", name="weights")).to_be_checked()
    expect(live.get_by_role("slider", name="bias b of the forget gate")).to_have_value("4")


def test_the_lessons_sliders_and_the_live_cell_move_each_other(gates, live):
    gates.run("remember-show")
    linked = gates.cell("move-sliders").locator(".widget-slider", has_text="forget gate")
    gates.show(linked)
    handle = linked.get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuetext", "1")
    ours = live.get_by_role("slider", name="forget gate", exact=True)
    for control, key, wanted in ((handle, "ArrowLeft", "0.99"), (ours, "Shift+ArrowLeft", "0.89")):
        control.focus()
        before = gates.state()
        gates.press(key)
        expect(ours).to_have_value(wanted)
        expect(linked.locator(".widget-readout")).to_have_text(wanted)
        assert gates.state() == before


def test_a_prediction_is_opened_with_the_keyboard(gates):
    summaries = gates.cell("remember-ask").locator("summary")
    answers = gates.cell("remember-ask").locator("details")
    summaries.first.focus()
    before = gates.state()
    gates.press("Enter")
    expect(answers.nth(0)).to_have_attribute("open", "")
    gates.press("Tab")
    expect(summaries.nth(1)).to_be_focused()
    gates.press("Space")
    expect(answers.nth(1)).to_have_attribute("open", "")
    expect(answers.nth(1)).to_contain_text("Yes")
    expect(answers.nth(2)).not_to_have_attribute("open", "")
    assert gates.state() == before


def test_a_picture_of_the_lesson_for_the_readme(gates, live):
    gates.run("write-show")
    gates.page.set_viewport_size({"width": 1180, "height": 1300})
    gates.page.evaluate("() => { jupyterapp.shell.collapseLeft(); jupyterapp.shell.collapseRight(); }")
    leak = live.get_by_role("slider", name="forget gate", exact=True)
    leak.focus()
    gates.press(*["ArrowLeft"] * 6)
    expect(leak).to_have_value("0.94")
    gates.show(gates.cell("hands-on"), "start")
    expect(live.locator(".gradient-panel svg.gradient")).to_be_in_viewport(ratio=1)
    keep(gates.screenshot(), "lesson_04.png")
