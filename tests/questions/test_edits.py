"""Mistakes as edits of the published solution."""

import dataclasses
import json

import numpy as np
import pytest

from lstm_course import lessons, questions
from lstm_course.grading import version
from lstm_course.grading.check import judge_here
from lstm_course.grading.solution import solution_text
from lstm_course.questions import Mistake, edit, solved
from lstm_course.questions.edits import Edited, check_edits

CELL_STATE = questions.find("04-cell-state")
SWAPPED = edit("f * c", "i * c", "i * g", "f * g")


def with_mistake(changed, question=CELL_STATE):
    return dataclasses.replace(question, mistakes=(Mistake("mine", "It is mine.", changed),), raising=())


def test_an_edit_replaces_a_text_that_occurs_once():
    assert edit("a + b", "a - b").applied_to("return a + b") == "return a - b"
    assert edit("a", "b", "b + c", "0").applied_to("x = a + c") == "x = 0", "each pair changes the result of the last"


@pytest.mark.parametrize("source, times", [("return c", 0), ("x * y + x * y", 2)])
def test_an_edit_that_does_not_match_exactly_once_is_refused(source, times):
    with pytest.raises(
        ValueError, match=rf"^edit: 'x \* y' occurs {times} times in the solution; wanted exactly once$"
    ):
        edit("x * y", "x").applied_to(source)


@pytest.mark.parametrize("texts", [("a", "b", "c"), ("", "b"), ("a", "a"), ("a", "b", "c", "c")])
def test_an_edit_that_changes_nothing_or_lacks_a_text_is_refused(texts):
    with pytest.raises(ValueError, match="^edit: "):
        edit(*texts)


def test_a_question_makes_the_wrong_function_from_its_solution():
    (mistake,) = with_mistake(SWAPPED).mistakes
    i, f, g, c = np.random.default_rng(0).normal(size=(4, 3, 2))
    np.testing.assert_allclose(mistake.answer(i, f, g, c=c), i * c + f * g)
    assert mistake.answer.source == solution_text("04-cell-state").replace("f * c + i * g", "i * c + f * g")


def test_an_answer_that_makes_it_is_called_by_its_name():
    asked = with_mistake(SWAPPED)
    verdict = judge_here(asked, lambda i, f, g, c: i * c + f * g)
    assert (verdict.verdict, verdict.mistake, verdict.message) == ("wrong", "mine", "It is mine.")
    assert judge_here(asked, lambda i, f, g, c: i * c - f * g).mistake == ""


def test_a_question_that_is_taken_over_keeps_the_solution_of_the_one_it_came_from():
    (mistake,) = dataclasses.replace(with_mistake(SWAPPED), id="30-mine", name="other").mistakes
    assert mistake.answer(2, 3, 5, 7) == 2 * 7 + 3 * 5


def test_an_edit_that_changes_its_arguments_in_place_leaves_the_cases_alone():
    (mistake,) = with_mistake(edit("return f * c + i * g", "c *= f\n    c += i\n    return c")).mistakes
    c = np.ones(2)
    assert mistake.answer(*np.ones((3, 2)), c).tolist() == [2, 2] and c.tolist() == [1, 1]


def test_an_edited_solution_finds_what_its_notebook_provides_and_what_it_is_lent():
    names = solved.provided_names("03-start-with-a-factor", "np.eye(3)")
    assert callable(names["measured"]) and names["np"] is np and "check" not in names
    assert "torch" not in solved.provided_names("15-scaler", "np.eye(3)"), "only what is used is loaded"
    for lesson in lessons.LESSONS:
        for question in questions.of_lesson(lesson):
            if getattr(question, "provides", None):
                (mistake,) = with_mistake(
                    edit(f"def {question.name}", "# Edited.\ndef " + question.name), question
                ).mistakes
                verdict = judge_here(question, mistake.answer)
                assert verdict.verdict == "right", verdict


def test_a_solution_that_is_not_there_or_has_changed_costs_only_the_name(monkeypatch, tmp_path):
    asked = with_mistake(edit("f * c", "(1 - f) * c"))
    for root in ("nothing", "changed"):
        (tmp_path / root / "solutions").mkdir(parents=True)
    cell = {"cell_type": "code", "source": "c * f", "metadata": {"nbgrader": {"grade_id": "04-cell-state"}}}
    (tmp_path / "changed" / "solutions" / "04_gates.ipynb").write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    for root in ("nothing", "changed"):
        monkeypatch.setattr(lessons, "course_root", lambda root=root: tmp_path / root)
        assert judge_here(asked, lambda i, f, g, c: f * c + i * g).right
        verdict = judge_here(asked, lambda i, f, g, c: (1 - f) * c + i * g)
        assert (verdict.verdict, verdict.mistake) == ("wrong", "")
    monkeypatch.undo()
    assert judge_here(asked, lambda i, f, g, c: (1 - f) * c + i * g).mistake == "mine"


@pytest.mark.parametrize(
    "changed, reason",
    [
        (edit("f + c", "f - c"), "'f + c' occurs 0 times in the solution; wanted exactly once"),
        (edit("f * c", "f * ("), "'(' was never closed"),
    ],
)
def test_an_edit_that_does_not_fit_names_question_and_mistake(changed, reason):
    source = "def next_cell_state(i, f, g, c):\n    ### BEGIN SOLUTION\n    return f * c + i * g\n    ### END SOLUTION"
    with pytest.raises(ValueError) as problem:
        check_edits(with_mistake(changed), source, "solutions/04_gates.ipynb")
    assert str(problem.value).startswith(f"solutions/04_gates.ipynb: '04-cell-state', mistake 'mine': {reason}")
    check_edits(with_mistake(edit("f * c", "c * c")), source, "solutions/04_gates.ipynb")


def test_every_edit_of_the_course_fits_its_solution():
    for lesson in lessons.LESSONS:
        for question in questions.of_lesson(lesson):
            for mistake in (*getattr(question, "mistakes", ()), *getattr(question, "raising", ())):
                assert not isinstance(mistake.answer, Edited) or mistake.answer.source
                assert mistake.at_hand, (question.id, mistake.name)


def test_a_changed_solution_changes_the_fingerprint_of_the_course(tmp_path, monkeypatch):
    (tmp_path / "lstm_course").mkdir()
    (tmp_path / "solutions").mkdir()
    monkeypatch.setattr(version.lstm_course, "__file__", str(tmp_path / "lstm_course" / "__init__.py"))
    digests = []
    for content in ("one", "two"):
        (tmp_path / "solutions" / "04_gates.ipynb").write_text(content, encoding="utf-8")
        digests.append(version.package_digest())
    assert digests[0] != digests[1]
