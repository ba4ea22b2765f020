"""Judging a notebook from its file: whatever a learner's cells do, they do it to their own answer alone."""

import copy
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from lstm_course import questions
from lstm_course.grading.check import judge_here
from lstm_course.grading.notebook_file import Notebook, NotebookCell
from lstm_course.grading.submission import UnreadableNotebook, check_notebook, preload_for

POSIX = pytest.mark.skipif(os.name != "posix", reason="sessions and signals are POSIX")
POINTS = {question.id: question.points for question in questions.of_lesson("04") if question.points}
ALL = sum(POINTS.values())


def verdicts(report):
    return {verdict.question: verdict for verdict in report.questions}


def the_others_are_right(report, *but):
    """Whether every answer is right but these, which earn nothing."""
    found = verdicts(report)
    assert list(found) == list(POINTS)
    for name, verdict in found.items():
        assert (verdict.earned, verdict.possible) == (0 if name in but else POINTS[name], POINTS[name]), verdict
    assert (report.earned, report.possible) == (ALL - sum(POINTS[name] for name in but), ALL)
    return True


# --- whole notebooks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", ["04_gates", "05_lstm_from_scratch"])
def test_a_solved_notebook_earns_everything_and_a_blank_one_nothing(lesson, handed_in):
    solved = check_notebook(handed_in(lesson=lesson))
    assert solved.earned == solved.possible > 0 and solved.notes == ()
    blank = check_notebook(handed_in(lesson=lesson, start="exercises"))
    assert (blank.earned, blank.possible) == (0, solved.possible) and blank.notes == ()
    assert {verdict.verdict for verdict in blank.questions} == {"blank"}


def test_a_report_as_the_command_line_prints_it(handed_in):
    path = handed_in({"04-cell-state": None})
    printed = json.loads(json.dumps(check_notebook(path).as_dict()))
    assert list(printed) == ["notebook", "earned", "possible", "questions"]
    assert (printed["notebook"], printed["earned"], printed["possible"]) == (str(path), ALL - 1, ALL)
    assert printed["questions"][1] == {
        "id": "04-cell-state",
        "earned": 0,
        "possible": 1,
        "verdict": "blank",
        "message": "Not written yet.",
    }


@pytest.mark.parametrize(
    "question_id, source",
    [
        ("04-cell-state", "def next_cell_state(*arrays):\n    return sum(arrays)"),
        ("04-cell-state", "def next_cell_state(*arrays):\n    print('here')\n    return arrays[9]"),
        ("04-cell-state", "def next_cell_state(*arrays):\n    return None"),
        (
            "04-forget-gate",
            "def forget_gate(h, x, W_f, b_f):\n    return np.tanh(np.hstack([h, x]) @ W_f.T + b_f)",
        ),
        ("04-main-role", "main_role = 'b'"),
        ("04-main-role", "main_role = 'the belt'"),
    ],
)
def test_the_verdict_is_the_one_that_the_notebook_shows(question_id, source, handed_in):
    """There is one judge; only the way to the values differs."""
    import linecache

    import numpy as np

    question = questions.find(question_id)
    names = {"np": np}
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    exec(compile(source, "<cell>", "exec"), names)
    here = judge_here(question, names[question.name], seed=3)
    apart = verdicts(check_notebook(handed_in({question_id: source}), seed=3))[question_id]
    assert here == apart and not here.right


# --- what one cell or one answer does ---------------------------------------------------------------------------

ANSWER = "04-cell-state"
HEAD = "def next_cell_state(*arrays):\n    "


@pytest.mark.slow
@pytest.mark.parametrize(
    "source, verdict, message",
    [
        (
            "raise ValueError('no < idea')",
            "error",
            "The cell with this answer did not run: ValueError: no < idea.",
        ),
        ("def next_cell_state(:", "error", "did not run: SyntaxError in line 1: "),
        ("import sys\nsys.exit()", "error", "did not run: SystemExit."),
        ("import os\nos._exit(1)", "error", "did not run: ended with status 1."),
        ("text = input('Your name? ')", "error", "did not run: EOFError"),
        (
            "import absent_module",
            "error",
            "did not run: ModuleNotFoundError: No module named 'absent_module'.",
        ),
        ("'a \ud800 lone surrogate'", "error", "did not run"),
        ("'\0'", "error", "did not run"),
        (HEAD + "import os; os._exit(0)", "crashed", "The process that ran this answer ended with status 0."),
        (HEAD + "import os; os._exit(3)", "crashed", "The process that ran this answer ended with status 3."),
        (HEAD + "raise SystemExit(1)", "error", "`next_cell_state` raised SystemExit: 1, in line 2"),
        (HEAD + "raise KeyboardInterrupt", "crashed", "The process that ran this answer "),
        (HEAD + "return absent", "error", "raised NameError: name 'absent' is not defined, in line 2"),
        (HEAD + "return arrays[0]", "wrong", "differs at sample"),
        (HEAD + "import numpy; return numpy.zeros(2 * 10**7)", "form", "returns more than 64 MB in all."),
        (HEAD + "import numpy; return numpy.ones(10**15)", "error", "`next_cell_state` ran out of memory."),
        ("next_cell_state = 5", "form", "`next_cell_state` is an object of type int, but it should be a function."),
        ("del np", "blank", "Not written yet."),
    ],
    ids=lambda value: value if value and " " not in value else None,
)
def test_a_mishap_costs_its_own_question_alone(source, verdict, message, handed_in):
    def alone(notebook):  # "del np" would break the cells that follow; put it last
        if source == "del np":
            notebook.cells.append(notebook.cells.pop([cell.id for cell in notebook.cells].index(ANSWER)))

    report = check_notebook(handed_in({ANSWER: source}, change=alone))
    found = verdicts(report)[ANSWER]
    assert found.verdict == verdict and message in found.message, found
    if source != "del np":
        assert the_others_are_right(report, ANSWER)


@POSIX
@pytest.mark.parametrize(
    "source, number",
    [
        (HEAD + "import os; os.kill(os.getpid(), 9)", 9),
        (HEAD + "import ctypes; ctypes.string_at(0)", 11),
        (HEAD + "import os; os.abort()", 6),
    ],
    ids=["killed", "bad address", "aborted"],
)
def test_a_process_that_dies_costs_its_own_question_alone(source, number, handed_in):
    report = check_notebook(handed_in({ANSWER: source}), isolation="limits")  # elsewhere it may not even kill itself
    assert verdicts(report)[ANSWER].verdict == "crashed"
    assert verdicts(report)[ANSWER].message == f"The process that ran this answer was ended by signal {number}."
    assert the_others_are_right(report, ANSWER)


CATCHES_EVERYTHING = """
    while True:
        try:
            str(1)
        except BaseException:
            pass
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "source, verdict",
    [
        (HEAD + "import time; time.sleep(60)", "slow"),
        (HEAD + CATCHES_EVERYTHING, "slow"),
        ("import time\ntime.sleep(60)", "error"),
        ("while True:\n    pass", "error"),
    ],
    ids=["hangs in a library", "cannot be stopped", "cell hangs in a library", "cell without end"],
)
def test_what_hangs_costs_its_own_question_alone(source, verdict, handed_in):
    report = check_notebook(handed_in({ANSWER: source}), timeout=24)
    assert verdicts(report)[ANSWER].verdict == verdict and "did not finish within" in verdicts(report)[ANSWER].message
    assert the_others_are_right(report, ANSWER)


def test_several_mishaps_in_one_notebook(handed_in):
    report = check_notebook(
        handed_in(
            {
                "04-forget-gate": "def forget_gate(*a):\n    import os; os._exit(1)",
                "04-cell-state": "import os\nos._exit(1)",
                "04-main-role": "main_role = open('absent').read()",
            }
        )
    )
    assert the_others_are_right(report, "04-forget-gate", "04-cell-state", "04-main-role")


def test_memory_has_a_limit(handed_in):
    source = HEAD + "import numpy; return numpy.ones(2 * 10**8)"
    report = check_notebook(handed_in({ANSWER: source}), memory_mb=1024)
    # The latter where the system cannot limit memory.
    told = ("`next_cell_state` ran out of memory.", "`next_cell_state` returns more than 64 MB in all.")
    assert verdicts(report)[ANSWER].message.startswith(told)
    assert the_others_are_right(report, ANSWER)


def test_a_wrong_step_does_not_sink_the_sequence_that_uses_it(handed_in):
    wrong = "def lstm_step_backward(dh_next, dc_next, cache, W):\n    raise ValueError('I gave up')"
    report = check_notebook(handed_in({"05-step-backward": wrong}, lesson="05_lstm_from_scratch"))
    assert [verdict.question for verdict in report.questions if not verdict.right] == ["05-step-backward"]


def test_using_the_librarys_own_answer_is_flagged(handed_in):
    source = (
        "from lstm_course.scratch import sigmoid\n"
        "def forget_gate(h, x, W_f, b_f):\n    return sigmoid(np.hstack([h, x]) @ W_f.T + b_f)"
    )
    report = check_notebook(handed_in({"04-forget-gate": source}))
    assert verdicts(report)["04-forget-gate"].verdict == "borrowed"
    assert the_others_are_right(report, "04-forget-gate")


# --- what a file may look like ----------------------------------------------------------------------------------


def remove(*ids):
    def change(notebook):
        notebook.cells = [cell for cell in notebook.cells if cell.id not in ids]

    return change


def reverse(notebook):
    notebook.cells.reverse()


def renumber(notebook):
    for place, cell in enumerate(notebook.cells):
        cell.id = f"cell-{place}"


def strip_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = {}


def strip_own_metadata(notebook):
    notebook.metadata.pop("lstm_course")


def without_ids(notebook):
    for cell in notebook.cells:
        del cell["id"]


def strange_metadata(notebook):
    notebook.metadata["lstm_course"] = ["?"]
    for cell in notebook.cells:
        cell.metadata["nbgrader"] = None if cell.cell_type == "markdown" else {"grade_id": [5]}


def forge(notebook):
    """Points and outputs as if everything had been marked already."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader.points = 100
            cell.outputs = [{"output_type": "stream", "name": "stdout", "text": "right"}]
            cell.source = "assert True"


def spoil_what_is_provided(notebook):
    for cell in notebook.cells:
        if cell.id == "04-setup":
            cell.source = "raise RuntimeError('this cell was to be left alone')"


def cells_of_ones_own(notebook):
    for source in (
        "import matplotlib\nprint(next_cell_state)",
        "1 / 0",
        "!echo hello",
        "%%html\n<b>hello</b>",
    ):
        notebook.cells.append(dict(cell_type="code", metadata={}, outputs=[], execution_count=None, source=source))


CHANGES = {
    "reversed": reverse,
    "cell ids renumbered": renumber,
    "no cell ids": without_ids,
    "no nbgrader metadata": strip_metadata,
    "no metadata of ours": strip_own_metadata,
    "metadata in a strange form": strange_metadata,
    "forged points and outputs": forge,
    "provided cell changed": spoil_what_is_provided,
    "provided cell missing": remove("04-setup"),
    "checks missing": remove(*(f"check-{name}" for name in POINTS)),
    "cells of one's own": cells_of_ones_own,
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_right_answers_earn_everything_whatever_became_of_the_file(change, handed_in, recwarn):
    assert the_others_are_right(check_notebook(handed_in(change=change)))
    assert not recwarn.list


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_blank_answers_earn_nothing_whatever_became_of_the_file(change, handed_in):
    report = check_notebook(handed_in(start="exercises", change=change))
    assert report.earned == 0 and report.possible == ALL


def test_an_answer_that_is_missing_is_a_blank(handed_in):
    report = check_notebook(handed_in(change=remove("04-cell-state", "04-main-role")))
    assert verdicts(report)["04-cell-state"].verdict == verdicts(report)["04-main-role"].verdict == "blank"
    assert the_others_are_right(report, "04-cell-state", "04-main-role")


@pytest.mark.parametrize("first, right", [("main_role = 'a'", True), (None, False)], ids=["right last", "wrong last"])
def test_of_two_answers_the_last_one_counts(first, right, handed_in):
    def twice(notebook):
        place = [cell.id for cell in notebook.cells].index("04-main-role")
        other = copy.deepcopy(notebook.cells[place])
        other.source = "main_role = 'a'"
        notebook.cells.insert(place if first else place + 1, other)

    report = check_notebook(handed_in(change=twice))
    assert the_others_are_right(report, *([] if right else ["04-main-role"]))


def test_an_answer_may_be_written_in_another_cell(handed_in):
    def elsewhere(notebook):
        notebook.cells.append(
            dict(cell_type="code", metadata={}, outputs=[], execution_count=None, source="main_role = 'c'")
        )

    assert the_others_are_right(check_notebook(handed_in({"04-main-role": None}, change=elsewhere)))


def test_what_happened_to_other_cells_is_noted(handed_in):
    report = check_notebook(handed_in(change=cells_of_ones_own))
    (note,) = report.notes
    assert "did not run: ZeroDivisionError: division by zero." in note


def test_an_outdated_copy_is_noted(handed_in):
    def outdated(notebook):
        notebook.metadata.lstm_course.version = "000000000000"

    report = check_notebook(handed_in(change=outdated))
    assert [note for note in report.notes if "have changed since this copy was made" in note]
    assert the_others_are_right(report)


# --- files that cannot be judged --------------------------------------------------------------------------------


def other_notebook():
    return {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize(
    "content, said",
    [
        (None, "there is no such file"),
        (b"", "it is not a Jupyter notebook"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "it cannot be read"),
        (b"print('a script')", "it is not a Jupyter notebook"),
        (b"{}", "it is not a Jupyter notebook"),
        (b"[]", "it is not a Jupyter notebook"),
        (b"null", "it is not a Jupyter notebook"),
        (b'{"nbformat": 99, "cells": []}', "it is not a Jupyter notebook"),
        (json.dumps({**other_notebook(), "cells": [1, None]}).encode(), "it is not a Jupyter notebook"),
        (
            json.dumps({**other_notebook(), "cells": [{"metadata": {}}]}).encode(),
            "it is not a Jupyter notebook",
        ),
        (json.dumps({**other_notebook(), "metadata": None}).encode(), "it is not a Jupyter notebook"),
        (b"[" * 100_000, "it is not a Jupyter notebook"),
        (json.dumps(other_notebook()).encode(), "it could not be identified as an exercise of this course"),
    ],
)
def test_what_is_no_exercise_is_one_sentence(content, said, tmp_path, capfd):
    path = tmp_path / "homework.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableNotebook) as problem:
        check_notebook(path)
    assert str(problem.value).startswith(f"{path}: {said}")
    assert "\n" not in str(problem.value) and len(str(problem.value)) < len(str(path)) + 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_folder_is_no_notebook(tmp_path):
    with pytest.raises(UnreadableNotebook, match="it cannot be read"):
        check_notebook(tmp_path)


# --- what is protected ------------------------------------------------------------------------------------------

SPOILS_THE_JUDGE = """
import numpy as np
import lstm_course.grading.judge, lstm_course.probes.call, lstm_course.questions.gates
lstm_course.grading.judge.judge = lambda *a, **k: "right"
lstm_course.probes.call.call_answer = lambda *a: "right"
lstm_course.questions.gates.QUESTIONS = ()
np.abs = lambda x: 0 * x
class Everything(np.ndarray):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
def next_cell_state(*arrays):
    return np.zeros_like(arrays[0]).view(Everything)
"""


def test_what_an_answer_does_to_its_own_process_does_not_matter(handed_in):
    report = check_notebook(handed_in({ANSWER: SPOILS_THE_JUDGE}))
    assert verdicts(report)[ANSWER].earned == 0


FORGERIES = {
    "not json": "not json",
    "other json": 'null\n[]\n5\n"text"\n{}',
    "unknown cells": '{"cell": 99, "state": "start"}\n{"cell": [1], "state": "start"}',
    "unknown question": '{"question": "04-zzz", "state": "done", "outcomes": []}\n' * 9,
    "another path": '{"question": "../../x", "state": "done", "outcomes": []}',
    "no outcomes": '{"question": "04-cell-state", "state": "done", "outcomes": []}',
    "strange outcomes": '{"question": "04-cell-state", "state": "done", "outcomes": [5, {"values": 5}]}',
    "strange failure": '{"question": "04-cell-state", "state": "done", "outcomes": [{"failure": 5, "message": 5}]}',
    "the end": '{"state": "end"}',
}


@pytest.mark.slow
@pytest.mark.parametrize("leaves", [False, True], ids=["goes on", "leaves"])
@pytest.mark.parametrize("line", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_report_earns_nothing(line, leaves, handed_in):
    source = f"open('events.jsonl', 'a').write('\\n' + {line!r} + '\\n')\n" + "import os; os._exit(0)" * leaves
    report = check_notebook(handed_in({ANSWER: source}))
    assert verdicts(report)[ANSWER].earned == 0
    assert list(verdicts(report)) == list(POINTS)


SOME_CASES_ONLY = """
import json, os
from lstm_course.probes import unpack
(asked,) = [q for q in json.load(open("job.json"))["questions"] if q["id"] == "04-cell-state"]
first = unpack(asked["cases"], dict(np.load("inputs.npz")))[0]
np.savez("04-cell-state.npz", y=first["f"] * first["c"] + first["i"] * first["g"])
values = {"dict": {"c": {"array": "y"}}}
outcomes = [{"values": values, "printed": "", "borrowed": []}]
line = {"question": "04-cell-state", "state": "done", "outcomes": outcomes}
open("events.jsonl", "a").write(json.dumps(line) + chr(10))
os._exit(0)
"""


def test_every_case_must_be_answered(handed_in):
    report = check_notebook(handed_in({ANSWER: SOME_CASES_ONLY}))
    assert the_others_are_right(report, ANSWER)


@POSIX
def test_results_that_never_come_do_not_hold_up_the_judge(handed_in):
    """A pipe in the place of the file with the results would be read for ever."""
    source = (
        HEAD + "import os, json; os.mkfifo('04-cell-state.npz')\n"
        "    line = dict(question='04-cell-state', state='done', outcomes=[])\n"
        "    open('events.jsonl', 'a').write(json.dumps(line)); os._exit(0)"
    )
    assert the_others_are_right(check_notebook(handed_in({ANSWER: source})), ANSWER)


def test_the_environment_is_not_handed_on(handed_in, monkeypatch, tmp_path):
    monkeypatch.setenv("A_TEACHERS_TOKEN", "secret")
    source = (
        "import os\n"
        "home_is_apart = os.path.samefile(os.path.expanduser('~'), os.getcwd())\n"
        "main_role = 'c' if home_is_apart and 'A_TEACHERS_TOKEN' not in os.environ else 'a'"
    )
    assert the_others_are_right(check_notebook(handed_in({"04-main-role": source})))


def test_nothing_is_left_on_the_disk(handed_in, monkeypatch, tmp_path):
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    source = "open('large', 'wb').write(bytes(10**6))\nimport os\nos.makedirs('a/b')\nmain_role = 'c'"
    path = handed_in({"04-main-role": source, "04-cell-state": "import os\nos._exit(1)"})
    check_notebook(path)
    assert list(folder.iterdir()) == []


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("ending", ["", "import os; os._exit(1)", "time.sleep(60)"], ids=["ends", "dies", "hangs"])
def test_what_an_answer_started_ends_with_it(ending, handed_in, tmp_path):
    note = tmp_path / "pid"
    source = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(90)'])\n"
        f"open({str(note)!r}, 'a').write(f'{{child.pid}}\\n')\n" + ending
    )
    check_notebook(handed_in({ANSWER: source}), timeout=30, isolation="limits")  # elsewhere it cannot start anything
    pids = [int(line) for line in note.read_text().split()]
    assert pids
    try:
        ends = time.monotonic() + 5
        while any(map(runs, pids)) and time.monotonic() < ends:
            time.sleep(0.05)
        assert not any(map(runs, pids))
    finally:
        for pid in filter(runs, pids):
            os.kill(pid, signal.SIGKILL)


def runs(pid):
    """Whether a process is there and has not ended; one that ended may wait for its parent to notice."""
    try:
        os.kill(pid, 0)  # no signal, only the question whether there is somebody to get one
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # ended in between, or a system without /proc, where nobody waits
        return not Path("/proc").exists()


def test_the_notebook_itself_is_not_changed(handed_in):
    path = handed_in({ANSWER: "import os\nos._exit(1)"})
    before = path.read_bytes()
    check_notebook(path)
    assert path.read_bytes() == before


def test_the_judge_can_be_used_from_any_folder(handed_in, monkeypatch, tmp_path):
    """A file of the learner's beside the notebook must not stand in for a module of the course."""
    folder = tmp_path / "homework"
    folder.mkdir()
    for name in ("numpy.py", "json.py", "lstm_course.py"):
        (folder / name).write_text("raise ImportError('the wrong one')")
    path = handed_in()
    path = path.rename(folder / path.name)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lstm_course.cli", "check", path.name, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["earned"] == ALL
    assert Path(json.loads(done.stdout)[0]["notebook"]).name == path.name


@pytest.mark.parametrize(
    ("source", "loaded"),
    [
        ("x = 1  # a network", []),
        ("import torch\ntorch.ones(2)", ["torch"]),
        ("net = nets.LSTM(3, 4)", ["torch", "torch._dynamo"]),
        ("from torch import optim\nadam = optim.Adam(parameters)", ["torch", "torch._dynamo"]),
        ("import matplotlib.pyplot as plt", ["matplotlib.pyplot"]),
        ("%matplotlib inline", ["IPython.core.inputtransformer2"]),
    ],
)
def test_what_code_cells_use_is_loaded_in_advance(source, loaded):
    words = NotebookCell("markdown", "torch.optim, pyplot, nets")
    assert preload_for([Notebook((words, NotebookCell("code", source)))]) == ("numpy", *loaded)
