"""The teacher's report and the feedback beside it, in a browser: they open, lead on, fit, and run nothing."""

from datetime import UTC, datetime

import pytest
from audit import findings
from plain_page import plain_page
from playwright.sync_api import expect

from lstm_course import questions
from lstm_course.classroom.records import Batch, Grade, QuestionGrade
from lstm_course.classroom.reports.write_all import write_all

WHEN = datetime(2026, 11, 20, 18, 35, tzinfo=UTC)
ASKED = [question for question in questions.of_lesson("05_lstm_from_scratch") if question.points]
VERDICTS = ("right", "wrong", "blank", "error", "form", "slow", "crashed", "borrowed", "unjudged")
EVIL = "<script>document.title = 'run'</script><img src='https://example.invalid/x' onerror='document.title = 1'>"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """A class of 60 with every verdict, long words and text that would like to run."""
    grades = [_grade(f"student {k:02d} {'with a very long name ' * (k == 3)}{EVIL * (k == 4)}", k) for k in range(60)]
    return write_all(Batch(tuple(grades), WHEN, "full", 7), tmp_path_factory.mktemp("graded"))


def _grade(student, k):
    answers = []
    for place, question in enumerate(ASKED):
        verdict = VERDICTS[(k + place) % len(VERDICTS)]
        wide = "x = np.array([" + "1.2345, " * 60 + "])"
        judged = question.points if verdict == "right" else 0
        given = 1.5 if k == place else None
        answers.append(
            QuestionGrade(
                question.id,
                verdict,
                judged,
                question.points,
                f"{EVIL} `{'long_name_' * 12}`",
                comparison=(("h_next[0, 1, 2, 3]", "-0.12345678", "0.87654321"),),
                call=wide,
                printed=wide + EVIL,
                override=given,
                comment=EVIL * bool(given),
            )
        )
    status, borrowed = ("review", ("05-coupled-gates: " + "a" * 90,)) if k % 9 == 0 else ("graded", ())
    return Grade(
        student,
        "05_lstm_from_scratch",
        "submitted/" + "deep/" * 30,
        status,
        tuple(answers),
        (EVIL,),
        19,
        7,
        "c0ffee" * 10,
        borrowed,
    )


def overflow(page):
    """By how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")


def test_a_field_leads_to_the_answer_by_keyboard_alone(plain, report):
    page = plain.page
    page.goto(report.as_uri())
    field = page.locator(".grid tbody tr").nth(2).locator("td a").nth(3)
    assert field.get_attribute("title")
    field.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(field).to_be_focused()
    target = field.get_attribute("href").partition("#")[2]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/feedback/*#{target}")
    expect(page.locator(f"article[id='{target}']")).to_be_in_viewport()


def test_nothing_in_the_pages_runs(plain, report):
    plain.page.goto(report.as_uri())
    expect(plain.page).to_have_title("Grading report")
    assert plain.page.locator("script, img").count() == 0
    for feedback in sorted((report.parent / "feedback").iterdir())[:5]:
        plain.page.goto(feedback.as_uri())
        assert plain.page.title() not in ("run", "1")
        assert plain.page.locator("script, img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 400, 1200])
def test_nothing_overflows_and_a_wide_grid_scrolls_in_its_own_box(browser, tmp_path, report, scheme, width):
    size = {"width": width, "height": 800}
    with plain_page(browser, tmp_path, viewport=size, color_scheme=scheme) as plain:
        plain.page.goto(report.as_uri())
        open_all(plain.page)
        assert overflow(plain.page) <= 0
        assert width < 1200 or findings(plain.page) == []
        box = plain.page.locator(".box").first
        if width < 500:
            assert box.evaluate("box => box.scrollWidth > box.clientWidth")
        for feedback in sorted((report.parent / "feedback").iterdir())[3:6]:
            plain.page.goto(feedback.as_uri())
            open_all(plain.page)
            assert overflow(plain.page) <= 0, feedback.name
            assert width < 1200 or findings(plain.page) == []


def test_names_and_questions_stay_in_view_while_the_grid_scrolls(browser, tmp_path, report):
    with plain_page(browser, tmp_path, viewport={"width": 400, "height": 800}) as plain:
        plain.page.goto(report.as_uri())
        box = plain.page.locator(".box").first
        box.scroll_into_view_if_needed()
        box.evaluate("box => box.scrollTo(box.scrollWidth, box.scrollHeight)")
        expect(box.locator("thead th").last).to_be_in_viewport()
        expect(box.locator("tbody th").last).to_be_in_viewport()


def test_hints_open_without_a_script(browser, tmp_path, report):
    feedback = sorted((report.parent / "feedback").iterdir())[1]
    with plain_page(browser, tmp_path) as plain:
        plain.page.goto(feedback.as_uri())
        hint = plain.page.locator("details.hint").first
        expect(hint.locator("p")).to_be_hidden()
        hint.locator("summary").focus()
        plain.page.keyboard.press("Enter")
        expect(hint.locator("p")).to_be_visible()
