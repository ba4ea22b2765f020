"""What a user waits for, and the peak memory of each: imports, `check` in a notebook, and the commands."""

import contextlib
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from lstm_course import lessons
from lstm_course.workspace import work as copies

from .timing import in_turns, ms, table, timed

STEM = "04_gates"
# Runs a command in a process that is small itself, and prints the peak memory of the command in MB at the end. (The
# memory that Linux counts for a process includes that of the one from which it was forked.)
WITH_PEAK = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
sys.exit(done.returncode)
"""


def show():
    """Print the tables."""
    _imports()
    _checks()
    _commands()


def _imports():
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
    rows = [["the bare interpreter", ms(bare), _peak("-c", "pass")]]
    rows += [[name, f"{1000 * (np.median(taken) - bare):+.2f}", _peak("-c", name)] for name, taken in times.items()]
    table("Imports, beyond the bare interpreter (budget for the package: +300 ms)", ["", "median ms", "peak MB"], rows)


def _checks():
    """`check` on every solved answer of one lesson, in this process: the answer's own calls are included."""
    from lstm_course import check, questions

    answers = _answers(STEM)
    rows = []
    for question in questions.of_lesson(STEM):
        if question.points:
            with contextlib.redirect_stdout(io.StringIO()):
                run = timed(lambda question=question: check(question.id, answers[question.name]))
                times = in_turns({question.id: run}, seconds=0.5)
            rows.append([question.id, *(ms(times[question.id], share) for share in (50, 95))])
    title = f"check(...) on each right answer of {STEM} (budget: 50 ms beyond the answer's own time)"
    table(title, ["", "median ms", "95th percentile ms"], rows)


def _answers(stem):
    """The names that a solved exercise binds."""
    notebook, names = lessons.course_root() / "solutions" / f"{stem}.ipynb", {}
    code = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "python", "--stdout", str(notebook)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, str(notebook), "exec"), names)
    return names


def _commands():
    notebook = lessons.course_root() / "solutions" / f"{STEM}.ipynb"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        commands = {"lstm-course check": ("-m", "lstm_course.cli", "check", notebook)}
        if importlib.util.find_spec("nbgrader"):
            copy = Path(folder, notebook.name)
            copy.write_bytes(notebook.read_bytes())
            commands["nbgrader validate"] = ("-m", "nbgrader", "validate", copy)
        times = in_turns(
            {name: timed(lambda command=command: _run(*command)) for name, command in commands.items()},
            seconds=30,
            least=3,
            most=7,
        )
        base = np.median(times["lstm-course check"])
        rows = [
            [name, ms(times[name]), f"{np.median(times[name]) / base:.1f}", _peak(*command)]
            for name, command in commands.items()
        ]
    table("One solved notebook, from the command line (budget: 2 s)", ["", "median ms", "ratio", "peak MB"], rows)
    if len(commands) == 1:
        print("  nbgrader validate: skipped, because nbgrader is not installed.")
    _work()


def _work():
    """The commands for the learner's copies of all lessons: one has been solved, the others are as handed out."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        work = Path(folder, "work")
        copies.make_copies(lessons.course_root(), work)
        shutil.copy(lessons.course_root() / "solutions" / f"{STEM}.ipynb", work / "exercises")
        os.environ[copies.WORK] = str(work)
        rows = []
        for name in ("lstm-course progress, the first time", "lstm-course progress, nothing changed"):
            began = time.perf_counter()
            peak = _peak("-m", "lstm_course.cli", "progress")
            rows.append([name, f"{time.perf_counter() - began:.1f}", peak])
        rows.append(["lstm-course lab, until it answers", *_lab(Path(folder))])
        del os.environ[copies.WORK]
    table(f"A learner's copies of all lessons, with {STEM} solved; once each", ["", "s", "peak MB"], rows)


def _lab(folder):
    """The seconds until JupyterLab has written down where it answers, and its own peak memory in MB."""
    command = [sys.executable, "-m", "lstm_course.cli", "lab", "--no-browser"]
    environment = os.environ | {"JUPYTER_RUNTIME_DIR": str(folder)}
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not list(folder.glob("jpserver-*.json")):
            if process.poll() is not None:
                raise RuntimeError("lstm-course lab ended at once")
            time.sleep(0.01)
        seconds = time.perf_counter() - began
        status = Path("/proc", str(process.pid), "status")
        peak = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    finally:
        process.terminate()
        process.wait(60)
    return f"{seconds:.1f}", str(int(peak[1]) >> 10) if peak else "-"


def _peak(*arguments):
    """The peak memory of a command, in MB, that of its largest process."""
    return _run("-c", WITH_PEAK, sys.executable, *arguments).split()[-1]


def _run(*arguments):
    environment = {name: value for name, value in os.environ.items() if name != "LSTM_COURSE_CHECK"}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout
