"""Judging all submissions of a class, several at a time, on this machine or on the workers of a cluster."""

import concurrent.futures
import contextlib
import hashlib
from dataclasses import replace

from lstm_course.grading.submission import preload_for

from .judging import Judge, unreadable
from .records import REVIEW, UNREADABLE


def judge_class(bank, journal, submissions, terms, place, progress):
    """The grades of a class.

    Parameters
    ----------
    bank : Bank
    journal : Journal
        Holds the grades of earlier runs, and receives the new ones.
    submissions : list of Submission
    terms : Terms
        Completed here by the modules that these submissions need.
    place : ThisMachine or Cluster
        Where they are judged.
    progress : callable or None
        Called with the number of submissions that are done and the number of all submissions.

    Returns
    -------
    grades : list of Grade
        In the order of the submissions.
    kept : int
        How many of them were kept from an earlier run.
    """
    digests = [hashlib.sha256(each.content or b"").hexdigest() for each in submissions]
    grades = [_without_judging(bank, journal, *each) for each in zip(submissions, digests, strict=True)]
    remaining = [index for index, grade in enumerate(grades) if grade is None]
    kept = sum(grade is not None and grade.status != UNREADABLE for grade in grades)
    done = len(grades) - len(remaining)

    def note():
        if progress:
            progress(done, len(grades))

    def keep(index, grade):
        if grade.status != UNREADABLE:  # the others are judged again next time
            journal.add(grade, bank.assignment(grade.assignment).fingerprint)
        return _with_details_of(submissions[index], grade)

    note()
    if not remaining:
        return grades, kept
    notebooks = [submissions[index].notebook for index in remaining]
    terms = replace(terms, preload=preload_for(notebooks))
    todo = [(index, submissions[index], digests[index]) for index in remaining]
    for index, grade in place.judge(terms, bank, todo, keep):
        if grade is None:
            problem = "the worker that judged this submission ended each time that it was tried"
            grade = unreadable(submissions[index], digests[index], problem, bank)
        grades[index] = grade
        done += 1
        note()
    return grades, kept


class ThisMachine(contextlib.nullcontext):
    """Judging in threads of this process.

    Parameters
    ----------
    workers : int
        How many submissions to judge at the same time.
    """

    def __init__(self, workers):
        super().__init__(self)
        self._workers = workers

    def level(self, isolation, check):
        """The level of isolation here, as `check` says."""
        return check(isolation)

    def judge(self, terms, bank, todo, keep):
        """Index and grade of each submission, as soon as it is judged; the arguments are those of `Cluster.judge`."""
        with Judge(terms, bank) as judge:
            for stem in sorted({submission.assignment for _, submission, _ in todo}):
                judge.bench(stem)
            pool = concurrent.futures.ThreadPoolExecutor(self._workers)
            try:
                # Each thread stores what it has judged, so that nothing is lost when the batch is interrupted.
                futures = {pool.submit(lambda k, *each: keep(k, judge.judge(*each)), *each): each[0] for each in todo}
                for future in concurrent.futures.as_completed(futures):
                    yield futures[future], future.result()
            finally:
                pool.shutdown(cancel_futures=True)


def _without_judging(bank, journal, submission, digest):
    """The grade of a submission that cannot be judged or has been judged before; None for all others."""
    if submission.problem:
        return unreadable(submission, digest, submission.problem, bank)
    fingerprint = bank.assignment(submission.assignment).fingerprint
    known = journal.known(submission, digest, fingerprint)
    return known and _with_details_of(submission, known)


def _with_details_of(submission, grade):
    """The grade of a file, with the source, identity and notes of the submission as it was collected this time."""
    if grade.status == UNREADABLE:
        return grade
    return replace(
        grade,
        source=submission.source,
        identity=submission.identity,
        status=REVIEW if submission.notes else grade.status,
        notes=(*submission.notes, *grade.notes, *submission.remarks),
    )
