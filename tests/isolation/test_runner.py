"""The process that runs a learner's cells: its input, its messages, and what it must not do."""

import json
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from lstm_course import questions
from lstm_course.isolation import wire
from lstm_course.isolation.processes import FreshProcesses
from lstm_course.isolation.sandbox import Sandbox
from lstm_course.probes import Probe, pack, unpack
from lstm_course.probes.transport import MOST_RESULTS

CASES = [{"a": np.array([1.0, 2.0])}, {"a": np.array([3.0])}]


@pytest.fixture
def run():
    """A function that runs cells and answers in a separate process, and returns its messages."""

    def run(cells, probes=(), cases=CASES, cell_seconds=5.0, memory_mb=4096):
        """Starts the process as the sandbox does, but reads the raw messages."""
        sandbox = Sandbox("limits")
        asked = [SimpleNamespace(id=f"99-{probe.name}", probe=probe) for probe in probes]
        sandbox.prepare("99", {}, asked, {question.id: cases for question in asked})
        job = {
            "cells": [{"index": k, "source": source, "check": "", "given": ""} for k, source in enumerate(cells)],
            "questions": [question.id for question in asked],
            "checked": [],
            "cell_seconds": cell_seconds,
        }
        child = sandbox._processes.launch("99", job, memory_mb, 60)
        decoder, messages = wire.Decoder(1 << 30), []
        while piece := child.read(60):
            messages += decoder.feed(piece)
        assert piece == b"", "the process did not end"
        child.end()
        events = [event for event, _ in messages]
        return SimpleNamespace(
            events=events,
            problems={
                event["cell"]: event["problem"] and event["problem"]["text"] for event in events if "problem" in event
            },
            outcomes={event["question"][3:]: event["outcomes"] for event in events if "outcomes" in event},
            arrays={event["question"][3:]: arrays for event, arrays in messages if "outcomes" in event},
        )

    return run


def returned(ran, name):
    """The values that an answer returned, for each case."""
    return [unpack(outcome["values"], ran.arrays[name]) for outcome in ran.outcomes[name]]


# --- cells ------------------------------------------------------------------------------------------------------


def test_cells_share_their_names_and_each_reports_how_it_ended(run):
    ran = run(
        [
            "n = 1",
            "n += 1\nraise ValueError('not today')",
            "def broken(:",
            "n += input('how many? ')",
            "import sys\nsys.exit('enough')",
            "n.nothing",
            "raise KeyboardInterrupt",
            "n = '\0'",
            "n += 1\ndef answer(a):\n    return n * a",
        ],
        [Probe("answer", ("y",))],
    )
    assert ran.problems[0] is None and ran.problems[8] is None
    assert ran.problems[1] == "ValueError: not today"
    assert ran.problems[2].startswith("SyntaxError in line 1: ")
    assert ran.problems[3].startswith("EOFError: EOF when reading a line")
    assert ran.problems[4] == "SystemExit: enough"
    assert ran.problems[5] == "AttributeError: 'int' object has no attribute 'nothing'"
    assert ran.problems[6].startswith("KeyboardInterrupt")
    assert "null bytes" in ran.problems[7]
    assert [values["y"].tolist() for values in returned(ran, "answer")] == [[3, 6], [9]]
    assert ran.events[-1] == {"state": "end"}


def test_magics_and_shell_commands_do_nothing(run):
    ran = run(
        [
            "%matplotlib inline\nfirst = 1",
            "!echo hello\nsecond = first + 1",
            "%load_ext autoreload\n%autoreload 2\nthird = second + 1",
            "files = !ls\nfourth = third + 1",
            "print?\nfifth = fourth + 1",
            "%%time\nsixth = fifth + 1",
            "\n%%capture said\nprint('hello')\nseventh = sixth + 1",
            "%%bash\nrm -rf everything",
            "get_ipython().run_line_magic('matplotlib', 'inline')\nanswer = str(seventh)",
        ],
        [Probe("answer")],
        cases=[{}],
    )
    assert set(ran.problems.values()) == {None}
    assert returned(ran, "answer") == [{"answer": "7"}]


def test_a_magic_does_not_shift_the_line_numbers(run):
    ran = run(["%time n = 1\n!ls\ndef answer(a):\n    return a.nothing\n"], [Probe("answer", ("y",))])
    (outcome,) = ran.outcomes["answer"]
    assert outcome["message"].endswith("in line 4 of its cell: `return a.nothing`")


@pytest.mark.slow
def test_an_endless_cell_is_stopped_and_the_next_one_runs(run):
    ran = run(["while True:\n    pass", "while True:\n    print('again')", "n = 1"], cell_seconds=0.7)
    assert ran.problems == {
        0: "did not finish within 0.7 seconds",
        1: "did not finish within 0.7 seconds",
        2: None,
    }


def test_printing_disturbs_nothing(run):
    ran = run(["import sys, warnings\nprint(1)\nprint(2, file=sys.stderr)\nwarnings.warn('three')\nsys.stdout.flush()"])
    assert ran.problems == {0: None} and ran.events[-1] == {"state": "end"}


def test_threads_that_a_learner_started_do_not_keep_it_alive(run):
    ran = run(["import threading\nthreading.Thread(target=threading.Event().wait).start()"])
    assert ran.events[-1] == {"state": "end"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the judge watches the memory; see test_other_systems")
def test_memory_is_limited(run):
    ran = run(
        ["import numpy as np\nbig = np.ones(2 * 10**8)", "def answer(a):\n    return np.ones(2 * 10**8)"],
        [Probe("answer", ("y",))],
        memory_mb=1024,
    )
    assert ran.problems[0].startswith("_ArrayMemoryError") or ran.problems[0].startswith("MemoryError")
    assert ran.outcomes["answer"][0]["message"] == "`answer` ran out of memory."


# --- answers ----------------------------------------------------------------------------------------------------


def test_each_answer_reports_what_it_returned_or_why_not(run):
    source = """
import numpy as np
def right(a):
    print("computing")
    return a + 1, np.float32(2) * a
def wrong_form(a):
    return None
def raises(a):
    return a.nothing
def stub(a):
    raise NotImplementedError
def not_finite(a):
    return a * np.nan, a / 0
"""
    pair = ("y", "z")
    ran = run(
        [source],
        [Probe(name, pair) for name in ("right", "wrong_form", "raises", "stub", "not_finite", "absent")],
    )
    assert ran.problems == {0: None}
    assert [outcome["printed"] for outcome in ran.outcomes["right"]] == ["computing\n"] * 2
    assert [values["y"].tolist() for values in returned(ran, "right")] == [[2, 3], [4]]
    kinds = {name: [outcome.get("failure") for outcome in outcomes] for name, outcomes in ran.outcomes.items()}
    # One failure decides: the second case is not tried.
    assert kinds == {
        "right": [None, None],
        "wrong_form": ["form"],
        "raises": ["error"],
        "stub": ["blank"],
        "not_finite": [None, None],
        "absent": ["blank"],
    }
    assert np.isnan(returned(ran, "not_finite")[0]["y"]).all() and np.isinf(returned(ran, "not_finite")[0]["z"]).all()


def test_an_endless_answer_is_called_once(run):
    ran = run(["def answer(a):\n    while True:\n        pass"], [Probe("answer", ("y",), seconds=0.5)], CASES * 50)
    assert [outcome["failure"] for outcome in ran.outcomes["answer"]] == ["slow"]
    assert [event["state"] for event in ran.events if "question" in event] == ["called", "done"]


def test_too_large_a_result_is_refused(run):
    size = MOST_RESULTS // 8 + 1
    ran = run(
        ["import numpy as np", f"def answer(a):\n    return np.zeros({size})", "def after(a):\n    return a"],
        [Probe("answer", ("y",)), Probe("after", ("y",))],
    )
    assert [outcome["message"] for outcome in ran.outcomes["answer"]] == ["`answer` returns more than 64 MB in all."]
    assert len(returned(ran, "after")) == 2


def test_changed_inputs_do_not_reach_the_next_answer(run):
    spoils = "def {0}(a):\n    a += 100\n    return a"
    probes = [Probe("one", ("y",)), Probe("two", ("y",))]
    ran = run([spoils.format("one"), spoils.format("two")], probes)
    assert returned(ran, "two")[0]["y"].tolist() == [101, 102]


# --- what it must not know ---------------------------------------------------------------------------------------


def test_the_process_knows_no_question_and_no_reference(run):
    looks = """
import sys
known = {name: module for name, module in sys.modules.items() if "questions" in name or "grading" in name}
files = [name for name, module in known.items() if getattr(module, "__file__", None)]
try:
    from lstm_course.questions import find
except ImportError:
    answer = "nothing" if not files else " ".join(files)
"""
    ran = run([looks], [Probe("answer")], cases=[{}])
    assert returned(ran, "answer") == [{"answer": "nothing"}]


@pytest.mark.parametrize("question_id", ["04-build-a-memory", "05-masked-backward"])
def test_withheld_arguments_are_not_handed_over(question_id, monkeypatch):
    question = questions.find(question_id)
    assert question.withheld
    handed_over = {}
    monkeypatch.setattr(
        FreshProcesses, "prepare", lambda self, key, content, arrays: handed_over.update(content=content, arrays=arrays)
    )
    cases = [question.arguments(case) for case in question.draw(0)]
    Sandbox("limits").prepare("04", {}, [question], {question.id: cases})
    (asked,) = handed_over["content"]["questions"]
    assert set(asked) == {"id", "probe", "cases"}
    given = unpack(asked["cases"], handed_over["arrays"])
    assert all(not set(case) & set(question.withheld) for case in given)
    assert not any(mistake.message[:30] in json.dumps(handed_over["content"]) for mistake in question.mistakes)


# --- transport --------------------------------------------------------------------------------------------------


def test_unpacking_restores_what_was_packed():
    tree = {
        "x": np.arange(6.0).reshape(2, 3),
        "caches": [(np.float32([1]), None, "text"), ()],
        "n": 3,
        "rate": 0.5,
        "flag": True,
        "nested": {"of": {"arrays": np.zeros((0, 2))}},
        "scalar": np.float64(1.5),
    }
    arrays = {}
    back = unpack(json.loads(json.dumps(pack(tree, arrays, "case0"))), arrays)
    assert back["x"].tolist() == tree["x"].tolist() and back["x"].dtype == float
    assert back["caches"][0][0].dtype == np.float32 and back["caches"][0][1:] == (None, "text")
    assert isinstance(back["caches"], list) and isinstance(back["caches"][0], tuple) and back["caches"][1] == ()
    assert back["nested"]["of"]["arrays"].shape == (0, 2)
    assert (back["n"], back["rate"], back["flag"], back["scalar"]) == (3, 0.5, True, 1.5)
    assert all(name.startswith("case0") for name in arrays)
