"""Grading on a cluster: the grades of one machine, also when a worker or the scheduler goes away in the middle."""

import contextlib
import json
import signal
import subprocess
import sys
import time

import pytest
from solved_class import ANSWER, ERROR, WRONG, hand_in, judged, needs_isolation

from lstm_course.classroom import cluster as module
from lstm_course.classroom.grade import grade
from lstm_course.classroom.journal import NAME

distributed = pytest.importorskip("distributed")
pytestmark = [needs_isolation, pytest.mark.slow]
COUNT = 14
SOURCES = (None, {ANSWER: WRONG}, {ANSWER: ERROR, "04-main-role": "main_role = 'a'"}, {ANSWER: "raise SystemExit"})
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    root = tmp_path_factory.mktemp("class") / "submitted"
    for k in range(COUNT):
        hand_in(root, f"student {k:02}", SOURCES[k % len(SOURCES)])
    return root


@pytest.fixture(scope="module")
def here(class_, tmp_path_factory):
    """What the grades must be."""
    return judged(grade(class_, begun(tmp_path_factory.mktemp("here") / "out")).grades)


def begun(out):
    """A folder in which a batch with a known seed has begun."""
    out.mkdir()
    (out / NAME).write_text(json.dumps({"begun": "", "seed": 20, "again": False}) + "\n", encoding="utf-8")
    return out


@contextlib.contextmanager
def started(folder, *arguments):
    """A program of distributed, ended afterwards."""
    command = [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:], *LOOPBACK]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        process.kill()
        process.wait()


@contextlib.contextmanager
def scheduler(folder):
    """A scheduler and its address."""
    file = folder / "scheduler.json"
    with started(folder, "dask_scheduler", "--port", "0", "--scheduler-file", str(file)) as process:
        until(file.exists)
        until(lambda: file.read_text().strip().endswith("}"))
        yield process, json.loads(file.read_text())["address"]


def worker(folder, address):
    return started(folder, "dask_worker", address, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def students(out):
    """Who has a grade in the journal, as often as it is there."""
    entries = map(json.loads, (out / NAME).read_text(encoding="utf-8").splitlines())
    return [entry["grade"]["student"] for entry in entries if "grade" in entry]


def after_the_first(action):
    """What to pass as progress: `action` is called once, when the first new grade is there."""
    calls = []

    def progress(done, count):
        calls.append(done)
        if len(calls) == 2:
            action()

    return progress


def test_two_workers_give_the_same_grades_though_one_is_killed_and_another_joins(class_, here, tmp_path):
    with contextlib.ExitStack() as stack:
        _, address = stack.enter_context(scheduler(tmp_path))
        first = stack.enter_context(worker(tmp_path, address))
        stack.enter_context(worker(tmp_path, address))
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)

        def replace():
            first.kill()
            stack.enter_context(worker(tmp_path, address))

        out = begun(tmp_path / "out")
        graded = grade(class_, out, scheduler=address, progress=after_the_first(replace))
        assert judged(graded.grades) == here and graded.kept == 0
        assert sorted(students(out)) == [f"student {k:02}" for k in range(COUNT)]


def test_a_worker_that_is_lost_and_comes_back_counts_nothing_twice(class_, here, tmp_path, monkeypatch):
    """It is stopped until the scheduler has given it up and another has its submissions; then it goes on."""
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "3s")
    out = begun(tmp_path / "out")
    with contextlib.ExitStack() as stack:
        _, address = stack.enter_context(scheduler(tmp_path))
        lost = stack.enter_context(worker(tmp_path, address))
        stack.callback(lost.send_signal, signal.SIGCONT)  # a stopped process cannot be ended
        client = stack.enter_context(distributed.Client(address, set_as_default=False))
        client.wait_for_workers(1, timeout=120)

        def lose():
            lost.send_signal(signal.SIGSTOP)
            until(lambda: not client.scheduler_info()["workers"])
            stack.enter_context(worker(tmp_path, address))
            client.wait_for_workers(1, timeout=120)
            lost.send_signal(signal.SIGCONT)

        graded = grade(class_, out, scheduler=address, progress=after_the_first(lose))
        assert judged(graded.grades) == here and graded.kept == 0
        assert sorted(students(out)) == [f"student {k:02}" for k in range(COUNT)]


def test_when_the_scheduler_goes_away_nothing_is_lost(class_, here, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_ANSWER", 10)
    out = begun(tmp_path / "out")
    with contextlib.ExitStack() as stack:
        process, address = stack.enter_context(scheduler(tmp_path))
        stack.enter_context(worker(tmp_path, address))
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=120)
        with pytest.raises(ConnectionError, match=r"^scheduler: the one at tcp://.* went away .* resumes from here$"):
            grade(class_, out, scheduler=address, progress=after_the_first(process.kill))
    so_far = students(out)
    assert 1 <= len(so_far) < COUNT and len(set(so_far)) == len(so_far)
    graded = grade(class_, out)
    assert judged(graded.grades) == here and graded.kept == len(so_far)
    assert sorted(students(out)) == [f"student {k:02}" for k in range(COUNT)]


def test_an_interrupted_run_is_resumed_by_the_same_cluster(class_, here, tmp_path):
    def interrupt():
        raise KeyboardInterrupt

    out = begun(tmp_path / "out")
    with scheduler(tmp_path) as (_, address), worker(tmp_path, address):
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=120)
        with pytest.raises(KeyboardInterrupt):
            grade(class_, out, scheduler=address, progress=after_the_first(interrupt))
        so_far = students(out)
        graded = grade(class_, out, scheduler=address)
    assert 1 <= len(so_far) < COUNT and graded.kept == len(so_far)
    assert judged(graded.grades) == here
    assert sorted(students(out)) == [f"student {k:02}" for k in range(COUNT)]


def test_a_cluster_that_does_not_fit_is_refused_in_a_sentence(class_, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SECONDS_TO_ANSWER", 1)
    with pytest.raises(ValueError, match="^scheduler: nothing answers at tcp://127.0.0.1:1 "):
        grade(class_, tmp_path / "out", scheduler="tcp://127.0.0.1:1")
    with pytest.raises(ValueError, match="^workers: a cluster has its own"):
        grade(class_, tmp_path / "out", scheduler="tcp://127.0.0.1:1", workers=2)
    monkeypatch.setattr(module, "SECONDS_TO_ANSWER", 30)
    with contextlib.ExitStack() as stack:
        _, address = stack.enter_context(scheduler(tmp_path))
        with pytest.raises(ValueError, match=f"^scheduler: no worker has joined {address}; start one with: "):
            grade(class_, tmp_path / "out", scheduler=address)
        stack.enter_context(worker(tmp_path, address))
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=120)
        monkeypatch.setattr(module, "package_digest", lambda: "another one")
        with pytest.raises(ValueError, match="^scheduler: the worker .* has another version of the course"):
            grade(class_, tmp_path / "out", scheduler=address)
