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
    """What must come of it, and the seconds that it takes."""
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


def killed_and_resumed(class_, tmp_path, undisturbed, kills, again=False):
    """Kill the command so many times at random moments; how many classes came of it."""
    wanted, seconds = undisturbed
    moments, done, classes = random.Random(kills), 0, 0
    while done < kills:
        out = begun(tmp_path / f"out {classes}", again)
        classes += 1
        had = {}
        while True:
            home = tmp_path / f"home {classes} {done}"
            home.mkdir()
            run = command(class_, out, home, *["--again"] * (again and bool(moments.getrandbits(1))))
            # Anywhere from its start to a little after its end, which the last run of a class has to reach.
            allowed = moments.uniform(0, 1.1 * seconds) if done < kills else 120
            try:
                assert run.wait(allowed) == 0
                ended = True
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
                done, ended = done + 1, False
            wait_for_the_end_of_all(home)
            assert list(home.glob("lstm-course-*")) == []
            found = grades_in(out)
            assert all(found.get(student) == entry for student, entry in had.items())  # nothing lost, nothing again
            had = found
            if ended or is_done(out):  # perhaps killed on its way out; --again would then begin another batch
                break
        assert sha_of(out) == wanted and len(had) == COUNT
        with open(out / "grades.csv", encoding="utf-8", newline="") as file:
            assert [row["student"] for row in csv.DictReader(file)] == [f"student {k:02}" for k in range(COUNT)]
        assert list(out.rglob("*.new")) == []
    return classes


@pytest.mark.slow
def test_killed_three_times_and_resumed_every_grade_is_there_once_and_right(class_, tmp_path, undisturbed):
    assert killed_and_resumed(class_, tmp_path, undisturbed, kills=3) >= 1


@pytest.mark.grading
@pytest.mark.parametrize("again", [False, True], ids=["", "again"])
def test_killed_at_fifty_random_moments_and_resumed(again, class_, tmp_path, undisturbed):
    assert killed_and_resumed(class_, tmp_path, undisturbed, kills=50 if not again else 10, again=again) >= 1


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
