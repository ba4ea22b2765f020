"""Telling whether a copy of an exercise is the one the course has now."""

import json

from lstm_course import lessons


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
