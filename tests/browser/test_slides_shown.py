"""Lessons as slides: in JupyterLab with jupyterlab-deck, and on a page without a kernel and a network."""

import itertools
from contextlib import contextmanager

import pytest
from lab_page import lab_page
from playwright.sync_api import expect

from lstm_course import lessons
from lstm_course.authoring import notebooks, slides
from lstm_course.workspace.slide_page import export_slides

NOTEBOOKS = lessons.course_root() / "notebooks"
SIZE = {"width": 1280, "height": 720}

# What is on the slide, with every answer opened, and which cells of it are not wholly in the window.
LOOK = """async () => {
    const { activeCell, widgets } = jupyterapp.shell.currentWidget.content;
    const shown = widgets.filter(({ node }) => node.classList.contains("jp-deck-mod-onscreen"));
    const inside = (selector) => shown.flatMap(({ node }) => Array.from(node.querySelectorAll(selector)));
    await Promise.all(inside("img").map(image => image.decode()));
    const answers = inside("details:not([open])");
    answers.forEach(each => { each.open = true; });
    const cut = shown.filter(({ node }) => {
        const { top, bottom, left, right } = node.getBoundingClientRect();
        const wide = Array.from(node.querySelectorAll(".cm-scroller, pre, table, .jp-RenderedHTMLCommon"))
            .some(each => each.clientWidth && each.scrollWidth > each.clientWidth + 1);
        return top < 0 || bottom > innerHeight || left < 0 || right > innerWidth || wide;
    });
    answers.forEach(each => { each.open = false; });
    const names = cells => cells.map(({ model }) => model.id);
    return { active: activeCell.model.id, slide: names(shown), cut: names(cut) };
}"""

# The panels at the sides are closed a second after the slides have begun.
WHOLE_WINDOW = """() => {
    const { left, right } = document.querySelector(".jp-Deck").getBoundingClientRect();
    return left < 100 && right > innerWidth - 100 && !document.querySelector("#jp-left-stack:not(.lm-mod-hidden)");
}"""

ENDED = """async () => {
    const { raw } = await jupyterapp.serviceManager.settings.fetch("@deathbeds/jupyterlab-deck:plugin");
    return !document.body.dataset.jpDeckMode && !raw.includes("true");
}"""


@pytest.fixture(scope="module")
def window(server, browser):
    context = browser.new_context(viewport=SIZE)
    yield context
    context.close()


# Lessons with many predictions and a live cell, with long prints, and with tables that a cell writes.
@pytest.mark.parametrize(
    ("stem", "run"), [("04_gates", "hands-on"), ("12_text_generation", None), ("20_capstone", None)]
)
def test_nothing_is_cut_off_on_any_slide_of_a_lesson(server, window, stem, run):
    notebook = slides.lay_out(notebooks.read(NOTEBOOKS / f"{stem}.ipynb"))
    made = [[cell.id for cell in cells] for cells in slides.slides(notebook.cells)]
    (server.folder / "slides").mkdir(exist_ok=True)
    notebooks.write(notebook, server.folder / "slides" / f"{stem}.ipynb")
    with lab_page(server, window) as lab:
        lab.open(f"slides/{stem}.ipynb")
        if run:
            lab.run(run)
            expect(lab.cell(run).locator(".live-cell")).to_be_attached()
        lab.select(made[0][0])
        with deck(lab):
            check_slides(lab, made)


@contextmanager
def deck(lab):
    """The slides, once they have the whole window; ended afterwards, or else JupyterLab would open with them again."""
    lab.page.evaluate("() => jupyterapp.commands.execute('deck:start')")
    expect(lab.page.locator(".jp-Deck .jp-deck-mod-onscreen").first).to_be_visible()
    lab.page.wait_for_function(WHOLE_WINDOW)
    lab.page.evaluate("() => jupyterapp.shell.currentWidget.content.activate()")
    try:
        yield
    finally:
        lab.page.evaluate("() => jupyterapp.commands.execute('deck:stop')")
        lab.page.wait_for_function(ENDED)


def check_slides(lab, made):
    steps = [lab.page.evaluate(LOOK)]
    keys = itertools.cycle(["ArrowRight", "ArrowDown", "PageDown", "Space"])
    while steps[-1]["active"] != made[-1][-1]:
        lab.press(next(keys))
        steps.append(lab.page.evaluate(LOOK))
        assert steps[-1]["active"] != steps[-2]["active"], "a key did not go to another cell"
    assert [step["active"] for step in steps] == [cell for cells in made for cell in cells]
    assert [step["slide"] for step in steps] == [cells for cells in made for _ in cells]
    assert {cell for step in steps for cell in step["cut"]} == set()
    for key, step in zip(["ArrowLeft", "ArrowUp", "PageUp", "Shift+Space"], reversed(steps[:-1]), strict=False):
        lab.press(key)
        assert lab.page.evaluate(LOOK)["active"] == step["active"]


# --- the page ---------------------------------------------------------------------------------------------

CUT = """() => {
    const slide = document.querySelector(".slide.shown");
    const content = slide.firstElementChild.getBoundingClientRect();
    const wide = Array.from(slide.querySelectorAll(".code, pre, table, .prose, .output"))
        .filter(each => each.scrollWidth > each.clientWidth + 1);
    return wide.length > 0 || content.top < 0 || content.bottom > innerHeight || content.right > innerWidth;
}"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export_slides(NOTEBOOKS / "04_gates.ipynb", tmp_path_factory.mktemp("slides") / "page.html")


@pytest.fixture
def page(browser, exported):
    context = browser.new_context(viewport=SIZE)
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(exported.as_uri())
    yield page
    context.close()
    assert [each for each in complaints if not each.startswith(("data:", "blob:"))] == []


def place(page):
    return page.locator("#place").inner_text()


def test_keys_turn_all_slides_of_the_page_and_nothing_is_cut_off(page):
    count = page.locator(".slide").count()
    assert place(page) == f"1 / {count}" and count > 40
    cut = []
    for number in range(1, count + 1):
        assert place(page) == f"{number} / {count}"
        cut += [number] * page.evaluate(CUT)
        page.keyboard.press("ArrowRight" if number % 2 else "PageDown")
    assert cut == []
    assert place(page) == f"{count} / {count}"  # there is no slide after the last
    for key, number in (("Home", 1), ("ArrowLeft", 1), ("End", count), ("PageUp", count - 1), ("Space", count)):
        page.keyboard.press(key)
        assert place(page) == f"{number} / {count}", key
    page.set_viewport_size({"width": 800, "height": 600})
    page.keyboard.press("Home")
    page.wait_for_function(f"!({CUT})()")
    page.goto(page.url.partition("#")[0] + "#7")
    expect(page.locator("#place")).to_have_text(f"7 / {count}")


def turn_to(page, selector):
    number = page.locator(".slide").evaluate_all(f"all => all.findIndex(each => each.querySelector('{selector}'))")
    page.evaluate(f"location.hash = '#{number + 1}'")
    expect(page.locator(".slide.shown").locator(selector).first).to_be_visible()
    return place(page)


def test_answers_open_and_formulas_are_drawn_without_a_network(page):
    before = turn_to(page, "details")
    answer = page.locator(".slide.shown details").nth(1)
    answer.locator("summary").focus()
    page.keyboard.press("Space")  # opens the answer, and does not turn the slide
    expect(answer.locator("p")).to_be_visible()
    assert place(page) == before and not page.evaluate(CUT)
    turn_to(page, "math[display=block]")
    assert page.locator(".slide.shown math[display=block]").first.bounding_box()["height"] > 10
    assert "$" not in page.locator(".slide.shown").inner_text()


def test_a_live_cell_moves_and_keeps_its_keys(page):
    before = turn_to(page, ".live-cell")
    slide = page.locator(".slide.shown")
    text = slide.inner_text()
    slide.locator("input[type=range]").first.focus()
    page.keyboard.press("Home")
    expect(slide).not_to_have_text(text)
    page.keyboard.press("ArrowRight")
    assert place(page) == before
    slide.get_by_role("radio", name="weights").check()
    page.wait_for_function(f"!({CUT})()")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert place(page) != before


def test_each_slide_is_printed_on_a_page_of_its_own(page):
    count = page.locator(".slide").count()
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert printed.count(b"/MediaBox [0 0 960 540]") == count
    page.emulate_media(media="print")
    heights = page.locator(".fit").evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert len(heights) == count and max(heights) <= 720
