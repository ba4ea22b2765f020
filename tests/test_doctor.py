"""The doctor: each thing that can be wrong is found, and named with what mends it."""

import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile

import pytest

from lstm_course import doctor

PROJECT = """
[project]
requires-python = "{python}"
dependencies = [{dependencies}]
"""


@pytest.fixture
def course(tmp_path):
    def write(python=">=3.11", *dependencies):
        quoted = ", ".join(json.dumps(line) for line in dependencies)
        text = PROJECT.format(python=python, dependencies=quoted)
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def only(found):
    """The one problem there is; each has its three parts."""
    [problem] = found
    assert all(part.strip() for part in problem)
    return problem


def test_python(course):
    assert doctor.python(course()) == []
    assert "needs >=4" in only(doctor.python(course(">=4"))).what


def test_requirements(course):
    assert doctor.requirements(course(">=3", "pytest>=1", "windows-only>=1; sys_platform == 'nowhere'")) == []
    missing = only(doctor.requirements(course(">=3", "no-such-thing>=1")))
    assert missing.what == "no-such-thing is not installed."
    assert "requirements.txt" in missing.fix and sys.executable in missing.fix
    old = only(doctor.requirements(course(">=3", "pytest>=9999")))
    assert pytest.__version__ in old.what and ">=9999" in old.what


def test_without_packaging_it_says_so_and_stops(course, monkeypatch):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    assert only(doctor.problems(course())).what == "packaging is not installed."


def test_package_from_another_folder(course):
    problem = only(doctor.package(course()))
    assert "not from" in problem.what and "-e" in problem.fix


def test_package_not_installed(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    root = doctor.Path(doctor.__file__).resolve().parent.parent
    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert "not installed" in only(doctor.package(root)).what


def kernels(tmp_path, monkeypatch, *argv):
    """Make Jupyter find only a kernel python3 that starts `argv`."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager, NoSuchKernel

    def find(self, name):
        if not argv:
            raise NoSuchKernel(name)
        return KernelSpec(argv=list(argv), resource_dir="somewhere")

    monkeypatch.setattr(KernelSpecManager, "get_kernel_spec", find)


def test_kernel(tmp_path, monkeypatch):
    for program in (sys.executable, "python", "python3"):
        kernels(tmp_path, monkeypatch, program, "-m", "ipykernel")
        assert doctor.kernel(tmp_path) == []
    kernels(tmp_path, monkeypatch, "/usr/lib/other/python", "-m", "ipykernel")
    assert "starts /usr/lib/other/python" in only(doctor.kernel(tmp_path)).what
    kernels(tmp_path, monkeypatch)
    assert "ipykernel install" in only(doctor.kernel(tmp_path)).fix


def test_widgets(tmp_path, monkeypatch):
    import jupyter_core.paths

    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *parts: [str(tmp_path)])
    assert "jupyterlab_widgets" in only(doctor.widgets(tmp_path)).fix
    (tmp_path / "@jupyter-widgets" / "jupyterlab-manager").mkdir(parents=True)
    assert doctor.widgets(tmp_path) == []


def test_torch_that_does_not_load(tmp_path, monkeypatch):
    def run(command, **options):
        error = "Traceback ...\nOSError: libc10.so: cannot open shared object file"
        return subprocess.CompletedProcess(command, 1, "", error)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.13.0+cpu")
    problem = only(doctor.torch(tmp_path))
    assert "libc10.so" in problem.what
    assert "torch==2.13.0 --extra-index-url https://download.pytorch.org/whl/cpu" in problem.fix


@pytest.mark.parametrize(("error", "name"), [("", "it ended with status -11"), ("DLL load failed", "DLL")])
def test_torch_that_dies_or_lacks_a_dll(tmp_path, monkeypatch, error, name):
    run = subprocess.CompletedProcess([], -11, "", error)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: run)
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.13.0")
    assert name in only(doctor.torch(tmp_path)).what


def test_folders(tmp_path, monkeypatch):
    assert doctor.folders(tmp_path) == []
    (tmp_path / "work").mkdir()

    def refuse(dir):
        if dir == tmp_path / "work":
            raise PermissionError(13, "Permission denied")
        return open(os.devnull)

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    problem = only(doctor.folders(tmp_path))
    assert "work cannot be written (Permission denied)" in problem.what


def test_room(tmp_path, monkeypatch):
    assert doctor.room(tmp_path) == []
    monkeypatch.setattr(doctor, "ROOM", 1 << 62)
    assert "MB are free" in only(doctor.room(tmp_path)).what


@pytest.mark.skipif(os.name != "posix", reason="a matter of POSIX locales")
def test_encoding(tmp_path, monkeypatch):
    for name, count in (("UTF-8", 0), ("utf8", 0), ("ISO-8859-1", 1)):
        monkeypatch.setattr(doctor.locale, "getencoding", lambda name=name: name)
        assert len(doctor.encoding(tmp_path)) == count


def test_a_missing_browser_is_only_a_note(tmp_path, monkeypatch):
    root = doctor.Path(doctor.__file__).resolve().parent.parent
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    assert "CHROMIUM=/no/such/browser" in doctor.notes(root)[0]
    assert doctor.notes(tmp_path) == []
