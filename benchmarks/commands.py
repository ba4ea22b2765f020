"""The waiting times of a user: for the import of the package, and for the check of a notebook."""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from lstm_course import lessons

from .timing import in_turns, ms, table, timed


def show():
    """Print both tables."""
    times = in_turns(
        {
            "nothing": timed(lambda: _run("-c", "pass")),
            "import lstm_course": timed(lambda: _run("-c", "import lstm_course")),
            "from lstm_course import check": timed(lambda: _run("-c", "from lstm_course import check")),
        },
        seconds=10,
        most=20,
    )
    bare = np.median(times.pop("nothing"))
    rows = [["the bare interpreter", ms(bare)]]
    rows += [[name, f"{1000 * (np.median(taken) - bare):+.2f}"] for name, taken in times.items()]
    table("Imports, beyond the bare interpreter (budget for the package: +300 ms)", ["", "median ms"], rows)
    _judging()


def _judging():
    notebook = lessons.course_root() / "solutions" / "04_gates.ipynb"
    contestants = {"lstm-course check": timed(lambda: _run("-m", "lstm_course.cli", "check", notebook))}
    title = "One solved notebook, from the command line (budget: 2 s)"
    with tempfile.TemporaryDirectory() as folder:
        nbgrader = importlib.util.find_spec("nbgrader")
        if nbgrader:
            copy = Path(folder, notebook.name)
            copy.write_bytes(notebook.read_bytes())
            contestants["nbgrader validate"] = timed(lambda: _validate(copy))
        times = in_turns(contestants, seconds=30, least=3, most=7)
    base = np.median(times["lstm-course check"])
    rows = [[name, ms(taken), f"{np.median(taken) / base:.1f}"] for name, taken in times.items()]
    table(title, ["", "median ms", "ratio"], rows)
    if not nbgrader:
        print("  nbgrader validate: skipped, because nbgrader is not installed.")


def _validate(notebook):
    output = _run("-m", "nbgrader", "validate", notebook.name, cwd=notebook.parent)
    if "Success" not in output:  # a notebook that fails at once would win the race
        raise RuntimeError(f"nbgrader does not accept the solved notebook:\n{output}")


def _run(*arguments, cwd=None):
    environment = {name: value for name, value in os.environ.items() if name != "LSTM_COURSE_CHECK"}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
