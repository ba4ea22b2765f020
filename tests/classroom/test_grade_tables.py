"""Tables: exact bytes for names that are tricky, and what each platform's own importer looks for."""

import csv
import io
import json

import pytest
from graded import ASKED, EVIL, WHEN, answer, grade, mistaken, unread

import lstm_course
from lstm_course.classroom.records import Grade
from lstm_course.classroom.reports.grade_tables import (
    canvas_csv,
    grades_csv,
    grades_json,
    gradescope_json,
    harmless,
    moodle_csv,
)


def rows(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def records(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- grades.csv and grades.json ---------------------------------------------------------------------------------


def test_the_table_has_these_bytes_and_is_sorted():
    names = ("zoe", "o, ada", 'the "boris"', "two\nlines", "=1+1", "Ünal 😀")
    text = grades_csv([grade(name) for name in names])
    assert text == (
        "student,assignment,score,max_score,status\r\n"
        "'=1+1,04_gates,12,12,graded\r\n"
        '"o, ada",04_gates,12,12,graded\r\n'
        '"the ""boris""",04_gates,12,12,graded\r\n'
        '"two\nlines",04_gates,12,12,graded\r\n'
        "zoe,04_gates,12,12,graded\r\n"
        "Ünal 😀,04_gates,12,12,graded\r\n"
    ).replace("12,12", f"{(whole := sum(question.points for question in ASKED.values()))},{whole}")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"])
def test_no_cell_begins_as_a_formula_does(first):
    name = f"{first}HYPERLINK(1)"
    assert harmless(name) == f"'{name}"
    for table in (grades_csv, canvas_csv, lambda grades: moodle_csv(grades, WHEN)):
        cells = [cell for row in rows(table([grade(name, identity={"canvas_id": name})])) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(first)]


def test_points_are_written_as_people_write_them():
    half = grade("ada", answer("04-forget-gate", "wrong", override=0.5), answer("04-cell-state", judged=1.0))
    whole = sum(question.points for question in ASKED.values())
    assert rows(grades_csv([half]))[1][2:4] == [f"{whole - 1.5:g}", str(whole)]
    tenths = grade("ada", questions=tuple(answer("04-forget-gate", "wrong", override=0.1) for _ in range(3)))
    assert rows(grades_csv([tenths]))[1][2] == "0.3"


def test_what_could_not_be_judged_has_no_score_anywhere():
    lost = unread("ada", identity={"moodle_id": "5", "canvas_id": "6"})
    assert rows(grades_csv([lost]))[1][2] == ""
    assert records(canvas_csv([lost]))[1]["04_gates"] == ""
    assert records(moodle_csv([lost], WHEN))[0]["Grade"] == ""


def test_names_that_are_no_text_do_not_stop_the_writing():
    broken = grade("ada\udcff\x00", identity={"name": "\ud800"})
    for text in (
        grades_csv([broken]),
        canvas_csv([broken]),
        moodle_csv([broken], WHEN),
        grades_json([broken], 7, "full"),
    ):
        assert text.encode("utf-8")


def test_the_json_gives_back_the_grades():
    grades = [grade("boris", mistaken("04-forget-gate")), grade("ada", identity={"moodle_id": "5"})]
    form = json.loads(grades_json(grades, 7, "process"))
    assert (form["lstm_course"], form["seed"], form["isolation"]) == (lstm_course.__version__, 7, "process")
    assert [Grade.from_dict(written) for written in form["grades"]] == grades[::-1]


# --- Canvas -----------------------------------------------------------------------------------------------------


def test_canvas_gets_one_row_a_student_and_one_column_an_assignment():
    known = {"canvas_id": "4711", "name": "Ada"}
    grades = [grade("ada", identity=known), grade("ada", assignment="05_x", identity=known), grade("boris")]
    head, possible, ada, boris = rows(canvas_csv(grades))
    whole = str(sum(question.points for question in ASKED.values()))
    assert head == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "04_gates", "05_x"]
    assert "Points Possible" in possible[0] and possible[5:] == [whole, whole]
    assert ada == ["Ada", "4711", "", "", "", whole, whole]
    assert boris == ["boris", "", "", "", "", whole, ""], "a number that is not known stays empty"


# --- Moodle -----------------------------------------------------------------------------------------------------


def test_moodle_finds_the_columns_that_it_insists_on():
    known = grade("ada", mistaken("04-forget-gate"), identity={"moodle_id": "123456", "name": "Ada"})
    first, second = records(moodle_csv([grade("boris"), known], WHEN))
    assert (first["Identifier"], first["Full name"]) == ("Participant 123456", "Ada")
    assert float(first["Grade"]) == known.score and float(first["Maximum Grade"]) == known.possible
    assert first["Last modified (grade)"] == "2026-11-20T18:35:00+00:00"
    assert second["Identifier"] == ""
    assert "Forget gate: not yet: tanh instead of sigmoid." in first["Feedback comments"]


def test_a_comment_in_moodle_is_shown_and_not_run():
    own = answer("04-forget-gate", "wrong", message=EVIL, printed=EVIL, override=1.5, comment="a < b & c " + EVIL)
    comment = records(moodle_csv([grade("ada", own)], WHEN))[0]["Feedback comments"]
    assert "<" not in comment and "a &lt; b &amp; c" in comment
    assert "Forget gate: your teacher gave 1.5 of 2 points." in comment


# --- Gradescope -------------------------------------------------------------------------------------------------


def test_gradescope_gets_score_tests_and_reasons():
    own = grade(
        "ada",
        answer("04-cell-state", "unjudged", message="The process was ended."),
        answer("04-run-cell", "wrong", comparison=(("h[0]", "1", "2"),), override=3.0, comment="Fine after all."),
        mistaken("04-forget-gate"),
    )
    form = json.loads(gradescope_json(own))
    tests = {test["name"]: test for test in form["tests"]}
    assert form["score"] == own.score == sum(test["score"] for test in form["tests"])
    assert "1 of the answers could not be judged" in form["output"]
    assert tests["cell state"]["output"].startswith("Could not be judged.")
    assert tests["run cell"]["status"] == "passed" and "Fine after all." in tests["run cell"]["output"]
    assert "h[0]: yours 1, wanted 2" in tests["run cell"]["output"]
    assert (tests["forget gate"]["status"], tests["forget gate"]["max_score"]) == ("failed", 2)
    assert {test["visibility"] for test in form["tests"]} == {"visible"}
