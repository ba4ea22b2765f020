"""What to talk about next time: the questions that stand out in the numbers of a class, each with its reasons."""

from dataclasses import dataclass

from lstm_course.questions import Choice

from .findings import SMALL_CLASS, shared_mistakes, tallies
from .page import label

AT_MOST = 5  # topics; more than that no lesson has room for
# Shares of the answers to a question from which on it is worth everybody's time.
RIGHT_IN_LESS = 0.6
SAME_MISTAKE = 0.2
BLANK = 0.25
ERROR = 0.25
SLOW = 0.1


@dataclass(frozen=True)
class Topic:
    """A question to talk about.

    Attributes
    ----------
    question : str
        Its id.
    students : int
        How many it concerns.
    sentence : str
        The reasons in numbers, in Markdown.
    opening : str
        A question to put to the class, in Markdown; empty where the course knows none.
    """

    question: str
    students: int
    sentence: str
    opening: str


def topics(grades, asked):
    """At most `AT_MOST` topics, those that concern most learners first; none where nothing stands out.

    Parameters
    ----------
    grades : list of Grade
        Of one assignment.
    asked : dict of str to Question or Choice
        By id.

    Returns
    -------
    list of Topic
    """
    least = 1 if len(grades) < SMALL_CLASS else 2
    mistakes = shared_mistakes(grades, asked)
    found = []
    for tally in tallies(grades):
        reasons = _reasons(tally, [mistake for mistake in mistakes if mistake.question == tally.question], least, asked)
        if reasons:
            clauses = "; ".join(clause for _, clause in reasons)
            hints = asked[tally.question].hints if tally.question in asked else ()
            sentence = f"**{label(tally.question)}** (`{tally.question}`): of {tally.judged} answers, {clauses}."
            found.append(Topic(tally.question, max(n for n, _ in reasons), sentence, hints[0] if hints else ""))
    return sorted(found, key=lambda topic: -topic.students)[:AT_MOST]


def _reasons(tally, mistakes, least, asked):
    """Pairs of how many a reason concerns, and its clause."""
    reasons = []

    def add(students, share, one, many):
        if students >= least and students >= share * tally.judged:
            verb = one if students == 1 else many
            reasons.append((students, f"{students} {verb} ({percent(students, tally.judged)})"))

    if tally.judged and tally.right < RIGHT_IN_LESS * tally.judged:
        verb = "is" if tally.right == 1 else "are"
        clause = f"only {tally.right} {verb} right ({percent(tally.right, tally.judged)})"
        reasons.append((tally.judged - tally.right, clause))
    one, many = ("chose", "chose") if isinstance(asked.get(tally.question), Choice) else ("shows", "show")
    for mistake in mistakes[:2]:
        add(mistake.students, SAME_MISTAKE, f"{one} “{mistake.name}”", f"{many} “{mistake.name}”")
    kinds = tally.kinds
    add(kinds["blank"], BLANK, "is blank", "are blank")
    add(kinds["error"], ERROR, "raises an error", "raise an error")
    slow = kinds["slow"] + kinds["crashed"]
    add(slow, SLOW, "takes too long or ends the process", "take too long or end the process")
    return reasons


def percent(part, whole):
    """``27 %``, the space one that does not break."""
    return f"{100 * part / whole:.0f}\N{NO-BREAK SPACE}%"
