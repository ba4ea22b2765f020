"""Finding out whether a copy of an exercise, or a stored verdict, is up to date with the course."""

import hashlib
import json
from pathlib import Path

import lstm_course
from lstm_course import lessons


def package_digest():
    """A fingerprint of every file of the package, and of the solved notebooks beside it.

    A reference may use any part of the package, and a mistake may be an edit of a solution, so a stored verdict is
    valid only as long as nothing at all has changed. Computing the fingerprint takes about 10 ms.

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
    """The version of the course's own exercise, or None if the folder of the course is not beside the
    package.

    Parameters
    ----------
    lesson : str
        Anything that `lstm_course.lessons.find` accepts.
    """
    try:
        path = lessons.course_root() / "exercises" / f"{lessons.find(lesson).stem}.ipynb"
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return metadata.get("lstm_course", {}).get("version")


def stale_exercise(lesson, version):
    """A sentence for the learner if `version` is not the current one, or the empty string."""
    current = current_version(lesson)
    if current is None or version == current:
        return ""
    number = lessons.find(lesson).number
    return (
        f"The exercises of lesson {number} have changed since this copy was made. Your copy still works; "
        f"`lstm-course reset {number}` fetches the new one and keeps yours as a backup."
    )
