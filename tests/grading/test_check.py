"""`check`, `ask` and `exercise`, as a notebook calls them."""

import importlib
import os
import subprocess
import sys

import numpy as np
import pytest

from lstm_course import ask, check, exercise, lessons, questions
from lstm_course.grading.cards import Card, Choices
from lstm_course.grading.version import current_version

module = importlib.import_module("lstm_course.grading.check")  # the name `check` in grading is the function

CELL_STATE = questions.find("04-cell-state")
RIGHT = {"04-cell-state": CELL_STATE.reference, "04-main-role": "c"}
(wrong,) = (mistake.answer for mistake in CELL_STATE.mistakes if mistake.name == "input gate left out")


def stub(*arguments):
    raise NotImplementedError


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """As in a kernel that has just started."""
    monkeypatch.setattr(module, "_wrong_tries", {})
    monkeypatch.setattr(module, "_stale_notes", {})
    for name in ("LSTM_COURSE_CHECK", "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def said(capsys):
    """What a call printed; and that it wrote nothing to stderr, which nbgrader would count as a failure."""

    def said(call, *arguments, **more):
        call(*arguments, **more)
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return said


# --- cards ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question_id", RIGHT)
def test_a_right_answer(question_id, said):
    card = said(check, question_id, RIGHT[question_id])
    assert card.startswith(f"✓ {question_id}: Right") and "lstm-course solution" in card


def test_a_wrong_answer_is_told_apart(said):
    card = said(check, "04-cell-state", wrong)
    assert card.startswith("✗ 04-cell-state: Not yet: input gate left out · 0 of 1 point\n")
    assert "yours" in card and "wanted" in card and "i * g" in card


@pytest.mark.parametrize("blank", [stub, None, ...], ids=["stub", "None", "..."])
def test_a_blank_is_met_kindly(blank, said):
    card = said(check, "04-cell-state", blank)
    assert card.startswith("○ 04-cell-state: Not written yet") and "Write your answer" in card


def test_a_blank_without_an_argument(said):
    assert "Not written yet" in said(check, "04-cell-state")


def test_hints_follow_the_tries(said):
    def hint(answer, question_id="04-cell-state"):
        card = said(check, question_id, answer)
        return [number for number in (1, 2, 3, 4) if f"open hint {number}" in card]

    assert hint(stub) == []
    assert hint(wrong) == [1]
    assert hint("not even a function") == [2]
    assert hint(stub) == [], "a blank is no try"
    assert hint("a", "04-main-role") == [1], "each question counts for itself"
    assert hint(RIGHT["04-cell-state"]) == []
    assert hint(wrong) == [3]
    assert hint(wrong) == [3], "there are three"


def test_cases_are_fresh_each_time(monkeypatch):
    drawn = []

    def draw(self, seed):
        drawn.append(seed)
        return self.cases(np.random.default_rng(seed))

    monkeypatch.setattr(questions.Question, "draw", draw)
    for _ in range(3):
        module.judge_here(CELL_STATE, wrong)
    module.judge_here(CELL_STATE, wrong, seed=5)
    assert len(set(drawn)) == 4 and drawn[-1] == 5


def test_an_answer_that_fails_is_not_called_again():
    calls = []

    def answer(*arguments):
        calls.append(1)
        raise ValueError

    module.judge_here(CELL_STATE, answer)
    assert len(calls) == 1


def test_in_a_notebook_the_card_is_displayed(monkeypatch, capsys):
    import IPython
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython, "get_ipython", lambda: object())
    monkeypatch.setattr(IPython.display, "display", shown.append)
    check("04-cell-state", wrong)
    ask("04-predict-leaky")
    assert [type(card) for card in shown] == [Card, Choices]
    assert capsys.readouterr() == ("", "")


# --- what is asked for wrongly ----------------------------------------------------------------------------------

NUMBERS = ", ".join(lesson.number for lesson in lessons.LESSONS)


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: check("04-cell-stat", wrong),
            "there is none called '04-cell-stat'; did you mean '04-cell-state'?",
        ),
        (
            lambda: check("forget-gate", wrong),
            f"'forget-gate' names no lesson; an id starts with one of {NUMBERS}",
        ),
        (lambda: check(None, wrong), "names no lesson"),
        (lambda: check("04-predict-leaky", "a"), "is a prediction; show it with ask('04-predict-leaky')"),
        (lambda: ask("04-cell-state"), "asks for code, not for a choice; answer it with check()"),
        (lambda: ask("04-predict-leeky"), "did you mean '04-predict-leaky'?"),
    ],
)
def test_a_wrong_name_is_one_sentence(call, message):
    with pytest.raises(ValueError) as problem:
        call()
    assert message in str(problem.value) and "\n" not in str(problem.value)


def test_a_choice_to_think_about(said):
    card = said(ask, "04-predict-leaky")
    assert "How much of the cell state is left" in card and "  c)" in card and "Yes:" not in card


# --- copies that are out of date --------------------------------------------------------------------------------


def test_a_current_copy_begins_in_silence(said):
    assert said(exercise, "04_gates", version=current_version("04_gates")) == ""
    assert "changed since" not in said(check, "04-cell-state", wrong)


def test_an_outdated_copy_says_so_at_the_top_and_on_its_cards(said):
    note = "The exercises of lesson 04 have changed since this copy was made."
    assert said(exercise, "04_gates", version="000000000000").startswith(note)
    assert note in said(check, "04-cell-state", wrong)
    assert note not in said(check, "05-quiz-diagnosis", "a")


# --- where a notebook is run by a program -----------------------------------------------------------------------

STRICT = [
    ("LSTM_COURSE_CHECK", "strict"),
    ("NBGRADER_EXECUTION", "autograde"),
    ("NBGRADER_EXECUTION", "validate"),
]


@pytest.mark.parametrize("name, value", STRICT)
def test_strictly_a_wrong_answer_raises_with_its_reason(name, value, monkeypatch, capfd):
    monkeypatch.setenv(name, value)
    with pytest.raises(AssertionError, match="^04-cell-state: The candidate is added whole. .*: i [*] g.$"):
        check("04-cell-state", wrong)
    with pytest.raises(AssertionError, match="^04-cell-state: Not written yet.$"):
        check("04-cell-state", stub)
    with pytest.raises(AssertionError, match="^04-main-role: That is the hidden state"):
        check("04-main-role", "b")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("name, value", STRICT)
def test_strictly_a_right_answer_says_little(name, value, monkeypatch, said):
    monkeypatch.setenv(name, value)
    assert said(check, "04-cell-state", RIGHT["04-cell-state"]) == "04-cell-state: right\n"


@pytest.mark.parametrize("name, value", STRICT)
def test_strictly_an_answer_cannot_write_to_stderr(name, value, monkeypatch, capfd):
    monkeypatch.setenv(name, value)

    def talks(*arguments):
        print("loud", file=sys.stderr)
        return CELL_STATE.reference(*arguments)

    check("04-cell-state", talks)
    assert capfd.readouterr() == ("04-cell-state: right\n", "")


def test_nbgrader_counts_even_where_checks_are_off(monkeypatch):
    monkeypatch.setenv("LSTM_COURSE_CHECK", "off")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    with pytest.raises(AssertionError):
        check("04-cell-state", wrong)


def test_switched_off_it_does_nothing_and_loads_no_question():
    script = (
        "import sys; from lstm_course import check, exercise\n"
        "exercise('04_gates', version='000000000000')\n"
        "check('04-cell-state', 5); check('no such question')\n"
        "print(*(name for name in sys.modules if name in ('torch', 'matplotlib', 'lstm_course.questions.gates')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "LSTM_COURSE_CHECK": "off"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
