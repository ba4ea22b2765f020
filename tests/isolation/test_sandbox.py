"""The sandbox as a whole: what comes home, from several at once, and what is left when its server ends."""

import contextlib
import os
import select
import shutil
import signal
import subprocess
import sys
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
    """One that asks for `answer(a)`."""
    asked = [SimpleNamespace(id=NAME, probe=Probe("answer", ("y",)))]
    with Sandbox(level, preload=["numpy"], **options) as made:
        made.prepare(KEY, {}, asked, {NAME: [{"a": np.zeros(2)}]})
        yield made


def value(made, *sources, **limits):
    """What `answer` returns, as a list; or the failure."""
    (outcome,) = made.run(KEY, [Cell(k, source) for k, source in enumerate(sources)], **limits).at_end[NAME]
    return outcome if isinstance(outcome, Failure) else outcome.values["y"].tolist()


def children(process="self"):
    """Numbers of its children; of all of its threads."""
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, path.read_text().split())
    return found


def descendants(process):
    own = children(process)
    return own + [below for each in own for below in descendants(each)]


def open_files(process="self"):
    return len(os.listdir(f"/proc/{process}/fd"))


def gone(handles, seconds=20):
    """Wait until processes have ended, by their pidfds."""
    for handle in handles:
        with os.fdopen(handle):
            ended, _, _ = select.select([handle], [], [], seconds)
            assert ended, "a process that the sandbox started is left"


@pytest.fixture
def server():
    """The number of the process that a sandbox has started last."""
    before = set(children())
    return lambda: max(set(children()) - before)


# --- many at once -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", FORKING)
def test_of_many_at_once_each_has_its_own_results_and_nothing_is_left_open(level, server):
    with sandbox(level) as made, ThreadPoolExecutor(16) as pool:
        value(made, ADD.format(0))
        inner = descendants(server())[-1:] or [server()]
        before = open_files(), open_files(inner[0])
        results = list(pool.map(lambda k: value(made, ADD.format(k)), range(320)))
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
        with sandbox(level) as made:
            assert value(made, ADD.format(1)) == [1, 1]


def test_fresh_processes_leave_nothing_open_either():
    with sandbox("limits") as made:
        value(made, ADD.format(0))
        before = open_files(), children()
        assert [value(made, ADD.format(k)) for k in range(3)] == [[k, k] for k in range(3)]
        assert (open_files(), children()) == before


@pytest.mark.parametrize("level", FORKING)
def test_what_hangs_does_not_hold_up_the_others(level):
    with sandbox(level) as made, ThreadPoolExecutor(2) as pool:
        hangs = pool.submit(value, made, SLEEPS, ADD.format(1), timeout=60)
        assert [value(made, ADD.format(k)) for k in range(5)] == [[k, k] for k in range(5)]
        assert not hangs.done()
        assert hangs.result() == [1, 1]  # and only its own cell is lost


# --- the server -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", FORKING)
def test_a_server_that_died_between_two_is_said_to_be_gone_and_can_begin_again(level, server):
    with sandbox(level) as made:
        assert value(made, ADD.format(1)) == [1, 1]
        number = server()
        handle = os.pidfd_open(number)
        os.kill(number, signal.SIGKILL)
        gone([handle])
        for _ in range(2):
            with pytest.raises(ServerGone, match="the fork server ended"):
                value(made, ADD.format(1))
        made.restart()
        assert value(made, ADD.format(2)) == [2, 2]


@pytest.mark.parametrize("level", FORKING)
def test_a_server_that_dies_takes_all_that_it_started_with_it(level, server):
    with sandbox(level) as made, ThreadPoolExecutor(1) as pool:
        child = made._processes.launch(KEY, _job(SLEEPS), 512, 60)
        assert child.read(20)  # it says that its cell has begun
        handles = [os.pidfd_open(number) for number in [server(), *descendants(server())]]
        waits = pool.submit(child.end)
        os.kill(server(), signal.SIGKILL)
        with contextlib.suppress(ServerGone):
            waits.result(20)
        gone(handles)


@pytest.mark.parametrize("level", FORKING)
def test_a_server_that_stumbles_tells_all_who_wait(level):
    with sandbox(level) as made:
        running = made._processes.launch(KEY, _job(SLEEPS), 512, 60)
        assert running.read(20)
        unknown = made._processes.launch("no such assignment", _job(SLEEPS), 512, 60)
        for child in (unknown, running):
            with pytest.raises(ServerGone):
                child.end()


def _job(source):
    cell = {"place": 0, "source": source, "check": "", "given": ""}
    return {"cells": [cell], "questions": [NAME], "checked": [], "cell_seconds": 60}


@pytest.mark.parametrize("level", FORKING)
def test_an_exception_leaves_no_process(level, server):
    with pytest.raises(KeyboardInterrupt), sandbox(level) as made:
        child = made._processes.launch(KEY, _job(SLEEPS), 512, 60)
        assert child.read(20)
        number = server()
        handles = [os.pidfd_open(each) for each in [number, *descendants(number)]]
        raise KeyboardInterrupt
    gone(handles)
    assert number not in children()


def test_a_module_that_cannot_be_loaded_is_a_sentence():
    with pytest.raises(ServerGone, match="could not start: ModuleNotFoundError: No module named 'no_such_module'$"):
        Sandbox("full", preload=["no_such_module"])


def test_a_module_that_ends_the_server_is_a_sentence(tmp_path, monkeypatch):
    (tmp_path / "ends_it.py").write_text("import os\nos._exit(3)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    before = children()
    for level in FORKING:
        with pytest.raises(ServerGone, match="could not start: it ended while it was starting$"):
            Sandbox(level, preload=["ends_it"])
    assert children() == before


def test_without_the_package_for_system_calls_there_is_no_server(tmp_path, monkeypatch):
    (tmp_path / "pyseccomp.py").write_text("raise ImportError('libseccomp is not there')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(
        ServerGone, match="^the process that starts submissions could not start: ImportError: libseccomp is not there$"
    ):
        processes.ForkServer("process")


def test_a_server_that_does_not_even_begin_is_a_sentence(monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(ServerGone, match="could not start: it ended while it was starting$"):
        processes.ForkServer("process")


def test_cells_of_the_course_that_do_not_run_are_said():
    with sandbox() as made, pytest.raises(RuntimeError, match="ZeroDivisionError"):
        made.prepare("other", {"00-setup": "1 / 0"}, [], {})


# --- what one submission does to the next -----------------------------------------------------------------------


@pytest.mark.parametrize("level", FORKING)
def test_thousands_of_folders_in_folders_cost_their_maker_alone(level, tmp_path, monkeypatch):
    deep = "import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')\n"
    unreadable = "import os\nos.mkdir('d', 0o300)\nos.mkdir('d/e')\nos.close(os.open('d/e/f', os.O_CREAT))\n"
    wide = "import os\nfor k in range(10**5):\n    os.mkdir(str(k))\n"
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with sandbox(level) as made:
        (folder,) = tmp_path.iterdir()
        for source in (deep, unreadable, wide):
            value(made, source, timeout=12)
            assert value(made, ADD.format(1)) == [1, 1]
            assert list(folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_threads_of_one_are_not_counted_for_another():
    # As root the kernel does not count them.
    hog = """
import ctypes, threading
try:
    while True:
        threading.Thread(target=ctypes.CDLL(None).pause, daemon=True).start()
except RuntimeError:
    ctypes.CDLL(None).pause()
"""
    with sandbox() as made:
        child = made._processes.launch(KEY, _job(hog), 512, 20)
        assert child.read(20)
        results = [value(made, ADD.format(k)) for k in range(30)]
        child.end()
    assert results == [[k, k] for k in range(30)]


def test_cells_in_the_wrong_order_find_each_other():
    chain = ["def answer(a):\n    return a + fourth", "fourth = third + 1", "third = second + 1", "second = 2"]
    with sandbox() as made:
        assert value(made, *chain) == [4, 4]
        assert value(made, "first = nowhere", "second = first", ADD.format(1)) == [1, 1]
        run = made.run(KEY, [Cell(0, "first = nowhere"), Cell(1, "second = first"), Cell(2, ADD.format(1))])
    assert {place: problem.text for place, problem in run.problems.items()} == {
        0: "NameError: name 'nowhere' is not defined",
        1: "NameError: name 'first' is not defined",
    }


def test_nothing_is_left_when_the_judge_itself_is_killed(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    program = f"""
import os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_sandbox
with test_sandbox.sandbox(sys.argv[1]) as made:
    child = made._processes.launch(test_sandbox.KEY, test_sandbox._job(test_sandbox.SLEEPS), 512, 60)
    child.read(20)
    print("ready", flush=True)
    child.read(60)
"""
    for level in FORKING:
        judge = subprocess.Popen([sys.executable, "-c", program, level], stdout=subprocess.PIPE, text=True)
        assert judge.stdout.readline() == "ready\n"
        handles = [os.pidfd_open(number) for number in descendants(judge.pid)]
        assert len(handles) >= 2
        judge.kill()
        judge.communicate()
        gone(handles)
        assert list(tmp_path.iterdir()) == []
