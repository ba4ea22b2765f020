"""The page that a learner gets back: it says everything, teaches, gives nothing away and runs nothing."""

import dataclasses

from graded import ASKED, EVIL, ReadPage, answer, assert_harmless, chosen, grade, mistaken, unread

from lstm_course.classroom.records import QuestionGrade
from lstm_course.classroom.reports.feedback import feedback_page
from lstm_course.grading.cards import plain
from lstm_course.grading.solution import solution_text


def page(own, questions=ASKED):
    return ReadPage(feedback_page(own, questions))


def test_every_answer_has_its_card_under_its_id():
    own = grade("ada", mistaken("04-forget-gate"), answer("04-cell-state", "blank"), answer("04-run-cell", "error"))
    read = page(own)
    assert [attributes["id"] for attributes in read.tags("article")] == list(ASKED)
    assert f"{own.score} of {own.possible} points" in read.text
    forget = read.within("article", id="04-forget-gate")
    assert "Not yet: tanh instead of sigmoid · 0 of 2 points" in forget
    assert plain(ASKED["04-forget-gate"].mistakes[0].message) in forget
    assert "Not written yet" in read.within("article", id="04-cell-state")
    assert "Not yet: it raised an error" in read.within("article", id="04-run-cell")
    assert "Lesson 04" in read.text and "notebooks/04_gates.ipynb" in read.text


def test_each_verdict_of_the_judge_has_a_page():
    for verdict in ("right", "wrong", "blank", "error", "form", "slow", "crashed", "borrowed", "unjudged"):
        assert_harmless(page(grade("ada", answer("04-forget-gate", verdict))))


def test_hints_are_there_to_be_opened_and_only_where_something_is_missing():
    read = page(grade("ada", mistaken("04-forget-gate"), answer("04-run-cell", "wrong", override=3.0)))
    forget = read.within("article", id="04-forget-gate")
    for k, hint in enumerate(ASKED["04-forget-gate"].hints, start=1):
        assert f"Open hint {k}" in forget and plain(hint) in forget
    assert "hint" not in read.within("article", id="04-cell-state"), "it is right"
    assert "hint" not in read.within("article", id="04-run-cell"), "the teacher says that it is right"
    assert not [attributes for attributes in read.tags("details") if "open" in attributes]


def test_no_solution_is_given_away():
    own = grade("ada", *(answer(question_id, "blank") for question_id in ASKED))
    text = feedback_page(own, ASKED)
    assert "lstm-course solution" not in feedback_page(grade("ada"), ASKED) + text
    bodies = [solution_text(key) for key, question in ASKED.items() if hasattr(question, "mistakes")]
    assert not [body for body in bodies if body.strip() in text]
    choice = ASKED["04-main-role"]
    assert choice.options[choice.right].why not in text


def test_could_not_be_judged_is_kind_and_apart_from_wrong():
    own = grade("ada", answer("04-forget-gate", "unjudged", message="No memory was left."), status="review")
    read = page(own)
    said = read.within("article", id="04-forget-gate")
    assert "not the same as wrong" in said and "No memory was left." in said
    assert "Not yet" not in said and "hint" not in said
    assert "the score may rise" in read.text and "Everything is right" not in read.text
    assert "the score may rise" not in page(grade("ada", answer("04-forget-gate", "unjudged", override=2.0))).text


def test_the_teachers_word_is_there_beside_the_judges():
    own = answer("04-forget-gate", "wrong", override=1.5, comment="Nearly.\nLook at b_f.")
    said = page(grade("ada", own)).within("article", id="04-forget-gate")
    assert "Your teacher gave 1.5 of 2 points." in said and "Nearly. Look at b_f." in said


def test_what_could_not_be_read_says_so_and_tells_nothing_of_others():
    read = page(unread("ada", notes=("boris handed in the same file",)))
    assert "says nothing about your answers" in read.text and "boris" not in read.text
    assert "0 of" not in read.text


def test_nothing_that_was_handed_in_becomes_html():
    answers = [
        dataclasses.replace(
            answer(question_id, verdict, message=EVIL, mistake=EVIL, printed=EVIL, call=EVIL, comment=EVIL),
            comparison=((EVIL, EVIL, EVIL),),
        )
        for question_id, verdict in zip(
            ASKED, ("wrong", "error", "form", "unjudged", "slow", "crashed", "borrowed"), strict=False
        )
    ]
    own = grade(EVIL, *answers, assignment=EVIL, source=EVIL, digest=EVIL, notes=(EVIL,), identity={"name": EVIL})
    read = page(own)
    assert_harmless(read)
    assert read.text.count("<script>alert(1)</script>") >= 6 * len(answers)


def test_ids_that_are_not_the_courses_become_no_html_either():
    own = QuestionGrade(EVIL, "wrong", 0, 1, "So.")
    assert_harmless(page(grade("ada", questions=(own,), assignment="my_own"), questions={}))


def test_a_page_needs_nothing_but_itself_and_shows_any_character():
    text = feedback_page(grade("ada\udcff", answer("04-forget-gate", "error", printed="\x1b[31mred\x00")), ASKED)
    assert text.encode("utf-8") and "\x00" not in text and "\x1b" not in text
    assert "default-src 'none'" in text
    assert_harmless(ReadPage(text))


def test_a_choice_says_why_and_not_which():
    said = page(grade("ada", chosen("04-main-role", "a"))).within("article", id="04-main-role")
    assert plain(ASKED["04-main-role"].options["a"].why) in said
