"""What to talk about in the next class: the questions whose numbers stand out, each with the reasons."""

from dataclasses import dataclass

from lstm_course.questions import Choice

from .findings import SMALL_CLASS, shared_mistakes, tallies
from .page import label

AT_MOST = 5  # topics, for which one class has time
# Shares of the answers to a question that make it a topic: too few are right, or too many have the same problem.
RIGHT = 0.6
SAME_MISTAKE = 0.2
BLANK = 0.25
ERROR = 0.25
SLOW = 0.1


@dataclass(frozen=True)
class Topic:
    """A question to discuss.

    Attributes
    ----------
    question : str
        Its id.
    students : int
        How many students it concerns.
    sentence : str
        The reasons with their numbers, in Markdown.
    opening : str
        A question to put to the class, in Markdown; empty if the course has none.
    """

    question: str
    students: int
    sentence: str
    opening: str


def topics(grades, questions):
    """At most `AT_MOST` topics, beginning with those that concern most students; none if nothing stands out.

    Parameters
    ----------
    grades : list of Grade
        The grades of one assignment.
    questions : dict of str to Question or Choice
        The questions by id.

    Returns
    -------
    list of Topic
    """
    least = 1 if len(grades) < SMALL_CLASS else 2
    mistakes = shared_mistakes(grades, questions)
    candidates = []
    for tally in tallies(grades):
        question = questions.get(tally.question)
        own_mistakes = [mistake for mistake in mistakes if mistake.question == tally.question]
        reasons = _reasons(tally, own_mistakes, least, question)
        if reasons:
            clauses = "; ".join(clause for _, clause in reasons)
            hints = question.hints if question else ()
            sentence = f"**{label(tally.question)}** (`{tally.question}`): of {tally.judged} answers, {clauses}."
            candidates.append(Topic(tally.question, max(n for n, _ in reasons), sentence, hints[0] if hints else ""))
    return sorted(candidates, key=lambda topic: -topic.students)[:AT_MOST]


def _reasons(tally, mistakes, least, question):
    """Pairs of the number of students that a reason concerns and the clause that states it."""
    reasons = []

    def add(students, share, one, many):
        if students >= least and students >= share * tally.judged:
            verb = one if students == 1 else many
            reasons.append((students, f"{students} {verb} ({percent(students, tally.judged)})"))

    if tally.judged and tally.right < RIGHT * tally.judged:
        verb = "is" if tally.right == 1 else "are"
        clause = f"only {tally.right} {verb} right ({percent(tally.right, tally.judged)})"
        reasons.append((tally.judged - tally.right, clause))
    one, many = ("chose", "chose") if isinstance(question, Choice) else ("shows", "show")
    for mistake in mistakes[:2]:
        add(mistake.students, SAME_MISTAKE, f"{one} “{mistake.name}”", f"{many} “{mistake.name}”")
    kinds = tally.kinds
    add(kinds["blank"], BLANK, "is blank", "are blank")
    add(kinds["error"], ERROR, "raises an error", "raise an error")
    slow = kinds["slow"] + kinds["crashed"]
    add(slow, SLOW, "takes too long or ends the process", "take too long or end the process")
    return reasons


def percent(part, whole):
    """``27 %``, with a non-breaking space."""
    return f"{100 * part / whole:.0f}\N{NO-BREAK SPACE}%"
