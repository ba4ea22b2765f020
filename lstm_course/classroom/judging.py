"""Judging submissions: what one machine needs for it, and the grade of one submission."""

import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from lstm_course.grading.bank import Assignment, Bank
from lstm_course.grading.judge import Verdict
from lstm_course.grading.notebook_file import Notebook
from lstm_course.grading.submission import Bench
from lstm_course.isolation.sandbox import Sandbox, ServerGone

from .borrowed import borrowed
from .records import GRADED, REVIEW, UNJUDGED, UNREADABLE, Grade, QuestionGrade, Submission

NEEDS_REVIEW = {"crashed", UNJUDGED}  # verdicts that the teacher should look at


@dataclass(frozen=True)
class Terms:
    """How a batch is judged; whoever judges by the same terms gives the same grades.

    Attributes
    ----------
    seed : int
        Of the cases.
    level : str
        The level of isolation.
    timeout : float
        Seconds for one submission.
    memory_mb : int
        Memory for one submission, in MB.
    preload : tuple of str
        Modules to import before any submission runs.
    secrets : tuple of str
        Files and folders that no submission may read.
    questions : tuple of (str, bytes)
        The files of a teacher's own questions, by name.
    """

    seed: int
    level: str
    timeout: float
    memory_mb: int
    preload: tuple[str, ...] = ("numpy",)
    secrets: tuple[str, ...] = ()
    questions: tuple[tuple[str, bytes], ...] = ()


class Judge:
    """Judges submissions on this machine. A context manager; several threads may use it at once.

    Parameters
    ----------
    terms : Terms
    bank : Bank, optional
        The assignments; by default the course's own, with the questions of `terms`.

    Raises
    ------
    ValueError, OSError
        If the questions are not as `Bank` wants them, or this machine cannot isolate submissions as `terms` say.
    """

    def __init__(self, terms: Terms, bank: Bank | None = None) -> None:
        self._terms, self._bank = terms, bank or _bank_of(terms)
        self._sandbox = Sandbox(terms.level, terms.preload, terms.secrets)
        self._benches: dict[str, Bench] = {}
        self._preparing, self._restarting, self._generation = threading.Lock(), threading.Lock(), 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._sandbox.__exit__()

    def bench(self, stem: str) -> Bench:
        """The assignment of that stem, ready for judging."""
        with self._preparing:
            if stem not in self._benches:
                self._benches[stem] = Bench(self._bank.assignment(stem), self._sandbox, self._terms.seed)
            return self._benches[stem]

    def judge(self, submission: Submission, digest: str) -> Grade:
        """The grade of a submission without a problem.

        Parameters
        ----------
        submission : Submission
        digest : str
            Of its content, for the record.

        Returns
        -------
        Grade
            Unreadable if the process that runs submissions ended twice.
        """
        began = time.perf_counter()
        for _ in range(2):
            generation = self._generation
            try:
                bench = self.bench(submission.assignment)
                report = bench.judge(submission.notebook, submission.source, self._terms.timeout, self._terms.memory_mb)
                break
            except ServerGone:
                self._restart_server(generation)
        else:
            problem = "the process that runs submissions ended while this one was judged"
            return unreadable(submission, digest, problem, self._bank)
        assignment = bench.assignment
        questions = tuple(map(_question_grade, report.questions))
        needs_review = report.outdated or any(question.verdict in NEEDS_REVIEW for question in questions)
        return Grade(
            student=submission.student,
            assignment=submission.assignment,
            source=submission.source,
            status=REVIEW if needs_review else GRADED,
            questions=questions,
            notes=report.notes,
            possible=assignment.possible,
            seed=self._terms.seed,
            digest=digest,
            borrowed=borrowed(own_cells(submission.notebook, assignment), assignment.questions),
            milliseconds=round(1000 * (time.perf_counter() - began), 1),
        )

    def _restart_server(self, generation: int) -> None:
        """Start a new server in place of one that ended, unless another thread has already done so."""
        with self._restarting:
            if generation == self._generation:
                self._sandbox.restart()
                self._generation += 1  # only now: a thread that still meets the old server must not start a third


def _bank_of(terms: Terms) -> Bank:
    if not terms.questions:
        return Bank()
    with tempfile.TemporaryDirectory(prefix="lstm-course-questions-") as folder:
        for name, content in terms.questions:
            Path(folder, name).write_bytes(content)
        bank = Bank(folder)
        for stem in {Path(name).stem for name, _ in terms.questions if name.endswith(".py")}:
            bank.assignment(stem)  # reads everything that it needs while the folder is there
    return bank


def unreadable(submission: Submission, digest: str, problem: str, bank: Bank) -> Grade:
    """The grade of a submission that cannot be judged, for a reason in one sentence."""
    return Grade(
        student=submission.student,
        assignment=submission.assignment,
        source=submission.source,
        status=UNREADABLE,
        notes=(problem, *submission.notes, *submission.remarks),
        possible=bank.assignment(submission.assignment).possible if submission.assignment else 0.0,
        digest=digest,
        identity=submission.identity,
    )


def own_cells(notebook: Notebook, assignment: Assignment) -> list[tuple[str, str]]:
    """The cells that the learner wrote.

    Returns
    -------
    list of (str, str)
        Name and source of each: the name is the id of the question for an answer, and ``"cell 7"`` for other cells.
    """
    return [
        (cell.grade_id or f"cell {number}", cell.source)
        for number, cell in enumerate(notebook.cells, start=1)
        if cell.cell_type == "code" and not cell.is_check and cell.grade_id not in assignment.provided
    ]


def _question_grade(verdict: Verdict) -> QuestionGrade:
    return QuestionGrade(
        id=verdict.question,
        verdict=verdict.verdict,
        judged=verdict.earned,
        possible=verdict.possible,
        message=verdict.message,
        mistake=verdict.mistake,
        comparison=verdict.comparison,
        call=verdict.call,
        printed=verdict.printed,
    )
