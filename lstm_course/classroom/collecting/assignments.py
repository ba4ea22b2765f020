"""Which exercise a notebook is: what its content says of it, and what names say."""

import contextlib
import json
import re
from functools import lru_cache

from lstm_course import lessons


def _pattern(stem):
    """The number and the words of a stem, however they are set apart: "04_gates", "4-gates", "04 Gates"."""
    number, *words = stem.split("_")
    parts = r"[\W_]*".join(map(re.escape, [str(int(number)), *words]))
    return re.compile(r"(?<![^\W_])0?" + parts + r"(?![^\W_])", re.IGNORECASE)


STEMS = {lesson.stem: _pattern(lesson.stem) for lesson in lessons.LESSONS}
APART = " _-.,"


@contextlib.contextmanager
def besides_lessons(stems):
    """While it lasts, a teacher's own assignments are known by name, too."""
    own = {stem: _pattern(stem) for stem in stems if stem not in STEMS}
    STEMS.update(own)
    contained.cache_clear()
    try:
        yield
    finally:
        for stem in own:
            del STEMS[stem]
        contained.cache_clear()


def named(name):
    """The stem of the lesson that a name contains, ``"ada_04_gates"``, or is, ``"gates"``; else the empty string.

    Parameters
    ----------
    name : str
        Of a folder, or of a file without its ending.
    """
    return contained(name) or _found(name)


@lru_cache(4096)
def contained(name):
    """The stem of the lesson whose number and words a name contains, or the empty string."""
    return next((stem for stem, pattern in STEMS.items() if pattern.search(name)), "")


def left_of(name):
    """What is left of a name without the lesson in it: ``"ada"`` of ``"ada_04_gates"`` and of ``"04_gates ada"``."""
    stem = contained(name)
    pieces = STEMS[stem].split(name, maxsplit=1) if stem else [name]
    return " ".join(piece for piece in (piece.strip(APART) for piece in pieces) if piece)


def told_by(content):
    """What a notebook says of itself.

    Parameters
    ----------
    content : bytes
        Of the file; whatever it is, nothing is raised.

    Returns
    -------
    metadata, cells : str
        The stem of the lesson by the notebook's metadata, and by the grade ids of its cells; empty where there is
        none.
    """
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError, MemoryError):
        return "", ""
    metadata = _found(_inside(notebook, "metadata", "lstm_course", "exercise"))
    cells = _inside(notebook, "cells")
    for cell in cells if isinstance(cells, list) else ():
        grade_id = _inside(cell, "metadata", "nbgrader", "grade_id")
        for stem in STEMS if isinstance(grade_id, str) else ():
            if grade_id.startswith(f"{stem[:2]}-"):
                return metadata, stem
    return metadata, ""


def _found(name):
    if not isinstance(name, str) or not name.strip("/\\. "):
        return ""
    if name in STEMS:
        return name
    try:
        return lessons.find(name).stem
    except ValueError:
        return ""


def _inside(form, *keys):
    for key in keys:
        form = form.get(key) if isinstance(form, dict) else None
    return form
