"""A learner's progress: each exercise is judged, and its verdict is kept until the exercise changes."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from lstm_course import files, lessons
from lstm_course.grading import notebook_file
from lstm_course.grading.version import package_digest

CACHE = ".progress.json"  # in work/


@dataclass(frozen=True)
class Progress:
    """The state of one lesson's exercise.

    Attributes
    ----------
    lesson : Lesson
    earned, possible : float
        Points; both None if they are not known.
    next : str or None
        The first question that lacks points; None if there is none, or if it is not known.
    problem : str
        A sentence if the copy could not be judged, otherwise empty.
    """

    lesson: lessons.Lesson
    earned: float | None = None
    possible: float | None = None
    next: str | None = None
    problem: str = ""

    @property
    def started(self):
        return self.earned is not None or bool(self.problem)

    @property
    def percent(self):
        """The share of points in percent, rounded down, so that 100 means all of them; 0 if nothing was begun."""
        return int(100 * self.earned / self.possible) if self.earned and self.possible else 0


def progress(root, work, check_notebook=None):
    """Judge the learner's copy of each exercise, or read its stored verdict if nothing has changed.

    Copies in which nothing has been written are not judged: starting a judge for each lesson takes most of a minute.

    Parameters
    ----------
    root, work : path
        The course and the learner's folder.
    check_notebook : callable, optional
        The judge; by default `lstm_course.grading.submission.check_notebook`.

    Returns
    -------
    list of Progress
        One for each lesson that has an exercise.
    """
    root, work = Path(root), Path(work)
    known, rows, package = _read_cache(work), [], package_digest()
    for lesson in lessons.LESSONS:
        original = root / "exercises" / f"{lesson.stem}.ipynb"
        copy = work / "exercises" / original.name
        if not original.is_file():
            continue
        if not copy.is_file():
            rows.append(Progress(lesson))
            continue
        try:
            key = _key(original, copy, package)
            if known.get(lesson.stem, {}).get("key") != key:
                verdict = _as_handed_out(original, copy) or _judge(copy, check_notebook)
                known[lesson.stem] = {"key": key, **verdict}
                with contextlib.suppress(OSError):  # it is judged again next time, and the doctor says why
                    _write_cache(work, known)
        except (OSError, ValueError) as error:
            names_a_file = isinstance(error, OSError) and error.filename and error.strerror
            problem = f"{error.filename}: {error.strerror}" if names_a_file else str(error)
            rows.append(Progress(lesson, problem=problem))
            continue
        verdict = known[lesson.stem]
        rows.append(Progress(lesson, verdict["earned"], verdict["possible"], verdict["next"]))
    return rows


def _as_handed_out(original, copy):
    """The verdict on a copy whose cells are those of the exercise; None for any other."""
    try:
        if notebook_file.read(copy).cells != notebook_file.read(original).cells:
            return None
    except notebook_file.UnreadableNotebook:
        return None
    marks = [cell["metadata"].get("nbgrader", {}) for cell in json.loads(original.read_text(encoding="utf-8"))["cells"]]
    checks = [mark for mark in marks if mark.get("points")]
    return {
        "earned": 0,
        "possible": sum(check["points"] for check in checks),
        "next": checks[0]["grade_id"].removeprefix("check-") if checks else None,
    }


def _judge(copy, check_notebook):
    if check_notebook is None:
        from lstm_course.grading.submission import check_notebook
    report = check_notebook(copy).as_dict()
    unsolved = [q["id"] for q in report["questions"] if q["earned"] < q["possible"]]
    return {
        "earned": report["earned"],
        "possible": report["possible"],
        "next": unsolved[0] if unsolved else None,
    }


def _key(original, copy, package):
    # A verdict is valid for one state of the copy, of the course's exercise, and of the package.
    digest = hashlib.sha256(package.encode())
    for file in (original, copy):
        with open(file, "rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


def _read_cache(work):
    try:
        known = json.loads((work / CACHE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(known, dict):
        return {}
    fields = {"key", "earned", "possible", "next"}
    return {stem: entry for stem, entry in known.items() if isinstance(entry, dict) and fields <= set(entry)}


def _write_cache(work, known):
    files.write(work / CACHE, json.dumps(known, indent=1, sort_keys=True) + "\n")
