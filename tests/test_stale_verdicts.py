"""A verdict is kept only while nothing in the package has changed, whatever the reference of a question depends on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSON = "15_forecasting"
PROGRESS = """
from lstm_course.workspace import progress
judged = []
def check_notebook(path):
    judged.append(path)
    from lstm_course.grading.submission import Report
    return Report(str(path), ())
progress.progress(".", "work", check_notebook)
print(len(judged))
"""
GRADE = """
from lstm_course.classroom.grade import grade
print(1 - grade("submitted", "graded", isolation="limits", force=True).kept)
"""


@pytest.fixture
def course(tmp_path):
    """A copy of the course in which one lesson's exercise has been handed in; in `work` it is solved."""
    shutil.copytree(ROOT / "lstm_course", tmp_path / "lstm_course", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    for folder in ("exercises", "work/exercises", "submitted/ada"):
        (tmp_path / folder).mkdir(parents=True)
        part = "solutions" if "work" in folder else "exercises"  # `progress` does not judge what nobody has written in
        shutil.copy(ROOT / part / f"{LESSON}.ipynb", tmp_path / folder)
    return tmp_path


def judged(course, program):
    """How many notebooks a program judges in the copy, as it prints."""
    environment = os.environ | {"PYTHONPATH": str(course), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=course, env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("program", [PROGRESS, GRADE], ids=["progress", "grade"])
def test_a_verdict_is_reached_anew_when_a_file_changes_that_the_reference_uses(program, course):
    assert [judged(course, program) for _ in range(2)] == [1, 0]
    for file in ("baselines/series.py", "forecasting/rolling.py", "tasks/common.py"):
        with (course / "lstm_course" / file).open("a", encoding="utf-8") as source:
            source.write("\nCHANGED = True\n")
        assert [judged(course, program) for _ in range(2)] == [1, 0]
    (course / "lstm_course" / "questions" / "new_file.py").write_text("", encoding="utf-8")
    assert [judged(course, program) for _ in range(2)] == [1, 0]
