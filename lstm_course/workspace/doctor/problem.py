"""What the doctor says of one thing that is wrong, and how commands are written in it."""

import sys
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong: what, why it matters, and the command or step that mends it."""

    what: str
    why: str
    fix: str


def pip(arguments):
    """The command that installs something into this Python, as one would type it."""
    return f"{quoted(sys.executable)} -m pip install {arguments}"


def reinstall(root):
    """The command that installs what the course requires."""
    return pip(f"-r {quoted(root / 'requirements.txt')}")


def quoted(path):
    """A path as one types it."""
    return f'"{path}"' if " " in str(path) else str(path)
