"""What the grades of a class say together: how often each question is right, and which mistakes are shared.

Numbers only; `report` puts them into words and pictures.
"""

from collections import Counter
from dataclasses import dataclass

from lstm_course.grading import cards
from lstm_course.questions import Choice

from ..records import UNJUDGED

SMALL_CLASS = 10  # in a smaller one a mistake of a single learner is worth a word


@dataclass(frozen=True)
class Tally:
    """How the answers to one question came out.

    Attributes
    ----------
    question : str
        Its id.
    judged : int
        Answers with a verdict, the teacher's included; one that could not be judged counts nowhere.
    right : int
        Of these, how many earned everything.
    kinds : dict of str to int
        How many were ``blank``, ``slow``, ``error`` and so on, whatever the teacher gave for it afterwards.
    """

    question: str
    judged: int
    right: int
    kinds: dict


@dataclass(frozen=True)
class SharedMistake:
    """A mistake with a name, and how many made it.

    Attributes
    ----------
    question, name : str
    message : str
        What the learners saw, in Markdown.
    students, judged : int
        How many made it, of how many whose answer has a verdict.
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
        Of one assignment.
    """
    found = {}
    for grade in grades:
        for question in grade.questions:
            found.setdefault(question.id, []).append(question)
    return [_tally(question_id, answers) for question_id, answers in found.items()]


def _tally(question_id, answers):
    judged = [answer for answer in answers if answer.verdict != UNJUDGED or answer.override is not None]
    return Tally(
        question_id,
        len(judged),
        sum(answer.points >= answer.possible for answer in judged),
        Counter(answer.verdict for answer in judged),
    )


def shared_mistakes(grades, asked):
    """The mistakes with names, the most frequent first; wrong letters of a choice are among them.

    Parameters
    ----------
    grades : list of Grade
        Of one assignment.
    asked : dict of str to Question or Choice
        By id; of a question that is missing, the name and one of the messages are taken from the grades.

    Returns
    -------
    list of SharedMistake
        Those that at least two made, or one where fewer than `SMALL_CLASS` handed in.
    """
    least = 1 if len(grades) < SMALL_CLASS else 2
    made, messages = Counter(), {}
    for grade in grades:
        for answer in grade.questions:
            name, message = _named(answer, asked.get(answer.id))
            if name:
                made[answer.id, name] += 1
                messages.setdefault((answer.id, name), message)
    judged = {tally.question: tally.judged for tally in tallies(grades)}
    shared = [
        SharedMistake(question_id, name, messages[question_id, name], students, judged[question_id])
        for (question_id, name), students in made.items()
        if students >= least
    ]
    return sorted(shared, key=lambda mistake: (-mistake.students, mistake.question, mistake.name))


def _named(answer, question):
    """The name of the mistake in an answer and the sentence about it, or two empty strings."""
    if isinstance(question, Choice) and answer.verdict == "wrong":
        for letter, option in question.options.items():
            if option.why == answer.message:
                chosen = cards.plain(option.text).rstrip(".")
                return f"{letter}) {chosen}", option.why
    for mistake in (*getattr(question, "mistakes", ()), *getattr(question, "raising", ())):
        if mistake.name == answer.mistake:
            return mistake.name, mistake.message
    return answer.mistake, answer.message
