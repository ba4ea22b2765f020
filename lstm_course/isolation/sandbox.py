"""Running a learner's cells in a separate process, and receiving what the answers return.

The process gets the cells and the inputs but never the reference. Whatever it does to itself changes nothing here. When
it dies or hangs, the cell or the answer that was running is left out, and the rest is run again.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from os import PathLike
from typing import Any, NamedTuple, Self

from lstm_course.probes import Failure, Kind, Probe, Returned, pack

from . import support
from .attempt import Attempt
from .endings import CellProblem
from .processes import ForkServer, FreshProcesses, ServerGone

MOST_MEMORY_MB, SECONDS = 2048, 60.0
STEP_SHARE = 1 / 6  # of the time for a notebook, that one cell may take


@dataclass(frozen=True)
class Cell:
    """A cell to run.

    Attributes
    ----------
    index : int
        Its position in the notebook.
    source : str
        Empty for a cell that the course provides and the learner has not changed.
    check : str
        For a check cell, the id of the question that it checks.
    given : str
        For a cell that the course provides, its id. The names that the original binds are bound after this cell,
        whatever the learner made of its source.
    """

    index: int
    source: str
    check: str = ""
    given: str = ""


@dataclass
class Run:
    """The results of running one submission.

    Attributes
    ----------
    outcomes : dict of str to list
        By question id, what its answer returned at its check: a Returned or a Failure for each case, up to the first
        failure. Questions that were never checked are absent.
    at_end : dict of str to list or None
        The same at the end of the notebook; None if the answer was still the one that was checked.
    problems : dict of int to CellProblem
        By cell index, why a cell failed.
    """

    outcomes: dict[str, list[Returned | Failure]] = field(default_factory=dict)
    at_end: dict[str, list[Returned | Failure] | None] = field(default_factory=dict)
    problems: dict[int, CellProblem] = field(default_factory=dict)

    def give_up(self, questions: Iterable[str], reason: str) -> None:
        """Record that the answers without an outcome were never called. Nothing says that they are wrong."""
        for question in questions:
            checked = question in self.outcomes
            self.at_end.setdefault(question, None if checked else [Failure(Kind.UNJUDGED, reason)])


class _Assignment(NamedTuple):
    """An exercise as it was handed to the processes, and for each question its probe and its number of cases."""

    content: dict[str, Any]
    arrays: dict[str, Any]
    asked: dict[str, tuple[Probe, int]]


class Sandbox:
    """Where submissions run. A context manager; several threads may use it at once.

    Parameters
    ----------
    isolation : {"auto", "full", "process", "limits"}
        How submissions are confined; ``auto`` takes the strictest level that this machine supports.
    preload : iterable of str
        Modules to load in advance, where each submission runs in a fork of one server.
    secrets : iterable of path
        What no submission may read, besides the course's own questions and solutions.

    Attributes
    ----------
    level : str
        The level in use.

    Raises
    ------
    ValueError
        If there is no such level.
    OSError
        If the machine does not support it.
    """

    def __init__(
        self, isolation: str = "auto", preload: Iterable[str] = (), secrets: Iterable[str | PathLike[str]] = ()
    ) -> None:
        self.level = support.level(isolation)
        self._preload, self._secrets = tuple(preload), tuple(secrets)
        self._assignments: dict[str, _Assignment] = {}
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
        """Start a new server with the same assignments, after a `ServerGone`."""
        self._processes.close()
        self._processes = self._start()
        for key, assignment in self._assignments.items():
            self._processes.prepare(key, assignment.content, assignment.arrays)

    def prepare(
        self,
        key: str,
        provided: Mapping[str, str],
        questions: Iterable[Any],
        arguments: Mapping[str, Sequence[Mapping[str, Any]]],
    ) -> None:
        """Hand over what all submissions of an exercise share.

        Parameters
        ----------
        key : str
            Identifies the exercise in `run`.
        provided : dict of str to str
            Sources of the cells that the course provides, by their ids.
        questions : list of Question or Choice
        arguments : dict of str to list of dict
            The inputs of each case, by question id.
        """
        arrays: dict[str, Any] = {}
        described = [
            {
                "id": question.id,
                "probe": asdict(question.probe),
                "cases": pack(arguments[question.id], arrays, question.id),
            }
            for question in questions
        ]
        content = {"provided": list(provided.items()), "questions": described}
        asked = {question.id: (question.probe, len(arguments[question.id])) for question in questions}
        self._processes.prepare(key, content, arrays)
        self._assignments[key] = _Assignment(content, arrays, asked)

    def run(self, key: str, cells: Sequence[Cell], timeout: float = SECONDS, memory_mb: int = MOST_MEMORY_MB) -> Run:
        """Run one submission.

        Parameters
        ----------
        key : str
            As given to `prepare`.
        cells : list of Cell
        timeout : float
            Seconds for the whole notebook. Each cell may take a sixth of them, and so may each call of an answer,
            unless its question allows more.
        memory_mb : int
            Memory that the submission may use.

        Returns
        -------
        Run

        Raises
        ------
        ServerGone
            If the server that starts the processes ended; `restart` starts a new one.
        """
        asked, run = self._assignments[key].asked, Run()
        deadline = time.monotonic() + timeout
        while len(run.at_end) < len(asked):
            unanswered = {question: call for question, call in asked.items() if question not in run.at_end}
            attempt = Attempt(cells, unanswered, run, timeout * STEP_SHARE)
            seconds = max(deadline - time.monotonic(), 1.0)
            attempt.watch(self._processes.launch(key, attempt.job(), memory_mb, seconds), seconds)
            if not attempt.assign_blame() and not attempt.finished:
                text = attempt.problem.text
                run.give_up(asked, f"The process that ran this notebook {text} before it called this answer.")
            if attempt.in_question is None:  # a cell that ended the process is left out of the next attempt
                cells = [cell for cell in cells if cell.index != attempt.in_cell]
            if time.monotonic() > deadline:
                run.give_up(
                    asked, f"The {timeout:g} seconds allowed for this notebook ran out before this answer was called."
                )
        return run


__all__ = ["Cell", "Run", "Sandbox", "ServerGone"]
