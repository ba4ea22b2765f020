"""Running a learner's cells in a process of their own, with limits, and bringing home what the answers return.

That process (`lstm_course.probes.isolated`) gets the cells and the inputs, and never the reference. Whatever it
does to itself changes nothing here; when it dies or hangs, the cell or the question at which it did so is left
out, and the rest is run again.
"""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np

from lstm_course.probes import Failure, Returned, pack, unpack
from lstm_course.probes.transport import MOST_RESULTS


@dataclasses.dataclass(frozen=True)
class Cell:
    """One code cell: its place in the notebook and its source."""

    index: int
    source: str


@dataclasses.dataclass
class Run:
    """What came of running cells and answers.

    Attributes
    ----------
    outcomes : dict of str to list
        For each question's id, a Returned or Failure for each case, up to the first failure.
    problems : dict of int to str
        For each cell that did not end well, what happened, as a sentence without its end.
    """

    outcomes: dict
    problems: dict


def run_apart(cells, questions, cases, timeout=60.0, memory_mb=4096):
    """Run `cells`, then the answers to `questions`, in a process apart.

    Parameters
    ----------
    cells : list of Cell
    questions : list of Question or Choice
    cases : dict of str to list of dict
        Arguments for each question's id.
    timeout : float
        Seconds for the whole; each cell and each answer may take a third of it.
    memory_mb : int
        Address space of the process, where the system can limit it.

    Returns
    -------
    Run
    """
    run = Run({}, {})
    deadline = time.monotonic() + timeout
    skipped = set()
    while len(run.outcomes) < len(questions):
        left = [question for question in questions if question.id not in run.outcomes]
        events = _one_process(
            [cell for cell in cells if cell.index not in skipped],
            left,
            cases,
            run,
            max(deadline - time.monotonic(), 1.0),
            timeout / 3,
            memory_mb,
        )
        if events.in_cell is not None:  # leave out the cell that ended the process, and try the rest
            skipped.add(events.in_cell)
            run.problems[events.in_cell] = events.how
        elif events.in_question is not None:
            run.outcomes[events.in_question] = [_ended(events.how)]
        stuck = events.in_cell is None and events.in_question is None
        if events.finished or stuck or time.monotonic() > deadline:
            for question in left:
                run.outcomes.setdefault(question.id, [_ended(events.how)])
    return run


def _ended(how):
    kind = "slow" if how.startswith("did not finish") else "crashed"
    return Failure(kind, f"The process that ran this answer {how}.")


@dataclasses.dataclass
class _Events:
    """How far a process got."""

    finished: bool = False
    in_cell: int | None = None
    in_question: str | None = None
    how: str = ""


def _one_process(cells, questions, cases, run, seconds, cell_seconds, memory_mb):
    with tempfile.TemporaryDirectory(prefix="lstm-course-", ignore_cleanup_errors=True) as folder:
        folder = Path(folder)
        _write_job(folder, cells, questions, cases, cell_seconds, memory_mb)
        events = _Events(how=_wait(folder, seconds, cell_seconds + 1))
        _read_events(folder, events, run, {cell.index for cell in cells}, {q.id: q for q in questions}, cases)
        return events


def _write_job(folder, cells, questions, cases, cell_seconds, memory_mb):
    arrays = {}
    job = {
        "cells": [dataclasses.asdict(cell) for cell in cells],
        "questions": [
            {
                "id": question.id,
                "probe": dataclasses.asdict(question.probe),
                "cases": pack(cases[question.id], arrays, question.id),
            }
            for question in questions
        ],
        "cell_seconds": cell_seconds,
        "memory_mb": memory_mb,
    }
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    np.savez(folder / "inputs.npz", **arrays)


def _wait(folder, seconds, step_seconds):
    """Start the process, wait for its end, and say how it ended.

    It is ended when it takes longer than `seconds`, or one step of it longer than `step_seconds`: what stops a loop
    in Python from within does not stop code that hangs in a library.
    """
    log, seen = folder / "events.jsonl", 0
    since = time.monotonic()
    deadline = since + seconds
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "lstm_course.probes.isolated", str(folder)],
        cwd=folder,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while (code := _ended_within(0.25, process)) is None:
            now = time.monotonic()
            size = log.stat().st_size if log.exists() else 0
            if size != seen:
                seen, since = size, now
            if now > min(deadline, since + step_seconds):
                return f"did not finish within {min(seconds, step_seconds):.0f} seconds"
    finally:
        _end(process)
    return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"


def _ended_within(seconds, process):
    """The status with which the process ends within `seconds`, or None."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(seconds)


def _end(process):
    """End the process and what it started in its own session, and nothing else."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _environment(folder):
    keep = ("PATH", "PYTHONPATH", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV")
    return {
        **{name: os.environ[name] for name in keep if name in os.environ},
        "HOME": str(folder),
        "MPLBACKEND": "Agg",
        "MPLCONFIGDIR": str(folder),
        "IPYTHONDIR": str(folder),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "LSTM_COURSE_CHECK": "off",
    }


def _read_events(folder, events, run, cells, questions, cases):
    """Put what the process wrote into `events` and `run`.

    A learner's code can write into these files as well: what cannot be read, or was not asked for, counts as not
    written.
    """
    path = folder / "events.jsonl"
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
        try:
            event = json.loads(line)
            if event.get("state") == "end":
                events.finished = True
            elif event.get("cell") in cells:
                events.in_cell = event["cell"] if event["state"] == "start" else None
                if event.get("problem"):
                    run.problems[event["cell"]] = str(event["problem"])
            elif event.get("question") in questions:
                question = questions[event["question"]]
                events.in_question = question.id
                if event["state"] == "done":
                    run.outcomes[question.id] = _read_outcomes(folder, event, question, len(cases[question.id]))
                    events.in_question = None
        except Exception:  # there is no end to the ways in which a file can be broken
            continue


def _read_outcomes(folder, event, question, wanted):
    path = folder / f"{question.id}.npz"
    if not path.is_file():
        raise ValueError("no results")
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > 2 * MOST_RESULTS:
            raise ValueError("results that nobody wrote who keeps to the limit")
    with np.load(path, allow_pickle=False) as stored:
        arrays = dict(stored)
    outcomes = [
        Returned(unpack(outcome["values"], arrays), outcome["printed"], tuple(outcome["borrowed"]))
        if "values" in outcome
        else Failure(outcome["failure"], outcome["message"], outcome["printed"])
        for outcome in event["outcomes"]
    ]
    complete = len(outcomes) == wanted or (len(outcomes) > 0 and isinstance(outcomes[-1], Failure))
    if not complete or not all(_well_formed(outcome, question.probe) for outcome in outcomes):
        raise ValueError("results in another form than call_answer gives them")
    return outcomes


def _well_formed(outcome, probe):
    if isinstance(outcome, Failure):
        kinds = ("blank", "form", "error", "slow")
        return outcome.kind in kinds and isinstance(outcome.message, str) and isinstance(outcome.printed, str)
    if not isinstance(outcome.printed, str) or not set(outcome.borrowed) <= set(probe.forbids):
        return False
    if not probe.returns:
        return list(outcome.values) == ["answer"] and isinstance(outcome.values["answer"], str)
    return tuple(outcome.values) == probe.returns and all(
        isinstance(value, np.ndarray) and value.dtype.kind in "fiub" for value in outcome.values.values()
    )
