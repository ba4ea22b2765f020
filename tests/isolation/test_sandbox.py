"""The sandbox as a whole: the results of many submissions at once, forged messages, and the end of its processes."""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lstm_course.isolation import processes, support
from lstm_course.isolation.sandbox import Cell, Sandbox, ServerGone
from lstm_course.probes import Failure, Probe

resource = pytest.importorskip("resource")  # Windows has none

KEY, NAME = "99", "99-answer"
FORKING = ("full", "process")
ADD = "def answer(a):\n    return a + {}\n"
SLEEPS = "import ctypes\nctypes.CDLL(None).pause()\n"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux" or bool(support.missing()), reason="needs all parts of the isolation"),
]


@contextlib.contextmanager
def sandbox(level="full", **options):
    """A sandbox that asks for `answer(a)`."""
    asked = [SimpleNamespace(id=NAME, probe=Probe("answer", ("y",)))]
    with Sandbox(level, preload=["numpy"], **options) as box:
        box.prepare(KEY, {}, asked, {NAME: [{"a": np.zeros(2)}]})
        yield box


def value(box, *sources, **limits):
    """What `answer` returns, as a list, or the failure."""
    (outcome,) = box.run(KEY, [Cell(k, source) for k, source in enumerate(sources)], **limits).at_end[NAME]
    return outcome if isinstance(outcome, Failure) else outcome.values["y"].tolist()


def children(process="self"):
    """Numbers of the children of all threads of a process."""
    numbers = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            numbers += map(int, path.read_text().split())
    return numbers


def descendants(process):
    own = children(process)
    return own + [below for each in own for below in descendants(each)]


def open_files(process="self"):
    return len(os.listdir(f"/proc/{process}/fd"))


def wait_for_end(handles, seconds=20):
    """Wait until the processes with these pidfds have ended."""
    for handle in handles:
        with os.fdopen(handle):
            ended, _, _ = select.select([handle], [], [], seconds)
            assert ended, "a process that the sandbox started still runs"


@pytest.fixture
def server():
    """A function that returns the number of the process that a sandbox started last."""
    before = set(children())
    return lambda: max(set(children()) - before)


# --- many at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", FORKING)
def test_many_at_once_each_get_their_own_results_and_nothing_stays_open(level, server):
    with sandbox(level) as box, ThreadPoolExecutor(16) as pool:
        value(box, ADD.format(0))
        inner = descendants(server())[-1:] or [server()]
        before = open_files(), open_files(inner[0])
        results = list(pool.map(lambda k: value(box, ADD.format(k)), range(320)))
        assert results == [[k, k] for k in range(320)]
        assert (open_files(), open_files(inner[0])) == before
        assert descendants(server()) == (inner if level == "full" else [])  # no child, and no zombie
    assert not set(children()) & {*inner}


@pytest.mark.parametrize("level", FORKING)
def test_a_program_with_thousands_of_open_files_can_use_it(level):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(1100):
            stack.enter_context(open(os.devnull))
        with sandbox(level) as box:
            assert value(box, ADD.format(1)) == [1, 1]


def test_fresh_processes_leave_nothing_open():
    with sandbox("limits") as box:
        value(box, ADD.format(0))
        before = open_files(), children()
        assert [value(box, ADD.format(k)) for k in range(3)] == [[k, k] for k in range(3)]
        assert (open_files(), children()) == before


@pytest.mark.parametrize("level", FORKING)
def test_a_submission_that_hangs_does_not_hold_up_the_others(level):
    with sandbox(level) as box, ThreadPoolExecutor(2) as pool:
        hangs = pool.submit(value, box, SLEEPS, ADD.format(1), timeout=60)
        assert [value(box, ADD.format(k)) for k in range(5)] == [[k, k] for k in range(5)]
        assert not hangs.done()
        assert hangs.result() == [1, 1]  # it loses nothing but its own cell


# --- the server -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", FORKING)
def test_a_server_that_died_between_two_runs_is_reported_and_can_be_restarted(level, server):
    with sandbox(level) as box:
        assert value(box, ADD.format(1)) == [1, 1]
        number = server()
        handle = os.pidfd_open(number)
        os.kill(number, signal.SIGKILL)
        wait_for_end([handle])
        for _ in range(2):
            with pytest.raises(ServerGone, match="the fork server ended"):
                value(box, ADD.format(1))
        box.restart()
        assert value(box, ADD.format(2)) == [2, 2]


@pytest.mark.parametrize("level", FORKING)
def test_a_server_that_dies_takes_everything_it_started_with_it(level, server):
    with sandbox(level) as box, ThreadPoolExecutor(1) as pool:
        child = box._processes.launch(KEY, _job(SLEEPS), 512, 60)
        assert child.read(20)  # it reports that its cell has begun
        handles = [os.pidfd_open(number) for number in [server(), *descendants(server())]]
        waits = pool.submit(child.end)
        os.kill(server(), signal.SIGKILL)
        with contextlib.suppress(ServerGone):
            waits.result(20)
        wait_for_end(handles)


@pytest.mark.parametrize("level", FORKING)
def test_a_server_that_fails_wakes_everyone_who_waits_for_it(level):
    with sandbox(level) as box:
        running = box._processes.launch(KEY, _job(SLEEPS), 512, 60)
        assert running.read(20)
        unknown = box._processes.launch("no such assignment", _job(SLEEPS), 512, 60)
        for child in (unknown, running):
            with pytest.raises(ServerGone):
                child.end()


def _job(source):
    cell = {"index": 0, "source": source, "check": "", "given": ""}
    return {"cells": [cell], "questions": [NAME], "checked": [], "cell_seconds": 60}


@pytest.mark.parametrize("level", FORKING)
def test_an_exception_leaves_no_process(level, server):
    with pytest.raises(KeyboardInterrupt), sandbox(level) as box:
        child = box._processes.launch(KEY, _job(SLEEPS), 512, 60)
        assert child.read(20)
        number = server()
        handles = [os.pidfd_open(each) for each in [number, *descendants(number)]]
        raise KeyboardInterrupt
    wait_for_end(handles)
    assert number not in children()


def test_a_module_that_cannot_be_loaded_is_reported():
    with pytest.raises(ServerGone, match="could not start: ModuleNotFoundError: No module named 'no_such_module'$"):
        Sandbox("full", preload=["no_such_module"])


def test_a_module_that_ends_the_server_is_reported(tmp_path, monkeypatch):
    (tmp_path / "ends_it.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    before = children()
    for level in FORKING:
        with pytest.raises(ServerGone, match="could not start: it ended while it was starting$"):
            Sandbox(level, preload=["ends_it"])
    assert children() == before


def test_without_pyseccomp_there_is_no_server(tmp_path, monkeypatch):
    (tmp_path / "pyseccomp.py").write_text("raise ImportError('libseccomp is missing')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(
        ServerGone, match="^the process that starts submissions could not start: ImportError: libseccomp is missing$"
    ):
        processes.ForkServer("process")


def test_a_server_that_does_not_even_start_is_reported(monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(ServerGone, match="could not start: it ended while it was starting$"):
        processes.ForkServer("process")


def test_provided_cells_that_do_not_run_are_reported():
    with sandbox() as box, pytest.raises(RuntimeError, match="ZeroDivisionError"):
        box.prepare("other", {"00-setup": "1 / 0"}, [], {})


# --- what one submission does to the next -----------------------------------------------------------------------


@pytest.mark.parametrize("level", FORKING)
def test_thousands_of_nested_folders_cost_only_their_maker(level, tmp_path, monkeypatch):
    deep = "import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')\n"
    unreadable = "import os\nos.mkdir('d', 0o300)\nos.mkdir('d/e')\nos.close(os.open('d/e/f', os.O_CREAT))\n"
    wide = "import os\nfor k in range(10**5):\n    os.mkdir(str(k))\n"
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with sandbox(level) as box:
        (folder,) = tmp_path.iterdir()
        for source in (deep, unreadable, wide):
            value(box, source, timeout=12)
            assert value(box, ADD.format(1)) == [1, 1]
            assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_threads_of_one_submission_are_not_counted_for_another():
    # The kernel does not count the threads of root.
    hog = """
import ctypes, threading
try:
    while True:
        threading.Thread(target=ctypes.CDLL(None).pause, daemon=True).start()
except RuntimeError:
    ctypes.CDLL(None).pause()
"""
    with sandbox() as box:
        child = box._processes.launch(KEY, _job(hog), 512, 20)
        assert child.read(20)
        results = [value(box, ADD.format(k)) for k in range(30)]
        child.end()
    assert results == [[k, k] for k in range(30)]


def test_cells_in_the_wrong_order_find_each_other():
    chain = ["def answer(a):\n    return a + fourth", "fourth = third + 1", "third = second + 1", "second = 2"]
    with sandbox() as box:
        assert value(box, *chain) == [4, 4]
        assert value(box, "first = nowhere", "second = first", ADD.format(1)) == [1, 1]
        run = box.run(KEY, [Cell(0, "first = nowhere"), Cell(1, "second = first"), Cell(2, ADD.format(1))])
    assert {place: problem.text for place, problem in run.problems.items()} == {
        0: "NameError: name 'nowhere' is not defined",
        1: "NameError: name 'first' is not defined",
    }


FORGED_HEAD = "import json, os, struct\nhead = json.dumps({'content': %r, 'arrays': []}).encode()\n"
SEND = "os.write(3, struct.pack('<II', len(head), 0) + head)\n"


@pytest.mark.parametrize("ending", ["", "os._exit(0)"], ids=["goes on", "exits"])
def test_an_answer_that_was_never_checked_cannot_claim_to_be_unchanged_since_its_check(ending):
    forged = FORGED_HEAD % {"question": NAME, "when": "end", "state": "same"} + SEND + ending
    with sandbox() as box:
        assert value(box, forged, ADD.format(1)) == [1, 1]


def test_a_message_cannot_fill_the_memory_of_the_judge():
    """Each pair of brackets would take twenty times its two bytes."""
    brackets = "import os, struct\nos.write(3, struct.pack('<II', 60 << 20, 0))\nos.write(3, b'[],' * 100)\n"
    with sandbox() as box:
        run = box.run(KEY, [Cell(0, brackets), Cell(1, ADD.format(1))])
    assert run.problems[0].text == "sent results that cannot be read"
    assert run.at_end[NAME][0].values["y"].tolist() == [1, 1]


@pytest.mark.parametrize("parent_lives", [False, True])
def test_a_process_whose_parent_died_before_it_could_ask_for_the_signal_exits(parent_lives):
    program = f"""
import os, time
from lstm_course.isolation import kernel
parent = os.getpid()
if os.fork():
    {"os.wait()" if parent_lives else ""}
    os._exit(0)
while not {parent_lives} and os.getppid() == parent:
    time.sleep(0.01)
kernel.die_with_parent(parent)
print("lives", flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == "lives\n" * parent_lives  # read until every process has closed the pipe


def test_nothing_is_left_when_the_judge_is_killed_while_the_libraries_load(tmp_path, monkeypatch):
    started = tmp_path / "started"
    source = f"import time\nopen({str(started)!r}, 'w').close()\nwhile True:\n    time.sleep(0.1)\n"
    (tmp_path / "never_loads.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    program = "import sys\nfrom lstm_course.isolation.sandbox import Sandbox\nSandbox(sys.argv[1], ['never_loads'])"
    for level in FORKING:
        judge = subprocess.Popen([sys.executable, "-c", program, level])
        while not started.exists():
            assert judge.poll() is None
            time.sleep(0.05)
        handles = [os.pidfd_open(number) for number in descendants(judge.pid)]
        assert handles
        judge.kill()
        judge.wait()
        wait_for_end(handles)
        started.unlink()


def test_nothing_is_left_when_the_judge_itself_is_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    program = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_sandbox
with test_sandbox.sandbox(sys.argv[1]) as box:
    child = box._processes.launch(test_sandbox.KEY, test_sandbox._job(test_sandbox.SLEEPS), 512, 60)
    child.read(20)
    print("ready", flush=True)
    child.read(60)
"""
    for level in ("limits", *FORKING):
        judge = subprocess.Popen([sys.executable, "-c", program, level], stdout=subprocess.PIPE, text=True)
        assert judge.stdout.readline() == "ready\n"
        handles = [os.pidfd_open(number) for number in descendants(judge.pid)]
        assert len(handles) >= (1 if level == "limits" else 2)
        judge.kill()
        judge.communicate()
        wait_for_end(handles)
        for folder in tmp_path.iterdir():
            assert level == "limits", "a server deletes its folder"
            shutil.rmtree(folder)
