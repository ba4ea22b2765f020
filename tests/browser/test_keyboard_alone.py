"""The keyboard alone, from the moment a page is there: all is reached and seen, and nothing holds the focus.

What the controls of the live cell do is in ``test_live_cell_lab.py``, and their order in
``test_live_cell_for_everyone.py``.
"""

import pytest
from plain_page import plain_page
from playwright.sync_api import expect
from test_report_page import WHEN
from test_report_page import _grade as a_grade
from test_website import SITE, opened

from lstm_course import lessons
from lstm_course.classroom.records import Batch
from lstm_course.classroom.reports.write_all import write_all
from lstm_course.workspace.slide_page import export_slides

with_website = pytest.mark.skipif(not (SITE / "index.html").exists(), reason="there is no website; make site builds it")

# What has the focus, whether it is covered by something else, and whether what had it before looks as it does now.
LOOK = """() => {
    const look = each => {
        const style = getComputedStyle(each);
        return [style.outlineStyle === "none" || style.outlineColor, style.boxShadow, style.backgroundColor,
            style.borderColor, style.textDecoration].join();
    };
    const name = each => each.outerHTML.slice(0, 150), before = window.before, now = document.activeElement;
    const unseen = before && before.now !== now && look(before.now) === before.look;
    const found = { wrong: unseen ? ["no focus: " + name(before.now)] : [] };
    window.before = now === document.body ? null : { now, look: look(now) };
    if (now === document.body) return { ...found, out: true };
    found.name = now.ariaLabel || now.textContent.trim();
    const [box] = now.getClientRects();
    // Near its beginning, since the end of a long name may be left out.
    const at = box && document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, box.top + box.height / 2);
    const same = at && (now.contains(at) || at.contains(now) || [...now.labels ?? []].some(each => each.contains(at)));
    const slidesIn = now.matches("[href='#main-content']");
    if (!same && !slidesIn) found.wrong.push(`covered: ${name(now)}`);
    return found;
}"""
STOPS = """() => [...document.querySelectorAll("a[href], button, select, textarea, summary, input, [tabindex='0']")]
    .filter(each => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0
        && (each.type !== "radio" || each.checked)).length"""


def walk(page, key="Tab"):
    """Press Tab until the focus leaves the page; return the names of what had it."""
    names, wrong = [], []
    for _ in range(5 * page.evaluate(STOPS) + 50):  # in a narrow window whatever scrolls is a stop, too
        page.keyboard.press(key)
        found = page.evaluate(LOOK)
        wrong += found["wrong"]
        if "out" in found:
            assert wrong == []
            return names
        names.append(found["name"])
    raise AssertionError(f"the focus does not leave the page: {names[-3:]}")


def tab_to(page, target):
    """Press Tab until a control has the focus."""
    for _ in range(page.evaluate(STOPS) + 2):
        page.keyboard.press("Tab")
        if target.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(f"Tab does not come to {target}")


# --- the report -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A small class; the more students, the more links there are to walk through."""
    grades = [a_grade(f"student {k} {'with a very long name ' * (k == 3)}", k) for k in range(6)]
    return write_all(Batch(tuple(grades), WHEN, "full", 7), tmp_path_factory.mktemp("graded"))


@pytest.mark.parametrize("width", [1280, 320])
def test_tab_passes_all_of_the_report_and_of_the_feedback(browser, tmp_path, report, width):
    with plain_page(browser, tmp_path, viewport={"width": width, "height": 500}) as plain:
        for path in (report, sorted((report.parent / "feedback").iterdir())[1]):
            plain.page.goto(path.as_uri())
            stops = plain.page.evaluate(STOPS)
            there = walk(plain.page)
            assert len(there) >= stops > 20
            assert set(walk(plain.page, "Shift+Tab")) == set(there)


def test_the_grid_is_skipped_and_scrolled_by_keys(browser, tmp_path, report):
    with plain_page(browser, tmp_path, viewport={"width": 320, "height": 500}) as plain:
        page = plain.page
        page.goto(report.as_uri())
        box = page.locator(".box").first
        tab_to(page, box)
        page.keyboard.press("ArrowRight")
        expect(box).not_to_have_js_property("scrollLeft", 0)
        page.keyboard.press("Shift+Tab")
        skip = page.locator("a.skip").first
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert not box.evaluate("box => box.contains(document.activeElement)")


# --- slides -----------------------------------------------------------------------------------------------


def test_slides_are_turned_by_buttons_and_everything_on_them_is_reached(browser, tmp_path):
    path = export_slides(lessons.course_root() / "notebooks" / "04_gates.ipynb", tmp_path / "slides.html")
    with plain_page(browser, tmp_path, viewport={"width": 1280, "height": 720}) as plain:
        page = plain.page
        page.goto(path.as_uri())
        for button, key, place in (("next", "Enter", "2 "), ("next", "Space", "3 "), ("previous", "Enter", "2 ")):
            tab_to(page, page.get_by_role("button", name=f"{button} slide"))
            page.keyboard.press(key)
            assert page.locator("#place").inner_text().startswith(place)
        while not page.locator(".slide.shown .live-cell").count():
            page.keyboard.press("ArrowRight")
        names = walk(page)
        assert {"step", "forget gate", "copy as NumPy", "previous slide", "next slide"} <= set(names)


# --- the website ------------------------------------------------------------------------------------------


@pytest.fixture
def site(browser):
    """Opens pages of the website in a window of a width."""
    contexts = []

    def open_page(name, width=1280):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        return opened(contexts[-1], name, [])

    yield open_page
    for context in contexts:
        context.close()


@with_website
@pytest.mark.parametrize("width", [1280, 640])
def test_tab_passes_all_of_a_lesson_with_its_live_cell(site, width):
    page = site("notebooks/04_gates", width)
    page.wait_for_selector(".live-cell")
    names = walk(page)
    assert names[0] == "Skip to main content"
    assert {"step", "forget gate", "copy as NumPy", "Search"} <= set(names)


@with_website
def test_the_first_link_skips_to_the_lesson_and_the_live_cell_there_moves(site):
    page = site("notebooks/04_gates")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("slider", name="forget gate", exact=True))
    before = page.locator(".live-cell").inner_text()
    page.keyboard.press("Home")
    expect(page.locator(".live-cell")).not_to_have_text(before)


@with_website
def test_the_search_opens_finds_and_closes(site):
    page = site("index")
    button = page.locator("button.search-button__button:visible").first
    tab_to(page, button)
    page.keyboard.press("Enter")
    field = page.locator("dialog[open] input[type=search]")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.type("carousel")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=carousel")
    tab_to(page, page.locator("#search-results li a").first)


@with_website
def test_the_theme_is_changed(site):
    page = site("index")
    tab_to(page, page.locator(".theme-switch-button:visible"))
    page.keyboard.press("Enter")
    dark = page.locator(".theme-change-button[data-mode=dark]:visible")
    expect(dark).to_be_visible()
    while not dark.evaluate("each => each === document.activeElement"):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@with_website
def test_the_menu_of_a_narrow_window_opens_leads_on_and_closes(site):
    page = site("index", 640)
    button = page.get_by_role("button", name="Site navigation")
    tab_to(page, button)
    page.keyboard.press("Enter")
    link = page.locator("dialog[open]").get_by_role("link", name="Lessons", exact=True)
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, link)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons.html")
