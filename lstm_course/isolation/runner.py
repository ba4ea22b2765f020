"""Running a learner's cells and calling the answers: what goes on in the process apart, and all that it knows.

It is handed cells, the way to call each answer, and inputs; never the reference. It judges nothing, and says after
each step how far it has come, so that whoever waits knows the cell or the answer that it died in.

Cells run from top to bottom as in a fresh kernel. An answer is called where its `check` stands, with whatever that was
given, and once more at the end if by then its name stands for something else.
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
    """What is the same for all who hand in an exercise.

    Attributes
    ----------
    namespace : Namespace
        In which the course's own cells have run.
    given : dict of str to dict
        For each of these cells, by its id, the names that it bound.
    asked : dict of str to (Probe, list of dict)
        For each question's id how to call its answer, and the inputs.
    """

    namespace: shell.Namespace
    given: dict
    asked: dict


def stand_in_for_the_judge():
    """`check` notes what it is given, `ask` and `exercise` do nothing; the questions, and with them the references,
    cannot be loaded."""
    import lstm_course

    silent = types.ModuleType("lstm_course.grading")
    silent.__path__ = []
    for name in lstm_course.__all__:
        setattr(silent, name, lambda *args, **kwargs: None)
    silent.check = _check
    sys.modules["lstm_course.grading"] = lstm_course.grading = silent
    sys.meta_path.insert(0, OnlyParts)


def _check(question_id, answer=None):
    """What a notebook calls in place of `lstm_course.check`."""
    if _session is not None:
        _session.check(question_id, answer)


_session = None


def prepare(message, arrays):
    """Run the course's own cells, and make the inputs ready.

    Parameters
    ----------
    message : dict
        ``provided`` (list of pairs of id and source), ``questions`` (list of ``id``, ``probe``, ``cases``).
    arrays : dict of str to numpy.ndarray
        That `message` speaks of.

    Returns
    -------
    Assignment
    """
    namespace, given = shell.Namespace(shell.start()), {}

    async def provide():
        for name, source in message["provided"]:
            before = dict(namespace.names)
            problem = await _run_cell(namespace, source, seconds=60)
            if problem:
                raise RuntimeError(f"a cell that the course provides did not run: {problem.text}")
            given[name] = {
                bound: value
                for bound, value in namespace.names.items()
                if before.get(bound) is not value and not bound.startswith("_")
            }

    shell.in_a_loop(provide())
    asked = {each["id"]: (Probe(**each["probe"]), unpack(each["cases"], arrays)) for each in message["questions"]}
    return Assignment(namespace, given, asked)


def run(assignment, job, say):
    """Run the learner's cells and call the answers.

    Parameters
    ----------
    assignment : Assignment
    job : dict
        ``cells`` (a list of ``place``, ``source``, ``check``, the id of the question that a check cell is for, and
        ``given``, the id of a cell that the course provides, both perhaps empty; the source of such a cell is empty
        if it was not changed), ``questions`` (ids of those whose answers are wanted, in order), ``checked`` (those
        among them that need not be called at their check), ``cell_seconds``.
    say : callable
        Called with the content and the arrays of each message.
    """
    global _session
    if "" not in sys.path:
        sys.path.append("")  # a module that they write themselves is found, after all others
    watchdog()  # before the learner's cells take all the memory or threads there are
    sys.stdin = io.StringIO()  # input() then says that there is nothing to read
    assignment.namespace.enter()
    _session = _Session(assignment, job, say)
    shell.in_a_loop(_session.run())
    say({"state": "end"}, {})


class _Session:
    """One notebook, from its first cell to the last answer."""

    def __init__(self, assignment, job, say):
        self._assignment, self._job, self._say = assignment, job, say
        self._check_cells = {cell["check"] for cell in job["cells"]} - {""}
        self._here, self._first_time = "", True  # the question that the cell which runs now is the check of
        self._given_to_check, self._checked = {}, {}

    def check(self, question, answer):
        """Note what `check` was called with. Where a question has its check cell, other calls are mere trials."""
        where = self._here if question in self._check_cells else question
        wanted = question in self._job["questions"] and question not in self._checked
        if self._first_time and question == where and wanted:
            self._given_to_check.setdefault(question, answer)

    async def run(self):
        left, tried = self._job["cells"], None
        while left and left != tried:  # again those that stand above what they need, as long as one of them found it
            tried, left = left, []
            for cell in tried:
                self._say({"cell": cell["place"], "state": "start"}, {})
                problem = await self._cell(cell)
                if problem and problem.raised == "NameError":
                    left.append(cell)
                self._say({"cell": cell["place"], "state": "done", "problem": problem and asdict(problem)}, {})
                self._call_what_was_checked()
            self._first_time = False  # a kernel would not come by again: what is checked now is judged at the end
        names = self._assignment.namespace.names
        for question in self._job["questions"]:
            answer = names.get(self._assignment.asked[question][0].name)
            if question in self._checked and not self._changed(question, answer):
                self._say({"question": question, "when": "end", "state": "same"}, {})
            else:
                self._call(question, answer, "end")

    async def _cell(self, cell):
        namespace, self._here, problem = self._assignment.namespace, cell["check"], None
        if cell["source"]:
            problem = await _run_cell(namespace, cell["source"], self._job["cell_seconds"])
        else:
            namespace.pass_over()
        namespace.names.update(self._assignment.given.get(cell["given"], {}))
        return problem

    def _call_what_was_checked(self):
        for question, answer in self._given_to_check.items():
            reach = Reach(answer, self._assignment.namespace.names)
            self._checked[question] = answer, reach.bindings
            if question not in self._job["checked"]:
                self._call(question, answer, "check")
        self._given_to_check = {}

    def _changed(self, question, answer):
        """Whether the answer, or anything of the learner's that it uses, is another one than at the check."""
        before, bindings = self._checked[question]
        same = answer == before if isinstance(before, str) and isinstance(answer, str) else answer is before
        return not same or any(place.get(name, MISSING) is not value for place, name, value in bindings)

    def _call(self, question, answer, when):
        """Call an answer on its cases up to the first failure, each with its own time, and say what came of it."""
        probe, cases = self._assignment.asked[question]
        outcomes, arrays, size = [], {}, 0
        for k, case in enumerate(cases):
            self._say({"question": question, "when": when, "state": "called"}, {})
            outcome = call_answer(probe, answer, case, self._assignment.namespace.names)
            outcomes.append(_form(outcome, arrays, f"case{k}"))
            size = sum(array.nbytes for array in arrays.values())
            if size > MOST_RESULTS:
                failure = Failure(Kind.FORM, f"`{probe.name}` returns more than {MOST_RESULTS >> 20} MB in all.")
                outcomes, arrays = [_form(failure, {}, "")], {}
                break
            if isinstance(outcome, Failure):  # one decides; an answer that hangs is not called again
                break
        self._say({"question": question, "when": when, "state": "done", "outcomes": outcomes}, arrays)


def _form(outcome, arrays, prefix):
    if isinstance(outcome, Returned):
        values = pack(outcome.values, arrays, prefix)
        return {"values": values, "printed": outcome.printed, "borrowed": list(outcome.borrowed)}
    return {
        "failure": outcome.kind,
        "message": outcome.message,
        "printed": outcome.printed,
        "raised": list(outcome.raised),
    }


async def _run_cell(namespace, source, seconds):
    """Run one cell; a `CellProblem`, or None."""
    try:
        with contextlib.redirect_stdout(_Nothing()), contextlib.redirect_stderr(_Nothing()):
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


class _Nothing(io.TextIOBase):
    """Swallows what is printed; it may be without end."""

    def write(self, text):
        return len(text)
