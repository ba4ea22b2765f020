"""The process that runs a learner's cells: ``python -P -m lstm_course.probes.isolated FOLDER``.

FOLDER holds ``job.json`` and ``inputs.npz``, written by `lstm_course.grading.isolation`. The process runs the
cells one after another, calls the answers, and writes what they return into the same folder. It judges nothing.
``events.jsonl`` grows by a line at each step, so that whoever waits knows which cell or question it died in.
"""

import ast
import contextlib
import io
import json
import linecache
import os
import re
import sys
import warnings
from pathlib import Path

import numpy as np

from .call import Failure, Probe, Returned, call_answer
from .limits import TimeUp, time_limit
from .transport import MOST_RESULTS, pack, unpack


def main(folder):
    """Run the job in `folder`."""
    folder = Path(folder)
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    with np.load(folder / "inputs.npz", allow_pickle=False) as stored:
        inputs = dict(stored)
    _limit(job["memory_mb"])
    sys.stdin = io.StringIO()  # input() then says that there is nothing to read
    with open(folder / "events.jsonl", "a", encoding="utf-8") as events:

        def say(**event):
            events.write(json.dumps(event) + "\n")
            events.flush()

        names = {"__name__": "__main__", "get_ipython": lambda: _Shell()}
        for cell in job["cells"]:
            say(cell=cell["index"], state="start")
            problem = _run_cell(cell, names, job["cell_seconds"])
            say(cell=cell["index"], state="done", problem=problem)
        for question in job["questions"]:
            say(question=question["id"], state="start")
            probe = Probe(**question["probe"])
            arrays, outcomes = {}, []
            for k, case in enumerate(unpack(question["cases"], inputs)):
                outcome = call_answer(probe, names.get(probe.name), case)
                outcomes.append(_outcome(outcome, arrays, f"case{k}"))
                if isinstance(outcome, Failure):  # one decides; an answer that hangs is not called again
                    break
            if sum(array.nbytes for array in arrays.values()) > MOST_RESULTS:
                arrays = {}
                outcomes = [_outcome(_too_much(probe.name), arrays, "")]
            np.savez(folder / f"{question['id']}.npz", **arrays)
            say(question=question["id"], state="done", outcomes=outcomes)
        say(state="end")


def _outcome(outcome, arrays, prefix):
    if isinstance(outcome, Returned):
        values = pack(outcome.values, arrays, prefix)
        return {"values": values, "printed": outcome.printed, "borrowed": outcome.borrowed}
    return {"failure": outcome.kind, "message": outcome.message, "printed": outcome.printed}


def _too_much(name):
    return Failure("form", f"`{name}` returns more than {MOST_RESULTS >> 20} MB in all.")


def _run_cell(cell, names, seconds):
    """Run one cell; what it raised, as a sentence, or None."""
    filename = f"<cell {cell['index']}>"
    source = cell["source"]
    # A traceback can then show the learner's own line.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        with contextlib.redirect_stdout(_Nothing()), contextlib.redirect_stderr(_Nothing()):
            with warnings.catch_warnings(), time_limit(seconds):
                warnings.simplefilter("ignore")
                exec(compile(_plain_python(source), filename, "exec"), names)
    except TimeUp:
        return f"did not finish within {seconds:g} seconds"
    except SyntaxError as problem:
        return f"{type(problem).__name__} in line {problem.lineno}: {problem.msg}"
    except BaseException as problem:
        said = str(problem)[:300]
        return type(problem).__name__ + (f": {said}" if said else "")
    return None


def _plain_python(source):
    """The cell without IPython's own syntax; only cells that have some pay for loading IPython."""
    try:
        ast.parse(source)
    except SyntaxError:
        if any(mark in source for mark in "%!?"):
            from IPython.core.inputtransformer2 import TransformerManager

            # These magics run the cell as it is, and only look on.
            source = re.sub(r"\A(\s*)(%%(?:time|capture|prun)\b)", r"\1# \2", source)
            return TransformerManager().transform_cell(source)
    return source


class _Shell:
    """Stands for the notebook's shell: magics and shell commands do nothing here."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


class _Nothing(io.TextIOBase):
    """Swallows what is printed; it may be without end."""

    def write(self, text):
        return len(text)


def _limit(memory_mb):
    """Hold this process to its share of memory, and its files to a moderate size, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for limit, value in (("RLIMIT_AS", memory_mb << 20), ("RLIMIT_FSIZE", 2 * MOST_RESULTS)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, limit), (value, value))


if __name__ == "__main__":
    main(sys.argv[1])
    os._exit(0)  # threads that a learner started must not keep the process alive
