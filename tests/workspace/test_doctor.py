"""The doctor finds each thing that can be wrong with the installation, and says how to repair it."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_course.workspace import doctor

ROOT = Path(doctor.__file__).resolve().parents[2]

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


def only(problems):
    """The one problem there is; each has its three parts."""
    [problem] = problems
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


def test_without_packaging_it_says_so_and_what_installs_it(course, monkeypatch):
    monkeypatch.setattr(doctor, "foreign_modules", lambda root: [])
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    problem = next(each for each in doctor.problems(course()) if each.what.startswith("The check of requirements"))
    assert "ModuleNotFoundError: import of packaging" in problem.what and "requirements.txt" in problem.fix


def test_a_check_that_fails_is_a_problem_and_the_others_are_made(course, monkeypatch):
    def fails(root):
        raise AttributeError("module 'tornado' has no attribute 'version'")

    def finds(root):
        return [doctor.Problem("what", "why", "fix")]

    for name in ("python", "requirements", "package", "own_files", "files", "folders", "widgets"):
        monkeypatch.setattr(doctor, name, lambda root: [])
    monkeypatch.setattr(doctor, "foreign_modules", lambda root: [])
    monkeypatch.setattr(doctor, "settings", finds)
    fails.__name__ = "kernel"
    monkeypatch.setattr(doctor, "kernel", fails)
    failed, other = doctor.problems(course())
    assert failed.what.startswith("The check of kernel failed (AttributeError: module 'tornado'")
    assert other.what == "what"


def test_package_from_another_folder(course):
    problem = only(doctor.package(course()))
    assert "not from" in problem.what and "-e" in problem.fix


def test_package_not_installed(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert "not installed" in only(doctor.package(ROOT)).what


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


# --- where modules come from, and whether they load --------------------------------------------------------------


def test_foreign_modules_are_named_by_folder_and_nothing_else_is_blamed(course, tmp_path, monkeypatch):
    foreign = tmp_path / "polluted"
    for name in ("numpy", "torch", "matplotlib", "yaml", "json", "random", "mine"):
        (foreign / name).mkdir(parents=True)
        (foreign / name / "__init__.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(foreign), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(foreign))
    problem = only(doctor.problems(course(">=3", "no-such-thing>=1")))
    assert problem.what.startswith("Python would take json, matplotlib, numpy, random, torch and 1 others from")
    assert "PYTHONPATH" in problem.fix and str(foreign) in problem.fix


@pytest.mark.parametrize("folder", ["", "work/exercises", "work/notebooks"])
def test_a_learners_own_file_beside_a_notebook(tmp_path, monkeypatch, folder):
    root = tmp_path / "course"
    (root / "work" / "exercises").mkdir(parents=True)
    (root / "work" / "notebooks").mkdir()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert doctor.own_files(root) == []
    file = (root / folder if folder else here) / "torch.py"
    file.write_text("", encoding="utf-8")
    problem = only(doctor.own_files(root))
    assert problem.what == f"{file.parent} holds files with the names of modules: torch."
    assert problem.fix == f"Rename {file}"


@pytest.fixture
def packages(course, tmp_path, monkeypatch):
    """Make a course that requires the modules given, which are installed in a folder that is searched."""

    def make(**modules):
        for name, content in modules.items():
            (tmp_path / "site-packages").mkdir(exist_ok=True)
            (tmp_path / "site-packages" / f"{name}.py").write_text(content, encoding="utf-8")
        monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {name: [name] for name in modules})
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site-packages"))
        return course(">=3", *modules)

    return make


def test_packages_that_load_are_no_problem(packages):
    assert doctor.libraries(packages(good="print('[hello]')", better="")) == []


def test_each_package_that_does_not_load_is_named(packages):
    root = packages(
        pillar="raise ImportError('libpillar.so: cannot open shared object file')",
        roof="import no_such_pillar.parts",
        good="",
    )
    pillar, roof = doctor.libraries(root)
    assert pillar.what == "pillar does not load: ImportError: libpillar.so: cannot open shared object file."
    assert roof.what == "roof does not load: ModuleNotFoundError: No module named 'no_such_pillar'."
    assert "-m pip install" in pillar.fix


@pytest.mark.skipif(os.name != "posix", reason="statuses of POSIX")
def test_a_package_that_crashes_its_process_is_named(packages):
    root = packages(good="", deadly="import os; os._exit(7)", after="")
    assert only(doctor.libraries(root)).what == "deadly does not load: the process ended with status 7."


def test_what_is_found_without_being_asked_imports_no_large_package():
    program = (
        "import sys\nfrom lstm_course import lessons\nfrom lstm_course.workspace import doctor\n"
        "doctor.problems(lessons.course_root())\nprint({'torch', 'keras', 'matplotlib', 'pandas'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"


def test_the_version_that_is_installed_is_installed_again(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {"torch": ["torch"]})
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "2.13.0+cpu")
    problem = doctor.does_not_load(tmp_path, "torch", "OSError: libc10.so: cannot open shared object file")
    assert "torch==2.13.0 --extra-index-url https://download.pytorch.org/whl/cpu" in problem.fix


def test_every_requirement_of_the_course_has_a_module_that_exists():
    modules = doctor._modules(ROOT)
    assert set(modules.values()) == {requirement.name for requirement in doctor._requirements(ROOT)}
    assert all(importlib.util.find_spec(module) for module in modules)


def test_a_note_that_cannot_be_made_is_said(monkeypatch, tmp_path):
    def fails():
        raise ImportError("no module")

    monkeypatch.setattr(doctor, "_isolation", fails)
    assert doctor.notes(tmp_path) == ["For teachers: a check failed (ImportError: no module)."]
