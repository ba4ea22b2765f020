"""Grading a class: from a folder or zip of notebooks to grades, feedback and the teacher's report.

`grade` is the entry point. It collects the submissions, has them judged in separate processes (`judging`), keeps the
grades in a journal, and writes the reports. `records` holds what is passed between the modules.
"""
