"""Pages zoomed to 200 and 400 % in a window of 1280 pixels: nothing is cut off, only what is wide scrolls sideways."""

import pytest
from lab_page import PANEL, lab_page
from plain_page import plain_page
from playwright.sync_api import expect
from test_live_cell_for_everyone import RICH
from test_report_page import open_all, report  # noqa: F401, a fixture
from test_website import SITE, opened

from lstm_course import lessons
from lstm_course.workspace.slide_page import export_slides

# The browser zooms by making the window smaller in CSS pixels, and each of them larger.
ZOOMED = {
    "200 %": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "400 %": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},
}
zoomed = pytest.mark.parametrize("zoom", ZOOMED)

# Texts that reach beyond their window or beyond an element that hides the rest, unless something that may be wide
# scrolls. Left out is what is only spoken, links that skip something, and what is shortened because it is written out
# elsewhere: breadcrumbs, and names beside the grid of a report.
CUT = """([wide, leftOut]) => {
    const found = [], edge = document.documentElement;
    if (edge.scrollWidth > edge.clientWidth) found.push(`the page is ${edge.scrollWidth} wide`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const words = node.parentElement, range = document.createRange();
        if (!node.data.trim() || words.closest(leftOut)) continue;
        if (!words.checkVisibility({ visibilityProperty: true })) continue;
        range.selectNodeContents(node);
        const text = range.getBoundingClientRect();
        for (let each = words; text.width && each; each = each.parentElement) {
            const { overflowX, position } = getComputedStyle(each);
            if (each !== edge && overflowX === "visible") continue;
            if (each.matches(wide) && overflowX.match("auto|scroll")) break;
            const box = each === edge ? { left: 0, right: edge.clientWidth } : each.getBoundingClientRect();
            if (text.right > box.right + 1 || text.left < box.left - 1) found.push(`${each.className}: ${node.data}`);
        }
    }
    return found;
}"""
WIDE = "pre, math, table, .pst-scrollable-table-container, .table-panel, .cell_output *, .box, .output, article table"
LEFT_OUT = "style, script, option, textarea, svg, .status, .unseen, .skip, .ellipsis, .grid th"


def cut(page):
    return page.evaluate(CUT, [WIDE, LEFT_OUT])


@zoomed
@pytest.mark.skipif(not (SITE / "index.html").exists(), reason="there is no website; make site builds it")
@pytest.mark.parametrize("name", ["index", "lessons", "notebooks/04_gates", "reference/forecasting"])
def test_the_website(browser, name, zoom):
    context = browser.new_context(**ZOOMED[zoom])
    assert cut(opened(context, name, [])) == []
    context.close()


@zoomed
@pytest.mark.parametrize("mode", RICH)
def test_the_live_cell(browser, tmp_path, mode, zoom):
    with plain_page(browser, tmp_path, **ZOOMED[zoom]) as plain:
        plain.show(RICH[mode])
        plain.page.get_by_label("table", exact=True).check()
        assert cut(plain.page) == []


@zoomed
def test_the_report_and_the_feedback(browser, tmp_path, report, zoom):  # noqa: F811
    with plain_page(browser, tmp_path, **ZOOMED[zoom]) as plain:
        for path in (report, *sorted((report.parent / "feedback").iterdir())[3:5]):
            plain.page.goto(path.as_uri())
            open_all(plain.page)
            assert cut(plain.page) == [], path.name


def test_a_lesson_in_jupyterlab(server, browser):
    context = browser.new_context(**ZOOMED["200 %"])
    with lab_page(server, context) as lab:
        lab.open("notebooks/03_vanishing_gradients.ipynb")
        lab.page.evaluate("jupyterapp.shell.collapseLeft()")
        notebook = lab.page.locator(f"{PANEL} .jp-WindowedPanel-outer")
        expect(notebook).to_have_js_property("clientWidth", notebook.evaluate("each => each.scrollWidth"))
        wide = lab.page.locator(f"{PANEL} .jp-RenderedMarkdown").evaluate_all("""all => all
            .filter(each => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1)
            .map(each => each.textContent.slice(0, 100))""")
        assert wide == []
    context.close()


# --- slides -----------------------------------------------------------------------------------------------

# The height of the first line of each slide.
SIZES = """async () => {
    const sizes = [];
    for (const slide of document.querySelectorAll(".slide")) {
        location.hash = `#${sizes.length + 1}`;
        while (!slide.matches(".shown")) await new Promise(requestAnimationFrame);
        const first = document.createTreeWalker(slide, NodeFilter.SHOW_TEXT, node =>
            node.data.trim() && node.parentElement.checkVisibility() && !node.parentElement.closest("svg, style, math")
                ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP).nextNode();
        const words = document.createRange();
        if (first) words.selectNodeContents(first);
        sizes.push(first ? words.getClientRects()[0].height : 0);
    }
    return sizes;
}"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    return export_slides(
        lessons.course_root() / "notebooks" / "04_gates.ipynb", tmp_path_factory.mktemp("s") / "p.html"
    )


@zoomed
def test_text_of_the_slides_grows_and_all_of_it_is_there(browser, tmp_path, exported, zoom):
    with plain_page(browser, tmp_path, viewport={"width": 1280, "height": 720}) as plain:
        plain.page.goto(exported.as_uri())
        before = plain.page.evaluate(SIZES)
    with plain_page(browser, tmp_path, **ZOOMED[zoom]) as plain:
        plain.page.goto(exported.as_uri())
        after = plain.page.evaluate(SIZES)
        assert [k for k, (a, b) in enumerate(zip(before, after, strict=True)) if b < a - 1] == []
        for k in range(len(before)):
            plain.page.evaluate(f"location.hash = '#{k + 1}'")
            expect(plain.page.locator(".slide").nth(k)).to_have_class("slide shown")
            assert cut(plain.page) == [], k + 1


def test_keys_scroll_a_slide_to_its_end_before_they_turn_it(browser, tmp_path, exported):
    with plain_page(browser, tmp_path, **ZOOMED["400 %"]) as plain:
        page = plain.page
        page.goto(exported.as_uri())
        place = page.locator("#place")
        slide = page.locator(".slide").first
        for keys in (["PageDown", "PageUp"], ["ArrowDown", "ArrowUp"], ["Space", "Shift+Space"]):
            page.keyboard.press(keys[0])
            assert slide.evaluate("each => each.scrollTop") > 0 and place.inner_text().startswith("1 ")
            page.keyboard.press(keys[1])
            assert slide.evaluate("each => each.scrollTop") == 0
        seen = 0
        while place.inner_text().startswith("1 "):
            seen = slide.evaluate("each => each.scrollTop + each.clientHeight - each.scrollHeight")
            page.keyboard.press("PageDown")
        assert seen > -1
