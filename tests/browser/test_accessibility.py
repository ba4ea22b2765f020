"""An audit by axe-core of what learners and teachers look at: no finding that it calls serious or critical."""

import pytest
from audit import findings
from lab_page import PANEL, lab_page
from plain_page import plain_page
from test_live_cell_for_everyone import RICH
from test_website import SITE, opened

from lstm_course import lessons
from lstm_course.workspace.slide_page import export_slides

# Of JupyterLab's page only what the course puts into it is ours.
OURS = [f"{PANEL} .jp-RenderedMarkdown", f"{PANEL} .jp-OutputArea-output"]


def test_the_auditor_sees_a_picture_without_words(plain):
    plain.open("<main><h1>A page</h1><img src='data:,'></main>")
    assert any(finding.startswith("image-alt") for finding in findings(plain.page))


@pytest.mark.skipif(not (SITE / "index.html").exists(), reason="there is no website; make site builds it")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "lessons", "notebooks/04_gates", "notebooks/16_anomalies", "reference/nets"])
def test_the_website(browser, name, scheme):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page = opened(context, name, [])
    assert findings(page) == []
    context.close()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize("path", ["notebooks/start", "notebooks/03_vanishing_gradients", "exercises/04_gates"])
def test_notebooks_in_jupyterlab(server, context, path, theme):
    with lab_page(server, context) as lab:
        lab.open(f"{path}.ipynb")
        lab.use_theme(theme)
        assert findings(lab.page, [each for each in OURS if lab.page.locator(each).count()]) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", list(RICH))
def test_the_live_cell(browser, tmp_path, mode, scheme):
    with plain_page(browser, tmp_path, color_scheme=scheme) as plain:
        plain.show(RICH[mode])
        assert findings(plain.page) == []


def test_the_slides(browser, tmp_path):
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(export_slides(lessons.course_root() / "notebooks" / "04_gates.ipynb", tmp_path / "page.html").as_uri())
    for _ in range(8):
        assert findings(page) == [], page.url
        for _ in range(6):
            page.keyboard.press("PageDown")
    context.close()
