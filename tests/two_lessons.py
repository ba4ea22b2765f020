"""The two lessons on which the machinery is tested: collecting, grading, nbgrader, reports, near copies, building.

Machinery treats all lessons alike, so that more of them would only take longer. What may differ from lesson to lesson
is tested over all of them: each notebook, each question, each mistake, and each page in the browser.
"""

import pytest

from lstm_course import lessons

GATES = lessons.find("04")  # short answers
SCRATCH = lessons.find("05")  # long ones, which can be copied in part
TWO = (GATES, SCRATCH)

on_two_lessons = pytest.mark.parametrize("lesson", TWO, ids=lambda lesson: lesson.stem)
