"""Statistics over the grades of a class: how often each question is right, and which mistakes are shared."""

from collections import Counter
from dataclasses import dataclass

from lstm_course.grading import cards
from lstm_course.questions import Choice

from ..records import UNJUDGED

SMALL_CLASS = 10  # in a smaller class, a mistake made by a single learner is listed, too


@dataclass(frozen=True)
class Tally:
    """How many answers to one question got which verdict.

    Attributes
    ----------
    question : str
        Its id.
    judged : int
        How many have a verdict, from the judge or the teacher. Answers that could not be judged are not counted at all.
    right : int
        How many of these earned full points.
    kinds : dict of str to int
        How many were ``blank``, ``slow``, ``error`` and so on according to the judge, whatever points the teacher gave.
    """

    question: str
    judged: int
    right: int
    kinds: dict


@dataclass(frozen=True)
class SharedMistake:
    """A known mistake, and how many students made it.

    Attributes
    ----------
    question, name : str
    message : str
        The message shown to the learners, in Markdown.
    students, judged : int
        How many made it, and how many have a verdict on the question.
    """

    question: str
    name: str
    message: str
    students: int
    judged: int

    @property
    def share(self):
        return self.students / self.judged


def tallies(grades):
    """One `Tally` for each question of an assignment, in the order of the exercise.

    Parameters
    ----------
    grades : iterable of Grade
        The grades of one assignment.
    """
    by_question = {}
    for grade in grades:
        for answer in grade.questions:
            by_question.setdefault(answer.id, []).append(answer)
    return [_tally(question_id, answers) for question_id, answers in by_question.items()]


def _tally(question_id, answers):
    judged = [answer for answer in answers if answer.verdict != UNJUDGED or answer.override is not None]
    return Tally(
        question_id,
        len(judged),
        sum(answer.points >= answer.possible for answer in judged),
        Counter(answer.verdict for answer in judged),
    )


def shared_mistakes(grades, questions):
    """The known mistakes in the answers, the most frequent first, including wrong options of multiple-choice questions.

    Parameters
    ----------
    grades : list of Grade
        The grades of one assignment.
    questions : dict of str to Question or Choice
        The questions by id; if one is missing, the name and the message of its mistakes are taken from the grades.

    Returns
    -------
    list of SharedMistake
        Those made by at least two students, or by at least one if fewer than `SMALL_CLASS` handed something in.
    """
    least = 1 if len(grades) < SMALL_CLASS else 2
    students, messages = Counter(), {}
    for grade in grades:
        for answer in grade.questions:
            name, message = _mistake(answer, questions.get(answer.id))
            if name:
                students[answer.id, name] += 1
                messages.setdefault((answer.id, name), message)
    judged = {tally.question: tally.judged for tally in tallies(grades)}
    shared = [
        SharedMistake(question_id, name, messages[question_id, name], count, judged[question_id])
        for (question_id, name), count in students.items()
        if count >= least
    ]
    return sorted(shared, key=lambda mistake: (-mistake.students, mistake.question, mistake.name))


def _mistake(answer, question):
    """The name of the mistake in an answer and the message about it, or two empty strings."""
    if isinstance(question, Choice) and answer.verdict == "wrong":
        for letter, option in question.options.items():
            if option.why == answer.message:
                chosen = cards.plain(option.text).rstrip(".")
                return f"{letter}) {chosen}", option.why
    for mistake in (*getattr(question, "mistakes", ()), *getattr(question, "raising", ())):
        if mistake.name == answer.mistake:
            return mistake.name, mistake.message
    return answer.mistake, answer.message
