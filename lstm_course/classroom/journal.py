"""Grades as they come, one line of JSON each, so that a batch that is interrupted goes on where it was.

The first line of a batch says how it began, the last that it is done. A line is written at once or not at all; half
a line, left by a machine that stopped, is passed over.
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
    """Another program grades into the same folder."""


class Journal:
    """What is known of earlier batches, and the present one. A context manager; may be used by several threads.

    Parameters
    ----------
    folder : path
        Made where there is none.
    again : bool
        Judge all afresh, whatever is known. An interrupted batch that was begun so goes on.

    Attributes
    ----------
    seed : int
        Of the cases of this batch: a new one, or that of the batch that was interrupted.

    Raises
    ------
    Busy
        If another program has the journal open.
    """

    def __init__(self, folder, again=False):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        self._lock, self._held = threading.Lock(), _hold(folder / ".lock")
        self._known, begun = self._read()
        goes_on = begun is not None and (begun["again"] or not again)
        self.seed = begun["seed"] if goes_on else secrets.randbits(32)
        if again and not goes_on:
            self._known = {}  # so that an interrupted one, which has no older grades beside its own, can go on
        began = {"begun": _now(), "seed": self.seed, "again": again or bool(goes_on and begun["again"])}
        lines = [json.dumps(entry) for entry in self._known.values()] + [json.dumps(began)]
        files.write(self.path, "\n".join(lines) + "\n")  # without what later lines replaced
        self._file = open(self.path, "a", encoding="utf-8")

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self._file.close()
        self._held.close()

    def known(self, submission, digest, fingerprint):
        """The grade of just this file, by just these questions, or None."""
        entry = self._known.get((submission.student, submission.assignment))
        if entry is None or (entry["grade"]["digest"], entry["judged_by"]) != (digest, fingerprint):
            return None
        return Grade.from_dict(entry["grade"])

    def add(self, grade, fingerprint):
        """Write down a grade."""
        line = json.dumps({"grade": grade.as_dict(), "judged_by": fingerprint}) + "\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()

    def finish(self):
        """Say that the batch is done."""
        with self._lock:
            self._file.write(json.dumps({"done": _now()}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _read(self):
        """The entries by student and assignment, and how the batch began that is not done, or None."""
        entries, begun = {}, None
        for line in self.path.read_text("utf-8", "replace").splitlines() if self.path.is_file() else ():
            try:
                entry = json.loads(line)
                if "grade" in entry:
                    grade = Grade.from_dict(entry["grade"])
                    entries[grade.student, grade.assignment] = {key: entry[key] for key in ("grade", "judged_by")}
                elif "begun" in entry:
                    begun = {"seed": int(entry["seed"]), "again": bool(entry["again"])}
                elif "done" in entry:
                    begun = None
            except Exception:  # a different kind for each way in which a line can be broken
                continue
        return entries, begun


def _now():
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _hold(path):
    """Keep others out until the file that is returned is closed; the system lets go of it when this process ends."""
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
        raise Busy(f"out: another program is grading into {path.parent}; wait for it, or give another folder") from None
    return file
