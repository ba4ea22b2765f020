"""The lessons as their readers have them: opened as stored, and run, each of them once."""

import pytest
from lab_page import lab_page
from lesson_checks import check_run, check_stored_pictures, lesson_parameter

from lstm_course import lessons

# Lesson 04 is opened in test_lesson_04.py, which goes on with it.
LESSONS = [
    lesson_parameter(path)
    for path in sorted((lessons.course_root() / "notebooks").glob("*.ipynb"))
    if path.stem != "04_gates"
]


@pytest.mark.parametrize("path", LESSONS)
def test_a_lesson_runs_without_a_complaint(server, context, path):
    with lab_page(server, context) as lab:
        lab.open(f"notebooks/{path.name}")
        check_stored_pictures(lab, path)
        check_run(lab, path)
