"""Judging one submission again by just the cases that it was graded by, for whoever asks why."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from lstm_course.grading.bank import Bank
from lstm_course.grading.submission import Bench
from lstm_course.isolation.sandbox import Sandbox

from .collecting.collect import collect
from .records import Grade


@dataclass(frozen=True)
class Replayed:
    """One answer, judged again.

    Attributes
    ----------
    grade : Grade
        The one on record.
    verdict : Verdict
        The one of now.
    same : bool
        Whether they say the same.
    """

    grade: Grade
    verdict: object
    same: bool


def replay(graded, student, question=None, assignment=None, isolation="auto"):
    """Judge a graded submission again, by the same cases.

    Parameters
    ----------
    graded : path
        The folder that grading wrote, or its ``grades.json``.
    student : str
    question : str, optional
        Only this one.
    assignment : str, optional
        Needed where the student handed in several.
    isolation : {"auto", "full", "process", "limits"}

    Returns
    -------
    list of Replayed

    Raises
    ------
    ValueError, OSError
        If there is no such grade, or the file is not there any more as it was; one sentence.
    """
    path = Path(graded)
    path = path / "grades.json" if path.is_dir() else path
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        grades = [Grade.from_dict(form) for form in record["grades"]]
        source, own = record["submissions"], record["questions"]
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; wanted the folder that grading wrote") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(f"{path}: it is not the record of a grading") from None
    bank = Bank(own or None)
    grade = _chosen(grades, student, bank.exercises.called(assignment) or assignment)
    before = {each.id: each for each in grade.questions}
    if question is not None and question not in before:
        raise ValueError(f"question: {question!r} is not in this submission; there are {', '.join(before)}")
    notebook = _notebook(source, grade, bank)
    secrets = [place for place in (source, path.parent, own) if place]
    with Sandbox(isolation, preload=["numpy"], secrets=secrets) as sandbox:
        bench = Bench(bank.assignment(grade.assignment), sandbox, grade.seed)
        report = bench.judge(notebook, grade.source)
    return [
        Replayed(grade, verdict, _same(before.get(verdict.question), verdict))
        for verdict in report.questions
        if question in (None, verdict.question)
    ]


def _chosen(grades, student, assignment):
    theirs = [grade for grade in grades if grade.student == student and assignment in (None, grade.assignment)]
    if not theirs:
        raise ValueError(f"student: there is no grade of {student!r}" + (f" in {assignment}" if assignment else ""))
    if len(theirs) > 1:
        stems = ", ".join(grade.assignment for grade in theirs)
        raise ValueError(f"assignment: {student!r} has grades in {stems}; say which with --assignment")
    if not theirs[0].questions:
        raise ValueError(f"student: this submission of {student!r} could not be judged: {' '.join(theirs[0].notes)}")
    return theirs[0]


def _notebook(source, grade, bank):
    changed = ""
    for told in (None, grade.assignment):  # as the files say themselves, or as the teacher said of all of them
        for found in collect(source, told, bank.exercises):
            if (found.student, found.assignment) == (grade.student, grade.assignment) and found.content is not None:
                if hashlib.sha256(found.content).hexdigest() == grade.digest:
                    return found.notebook
                changed = found.source
    if changed:
        raise ValueError(f"{changed}: the file is not the one that was graded; grade it first")
    raise ValueError(f"{source}: the submission of {grade.student!r} is not there any more")


def _same(before, verdict):
    if before is None:
        return False
    return (before.verdict, before.judged, before.message) == (verdict.verdict, verdict.earned, verdict.message)
