"""Grading a class, isolated, against nbgrader on the same notebooks: ``python -m benchmarks.grading``.

Both go from a folder of notebooks to written grades and feedback. Each time is that of one run of the command,
including its start; the cost of one submission is the slope between two runs. The class hands in a lesson whose answers
take next to no time themselves. In most later lessons an answer trains a network for seconds; what that adds is shown
for each lesson.
"""

import copy
import importlib.util
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lstm_course import lessons, questions
from lstm_course.grading import notebook_file
from lstm_course.grading.bank import Bank
from lstm_course.grading.submission import PRELOADED_IF_USED, Bench
from lstm_course.isolation import support
from lstm_course.isolation.sandbox import Sandbox

from . import environment
from .timing import table

STEM = "01_sequences"
SIZES = (1, 100, 300, 1000)
# Runs a module and prints the peak memory of this process. (getrusage would include the memory of its parent.)
WITH_PEAK = """
import re, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__")
except SystemExit as end:
    assert not end.code
print(int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) >> 10)
"""
NBGRADER = (2, 6)  # the sizes that fit into a minute


def show():
    """Print all tables."""
    environment.show()
    print(f"isolation: {support.level()}, {support.LEVELS[support.level()]}")
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for size in sorted({*SIZES, *NBGRADER}):
            make_class(folder / str(size), size)
        taken = {size: grade_class(folder, size) for size in SIZES}
        slope = (taken[1000][0] - taken[100][0]) / 900
        rows = [
            [f"{size:,} submissions", f"{seconds:.1f}", f"{1000 * seconds / size:.1f}", peak]
            for size, (seconds, peak) in taken.items()
        ]
        head = ["", "s", "ms each", "grader's MB"]
        table(f"lstm-course grade on {STEM} (budgets: 1,000 in 90 s, one more 40 ms, start 3 s)", head, rows)
        print(f"  one more submission: {1000 * slope:.1f} ms; start-up: {taken[1][0]:.2f} s")
        tuned = [name for name in environment.TUNING if name in os.environ]
        if tuned:
            seconds, _ = grade_class(folder, 100, without=tuned)
            print(f"  100 submissions without {' and '.join(tuned)}: {seconds:.1f} s")
        _against_nbgrader(folder, slope)
    _lessons()


def make_class(folder, size):
    """Write submissions in nbgrader's layout: of ten answers one is blank, one wrong, and the others are right."""
    root, chance = lessons.course_root(), random.Random(size)
    solved, blank = (json.loads((root / part / f"{STEM}.ipynb").read_text()) for part in ("solutions", "exercises"))
    graded = {question.id: question for question in questions.of_lesson(STEM) if question.points}
    answers = {
        cell["id"]: re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", "".join(cell["source"])) for cell in solved["cells"]
    }
    for number in range(size):
        notebook = copy.deepcopy(blank)
        for cell in notebook["cells"]:
            if cell["id"] in graded and (drawn := chance.random()) > 0.1:
                cell["source"] = answers[cell["id"]] + (_spoiling(graded[cell["id"]]) if drawn > 0.9 else "")
        path = folder / "submitted" / f"student{number:04d}" / STEM / f"{STEM}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook))


def _spoiling(question):
    """Code after a right answer that makes it wrong."""
    if isinstance(question, questions.Choice):
        return f"\n{question.name} = {next(letter for letter in question.options if letter != question.right)!r}\n"
    return (
        f"\n_right = {question.name}\n\n\ndef {question.name}(*arguments):\n    result = _right(*arguments)\n"
        "    return tuple(2 * each for each in result) if isinstance(result, tuple) else 2 * result\n"
    )


def grade_class(folder, size, *options, without=()):
    """The seconds that our grader takes for the class in ``folder/size``, and its own peak memory in MB."""
    out = folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = ["lstm_course.cli", "grade", str(folder / str(size)), "--out", str(out), *options]
    variables = {name: value for name, value in os.environ.items() if name not in without}
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", WITH_PEAK, *command], env=variables, capture_output=True, text=True)
    seconds = time.perf_counter() - began
    if done.returncode or f"graded {size} of {size} " not in done.stdout:
        raise RuntimeError(done.stdout + done.stderr)
    return seconds, done.stdout.split()[-1]


def _against_nbgrader(folder, slope):
    if not importlib.util.find_spec("nbgrader"):
        print("  nbgrader: skipped, because it is not installed.")
        return
    seconds = {}
    for size in NBGRADER:
        course = folder / str(size)
        source = course / "source" / STEM
        source.mkdir(parents=True)
        shutil.copy(lessons.course_root() / "solutions" / f"{STEM}.ipynb", source)
        _nbgrader(course, "generate_assignment", STEM)
        began = time.perf_counter()
        _nbgrader(course, "autograde", STEM)
        _nbgrader(course, "generate_feedback", STEM)
        seconds[size] = time.perf_counter() - began
        graded = len(list((course / "autograded").rglob("*.ipynb")))
        if graded != size:
            raise RuntimeError(f"nbgrader graded {graded} of {size}")
    few, more = NBGRADER
    theirs = (seconds[more] - seconds[few]) / (more - few)
    rows = [
        ["nbgrader autograde and generate_feedback", f"{1000 * theirs:.0f}", f"{theirs / slope:.0f}"],
        ["lstm-course grade", f"{1000 * slope:.1f}", "1"],
    ]
    table("One more submission, from folder to written grades and feedback", ["", "ms", "ratio"], rows)


def _lessons():
    """What one submission of each lesson takes, one at a time: solved, and as it was handed out."""
    rows, root = [], lessons.course_root()
    for path in sorted((root / "solutions").glob("*.ipynb")):
        with Sandbox(preload=["numpy", *PRELOADED_IF_USED]) as sandbox:
            bench = Bench(Bank().assignment(path.stem), sandbox, seed=1)
            solved, blank = (_judged(bench, root / part / path.name) for part in ("solutions", "exercises"))
        rows.append([path.stem, f"{1000 * solved:.0f}", f"{1000 * blank:.0f}"])
    table("One submission at a time, isolated: its own work included", ["", "solved: ms", "blank: ms"], rows)


def _judged(bench, path, times=3):
    """The median of the seconds that one notebook takes."""
    notebook, taken = notebook_file.read(path), []
    for _ in range(1 + times):
        began = time.perf_counter()
        bench.judge(notebook)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken[1:])


def _nbgrader(course, *arguments):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments, "--quiet"],
        cwd=course,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


if __name__ == "__main__":
    show()
