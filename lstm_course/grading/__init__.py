"""Judging answers: in a notebook (`check`), and from the command line in a separate process (`submission`)."""

from .check import ask, check, exercise
from .solution import solution_text

__all__ = ["ask", "check", "exercise", "solution_text"]
