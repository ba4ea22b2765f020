"""Lesson 04 as its readers have it: run, and then moved with the keyboard."""

import pytest
from lab_page import lab_page
from lesson_checks import check_run, check_stored_pictures
from pictures import keep
from playwright.sync_api import expect

from lstm_course import lessons

PATH = lessons.course_root() / "notebooks" / "04_gates.ipynb"


@pytest.fixture(scope="module")
def gates(server, context):
    """Lesson 04, which has shown its stored pictures and has been run."""
    with lab_page(server, context) as lab:
        lab.open(f"notebooks/{PATH.name}")
        check_stored_pictures(lab, PATH)
        check_run(lab, PATH)
        yield lab


@pytest.fixture
def live(gates):
    """The live cell of lesson 04 in the page."""
    cell = gates.cell("hands-on").locator(".live-cell")
    gates.show(cell, "start")
    return cell


@pytest.mark.runs_notebook(PATH)
def test_the_lesson_runs_without_a_complaint(gates):
    assert gates.complaints == []  # the rest is checked while the page is made ready


def test_the_lessons_cells_set_the_live_cell_above(gates, live):
    for name, preset in (("remember-show", "remember"), ("write-show", "write once"), ("weights-run", "")):
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
