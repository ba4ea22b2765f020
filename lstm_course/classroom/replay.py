"""Judging one submission again by exactly the cases it was graded by, when somebody questions a verdict."""

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
        The grade on record.
    verdict : Verdict
        The new verdict.
    same : bool
        Whether the two agree.
    """

    grade: Grade
    verdict: object
    same: bool


def replay(graded, student, question=None, assignment=None, isolation="auto"):
    """Judge a graded submission again by the same cases.

    Parameters
    ----------
    graded : path
        The folder written by `grade`, or its ``grades.json``.
    student : str
    question : str, optional
        The id of a question; by default all of them.
    assignment : str, optional
        Needed if the student handed in several.
    isolation : {"auto", "full", "process", "limits"}

    Returns
    -------
    list of Replayed

    Raises
    ------
    ValueError, OSError
        If there is no such grade, or the file has changed or is gone; the message is one sentence.
    """
    path = Path(graded)
    path = path / "grades.json" if path.is_dir() else path
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        grades = [Grade.from_dict(form) for form in record["grades"]]
        source, own = record["submissions"], record["questions"]
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file; wanted the folder written by lstm-course grade") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ValueError(f"{path}: this is not a grades.json written by lstm-course grade") from None
    bank = Bank(own or None)
    grade = _grade_of(grades, student, bank.exercises.called(assignment) or assignment)
    recorded = {each.id: each for each in grade.questions}
    if question is not None and question not in recorded:
        raise ValueError(f"question: {question!r} is not in this submission; it has {', '.join(recorded)}")
    notebook = _notebook(source, grade, bank)
    secrets = [secret for secret in (source, path.parent, own) if secret]
    with Sandbox(isolation, preload=["numpy"], secrets=secrets) as sandbox:
        bench = Bench(bank.assignment(grade.assignment), sandbox, grade.seed)
        report = bench.judge(notebook, grade.source)
    return [
        Replayed(grade, verdict, _same(recorded.get(verdict.question), verdict))
        for verdict in report.questions
        if question in (None, verdict.question)
    ]


def _grade_of(grades, student, assignment):
    theirs = [grade for grade in grades if grade.student == student and assignment in (None, grade.assignment)]
    if not theirs:
        raise ValueError(f"student: there is no grade for {student!r}" + (f" in {assignment}" if assignment else ""))
    if len(theirs) > 1:
        stems = ", ".join(grade.assignment for grade in theirs)
        raise ValueError(f"assignment: {student!r} has grades in {stems}; choose one with --assignment")
    if not theirs[0].questions:
        raise ValueError(f"student: this submission of {student!r} could not be judged: {' '.join(theirs[0].notes)}")
    return theirs[0]


def _notebook(source, grade, bank):
    """The graded notebook, whose file must not have changed."""
    changed = ""
    for assignment in (None, grade.assignment):  # told by the file itself, or given by the teacher for all files
        for submission in collect(source, assignment, bank.exercises):
            key = submission.student, submission.assignment
            if key == (grade.student, grade.assignment) and submission.content is not None:
                if hashlib.sha256(submission.content).hexdigest() == grade.digest:
                    return submission.notebook
                changed = submission.source
    if changed:
        raise ValueError(f"{changed}: the file has changed since it was graded; grade it again first")
    raise ValueError(f"{source}: the submission of {grade.student!r} is no longer there")


def _same(recorded, verdict):
    if recorded is None:
        return False
    return (recorded.verdict, recorded.judged, recorded.message) == (verdict.verdict, verdict.earned, verdict.message)
