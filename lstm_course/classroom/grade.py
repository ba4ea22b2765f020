"""Grading a class: from a folder or zip of notebooks to grades, feedback and the teacher's report."""

import collections
import contextlib
import datetime
import functools
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from lstm_course.grading import solution
from lstm_course.grading.bank import Bank
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import MOST_MEMORY_MB, SECONDS

from . import overrides
from .collecting.collect import collect
from .copies.near_copies import near_copies
from .journal import Journal
from .judge_class import ThisMachine, judge_class
from .judging import Terms, own_cells
from .records import Batch
from .reports.write_all import write_all


@dataclass(frozen=True)
class Graded:
    """The result of grading a class.

    Attributes
    ----------
    grades : tuple of Grade
        The grades, with the teacher's overrides.
    kept : int
        How many of the grades were kept from an earlier run, because neither the file nor the questions have changed.
    level : str
        The level of isolation at which the notebooks ran.
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
    scheduler=None,
    progress=None,
):
    """Grade a class.

    Parameters
    ----------
    submissions : path
        A folder or zip in a form that `collect` accepts.
    out : path
        The folder for the results.
    assignment : str, optional
        The assignment of all notebooks that do not name one themselves.
    workers : int, optional
        How many submissions to judge at the same time; by default as many as there are processors. A cluster decides
        that itself.
    timeout : float
        Seconds for one submission.
    memory_mb : int
        Memory for one submission, in MB.
    isolation : {"auto", "full", "process", "limits"}
    force : bool
        Grade on Linux even if submissions can only be held to limits.
    questions : path, optional
        A folder with the teacher's own questions (`lstm_course.grading.bank`).
    gradebook : path, optional
        nbgrader's gradebook. Points and comments that were entered there by hand are read from it, and the grades are
        written to it.
    again : bool
        Judge all submissions again, including those that have not changed.
    scheduler : str, optional
        The address of a ``dask.distributed`` scheduler, whose workers judge instead of this machine.
    progress : callable, optional
        Called with the number of submissions that are done and the number of all submissions.

    Returns
    -------
    Graded

    Raises
    ------
    ValueError, OSError
        If an argument is not as described, the scheduler goes away, or submissions cannot be isolated; the message is
        one sentence.
    """
    with _place(scheduler, workers) as place:
        level = place.level(isolation, functools.partial(_level, force=force))
        bank, out = Bank(questions), Path(out)
        collected = collect(submissions, assignment, bank.exercises)
        began = datetime.datetime.now().astimezone()
        with Journal(out, again) as journal:
            own_overrides = overrides.read(out)
            all_overrides = overrides.merged(_read_gradebook(gradebook), own_overrides)
            terms = Terms(
                seed=journal.seed,
                level=level,
                timeout=timeout,
                memory_mb=memory_mb,
                secrets=tuple(str(Path(path).resolve()) for path in (submissions, out, questions, gradebook) if path),
                questions=bank.files,
            )
            judged, kept = judge_class(bank, journal, collected, terms, place, progress)
            grades = [each.with_overrides(all_overrides) for each in judged]
            notes = overrides.unmatched(own_overrides, grades)
            batch = Batch(
                grades=tuple(grades),
                when=began,
                isolation=level,
                seed=journal.seed,
                copies=tuple(_near_copies(collected, bank)),
                asked={each.id: each for stem in _stems(collected) for each in bank.assignment(stem).questions},
                submissions=str(Path(submissions).resolve()),
                questions=str(Path(questions).resolve()) if questions else "",
            )
            report = write_all(batch, out)
            if gradebook:
                from .for_nbgrader import formgrader
                from .for_nbgrader.gradebook import write_gradebook

                notes += write_gradebook(grades, gradebook).notes
                formgrader.lay_out(collected, grades, gradebook)
            journal.finish()
    return Graded(tuple(grades), kept, level, report, tuple(notes))


def _place(scheduler, workers):
    """Where submissions are judged: this machine, or a cluster."""
    if not scheduler:
        return ThisMachine(workers or os.cpu_count() or 1)
    if workers:
        raise ValueError(f"workers: a cluster has its own, so wanted none with a scheduler, got {workers}")
    from .cluster import Cluster

    return Cluster(scheduler)


def _level(isolation, force):
    level = support.level(isolation)
    if level == "limits" and sys.platform == "linux" and not force:
        lacking = "; ".join(f"{each.part} ({each.error}): {each.why}" for each in support.missing())
        raise OSError(
            f"isolation: submissions could only be held to limits here. {lacking or 'That was asked for'}. "
            "With --force they are graded anyway; use it only if you trust everybody who handed in a notebook."
        )
    return level


def _read_gradebook(path):
    if not path:
        return {}
    from .for_nbgrader.gradebook import read_overrides

    return read_overrides(path)


def _stems(submissions):
    return sorted({submission.assignment for submission in submissions if submission.assignment})


def _near_copies(submissions, bank):
    """Pairs of submissions that are suspiciously alike."""
    written, templates, solutions = {}, {}, collections.defaultdict(list)
    for stem in _stems(submissions):
        assignment = bank.assignment(stem)
        templates[stem] = list(assignment.templates)
        for question in assignment.questions:
            with contextlib.suppress(ValueError):  # a teacher's own question has no published answer
                solutions[stem].append((question.id, solution.solution_text(question.id)))
    for submission in submissions:
        if not submission.problem:
            cells = own_cells(submission.notebook, bank.assignment(submission.assignment))
            written[submission.student, submission.assignment] = cells
    return near_copies(written, templates, solutions)
