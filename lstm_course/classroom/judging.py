"""Judging all submissions of a class, several at a time, each in a separate process."""

import concurrent.futures
import hashlib
import re
import threading
import time
from dataclasses import replace

from lstm_course.grading.submission import Bench
from lstm_course.isolation.sandbox import Sandbox, ServerGone

from .borrowed import borrowed
from .records import GRADED, REVIEW, UNJUDGED, UNREADABLE, Grade, QuestionGrade

NEEDS_REVIEW = {"crashed", UNJUDGED}  # verdicts that the teacher should look at
# Modules that take long to import, with a pattern for notebooks that may need them. They are imported once for all
# submissions, and only if one of the notebooks matches.
PRELOADED_IF_USED = {
    "torch": rb"\btorch\b|\bnets\b",
    "matplotlib.pyplot": rb"pyplot|\bplots\b",
    "IPython.core.inputtransformer2": rb'"\s*[%!]',
}


class Judging:
    """Turns the submissions of a class into grades.

    Parameters
    ----------
    bank : Bank
    journal : Journal
        Holds the grades of earlier runs, and receives the new ones.
    level : str
        The level of isolation.
    submissions : list of Submission
    timeout : float
        Seconds for one submission.
    memory_mb : int
        Memory for one submission, in MB.
    secrets : list of path
        Files and folders that no submission may read.

    Attributes
    ----------
    kept : int
        How many grades were kept from an earlier run.
    """

    def __init__(self, bank, journal, level, submissions, timeout, memory_mb, secrets):
        self._bank, self._journal, self._level, self._submissions = bank, journal, level, submissions
        self._timeout, self._memory_mb, self._secrets = timeout, memory_mb, secrets
        self._digests = [hashlib.sha256(each.content or b"").hexdigest() for each in submissions]
        self._restarting, self._generation = threading.Lock(), 0
        self.kept = 0

    def run(self, workers, progress):
        """The grades, in the order of the submissions.

        Parameters
        ----------
        workers : int
            How many submissions to judge at the same time.
        progress : callable or None
            Called with the number of submissions that are done and the number of all submissions.

        Returns
        -------
        list of Grade
        """
        grades = list(map(self._without_judging, self._submissions, self._digests))
        remaining = [index for index, grade in enumerate(grades) if grade is None]
        self.kept = sum(grade is not None and grade.status != UNREADABLE for grade in grades)
        done = len(grades) - len(remaining)
        if progress:
            progress(done, len(grades))
        if not remaining:
            return grades
        with Sandbox(self._level, self._modules_to_preload(remaining), self._secrets) as self._sandbox:
            stems = sorted({self._submissions[index].assignment for index in remaining})
            self._benches = {
                stem: Bench(self._bank.assignment(stem), self._sandbox, self._journal.seed) for stem in stems
            }
            pool = concurrent.futures.ThreadPoolExecutor(workers)
            try:
                indices = {pool.submit(self._judge, index): index for index in remaining}
                for future in concurrent.futures.as_completed(indices):
                    grades[indices[future]] = future.result()
                    done += 1
                    if progress:
                        progress(done, len(grades))
            finally:
                pool.shutdown(cancel_futures=True)
        return grades

    def _without_judging(self, submission, digest):
        """The grade of a submission that cannot be judged or has been judged before; None for all others."""
        if submission.problem:
            return self._unreadable(submission, digest, submission.problem)
        fingerprint = self._bank.assignment(submission.assignment).fingerprint
        known = self._journal.known(submission, digest, fingerprint)
        return known and _with_details_of(submission, known)

    def _modules_to_preload(self, indices):
        contents = [self._submissions[index].content for index in indices]
        used = (
            module
            for module, pattern in PRELOADED_IF_USED.items()
            if any(re.search(pattern, content) for content in contents)
        )
        return ["numpy", *used]

    def _judge(self, index):
        submission, digest = self._submissions[index], self._digests[index]
        began, bench = time.perf_counter(), self._benches[submission.assignment]
        for _ in range(2):
            generation = self._generation
            try:
                report = bench.judge(submission.notebook, submission.source, self._timeout, self._memory_mb)
                break
            except ServerGone:
                self._restart_server(generation)
        else:
            return self._unreadable(
                submission, digest, "the process that runs submissions ended while this one was judged"
            )
        assignment = bench.assignment
        questions = tuple(map(_question_grade, report.questions))
        needs_review = report.outdated or any(question.verdict in NEEDS_REVIEW for question in questions)
        grade = Grade(
            student=submission.student,
            assignment=submission.assignment,
            source=submission.source,
            status=REVIEW if needs_review else GRADED,
            questions=questions,
            notes=report.notes,
            possible=assignment.possible,
            seed=self._journal.seed,
            digest=digest,
            borrowed=borrowed(own_cells(submission.notebook, assignment), assignment.questions),
            milliseconds=round(1000 * (time.perf_counter() - began), 1),
        )
        self._journal.add(grade, assignment.fingerprint)
        return _with_details_of(submission, grade)

    def _restart_server(self, generation):
        """Start a new server in place of one that ended, unless another thread has already done so."""
        with self._restarting:
            if generation == self._generation:
                self._sandbox.restart()
                self._generation += 1  # only now: a thread that still meets the old server must not start a third

    def _unreadable(self, submission, digest, problem):
        possible = self._bank.assignment(submission.assignment).possible if submission.assignment else 0.0
        return Grade(
            student=submission.student,
            assignment=submission.assignment,
            source=submission.source,
            status=UNREADABLE,
            notes=(problem, *submission.notes, *submission.remarks),
            possible=possible,
            digest=digest,
            identity=submission.identity,
        )


def own_cells(notebook, assignment):
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


def _with_details_of(submission, grade):
    """The grade of a file, with the source, identity and notes of the submission as it was collected this time."""
    return replace(
        grade,
        source=submission.source,
        identity=submission.identity,
        status=REVIEW if submission.notes else grade.status,
        notes=(*submission.notes, *grade.notes, *submission.remarks),
    )


def _question_grade(verdict):
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
