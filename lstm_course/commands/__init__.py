"""The commands of ``lstm-course``. A command imports what it needs only when it runs, so that ``--help`` is fast.

`app` is the command line itself; each of the other modules adds the commands for one group of users.
"""

from . import building, judging, learning, teaching
from .app import app

__all__ = ["app", "building", "judging", "learning", "teaching"]
