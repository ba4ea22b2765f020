"""Submissions that are alike in what is rare."""
