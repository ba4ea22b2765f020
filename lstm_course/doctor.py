"""What is wrong with the set-up of the course, why that matters, and the command that mends it."""

import importlib.metadata
import importlib.util
import locale
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import NamedTuple

ROOM = 500_000_000  # bytes that must be free: notebooks with their pictures, backups, PyTorch's own files


class Problem(NamedTuple):
    """One thing that is wrong: what, why it matters, and the command or step that mends it."""

    what: str
    why: str
    fix: str


def problems(root):
    """Everything that is wrong with the environment this runs in.

    Parameters
    ----------
    root : path
        The course's folder.

    Returns
    -------
    list of Problem
        Empty when all is well.
    """
    root = Path(root)
    if importlib.util.find_spec("packaging") is None:  # the checks themselves need it
        why = "The course compares versions with it."
        return [Problem("packaging is not installed.", why, pip(f"-r {_quoted(root / 'requirements.txt')}"))]
    found = []
    for check in (python, requirements, package, kernel, widgets, torch, folders, room, encoding):
        found += check(root)
    return found


def notes(root):
    """Sentences about what is missing but needed by some only: for the tests, and for grading a class."""
    return [*_browser(root), *_isolation()]


def _isolation():
    from .isolation import support

    level = support.level()
    if level == "full":
        return []
    lacking = " ".join(f"Missing: {each.part} ({each.said}); {each.why}." for each in support.missing())
    return [f"For teachers: `lstm-course grade` comes to the level {level} here, {support.LEVELS[level]}. {lacking}"]


def _browser(root):
    try:
        finder = runpy.run_path(str(Path(root) / "tests" / "browser" / "chromium.py"))
    except OSError:  # a course without its tests
        return []
    return [] if finder["find_chromium"]() else [f"For contributors: {finder['missing_line']()}"]


def pip(arguments):
    """The command that installs something into this Python, as one would type it."""
    return f"{_quoted(sys.executable)} -m pip install {arguments}"


def python(root):
    from packaging.specifiers import SpecifierSet

    wanted = _project(root)["requires-python"]
    version = ".".join(str(number) for number in sys.version_info[:3])
    if version in SpecifierSet(wanted):
        return []
    return [
        Problem(
            f"This is Python {version}; the course needs {wanted}.",
            "Notebooks and package use what older versions do not have.",
            "Install a newer Python from https://www.python.org/downloads/ and say `make lab` again.",
        )
    ]


def requirements(root):
    """Each direct requirement that is missing, or not of a version that `pyproject.toml` allows."""
    from packaging.requirements import Requirement

    found = []
    for line in _project(root)["dependencies"]:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            version = None
        if version is None:
            what = f"{requirement.name} is not installed."
        elif not requirement.specifier.contains(version, prereleases=True):
            what = f"{requirement.name} {version} is installed; the course needs {requirement.specifier}."
        else:
            continue
        fix = pip(f"-r {_quoted(root / 'requirements.txt')}")
        found.append(Problem(what, "The course imports it, and is tested with the versions it names.", fix))
    return found


def package(root):
    """The package has to be the one in this folder, or changes and updates here have no effect."""
    import lstm_course

    here = Path(lstm_course.__file__).resolve().parent.parent
    fix = pip(f"--no-deps -e {_quoted(root)}")
    if here != root.resolve():
        why = "Notebooks would use that other course, and updates here would have no effect."
        return [Problem(f"lstm_course is taken from {here}, not from {root}.", why, fix)]
    try:
        importlib.metadata.version("lstm-course")
    except importlib.metadata.PackageNotFoundError:
        why = "Notebooks in work/ import it, and find it only when it is installed."
        return [Problem("lstm_course is not installed, only found in the current folder.", why, fix)]
    return []


def kernel(root):
    """The kernel called python3, which every notebook names, has to be this Python."""
    why = "Every notebook of the course runs in the kernel called python3."
    fix = f"{_quoted(sys.executable)} -m ipykernel install --sys-prefix"
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:  # requirements() has named ipykernel already
        return []
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return [Problem("There is no Jupyter kernel called python3.", why, fix)]
    program = spec.argv[0]
    # Jupyter puts its own Python in place of a bare name.
    if program in ("python", "python3", f"python3.{sys.version_info[1]}"):
        return []
    if os.path.exists(program) and os.path.samefile(os.path.dirname(program), os.path.dirname(sys.executable)):
        return []
    return [Problem(f"The Jupyter kernel python3 in {spec.resource_dir} starts {program}.", why, fix)]


def widgets(root):
    """JupyterLab shows sliders only with the extension that ipywidgets brings."""
    try:
        from jupyter_core.paths import jupyter_path
    except ImportError:  # requirements() has named jupyterlab already
        return []
    places = jupyter_path("labextensions")
    if any(os.path.isdir(os.path.join(p, "@jupyter-widgets", "jupyterlab-manager")) for p in places):
        return []
    return [
        Problem(
            "JupyterLab's extension for widgets is missing.",
            "Sliders would show as text, and nothing could be moved.",
            pip("--force-reinstall --no-deps jupyterlab_widgets"),
        )
    ]


def torch(root):
    """PyTorch is tried in a process of its own: where it is broken, it can take its process down with it."""
    why = "Lesson 05 compares every number with PyTorch."
    try:
        version, _, build = importlib.metadata.version("torch").partition("+")
    except importlib.metadata.PackageNotFoundError:  # requirements() has named it already
        return []
    index = " --extra-index-url https://download.pytorch.org/whl/cpu" if build == "cpu" else ""
    fix = pip(f"--force-reinstall --no-deps torch=={version}{index}")
    try:
        run = subprocess.run([sys.executable, "-c", "import torch"], capture_output=True, text=True, timeout=180)
    except subprocess.TimeoutExpired:
        return [Problem("PyTorch did not load within three minutes.", why, fix)]
    if run.returncode == 0:
        return []
    said = run.stderr.strip().splitlines()
    last = said[-1] if said else f"it ended with status {run.returncode}"
    if os.name == "nt" and "DLL" in run.stderr:
        fix = "Install https://aka.ms/vs/17/release/vc_redist.x64.exe and start the computer again."
    return [Problem(f"PyTorch does not load: {last}", why, fix)]


def folders(root):
    """What the learner writes goes to ``work/``."""
    found = []
    for folder in (root, root / "work"):
        if not folder.exists():
            continue
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            why = "Your copies of the lessons and exercises are kept in work/, in the course's folder."
            fix = f"sudo chown -R $(id -un) {_quoted(folder)}" if os.name == "posix" else f"Allow writing in {folder}"
            found.append(Problem(f"{folder} cannot be written ({error.strerror}).", why, fix))
    return found


def room(root):
    free = shutil.disk_usage(root).free
    if free >= ROOM:
        return []
    return [
        Problem(
            f"Only {free / 1e6:.0f} MB are free on the disk of {root}; {ROOM / 1e6:.0f} are wanted.",
            "A notebook that cannot be saved is lost.",
            f"{_quoted(sys.executable)} -m pip cache purge",
        )
    ]


def encoding(root):
    """On Linux and macOS an old locale makes Python read files in something other than UTF-8."""
    used = locale.getencoding() if os.name == "posix" and not sys.flags.utf8_mode else "utf-8"
    if used.lower().replace("-", "") == "utf8":
        return []
    return [
        Problem(
            f"Text files are read as {used}, not as UTF-8.",
            "Notebooks hold letters and signs that this encoding does not have.",
            "export PYTHONUTF8=1",
        )
    ]


def _project(root):
    return tomllib.loads((Path(root) / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _quoted(path):
    return f'"{path}"' if " " in str(path) else str(path)
