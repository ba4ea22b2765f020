"""Running a learner's cells apart, and bringing home what the answers return.

The process apart gets the cells and the inputs, and never the reference. Whatever it does to itself changes nothing
here; when it dies or hangs, the cell or the question at which it did so is left out, and the rest is run again.
"""

import contextlib
import time
from dataclasses import asdict, dataclass, field

import numpy as np

from lstm_course.probes import Failure, Returned, pack, unpack
from lstm_course.probes.transport import MOST_RESULTS

from . import support, wire
from .processes import ForkServer, FreshProcesses, ServerGone

OUT_OF_MEMORY = ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError")
MOST_MEMORY_MB, SECONDS, CELL_SHARE = 2048, 60.0, 6


@dataclass(frozen=True)
class Cell:
    """One code cell: its place in the notebook and its source."""

    index: int
    source: str


@dataclass
class Run:
    """What came of running cells and answers.

    Attributes
    ----------
    outcomes : dict of str to list
        For each question's id, a Returned or Failure for each case, up to the first failure.
    problems : dict of int to str
        For each cell that did not end well, what happened, as a sentence without its end.
    peak_mb : int
        The most memory that a process had, where it is known.
    """

    outcomes: dict = field(default_factory=dict)
    problems: dict = field(default_factory=dict)
    peak_mb: int = 0


class Sandbox:
    """Where submissions run. A context manager; may be used by several threads at once.

    Parameters
    ----------
    isolation : {"auto", "full", "process", "limits"}
        How they are shut in; ``auto`` takes the best that this machine can do.
    preload : iterable of str
        Modules to load once for all, where one process is forked for each.
    secrets : iterable of path
        What no submission may read, besides the course's own questions and solutions.

    Attributes
    ----------
    level : str
        What it came to.

    Raises
    ------
    ValueError
        If there is no such level.
    OSError
        If the machine cannot do it.
    """

    def __init__(self, isolation="auto", preload=(), secrets=()):
        self.level = support.level(isolation)
        self._preload, self._secrets, self._assignments = tuple(preload), tuple(secrets), {}
        self._processes = self._start()

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self._processes.close()

    def _start(self):
        if self.level == "limits":
            return FreshProcesses(self._preload, self._secrets)
        return ForkServer(self.level, self._preload, self._secrets)

    def restart(self):
        """Begin again with a new server and the same assignments, after a `ServerGone`."""
        self._processes.close()
        self._processes = self._start()
        for key, (content, arrays, _) in self._assignments.items():
            self._processes.prepare(key, content, arrays)

    def prepare(self, key, provided, questions, arguments):
        """Say what is the same for all who hand in an exercise.

        Parameters
        ----------
        key : str
            A name for it.
        provided : iterable of str
            Sources of the cells that come from the course.
        questions : list of Question or Choice
        arguments : dict of str to list of dict
            For each question's id the inputs of each case.
        """
        arrays = {}
        asked = [
            {
                "id": question.id,
                "probe": asdict(question.probe),
                "cases": pack(arguments[question.id], arrays, question.id),
            }
            for question in questions
        ]
        content = {"provided": list(provided), "questions": asked}
        probes = {question.id: (question.probe, len(arguments[question.id])) for question in questions}
        self._processes.prepare(key, content, arrays)
        self._assignments[key] = content, arrays, probes

    def run(self, key, cells, timeout=SECONDS, memory_mb=MOST_MEMORY_MB):
        """Run one submission.

        Parameters
        ----------
        key : str
            As given to `prepare`.
        cells : list of Cell
        timeout : float
            Seconds for the whole; each cell and each answer may take a sixth of it.
        memory_mb : int
            What it may take.

        Returns
        -------
        Run

        Raises
        ------
        ServerGone
            If the server that starts the processes ended; `restart` begins again.
        """
        probes, run, skipped = self._assignments[key][2], Run(), set()
        deadline = time.monotonic() + timeout
        while len(run.outcomes) < len(probes):
            left = [question for question in probes if question not in run.outcomes]
            some = [cell for cell in cells if cell.index not in skipped]
            seconds = max(deadline - time.monotonic(), 1.0)
            attempt = self._attempt(key, some, left, run, seconds, timeout / CELL_SHARE, memory_mb)
            if attempt.in_cell is not None:  # leave out the cell that ended the process, and try the rest
                skipped.add(attempt.in_cell)
                run.problems[attempt.in_cell] = attempt.how
            elif attempt.in_question is not None:
                run.outcomes[attempt.in_question] = [_ended(attempt.how)]
            stuck = attempt.in_cell is None and attempt.in_question is None
            if attempt.finished or stuck or time.monotonic() > deadline:
                for question in left:
                    run.outcomes.setdefault(question, [_ended(attempt.how)])
        return run

    def _attempt(self, key, cells, questions, run, seconds, step_seconds, memory_mb):
        """One process, from its start to its end."""
        probes = self._assignments[key][2]
        job = {
            "cells": [[cell.index, cell.source] for cell in cells],
            "questions": questions,
            "cell_seconds": step_seconds,
        }
        attempt = _Attempt()
        child = self._processes.launch(key, job, memory_mb, seconds)
        try:
            overdue = _listen(
                child, attempt, run, {cell.index for cell in cells}, questions, probes, seconds, step_seconds
            )
        finally:
            status, peak = child.end()
        run.peak_mb = max(run.peak_mb, peak)
        attempt.how = overdue or _how(status)
        return attempt


@dataclass
class _Attempt:
    """How far a process got."""

    finished: bool = False
    in_cell: int | None = None
    in_question: str | None = None
    how: str = ""
    exhausted: str = ""


def _ended(how):
    kind = "slow" if how.startswith("did not finish") else "crashed"
    return Failure(kind, f"The process that ran this answer {how}.")


def _how(status):
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


def _listen(child, attempt, run, cells, questions, probes, seconds, step_seconds):
    """Take in what the process says, until it ends; a sentence if it has to be ended for its slowness."""
    decoder = wire.Decoder(len(questions) * (MOST_RESULTS + (1 << 20)) + len(cells) * 4096 + (1 << 20))
    now = time.monotonic()
    deadline, patience = now + seconds, step_seconds + 1  # what can be stopped from within has ended by then
    since = now
    while not attempt.finished:
        piece = child.read(min(deadline, since + patience) - time.monotonic())
        if piece == b"":
            return ""
        if piece is None:
            return f"did not finish within {min(seconds, step_seconds):.0f} seconds"
        try:
            for content, arrays in decoder.feed(piece):
                since = time.monotonic()
                _take(content, arrays, attempt, run, cells, questions, probes)
                if attempt.exhausted:
                    return f"ran out of memory ({attempt.exhausted})"
        except wire.BadMessage:
            return "ended with results in a form that is none"
    return ""


def _take(event, arrays, attempt, run, cells, questions, probes):
    """Put one message into `attempt` and `run`. A learner's code can send messages as well: what was not asked for, or
    is broken in one of the endless ways there are, counts as not said."""
    with contextlib.suppress(Exception):
        if event.get("state") == "end":
            attempt.finished = all(question in run.outcomes for question in questions)
        elif type(event.get("cell")) is int and event["cell"] in cells:
            _take_cell(event["cell"], event["state"], event.get("problem"), attempt, run)
        elif event.get("question") in questions:
            question = event["question"]
            attempt.in_question = question
            if event["state"] == "done":
                run.outcomes[question] = _outcomes(event["outcomes"], arrays, *probes[question])
                attempt.in_question = None


def _take_cell(place, state, problem, attempt, run):
    attempt.in_cell = place
    if state == "done":
        run.problems.pop(place, None)
        if problem and str(problem).startswith(OUT_OF_MEMORY):  # what it holds would be missing to all that follow
            attempt.exhausted = str(problem)[:200]
            return
        attempt.in_cell = None
        if problem:
            run.problems[place] = str(problem)[:500]


def _outcomes(forms, arrays, probe, wanted):
    outcomes = [
        Returned(unpack(form["values"], arrays), form["printed"], tuple(form["borrowed"]))
        if "values" in form
        else Failure(form["failure"], form["message"][:2000], form["printed"])
        for form in forms
    ]
    complete = len(outcomes) == wanted or (len(outcomes) > 0 and isinstance(outcomes[-1], Failure))
    if not complete or not all(_well_formed(outcome, probe) for outcome in outcomes):
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
        isinstance(value, np.ndarray) for value in outcome.values.values()
    )


__all__ = ["Cell", "Run", "Sandbox", "ServerGone"]
