"""The README's picture of the teacher's report: a class of fourteen whose answers were really judged."""

import io
import random
from datetime import UTC, datetime

from pictures import keep
from PIL import Image
from plain_page import plain_page

from lstm_course import questions
from lstm_course.classroom.records import Batch, Grade, QuestionGrade
from lstm_course.classroom.reports.write_all import write_all
from lstm_course.grading.check import judge_here

STUDENTS = "ada boris chen dalia emre fatou goran hana ivo jana kofi lena marta nils".split()
ASKED = [question for question in questions.of_lesson("04_gates") if question.points]
WHEN = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SEED = 4


def answered(student, question, chance):
    """One answer: right, blank, or one of the mistakes that learners make, the first the more often."""
    drawn = chance.random()
    if drawn < 0.08:
        answer = None
    elif isinstance(question, questions.Choice):
        wrong = [letter for letter in question.options if letter != question.right]
        answer = question.right if drawn < 0.85 else wrong[0]
    elif drawn < 0.74:
        answer = "right"
    else:
        answer = question.mistakes[min(int(chance.expovariate(1.2)), len(question.mistakes) - 1)].answer
    if answer == "right":  # the reference itself would be told apart, as borrowed
        return QuestionGrade(question.id, "right", question.points, question.points, question.explain_right)
    found = judge_here(question, answer, SEED)
    return QuestionGrade(
        question.id, found.verdict, found.earned, found.possible, found.message, found.mistake, found.comparison
    )


def test_picture_of_the_report(browser, tmp_path):
    chance = random.Random(3)
    possible = sum(question.points for question in ASKED)
    grades = [
        Grade(
            student,
            "04_gates",
            f"submitted/{student}/04_gates/04_gates.ipynb",
            "graded",
            tuple(answered(student, question, chance) for question in ASKED),
            possible=possible,
        )
        for student in STUDENTS
    ]
    report = write_all(Batch(tuple(grades), WHEN, "full", SEED), tmp_path)
    with plain_page(browser, tmp_path, viewport={"width": 1000, "height": 1180}, color_scheme="light") as plain:
        plain.page.goto(report.as_uri())
        assert plain.page.locator(".box tbody tr").count() == len(STUDENTS)
        top = plain.page.locator("h2").first.bounding_box()["y"] - 20
        box = plain.page.locator(".box").first.bounding_box()
        clip = {"x": 0, "y": top, "width": 1000, "height": box["y"] + box["height"] + 20 - top}
        picture = Image.open(io.BytesIO(plain.page.screenshot(full_page=True, clip=clip))).convert("RGB")
        keep(picture.quantize(128), "report.png")
