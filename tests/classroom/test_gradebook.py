"""Grades in nbgrader's gradebook: what is there afterwards, and what stays of what teachers gave by hand."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from a_gradebook import ASKED, FIRST, STEM, ask, content, graded, row, small_gradebook

from lstm_course.classroom.for_nbgrader.gradebook import read_overrides, write_gradebook
from lstm_course.classroom.records import QuestionGrade

pytest.importorskip("nbgrader")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # its own warnings, about the libraries it uses


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return small_gradebook(tmp_path_factory.mktemp("made"))


@pytest.fixture
def book(made, tmp_path):
    return Path(shutil.copy(made, tmp_path))


def by_hand(path, student, points=None, extra=None, comment=None):
    """What formgrader does when a teacher fills in the fields of the first question."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{path}") as opened:
        grade = opened.find_grade(f"check-{FIRST}", STEM, STEM, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
        opened.find_comment(FIRST, STEM, STEM, student).manual_comment = comment
        opened.db.commit()


# --- what is written --------------------------------------------------------------------------------------------


def test_nbgrader_reads_the_scores(made):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{made}") as opened:
        found = {student.id: student.score for student in opened.students}
        assert found == {"ada": 14, "boris": 0, "chen": 7}
        assert opened.find_assignment(STEM).max_score == 14
        assert not any(one.needs_manual_grade for one in opened.assignment_submissions(STEM))


def test_a_regrade_replaces_and_never_duplicates(book):
    counts = {table: ask(book, f"SELECT count(*) FROM {table}") for table in ("grade", "comment", "submitted_notebook")}
    written = write_gradebook([graded("ada", 0.5), graded("dina")], book)
    assert (written.added, written.replaced) == (1, 1)
    assert row(book, "ada") == [1, None, None, False] and row(book, "boris") == [0, None, None, False]
    for table, ((before,),) in counts.items():
        assert ask(book, f"SELECT count(*) FROM {table}") == [(before * 4 // 3,)]


def test_the_same_grades_again_change_nothing(book):
    before = content(book)
    write_gradebook([graded("chen", 0.5), graded("ada")], book)
    assert content(book) == before


def test_of_two_grades_of_one_student_the_last_counts(book):
    written = write_gradebook([graded("ada", 0.0), graded("ada", 0.5)], book)
    assert written.replaced == 1 and row(book, "ada")[0] == 1


def test_what_could_not_be_judged_has_no_score_and_waits_for_the_teacher(book):
    write_gradebook([graded("ada", verdict="unjudged"), graded("boris", status="review")], book)
    assert row(book, "ada") == [None, None, None, True]
    assert row(book, "ada", "04-cell-state") == [1, None, None, False]
    assert row(book, "boris") == [2, None, None, True]


def test_an_unreadable_submission_loses_its_old_score_and_waits_for_the_teacher(book):
    unreadable = replace(graded("ada", status="unreadable"), questions=())
    write_gradebook([unreadable, replace(unreadable, student="dina")], book)
    for student in ("ada", "dina"):
        assert {row(book, student, name)[0] for name in ASKED} == {None}
        assert all(row(book, student, name)[3] for name in ASKED)


def test_a_blank_has_the_comment_that_nbgrader_gives_it(book):
    write_gradebook([graded("ada", verdict="blank", judged=0.0)], book)
    assert ask(book, "SELECT auto_comment FROM comment WHERE auto_comment IS NOT NULL") == [("No response.",)]


def test_the_judges_words_are_not_put_where_nbgrader_shows_html(book):
    write_gradebook([graded("ada", verdict="wrong", judged=0.0, message="<img src=x onerror=alert(1)>")], book)
    assert "onerror" not in "".join(content(book))


def test_when_it_was_handed_in_is_taken_from_nbgraders_folder(book):
    for student, said in {"ada": "2026-03-01 10:00:00 UTC", "boris": "soon"}.items():
        folder = book.parent / "submitted" / student / STEM
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(said, encoding="utf-8")
    write_gradebook([graded("ada"), graded("boris")], book)
    found = dict(ask(book, "SELECT student_id, timestamp FROM submitted_assignment"))
    assert found["ada"].startswith("2026-03-01 10:00:00") and found["boris"] is None


# --- what teachers gave by hand ---------------------------------------------------------------------------------


def test_points_extra_credit_and_comments_of_the_teacher_survive(book):
    by_hand(book, "ada", points=1.5, extra=0.25, comment="Ask me.")
    written = write_gradebook([graded("ada")], book)
    assert row(book, "ada") == [2, 1.5, 0.25, False] and written.notes == ()
    assert read_overrides(book) == {("ada", STEM, FIRST): (1.5, "Ask me.")}


def test_points_by_hand_wait_for_a_look_when_the_judge_changed_its_mind(book):
    by_hand(book, "ada", points=1.5)
    for _ in range(2):  # the second time the judge says the same, and still nobody has looked
        write_gradebook([graded("ada", 0.0)], book)
        assert row(book, "ada") == [0, 1.5, None, True]


def test_an_override_and_a_comment_of_ours_arrive_and_are_read_back(book):
    ours = graded("ada", override=0.5, comment='"<b>"; DROP TABLE grade')
    assert write_gradebook([ours], book).notes == ()
    assert row(book, "ada") == [2, 0.5, None, False]
    found = read_overrides(book)
    assert found == {("ada", STEM, FIRST): (0.5, '"<b>"; DROP TABLE grade')}
    assert graded("ada").with_overrides(found) == ours


def test_where_both_gave_points_nbgraders_stay_and_it_is_said(book):
    by_hand(book, "ada", points=1.5, comment="Ask me.")
    written = write_gradebook([graded("ada", override=1.0, comment="Well done.")], book)
    assert row(book, "ada")[1] == 1.5
    assert written.notes == (
        "ada, 04_gates, 04-forget-gate: the 1.5 points entered in nbgrader by hand are kept, not replaced by 1.",
        "ada, 04_gates, 04-forget-gate: the comment entered in nbgrader by hand is kept, "
        "not replaced by the one given here.",
    )


def test_a_comment_that_was_taken_back_is_none(book):
    by_hand(book, "ada", comment="")
    assert read_overrides(book) == {}
    write_gradebook([graded("ada", comment="Well done.")], book)
    assert read_overrides(book) == {("ada", STEM, FIRST): (None, "Well done.")}


def test_without_a_gradebook_nobody_gave_anything(tmp_path):
    assert read_overrides(tmp_path / "gradebook.db") == {}
    assert list(tmp_path.iterdir()) == []


# --- exercises that changed, and names --------------------------------------------------------------------------


def test_points_that_changed_are_brought_up_to_date_and_said(book):
    written = write_gradebook([graded("ada", possible=5.0, judged=5.0)], book)
    assert written.notes == ("04_gates: 04-forget-gate is now worth 5 points; in the gradebook it was 2.",)
    assert ask(book, "SELECT max(max_score) FROM grade_cells") == [(5,)]


def test_a_teachers_own_question_gets_a_cell(book):
    own = QuestionGrade("04-own", "right", 4, 4, "", comment="Nice.")
    ada = graded("ada")
    write_gradebook([replace(ada, questions=(*ada.questions, own))], book)
    assert row(book, "ada", "04-own") == [4, None, None, False]
    assert read_overrides(book) == {("ada", STEM, "04-own"): (None, "Nice.")}


def test_a_teachers_own_assignment_has_cells_for_what_was_judged(book):
    own = (QuestionGrade("30-own", "right", 4, 4, ""), QuestionGrade("30-other", "wrong", 0, 2, ""))
    write_gradebook([replace(graded("ada", stem="30_midterm"), questions=own)], book)
    assert row(book, "ada", "30-own") == [4, None, None, False] and row(book, "ada") == [2, None, None, False]
    assert row(book, "ada", "30-other") == [0, None, None, False]


def test_an_assignment_of_another_name_is_found_by_its_notebook(book):
    ask(book, "UPDATE assignment SET name = 'week 4'")
    assert write_gradebook([graded("ada", 0.5)], book).replaced == 1
    assert row(book, "ada")[0] == 1 and ask(book, "SELECT name FROM assignment") == [("week 4",)]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"student": "../ada"}, "'../ada' cannot be the name of one"),
        ({"student": "ada\n"}, r"'ada\n' cannot be the name of one"),
        ({"student": "a" * 129}, "has 129 characters, and nbgrader allows at most 128"),
        ({"assignment": ""}, "it is not known which exercise it belongs to"),
        ({"assignment": "../04_gates"}, "'../04_gates' cannot be the name of one"),
    ],
)
def test_a_grade_that_nbgrader_cannot_have_is_left_out_and_said(book, changed, said):
    before = content(book)
    written = write_gradebook([replace(graded("ada"), **changed)], book)
    (note,) = written.notes
    assert said in note and note.endswith("so this grade is not in the gradebook.") and "\n" not in note
    assert content(book) == before
