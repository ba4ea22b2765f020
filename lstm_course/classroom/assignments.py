"""Which exercise a notebook is: what its content says of it, and what names say."""

import json
import re
from functools import lru_cache

from lstm_course import lessons

# The number and the words of a file name, however they are set apart: "04_gates", "4-gates", "04 Gates".
STEMS = {
    lesson.stem: re.compile(
        r"(?<![^\W_])0?" + r"[\W_]*".join([str(int(lesson.number)), *lesson.slug.split("_")]) + r"(?![^\W_])",
        re.IGNORECASE,
    )
    for lesson in lessons.LESSONS
}
APART = " _-.,"


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
        for lesson in lessons.LESSONS if isinstance(grade_id, str) else ():
            if grade_id.startswith(f"{lesson.number}-"):
                return metadata, lesson.stem
    return metadata, ""


def _found(name):
    if not isinstance(name, str) or not name.strip("/\\. "):
        return ""
    try:
        return lessons.find(name).stem
    except ValueError:
        return ""


def _inside(form, *keys):
    for key in keys:
        form = form.get(key) if isinstance(form, dict) else None
    return form
