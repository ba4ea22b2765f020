"""nbgrader in JupyterLab: the Validate button in an exercise, and formgrader with the grades that we wrote."""

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager

import nbformat
import pytest
from lab_page import RUN_MS, lab_page
from lab_server import SERVER, _answering, _environment
from playwright.sync_api import expect

from lstm_course import lessons
from lstm_course.workspace import work

pytest.importorskip("nbgrader")

from lstm_course.classroom.for_nbgrader.formgrader import lay_out  # noqa: E402
from lstm_course.classroom.for_nbgrader.gradebook import read_overrides, write_gradebook  # noqa: E402
from lstm_course.classroom.records import Grade, QuestionGrade, Submission  # noqa: E402
from lstm_course.grading import notebook_file  # noqa: E402
from lstm_course.questions import of_lesson  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
STEM = "04_gates"
ASKED = [question for question in of_lesson("04") if question.points]
FIRST = ASKED[0].id
CONFIG = """c = get_config()
c.CourseDirectory.course_id = "lstm"
c.Exchange.root = {exchange!r}
"""
SHARES = {"ada": 1.0, "boris": 0.5, "chen": 0.0}  # of the points; one answer of chen's could not be judged
QUIET = ("--no-browser", "--LabApp.expose_app_in_browser=True")


def grades():
    for student, share in SHARES.items():
        asked = [QuestionGrade(one.id, "right", share * one.points, one.points, "Said by us.") for one in ASKED]
        if student == "chen":
            asked[1] = QuestionGrade(ASKED[1].id, "unjudged", 0, ASKED[1].points, "")
        yield Grade(student, STEM, f"{student}/{STEM}.ipynb", "graded", tuple(asked), possible=14)


@contextmanager
def server(root, *command):
    """JupyterLab as a program, with ``work/`` as its files and as nbgrader's course."""
    folder = root / "work"
    (root / "exchange").mkdir()
    (root / "exchange").chmod(0o777)
    config = CONFIG.format(exchange=str(root / "exchange"))
    (folder / "nbgrader_config.py").write_text(config, encoding="utf-8")
    with open(root / "server.log", "w+") as log:
        process = subprocess.Popen(
            [sys.executable, *command, *QUIET], env=_environment(root), cwd=folder, stdout=log, stderr=log
        )
        try:
            yield _answering(process, root, log)
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    """``jupyter lab`` in the folder of a class: a source, three graded submissions, and two exercises."""
    root = tmp_path_factory.mktemp("teacher")
    folder = root / "work"
    source = folder / "source" / STEM
    source.mkdir(parents=True)
    shutil.copy(lessons.course_root() / "solutions" / f"{STEM}.ipynb", source)
    exercise = lessons.course_root() / "exercises" / f"{STEM}.ipynb"
    shutil.copy(exercise, folder / "blank.ipynb")
    solved = nbformat.read(source / f"{STEM}.ipynb", as_version=4)
    for cell in solved.cells:
        cell.source = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", cell.source)
    nbformat.write(solved, folder / "right.ipynb")
    submitted = notebook_file.read(exercise)
    notebooks = [Submission(grade.student, STEM, "", exercise.read_bytes(), notebook=submitted) for grade in grades()]
    write_gradebook(grades(), folder / "gradebook.db")
    lay_out(notebooks, grades(), folder / "gradebook.db")
    with server(root, "-m", "jupyterlab", "--allow-root", "--LabApp.news_url=None") as running:
        yield running


@pytest.fixture
def lab(teacher, browser):
    with lab_page(teacher, browser.new_context(viewport={"width": 1280, "height": 900})) as lab:
        yield lab


@pytest.fixture
def page(teacher, browser):
    """An ordinary page that is logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{teacher.url}formgrader?token={teacher.token}")
    yield page
    context.close()


# --- the Validate button ----------------------------------------------------------------------------------------


def validated(lab, name):
    """Press the button and return the dialog."""
    lab.open(name)
    button = lab.page.locator(".jp-NotebookPanel-toolbar .validate-button")
    expect(button).to_have_count(1)
    button.click()
    dialog = lab.page.locator(".jp-Dialog")
    expect(dialog.locator("#validation-message")).to_be_visible(timeout=RUN_MS)
    return dialog


def test_validate_names_each_check_of_a_blank_exercise(lab):
    dialog = validated(lab, "blank.ipynb")
    failed = dialog.locator(".validation-failed pre").all_inner_texts()
    assert failed[::2] == [f'check("{question.id}", {question.name})' for question in ASKED]
    for question, said in zip(ASKED, failed[1::2], strict=True):
        assert said.rstrip().endswith(f"AssertionError: {question.id}: Not written yet.")
    dialog.get_by_role("button", name="Ok").click()
    expect(dialog).to_have_count(0)


def test_validate_passes_a_right_one(lab):
    dialog = validated(lab, "right.ipynb")
    expect(dialog.locator(".validation-success")).to_contain_text("Success! Your notebook passes all the tests.")


# --- formgrader -------------------------------------------------------------------------------------------------


def cells(page, row):
    """The text of each cell in the row of a table, whatever space is around it."""
    return [" ".join(text.split()) for text in row.locator("td").all_inner_texts()]


def test_formgrader_opens_from_the_menu_and_lists_the_assignment(lab):
    lab.open("blank.ipynb")
    lab.page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader").click()
    lab.page.locator(".lm-Menu-itemLabel", has_text=re.compile("^Formgrader$")).click()
    frame = lab.page.frame_locator("iframe[src*='formgrader']")
    expect(frame.locator("#main-table .name")).to_have_text(STEM)


def test_formgrader_shows_the_scores_that_we_wrote(page, teacher):
    page.goto(f"{teacher.url}formgrader/manage_submissions/{STEM}")
    rows = page.locator("#main-table tr")
    expect(rows).to_have_count(len(SHARES))
    shown = {found[1]: (found[3], found[4]) for found in (cells(page, row) for row in rows.all())}
    assert shown == {
        "ada": ("graded", "14 / 14"),
        "boris": ("graded", "7 / 14"),
        "chen": ("needs manual grading", "0 / 14"),
    }


def test_points_and_a_comment_given_in_formgrader_survive_a_regrade(page, teacher):
    page.goto(f"{teacher.url}formgrader/gradebook/{STEM}/{STEM}")
    rows = page.locator("#main-table tr")
    expect(rows).to_have_count(len(SHARES))
    rows.filter(has_text="7 / 14").get_by_role("link").first.click()
    score, comment = page.locator(f"[id='check-{FIRST}']"), page.locator(f"[id='{FIRST}-comment']")
    expect(score).to_have_attribute("placeholder", "1")
    expect(page.locator("#notebook-container").first).to_contain_text("Said by us.")
    for field, text in ((score, "1.5"), (comment, "Nearly; ask me.")):
        with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            field.fill(text)
            field.blur()
    given = {("boris", STEM, FIRST): (1.5, "Nearly; ask me.")}
    gradebook = teacher.folder / "gradebook.db"
    assert read_overrides(gradebook) == given
    write_gradebook(grades(), gradebook)
    assert read_overrides(gradebook) == given
    page.reload()
    expect(score).to_have_value("1.5")
    expect(comment).to_have_value("Nearly; ask me.")
    page.goto(f"{teacher.url}formgrader/manage_submissions/{STEM}")
    expect(rows.filter(has_text="boris").locator(".score")).to_have_text("7.5 / 14")


# --- beside the course's own ------------------------------------------------------------------------------------


def test_the_course_opens_with_nbgrader_installed_and_no_button_is_doubled(tmp_path, browser):
    work.make_copies(lessons.course_root(), tmp_path / "work")
    with server(tmp_path, "-c", SERVER, tmp_path) as running:
        with lab_page(running, browser.new_context(viewport={"width": 1280, "height": 900})) as lab:
            validated(lab, f"exercises/{STEM}.ipynb").get_by_role("button", name="Ok").click()
            buttons = lab.page.locator(".jp-NotebookPanel-toolbar [data-jp-item-name]")
            names = [button.get_attribute("data-jp-item-name") for button in buttons.all()]
            assert len(set(names)) == len(names) > 5
            lab.run("04-setup")
            assert lab.errors() == []
    assert not re.findall(r"^\[E .*", (tmp_path / "server.log").read_text(encoding="utf-8"), re.MULTILINE)


def test_the_slides_of_jupyterlab_deck_start_and_stop(lab):
    pytest.importorskip("jupyterlab_deck", reason="`make teach` installs it")
    lab.open("blank.ipynb")
    for command, shown in (("deck:start", True), ("deck:stop", False)):
        lab.page.evaluate("name => jupyterapp.commands.execute(name)", command)
        expect(lab.page.locator("body[data-jp-deck-mode]")).to_have_count(int(shown))
