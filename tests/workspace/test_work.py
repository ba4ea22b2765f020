"""The learner's work is safe: what copies are made, refreshed, left alone, and put aside."""

import errno
import json
import os
import re
from pathlib import Path

import pytest

from lstm_course.workspace import work

makes_a_link = pytest.mark.skipif(os.name != "posix", reason="makes a link, which Windows does not allow everybody")


def notebook(*sources, version=None, outputs=()):
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source.splitlines(True), "outputs": list(outputs)}
        for source in sources
    ]
    metadata = {"lstm_course": {"exercise": "04_gates", "version": version}} if version else {}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def course(tmp_path):
    """A course with a start page, one lesson and its exercise."""
    root = tmp_path / "course with a space"
    for name, text in {
        "notebooks/start.ipynb": notebook("# Start"),
        "notebooks/04_gates.ipynb": notebook("x = 1", "y = 2"),
        "exercises/04_gates.ipynb": notebook("def step(): ...", version="a1"),
    }.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def copies(course):
    work.make_copies(course, course / "work")
    return course / "work"


def backups(copies):
    return sorted(path.name for path in (copies / "backups").glob("*"))


def test_first_time_everything_is_copied(course):
    report = work.make_copies(course, course / "work")
    assert [path.name for path in report.created] == ["04_gates.ipynb", "start.ipynb", "04_gates.ipynb"]
    assert report.refreshed == report.sentences == []
    for name in ("notebooks/start.ipynb", "notebooks/04_gates.ipynb", "exercises/04_gates.ipynb"):
        assert (course / "work" / name).read_bytes() == (course / name).read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="needs permissions of files")
def test_copies_in_a_home_are_for_its_owner_alone(course, tmp_path, monkeypatch):
    assert work.folder(course) == course / "work"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LSTM_COURSE_WORK", "~/my work")
    assert work.folder(course) == tmp_path / "my work"
    work.make_copies(course, work.folder(course))
    assert (tmp_path / "my work").stat().st_mode & 0o777 == 0o700
    (tmp_path / "my work").chmod(0o750)
    work.make_copies(course, work.folder(course))
    assert (tmp_path / "my work").stat().st_mode & 0o777 == 0o750  # a person's own choice stays


def test_second_time_nothing_is_done(course, copies):
    report = work.make_copies(course, copies)
    assert (report.created, report.refreshed, report.sentences) == ([], [], [])


def test_what_is_to_be_guessed_is_not_in_the_readers_copy(course):
    shown = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    stored = json.loads(notebook("guess", "reveal", outputs=shown))
    stored["cells"][1]["metadata"]["tags"] = ["reveal"]
    (course / "notebooks/04_gates.ipynb").write_text(json.dumps(stored), encoding="utf-8")
    work.make_copies(course, course / "work")
    cells = json.loads((course / "work/notebooks/04_gates.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["outputs"] for cell in cells] == [shown, []]
    assert [cell["source"] for cell in cells] == [["guess"], ["reveal"]]


def test_answers_survive_an_update_of_the_exercise(course, copies):
    answer = notebook("def step(): return 42", version="a1")
    (copies / "exercises/04_gates.ipynb").write_text(answer, encoding="utf-8")
    (course / "exercises/04_gates.ipynb").write_text(notebook("new", version="b2"), encoding="utf-8")
    report = work.make_copies(course, copies)
    assert (copies / "exercises/04_gates.ipynb").read_text(encoding="utf-8") == answer
    [sentence] = report.sentences
    assert "04_gates was updated" in sentence and "lstm-course reset 04_gates`" in sentence


@pytest.mark.parametrize("run", ["untouched", "run", "run, with an empty cell added", "state lost"])
def test_a_lesson_nobody_wrote_in_follows_the_course(course, copies, run):
    copy = copies / "notebooks/04_gates.ipynb"
    shown = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    if run.startswith("run"):
        added = ["  \n"] if "added" in run else []
        copy.write_text(notebook("x = 1", "y = 2", *added, outputs=shown), encoding="utf-8")
    new = notebook("x = 1", "y = 2", outputs=shown * 2) if run == "state lost" else notebook("x = 3")
    (course / "notebooks/04_gates.ipynb").write_text(new, encoding="utf-8")
    if run == "state lost":
        (copies / work.STATE).write_text('{"04_gates.ipynb": 3, "half', encoding="utf-8")
    report = work.make_copies(course, copies)
    assert report.refreshed == [copy]
    assert copy.read_text(encoding="utf-8") == new
    assert work.make_copies(course, copies).refreshed == []


def test_a_lesson_with_notes_in_it_is_left_alone_and_said(course, copies):
    mine = notebook("x = 1", "y = 2", "my note")
    copy = copies / "notebooks/04_gates.ipynb"
    copy.write_text(mine, encoding="utf-8")
    assert work.make_copies(course, copies).sentences == []  # nothing newer to be told of
    (course / "notebooks/04_gates.ipynb").write_text(notebook("x = 3"), encoding="utf-8")
    for _ in range(2):
        report = work.make_copies(course, copies)
        assert copy.read_text(encoding="utf-8") == mine
        assert report.refreshed == []
        assert "reset 04_gates --lesson" in report.sentences[0]


def test_words_survive_when_the_state_is_lost(course, copies):
    mine = notebook("my words")
    (copies / "notebooks/04_gates.ipynb").write_text(mine, encoding="utf-8")
    (copies / work.STATE).unlink()
    assert work.make_copies(course, copies).sentences
    assert (copies / "notebooks/04_gates.ipynb").read_text(encoding="utf-8") == mine


@pytest.mark.parametrize("broken", ["", "{", '{"cells": [3], "metadata": {}}', '{"cells": []}', "\udcff"])
@pytest.mark.parametrize("folder", ["notebooks", "exercises"])
def test_a_broken_copy_stops_nothing_and_is_kept(course, copies, folder, broken):
    copy = copies / folder / "04_gates.ipynb"
    copy.write_bytes(broken.encode("utf-8", "surrogateescape"))
    report = work.make_copies(course, copies)
    assert copy.read_bytes() == broken.encode("utf-8", "surrogateescape")
    assert "cannot be read" in report.sentences[0]
    what = "lesson" if folder == "notebooks" else "exercise"
    backup = work.reset("04", course, copies, what)
    assert backup.read_bytes() == broken.encode("utf-8", "surrogateescape")
    assert work.make_copies(course, copies).sentences == []


def test_a_broken_course_is_named(course, copies):
    (course / "notebooks/04_gates.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="04_gates.ipynb is not a whole notebook"):
        work.make_copies(course, copies)


def test_reset_keeps_a_dated_backup(course, copies):
    copy = copies / "exercises/04_gates.ipynb"
    copy.write_text("mine", encoding="utf-8")
    backup = work.reset("04", course, copies)
    assert re.fullmatch(r"04_gates\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.ipynb", backup.name)
    assert backup.read_text(encoding="utf-8") == "mine"
    assert copy.read_bytes() == (course / "exercises/04_gates.ipynb").read_bytes()


def test_backups_are_never_overwritten(course, copies):
    copy = copies / "exercises/04_gates.ipynb"
    for text in ("first", "second", "third"):  # within one second
        copy.write_text(text, encoding="utf-8")
        work.reset("04_gates", course, copies)
    kept = {(copies / "backups" / name).read_text(encoding="utf-8") for name in backups(copies)}
    assert kept == {"first", "second", "third"}


def test_reset_of_a_missing_copy_creates_it(course):
    assert work.reset("gates", course, course / "work") is None
    assert (course / "work/exercises/04_gates.ipynb").exists()


def test_reset_of_a_lesson_leaves_the_exercise(course, copies):
    for folder in ("notebooks", "exercises"):
        (copies / folder / "04_gates.ipynb").write_text("mine", encoding="utf-8")
    assert ".lesson." in work.reset("4", course, copies, "lesson").name
    assert (copies / "exercises/04_gates.ipynb").read_text(encoding="utf-8") == "mine"
    (course / "notebooks/04_gates.ipynb").write_text(notebook("x = 3"), encoding="utf-8")
    assert work.make_copies(course, copies).refreshed == [copies / "notebooks/04_gates.ipynb"]


def test_reset_takes_the_start_page_too(course, copies):
    assert work.reset("start", course, copies, "lesson").name.startswith("start.lesson.")


@pytest.mark.parametrize("moment", ["before the backup is named", "before the fresh copy is named"])
def test_nothing_is_lost_when_reset_is_interrupted(course, copies, monkeypatch, moment):
    copy = copies / "exercises/04_gates.ipynb"
    copy.write_text("mine", encoding="utf-8")
    real, calls = os.replace, []

    def interrupted(source, target):
        calls.append(Path(target))
        if len(calls) == (1 if "backup" in moment else 2):
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        work.reset("04", course, copies)
    assert copy.read_text(encoding="utf-8") == "mine"
    assert len(backups(copies)) == len(calls) - 1
    assert not list(copies.rglob("*.new"))


@pytest.mark.parametrize(
    ("lesson", "what", "error", "words"),
    [
        ("99", "exercise", ValueError, "there is no lesson called '99'"),
        ("05", "exercise", FileNotFoundError, "has no exercise 05_lstm_from_scratch"),
        ("start", "exercise", ValueError, "there is no lesson called 'start'"),
        ("04", "everything", ValueError, "wanted 'exercise' or 'lesson', got 'everything'"),
    ],
)
def test_reset_names_what_is_wrong(course, copies, lesson, what, error, words):
    with pytest.raises(error, match=words):
        work.reset(lesson, course, copies, what)
    assert not (copies / "backups").exists()


@makes_a_link
def test_reset_puts_a_folder_or_a_dangling_link_aside(course, copies):
    copy = copies / "exercises/04_gates.ipynb"
    for other in ("folder", "link"):
        copy.unlink()
        copy.mkdir() if other == "folder" else os.symlink(course / "nowhere", copy)
        backup = work.reset("04", course, copies)
        assert backup.is_dir() if other == "folder" else backup.is_symlink()
        assert copy.read_bytes() == (course / "exercises/04_gates.ipynb").read_bytes()


@makes_a_link
@pytest.mark.parametrize("what", ["exercise", "lesson"])
def test_reset_of_a_link_leaves_alone_what_it_leads_to(course, copies, what):
    folder = {"exercise": "exercises", "lesson": "notebooks"}[what]
    original, copy = (root / folder / "04_gates.ipynb" for root in (course, copies))
    before = original.read_bytes()
    copy.unlink()
    os.symlink(original, copy)
    backup = work.reset("04", course, copies, what)
    assert backup.read_bytes() == before and original.read_bytes() == before
    assert copy.is_file() and not copy.is_symlink()


@makes_a_link
def test_a_lesson_is_refreshed_in_place_of_a_link_to_the_old_course(course, copies, tmp_path):
    original, copy = (root / "notebooks/04_gates.ipynb" for root in (course, copies))
    elsewhere = tmp_path / "elsewhere.ipynb"
    copy.replace(elsewhere)
    os.symlink(elsewhere, copy)
    before = elsewhere.read_bytes()
    newer = json.loads(original.read_text(encoding="utf-8"))
    newer["cells"][0]["source"] = "# Another beginning"
    original.write_text(json.dumps(newer), encoding="utf-8")
    assert work.make_copies(course, copies).refreshed == [copy]
    assert copy.read_bytes() == work.lesson_to_read(original) and elsewhere.read_bytes() == before


@pytest.mark.parametrize("what", ["exercise", "lesson"])
def test_reset_moves_nothing_where_the_course_is_damaged(course, copies, what):
    folder = {"exercise": "exercises", "lesson": "notebooks"}[what]
    (copies / folder / "04_gates.ipynb").write_text("mine", encoding="utf-8")
    (course / folder / "04_gates.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a whole notebook; `lstm-course doctor` says how to restore it"):
        work.reset("04", course, copies, what)
    assert (copies / folder / "04_gates.ipynb").read_text(encoding="utf-8") == "mine"
    assert not (copies / "backups").exists()


def test_a_full_disk_names_the_file_and_leaves_no_half_of_it(course, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")  # as the system says it: without a name

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError) as raised:
        work.make_copies(course, course / "work")
    assert raised.value.errno == errno.ENOSPC
    assert Path(raised.value.filename) == course / "work/notebooks/04_gates.ipynb"
    assert [path for path in (course / "work").rglob("*") if path.is_file()] == []
