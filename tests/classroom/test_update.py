"""A folder that version 0.1 graded, with a teacher's points in it: the course of today goes on with it."""

import json
import shutil
from pathlib import Path

import pytest
from solved_class import ALL, ANSWER, WRONG, answer, hand_in, needs_isolation, scores

from lstm_course.classroom.grade import grade
from lstm_course.classroom.journal import NAME

pytestmark = [needs_isolation, pytest.mark.slow]
BEFORE = Path(__file__).parent / "graded_by_0_1"


@pytest.fixture
def out(tmp_path):
    return shutil.copytree(BEFORE, tmp_path / "graded")


@pytest.fixture
def class_(tmp_path):
    hand_in(tmp_path / "submitted", "ada")
    hand_in(tmp_path / "submitted", "boris", {ANSWER: WRONG})
    return tmp_path / "submitted"


def entries(out):
    return [json.loads(line) for line in (out / NAME).read_text(encoding="utf-8").splitlines()]


def test_a_graded_folder_survives_an_update(class_, out):
    points = (out / "overrides.csv").read_bytes()
    graded = grade(class_, out)
    assert graded.kept == 0  # other questions, or other words in them, judged those grades
    assert scores(graded.grades) == {"ada": ALL, "boris": ALL}
    changed = answer(graded.grades, "boris")
    assert (changed.verdict, changed.judged, changed.override, changed.comment) == ("wrong", 0, 1, "a slip of the sign")
    assert (out / "overrides.csv").read_bytes() == points
    assert grade(class_, out).kept == 2


def test_a_batch_that_an_update_interrupted_goes_on_with_its_cases(class_, out):
    begun, *others = entries(out)
    (out / NAME).write_text("\n".join(json.dumps(entry) for entry in (begun, *others[:1])) + "\n", encoding="utf-8")
    graded = grade(class_, out)
    assert {each.seed for each in graded.grades} == {begun["seed"]} and "done" in entries(out)[-1]
