"""A class that hands in the course's own answers to lesson 04, but for what a test changes; and how it was judged."""

import json
import sys

import pytest

from lstm_course import lessons, questions
from lstm_course.isolation import support

STEM, ANSWER = "04_gates", "04-cell-state"
POINTS = {question.id: question.points for question in questions.of_lesson(STEM) if question.points}
ALL = sum(POINTS.values())
WRONG = "def next_cell_state(i, f, g, c):\n    return f * c - i * g"
ERROR = "def next_cell_state(i, f, g, c):\n    return i.nothing"
needs_isolation = pytest.mark.skipif(
    sys.platform != "linux" or bool(support.missing()), reason="needs all parts of the isolation"
)


def notebook(sources=None, change=None, start="solutions"):
    """The solved notebook, with these sources by grade id, and changed by `change`."""
    form = json.loads((lessons.course_root() / start / f"{STEM}.ipynb").read_text(encoding="utf-8"))
    for cell in form["cells"]:
        cell["source"] = (sources or {}).get(cell["id"], cell["source"])
    if change:
        change(form)
    return form


def hand_in(root, student, sources=None, change=None, start="solutions", stem=STEM):
    """Write a submission in nbgrader's layout; its path."""
    path = root / student / stem / f"{stem}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook(sources, change, start)), encoding="utf-8")
    return path


def cell(source, grade_id=None, **roles):
    """A code cell; with an id, one that nbgrader knows."""
    metadata = {"nbgrader": {"grade_id": grade_id, **roles}} if grade_id else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def scores(grades):
    """Points by student."""
    return {grade.student: grade.score for grade in grades}


def answer(grades, student, question=ANSWER):
    """What was said of one answer."""
    ((found,),) = (
        [each for each in grade.questions if each.id == question] for grade in grades if grade.student == student
    )
    return found


def judged(grades):
    """All that must be the same when the same is judged by the same cases: everything but how long it took."""
    forms = [{**grade.as_dict(), "milliseconds": 0} for grade in grades]
    return json.dumps(forms, sort_keys=True)
