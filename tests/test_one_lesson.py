"""`make test LESSON=04` runs what belongs to lesson 04, and nothing else."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from one_lesson import belongs, parts_of

from lstm_course import lessons

ROOT = Path(__file__).resolve().parents[1]
GATES, SEQUENCES, FORECASTING = (lessons.find(number) for number in ("04", "01", "15"))


def item(path, parameters=None):
    """A test as pytest collects it."""
    own = {} if parameters is None else {"callspec": SimpleNamespace(id=parameters)}
    return SimpleNamespace(path=ROOT / path, **own)


@pytest.mark.parametrize(
    "one",
    [
        item("notebooks/04_gates.ipynb"),
        item("solutions/04_gates.ipynb"),
        item("tests/scratch/test_lstm_step.py", "float32"),
        item("tests/explore/test_live_cell.py"),
        item("tests/test_diagrams.py"),
        item("tests/questions/test_four_ways.py", "a few-04-forget-gate, with einsum"),
        item("tests/test_stored_notebooks.py", "exercises/04_gates"),
        item("tests/browser/test_lessons.py", "04_gates"),
        item("tests/browser/test_lesson_04.py"),
    ],
    ids=lambda one: one.path.name,
)
def test_what_a_lesson_is_made_of_belongs_to_it_and_not_to_others(one):
    assert belongs(one, GATES, parts_of(GATES))
    assert not belongs(one, FORECASTING, {"forecasting"})


@pytest.mark.parametrize(
    "one",
    [
        item("notebooks/start.ipynb"),
        item("tests/classroom/test_near_copies.py", "04_gates"),  # machinery, on two fixed lessons
        item("tests/forecasting/test_windows.py"),
        item("tests/questions/test_four_ways.py", "a few-05-peephole-step"),
        item("tests/questions/test_choices.py"),
        item("tests/test_stored_notebooks.py", "exercises/14_other"),
    ],
    ids=lambda one: one.path.name,
)
def test_what_is_of_another_lesson_or_of_none_is_left_out(one):
    assert not belongs(one, GATES, parts_of(GATES))


def test_the_parts_of_a_lesson_are_those_that_it_imports():
    assert parts_of(GATES) == {"scratch", "explore", "diagrams", "palette"}
    assert {"forecasting", "nets", "tasks", "results"} <= parts_of(FORECASTING)
    assert {"baselines", "results"} <= parts_of(SEQUENCES)


def pytest_says(*arguments):
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--collect-only", "-q", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.slow
def test_a_lesson_that_does_not_exist_is_one_sentence():
    ended = pytest_says("--lesson", "99", "tests/test_one_lesson.py")
    assert ended.returncode == pytest.ExitCode.USAGE_ERROR and "Traceback" not in ended.stderr
    assert ended.stderr.strip().startswith("ERROR: lesson: there is no lesson called '99'; the lessons are 00_primer, ")


@pytest.mark.slow
def test_only_what_belongs_is_collected():
    ended = pytest_says("--lesson", "04", "tests/test_teaching.py", "tests/test_chromium.py")
    tests = [line for line in ended.stdout.splitlines() if "::" in line]
    assert tests and all("04_gates]" in line for line in tests)
