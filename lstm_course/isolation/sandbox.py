"""Running a learner's cells apart, and bringing home what the answers return.

The process apart gets the cells and the inputs, and never the reference. Whatever it does to itself changes nothing
here; when it dies or hangs, the cell or the question at which it did so is left out, and the rest is run again.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from os import PathLike
from typing import Any, Self

from lstm_course.probes import Failure, Kind, Returned, pack

from . import support
from .attempt import Attempt
from .endings import CellProblem, Ending
from .processes import ForkServer, FreshProcesses, ServerGone

MOST_MEMORY_MB, SECONDS, CELL_SHARE = 2048, 60.0, 6


@dataclass(frozen=True)
class Cell:
    """A cell to run.

    Attributes
    ----------
    index : int
        Its place in the notebook.
    source : str
        Empty for a cell that the course provides, where it is as it was handed out.
    check : str
        The id of the question that a check cell is for.
    given : str
        The id of a cell that the course provides. What it binds holds, whatever became of its source.
    """

    index: int
    source: str
    check: str = ""
    given: str = ""


@dataclass
class Run:
    """What came of running one submission.

    Attributes
    ----------
    outcomes : dict of str to list
        For each question's id what its answer returned at its check: a Returned or Failure for each case, up to the
        first failure. Absent where nothing was checked.
    at_end : dict of str to list or None
        The same at the end of the notebook; None where the answer was still the one of its check.
    problems : dict of int to CellProblem
        For each cell that did not end well, what happened.
    """

    outcomes: dict[str, list[Returned | Failure]] = field(default_factory=dict)
    at_end: dict[str, list[Returned | Failure] | None] = field(default_factory=dict)
    problems: dict[int, CellProblem] = field(default_factory=dict)


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

    def __init__(
        self, isolation: str = "auto", preload: Iterable[str] = (), secrets: Iterable[str | PathLike[str]] = ()
    ) -> None:
        self.level = support.level(isolation)
        self._preload, self._secrets = tuple(preload), tuple(secrets)
        self._assignments: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {}
        self._processes = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._processes.close()

    def _start(self):
        if self.level == "limits":
            return FreshProcesses()
        return ForkServer(self.level, self._preload, self._secrets)

    def restart(self) -> None:
        """Begin again with a new server and the same assignments, after a `ServerGone`."""
        self._processes.close()
        self._processes = self._start()
        for key, (content, arrays, _) in self._assignments.items():
            self._processes.prepare(key, content, arrays)

    def prepare(
        self,
        key: str,
        provided: Mapping[str, str],
        questions: Iterable[Any],
        arguments: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> None:
        """Say what is the same for all who hand in an exercise.

        Parameters
        ----------
        key : str
            A name for it.
        provided : dict of str to str
            Sources of the cells that come from the course, by their ids.
        questions : list of Question or Choice
        arguments : dict of str to list of dict
            For each question's id the inputs of each case.
        """
        arrays: dict[str, Any] = {}
        asked = [
            {
                "id": question.id,
                "probe": asdict(question.probe),
                "cases": pack(arguments[question.id], arrays, question.id),
            }
            for question in questions
        ]
        content = {"provided": list(provided.items()), "questions": asked}
        calls = {question.id: (question.probe, len(arguments[question.id])) for question in questions}
        self._processes.prepare(key, content, arrays)
        self._assignments[key] = content, arrays, calls

    def run(self, key: str, cells: Sequence[Cell], timeout: float = SECONDS, memory_mb: int = MOST_MEMORY_MB) -> Run:
        """Run one submission.

        Parameters
        ----------
        key : str
            As given to `prepare`.
        cells : list of Cell
        timeout : float
            Seconds for the whole; each cell, and each call of an answer, may take a sixth of it, or what its question
            allows.
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
        asked, run = self._assignments[key][2], Run()
        skipped: set[int] = set()
        deadline = time.monotonic() + timeout
        while len(run.at_end) < len(asked):
            left = {question: how for question, how in asked.items() if question not in run.at_end}
            some = [cell for cell in cells if cell.index not in skipped]
            attempt = Attempt({cell.index for cell in some}, left, run)
            seconds = max(deadline - time.monotonic(), 1.0)
            job = {
                "cells": [
                    {"place": cell.index, "source": cell.source, "check": cell.check, "given": cell.given}
                    for cell in some
                ],
                "questions": list(left),
                "checked": [question for question in left if question in run.outcomes],
                "cell_seconds": timeout / CELL_SHARE,
            }
            attempt.watch(self._processes.launch(key, job, memory_mb, seconds), seconds, timeout / CELL_SHARE)
            if attempt.in_question is not None:
                question, when = attempt.in_question
                kind = Kind.SLOW if attempt.problem.ending is Ending.SLOW else Kind.CRASHED
                failure = Failure(kind, f"The process that ran this answer {attempt.problem.text}.")
                if when == "check":
                    run.outcomes[question] = [failure]
                else:
                    run.at_end[question] = [failure]
            elif attempt.in_cell is not None:  # leave out the cell that ended the process, and try the rest
                skipped.add(attempt.in_cell)
                run.problems[attempt.in_cell] = attempt.problem
            elif not attempt.finished:
                how = attempt.problem.text
                _leave(run, asked, f"The process that ran this notebook {how} before it called this answer.")
            if time.monotonic() > deadline:
                over = f"The {timeout:g} seconds for this notebook were over before this answer was called."
                _leave(run, asked, over)
        return run


def _leave(run: Run, asked: Iterable[str], why: str) -> None:
    """Say of the answers that were not called that nothing is known of them: that is not to say that they are wrong."""
    for question in asked:
        known = question in run.outcomes
        run.at_end.setdefault(question, None if known else [Failure(Kind.UNJUDGED, why)])


__all__ = ["Cell", "Run", "Sandbox", "ServerGone"]
