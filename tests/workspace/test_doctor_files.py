"""The doctor on folders and files: what cannot be written, what is damaged, and what mends it."""

import json
import os
from pathlib import Path

import pytest

from lstm_course.workspace import doctor, doctor_files


def only(problems):
    """The one problem there is; each has its three parts."""
    [problem] = problems
    assert all(part.strip() for part in problem)
    return problem


@pytest.fixture
def root(tmp_path):
    """A course that says what it is."""
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "pyproject.toml").write_text("[project]\ndependencies = []", encoding="utf-8")
    return tmp_path / "course"


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    """A home folder of one's own, in which everything can be written."""
    for name in ("JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "home").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def test_folders_that_can_be_written(at_home):
    assert doctor.folders(at_home) == []
    assert list((at_home / "home").iterdir()) == []  # nothing is made on the way


@pytest.mark.parametrize(
    "variable", ["JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR", "MPLCONFIGDIR"]
)
def test_a_folder_that_a_variable_names_wrongly(at_home, monkeypatch, variable):
    wrong = at_home / "file" / "folder"
    monkeypatch.setenv(variable, str(wrong))
    problem = only(doctor.folders(at_home))
    assert problem.what.startswith(f"{wrong} cannot be written")
    assert f"unset {variable}, or set it to a folder in which you can write" in problem.fix


@pytest.mark.skipif(os.name != "posix", reason="HOME is of POSIX")
def test_a_home_that_is_none_is_one_problem(at_home, monkeypatch):
    monkeypatch.setenv("HOME", str(at_home / "file" / "home"))
    problem = only(doctor.folders(at_home))
    assert problem.what.startswith(str(at_home / "file" / "home"))
    assert "JupyterLab" in problem.why and "matplotlib" in problem.why and "set HOME to" in problem.fix
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # where nobody knows of a home
    assert "export HOME=" in only(doctor.folders(at_home)).fix


@pytest.mark.skipif(os.name != "posix", reason="makes a link, which Windows does not allow everybody")
@pytest.mark.parametrize("work", ["a file", "a link that leads nowhere"])
def test_a_work_folder_that_is_none(at_home, work):
    if work == "a file":
        (at_home / "work").write_text("", encoding="utf-8")
    else:
        os.symlink(at_home / "nowhere", at_home / "work")
    assert only(doctor.folders(at_home)).what.startswith(f"{at_home / 'work'} cannot be written")


def test_a_folder_of_somebody_else(at_home, monkeypatch):
    (at_home / "work").mkdir()
    refused = PermissionError(13, "Permission denied", str(at_home / "work"))
    monkeypatch.setattr(
        doctor_files.surroundings, "unwritable", lambda at: refused if str(at).endswith("work") else None
    )
    problem = only(doctor.folders(at_home))
    assert "work cannot be written (Permission denied)" in problem.what
    assert os.name != "posix" or "chown" in problem.fix


@pytest.mark.parametrize(
    ("name", "content"),
    [("jupyter_server_config.json", "{"), ("jupyter_lab_config.py", "c ="), ("jupyter_server_config.d/own.json", "")],
)
def test_settings_that_jupyter_cannot_read(tmp_path, monkeypatch, name, content):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    (tmp_path / "jupyter_notebook_config.json").write_text("{}", encoding="utf-8")
    assert doctor.settings(tmp_path) == []
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content, encoding="utf-8")
    problem = only(doctor.settings(tmp_path))
    assert str(tmp_path / name) in problem.what and str(tmp_path / name) in problem.fix


NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"cells": 3}', b"\xff\xfe"])
def test_damaged_files_of_the_course_and_damaged_copies(root, content):
    for name in ("notebooks", "exercises", "solutions", "work/notebooks", "work/exercises"):
        (root / name).mkdir(parents=True)
        (root / name / "04_gates.ipynb").write_text(NOTEBOOK, encoding="utf-8")
    assert doctor.files(root) == []
    content = content.encode() if isinstance(content, str) else content
    (root / "solutions" / "04_gates.ipynb").write_bytes(content)
    (root / "work" / "notebooks" / "04_gates.ipynb").write_bytes(content)
    of_the_course, copy = doctor.files(root)
    assert str(Path("solutions") / "04_gates.ipynb") in of_the_course.fix and "git" in of_the_course.fix
    assert copy.fix.startswith("lstm-course reset 04_gates --lesson")


def test_a_folder_in_the_place_of_a_file(root):
    for name in ("work/exercises/04_gates.ipynb", "work/.progress.json"):
        (root / name).mkdir(parents=True)
    copy, kept = doctor.files(root)
    assert copy.fix.startswith("lstm-course reset 04_gates (") and ".progress.json" in kept.what
    (root / "pyproject.toml").write_text("= =", encoding="utf-8")
    assert "pyproject.toml is missing or damaged" in doctor.files(root)[0].what
    assert doctor.requirements(root) == []
