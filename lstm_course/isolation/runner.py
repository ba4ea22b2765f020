"""Running a learner's cells and calling the answers, in the confined process.

The process gets the cells, the way to call each answer, and the inputs, but never the reference. It judges nothing. It
reports before and after each step, so that the judge knows during which cell or answer it died.

Cells run from top to bottom as in a fresh kernel. An answer is called after its check cell, with the object that
`check` received, and once more at the end if by then its name is bound to something else.
"""

import contextlib
import io
import sys
import types
import warnings
from dataclasses import asdict, dataclass

from lstm_course.probes import Failure, Kind, Probe, Returned, call_answer, pack, unpack
from lstm_course.probes.call import text_of
from lstm_course.probes.lending import MISSING, Reach
from lstm_course.probes.limits import TimeUp, time_limit, watchdog
from lstm_course.probes.transport import MOST_RESULTS

from . import shell
from .endings import CellProblem, Ending
from .readable import OnlyParts


@dataclass(frozen=True)
class Assignment:
    """What all submissions of an exercise share.

    Attributes
    ----------
    namespace : Namespace
        The namespace in which the cells that the course provides have run.
    given : dict of str to dict
        By the id of each of these cells, the names that it bound, with their values.
    asked : dict of str to (Probe, list of dict)
        By question id, how to call the answer, and the inputs of each case.
    """

    namespace: shell.Namespace
    given: dict
    asked: dict


def stand_in_for_the_judge():
    """Replace the grading part: `check` records its arguments, `ask` and `exercise` do nothing. The questions, and with
    them the references, can no longer be imported."""
    import lstm_course

    silent = types.ModuleType("lstm_course.grading")
    silent.__path__ = []
    for name in lstm_course.__all__:
        setattr(silent, name, lambda *args, **kwargs: None)
    silent.check = _check
    sys.modules["lstm_course.grading"] = lstm_course.grading = silent
    sys.meta_path.insert(0, OnlyParts)


def _check(question_id, answer=None):
    """Stands in for `lstm_course.check`."""
    if _session is not None:
        _session.check(question_id, answer)


_session = None


def prepare(message, arrays):
    """Run the cells that the course provides, and unpack the inputs.

    Parameters
    ----------
    message : dict
        ``provided`` (list of pairs of id and source), ``questions`` (list of ``id``, ``probe``, ``cases``).
    arrays : dict of str to numpy.ndarray
        The arrays to which the cases refer.

    Returns
    -------
    Assignment

    Raises
    ------
    RuntimeError
        If one of the cells fails.
    """
    namespace, given = shell.Namespace(shell.start()), {}

    async def provide():
        for name, source in message["provided"]:
            before = dict(namespace.names)
            problem = await _run_source(namespace, source, seconds=60)
            if problem:
                raise RuntimeError(f"a cell that the course provides did not run: {problem.text}")
            given[name] = {
                bound: value
                for bound, value in namespace.names.items()
                if before.get(bound) is not value and not bound.startswith("_")
            }

    shell.in_a_loop(provide())
    asked = {
        question["id"]: (Probe(**question["probe"]), unpack(question["cases"], arrays))
        for question in message["questions"]
    }
    return Assignment(namespace, given, asked)


def run(assignment, job, send):
    """Run the learner's cells and call the answers.

    Parameters
    ----------
    assignment : Assignment
    job : dict
        ``cells`` (a list of dictionaries with the attributes of `sandbox.Cell`), ``questions`` (ids of the questions
        whose answers are wanted, in order), ``checked`` (those among them whose outcome at their check is known),
        ``cell_seconds``.
    send : callable
        Called with the content and the arrays of each message.
    """
    global _session
    if "" not in sys.path:
        sys.path.append("")  # a module that the learner writes can be imported, but shadows no other
    watchdog()  # started before the learner's cells can use up memory or threads
    sys.stdin = io.StringIO()  # makes input() raise EOFError
    assignment.namespace.enter()
    _session = _Session(assignment, job, send)
    shell.in_a_loop(_session.run())
    send({"state": "end"}, {})


class _Session:
    """One notebook, from its first cell to the last answer."""

    def __init__(self, assignment, job, send):
        self._assignment, self._job, self._send = assignment, job, send
        self._names = assignment.namespace.names
        self._have_check_cells = {cell["check"] for cell in job["cells"]} - {""}
        self._current_check, self._first_pass = "", True
        self._given_to_check = {}  # by question, the answers that the current cell passed to `check`
        self._checked = {}  # by question, the answer at its check, and the bindings that it used

    def check(self, question, answer):
        """Record an answer passed to `check`. If the question has a check cell, calls from other cells do not count."""
        counts = question == self._current_check or question not in self._have_check_cells
        wanted = question in self._job["questions"] and question not in self._checked
        if self._first_pass and counts and wanted:
            self._given_to_check.setdefault(question, answer)

    async def run(self):
        cells, previous = self._job["cells"], None
        # Cells that use names bound further down are run again, as long as each pass makes at least one of them work.
        while cells and cells != previous:
            previous, cells = cells, []
            for cell in previous:
                self._send({"cell": cell["index"], "state": "start"}, {})
                problem = await self._run_cell(cell)
                if problem and problem.raised == "NameError":
                    cells.append(cell)
                self._send({"cell": cell["index"], "state": "done", "problem": problem and asdict(problem)}, {})
                self._call_checked_answers()
            self._first_pass = False  # a kernel makes no second pass, so later checks do not count
        for question in self._job["questions"]:
            answer = self._names.get(self._assignment.asked[question][0].name)
            if question in self._checked and not self._has_changed(question, answer):
                self._send({"question": question, "when": "end", "state": "same"}, {})
            else:
                self._call(question, answer, "end")

    async def _run_cell(self, cell):
        namespace, self._current_check, problem = self._assignment.namespace, cell["check"], None
        if cell["source"]:
            problem = await _run_source(namespace, cell["source"], self._job["cell_seconds"])
        else:
            namespace.skip()
        self._names.update(self._assignment.given.get(cell["given"], {}))
        return problem

    def _call_checked_answers(self):
        for question, answer in self._given_to_check.items():
            reach = Reach(answer, self._names)
            self._checked[question] = answer, reach.bindings
            if question not in self._job["checked"]:
                self._call(question, answer, "check")
        self._given_to_check = {}

    def _has_changed(self, question, answer):
        """Whether the answer, or anything of the learner's that it uses, differs from what was checked."""
        checked, bindings = self._checked[question]
        same = answer == checked if isinstance(checked, str) and isinstance(answer, str) else answer is checked
        return not same or any(namespace.get(name, MISSING) is not value for namespace, name, value in bindings)

    def _call(self, question, answer, when):
        """Call an answer on its cases up to the first failure, each with its own time limit, and send the outcomes."""
        probe, cases = self._assignment.asked[question]
        outcomes, arrays = [], {}
        for k, case in enumerate(cases):
            self._send({"question": question, "when": when, "state": "called"}, {})
            outcome = call_answer(probe, answer, case, self._names)
            outcomes.append(_form(outcome, arrays, f"case{k}"))
            if sum(array.nbytes for array in arrays.values()) > MOST_RESULTS:
                failure = Failure(Kind.FORM, f"`{probe.name}` returns more than {MOST_RESULTS >> 20} MB in all.")
                outcomes, arrays = [_form(failure, {}, "")], {}
                break
            if isinstance(outcome, Failure):  # one failure decides, and an answer that hangs must not hang again
                break
        self._send({"question": question, "when": when, "state": "done", "outcomes": outcomes}, arrays)


def _form(outcome, arrays, prefix):
    """The JSON form of an outcome, with its arrays added to `arrays`."""
    if isinstance(outcome, Returned):
        values = pack(outcome.values, arrays, prefix)
        return {"values": values, "printed": outcome.printed, "borrowed": list(outcome.borrowed)}
    return {
        "failure": outcome.kind,
        "message": outcome.message,
        "printed": outcome.printed,
        "raised": list(outcome.raised),
    }


async def _run_source(namespace, source, seconds):
    """Run the source of one cell, and return a `CellProblem` if it fails."""
    try:
        with contextlib.redirect_stdout(_Discard()), contextlib.redirect_stderr(_Discard()):
            with warnings.catch_warnings(), time_limit(seconds):
                warnings.simplefilter("ignore")
                await namespace.run(source)
    except TimeUp:
        return CellProblem(Ending.SLOW, f"did not finish within {seconds:g} seconds")
    except SyntaxError as problem:
        kind = type(problem).__name__
        return CellProblem(Ending.RAISED, f"{kind} in line {problem.lineno}: {problem.msg}", kind)
    except BaseException as problem:
        kind, text = type(problem).__name__, text_of(problem)
        ending = Ending.MEMORY if isinstance(problem, MemoryError) or kind == "OutOfMemoryError" else Ending.RAISED
        return CellProblem(ending, kind + (f": {text}" if text else ""), kind)
    return None


class _Discard(io.TextIOBase):
    """Discards what is printed, which may be without end."""

    def write(self, text):
        return len(text)
