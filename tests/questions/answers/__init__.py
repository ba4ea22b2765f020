"""Other right ways of writing each answer: all of them must earn everything. One file a lesson.

`ANSWERS` of a lesson's file maps the id of a question to its answers, each under a few words that say how it is
written. Answers to a question that `provides` a function use it as a global of their file, as they would use one of
their notebook.
"""

import importlib

from lstm_course import lessons

ANSWERS = {}
for lesson in lessons.LESSONS:
    ANSWERS |= importlib.import_module(f"{__name__}.{lesson.slug}").ANSWERS
