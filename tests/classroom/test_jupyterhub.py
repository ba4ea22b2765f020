"""A class on a JupyterHub, from the login to the feedback: a teacher, two students, and one copy of the course."""

import json
import os
import re
import shutil
import stat
import sys
import urllib.error
from pathlib import Path

import nbformat
import pytest
from test_exchange import ANSWERS, STEM

pytest.importorskip("jupyterhub", reason="JupyterHub is not installed; `make hub` installs it.")
pytest.importorskip("nbgrader")

from a_hub import Hub  # noqa: E402
from nbgrader.api import Gradebook  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from nbgrader.utils import get_osusername  # noqa: E402
from traitlets.config import Config  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own, about the libraries it uses
    pytest.mark.skipif(os.name != "posix", reason="JupyterHub needs a system with users and groups"),
]
PEOPLE = ("teacher", "ada", "boris")
MINE = "print('what I tried')"
GRADE = "!cd ~/work/class && lstm-course grade submitted --out graded --gradebook gradebook.db"


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A hub on which a class has worked: what each of the tests looks at has happened."""
    root = tmp_path_factory.mktemp("hub")
    trial = {'USERS = "system"': 'USERS = "trial"', 'Path("/srv/lstm-hub")': f"Path({str(root / 'hub')!r})"}
    hub = Hub(root, trial)
    try:
        hub.start(*PEOPLE)
        hand_out(hub)
        for name, answers in (("ada", ANSWERS), ("boris", {})):
            hand_in(hub, name, answers)
        hub.said = mark(hub)
        for name in ("ada", "boris"):
            hub.user(name, "POST", "/assignments/fetch_feedback", assignment_id=STEM, course_id="lstm")
        yield hub
    finally:
        hub.stop()


def hand_out(hub):
    source = hub.home("teacher") / "work" / "class" / "source" / STEM
    source.mkdir(parents=True)
    shutil.copy(hub.course / "solutions" / f"{STEM}.ipynb", source)
    for step in ("assign", "release"):
        press(hub, step)


def press(hub, step):
    """One of formgrader's buttons."""
    done = hub.user("teacher", "POST", f"/formgrader/api/assignment/{STEM}/{step}")
    assert done["success"], done


def hand_in(hub, name, answers):
    asked = dict(assignment_id=STEM, course_id="lstm")
    hub.user(name, "POST", "/assignments/fetch", **asked)
    path = f"/api/contents/{STEM}/{STEM}.ipynb"
    content = hub.user(name, "GET", path)["content"]
    for cell in content["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    hub.user(name, "PUT", path, type="notebook", format="json", content=content)
    listed = hub.user(name, "POST", "/assignments/submit", **asked)
    assert [each["status"] for each in listed["value"]] == ["fetched", "submitted"]


def mark(hub):
    press(hub, "collect")
    said = hub.run("teacher", GRADE)
    for step in ("generate_feedback", "release_feedback"):
        press(hub, step)
    return said


def test_everybody_has_copies_of_their_own_which_nobody_else_can_enter(hub):
    for name in PEOPLE:
        names = {each["name"] for each in hub.user(name, "GET", "/api/contents")["content"]}
        assert {"notebooks", "exercises"} <= names
        assert stat.S_IMODE((hub.home(name) / "work").stat().st_mode) == 0o700
    assert not (hub.course / "work").exists()
    for name in ("teacher", "boris"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            hub.user("ada", "GET", "/api/contents", by=name)
    assert stat.S_IMODE((hub.root / "hub" / "private").stat().st_mode) == 0o700


def test_a_notebook_runs_with_the_course_that_is_installed_once(hub):
    said = hub.run("ada", "import lstm_course; print(lstm_course.__file__)")
    assert said.strip() == str(hub.course / "lstm_course" / "__init__.py")


def test_an_update_brings_new_lessons_and_leaves_alone_what_was_written(hub):
    copies = hub.home("boris") / "work" / "notebooks"
    for stem in ("03_vanishing_gradients", STEM):
        update(hub.course / "notebooks" / f"{stem}.ipynb")
    written = nbformat.read(copies / f"{STEM}.ipynb", as_version=4)
    written.cells[1].source = MINE
    nbformat.write(written, copies / f"{STEM}.ipynb")
    exercise = hub.home("boris") / "work" / STEM / f"{STEM}.ipynb"
    before = (copies / f"{STEM}.ipynb").read_bytes(), exercise.read_bytes()
    hub.close("boris")
    hub.start("boris")
    assert ((copies / f"{STEM}.ipynb").read_bytes(), exercise.read_bytes()) == before
    assert "brought by an update" in (copies / "03_vanishing_gradients.ipynb").read_text(encoding="utf-8")


def update(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# brought by an update"]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_the_teachers_panels_are_not_the_students(hub):
    assert [each["name"] for each in hub.user("teacher", "GET", "/formgrader/api/assignments")] == [STEM]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        hub.user("ada", "GET", "/formgrader/api/assignments")


def test_our_grades_are_in_the_gradebook_and_were_reached_in_the_sandbox(hub):
    assert re.search("isolation: (full|process)", hub.said) and "graded 2 of 2 submissions" in hub.said
    with Gradebook(f"sqlite:///{hub.home('teacher') / 'work' / 'class' / 'gradebook.db'}", "lstm") as gradebook:
        assert {each.student.id: each.score for each in gradebook.assignment_submissions(STEM)} == {
            "ada": 1,
            "boris": 0,
        }
    shown = hub.user("teacher", "GET", f"/formgrader/api/submissions/{STEM}")
    assert all(each["autograded"] and each["timestamp"] for each in shown)


def test_each_student_has_their_own_feedback_with_the_reason(hub):
    for name, score, reason in (("ada", "1.0", "sigmoid"), ("boris", "0.0", "")):
        (page,) = (hub.home(name) / "work" / STEM / "feedback").glob(f"*/{STEM}.html")
        text = re.sub("<[^>]*>", "", page.read_text(encoding="utf-8"))
        assert f"Score: {score} / 14.0" in text and reason in text


def test_what_belongs_to_another_is_not_collected(tmp_path, caplog, monkeypatch):
    from lstm_course.classroom.for_nbgrader.exchange import CollectFromOwners

    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # nbgrader starts alembic
    me, inbound = get_osusername(), tmp_path / "exchange" / "lstm" / "inbound"
    for name, hour in ((me, 10), ("ada", 11)):
        folder = inbound / f"{name}+{STEM}+2026-01-01 {hour}:00:00 UTC+x"
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(f"2026-01-01 {hour}:00:00 UTC", encoding="utf-8")
    (inbound / f"{me}+{STEM}+2026-01-01 12:00:00 UTC+x").symlink_to(folder)
    mine = inbound / f"{me}+{STEM}+2026-01-01 10:00:00 UTC+x"
    (mine / f"{STEM}.ipynb").symlink_to(folder / "timestamp.txt")
    (mine / "folder").symlink_to(folder)
    os.mkfifo(mine / "pipe")  # reading it would wait for ever
    config = Config()
    config.CourseDirectory.update(root=str(tmp_path), course_id="lstm", assignment_id=STEM)
    config.Exchange.root = str(tmp_path / "exchange")
    (tmp_path / "exchange").chmod(0o777)
    CollectFromOwners(coursedir=CourseDirectory(config=config), config=config).start()
    collected = [path for path in (tmp_path / "submitted").rglob("*") if not path.is_dir()]
    assert collected == [tmp_path / "submitted" / me / STEM / "timestamp.txt"]
    assert collected[0].read_text(encoding="utf-8") == "2026-01-01 10:00:00 UTC"
    assert f"was handed in by {me}, and is not collected" in caplog.text
