"""How the live cell is shown without a kernel: text, picture, HTML, and pages of its own."""

import base64
import errno
import io
import json
import os
import re
from html.parser import HTMLParser

import ipywidgets
import numpy as np
import pytest
from PIL import Image

from lstm_course import plots
from lstm_course.explore import LiveCell
from lstm_course.explore.page import AccessibleControls

# Each would end the script, the attribute or the text in which it stands, if it came there as it is.
TITLES = [
    "</script><b>",
    "<!--<script>",
    "\"quoted\" & 'quoted'",
    "\\ \u2028 \u00e9",
    "${1} `x`",
    "</title><img src=x>",
]
SVG = "http://www.w3.org/2000/svg"  # the name of a language; nothing is loaded from there


class Parts(HTMLParser):
    """The elements of a page in order, each with its attributes and the text that follows its start."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes), []))

    def handle_data(self, data):
        if self.found:
            self.found[-1][2].append(data)

    def only(self, wanted):
        ((attributes, data),) = [(attributes, "".join(data)) for tag, attributes, data in self.found if tag == wanted]
        return attributes, data


@pytest.fixture
def no_drawing(monkeypatch):
    """A fixed picture, since drawing takes a quarter of a second and most tests are about something else."""
    monkeypatch.setattr(LiveCell, "picture", lambda cell: plots.Picture(b"a picture", cell.alt))


@pytest.fixture
def cell():
    return LiveCell(x=np.linspace(-1, 2, 30), f=0.9, i=0.25, drawn={"o": [0.5] * 29 + [1]}, c0=-0.3)


# --- words ------------------------------------------------------------------------------------------------


def table(text):
    """The rows of numbers in the text of a cell, by their first word."""
    rows = {}
    for line in text.splitlines()[1:]:
        name, *numbers = re.findall(r"^\S+|(?<=\s)-?\d[\d.]*(?:e[+-]?\d+)?(?=\s|$)", line)
        rows[name.rstrip(",")] = [float(number) for number in numbers]
    return rows


@pytest.mark.parametrize("T", [1, 2, 15, 16, 17, 40, 500])
@pytest.mark.parametrize("mode", ["hand", "weights"])
def test_the_text_has_the_numbers(mode, T):
    cell = LiveCell(mode=mode, x=np.sin(np.arange(T)), f=0.9)
    rows = table(str(cell))
    steps = [int(step) for step in rows.pop("step")]
    assert steps[0] == 1 and steps[-1] == T and steps == sorted(set(steps)) and len(steps) <= 17
    assert set(rows) == set("xifgoch")
    for symbol, numbers in rows.items():
        np.testing.assert_allclose(numbers, cell.values[symbol][np.array(steps) - 1], rtol=0, atol=0.005001)


def test_large_numbers_stand_apart():
    cell = LiveCell(x=[101325.0, -101325.0, 0.5], c0=-1e6, f=1)
    for symbol, numbers in table(cell.text()).items():
        assert len(numbers) == 3, symbol


def test_the_text_begins_with_the_title_and_the_words(cell):
    cell.title = "An example"
    assert cell.text().startswith(f"LiveCell. An example. {cell.alt}\n")
    assert str(cell) == cell.text()


def test_the_words_tell_the_numbers(cell):
    values = cell.values
    assert "f = 0.90, i = 0.25, o drawn over time" in cell.alt
    assert f"starts at -0.30 and is {values['c'][-1]:.2f} after 30 steps" in cell.alt
    assert cell.alt.endswith(f"the hidden state is then {values['h'][-1]:.2f}.")
    cell.mode = "weights"
    assert "Gates from weights" in cell.alt and "f = " not in cell.alt
    assert f"is {cell.values['c'][-1]:.2f} after 30 steps" in cell.alt


def test_nothing_is_said_to_be_minus_zero():
    cell = LiveCell(x=[-0.001, -0.0], f=0, c0=-0.0)
    assert not re.search(r"-0\.00(?!\d)", cell.text())


def test_a_cell_says_which_preset_it_is():
    assert repr(LiveCell("leaky")) == "<LiveCell leaky>"
    assert repr(LiveCell("leaky", c0=0.5)) == "<LiveCell with a setting of its own>"


# --- in a notebook ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [1, pytest.param(500, marks=pytest.mark.slow)])
def test_the_picture_stands_without_a_front_end(T):
    cell = LiveCell(x=np.ones(T))
    bundle, metadata = cell.picture()._repr_mimebundle_()
    width, height = Image.open(io.BytesIO(base64.b64decode(bundle["image/png"]))).size
    assert width > 600 and height > 400
    assert metadata["image/png"]["alt"] == cell.alt


def test_the_live_view_brings_its_picture_its_page_and_its_text(cell):
    bundle, metadata = cell._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == cell.model_id
    assert bundle["text/plain"] == cell.text()
    picture = base64.b64decode(bundle["image/png"])
    Image.open(io.BytesIO(picture)).verify()
    assert metadata["image/png"]["alt"] == cell.alt
    parts = Parts(bundle["text/html"])
    image, _ = parts.only("img")
    assert image["alt"] == cell.alt
    assert base64.b64decode(image["src"].removeprefix("data:image/png;base64,")) == picture
    assert parts.only("script")[0] == {"type": "module"}


def test_what_is_shown_follows_the_cell(cell, no_drawing):
    before = cell._repr_mimebundle_()[0]
    cell.f = 0.1
    after = cell._repr_mimebundle_()[0]
    assert all(before[kind] != after[kind] for kind in ("text/plain", "text/html"))


# --- a page without a kernel ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["", *TITLES])
def test_the_fragment_starts_with_the_state_of_the_cell(cell, no_drawing, title):
    cell.title = title
    fragment = cell.fragment()
    assert [tag for tag, _, _ in Parts(fragment).found] == ["div", "img", "style", "script"]
    place, _ = Parts(fragment).only("div")
    _, script = Parts(fragment).only("script")
    name, state = re.search(r'\nstart\(widget, "(\w+)", (.*)\);$', script).groups()
    assert json.loads(state) == cell.state()
    assert place["data-lstm-live"] == name


@pytest.mark.parametrize("title", TITLES)
def test_no_text_ends_the_script_or_hides_its_end(cell, no_drawing, title):
    cell.title = title
    fragment = cell.fragment()
    assert fragment.endswith("</script>")
    script = fragment[fragment.index('<script type="module">') + 8 : -len("</script>")]
    for mark in ("</", "<!--", "<script"):  # after <!-- and <script, </script> does not end a script
        assert mark not in script.lower()


def test_the_fragment_is_no_module_that_others_import(cell, no_drawing):
    _, script = Parts(cell.fragment()).only("script")
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    assert script.count("const widget =") == 1


def test_nothing_is_asked_of_another_machine(cell, no_drawing, tmp_path):
    cell.save(tmp_path / "cell.html")
    page = (tmp_path / "cell.html").read_text(encoding="utf-8")
    assert set(re.findall(r"\w+://[^\s\"'`)]*", page)) == {SVG}
    for tag, attributes, _ in Parts(page).found:
        assert tag not in ("link", "iframe", "object", "embed", "base")
        assert attributes.get("src", "data:").startswith("data:")
    assert not re.search(r"@import|url\(|\bimport\(|\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon", page)


@pytest.mark.parametrize("title", TITLES)
def test_a_saved_page_has_the_cell_and_its_title(cell, no_drawing, tmp_path, title):
    path = tmp_path / "cell.html"
    path.write_text("what was there before")
    cell.save(path, title=title)
    page = path.read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>\n<html lang=")
    assert cell.fragment() in page
    parts = Parts(page)
    assert parts.only("title")[1].strip() == title
    assert [tag for tag, _, _ in parts.found].count("img") == 1
    assert os.listdir(tmp_path) == ["cell.html"]


@pytest.mark.parametrize("path", ["missing/cell.html", "folder", "file/cell.html"])
def test_a_page_that_cannot_be_written_leaves_nothing_behind(cell, no_drawing, tmp_path, path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OSError, match=re.escape(path)):
        cell.save(tmp_path / path)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "a file" and not os.listdir(tmp_path / "folder")


def test_a_page_is_replaced_as_a_whole_or_not_at_all(cell, no_drawing, tmp_path, monkeypatch):
    (tmp_path / "cell.html").write_text("what was there before")

    def full(*paths):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        cell.save(tmp_path / "cell.html")
    assert os.listdir(tmp_path) == ["cell.html"]
    assert (tmp_path / "cell.html").read_text() == "what was there before"


@pytest.mark.parametrize("title", [3, b"abc"])
def test_a_title_is_text(cell, no_drawing, tmp_path, title):
    with pytest.raises(ValueError, match=r"^title: wanted text, got "):
        cell.save(tmp_path / "cell.html", title=title)
    assert os.listdir(tmp_path) == []


# --- sliders of ipywidgets --------------------------------------------------------------------------------


def test_the_sliders_are_linked_to_the_gates_in_the_browser(cell):
    box = cell.sliders()
    *sliders, mended = box.children
    assert isinstance(mended, AccessibleControls)
    assert [(slider.min, slider.max, slider.value) for slider in sliders] == [
        (0, 1, cell.f),
        (0, 1, cell.i),
        (0, 1, cell.o),
    ]
    assert [slider.description.split()[0] for slider in sliders] == ["f", "i", "o"]
    assert all(isinstance(slider, ipywidgets.FloatSlider) for slider in sliders)
    for link, gate, slider in zip(box.links, "fio", sliders, strict=True):
        assert link.source == (cell, gate) and link.target == (slider, "value")
        assert link.get_state()["_model_name"] == "LinkModel"  # either way, and without a kernel
