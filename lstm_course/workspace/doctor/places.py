"""Folders and files: can what is needed be written and read, and is there room for it?"""

import errno
import json
import locale
import os
import shutil
import sys
import tempfile
import tomllib

from .. import surroundings
from .problem import Problem, quoted

ROOM = 500_000_000  # bytes that must be free: notebooks with their pictures, backups, PyTorch's own files


def folders(root):
    """What the learner writes goes to ``work/``; JupyterLab, IPython and matplotlib have folders of their own."""
    kept = {}  # why each folder that cannot be written is needed, by what is to be mended
    for folder, why in _needed(root):
        error = surroundings.unwritable(folder)
        if error:
            variable = surroundings.variable_behind(folder)
            place = os.environ[variable] if variable else str(folder)
            kept.setdefault((place, error.strerror), (error, []))[1].append(why)
    found = []
    for (place, said), (error, why) in kept.items():
        fix = surroundings.remedy(error) or f"Make {place} a folder in which you can write."
        if error.errno in (errno.EACCES, errno.EPERM) and os.name == "posix" and os.path.isdir(place):
            fix = f"sudo chown -R $(id -un) {quoted(place)}"
        found.append(Problem(f"{place} cannot be written ({said}).", " ".join(dict.fromkeys(why)), fix))
    return found


def home(root):
    """JupyterLab, kernels and matplotlib keep their own files in the home folder."""
    if os.path.isabs(os.path.expanduser("~")):
        return []
    why = "JupyterLab and its kernels keep their own files there, and cannot start without."
    fix = "export HOME=, followed by a folder in which you can write"
    return [Problem("Your home folder is not known: HOME is not set, nor does this system know of it.", why, fix)]


def jupyter_folders():
    """The folders without which JupyterLab or a kernel cannot start, each with what it is for."""
    home = os.path.expanduser("~")
    yield os.environ.get("IPYTHONDIR") or os.path.join(home, ".ipython"), "Kernels keep their history there."
    try:
        from jupyter_core import paths
    except ImportError:  # requirements() has named jupyterlab already
        return
    for folder in (paths.jupyter_runtime_dir(), paths.jupyter_data_dir(), paths.jupyter_config_dir()):
        yield folder, "JupyterLab keeps files of its own there, and cannot start without."


def _needed(root):
    """Every folder that a command writes into, with what it is for."""
    work = "Your copies of the lessons and exercises are kept in work/, in the course's folder."
    for folder in (root, root / "work", root / "work" / "notebooks", root / "work" / "exercises"):
        if os.path.lexists(folder):
            yield folder, work
    yield from jupyter_folders()
    configured = os.environ.get("MPLCONFIGDIR")
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    pictures = "matplotlib keeps its list of fonts there; without, it makes it anew and complains in each notebook."
    yield configured or os.path.join(cache, "matplotlib"), pictures
    try:
        yield tempfile.gettempdir(), "Answers are judged, and pages are made, with files there."
    except OSError:
        yield os.environ.get("TMPDIR") or "/tmp", "Answers are judged, and pages are made, with files there."


def room(root):
    """Notebooks grow when they are run."""
    free = shutil.disk_usage(root).free
    if free >= ROOM:
        return []
    return [
        Problem(
            f"Only {free / 1e6:.0f} MB are free on the disk of {root}; {ROOM / 1e6:.0f} are wanted.",
            "A notebook that cannot be saved is lost.",
            f"{quoted(sys.executable)} -m pip cache purge",
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


def files(root):
    """The course's own files, from which all copies are made, and the copies themselves."""
    found = []
    for file in [root / "pyproject.toml", *_notebooks(root, "notebooks", "exercises", "solutions")]:
        if not _is_whole(file):
            why = "It is a part of the course, and commands stop at it."
            fix = f"git -C {quoted(root)} checkout -- {quoted(file.relative_to(root))} (or download the course again)"
            found.append(Problem(f"{file} is missing or damaged.", why, fix))
    for file in _notebooks(root / "work", "notebooks", "exercises"):
        if not _is_whole(file):
            option = " --lesson" if file.parent.name == "notebooks" else ""
            why = "JupyterLab cannot open it."
            fix = f"lstm-course reset {file.stem}{option} (what is there is kept in work/backups)"
            found.append(Problem(f"{file} is no notebook, or a damaged one.", why, fix))
    for file in (root / "work" / name for name in (".course.json", ".progress.json")):
        if os.path.lexists(file) and not file.is_file():
            why = "The course keeps there what it knows of your copies."
            found.append(Problem(f"{file} is not a file.", why, f"Give it another name: mv {quoted(file)} {file}.old"))
    return found


def _notebooks(root, *names):
    """All that is called a notebook, even if it is none."""
    return sorted(path for name in names if (root / name).is_dir() for path in (root / name).glob("*.ipynb"))


def _is_whole(file):
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".toml":
            return isinstance(tomllib.loads(text)["project"], dict)
        return isinstance(json.loads(text)["cells"], list)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
