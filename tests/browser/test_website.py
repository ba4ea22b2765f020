"""The website, opened from its folder without a server: pages, live pieces, search, narrow screens and print."""

import pytest
from playwright.sync_api import expect

from lstm_course import lessons

SITE = lessons.course_root() / "build" / "site" / "html"
pytestmark = pytest.mark.skipif(not (SITE / "index.html").exists(), reason="there is no website; make site builds it")
PAGES = ["index", "lessons", "notebooks/published", "teaching/README", "reference/scratch", "reference/explore"]
PAGES += [f"notebooks/{lesson.stem}" for lesson in lessons.LESSONS]


@pytest.fixture(scope="module")
def window(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


def opened(context, name, complaints):
    """A page of the site in a new tab; what it asks of other places and its errors go to `complaints`."""
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.append(request.url) if request.url.startswith("http") else None)
    page.goto((SITE / f"{name}.html").as_uri())
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_needs_nothing_from_elsewhere_and_fits_a_phone(window, name):
    complaints = []
    page = opened(window, name, complaints)
    assert complaints == []
    assert page.locator("article h1").count() >= 1
    broken = page.evaluate("Array.from(document.images).filter(each => each.complete && !each.naturalWidth).length")
    assert broken == 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_a_live_cell_moves_without_a_kernel(window):
    complaints = []
    page = opened(window, "notebooks/04_gates", complaints)
    slider = page.locator(".lstm-live input[type=range]").first
    before = page.locator(".lstm-live").first.inner_text()
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".lstm-live").first).not_to_have_text(before)
    assert complaints == []
    page.close()


def test_search_finds_a_lesson_without_a_server(window):
    complaints = []
    page = opened(window, "search", complaints)
    page.goto((SITE / "search.html").as_uri() + "?q=carousel")
    expect(page.locator("#search-results li").first).to_be_visible()
    assert "06" in page.locator("#search-results").inner_text()
    # A browser does not let a page of a folder read others, so there are no excerpts beside the titles.
    assert set(complaints) <= {"Failed to fetch"}
    page.close()


def test_the_dark_theme_and_print_are_readable(browser):
    context = browser.new_context(color_scheme="dark")
    page = opened(context, "notebooks/06_memory_horizon", [])
    dark, light = (
        page.evaluate("where => getComputedStyle(document.querySelector(where)).backgroundColor", where)
        for where in ("body", ".cell_output img")
    )
    assert max(map(int, dark[4:-1].split(","))) < 80 and light == "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    for part in (".bd-header", ".bd-sidebar-primary"):
        expect(page.locator(part).first).to_be_hidden()
    context.close()
