"""A real browser, and for those that ask for it a real JupyterLab with the learner's copies."""

from pathlib import Path

import pytest
from chromium import find_chromium, missing_line
from lab_page import PATIENCE_MS, lab_page
from lab_server import BROWSER_OPTIONS, running_lab
from plain_page import plain_page

HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not find_chromium():
                item.add_marker(pytest.mark.skip(reason=missing_line()))


# Scope "package" instead of "session": the same worker may run notebooks afterwards, and they want no other
# event loop in their thread.
@pytest.fixture(scope="package")
def server(tmp_path_factory):
    with running_lab(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def context(server, browser):
    """A window of the browser; its pages share what they have fetched."""
    return browser.new_context(viewport={"width": 1280, "height": 900})


@pytest.fixture
def lab(server, context):
    """A fresh page of JupyterLab."""
    with lab_page(server, context) as page:
        yield page


@pytest.fixture
def plain(browser, tmp_path):
    """A fresh page without JupyterLab and without a kernel."""
    with plain_page(browser, tmp_path) as page:
        yield page
