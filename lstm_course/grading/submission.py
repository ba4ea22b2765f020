"""Judging a notebook from its file. The learner's cells run in another process; their values are judged in this one."""

import concurrent.futures
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from lstm_course.isolation.sandbox import MOST_MEMORY_MB, SECONDS, Cell, Sandbox
from lstm_course.questions import Choice, Question

from . import notebook_file
from .bank import Assignment, Bank
from .judge import Drawn, Verdict, judge
from .notebook_file import Notebook, UnreadableNotebook

OUTDATED = "The exercises of {} have changed since this copy was made; it was judged by the current questions."
CHANGED = (
    "`{}` gives different results at its check and at the end of the notebook, and only one of them is right; "
    "{} was judged by what it does {}."
)
MISSED = "`{}` was not defined yet at its check; {} was judged by what it does at the end of the notebook."


# Modules that take long to import, each with a pattern for the cells that may need it. They are imported once for all
# submissions, and only if a cell of one of them matches.
PRELOADED_IF_USED = {
    "torch": r"\btorch\b|\bnets\b",
    "torch._dynamo": r"\btorch\.optim\b|\boptim\.|\bnets\b",  # PyTorch's optimisers load it when the first is made
    "matplotlib.pyplot": r"pyplot|\bplots\b",
    "IPython.core.inputtransformer2": r"(?m)^\s*[%!]",
}


@dataclass(frozen=True)
class Report:
    """The verdicts on one notebook.

    Attributes
    ----------
    notebook : str
        The path as it was given.
    questions : tuple of Verdict
    notes : tuple of str
        Sentences about the notebook as a whole.
    outdated : bool
        Whether it is a copy of an earlier version of the exercise, which a note says as well.
    """

    notebook: str
    questions: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()
    outdated: bool = False

    @property
    def earned(self) -> int:
        return sum(verdict.earned for verdict in self.questions)

    @property
    def possible(self) -> int:
        return sum(verdict.possible for verdict in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """The form that ``lstm-course check --json`` prints."""
        return {
            "notebook": self.notebook,
            "earned": self.earned,
            "possible": self.possible,
            "questions": [
                {
                    "id": verdict.question,
                    "earned": verdict.earned,
                    "possible": verdict.possible,
                    "verdict": verdict.verdict,
                    "message": verdict.message,
                }
                for verdict in self.questions
            ],
        }


class Bench:
    """An assignment that is ready for judging: its cases are drawn, and the sandbox has its inputs.

    Parameters
    ----------
    assignment : Assignment
    sandbox : Sandbox
    seed : int
        Of the cases.
    drawn : dict of str to Drawn, optional
        These cases, if `draw` has drawn them already.

    Raises
    ------
    ValueError
        If the cases of a question cannot be drawn, or the cells that the exercise provides fail.
    """

    def __init__(
        self, assignment: Assignment, sandbox: Sandbox, seed: int, drawn: dict[str, Drawn] | None = None
    ) -> None:
        self.assignment, self.seed, self._sandbox = assignment, seed, sandbox
        self._drawn = drawn or draw(assignment, seed)
        arguments = {name: drawn.arguments for name, drawn in self._drawn.items()}
        self._key = f"{assignment.stem} {seed}"
        try:
            sandbox.prepare(self._key, assignment.provided, assignment.questions, arguments)
        except (RuntimeError, TypeError) as problem:
            raise ValueError(f"questions: {assignment.stem} cannot be prepared for judging ({problem})") from None

    def judge(
        self, notebook: Notebook, name: str = "", timeout: float = SECONDS, memory_mb: int = MOST_MEMORY_MB
    ) -> Report:
        """The verdicts on a notebook.

        Parameters
        ----------
        notebook : Notebook
        name : str
            For the report.
        timeout : float
            Seconds for the whole notebook. A cell that hangs costs only the questions that depend on it.
        memory_mb : int
            Memory that the answers may use.

        Returns
        -------
        Report
        """
        cells = [self._cell(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        run = self._sandbox.run(self._key, cells, timeout, memory_mb)
        verdicts, notes = [], self._notes(notebook, run.problems)
        for question in self.assignment.questions:
            verdict, note = self._verdict_of(question, run, {cell.check for cell in cells})
            verdicts.append(_explained(verdict, notebook, run.problems))
            notes += [note] if note else []
        return Report(name, tuple(verdicts), tuple(notes), self._is_outdated(notebook))

    def _cell(self, index, cell):
        """What the sandbox does at a cell; it does not run a provided cell again unless the learner changed it."""
        provided = self.assignment.provided.get(cell.grade_id)
        source = "" if cell.source == provided else cell.source
        check = cell.grade_id.removeprefix("check-") if cell.is_check else ""
        return Cell(index, source, check, "" if provided is None else cell.grade_id)

    def _verdict_of(self, question, run, check_cells):
        """The verdict on an answer, and a note where its check and the end of the notebook gave different verdicts."""
        at_check, at_end = run.outcomes.get(question.id), run.at_end[question.id]
        first = at_check and self._verdict(question, at_check)
        last = at_end and self._verdict(question, at_end)
        if not (first and last):
            verdict = first or last
            missed = not first and verdict.right and question.id in check_cells
            return verdict, MISSED.format(question.name, question.id) if missed else ""
        # A letter counts as it was at its check; otherwise one could submit two letters.
        first_counts = first.right or (isinstance(question, Choice) and first.verdict != "blank")
        verdict = first if first_counts or first.verdict not in ("blank", "unjudged") and not last.right else last
        if first.right == last.right:
            return verdict, ""
        where = "at its check" if verdict is first else "at the end of the notebook"
        return verdict, CHANGED.format(question.name, question.id, where)

    def _verdict(self, question, outcomes):
        try:
            return judge(self._drawn[question.id], outcomes)
        except Exception as problem:  # a fault of the judge must not look like one of the learner's
            message = f"The judge itself failed on what this answer returned ({type(problem).__name__}); look at it."
            return Verdict(question.id, "unjudged", 0, question.points, message, seed=self.seed)

    def _is_outdated(self, notebook):
        return bool(notebook.version) and notebook.version != self.assignment.version

    def _notes(self, notebook, problems):
        notes = []
        if self._is_outdated(notebook):
            notes.append(OUTDATED.format(self.assignment.stem))
        answers = {question.id for question in self.assignment.questions}
        for index, problem in problems.items():
            cell = notebook.cells[index]
            if cell.grade_id not in answers and not cell.is_check:
                notes.append(f"Cell {index + 1} did not run: {problem.text}.")
        return notes


def preload_for(notebooks: Iterable[Notebook]) -> tuple[str, ...]:
    """The modules to import in advance for these notebooks."""
    cells = [cell.source for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    used = (name for name, pattern in PRELOADED_IF_USED.items() if any(re.search(pattern, cell) for cell in cells))
    return ("numpy", *used)


def draw(assignment: Assignment, seed: int) -> dict[str, Drawn]:
    """The cases of each question, with what the reference returns.

    Raises
    ------
    ValueError
        If a question's cases or its reference fail.
    """
    return {question.id: _drawn(question, seed) for question in assignment.questions}


def _drawn(question, seed):
    try:
        drawn = Drawn(question, seed)
        if isinstance(question, Question) and not all(drawn.wanted):
            raise ValueError("it returned nothing to compare")
        return drawn
    except Exception as problem:  # a teacher's own question can fail in any way
        reason = f"{type(problem).__name__}: {problem}"
        raise ValueError(f"questions: the cases or the reference of {question.id} do not run ({reason})") from None


def check_notebook(
    path: str | PathLike[str],
    timeout: float = SECONDS,
    memory_mb: int = MOST_MEMORY_MB,
    seed: int | None = None,
    isolation: str = "auto",
) -> Report:
    """Judge the answers in an exercise notebook.

    Parameters
    ----------
    path : str or pathlib.Path
    timeout, memory_mb
        As in `Bench.judge`.
    seed : int, optional
        Of the cases; a fresh one where not given.
    isolation : {"auto", "full", "process", "limits"}
        How the answers are isolated.

    Returns
    -------
    Report

    Raises
    ------
    UnreadableNotebook
        If there is no such file, it is not a notebook, or it cannot be identified as an exercise of this course.
    """
    notebook, bank = notebook_file.read(path), Bank()
    stem = bank.exercises.of(notebook, [Path(path).stem])
    if not stem:
        raise UnreadableNotebook(
            f"{path}: it could not be identified as an exercise of this course by its metadata, its name or its cells"
        )
    seed = secrets.randbits(32) if seed is None else seed

    def drawn():
        assignment = bank.assignment(stem)
        return assignment, draw(assignment, seed)

    # Loading libraries takes longest, so this process, for the references, and the one that runs the cells do it at the
    # same time.
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        drawing = pool.submit(drawn)
        with Sandbox(isolation, preload_for([notebook])) as sandbox:
            assignment, cases = drawing.result()
            return Bench(assignment, sandbox, seed, cases).judge(notebook, str(path), timeout, memory_mb)


def _explained(verdict, notebook, problems):
    """The verdict on a blank answer, with the reason where its cell failed or is not a code cell any more."""
    if verdict.verdict != "blank":
        return verdict
    for index, cell in enumerate(notebook.cells):
        if cell.grade_id != verdict.question:
            continue
        problem = problems.get(index)
        # NotImplementedError is the stub that nbgrader puts where no function is asked for.
        if problem and problem.raised != "NotImplementedError":
            return _with(verdict, "error", f"The cell with this answer did not run: {problem.text}.")
        if cell.cell_type != "code" and cell.source.strip():
            message = f"The cell with this answer is a {cell.cell_type} cell, which does not run; make it a code cell."
            return _with(verdict, "blank", message)
    return verdict


def _with(verdict, kind, message):
    return Verdict(verdict.question, kind, 0, verdict.possible, message, seed=verdict.seed)
