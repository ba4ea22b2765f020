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
from pathlib import Path

import numpy as np

from lstm_course.probes import Failure, Returned, pack, unpack

MOST_RESULTS = 64 << 20  # bytes that one question may return


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
        Seconds for the whole; each cell may take a third of it.
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
        if events.finished:
            break
        if events.in_cell is not None:  # leave out the cell that ended the process, and try the rest
            skipped.add(events.in_cell)
            run.problems[events.in_cell] = events.how
        elif events.in_question is not None:
            run.outcomes[events.in_question] = [_ended(events.how)]
        if time.monotonic() > deadline or (events.in_cell is None and events.in_question is None):
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
        how = _wait(folder, seconds)
        return _read_events(folder, run, how)


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


def _wait(folder, seconds):
    """Start the process, wait for its end, and say how it ended."""
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
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return f"did not finish within {seconds:.0f} seconds"
    finally:
        _end(process)
    return f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"


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


def _read_events(folder, run, how):
    """Put what the process wrote into `run`; what cannot be read counts as not written."""
    events = _Events(how=how)
    path = folder / "events.jsonl"
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else ():
        try:
            event = json.loads(line)
            if event.get("state") == "end":
                events.finished = True
            elif "cell" in event:
                events.in_cell = event["cell"] if event["state"] == "start" else None
                if event.get("problem"):
                    run.problems[event["cell"]] = str(event["problem"])
            elif event["state"] == "start":
                events.in_question = event["question"]
            else:
                run.outcomes[event["question"]] = _read_outcomes(folder, event)
                events.in_question = None
        except (ValueError, KeyError, TypeError, AttributeError, OSError):
            continue
    return events


def _read_outcomes(folder, event):
    path = folder / f"{event['question']}.npz"
    if path.stat().st_size > MOST_RESULTS:
        return [Failure("error", f"The answer returned more than {MOST_RESULTS >> 20} MB.")]
    with np.load(path, allow_pickle=False) as stored:
        arrays = dict(stored)
    return [
        Returned(unpack(outcome["values"], arrays), outcome["printed"], tuple(outcome["borrowed"]))
        if "values" in outcome
        else Failure(outcome["failure"], outcome["message"], outcome["printed"])
        for outcome in event["outcomes"]
    ]
