"""Running a learner's cells and calling the answers: what goes on in the process apart, and all that it knows.

It is handed cells, the way to call each answer, and inputs; never the reference. It judges nothing, and says after
each step how far it has come, so that whoever waits knows the cell or the answer that it died in.
"""

import ast
import contextlib
import inspect
import io
import linecache
import re
import sys
import types
import warnings
from dataclasses import dataclass

from lstm_course.probes import Failure, Probe, Returned, call_answer, pack, unpack
from lstm_course.probes.limits import TimeUp, time_limit, watchdog
from lstm_course.probes.transport import MOST_RESULTS


@dataclass(frozen=True)
class Assignment:
    """What is the same for all who hand in an exercise.

    Attributes
    ----------
    names : dict
        What the course's own cells have bound.
    asked : dict of str to (Probe, list of dict)
        For each question's id how to call its answer, and the inputs.
    """

    names: dict
    asked: dict


def stand_in_for_the_judge():
    """`check`, `ask` and `exercise` do nothing here; the questions, and with them the references, cannot be loaded."""
    import lstm_course

    silent = types.ModuleType("lstm_course.grading")
    silent.__path__ = []
    for name in lstm_course.__all__:
        setattr(silent, name, lambda *args, **kwargs: None)
    sys.modules["lstm_course.grading"] = lstm_course.grading = silent
    for name in ("questions", "classroom", "cli"):
        sys.modules[f"lstm_course.{name}"] = None


def prepare(message, arrays):
    """Run the course's own cells, and make the inputs ready.

    Parameters
    ----------
    message : dict
        ``provided`` (list of source texts), ``questions`` (list of ``id``, ``probe``, ``cases``).
    arrays : dict of str to numpy.ndarray
        That `message` speaks of.

    Returns
    -------
    Assignment
    """
    names = {"__name__": "__main__", "get_ipython": lambda: _Shell(), "display": lambda *args, **kwargs: None}
    for place, source in enumerate(message["provided"], start=1):
        problem = _run_cell(-place, source, names, seconds=60)
        if problem:
            raise RuntimeError(f"a cell that the course provides did not run: {problem}")
    asked = {each["id"]: (Probe(**each["probe"]), unpack(each["cases"], arrays)) for each in message["questions"]}
    return Assignment(names, asked)


def run(assignment, job, say):
    """Run the learner's cells, then call the answers.

    Parameters
    ----------
    assignment : Assignment
    job : dict
        ``cells`` (list of place and source), ``questions`` (ids, in order), ``cell_seconds``.
    say : callable
        Called with the content and the arrays of each message.
    """
    names, again = assignment.names, []
    if "" not in sys.path:
        sys.path.append("")  # a module that they write themselves is found, after all others
    watchdog()  # before the learner's cells take all the memory or threads there are
    sys.stdin = io.StringIO()  # input() then says that there is nothing to read
    for place, source in job["cells"]:
        say({"cell": place, "state": "start"}, {})
        problem = _run_cell(place, source, names, job["cell_seconds"])
        if problem and problem.startswith("NameError"):  # perhaps written above the cell that it needs
            again.append((place, source))
        say({"cell": place, "state": "done", "problem": problem}, {})
    tried = None
    while again and again != tried:  # as long as one of them found what it needs
        tried, again = again, []
        for place, source in tried:
            say({"cell": place, "state": "start"}, {})
            problem = _run_cell(place, source, names, job["cell_seconds"])
            if problem and problem.startswith("NameError"):
                again.append((place, source))
            say({"cell": place, "state": "done", "problem": problem}, {})
    for question in job["questions"]:
        say({"question": question, "state": "start"}, {})
        probe, cases = assignment.asked[question]
        outcomes, arrays = _call(probe, names.get(probe.name), cases)
        say({"question": question, "state": "done", "outcomes": outcomes}, arrays)
    say({"state": "end"}, {})


def _call(probe, answer, cases):
    """The outcome of each case up to the first failure, and their arrays."""
    outcomes, arrays, size = [], {}, 0
    for k, case in enumerate(cases):
        outcome = call_answer(probe, answer, case)
        outcomes.append(_form(outcome, arrays, f"case{k}"))
        size = sum(array.nbytes for array in arrays.values())
        if size > MOST_RESULTS:
            failure = Failure("form", f"`{probe.name}` returns more than {MOST_RESULTS >> 20} MB in all.")
            return [_form(failure, {}, "")], {}
        if isinstance(outcome, Failure):  # one decides; an answer that hangs is not called again
            break
    return outcomes, arrays


def _form(outcome, arrays, prefix):
    if isinstance(outcome, Returned):
        values = pack(outcome.values, arrays, prefix)
        return {"values": values, "printed": outcome.printed, "borrowed": list(outcome.borrowed)}
    return {"failure": outcome.kind, "message": outcome.message, "printed": outcome.printed}


def _run_cell(place, source, names, seconds):
    """Run one cell; what it raised, as a sentence, or None."""
    filename = f"<cell {place}>"
    # A traceback can then show the learner's own line.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        with contextlib.redirect_stdout(_Nothing()), contextlib.redirect_stderr(_Nothing()):
            with warnings.catch_warnings(), time_limit(seconds):
                warnings.simplefilter("ignore")
                _execute(_plain_python(source), filename, names)
    except TimeUp:
        return f"did not finish within {seconds:g} seconds"
    except SyntaxError as problem:
        return f"{type(problem).__name__} in line {problem.lineno}: {problem.msg}"
    except BaseException as problem:
        said = _said(problem)
        return type(problem).__name__ + (f": {said}" if said else "")
    return None


def _execute(source, filename, names):
    """As a notebook does, where `await` may stand outside of functions."""
    code = compile(source, filename, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        import asyncio

        asyncio.run(eval(code, names))
    else:
        exec(code, names)


def _said(problem):
    """The text of an exception, which may be of the learner's own making."""
    try:
        return str(problem)[:300]
    except BaseException:
        return ""


def _plain_python(source):
    """The cell without what only a notebook understands: magics, shell commands, prompts, an indented whole.

    Only cells that have some pay for loading IPython.
    """
    try:
        ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        # These magics run the cell as it is, and only look on.
        source = re.sub(r"\A(\s*)(%%(?:time|capture|prun)\b)", r"\1# \2", source)
        return TransformerManager().transform_cell(source)
    return source


class _Shell:
    """Stands for the notebook's shell: magics and shell commands do nothing here, but for ``%%writefile``."""

    def run_cell_magic(self, magic, line, cell):
        if magic == "writefile":
            *options, path = line.split()
            with open(path, "a" if "-a" in options else "w", encoding="utf-8") as file:
                file.write(cell)

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


class _Nothing(io.TextIOBase):
    """Swallows what is printed; it may be without end."""

    def write(self, text):
        return len(text)
