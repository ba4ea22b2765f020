"""The learner's working copies: ``work/notebooks`` and ``work/exercises``.

People write into copies, never into the course itself. So an update of the course cannot conflict with what
they wrote, and nothing here overwrites a learner's words: a copy is replaced only where its cells are still
those that were copied, or, by `reset`, after it has been put aside under a dated name.
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lstm_course import files, lessons

STATE = ".course.json"  # in work/; what each lesson's copy was made from
LARGE = 1 << 20  # bytes of a notebook


@dataclass
class Report:
    """What `make_copies` did: the copies it made and refreshed, and what the learner should know.

    Attributes
    ----------
    created, refreshed : list of pathlib.Path
        Copies that are new, and lessons whose copy was brought up to date.
    sentences : list of str
        One for each copy that was left alone although the course has something newer, or that cannot be read.
    """

    created: list = field(default_factory=list)
    refreshed: list = field(default_factory=list)
    sentences: list = field(default_factory=list)


def make_copies(root, work):
    """Make the working copies that are missing, and refresh the lessons that nobody has written in.

    Parameters
    ----------
    root : path
        The course, with its ``notebooks/`` and ``exercises/``.
    work : path
        Where the copies go; made if it is not there.

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
    for folder in ("notebooks", "exercises"):
        (work / folder).mkdir(parents=True, exist_ok=True)
    report = Report()
    state = _read_state(work)
    for original in sorted((root / "notebooks").glob("*.ipynb")):
        _bring_lesson(original, work / "notebooks" / original.name, state, report)
    for original in sorted((root / "exercises").glob("*.ipynb")):
        _bring_exercise(original, work / "exercises" / original.name, report)
    _write_state(work, state)
    return report


def reset(lesson, root, work, what="exercise"):
    """Take a fresh copy from the course, and keep the old one under a dated name.

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
    folders = {"exercise": "exercises", "lesson": "notebooks"}
    if what not in folders:
        raise ValueError(f"what: {what!r} came, 'exercise' or 'lesson' was wanted")
    root, work = Path(root), Path(work)
    stem = Path(str(lesson)).stem
    if not (root / folders[what] / f"{stem}.ipynb").is_file():
        stem = lessons.find(lesson).stem
    original = root / folders[what] / f"{stem}.ipynb"
    copy = work / folders[what] / f"{stem}.ipynb"
    if not original.is_file():
        raise FileNotFoundError(f"The course has no {what} {stem}: {original} is not there.")
    _read_of_the_course(original)  # before anything is moved
    backup = None
    if os.path.lexists(copy):
        backup = _free_name(work / "backups", stem if what == "exercise" else f"{stem}.lesson")
        if copy.is_file():
            _copy(copy, backup)
        else:  # a folder, or a link that leads nowhere
            backup.parent.mkdir(parents=True, exist_ok=True)
            os.replace(copy, backup)
    _put(copy, lesson_to_read(original) if what == "lesson" else original.read_bytes())
    if what == "lesson":
        state = _read_state(work)
        state[original.name] = _made_from(original)
        _write_state(work, state)
    return backup


def cells_hash(path):
    """A hash of what stands in a notebook's cells; outputs, metadata and empty cells do not count.

    JupyterLab adds an empty cell when the last one is run, and that is not writing.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    return _hash(_read(path)[0])


def _hash(cells):
    written = [(kind, text) for kind, text in cells if text.strip()]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def exercise_version(path):
    """The version that `lstm-course build` wrote into an exercise, or None.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    """
    return _read(path)[1]


def _bring_lesson(original, copy, state, report):
    newest, known = _made_from(original), state.get(original.name, {})
    if not os.path.lexists(copy):
        _put(copy, lesson_to_read(original))
        state[original.name] = newest
        report.created.append(copy)
        return
    try:
        now = cells_hash(copy)
    except ValueError as error:
        _leave(report, f"Your copy of lesson {copy.stem} cannot be read ({error})", f"{copy.stem} --lesson")
        return
    if now in (newest["cells"], known.get("cells")):
        content = lesson_to_read(original)
        if newest["file"] != known.get("file") and copy.read_bytes() != content:
            _put(copy, content)
            report.refreshed.append(copy)
        state[original.name] = newest
    elif newest["cells"] != known.get("cells"):
        _leave(report, f"Lesson {copy.stem} was updated, and you have written in it", f"{copy.stem} --lesson")


def _bring_exercise(original, copy, report):
    if not os.path.lexists(copy):
        _copy(original, copy)
        report.created.append(copy)
        return
    newest = _read_of_the_course(original)[1]
    try:
        version = exercise_version(copy)
    except ValueError as error:
        _leave(report, f"Your copy of exercise {copy.stem} cannot be read ({error})", copy.stem)
        return
    if version != newest:
        _leave(report, f"Exercise {copy.stem} was updated since your copy was made", copy.stem)


def _leave(report, why, name):
    kept = f"`lstm-course reset {name}` takes the new one and keeps yours as a backup"
    report.sentences.append(f"{why}; your copy is untouched, and {kept}.")


def _made_from(original):
    return {"cells": _hash(_read_of_the_course(original)[0]), "file": hashlib.sha256(original.read_bytes()).hexdigest()}


def _read(path):
    """The cells of a notebook, as (type, text), and the version of the exercise it is."""
    try:
        notebook = json.loads(_without_outputs(path))
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]
        return cells, notebook["metadata"].get("lstm_course", {}).get("version")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ValueError(f"{path} is not a whole notebook") from None


def _read_of_the_course(original):
    """The same of a notebook of the course itself, which one does not mend by hand."""
    try:
        return _read(original)
    except ValueError as error:
        raise ValueError(f"{error}; `lstm-course doctor` says how to get it back") from None


def _without_outputs(path):
    """The bytes of a notebook; a large one is read without its outputs, which would fill the memory."""
    if Path(path).stat().st_size <= LARGE:
        return Path(path).read_bytes()
    # It takes as long to load as all the rest here together.
    from lstm_course.grading.without_outputs import without_outputs

    with open(path, "rb") as file:
        return without_outputs(file)


def _copy(source, target):
    _put(target, Path(source).read_bytes())


def _put(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():  # what it leads to is not a copy of ours, and may be the course itself
        target.unlink()
    files.write(target, content)


def lesson_to_read(original):
    """A lesson as readers get it: what they are to guess first is not shown before they have run it.

    Parameters
    ----------
    original : path
        The lesson as it is stored, with all its outputs; those of cells with the tag ``reveal`` are left out.

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


def _free_name(folder, stem):
    dated = f"{stem}.{datetime.now():%Y-%m-%dT%H-%M-%S}"
    name, number = folder / f"{dated}.ipynb", 2
    while os.path.lexists(name):
        name, number = folder / f"{dated}-{number}.ipynb", number + 1
    return name


def _read_state(work):
    try:
        state = json.loads((Path(work) / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {name: made for name, made in state.items() if isinstance(made, dict)} if isinstance(state, dict) else {}


def _write_state(work, state):
    _put(Path(work) / STATE, (json.dumps(state, indent=1, sort_keys=True) + "\n").encode())
