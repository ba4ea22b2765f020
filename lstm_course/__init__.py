"""A Jupyter course on long short-term memory networks.

``from lstm_course import check`` is all an exercise needs. The parts are imported by name
(``lstm_course.scratch``, ``lstm_course.nets``, ...); importing the package itself loads neither
torch nor matplotlib, so that a notebook starts at once.
"""

__version__ = "1.0.0"

__all__ = ["ask", "check", "exercise"]


def __getattr__(name):
    # check, ask and exercise live in grading/, which is only loaded when one of them is first used.
    if name in __all__:
        from lstm_course import grading

        return getattr(grading, name)
    raise AttributeError(f"module 'lstm_course' has no attribute {name!r}")
