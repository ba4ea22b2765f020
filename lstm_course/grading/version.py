"""Telling whether a copy of an exercise, or a verdict reached before, belongs to the course as it is now."""

import hashlib
import json
from pathlib import Path

import lstm_course
from lstm_course import lessons


def package_digest():
    """A fingerprint of every file of the package, and of the solved notebooks beside it.

    A reference may use any part of the package, and a mistake may be an edit of a solution, so a verdict is only kept
    while nothing at all has changed. It takes some 10 ms.

    Returns
    -------
    str
    """
    package, digest = Path(lstm_course.__file__).parent, hashlib.sha256()
    for path in (*sorted(package.rglob("*")), *sorted(package.parent.glob("solutions/*.ipynb"))):
        if path.is_file() and path.parent.name != "__pycache__":
            content = hashlib.sha256(path.read_bytes()).digest()
            digest.update(path.relative_to(package.parent).as_posix().encode() + b"\0" + content)
    return digest.hexdigest()


def current_version(lesson):
    """The version of the course's own exercise, or None where the course's notebooks are not at hand.

    Parameters
    ----------
    lesson : str
        Anything that `lstm_course.lessons.find` understands.
    """
    try:
        path = lessons.course_root() / "exercises" / f"{lessons.find(lesson).stem}.ipynb"
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return metadata.get("lstm_course", {}).get("version")


def stale_exercise(lesson, version):
    """A sentence when `version` is not the course's, or the empty string."""
    current = current_version(lesson)
    if current is None or version == current:
        return ""
    number = lessons.find(lesson).number
    return (
        f"The exercises of lesson {number} have changed since this copy was made. Your copy still works; "
        f"`lstm-course reset {number}` fetches the new one and keeps yours as a backup."
    )
