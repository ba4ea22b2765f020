"""`lstm-course grade` killed at random moments and started again: no grade is lost, none twice, none wrong."""

import contextlib
import csv
import hashlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from solved_class import ALL, ANSWER, ERROR, STEM, WRONG, hand_in, judged, needs_isolation

from lstm_course.classroom.grade import grade
from lstm_course.classroom.records import Grade

pytestmark = needs_isolation
SEED = 20
COUNT = 20
SOURCES = (None, {ANSWER: WRONG}, {ANSWER: ERROR, "04-main-role": "main_role = 'a'"}, {ANSWER: "raise SystemExit"})


@pytest.fixture(scope="module")
def class_(tmp_path_factory):
    """Twenty submissions, right and wrong."""
    root = tmp_path_factory.mktemp("class") / "submitted"
    for k in range(COUNT):
        hand_in(root, f"student {k:02}", SOURCES[k % len(SOURCES)])
    return root


def begun(out, again=False):
    """A folder in which a batch with a known seed has begun."""
    out.mkdir()
    (out / "grading.jsonl").write_text(json.dumps({"begun": "", "seed": SEED, "again": again}) + "\n", encoding="utf-8")
    return out


@pytest.fixture(scope="module")
def undisturbed(class_, tmp_path_factory):
    """A hash of what the grades must be, and the seconds that grading takes."""
    out = begun(tmp_path_factory.mktemp("undisturbed") / "out")
    started = time.monotonic()
    assert command(class_, out, out.parent).wait(120) == 0
    return sha_of(out), time.monotonic() - started


def sha_of(out):
    record = json.loads((out / "grades.json").read_text(encoding="utf-8"))
    assert {form["seed"] for form in record["grades"]} == {SEED}
    text = judged([Grade.from_dict(form) for form in record["grades"]])
    return hashlib.sha256(text.encode()).hexdigest()


def command(class_, out, home, *options):
    """The command, in an environment by which all that it starts can be told from everything else."""
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_course.cli", "grade", str(class_), "--out", str(out), *options],
        env={**os.environ, "HOME": str(home), "TMPDIR": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def started_by(home):
    """Handles of the processes in this environment."""
    handles, mark = [], f"HOME={home}\0".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if mark in (entry / "environ").read_bytes():
                    handles.append(os.pidfd_open(int(entry.name)))
    return handles


def wait_for_the_end_of_all(home):
    """Wait until nothing in this environment is left: a process may have forked just before it was killed."""
    deadline = time.monotonic() + 30
    while handles := started_by(home):
        for handle in handles:
            select.select([handle], [], [], max(0, deadline - time.monotonic()))
            os.close(handle)
        assert time.monotonic() < deadline, "a process that the command started is left"


def grades_in(out):
    """The complete grades in the journal, by student."""
    found = {}
    for line in (out / "grading.jsonl").read_bytes().split(b"\n"):
        with contextlib.suppress(ValueError):
            entry = json.loads(line)
            if "grade" in entry:
                found[entry["grade"]["student"]] = entry
    return found


def is_done(out):
    """Whether the journal says that the batch is done."""
    return b'{"done"' in (out / "grading.jsonl").read_bytes().rsplit(b"\n", 2)[-2]


# Moments at which something changes: its start, the first grade, the last one, and the end of the batch.
BOUNDARIES = (
    lambda out: True,
    lambda out: len(grades_in(out)) >= 1,
    lambda out: len(grades_in(out)) == COUNT,
    is_done,
)


def random_moments(count, seconds):
    """Seconds after the start, up to a little after the end."""
    moments = random.Random(count)
    return [moments.uniform(0, 1.1 * seconds) for _ in range(count)]


def ends_before(moment, run, out):
    """Wait for the end of the command, but no longer than to a moment: so many seconds, or until something is so."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        if not callable(moment):
            return run.wait(moment) == 0 or pytest.fail("it failed")
    while callable(moment) and not moment(out):
        with contextlib.suppress(subprocess.TimeoutExpired):
            return run.wait(0.01) == 0 or pytest.fail("it failed")
    return False


def killed_and_resumed(class_, tmp_path, undisturbed, moments, again=False):
    """Kill the command at each of these moments and resume it, until each class that was begun is graded."""
    wanted, _ = undisturbed
    pending, asked_again, runs = list(moments), random.Random(0), 0
    while pending:
        out = begun(tmp_path / f"out {len(pending)}", again)
        before = {}
        while True:
            home = tmp_path / f"home {runs}"
            home.mkdir()
            runs += 1
            run = command(class_, out, home, *["--again"] * (again and bool(asked_again.getrandbits(1))))
            ended = ends_before(pending.pop(0) if pending else 120, run, out)
            if not ended:
                run.send_signal(signal.SIGKILL)
                run.wait()
            wait_for_the_end_of_all(home)
            assert list(home.glob("lstm-course-*")) == []
            grades = grades_in(out)
            assert all(grades.get(student) == entry for student, entry in before.items())  # none lost, none made again
            before = grades
            if ended or is_done(out):  # perhaps killed on its way out; --again would then begin another batch
                break
        assert sha_of(out) == wanted and len(before) == COUNT
        with open(out / "grades.csv", encoding="utf-8", newline="") as file:
            assert [row["student"] for row in csv.DictReader(file)] == [f"student {k:02}" for k in range(COUNT)]
        assert list(out.rglob("*.new")) == []


@pytest.mark.slow
def test_killed_where_something_changes_and_resumed_every_grade_is_there_once_and_right(class_, tmp_path, undisturbed):
    killed_and_resumed(class_, tmp_path, undisturbed, BOUNDARIES)


@pytest.mark.grading
@pytest.mark.parametrize(("again", "count"), [(False, 15), (True, 5)], ids=["", "again"])
def test_killed_at_random_moments_and_resumed(again, count, class_, tmp_path, undisturbed):
    moments = random_moments(count, undisturbed[1])
    killed_and_resumed(class_, tmp_path, undisturbed, [*BOUNDARIES, *moments] if again else moments, again)


@pytest.mark.slow
def test_interrupted_from_the_keyboard_it_says_so_and_keeps_what_is_graded(class_, tmp_path):
    out = begun(tmp_path / "out")
    hand_in(tmp_path / "one", "ada")
    (tmp_path / "one" / "zoe" / STEM).mkdir(parents=True)
    # The first is judged and the second waits for nothing, until it is interrupted.
    hand_in(tmp_path / "one", "zoe", {ANSWER: "import ctypes\nctypes.CDLL(None).pause()"})
    run = subprocess.Popen(
        [sys.executable, "-m", "lstm_course.cli", "grade", tmp_path / "one", "--out", out, "--workers", "1"]
        + ["--timeout", "30"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while "ada" not in grades_in(out):
        with contextlib.suppress(subprocess.TimeoutExpired):
            assert run.wait(0.05) is None, "it ended by itself"
    run.send_signal(signal.SIGINT)
    said, complaint = run.communicate(timeout=60)
    assert (run.returncode, said) == (130, "")
    assert complaint == "Stopped. The grades so far are kept; the same command resumes from here.\n"
    hand_in(tmp_path / "one", "zoe")
    graded = grade(tmp_path / "one", out)
    assert graded.kept == 1 and [each.score for each in graded.grades] == [ALL, ALL]


@pytest.mark.slow
def test_two_into_one_folder_at_once_are_told_apart(tmp_path):
    out = tmp_path / "out"
    hand_in(tmp_path / "one", "ada", {ANSWER: "import ctypes\nctypes.CDLL(None).pause()"})

    def run():
        return subprocess.Popen(
            [sys.executable, "-m", "lstm_course.cli", "grade", tmp_path / "one", "--out", out, "--timeout", "6"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    both = [run(), run()]
    said = [each.communicate(timeout=60) for each in both]
    first, second = sorted(range(2), key=lambda k: both[k].returncode)
    assert [both[first].returncode, both[second].returncode] == [0, 2]
    assert "graded 1 of 1 submissions" in said[first][0]
    sentence = f"out: another program is grading into {out}; wait until it is done, or use another folder\n"
    assert said[second] == ("", sentence)
    assert len(grades_in(out)) == 1
