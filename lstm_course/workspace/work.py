"""The learner's working copies: ``work/notebooks`` and ``work/exercises``.

Learners write in copies, never in the course itself, so an update of the course cannot conflict with their work.
Nothing here overwrites what a learner wrote: a copy is replaced only if its cells are still those that were copied, or
by `reset`, which first keeps it under a dated name.
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lstm_course import files, lessons

STATE = ".course.json"  # in work/; what each lesson's copy was made from
LARGE = 1 << 20  # bytes; a larger notebook is read without its outputs
WORK = "LSTM_COURSE_WORK"  # the environment variable that names another folder for the copies
FOLDERS = {"exercise": "exercises", "lesson": "notebooks"}


@dataclass
class Report:
    """What `make_copies` did, and what the learner should know.

    Attributes
    ----------
    created, refreshed : list of pathlib.Path
        New copies, and copies of lessons that were brought up to date.
    sentences : list of str
        One for each copy that was left alone although the course has something newer, or that cannot be read.
    """

    created: list = field(default_factory=list)
    refreshed: list = field(default_factory=list)
    sentences: list = field(default_factory=list)

    def left_alone(self, why, lesson):
        """Tell the learner that a copy was not replaced, and how to replace it."""
        self.sentences.append(
            f"{why}; your copy is untouched, and `lstm-course reset {lesson}` replaces it and keeps yours as a backup."
        )


def folder(root):
    """The folder of the learner's copies: ``work/`` in the course's folder, or what LSTM_COURSE_WORK names.

    One installation serves several people, as on a JupyterHub, if that variable names a folder in each one's home.
    """
    return Path(os.environ.get(WORK) or Path(root) / "work").expanduser()


def make_copies(root, work):
    """Make the working copies that are missing, and refresh the lessons in which nobody has written.

    Parameters
    ----------
    root : path
        The course, with its ``notebooks/`` and ``exercises/``.
    work : path
        Where the copies go; created if it does not exist.

    Returns
    -------
    Report

    Raises
    ------
    OSError
        If `work` cannot be written.
    ValueError
        If a notebook of the course itself cannot be read. A broken copy is left alone and reported.
    """
    root, work = Path(root), Path(work)
    if os.environ.get(WORK) and not work.exists():
        work.mkdir(parents=True, mode=0o700)  # others work on the same machine
    for name in ("notebooks", "exercises"):
        (work / name).mkdir(parents=True, exist_ok=True)
    report = Report()
    state = _read_state(work)
    for original in sorted((root / "notebooks").glob("*.ipynb")):
        _update_lesson(original, work / "notebooks" / original.name, state, report)
    for original in sorted((root / "exercises").glob("*.ipynb")):
        _update_exercise(original, work / "exercises" / original.name, report)
    _write_state(work, state)
    return report


def reset(lesson, root, work, what="exercise"):
    """Make a fresh copy, and keep the old one under a dated name.

    Parameters
    ----------
    lesson : str
        ``"04"``, ``"04_gates"``, or the path of the notebook.
    root, work : path
        The course and the learner's folder.
    what : {"exercise", "lesson"}
        Which of the lesson's two notebooks.

    Returns
    -------
    pathlib.Path or None
        Where the old copy is now; None if there was none.

    Raises
    ------
    ValueError
        If there is no such lesson, the course's notebook is damaged, or `what` is neither of the two.
    FileNotFoundError
        If the course has no such notebook.
    """
    if what not in FOLDERS:
        raise ValueError(f"what: wanted 'exercise' or 'lesson', got {what!r}")
    originals, copies = Path(root) / FOLDERS[what], Path(work) / FOLDERS[what]
    stem = Path(str(lesson)).stem
    if not (originals / f"{stem}.ipynb").is_file():
        stem = lessons.find(lesson).stem
    original, copy = originals / f"{stem}.ipynb", copies / f"{stem}.ipynb"
    if not original.is_file():
        raise FileNotFoundError(f"The course has no {what} {stem}: {original} does not exist.")
    _read_original(original)  # before anything is moved
    backup = None
    if os.path.lexists(copy):
        backup = _unused_name(Path(work) / "backups", stem if what == "exercise" else f"{stem}.lesson")
        if copy.is_file():
            _write(backup, copy.read_bytes())
        else:  # a folder, or a link to nothing
            backup.parent.mkdir(parents=True, exist_ok=True)
            os.replace(copy, backup)
    if what == "exercise":
        _write(copy, original.read_bytes())
    else:
        _write(copy, lesson_to_read(original))
        _write_state(work, _read_state(work) | {original.name: _fingerprint(original)})
    return backup


def lesson_to_read(original):
    """A lesson as readers get it: without the answers to what they are asked to guess.

    Parameters
    ----------
    original : path
        The lesson as stored, with all its outputs; those of cells with the tag ``reveal`` are left out.

    Returns
    -------
    bytes
    """
    content = Path(original).read_bytes()
    notebook = json.loads(content)
    reveals = [cell for cell in notebook["cells"] if "reveal" in cell.get("metadata", {}).get("tags", [])]
    if not reveals:
        return content
    for cell in reveals:
        cell["outputs"], cell["execution_count"] = [], None
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def cells_hash(path):
    """A hash of the text of a notebook's cells; outputs, metadata and empty cells do not count.

    JupyterLab adds an empty cell when the last one is run, and then nobody has written anything.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    return _hash(_read(path)[0])


def exercise_version(path):
    """The version that `lstm-course build` wrote into an exercise, or None.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    return _read(path)[1]


def _update_lesson(original, copy, state, report):
    newest, known = _fingerprint(original), state.get(original.name, {})
    if not os.path.lexists(copy):
        _write(copy, lesson_to_read(original))
        state[original.name] = newest
        report.created.append(copy)
        return
    try:
        cells = cells_hash(copy)
    except ValueError as error:
        report.left_alone(f"Your copy of lesson {copy.stem} cannot be read ({error})", f"{copy.stem} --lesson")
        return
    if cells in (newest["cells"], known.get("cells")):
        content = lesson_to_read(original)
        if newest["file"] != known.get("file") and copy.read_bytes() != content:
            _write(copy, content)
            report.refreshed.append(copy)
        state[original.name] = newest
    elif newest["cells"] != known.get("cells"):
        report.left_alone(f"Lesson {copy.stem} was updated, and you have written in it", f"{copy.stem} --lesson")


def _update_exercise(original, copy, report):
    if not os.path.lexists(copy):
        _write(copy, original.read_bytes())
        report.created.append(copy)
        return
    newest = _read_original(original)[1]
    try:
        version = exercise_version(copy)
    except ValueError as error:
        report.left_alone(f"Your copy of exercise {copy.stem} cannot be read ({error})", copy.stem)
        return
    if version != newest:
        report.left_alone(f"Exercise {copy.stem} was updated since your copy was made", copy.stem)


def _fingerprint(original):
    cells, _ = _read_original(original)
    return {"cells": _hash(cells), "file": hashlib.sha256(original.read_bytes()).hexdigest()}


def _hash(cells):
    written = [(kind, text) for kind, text in cells if text.strip()]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def _read(path):
    """The cells of a notebook, as pairs of type and text, and the version of the exercise."""
    try:
        notebook = json.loads(_notebook_bytes(path))
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
        return cells, notebook["metadata"].get("lstm_course", {}).get("version")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(f"{path} is not a whole notebook") from None


def _read_original(original):
    """Read a notebook of the course itself, which nobody repairs by hand."""
    try:
        return _read(original)
    except ValueError as error:
        raise ValueError(f"{error}; `lstm-course doctor` says how to restore it") from None


def _notebook_bytes(path):
    """The bytes of a notebook; a large one is read without its outputs, which could fill the memory."""
    if Path(path).stat().st_size <= LARGE:
        return Path(path).read_bytes()
    # Imported here, because importing it takes as long as everything else in this module together.
    from lstm_course.grading.without_outputs import without_outputs

    with open(path, "rb") as file:
        return without_outputs(file)


def _write(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():  # the file it leads to is not ours, and may be the course's own
        target.unlink()
    files.write(target, content)


def _unused_name(folder, stem):
    dated = f"{stem}.{datetime.now():%Y-%m-%dT%H-%M-%S}"
    path, number = folder / f"{dated}.ipynb", 2
    while os.path.lexists(path):
        path, number = folder / f"{dated}-{number}.ipynb", number + 1
    return path


def _read_state(work):
    try:
        state = json.loads((Path(work) / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: entry for name, entry in state.items() if isinstance(entry, dict)} if isinstance(state, dict) else {}


def _write_state(work, state):
    _write(Path(work) / STATE, (json.dumps(state, indent=1, sort_keys=True) + "\n").encode())
