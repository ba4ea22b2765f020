"""What comes out of grading: tables for people and platforms, feedback for each student, the teacher's report."""
