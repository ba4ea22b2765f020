"""What the doctor says about folders and files: can the course write what it must, and are its files whole?"""

import errno
import json
import os
import tempfile
import tomllib
from typing import NamedTuple

from . import surroundings
from .lab import jupyter_folders
from .work import folder as work_folder


class Problem(NamedTuple):
    """One thing that is wrong: what, why it matters, and the command or step that mends it."""

    what: str
    why: str
    fix: str


def quoted(path):
    """A path as one types it in a shell."""
    return f'"{path}"' if " " in str(path) else str(path)


def folders(root):
    """Every folder in which the course, JupyterLab, IPython and matplotlib keep files must be writable."""
    if not os.path.isabs(os.path.expanduser("~")):
        why = "JupyterLab and its kernels keep their files there, and cannot start without it."
        fix = "export HOME=, followed by a folder in which you can write"
        return [Problem("Your home folder is not known: HOME is not set, and the system names none.", why, fix)]
    by_cause = {}  # what is to be mended, with the error and the reasons why each folder is needed
    for folder, why in _needed_folders(root):
        if error := surroundings.unwritable(folder):
            variable = surroundings.variable_behind(folder)
            path = os.environ[variable] if variable else str(folder)
            by_cause.setdefault((path, error.strerror), (error, {}))[1][why] = None
    refusing = []
    for (path, reason), (error, whys) in by_cause.items():
        fix = surroundings.remedy(error) or f"Make {path} a folder in which you can write."
        if error.errno in (errno.EACCES, errno.EPERM) and os.name == "posix" and os.path.isdir(path):
            fix = f"sudo chown -R $(id -un) {quoted(path)}"
        refusing.append(Problem(f"{path} cannot be written ({reason}).", " ".join(whys), fix))
    return refusing


def _needed_folders(root):
    """Each folder that something writes into, with what it is for."""
    work = work_folder(root)
    own, where = (root,), "work/, in the course's folder"
    if work != root / "work":  # one installation for several people, who cannot write into it
        own, where = (), str(work)
    for folder in (*own, work, work / "notebooks", work / "exercises"):
        if os.path.lexists(folder):
            yield folder, f"Your copies of the lessons and exercises are kept in {where}."
    yield from jupyter_folders()
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    fonts = "matplotlib keeps its list of fonts there; otherwise it makes the list anew, and warns, in each notebook."
    yield os.environ.get("MPLCONFIGDIR") or os.path.join(cache, "matplotlib"), fonts
    try:
        temporary = tempfile.gettempdir()
    except OSError:
        temporary = os.environ.get("TMPDIR") or "/tmp"
    yield temporary, "Temporary files are kept there when answers are judged and pages are made."


def files(root):
    """The course's own files and the learner's copies must be whole."""
    wrong = []
    for path in [root / "pyproject.toml", *_notebooks(root, "notebooks", "exercises", "solutions")]:
        if not _is_whole(path):
            fix = f"git -C {quoted(root)} checkout -- {quoted(path.relative_to(root))} (or download the course again)"
            wrong.append(Problem(f"{path} is missing or damaged.", "It is part of the course; commands need it.", fix))
    work = work_folder(root)
    for path in _notebooks(work, "notebooks", "exercises"):
        if not _is_whole(path):
            option = " --lesson" if path.parent.name == "notebooks" else ""
            fix = f"lstm-course reset {path.stem}{option} (what is there now is kept in work/backups)"
            wrong.append(Problem(f"{path} is not a notebook, or is damaged.", "JupyterLab cannot open it.", fix))
    for path in (work / name for name in (".course.json", ".progress.json")):
        if os.path.lexists(path) and not path.is_file():
            why = "The course keeps there what it knows about your copies."
            wrong.append(Problem(f"{path} is not a file.", why, f"Give it another name: mv {quoted(path)} {path}.old"))
    return wrong


def _notebooks(root, *names):
    return sorted(path for name in names if (root / name).is_dir() for path in (root / name).glob("*.ipynb"))


def _is_whole(path):
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            return isinstance(tomllib.loads(text)["project"], dict)
        return isinstance(json.loads(text)["cells"], list)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
