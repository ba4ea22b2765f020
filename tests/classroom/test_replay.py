"""Judging again what was graded: by the same cases, and with a sentence where that cannot be."""

import json

import pytest
from solved_class import ALL, ANSWER, ERROR, STEM, WRONG, hand_in, needs_isolation

from lstm_course.classroom.grade import grade
from lstm_course.classroom.replay import replay

pytestmark = [pytest.mark.slow, needs_isolation]
SCRATCH = "05_lstm_from_scratch"


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class of every kind, graded."""
    root = tmp_path_factory.mktemp("class")
    class_ = root / "submitted"
    hand_in(class_, "ada")
    hand_in(class_, "boris", {ANSWER: WRONG})
    hand_in(class_, "chen", start="exercises")
    hand_in(class_, "dora", {ANSWER: ERROR, "04-forget-gate": "raise SystemExit"})
    (class_ / "emil" / STEM).mkdir(parents=True)
    (class_ / "emil" / STEM / f"{STEM}.ipynb").write_bytes(b"{")
    grade(class_, root / "out")
    return root / "out"


@pytest.fixture
def one(tmp_path):
    """A class of one whose answer is wrong, graded; the file and the folder."""
    path = hand_in(tmp_path / "submitted", "ada", {ANSWER: WRONG})
    grade(tmp_path / "submitted", tmp_path / "out")
    return path, tmp_path / "out"


def test_the_same_cases_give_the_same_verdicts(graded):
    for student, score in {"ada": ALL, "boris": ALL - 1, "chen": 0, "dora": ALL - 3}.items():
        replayed = replay(graded, student)
        assert all(each.same for each in replayed)
        assert sum(each.verdict.earned for each in replayed) == score == replayed[0].grade.score
        on_record = {each.id: each.comparison for each in replayed[0].grade.questions}
        assert all(each.verdict.comparison == on_record[each.verdict.question] for each in replayed)


def test_one_question_alone_and_the_file_in_place_of_the_folder(graded):
    (only,) = replay(graded / "grades.json", "boris", ANSWER)
    assert only.same and only.verdict.question == ANSWER and not only.verdict.right


def test_the_numbers_are_those_of_the_seed(one):
    _, out = one
    record = json.loads((out / "grades.json").read_text(encoding="utf-8"))
    (before,) = replay(out, "ada", ANSWER)
    assert replay(out, "ada", ANSWER)[0].verdict.comparison == before.verdict.comparison != ()
    record["grades"][0]["seed"] += 1
    (out / "grades.json").write_text(json.dumps(record), encoding="utf-8")
    (after,) = replay(out, "ada", ANSWER)
    assert after.verdict.comparison != before.verdict.comparison and after.verdict.verdict == "wrong"


def test_what_was_kept_is_judged_by_the_seed_of_its_own_batch(one):
    _, out = one
    first = replay(out, "ada", ANSWER)[0].verdict
    hand_in(out.parent / "submitted", "boris")
    grade(out.parent / "submitted", out)
    record = json.loads((out / "grades.json").read_text(encoding="utf-8"))
    assert record["seed"] != record["grades"][0]["seed"]
    (again,) = replay(out, "ada", ANSWER)
    assert again.same and again.verdict.comparison == first.comparison


def test_a_teachers_points_are_not_what_the_judge_said(one):
    _, out = one
    with open(out / "overrides.csv", "a", encoding="utf-8") as file:
        file.write(f"ada,{STEM},{ANSWER},1,\n")
    grade(out.parent / "submitted", out)
    (again,) = replay(out, "ada", ANSWER)
    assert again.same and again.verdict.earned == 0 and again.grade.score == ALL


def test_another_verdict_on_record_is_not_the_same(one):
    _, out = one
    record = json.loads((out / "grades.json").read_text(encoding="utf-8"))
    for question in record["grades"][0]["questions"]:
        question["judged"] = question["possible"]
    (out / "grades.json").write_text(json.dumps(record), encoding="utf-8")
    assert [each.verdict.question for each in replay(out, "ada") if not each.same] == [ANSWER]


def test_what_the_teacher_said_it_is_is_known_again(tmp_path):
    path = tmp_path / "submitted" / "ada.ipynb"
    source = hand_in(tmp_path / "elsewhere", "ada", {ANSWER: WRONG})
    form = json.loads(source.read_text(encoding="utf-8"))
    del form["metadata"]["lstm_course"]
    form["cells"] = [each for each in form["cells"] if each["id"] == ANSWER]
    form["cells"][0]["metadata"] = {}
    path.parent.mkdir()
    path.write_text(json.dumps(form), encoding="utf-8")
    grade(path.parent, tmp_path / "out", assignment="04")
    assert all(each.same for each in replay(tmp_path / "out", "ada"))


def test_of_several_assignments_one_must_be_named(tmp_path):
    class_, out = tmp_path / "submitted", tmp_path / "out"
    hand_in(class_, "ada", {ANSWER: WRONG})
    other = class_ / "ada" / SCRATCH / f"{SCRATCH}.ipynb"
    other.parent.mkdir()
    form = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"lstm_course": {"exercise": SCRATCH}}, "cells": []}
    other.write_text(json.dumps(form), encoding="utf-8")
    grade(class_, out)
    with pytest.raises(ValueError, match=f"^assignment: 'ada' has grades in {STEM}, {SCRATCH}; choose one with"):
        replay(out, "ada")
    for name in (STEM, "04", "gates"):
        assert {each.grade.assignment for each in replay(out, "ada", assignment=name)} == {STEM}
    with pytest.raises(ValueError, match="^student: there is no grade for 'ada' in 03_vanishing_gradients$"):
        replay(out, "ada", assignment="03")


@pytest.mark.parametrize(
    ("student", "question", "said"),
    [
        ("zoe", None, "^student: there is no grade for 'zoe'$"),
        ("", None, "^student: there is no grade for ''$"),
        ("ada", "04-nothing", "^question: '04-nothing' is not in this submission; it has 04-forget-gate, 04-cell-"),
        ("emil", None, "^student: this submission of 'emil' could not be judged: .*JSON"),
    ],
)
def test_what_there_is_no_grade_of_is_one_sentence(student, question, said, graded):
    with pytest.raises(ValueError, match=said) as caught:
        replay(graded, student, question)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda path: path.write_bytes(path.read_bytes() + b" "),
            "the file has changed since it was graded; grade it again first$",
        ),
        (lambda path: path.rename(path.with_suffix(".txt")), "(is no longer there|contains no notebooks)"),
        (lambda path: path.parents[2].rename(path.parents[3] / "moved"), "submitted"),
    ],
    ids=["changed", "gone", "folder gone"],
)
def test_a_file_that_is_not_as_it_was_is_one_sentence(change, said, one):
    path, out = one
    change(path)
    with pytest.raises((ValueError, OSError), match=said) as caught:
        replay(out, "ada")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "5", "{" * 9, "[" * 100_000, '{"grades": [5], "submissions": "", "questions": ""}', "\0", '"x"'],
    ids=range(9),
)
def test_what_is_no_record_is_one_sentence(text, tmp_path):
    (tmp_path / "grades.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="grades.json: this is not a grades.json written by lstm-course grade$"):
        replay(tmp_path, "ada")


def test_a_folder_without_a_record_is_one_sentence(tmp_path):
    with pytest.raises(
        ValueError, match="grades.json: there is no such file; wanted the folder written by lstm-course grade$"
    ):
        replay(tmp_path, "ada")
