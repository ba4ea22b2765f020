"""Answers that call the function they were supposed to write, recognised in their source."""

import ast
import concurrent.futures
import threading
from types import SimpleNamespace

import pytest

from lstm_course import questions
from lstm_course.classroom.borrowed import borrowed

ASKED = questions.of_lesson("04")
FORGET = "04-forget-gate"


@pytest.mark.parametrize(
    "cells",
    [
        [(FORGET, "from lstm_course.scratch import sigmoid\nf = lambda z: sigmoid(z)")],
        [("cell 1", "from lstm_course.scratch import sigmoid as s"), (FORGET, "def forget_gate(z):\n    return s(z)")],
        [("cell 1", "import lstm_course.scratch as course"), (FORGET, "f = course.sigmoid")],
        [(FORGET, "import lstm_course\nf = lstm_course.scratch.sigmoid")],
        [(FORGET, "import lstm_course.scratch.lstm\nf = lstm_course.scratch.lstm.sigmoid")],
        [(FORGET, "def forget_gate(z):\n    from lstm_course.scratch.lstm import sigmoid\n    return sigmoid(z)")],
        [("cell 1", "def (:"), (FORGET, "from lstm_course.scratch import sigmoid\nf = sigmoid")],
    ],
)
def test_a_use_is_seen_however_it_was_imported(cells):
    assert borrowed(cells, ASKED) == ("04-forget-gate: lstm_course.scratch.sigmoid",)


@pytest.mark.parametrize(
    "cells",
    [
        [("cell 1", "from lstm_course.scratch import sigmoid\nsigmoid(1.0)"), (FORGET, "f = 1")],  # to compare with
        [(FORGET, "def sigmoid(z):\n    return z\nf = sigmoid")],
        [(FORGET, "from scipy.special import expit as sigmoid\nf = sigmoid")],
        [(FORGET, "# lstm_course.scratch.sigmoid\nf = 'lstm_course.scratch.sigmoid'")],
        [(FORGET, "from lstm_course.scratch import tanh\nf = tanh")],
        [("04-cell-state", "from lstm_course.scratch import sigmoid\nf = sigmoid")],  # which may use it
        [(FORGET, "def (:"), ("cell 2", "\0"), ("cell 3", "(" * 10**5), ("cell 4", "x" + "+x" * 10**5)],
        [(FORGET, "from . import sigmoid\nfrom .. import *\nsigmoid")],
    ],
    ids=range(8),
)
def test_what_is_no_use_is_not_named(cells):
    assert borrowed(cells, ASKED) == ()


def test_several_are_named_once_each():
    forbids = ("lstm_course.scratch:sigmoid", "lstm_course.scratch:lstm_step")
    asked = [SimpleNamespace(id=name, forbids=forbids) for name in ("99-a", "99-b")]
    source = "from lstm_course.scratch import *\nimport lstm_course.scratch as s\ns.sigmoid, s.sigmoid, s.lstm_step"
    assert borrowed([("99-a", source), ("99-b", source)], asked) == (
        "99-a: lstm_course.scratch.sigmoid",
        "99-a: lstm_course.scratch.lstm_step",
        "99-b: lstm_course.scratch.sigmoid",
        "99-b: lstm_course.scratch.lstm_step",
    )


def test_one_thread_at_a_time_builds_a_syntax_tree(monkeypatch):
    """In CPython 3.11, `ast.parse` in several threads at once may raise a SystemError, which ended a whole batch."""
    parse, inside = ast.parse, threading.Semaphore(1)

    def alone(source):
        assert inside.acquire(blocking=False), "another thread is in ast.parse"
        try:
            threading.Event().wait(0.001)  # lets the other threads come to the same place
            return parse(source)
        finally:
            inside.release()

    monkeypatch.setattr(ast, "parse", alone)
    cells = [(FORGET, "from lstm_course.scratch import sigmoid\nf = lambda z: sigmoid(z)")]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: borrowed(cells, ASKED), range(40)))
    assert set(results) == {("04-forget-gate: lstm_course.scratch.sigmoid",)}
