"""The entry point of ``lstm-course``: it runs one of the `commands` and reports any error in a sentence.

This module imports nothing that a foreign module could break, so that `failures` can always report the problem.
"""

import os
import sys

from .workspace.failures import guarded, warn_of_foreign_modules


def main():
    """Run the command line."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the parent process
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        else:
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows ? in its place
    try:
        guarded(_command_line)
    except SystemExit as end:
        if end.code:
            warn_of_foreign_modules()
        raise


def _command_line():
    from .commands import app

    app(prog_name="lstm-course")


if __name__ == "__main__":
    main()
