"""Grades into nbgrader's gradebook, and answers into the pages that its formgrader shows."""
