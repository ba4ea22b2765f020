"""The records that pass between the parts of grading a class: submissions, grades, and their JSON."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from lstm_course.grading.notebook_file import Notebook

# How far a submission could be judged; the teacher should look at all but those of the first status.
GRADED, REVIEW, UNREADABLE = "graded", "review", "unreadable"
UNJUDGED = "unjudged"  # the verdict where the judge failed, which says nothing about the answer


@dataclass(frozen=True)
class Submission:
    """What a student submitted for one exercise.

    Attributes
    ----------
    student : str
        The name in the folder, the file or the learning platform.
    assignment : str
        The stem of the exercise, ``"04_gates"``; empty where it could not be identified.
    source : str
        Where it was found, for people: a path inside the folder, or ``class.zip: ada/04_gates.ipynb``.
    content : bytes or None
        The file, without its outputs if it is large; None if it could not be read. It tells whether the file has
        changed since it was judged; what is judged is `notebook`.
    problem : str
        Why it cannot be judged, in one sentence; empty if it can.
    notes : tuple of str
        What the teacher should know about how it was found ("the later of two files").
    identity : dict of str to str
        What the learning platform calls the student: ``moodle_id``, ``canvas_id``, ``name``.
    remarks : tuple of str
        What the teacher may want to know but need not look at ("besides the notebook there is an online text").
    notebook : Notebook or None
        The content, parsed; None if there is a `problem`.
    """

    student: str
    assignment: str
    source: str
    content: bytes | None
    problem: str = ""
    notes: tuple[str, ...] = ()
    identity: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    notebook: Notebook | None = None


@dataclass(frozen=True)
class Batch:
    """A class as it was graded: its grades, and how they were reached.

    Attributes
    ----------
    grades : tuple of Grade
        With overrides.
    when : datetime.datetime
        When they were judged, with the time zone.
    isolation : str
        The level of isolation of the notebooks.
    seed : int
        Of the cases of the whole batch.
    copies : tuple of NearCopy
        The strongest first.
    asked : dict of str to Question or Choice, optional
        The questions by id; the course's own where not given.
    submissions, questions : str
        The paths of the submissions and of a teacher's own questions.
    """

    grades: tuple["Grade", ...]
    when: datetime.datetime
    isolation: str
    seed: int
    copies: tuple[Any, ...] = ()
    asked: dict[str, Any] | None = None
    submissions: str = ""
    questions: str = ""


@dataclass(frozen=True)
class QuestionGrade:
    """The points of one answer, and the reason for them.

    Attributes
    ----------
    id : str
        Of the question.
    verdict : str
        One of the judge's (``lstm_course.grading.cards.HEADINGS``), or ``"unjudged"``.
    judged, possible : float
        The points that the judge gave, and the most that it can give.
    message : str
        The reason, in Markdown.
    mistake : str
        The name of the known mistake, or empty.
    comparison, call, printed
        As in `lstm_course.grading.judge.Verdict`.
    override : float or None
        The points that the teacher gave instead.
    comment : str
        The teacher's comment.
    """

    id: str
    verdict: str
    judged: float
    possible: float
    message: str
    mistake: str = ""
    comparison: tuple[tuple[str, str, str], ...] = ()
    call: str = ""
    printed: str = ""
    override: float | None = None
    comment: str = ""

    @property
    def points(self) -> float:
        """The points that count: the teacher's, or else the judge's."""
        return self.judged if self.override is None else self.override


@dataclass(frozen=True)
class Grade:
    """The result of one submission.

    Attributes
    ----------
    student, assignment, source, identity
        As in `Submission`.
    status : {"graded", "review", "unreadable"}
        ``review``: graded, but the teacher should look at it, for the reasons in `notes`; ``unreadable``: not judged.
    questions : tuple of QuestionGrade
        Empty if the submission is unreadable.
    notes : tuple of str
        Sentences for the teacher about the submission as a whole.
    possible : float
        The points of the exercise, even if nothing could be judged.
    seed : int
        Of the cases; judging again with the same seed uses the same cases.
    digest : str
        SHA-256 of the submission's `content`.
    borrowed : tuple of str
        Functions that the answers should implement but call, as ``"04-forget-gate: lstm_course.scratch.lstm_step"``.
    milliseconds : float
        The time that judging took.
    """

    student: str
    assignment: str
    source: str
    status: str
    questions: tuple[QuestionGrade, ...] = ()
    notes: tuple[str, ...] = ()
    possible: float = 0.0
    seed: int = 0
    digest: str = ""
    borrowed: tuple[str, ...] = ()
    milliseconds: float = 0.0
    identity: dict[str, str] = field(default_factory=dict)

    @property
    def score(self) -> float:
        """The total, with the teacher's overrides."""
        return sum(question.points for question in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """The grade in a form for JSON, which includes the computed `score` and `points`."""
        form = asdict(self)
        form["score"] = self.score
        for question, written in zip(self.questions, form["questions"], strict=True):
            written["points"] = question.points
        return form

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Self:
        """The grade that `as_dict` wrote."""
        form = {key: value for key, value in form.items() if key != "score"}
        questions = []
        for written in form.pop("questions"):
            written = {key: value for key, value in written.items() if key != "points"}
            written["comparison"] = tuple(tuple(row) for row in written["comparison"])
            questions.append(QuestionGrade(**written))
        for key in ("notes", "borrowed"):
            form[key] = tuple(form[key])
        return cls(**form, questions=tuple(questions))

    def with_overrides(self, overrides: Mapping[tuple[str, str, str], tuple[float | None, str]]) -> Self:
        """A copy with the teacher's points and comments.

        Parameters
        ----------
        overrides : dict of (str, str, str) to (float or None, str)
            Points and comment, by student, assignment and question.
        """
        questions = []
        for question in self.questions:
            points, comment = overrides.get((self.student, self.assignment, question.id), (None, ""))
            questions.append(replace(question, override=points, comment=comment))
        return replace(self, questions=tuple(questions))
