"""Grading a class: from a folder or zip of notebooks to grades, feedback and the teacher's report."""

import collections
import concurrent.futures
import contextlib
import datetime
import hashlib
import os
import re
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_course.grading import solution
from lstm_course.grading.bank import Bank
from lstm_course.grading.submission import Bench
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import MOST_MEMORY_MB, SECONDS, Sandbox, ServerGone

from . import overrides
from .borrowed import borrowed
from .collecting.collect import collect
from .copies.near_copies import near_copies
from .journal import Journal
from .records import GRADED, REVIEW, UNJUDGED, UNREADABLE, Batch, Grade, QuestionGrade
from .reports.write_all import write_all

LOOK_AT = {"crashed", UNJUDGED}  # verdicts that a teacher should see for themselves
# Loaded once for all where some notebook names them; each would cost every submission its loading.
WORTH_LOADING = {
    "torch": rb"\btorch\b|\bnets\b",
    "matplotlib.pyplot": rb"pyplot|\bplots\b",
    "IPython.core.inputtransformer2": rb'"\s*[%!]',
}


@dataclass(frozen=True)
class Graded:
    """What came of grading a class.

    Attributes
    ----------
    grades : tuple of Grade
        With the teacher's overrides.
    kept : int
        How many of them were known from before, as neither the file nor the questions have changed.
    level : str
        Of the isolation.
    report : pathlib.Path
    notes : tuple of str
        Sentences for the teacher about the batch.
    """

    grades: tuple
    kept: int
    level: str
    report: Path
    notes: tuple = ()


def grade(
    submissions,
    out,
    *,
    assignment=None,
    workers=None,
    timeout=SECONDS,
    memory_mb=MOST_MEMORY_MB,
    isolation="auto",
    force=False,
    questions=None,
    gradebook=None,
    again=False,
    progress=None,
):
    """Grade a class.

    Parameters
    ----------
    submissions : path
        As `collect` understands it.
    out : path
        The folder for what comes of it.
    assignment : str, optional
        What all notebooks are submissions of, where they do not say so themselves.
    workers : int, optional
        Submissions at the same time; as many as there are processors where not given.
    timeout : float
        Seconds for one submission.
    memory_mb : int
        Memory that one submission may take.
    isolation : {"auto", "full", "process", "limits"}
    force : bool
        Grade on Linux even where submissions can only be held to limits.
    questions : path, optional
        A folder with questions of one's own (`lstm_course.grading.bank`).
    gradebook : path, optional
        nbgrader's; grades go into it, and what was given there by hand comes out of it.
    again : bool
        Judge all afresh, also what is known and has not changed.
    progress : callable, optional
        Called with the number of submissions done, and of all.

    Returns
    -------
    Graded

    Raises
    ------
    ValueError, OSError
        If something that was given is not as described, or the machine cannot shut submissions in; one sentence.
    """
    level = _level(isolation, force)
    bank, out = Bank(questions), Path(out)
    handed_in = collect(submissions, assignment, bank.exercises)
    began = datetime.datetime.now().astimezone()
    with Journal(out, again) as journal:
        own = overrides.read(out)
        words = overrides.merged(_read_gradebook(gradebook), own)
        batch = _Judging(bank, journal, level, handed_in, timeout, memory_mb, [submissions, out, questions, gradebook])
        grades = [known.with_overrides(words) for known in batch.run(workers or os.cpu_count() or 1, progress)]
        notes = overrides.strangers(own, grades)
        graded = Batch(
            grades=tuple(grades),
            when=began,
            isolation=level,
            seed=journal.seed,
            copies=tuple(_copies(handed_in, bank)),
            asked={asked.id: asked for stem in _stems(handed_in) for asked in bank.assignment(stem).questions},
            submissions=str(Path(submissions).resolve()),
            questions=str(Path(questions).resolve()) if questions else "",
        )
        report = write_all(graded, out)
        if gradebook:
            from .for_nbgrader import formgrader
            from .for_nbgrader.gradebook import write_gradebook

            notes += write_gradebook(grades, gradebook).notes
            formgrader.lay_out(handed_in, grades, gradebook)
        journal.finish()
    return Graded(tuple(grades), batch.kept, level, report, tuple(notes))


def _level(isolation, force):
    level = support.level(isolation)
    if level == "limits" and sys.platform == "linux" and not force:
        lacking = "; ".join(f"{each.part} ({each.said}): {each.why}" for each in support.missing())
        raise OSError(
            f"isolation: submissions could only be held to limits here. {lacking or 'That was asked for'}. "
            "With --force they are graded all the same; do so only if you trust everybody who handed in."
        )
    return level


def _read_gradebook(path):
    if not path:
        return {}
    from .for_nbgrader.gradebook import read_overrides

    return read_overrides(path)


class _Judging:
    """All submissions on their way to grades."""

    def __init__(self, bank, journal, level, handed_in, timeout, memory_mb, secrets):
        self._bank, self._journal, self._level, self._handed_in = bank, journal, level, handed_in
        self._timeout, self._memory_mb = timeout, memory_mb
        self._secrets = [path for path in secrets if path]
        self._digests = [hashlib.sha256(each.content or b"").hexdigest() for each in handed_in]
        self._again, self._generation = threading.Lock(), 0
        self.kept = 0

    def run(self, workers, progress):
        """The grades, in the order of the submissions."""
        grades = [self._known(each, digest) for each, digest in zip(self._handed_in, self._digests, strict=True)]
        left = [place for place, grade in enumerate(grades) if grade is None]
        self.kept = sum(grade is not None and grade.status != UNREADABLE for grade in grades)
        done = len(grades) - len(left)
        if progress:
            progress(done, len(grades))
        if not left:
            return grades
        with Sandbox(self._level, self._worth_loading(left), self._secrets) as self._sandbox:
            stems = sorted({self._handed_in[place].assignment for place in left})
            self._benches = {
                stem: Bench(self._bank.assignment(stem), self._sandbox, self._journal.seed) for stem in stems
            }
            pool = concurrent.futures.ThreadPoolExecutor(workers)
            try:
                waiting = {pool.submit(self._grade, place): place for place in left}
                for future in concurrent.futures.as_completed(waiting):
                    grades[waiting[future]] = future.result()
                    done += 1
                    if progress:
                        progress(done, len(grades))
            finally:
                pool.shutdown(cancel_futures=True)
        return grades

    def _known(self, submission, digest):
        """The grade of what cannot be judged, or has been; or None."""
        if submission.problem:
            return self._unreadable(submission, digest, submission.problem)
        fingerprint = self._bank.assignment(submission.assignment).fingerprint
        known = self._journal.known(submission, digest, fingerprint)
        if known is None:
            return None
        return _as_found(known, submission)

    def _worth_loading(self, places):
        texts = [self._handed_in[place].content for place in places]
        found = [name for name, sign in WORTH_LOADING.items() if any(re.search(sign, text) for text in texts)]
        return ["numpy", *found]

    def _grade(self, place):
        submission, digest = self._handed_in[place], self._digests[place]
        began, bench = time.perf_counter(), self._benches[submission.assignment]
        for _ in range(2):
            generation = self._generation
            try:
                report = bench.judge(submission.notebook, submission.source, self._timeout, self._memory_mb)
                break
            except ServerGone:
                self._begin_again(generation)
        else:
            return self._unreadable(submission, digest, "the process that starts submissions ended while it ran")
        assignment = bench.assignment
        questions = tuple(_question_grade(verdict) for verdict in report.questions)
        look = report.outdated or any(question.verdict in LOOK_AT for question in questions)
        made = Grade(
            student=submission.student,
            assignment=submission.assignment,
            source=submission.source,
            status=REVIEW if look else GRADED,
            questions=questions,
            notes=report.notes,
            possible=assignment.possible,
            seed=self._journal.seed,
            digest=digest,
            borrowed=borrowed(_cells(submission.notebook, assignment), assignment.questions),
            milliseconds=round(1000 * (time.perf_counter() - began), 1),
        )
        self._journal.add(made, assignment.fingerprint)
        return _as_found(made, submission)

    def _begin_again(self, generation):
        """A new server in place of one that ended; whoever notices first starts it."""
        with self._again:
            if generation == self._generation:
                self._sandbox.restart()
                self._generation += 1  # not before: whoever meets the old one until then must not start a third

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


def _as_found(grade, submission):
    """The grade of a file, with what is known of how it was found this time."""
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


def _cells(notebook, assignment):
    """Name and source of each cell that somebody wrote: an answer by its question's id, others by their place."""
    return [
        (cell.grade_id or f"cell {place + 1}", cell.source)
        for place, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and not cell.is_check and cell.grade_id not in assignment.provided
    ]


def _stems(handed_in):
    return sorted({each.assignment for each in handed_in if each.assignment})


def _copies(handed_in, bank):
    """Pairs of submissions that are too much alike."""
    written, templates, solutions = {}, {}, collections.defaultdict(list)
    for stem in _stems(handed_in):
        assignment = bank.assignment(stem)
        templates[stem] = list(assignment.templates)
        for question in assignment.questions:
            with contextlib.suppress(ValueError):  # a teacher's own question has no published answer
                solutions[stem].append((question.id, solution.solution_text(question.id)))
    for each in handed_in:
        if not each.problem:
            written[each.student, each.assignment] = _cells(each.notebook, bank.assignment(each.assignment))
    return near_copies(written, templates, solutions)
