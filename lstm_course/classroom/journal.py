"""The journal: each grade is stored as soon as it is known, so that an interrupted batch can be resumed.

Each grade is one line of JSON. The first line of a batch records how it was started, and the last one that it is done.
An incomplete line, left behind when the machine stopped, is ignored.
"""

import contextlib
import datetime
import json
import os
import secrets
import threading
from pathlib import Path

from lstm_course import files

from .records import Grade

NAME = "grading.jsonl"


class Busy(ValueError):
    """Another program is grading into the same folder."""


class Journal:
    """The grades of earlier batches and of the present one. A context manager that several threads may share.

    Parameters
    ----------
    folder : path
        Created if it does not exist.
    again : bool
        Ignore the grades of earlier batches. An interrupted batch that was started in this way is resumed.

    Attributes
    ----------
    seed : int
        The seed of the cases of this batch: a new one, or that of the interrupted batch that is resumed.

    Raises
    ------
    Busy
        If another program has opened the journal.
    """

    def __init__(self, folder, again=False):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        self._writing, self._lock_file = threading.Lock(), _locked(folder / ".lock")
        self._known, interrupted = self._entries()
        resumes = interrupted is not None and (interrupted["again"] or not again)
        self.seed = interrupted["seed"] if resumes else secrets.randbits(32)
        if again and not resumes:
            self._known = {}  # when this batch is interrupted and resumed, all grades in the journal must be its own
        began = {"begun": _now(), "seed": self.seed, "again": again or bool(resumes and interrupted["again"])}
        lines = [json.dumps(entry) for entry in self._known.values()] + [json.dumps(began)]
        files.write(self.path, "\n".join(lines) + "\n")  # without the lines that later ones replaced
        self._file = open(self.path, "a", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self._file.close()
        self._lock_file.close()

    def known(self, submission, digest, fingerprint):
        """The stored grade, if exactly this file was judged by exactly these questions; otherwise None."""
        entry = self._known.get((submission.student, submission.assignment))
        if entry is None or (entry["grade"]["digest"], entry["judged_by"]) != (digest, fingerprint):
            return None
        return Grade.from_dict(entry["grade"])

    def add(self, grade, fingerprint):
        """Store a grade."""
        line = json.dumps({"grade": grade.as_dict(), "judged_by": fingerprint}) + "\n"
        with self._writing:
            self._file.write(line)
            self._file.flush()

    def finish(self):
        """Record that the batch is done."""
        with self._writing:
            self._file.write(json.dumps({"done": _now()}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _entries(self):
        """The stored grades by student and assignment, and how the unfinished batch was started, or None."""
        entries, unfinished = {}, None
        for line in self.path.read_text("utf-8", "replace").splitlines() if self.path.is_file() else ():
            try:
                entry = json.loads(line)
                if "grade" in entry:
                    grade = Grade.from_dict(entry["grade"])
                    entries[grade.student, grade.assignment] = {key: entry[key] for key in ("grade", "judged_by")}
                elif "begun" in entry:
                    unfinished = {"seed": int(entry["seed"]), "again": bool(entry["again"])}
                elif "done" in entry:
                    unfinished = None
            except Exception:  # each way in which a line can be broken raises a different error
                continue
        return entries, unfinished


def _now():
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _locked(path):
    """A file that is locked until it is closed; the system releases the lock when this process ends."""
    file = open(path, "a+b")
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        with contextlib.suppress(OSError):
            file.close()
        raise Busy(
            f"out: another program is grading into {path.parent}; wait until it is done, or use another folder"
        ) from None
    return file
