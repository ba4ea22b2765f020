"""The lessons as their readers have them: opened as stored, run, and moved with the keyboard."""

import re

import pytest
from lab_page import code_cells, lab_page
from pictures import keep
from playwright.sync_api import expect

from lstm_course import lessons
from lstm_course.explore import PRESETS, GateExplorer

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


class Explorer:
    """The sliders and the picture of lesson 04 on the page, all open, and their twin in this process."""

    def __init__(self, lab):
        lab.run("saturated-show")
        self.lab, self.cell = lab, lab.cell("hands-on")
        self.image = self.cell.locator(".jp-OutputArea img")
        # In the same order as on the page: the layout of the figure is that of its first picture.
        self.twin = GateExplorer()
        self.twin.set("saturated")
        self.lab.show(self.image)
        self.wait()

    def slider(self, name):
        return self.cell.locator(".widget-slider", has_text=name)

    def dropdown(self, name):
        return self.cell.get_by_label(name)

    def wait(self):
        """Wait until the page shows the picture of the twin, and its words."""
        expect(self.image).to_have_attribute("alt", self.twin.alt)
        self.lab.wait_for_picture(self.image, self.twin.image.png)


@pytest.fixture
def explorer(gates):
    return Explorer(gates)


SLIDERS = {
    "forget gate": "f",
    "input gate": "i",
    "output gate": "o",
    "candidate": "g",
    "cell state at first": "c0",
}


def readout(value):
    """A number as a slider shows it, with a minus instead of a hyphen."""
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


@pytest.mark.parametrize("name", SLIDERS)
def test_a_slider_moved_by_the_keyboard_changes_the_picture(explorer, name):
    lab, slider, value = explorer.lab, explorer.slider(name), getattr(explorer.twin, SLIDERS[name])
    handle = slider.get_by_role("slider")
    handle.focus()
    before = lab.state()
    for keys, wanted in (
        (["ArrowLeft"] * 3, value.value - 0.03),
        (["Home"], value.min),
        (["ArrowRight", "ArrowUp"], value.min + 0.02),
        (["End"], value.max),
        (["ArrowDown"], value.max - 0.01),
    ):
        address = explorer.image.get_attribute("src")
        lab.press(*keys)
        value.value = wanted
        expect(slider.locator(".widget-readout")).to_have_text(readout(wanted))
        explorer.wait()
        assert explorer.image.get_attribute("src") != address
        expect(handle).to_be_focused()
    assert lab.state() == before


def test_a_slider_tells_its_name_and_its_value(explorer):
    for name in SLIDERS:
        handle = explorer.slider(name).get_by_role("slider")
        expect(handle).to_have_accessible_name(re.compile(re.escape(name)))
        expect(handle).to_have_attribute("aria-valuetext", re.compile(r"^-?\d(\.\d+)?$"))


@pytest.mark.parametrize(
    "presses",
    [
        {"End": list(PRESETS)[-1], "Home": None, "l": "leaky"},
        {"ArrowDown": list(PRESETS)[0], "ArrowRight": list(PRESETS)[1]},
    ],
    ids=["to a place", "step by step"],
)
def test_the_presets_are_chosen_with_the_keyboard(explorer, presses):
    lab, menu = explorer.lab, explorer.dropdown("preset")
    menu.press("Home")
    menu.focus()
    before = lab.state()
    for key, preset in presses.items():
        lab.press(key)
        assert lab.state() == before
        if preset:
            explorer.twin.set(preset)
            explorer.wait()
    expect(menu).to_be_focused()
    expect(menu).to_have_value(PRESETS[preset].title)
    for name, attribute in SLIDERS.items():
        wanted = getattr(PRESETS[preset], attribute)
        expect(explorer.slider(name).locator(".widget-readout")).to_have_text(readout(wanted))


def test_the_picture_never_flickers(explorer):
    lab = explorer.lab
    explorer.image.evaluate(
        """image => {
            const place = image.closest(".jp-OutputArea");
            window.frames_seen = [];
            window.watching = true;
            const look = () => {
                const now = place.querySelector("img");
                window.frames_seen.push(
                    [now === image, Math.min(image.naturalWidth, image.clientHeight), image.src]);
                if (window.watching) requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        }"""
    )
    explorer.slider("forget gate").get_by_role("slider").focus()
    for _ in range(6):
        address = explorer.image.get_attribute("src")
        lab.press(*["ArrowLeft"] * 5)
        expect(explorer.image).not_to_have_attribute("src", address)
    explorer.twin.f.value = 0.7
    explorer.wait()
    frames = lab.page.evaluate("() => { window.watching = false; return window.frames_seen; }")
    assert all(same and size > 100 for same, size, _ in frames)
    assert len({address for _, _, address in frames}) > 5  # it was watched while it changed


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


def test_a_picture_of_the_lesson_for_the_readme(explorer):
    lab = explorer.lab
    lab.page.set_viewport_size({"width": 1180, "height": 1080})
    lab.page.evaluate("() => { jupyterapp.shell.collapseLeft(); jupyterapp.shell.collapseRight(); }")
    explorer.dropdown("preset").press("w")
    explorer.twin.set("write once")
    for name, steps in (("forget gate", 6), ("output gate", 25)):
        explorer.slider(name).get_by_role("slider").focus()
        lab.press(*["ArrowLeft"] * steps)
        getattr(explorer.twin, SLIDERS[name]).value -= steps / 100
    explorer.wait()
    lab.show(lab.cell("hands-text"), "start")
    expect(explorer.cell.get_by_role("status")).to_be_in_viewport(ratio=1)
    keep(lab.screenshot(), "lesson_04.png")
