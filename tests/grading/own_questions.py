"""Folders of a teacher's own questions, for the tests."""

import json

MIDTERM = '''
"""A teacher's own assignment."""

import numpy as np

from lstm_course.questions import Choice, Option, Output, Question

DOUBLE = Question(
    id="30-double",
    name="double",
    points=2,
    outputs=(Output("y", ("entry",)),),
    cases=lambda rng: [dict(x=rng.normal(size=n)) for n in (2, 5)],
    reference=lambda x: 2 * x,
    mistakes=(),
    hints=(),
)
PICK = Choice(
    id="30-pick",
    text="Which?",
    options={"a": Option("this", "No, that."), "b": Option("that", "Yes.")},
    right="b",
    name="pick",
    points=1,
)
QUESTIONS = (DOUBLE, PICK)
'''

# The forget gate asked for with another reference, and one more question.
ALTERED = """
import dataclasses

import numpy as np

from lstm_course import questions
from lstm_course.questions import Output, Question

FLIPPED = dataclasses.replace(
    questions.find("04-cell-state"), reference=lambda i, f, g, c: f * c - i * g, mistakes=(), points=5
)
MORE = Question(
    id="04-more",
    name="more",
    points=1,
    outputs=(Output("y", ()),),
    cases=lambda rng: [dict(x=rng.normal())],
    reference=lambda x: x + 1,
    mistakes=(),
    hints=(),
)
QUESTIONS = [FLIPPED, MORE]
"""


def exercise(*answers, stem="30_midterm", setup="import numpy as np\noffset = 0", version="1"):
    """A notebook of the teacher's own, with these answers."""
    names = ("30-double", "30-pick")
    cells = [_cell(setup, "30-setup", locked=True)]
    cells += [_cell(source, name, solution=True) for name, source in zip(names, answers, strict=True)]
    metadata = {"lstm_course": {"exercise": stem, "version": version}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def _cell(source, grade_id, **roles):
    roles = {"grade_id": grade_id, "grade": False, "solution": False, "locked": False, **roles}
    form = {"cell_type": "code", "metadata": {"nbgrader": roles}, "source": source}
    return {**form, "outputs": [], "execution_count": None}


def folder_of(root, **files):
    """Write files, by name without the ending: text that begins with a brace is a notebook, other text is Python."""
    root.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        ending = ".ipynb" if text.startswith("{") else ".py"
        (root / f"{name.strip('_')}{ending}").write_text(text, encoding="utf-8")
    return root
