"""The results of grading: tables for people and platforms, feedback for each student, and the teacher's report."""
