"""The teacher's own word: it counts everywhere, outlives every run, and is never written to."""

import csv
import json
from types import SimpleNamespace

import pytest
from graded import grade as made
from graded import unread
from solved_class import ALL, ANSWER, ERROR, STEM, WRONG, answer, hand_in, needs_isolation, scores

from lstm_course.classroom import overrides
from lstm_course.classroom.for_nbgrader import formgrader, gradebook
from lstm_course.classroom.grade import grade

HEAD = "student,assignment,question,points,comment\n"
ROW = f"ada,{STEM},{ANSWER},"


def table(folder, text):
    path = folder / "overrides.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def test_where_there_is_none_an_empty_one_is_made(tmp_path):
    assert overrides.read(tmp_path) == {}
    assert (tmp_path / "overrides.csv").read_text(encoding="utf-8") == HEAD
    assert overrides.read(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROW + "0.5,Nearly",
        "\ufeff" + HEAD + ROW + "0.5,Nearly",  # as Excel saves it
        HEAD.replace("\n", ",,\n") + ROW + "0.5,Nearly,,",
        HEAD + "\n,,,,\n" + ROW.replace(",", " ,") + '"0,5",Nearly \r\n',
        f"comment,points,question,assignment,student,mine\nNearly,0.50,{ANSWER},{STEM},ada,x\n",
    ],
    ids=["plain", "BOM", "empty columns", "blanks", "another order"],
)
def test_points_and_a_comment_are_read_however_a_spreadsheet_writes_them(text, tmp_path):
    table(tmp_path, text)
    assert overrides.read(tmp_path) == {("ada", STEM, ANSWER): (0.5, "Nearly")}


def test_a_comment_may_have_commas_quotes_and_lines_and_stand_alone(tmp_path):
    table(tmp_path, HEAD + ROW + ',"Yes, ""nearly"".\nSee me."\n')
    assert overrides.read(tmp_path) == {("ada", STEM, ANSWER): (None, 'Yes, "nearly".\nSee me.')}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + ROW + "full\n", r"line 2: wanted points of 0 or more, got 'full'"),
        (HEAD + ROW + "1,\n" + ROW + "-1,\n", r"line 3: wanted points of 0 or more, got '-1'"),
        (HEAD + ROW + "nan,\n", r"line 2: wanted points .* got 'nan'"),
        (HEAD + ROW + "inf,\n", r"line 2: wanted points .* got 'inf'"),
        (HEAD + ROW + ',"two\nlines"\n\n' + ROW + "x,\n", r"line 5: wanted points .* got 'x'"),
        (HEAD + ROW + "1,Good, but slow\n", r"line 2: there are too many columns; a comment with a comma needs quotes"),
        (HEAD + ROW + '1,"never closed\n' + ROW + "0,\n", r"line 3: this is not CSV \(unexpected end of data\)"),
        ("student,points\nada,1\n", r"wanted the columns .*; missing: assignment, question, comment"),
        (HEAD.replace(",", ";") + ROW.replace(",", ";"), r"wanted the columns student, .*; missing: .*"),
        ((HEAD + "bj\xf6rn,,,1,\n").encode("latin-1"), r"the file is not in UTF-8 "),
        ((HEAD + ROW).encode("utf-16"), r"the file is not in UTF-8 "),
    ],
    ids=range(11),
)
def test_a_bad_table_is_one_sentence_that_names_the_line(text, said, tmp_path):
    path = table(tmp_path, text)
    with pytest.raises(ValueError, match=said) as caught:
        overrides.read(tmp_path)
    assert str(caught.value).startswith(f"{path}: ") and "\n" not in str(caught.value)


def test_rows_that_belong_to_no_answer_are_named():
    words = {
        ("ada", STEM, ANSWER): (1.0, ""),
        ("ada", STEM, "04-nothing"): (1.0, ""),
        ("zoe", STEM, ANSWER): (1.0, ""),
        ("boris", STEM, ""): (1.0, ""),
        ("chen", STEM, ANSWER): (1.0, ""),
    }
    assert overrides.unmatched(words, [made("ada"), made("boris"), unread("chen")]) == [
        "overrides.csv: there is no answer to 04-nothing by 'ada' in '04_gates'",
        "overrides.csv: there is no answer to 04-cell-state by 'zoe' in '04_gates'",
        "overrides.csv: there is no answer to a question by 'boris' in '04_gates'",
        "overrides.csv: there is no answer to 04-cell-state by 'chen' in '04_gates'",
    ]


def test_of_two_sources_the_newer_counts_for_what_it_says():
    older = {1: (1.0, "older"), 2: (1.0, "older"), 3: (1.0, ""), 4: (None, "older")}
    newer = {1: (2.0, ""), 2: (None, "newer"), 3: (0.0, "newer")}
    together = {1: (2.0, "older"), 2: (1.0, "newer"), 3: (0.0, "newer"), 4: (None, "older")}
    assert overrides.merged(older, newer) == together


@needs_isolation
@pytest.mark.slow
def test_they_count_in_every_table_and_page_and_outlive_every_run(tmp_path):
    class_, out = tmp_path / "submitted", tmp_path / "out"
    hand_in(class_, "ada", {ANSWER: WRONG})
    hand_in(class_, "boris")
    assert scores(grade(class_, out).grades) == {"ada": ALL - 1, "boris": ALL}
    text = HEAD + ROW + f"0.25,Nearly <b>there</b>\nboris,{STEM},{ANSWER},0,See me\nzoe,{STEM},{ANSWER},1,\n"
    path = table(out, text)
    before = path.read_bytes(), path.stat().st_mtime_ns

    def counts(graded):
        assert scores(graded.grades) == {"ada": ALL - 0.75, "boris": ALL - 1}
        assert answer(graded.grades, "ada").judged == 0 and answer(graded.grades, "boris").judged == 1
        assert graded.notes == ("overrides.csv: there is no answer to 04-cell-state by 'zoe' in '04_gates'",)
        with open(out / "grades.csv", encoding="utf-8", newline="") as file:
            rows = {row["student"]: row["score"] for row in csv.DictReader(file)}
        assert rows == {"ada": f"{ALL - 0.75:g}", "boris": f"{ALL - 1:g}"}
        record = json.loads((out / "grades.json").read_text(encoding="utf-8"))
        assert [each["score"] for each in record["grades"]] == [ALL - 0.75, ALL - 1]
        (worksheet,) = (out / "moodle").iterdir()
        for name in (out / "canvas.csv", worksheet):
            assert f"{ALL - 0.75:g}" in name.read_text(encoding="utf-8")
        (results,) = (out / "gradescope").glob("ada*.json")
        assert json.loads(results.read_text(encoding="utf-8"))["score"] == ALL - 0.75
        (page,) = (out / "feedback").glob("ada*.html")
        page = page.read_text(encoding="utf-8")
        assert "Nearly &lt;b&gt;there" in page and f"{ALL - 0.75:g}" in page
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before

    counts(grade(class_, out))
    counts(grade(class_, out, again=True))
    hand_in(class_, "ada", {ANSWER: ERROR})  # handed in again, and judged again
    counts(grade(class_, out))
    path.write_text(HEAD, encoding="utf-8")
    assert scores(grade(class_, out).grades) == {"ada": ALL - 1, "boris": ALL}  # taken back


@needs_isolation
def test_a_bad_table_stops_before_anything_is_judged(tmp_path):
    hand_in(tmp_path / "submitted", "ada")
    (tmp_path / "out").mkdir()
    table(tmp_path / "out", HEAD + ROW + "full\n")
    with pytest.raises(ValueError, match="overrides.csv: line 2: "):
        grade(tmp_path / "submitted", tmp_path / "out", progress=lambda done, total: pytest.fail("it began"))


@needs_isolation
@pytest.mark.slow
def test_the_table_counts_before_the_gradebook_and_each_for_what_it_says(tmp_path, monkeypatch):
    main, quiz = "04-main-role", "04-quiz-stores"
    theirs = {
        ("ada", STEM, ANSWER): (0.5, "theirs"),
        ("ada", STEM, main): (0.5, "theirs"),
        ("ada", STEM, quiz): (0.5, ""),
        ("somebody else", "05_lstm_from_scratch", "05-x"): (1.0, ""),
    }
    handed_on = []
    monkeypatch.setattr(gradebook, "read_overrides", lambda path: theirs)
    written = SimpleNamespace(notes=("kept in the gradebook",))
    monkeypatch.setattr(gradebook, "write_gradebook", lambda grades, path: handed_on.extend(grades) or written)
    monkeypatch.setattr(formgrader, "lay_out", lambda *given: 0)
    hand_in(tmp_path / "submitted", "ada")
    (tmp_path / "out").mkdir()
    table(tmp_path / "out", HEAD + ROW + f"0,ours\nada,{STEM},{main},,ours\n")
    graded = grade(tmp_path / "submitted", tmp_path / "out", gradebook=tmp_path / "gradebook.db")
    said = {each.id: (each.points, each.comment) for each in graded.grades[0].questions}
    assert (said[ANSWER], said[main], said[quiz]) == ((0, "ours"), (0.5, "ours"), (0.5, ""))
    assert handed_on == list(graded.grades)
    assert graded.notes == ("kept in the gradebook",)  # and no word of those who are not in this batch
