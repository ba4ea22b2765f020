"""The commands of ``lstm-course``. What a command needs is imported when it runs, so that ``--help`` is quick.

`app` is the command line itself; each of the other modules brings the commands of some of those who use it.
"""

from . import building, judging, learning, teaching
from .app import app

__all__ = ["app", "building", "judging", "learning", "teaching"]
