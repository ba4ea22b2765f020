"""The commands on macOS and Windows, which can only hold a submission to limits: what Linux adds is forbidden here."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "classroom"))  # for solved_class, wherever pytest starts
from solved_class import ANSWER, ERROR, WRONG, answer, hand_in, judged, needs_isolation, scores  # noqa: E402

pytest.importorskip("resource")  # Windows has none, and is what it is
from another_system import SYSTEMS, prelude  # noqa: E402

from lstm_course.classroom.grade import grade  # noqa: E402
from lstm_course.classroom.records import Grade  # noqa: E402

# Elsewhere nothing needs to be forbidden, and the other tests show the same.
pytestmark = [pytest.mark.slow, needs_isolation]
SEED = 7
HEAD = "def next_cell_state(*arrays):\n    "
HONEST = {"ada": {}, "boris": {ANSWER: WRONG}, "chen": {ANSWER: ERROR, "04-forget-gate": "1 / 0"}}
# It takes 640 MB, of 256 that are allowed, and then waits to be stopped.
HOG = "import time, numpy as np; hog = np.ones(8 * 10**7); time.sleep(10**6)"
OUTSIDE = """import os, time, pathlib
    import subprocess, sys
    other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(10**6)'])
    pathlib.Path({!r}).write_text(str(other.pid))
    time.sleep(10**6)"""
# What is handed in for one answer, and what is said of it.
HOSTILE = {
    "loops": (HEAD + "while True: pass", "slow", "did not finish within "),
    "waits": (HEAD + "import time; time.sleep(10**6)", "slow", "did not finish within 10 seconds."),
    "hogs": (HEAD + HOG, "crashed", "The process that ran this answer ran out of memory."),
    "hogs in a cell": (HOG, "error", "The cell with this answer did not run: ran out of memory."),
    "exits": (HEAD + "raise SystemExit(1)", "error", "`next_cell_state` raised SystemExit: 1"),
    "exits in a cell": ("raise SystemExit", "error", "The cell with this answer did not run: SystemExit."),
    "ends": (HEAD + "import os; os._exit(3)", "crashed", "The process that ran this answer ended with status 3."),
    "reads": (
        HEAD + "import lstm_course.questions",
        "error",
        "raised ModuleNotFoundError: lstm_course.questions is not available to an answer",
    ),
}
# An answer that is right only if its process is one of the other system.
PRETENDS = """import os, select
import lstm_course.files

def next_cell_state(i, f, g, c):
    try:
        open("/proc/self/status")
    except FileNotFoundError:
        names = {{"darwin": "posix", "win32": "nt"}}
        assert lstm_course.files.os.name == names[{0!r}] and not hasattr(os, "sched_yield")
        assert hasattr(select, "poll") == ({0!r} == "darwin")
        assert os.path.expanduser("~") == os.getcwd()
        return f * c + i * g
"""


@pytest.fixture(scope="module", params=SYSTEMS)
def system(request):
    return request.param


@pytest.fixture(scope="module")
def command(system, tmp_path_factory):
    """A function that runs ``lstm-course`` as on that system."""
    folder = tmp_path_factory.mktemp(system)
    added = {"PYTHONPATH": prelude(folder, system), "HOME": str(folder), "USERPROFILE": str(folder), "COLUMNS": "200"}

    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "lstm_course.cli", *map(str, arguments)],
            cwd=folder,
            env=os.environ | added,
            capture_output=True,
            text=True,
        )

    return run


@pytest.fixture(scope="module")
def graded(command, system, tmp_path_factory):
    """A class of which some are hostile, as graded there: where, what was printed, and the grades."""
    root = tmp_path_factory.mktemp("class")
    for name, sources in HONEST.items():
        hand_in(root / "submitted", name, sources)
    for name, (source, _, _) in HOSTILE.items():
        hand_in(root / "submitted", name, {ANSWER: source})
    hand_in(root / "submitted", "pretends", {ANSWER: PRETENDS.format(system)})
    hand_in(root / "submitted", "starts", {ANSWER: HEAD + OUTSIDE.format(str(root / "started.txt"))})
    limits = ("--timeout", 60, "--memory", 256, "--workers", 2)
    done = command("grade", root / "submitted", "--out", begun(root / "out"), *limits)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    form = json.loads((root / "out" / "grades.json").read_text(encoding="utf-8"))
    return root, done.stdout, [Grade.from_dict(each) for each in form["grades"]]


def begun(out):
    """A folder in which grading has begun with a known seed, so that the cases are the same every time."""
    out.mkdir()
    entry = {"begun": "", "seed": SEED, "again": False}
    (out / "grading.jsonl").write_text(json.dumps(entry) + "\n", encoding="utf-8")
    return out


def test_a_solved_notebook_gets_full_marks(command, tmp_path):
    done = command("check", hand_in(tmp_path, "ada"), "--json")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    (report,) = json.loads(done.stdout)
    assert report["earned"] == report["possible"] > 0


def test_a_class_gets_the_grades_that_it_gets_on_linux(graded, tmp_path):
    for name, sources in HONEST.items():
        hand_in(tmp_path / "submitted", name, sources)
    on_linux = grade(tmp_path / "submitted", begun(tmp_path / "out"), isolation="full").grades
    _, _, grades = graded
    assert judged([each for each in grades if each.student in HONEST]) == judged(on_linux)


def test_its_submissions_ran_in_processes_of_the_other_system(graded):
    assert answer(graded[2], "pretends").verdict == "right"


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_named_and_costs_its_own_question_alone(name, graded):
    _, verdict, message = HOSTILE[name]
    said = answer(graded[2], name)
    assert said.verdict == verdict and message in said.message, said
    points = scores(graded[2])
    assert points[name] == points["boris"]  # whose answer to the same question is wrong


def test_a_program_that_a_submission_started_ends_with_it(graded):
    root, _, grades = graded
    assert answer(grades, "starts").verdict == "slow"
    with (
        contextlib.suppress(ProcessLookupError),
        os.fdopen(os.pidfd_open(int((root / "started.txt").read_text()))) as it,
    ):
        ended, _, _ = select.select([it], [], [], 20)
        if not ended:
            signal.pidfd_send_signal(it.fileno(), signal.SIGKILL)
        assert ended


def test_the_teacher_is_told_what_limits_leave_open(graded, command, system):
    root, printed, _ = graded
    words = "limits (limits on time and memory alone: a submission can read and change your files and use your network)"
    assert f"isolation: {words}" in " ".join(printed.split())
    assert f"Isolation: {words}" in (root / "out" / "report.html").read_text(encoding="utf-8")
    refused = command("grade", root / "submitted", "--out", root / "other", "--isolation", "process")
    assert refused.returncode == 2 and f"landlock (not available on {system})" in refused.stderr
    assert not (root / "other").exists()
