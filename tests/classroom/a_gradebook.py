"""A small gradebook of nbgrader's, and ways to look into it."""

import sqlite3
from contextlib import closing
from dataclasses import replace

from lstm_course import questions
from lstm_course.classroom.for_nbgrader.gradebook import write_gradebook
from lstm_course.classroom.records import Grade, QuestionGrade

STEM = "04_gates"
ASKED = {question.id: question.points for question in questions.of_lesson("04") if question.points}
FIRST = "04-forget-gate"
SCORES = (
    "SELECT student_id, substr(base_cell.name, 7), auto_score, manual_score, extra_credit, needs_manual_grade "
    "FROM grade JOIN base_cell ON base_cell.id = cell_id JOIN submitted_notebook s ON s.id = grade.notebook_id "
    "JOIN submitted_assignment a ON a.id = s.assignment_id"
)


def graded(student, earned=1.0, status="graded", stem=STEM, **of_first):
    """A grade with this share of each question's points; the keywords change the first question."""
    asked = [QuestionGrade(name, "right", earned * points, points, "") for name, points in ASKED.items()]
    asked[0] = replace(asked[0], **of_first)
    return Grade(student, stem, f"{student}/{stem}.ipynb", status, tuple(asked), possible=14.0)


def small_gradebook(folder):
    """A new gradebook with three students."""
    path = folder / "gradebook.db"
    written = write_gradebook([graded("ada"), graded("boris", 0.0), graded("chen", 0.5)], path)
    assert (written.added, written.replaced, written.notes) == (3, 0, ())
    return path


def ask(path, query, *values):
    with closing(sqlite3.connect(path)) as database:
        found = database.execute(query, values).fetchall()
        database.commit()
    return found


def content(path):
    with closing(sqlite3.connect(path)) as database:
        return sorted(database.iterdump())


def row(path, student, question=FIRST):
    """Automatic and manual points, extra credit, and whether somebody has to look."""
    (found,) = [rest for name, asked, *rest in ask(path, SCORES) if (name, asked) == (student, question)]
    return found
