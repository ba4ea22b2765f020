"""Grades made by hand for the tests of what comes out of grading, and a reader of pages."""

from datetime import UTC, datetime
from html.parser import HTMLParser

from lstm_course import questions
from lstm_course.classroom.records import Grade, QuestionGrade

WHEN = datetime(2026, 11, 20, 18, 35, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
ASKED = {question.id: question for question in questions.of_lesson("04_gates") if question.points}


def answer(question_id, verdict="right", **details):
    """One answer of lesson 04: all of its points where it is right, none elsewhere."""
    possible = ASKED[question_id].points
    judged = possible if verdict == "right" else 0
    return QuestionGrade(question_id, verdict, **({"judged": judged, "possible": possible, "message": "So."} | details))


def mistaken(question_id, k=0):
    """An answer with the k-th known mistake."""
    mistake = ASKED[question_id].mistakes[k]
    return answer(question_id, "wrong", message=mistake.message, mistake=mistake.name)


def chosen(question_id, letter):
    """An answer to a choice."""
    question = ASKED[question_id]
    verdict = "right" if letter == question.right else "wrong"
    return answer(question_id, verdict, message=question.options[letter].why)


def grade(student, *answers, **details):
    """A grade of lesson 04; answers that are not given are right."""
    given = {own.id: own for own in answers}
    everything = tuple(given.get(question_id) or answer(question_id) for question_id in ASKED)
    possible = sum(question.points for question in ASKED.values())
    usual = dict(
        assignment="04_gates",
        source=f"{student}/04_gates.ipynb",
        status="graded",
        questions=everything,
        possible=possible,
        seed=7,
        digest="c0ffee" * 10,
    )
    return Grade(student, **(usual | details))


def unread(student, **details):
    """A submission that could not be judged."""
    return grade(student, **({"status": "unreadable", "questions": (), "notes": ("It is empty.",)} | details))


class ReadPage(HTMLParser):
    """Elements and text of a page; complains of elements that are not closed, or closed elsewhere.

    Attributes
    ----------
    elements : list of (str, dict)
        Tags and attributes in their order.
    inside : list of (tuple of str, str)
        Pieces of text, with the ids and classes of the elements around them.
    """

    EMPTY = ("meta", "br", "hr", "img", "link", "input", "rect", "line")

    def __init__(self, text):
        super().__init__()
        self.open, self.elements, self.inside = [], [], []
        self.feed(text)
        self.close()
        assert not self.open, f"never closed: {self.open}"

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice: {names}"
        self.elements.append((tag, dict(attributes)))
        if tag not in self.EMPTY:
            self.open.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in self.EMPTY:
            assert self.open and self.open.pop()[0] == tag, f"</{tag}> closes nothing"

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.inside.append((tuple(self.open), data))

    @property
    def text(self):
        """All that is read, without the style sheet, with single spaces."""
        shown = (data for around, data in self.inside if not any(tag == "style" for tag, _ in around))
        return " ".join("".join(shown).split())

    def tags(self, name):
        return [attributes for tag, attributes in self.elements if tag == name]

    def within(self, tag, **attributes):
        """The text within the elements of this tag and these attributes."""
        wanted = attributes.items()
        found = (
            data
            for around, data in self.inside
            if any(name == tag and wanted <= given.items() for name, given in around)
        )
        return " ".join("".join(found).split())


def assert_harmless(page):
    """No element and no attribute of a page runs anything or fetches anything, whatever was put into it."""
    for tag, attributes in page.elements:
        assert tag not in ("script", "img", "iframe", "object", "embed", "base", "form"), tag
        assert not [name for name in attributes if name.startswith("on")], attributes
        for name in ("href", "src", "action"):
            assert ":" not in attributes.get(name, "").split("#")[0], attributes
