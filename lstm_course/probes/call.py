"""Calling an answer on inputs: the result is arrays, or a sentence that says what went wrong."""

import contextlib
import copy
import enum
import importlib
import io
import linecache
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .borrowing import Watch
from .lending import lent
from .limits import TimeUp, time_limit

PRINTED_AT_MOST = 2_000  # characters of an answer's output that are kept
LONGEST_ANSWER = 100_000  # characters of an answer that is a value; the right ones have one letter


@dataclass(frozen=True)
class Probe:
    """How to call the answer to one question.

    Attributes
    ----------
    name : str
        The name to which the answer is bound: ``"forget_gate"``.
    returns : tuple of str
        Names of the arrays that it returns, in order. Empty if the answer is a value and not a function.
    provides : dict of str to str
        Names that the answer may use, with the course's version of each
        (``{"lstm_step": "lstm_course.scratch:lstm_step"}``), so that an earlier mistake costs nothing here.
    forbids : tuple of str
        Functions and classes that the answer must not call (``"lstm_course.scratch:lstm_step"``).
    seconds : float
        Time limit after which Python code is stopped.
    """

    name: str
    returns: tuple[str, ...] = ()
    provides: dict[str, str] = field(default_factory=dict)
    forbids: tuple[str, ...] = ()
    seconds: float = 5.0


@dataclass(frozen=True)
class Returned:
    """An answer's result for one case: arrays by name, or the text of an answer that is a value, as ``answer``."""

    values: dict[str, Any]
    printed: str = ""
    borrowed: tuple[str, ...] = ()


class Kind(enum.StrEnum):
    """The kind of failure. Decisions depend on this alone, never on the message."""

    BLANK = "blank"  # not written yet
    FORM = "form"  # not a function, or returned something other than the arrays it should
    ERROR = "error"  # raised an exception
    SLOW = "slow"  # took too long and was stopped
    CRASHED = "crashed"  # its process ended
    UNJUDGED = "unjudged"  # never called


@dataclass(frozen=True)
class Failure:
    """Why there is nothing to compare.

    Attributes
    ----------
    kind : Kind
    message : str
        A sentence for people.
    printed : str
        What the answer printed before it failed.
    raised : (str, str)
        Class and text of the exception, for an error.
    """

    kind: Kind
    message: str
    printed: str = ""
    raised: tuple[str, str] | tuple[()] = ()


BLANK = Failure(Kind.BLANK, "Not written yet.")


def call_answer(
    probe: Probe, answer: object, inputs: Mapping[str, Any], names: dict[str, Any] | None = None
) -> Returned | Failure:
    """Call `answer` on one case.

    Parameters
    ----------
    probe : Probe
    answer : object
        The object that the learner bound to the probe's name; None if the name is not bound.
    inputs : dict of str to object
        Arguments in order. The answer gets copies, which it may change.
    names : dict, optional
        The namespace of the notebook. During the call it holds the functions that the probe provides.

    Returns
    -------
    Returned or Failure
    """
    if answer is None or answer is Ellipsis or (isinstance(answer, str) and not answer.strip()):
        return BLANK
    if not probe.returns:
        return Returned({"answer": str(answer)[:LONGEST_ANSWER]})
    if not callable(answer):
        return Failure(Kind.FORM, f"`{probe.name}` is {_described(answer)}, but it should be a function.")
    provided = {name: _imported(path) for name, path in probe.provides.items()}
    outcome = _outcome(probe, answer, inputs, provided, names)
    if provided and isinstance(outcome, Failure) and outcome.kind != Kind.SLOW:
        # The answer may fit the learner's own functions if these take or return something else than the course's do.
        unaided = _outcome(probe, answer, inputs, {}, names)
        if isinstance(unaided, Returned):
            return unaided
    return outcome


def _outcome(probe, answer, inputs, provided, names):
    printed = _Printed()
    try:
        with lent(provided, answer, names), _quiet(printed), time_limit(probe.seconds):
            result, borrowed = _call_watched(probe, answer, inputs, provided)
            values = _arrays(probe, result)
    except TimeUp:
        return Failure(Kind.SLOW, f"`{probe.name}` did not finish within {probe.seconds:g} seconds.", _cut(printed))
    except NotImplementedError as problem:
        if not problem.args:  # as in the stub; a library that raises it adds a message
            return BLANK
        return _raised(probe.name, problem, printed)
    except _WrongForm as problem:
        return Failure(Kind.FORM, str(problem), _cut(printed))
    except MemoryError:
        return Failure(Kind.ERROR, f"`{probe.name}` ran out of memory.", _cut(printed))
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as problem:  # even sys.exit() is a mistake of the answer, not the end of the check
        return _raised(probe.name, problem, printed)
    return Returned(values, _cut(printed), borrowed)


def _call_watched(probe, answer, inputs, provided):
    """Call the answer, and return its result and the forbidden functions that it called."""
    while True:
        watch = Watch(probe.forbids, provided.values())
        arguments = copy.deepcopy(list(inputs.values()))
        with watch.watching():
            result = answer(*arguments)
        if watch.complete:
            return result, tuple(path for path in probe.forbids if path in watch.seen)
        # The answer loaded a forbidden library. Its functions can be watched now, so the answer is called again.


class _WrongForm(Exception):
    """The answer returned something other than the arrays it should."""


def _arrays(probe, result):
    names = probe.returns
    listed = " and ".join([", ".join(f"`{name}`" for name in names[:-1]), f"`{names[-1]}`"][len(names) == 1 :])
    if result is None:
        raise _WrongForm(
            f"`{probe.name}` returns nothing (None), but it should return {listed}. Is a `return` missing?"
        )
    if len(names) == 1:
        is_tuple_of_one = isinstance(result, tuple) and len(result) == 1 and hasattr(result[0], "shape")
        results = [result[0]] if is_tuple_of_one else [result]
    elif isinstance(result, (tuple, list)) or len(getattr(result, "shape", ())) > 1 and len(result) == len(names):
        results = list(result)  # an array that holds all results along its first axis unpacks like a tuple
    else:
        raise _WrongForm(f"`{probe.name}` returns {_described(result)}, but it should return {listed}.")
    if len(results) != len(names):
        values = "1 value" if len(results) == 1 else f"{len(results)} values"
        raise _WrongForm(f"`{probe.name}` returns {values}, but it should return {len(names)}: {listed}.")
    return {name: _array(name, value) for name, value in zip(names, results, strict=True)}


def _array(name, value):
    if value is None or value is Ellipsis:
        raise _WrongForm(f"`{name}` is {value}, but it should be an array.")
    if hasattr(value, "detach"):  # a torch tensor, perhaps with its graph
        value = value.detach().cpu().numpy()
    try:
        array = np.asarray(value)
    except ValueError:
        raise _WrongForm(f"`{name}` is a list whose rows differ in length, but it should be an array.") from None
    if array.dtype == object and all(isinstance(entry, (int, float, np.number)) for entry in array.flat):
        array = array.astype(float)  # numbers in an array of dtype object
    if array.dtype.kind not in "fiub":
        found = "contains text" if array.dtype.kind in "US" else f"has dtype {array.dtype}"
        raise _WrongForm(f"`{name}` {found}, but it should hold real numbers.")
    return array.copy()


def _described(value):
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"an object of type {type(value).__name__}"


@contextlib.contextmanager
def _quiet(printed):
    """Collect what is printed, for the card, and silence warnings: on stderr they would cost marks in nbgrader."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield


class _Printed(io.StringIO):
    """Keeps only the beginning of what is printed, as a loop may print without end."""

    def write(self, text):
        if self.tell() <= PRINTED_AT_MOST:
            super().write(text[: PRINTED_AT_MOST + 1])
        return len(text)


def _cut(printed):
    text = printed.getvalue()
    return text if len(text) <= PRINTED_AT_MOST else text[:PRINTED_AT_MOST] + " ..."


def _raised(name, problem, printed):
    class_name, text = type(problem).__name__, text_of(problem)
    message = f"`{name}` raised {class_name}" + (f": {text}" if text else "")
    frames = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if not frame.filename.endswith(".py") or "ipykernel" in frame.filename
    ]
    if frames:  # the last one is in the innermost line that the learner wrote
        line = (linecache.getline(frames[-1].filename, frames[-1].lineno or 0) or frames[-1].line or "").strip()
        message += f", in line {frames[-1].lineno} of its cell" + (f": `{line}`" if line else "")
    message += "" if message.endswith((".", "`")) else "."
    return Failure(Kind.ERROR, message, _cut(printed), (class_name, text))


def text_of(problem: BaseException) -> str:
    """The beginning of an exception's text. The learner may have written its class, so anything can go wrong."""
    try:
        return str(problem)[:300]
    except BaseException:
        return ""


def _imported(path: str) -> Any:
    """The object that ``"module:name"`` names."""
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)
