"""Grading a class: from a folder or zip of notebooks to grades, feedback and the teacher's report.

`grade` is the way in. It collects the submissions, has each judged by `lstm_course.grading` in a process apart, keeps
what is done in a journal, and writes what comes of it. `records` is what passes between its parts.
"""
