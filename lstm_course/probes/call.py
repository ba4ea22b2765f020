"""Calling an answer on inputs, and bringing home arrays or a plain sentence about what went wrong."""

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

PRINTED_AT_MOST = 2_000  # characters of an answer's own prints that are kept


@dataclass(frozen=True)
class Probe:
    """How to call the answer to one question.

    Attributes
    ----------
    name : str
        The name the answer is bound to: ``"forget_gate"``.
    returns : tuple of str
        Names of what it returns, in order. Empty: the answer is a value, not a function.
    provides : dict of str to str
        Names the answer may use, with the course's version of each
        (``{"lstm_step": "lstm_course.scratch:lstm_step"}``), so that an earlier mistake costs nothing here.
    forbids : tuple of str
        Functions and classes that the answer was to do without (``"lstm_course.scratch:lstm_step"``).
    seconds : float
        After which a loop in Python is stopped.
    """

    name: str
    returns: tuple[str, ...] = ()
    provides: dict[str, str] = field(default_factory=dict)
    forbids: tuple[str, ...] = ()
    seconds: float = 5.0


@dataclass(frozen=True)
class Returned:
    """What an answer gave for one case: arrays by name, or the value itself for an answer without a call."""

    values: dict[str, Any]
    printed: str = ""
    borrowed: tuple[str, ...] = ()


class Kind(enum.StrEnum):
    """Why there is nothing to compare."""

    BLANK = "blank"  # not written yet
    FORM = "form"  # called, and returned something other than what was asked for
    ERROR = "error"  # raised an exception
    SLOW = "slow"  # stopped, since it took too long
    CRASHED = "crashed"  # its process ended
    UNJUDGED = "unjudged"  # never called


@dataclass(frozen=True)
class Failure:
    """Why an answer gave nothing that can be compared.

    Attributes
    ----------
    kind : Kind
        What decides.
    message : str
        What people read.
    printed : str
        What the answer printed before.
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
        What the learner bound to the probe's name; None where it is not bound.
    inputs : dict of str to object
        Arguments in order. The answer gets copies, so it may change them.
    names : dict, optional
        The namespace of the notebook, into which the functions that the probe provides are put for the call.

    Returns
    -------
    Returned or Failure
    """
    if answer is None or answer is Ellipsis or (isinstance(answer, str) and not answer.strip()):
        return BLANK
    if not probe.returns:
        return Returned({"answer": str(answer)})
    if not callable(answer):
        return Failure(Kind.FORM, f"`{probe.name}` is {_described(answer)}; a function was wanted.")
    provided = {name: found(path) for name, path in probe.provides.items()}
    outcome = _called(probe, answer, inputs, provided, names)
    if provided and isinstance(outcome, Failure) and outcome.kind != Kind.SLOW:
        # A learner whose own functions take or return something else than the course's has an answer that fits those.
        alone = _called(probe, answer, inputs, {}, names)
        if isinstance(alone, Returned):
            return alone
    return outcome


def _called(probe, answer, inputs, provided, names):
    printed = _Printed()
    try:
        with lent(provided, answer, names), _quiet(printed), time_limit(probe.seconds):
            result, borrowed = _watched(probe, answer, inputs, provided)
            values = _arrays(probe, result)
    except TimeUp:
        return Failure(Kind.SLOW, f"`{probe.name}` did not finish within {probe.seconds:g} seconds.", _cut(printed))
    except NotImplementedError as problem:
        if not problem.args:  # as in the stub; a library that cannot do something says what
            return BLANK
        return _raised(probe.name, problem, printed)
    except _WrongForm as problem:
        return Failure(Kind.FORM, str(problem), _cut(printed))
    except MemoryError:
        return Failure(Kind.ERROR, f"`{probe.name}` ran out of memory.", _cut(printed))
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as problem:  # an answer may call sys.exit(): that is its mistake, not the end of the check
        return _raised(probe.name, problem, printed)
    return Returned(values, _cut(printed), borrowed)


def _watched(probe, answer, inputs, provided):
    """What the answer returns, and which of the forbidden functions it called on the way."""
    while True:
        watch = Watch(probe.forbids, provided.values())
        arguments = copy.deepcopy(list(inputs.values()))
        with watch.watching():
            result = answer(*arguments)
        if watch.complete:
            return result, tuple(path for path in probe.forbids if path in watch.seen)
        # The answer loaded a library that it was to do without; now its functions are known, so call it once more.


class _WrongForm(Exception):
    """The answer returned, but not what the question asks for."""


def _arrays(probe, result):
    names = probe.returns
    wanted = " and ".join([", ".join(f"`{name}`" for name in names[:-1]), f"`{names[-1]}`"][len(names) == 1 :])
    if result is None:
        raise _WrongForm(f"`{probe.name}` returns nothing (None); it should return {wanted}. Is a `return` missing?")
    if len(names) == 1:
        alone = isinstance(result, tuple) and len(result) == 1 and hasattr(result[0], "shape")
        results = [result[0]] if alone else [result]
    elif isinstance(result, (tuple, list)) or len(getattr(result, "shape", ())) > 1 and len(result) == len(names):
        results = list(result)  # one array that holds them all along its first axis unpacks like a tuple
    else:
        raise _WrongForm(f"`{probe.name}` returns one {_described(result)}; it should return {wanted}.")
    if len(results) != len(names):
        raise _WrongForm(f"`{probe.name}` returns {len(results)} things; it should return {len(names)}: {wanted}.")
    return {name: _array(name, value) for name, value in zip(names, results, strict=True)}


def _array(name, value):
    if value is None or value is Ellipsis:
        raise _WrongForm(f"`{name}` is {value}; an array was wanted.")
    if hasattr(value, "detach"):  # a torch tensor, whether or not it still carries its graph
        value = value.detach().cpu().numpy()
    try:
        array = np.asarray(value)
    except ValueError:
        raise _WrongForm(f"`{name}` is a list whose rows differ in length; an array was wanted.") from None
    if array.dtype == object and all(isinstance(entry, (int, float, np.number)) for entry in array.flat):
        array = array.astype(float)  # numbers that NumPy was told to keep as objects
    if array.dtype.kind not in "fiub":
        raise _WrongForm(f"`{name}` has dtype {array.dtype}; real numbers were wanted.")
    return array.copy()


def _described(value):
    if isinstance(value, np.ndarray):
        return f"array of shape {value.shape}"
    return f"{type(value).__name__}"


@contextlib.contextmanager
def _quiet(printed):
    """Prints are kept for the card; warnings and stderr would only frighten, and cost marks in nbgrader."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield


class _Printed(io.StringIO):
    """Keeps the beginning of what is printed; a loop may print without end."""

    def write(self, text):
        if self.tell() <= PRINTED_AT_MOST:
            super().write(text[: PRINTED_AT_MOST + 1])
        return len(text)


def _cut(printed):
    text = printed.getvalue()
    return text if len(text) <= PRINTED_AT_MOST else text[:PRINTED_AT_MOST] + " ..."


def _raised(name, problem, printed):
    kind, said = type(problem).__name__, text_of(problem)
    text = f"`{name}` raised {kind}" + (f": {said}" if said else "")
    frames = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if not frame.filename.endswith(".py") or "ipykernel" in frame.filename
    ]
    if frames:  # the innermost line that the learner wrote
        line = (linecache.getline(frames[-1].filename, frames[-1].lineno or 0) or frames[-1].line or "").strip()
        text += f", in line {frames[-1].lineno} of its cell" + (f": `{line}`" if line else "")
    message = text + ("" if text.endswith((".", "`")) else ".")
    return Failure(Kind.ERROR, message, _cut(printed), (kind, said))


def text_of(problem: BaseException) -> str:
    """The beginning of an exception's text; the exception may be of the learner's own making."""
    try:
        return str(problem)[:300]
    except BaseException:
        return ""


def found(path: str) -> Any:
    """The object that ``"module:name"`` stands for."""
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)
