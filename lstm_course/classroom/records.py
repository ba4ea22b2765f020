"""What passes between the parts that grade a class: submissions, grades, and their JSON."""

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

# How far a submission could be judged; the teacher looks at all but the first.
GRADED, REVIEW, UNREADABLE = "graded", "review", "unreadable"
UNJUDGED = "unjudged"  # the verdict on a question that could not be judged, which says nothing about the answer


@dataclass(frozen=True)
class Submission:
    """One notebook that somebody handed in.

    Attributes
    ----------
    student : str
        As the folder, the file or the learning platform names them.
    assignment : str
        The stem of the exercise, ``"04_gates"``; empty where it could not be told.
    source : str
        Where it was found, for people: a path below the folder, or ``class.zip: ada/04_gates.ipynb``.
    content : bytes or None
        The file itself, or, where it is large, the same notebook without its outputs; None where it could not be read.
    problem : str
        Why it cannot be judged, in one sentence; empty where it can.
    notes : tuple of str
        What the teacher should know of how it was found ("the later of two files").
    identity : dict of str to str
        What the learning platform calls the student: ``moodle_id``, ``canvas_id``, ``name``.
    remarks : tuple of str
        What the teacher may like to know, and need not look at ("besides, there is an online text").
    """

    student: str
    assignment: str
    source: str
    content: bytes | None
    problem: str = ""
    notes: tuple[str, ...] = ()
    identity: dict[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Batch:
    """A class as it was graded: its grades, and how they came about.

    Attributes
    ----------
    grades : tuple of Grade
        With overrides.
    when : datetime.datetime
        When they were judged, with its time zone.
    isolation : str
        The level at which the notebooks ran.
    seed : int
        Of the cases of the whole batch.
    copies : tuple of NearCopy
        The strongest first.
    asked : dict of str to Question or Choice, optional
        By id; the course's own where not given.
    submissions, questions : str
        Where the submissions, and a teacher's own questions, are.
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
    """What one answer earned, and why.

    Attributes
    ----------
    id : str
        Of the question.
    verdict : str
        One of the judge's (``lstm_course.grading.cards.HEADINGS``), or ``"unjudged"``.
    judged, possible : float
        Points that the judge gave, and that there are.
    message : str
        The reason, in Markdown.
    mistake : str
        Name of the known mistake, or empty.
    comparison, call, printed
        As in `lstm_course.grading.judge.Verdict`.
    override : float or None
        Points that the teacher gave instead.
    comment : str
        The teacher's.
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
        """What counts: the teacher's word, or else the judge's."""
        return self.judged if self.override is None else self.override


@dataclass(frozen=True)
class Grade:
    """The result of one submission.

    Attributes
    ----------
    student, assignment, source, identity
        As in `Submission`.
    status : {"graded", "review", "unreadable"}
        ``review``: graded, and the teacher should look, for the reasons in `notes`; ``unreadable``: not judged.
    questions : tuple of QuestionGrade
        Empty where it is unreadable.
    notes : tuple of str
        Sentences about the submission as a whole, for the teacher.
    possible : float
        Points that there are; also where nothing could be judged.
    seed : int
        Of the cases: the same seed judges again by the same cases.
    digest : str
        SHA-256 of the content that was judged, which for a large file is without its outputs.
    borrowed : tuple of str
        Functions the answers call that they were to write, as ``"04-forget-gate: lstm_course.scratch.lstm_step"``.
    milliseconds : float
        That judging it took.
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
        """Points in all, overrides among them."""
        return sum(question.points for question in self.questions)

    def as_dict(self) -> dict[str, Any]:
        """For JSON, with what follows from the rest (`score`, `points`) written out."""
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
        """The same grade with the teacher's points and comments.

        Parameters
        ----------
        overrides : dict of (str, str, str) to (float or None, str)
            Points and comment by student, assignment and question.
        """
        questions = []
        for question in self.questions:
            points, comment = overrides.get((self.student, self.assignment, question.id), (None, ""))
            questions.append(replace(question, override=points, comment=comment))
        return replace(self, questions=tuple(questions))
