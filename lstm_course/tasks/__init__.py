"""What is to be learned, one file a task.

Each task gives arrays (``batch``), a score for a network's outputs (``score``), what the score is without
having learned the task's point (``TRIVIAL``), and its description in the file's docstring.
"""
