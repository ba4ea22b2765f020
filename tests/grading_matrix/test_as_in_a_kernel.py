"""Whatever a fresh kernel calls right, run from top to bottom, is right when a class is graded; and where only the
grade is right, the report says why."""

import json
import os
import sys

import nbclient
import nbformat
import pytest
import ways_of_working as ways
from forked_kernels import KERNEL, forked_kernels
from two_lessons import GATES

from lstm_course import lessons
from lstm_course.grading import notebook_file
from lstm_course.grading.bank import Bank
from lstm_course.grading.submission import Bench
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import Sandbox

pytestmark = [
    pytest.mark.grading,
    pytest.mark.skipif(sys.platform != "linux" or bool(support.missing()), reason="needs all parts of the isolation"),
]


@pytest.fixture(scope="module")
def bench():
    with Sandbox(preload=["numpy", "torch"]) as sandbox:
        yield Bench(Bank().assignment(GATES.stem), sandbox, seed=5)


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """A fresh kernel for each notebook, in which `check` says whether an answer is right."""
    folder = tmp_path_factory.mktemp("kernels")
    with pytest.MonkeyPatch.context() as patch, forked_kernels(folder, os.environ | {"LSTM_COURSE_CHECK": "strict"}):
        patch.setenv("JUPYTER_PATH", str(folder), prepend=os.pathsep)
        yield KERNEL


def written(way):
    """A solved notebook, changed in this way."""
    path = lessons.course_root() / "solutions" / f"{GATES.stem}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cells = []
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name == ways.FORGET:
            cells += map(nbformat.v4.new_code_cell, way.above)
        cell.source = way.answers.get(name, way.checks.get(name.removeprefix("check-"), cell.source))
        if name == "04-setup" and way.setup:
            cell.source = way.setup
        cells.append(cell)
    notebook.cells = cells + [nbformat.v4.new_code_cell(source) for source in way.below]
    return notebook


def right_in_a_kernel(notebook, folder, kernel):
    """Ids of the questions whose check cells call their answers right."""
    resources = {"metadata": {"path": folder}}
    nbclient.NotebookClient(notebook, timeout=300, allow_errors=True, kernel_name=kernel, resources=resources).execute()
    right = set()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name.startswith("check-"):
            said = "".join(output.get("text", "") for output in cell.outputs)
            right |= {name.removeprefix("check-")} if f"{name.removeprefix('check-')}: right" in said else set()
    return right


@pytest.mark.parametrize("name", ways.WAYS)
def test_what_is_right_in_a_kernel_is_right_in_a_class(name, bench, kernels, tmp_path):
    notebook = written(ways.WAYS[name])
    handed_in = notebook_file.parse(json.dumps(notebook).encode())
    in_kernel = right_in_a_kernel(notebook, str(tmp_path), kernels)
    report = bench.judge(handed_in)
    in_class = {verdict.question for verdict in report.questions if verdict.right}
    assert in_kernel, "the kernel judged nothing to be right"
    assert in_kernel <= in_class, (report.questions, report.notes)
    assert all(any(question in note for note in report.notes) for question in in_class - in_kernel), report.notes


def test_the_ways_are_ways():
    """Most of them are right in a kernel, so that they show something, and there are a hundred."""
    assert len(ways.WAYS) >= 100
