"""Which exercise a notebook is a copy of: by its metadata, by names, and by its cells, the same for all who ask."""

import json

import pytest

from lstm_course.grading.exercises import Exercises
from lstm_course.grading.notebook_file import Notebook, NotebookCell
from lstm_course.grading.submission import check_notebook

GATES, SCRATCH, MINE = "04_gates", "05_lstm_from_scratch", "30_midterm"


def notebook(exercise="", *grade_ids):
    return Notebook(tuple(NotebookCell("code", "", grade_id) for grade_id in grade_ids), exercise)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("04_gates", ""),
        ("4-gates", ""),
        ("04 Gates-Copy1", "Copy1"),
        ("ada_04_gates", "ada"),
        ("04_gates ada l", "ada l"),
        ("Ada - 04.GATES, b", "Ada b"),
    ],
)
def test_number_and_words_are_found_in_a_name_and_the_rest_is_left(name, left):
    exercises = Exercises()
    assert (exercises.contained(name), exercises.left_of(name)) == (GATES, left)
    assert exercises.is_name(name) is not bool(left)


@pytest.mark.parametrize("name", ["", "gates", "04", "14_gates", "04_gatesx", "x04_gates", "ada"])
def test_a_name_without_number_and_words_contains_no_exercise(name):
    assert Exercises().contained(name) == "" and Exercises().left_of(name) == name
    assert not Exercises().is_name(name)


def test_a_teachers_own_exercises_are_known_to_those_who_were_told():
    own, others = Exercises([GATES, MINE]), Exercises()
    assert own.contained(f"ada {MINE}") == own.find(MINE) == own.of(notebook("", "30-double")) == MINE
    assert others.contained(f"ada {MINE}") == others.called(MINE) == others.of(notebook("", "30-double")) == ""
    with pytest.raises(ValueError, match="there is no lesson called '30_midterm'"):
        others.find(MINE)


@pytest.mark.parametrize(
    ("exercise", "names", "grade_ids", "stem"),
    [
        (GATES, [SCRATCH], ["05-step"], GATES),
        ("gates", [], [], GATES),
        ("something else", [GATES, SCRATCH], ["05-step"], GATES),
        ("", ["", "x", "ada 4-gates"], ["05-step"], GATES),
        ("", ["gates"], ["05-step"], GATES),
        ("", ["work"], ["imports", "99-x", "04x", "04-forget-gate", "05-step"], GATES),
        ("", ["work"], ["04"], ""),
    ],
)
def test_metadata_comes_before_names_and_names_before_cells(exercise, names, grade_ids, stem):
    assert Exercises().of(notebook(exercise, *grade_ids), names) == stem


def test_a_notebook_that_is_checked_is_told_by_its_name_before_its_cells_as_in_a_class(tmp_path):
    cell = {"cell_type": "code", "source": "", "metadata": {"nbgrader": {"grade_id": "05-step"}}}
    path = tmp_path / "ada_04_gates.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}))
    report = check_notebook(path, isolation="limits")
    assert {verdict.question[:3] for verdict in report.questions} == {"04-"}
