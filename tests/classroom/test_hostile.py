"""Careless, broken and hostile submissions, all in one batch with honest ones: each costs its own answer at most."""

import copy
import hashlib
import json
import socket
import sys
import sysconfig
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hostile import ANSWER, SUBMISSIONS

from lstm_course import lessons, questions
from lstm_course.classroom.grade import grade
from lstm_course.isolation import support

STEM = "04_gates"
POINTS = {question.id: question.points for question in questions.of_lesson("04") if question.points}
ALL = sum(POINTS.values())
HONEST = ("ada", "boris", "chen")
PLACES = ("solution", "other", "gradebook", "out", "class_")
LEVELS = [pytest.param(level, marks=[pytest.mark.grading] * (level == "process")) for level in ("full", "process")]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("hostile"),  # one batch for all of them
    pytest.mark.skipif(sys.platform != "linux" or bool(support.missing()), reason="needs all parts of the isolation"),
]


def everything_in(folder):
    """Name, time of change and content of all that is in a folder."""
    return {
        path: (path.lstat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def processes(temporary):
    """Command lines of the processes that grading with this temporary folder started, and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"TMPDIR={temporary}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
    return found


class Listener:
    """A port of this machine that counts who connects."""

    def __init__(self):
        self.socket, self.count = socket.create_server(("127.0.0.1", 0)), 0
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()


@pytest.fixture(scope="module", params=LEVELS)
def batch(request, tmp_path_factory):
    """What came of grading the whole class, and what was there before and after."""
    root = tmp_path_factory.mktemp("class")
    class_, out = root / "submitted", root / "out"
    places = dict(
        zip(PLACES, map(str, (solution(), of("ada", class_), root / "gradebook.db", out, class_)), strict=True)
    )
    listener = Listener()
    (root / "gradebook.db").write_bytes(b"marks")
    out.mkdir()
    solved = json.loads(solution().read_text(encoding="utf-8"))
    for student in HONEST:
        hand_in(class_, student, solved, "", None)
    for name, hostile in SUBMISSIONS.items():
        source = hostile.source.replace("{port}", str(listener.port))
        for place, path in places.items():
            source = source.replace(f"{{{place}!r}}", repr(path))
        if hostile.content is None:
            hand_in(class_, name, solved, source, hostile.change)
        else:
            path = of(name, class_)
            path.parent.mkdir(parents=True)
            path.write_bytes(hostile.content)
    watched = (class_, root / "gradebook.db", lessons.course_root() / "solutions", Path("/dev/shm"))
    temporary = root / "tmp"
    temporary.mkdir()
    patch = pytest.MonkeyPatch()
    patch.setenv("A_TEACHERS_TOKEN", "secret")
    patch.setattr(tempfile, "tempdir", str(temporary))
    patch.setenv("TMPDIR", str(temporary))
    before = [state(path) for path in watched]
    began = time.monotonic()
    graded = grade(class_, out, timeout=12, memory_mb=512, isolation=request.param, workers=2)
    seconds = time.monotonic() - began
    patch.undo()
    listener.socket.close()
    return {
        "grades": {each.student: each for each in graded.grades},
        "level": (graded.level, request.param),
        "seconds": seconds,
        "watched": (before, [state(path) for path in watched]),
        "left": processes(temporary),
        "temporary": list(temporary.iterdir()),
        "connections": listener.count,
    }


def solution():
    return lessons.course_root() / "solutions" / f"{STEM}.ipynb"


def of(student, class_):
    return class_ / student / STEM / f"{STEM}.ipynb"


def hand_in(class_, student, solved, source, change):
    notebook = copy.deepcopy(solved)
    for cell in notebook["cells"]:
        if cell["id"] == ANSWER and source:
            cell["source"] = source
    if change:
        change(notebook)
    path = of(student, class_)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def state(path):
    return everything_in(path) if path.is_dir() else (path.lstat().st_mode, path.read_bytes())


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_each_gets_the_grade_that_is_fair(name, batch):
    hostile, found = SUBMISSIONS[name], batch["grades"][name]
    assert found.status in hostile.status, found
    assert found.possible == ALL
    if hostile.content is not None:
        assert found.questions == () and found.notes
        return
    earned = {question.id: question.points for question in found.questions}
    expected = {question: 0 if question in hostile.lost else points for question, points in POINTS.items()}
    if hostile.more:
        assert all(earned[question] <= points for question, points in expected.items()), found
    else:
        assert earned == expected, {each.id: (each.verdict, each.message[:200]) for each in found.questions} | {
            "notes": found.notes
        }


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_are_not_touched(student, batch):
    found = batch["grades"][student]
    assert (found.score, found.status) == (ALL, "graded"), found


def test_the_level_is_the_one_that_was_asked_for(batch):
    assert len(set(batch["level"])) == 1


def test_no_file_has_changed(batch):
    before, after = batch["watched"]
    assert before == after
    assert not list(Path(sysconfig.get_path("purelib")).glob("hostile*"))


def test_no_process_is_left(batch):
    assert batch["left"] == []


def test_nothing_is_left_in_the_temporary_folder(batch):
    assert batch["temporary"] == []


def test_nobody_connected(batch):
    assert batch["connections"] == 0


def test_the_batch_ended_in_time(batch):
    # Twelve seconds for each that hangs to its limit, two at a time; with room for a slow machine.
    assert batch["seconds"] < 12 * len(SUBMISSIONS)
