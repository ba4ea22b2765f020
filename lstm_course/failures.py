"""How a command of ``lstm-course`` fails: with a sentence and what mends it, never with a traceback.

At the top it imports only what Python itself has loaded before foreign files can get in between: a foreign NumPy, or a
learner's own ``random.py``, can break any other import, and that has to be said as well.
"""

import os
import sys

from . import surroundings

DEBUG = "LSTM_COURSE_DEBUG"  # in the environment: show tracebacks
COULD_NOT, STOPPED, NOBODY_READS = 2, 130, 141  # statuses: as the shell has them for Ctrl-C and for a closed pipe
COURSE = os.path.dirname(os.path.abspath(__file__))

_said = []  # by this process, on the standard error


def guarded(function):
    """Run a function; whatever goes wrong in it ends this process with a sentence.

    Parameters
    ----------
    function : callable
        Without arguments.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    SystemExit
        With status 2 where it could not do what it should, 130 where it was stopped by Ctrl-C, and 141 where nobody
        reads its output any more.
    """
    try:
        try:
            return function()
        finally:
            sys.stdout.flush()
    except SystemExit:
        raise
    except BaseException as error:
        if type(error).__module__.partition(".")[0] in ("click", "typer"):
            raise  # how the library of the command line itself ends a command
        if _output_lost() and isinstance(error, BrokenPipeError):
            raise SystemExit(NOBODY_READS) from None
        if os.environ.get(DEBUG) and not isinstance(error, KeyboardInterrupt):
            raise
        say(sentence(error))
        raise SystemExit(STOPPED if isinstance(error, KeyboardInterrupt) else COULD_NOT) from None


def say(text):
    """Write a line to the standard error; a terminal that is not there hears nothing."""
    _said.append(text)
    try:
        print(printable(text), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass


def printable(text):
    """What a learner wrote may be in a text, and must not command the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in str(text))


def sentence(error):
    """What to tell of an error: what is wrong, and what mends it.

    Parameters
    ----------
    error : BaseException
        Caught, so that it has a traceback.

    Returns
    -------
    str
        A line. The traceback of what nobody has foreseen is kept in a file, which the line names.
    """
    if isinstance(error, KeyboardInterrupt):
        return "Stopped."
    if isinstance(error, MemoryError):
        return f"The memory does not suffice. {surroundings.REMEDIES['ENOMEM']}"
    if isinstance(error, OSError) and error.errno and error.strerror:
        return _of_the_system(error)
    if _said_by_the_course(error):
        of_the_machine = isinstance(error, (OSError, RuntimeError)) and type(error).__module__ != "builtins"
        return f"{error}{'; `lstm-course doctor` looks for what is amiss' if of_the_machine else ''}"
    what = f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
    cause = _foreign_module(error, what) or _requirement(error, what)
    if cause and isinstance(error, (ImportError, SyntaxError)):
        return cause
    unforeseen = f"Something went wrong that was not foreseen: {what}. `lstm-course doctor` looks for what is amiss."
    return f"{cause or unforeseen} {_traceback_kept(error)}"


def _of_the_system(error):
    """An error of the operating system: which file, and what to do."""
    remedy = surroundings.remedy(error) or "`lstm-course doctor` looks for what is amiss."
    if error.filename is None:
        return f"{error.strerror}. {remedy}"
    path = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
    return f"{path}: {error.strerror}. {remedy}"


def _said_by_the_course(error):
    """Whether an error was raised on purpose, with a sentence for whoever made the mistake."""
    if not isinstance(error, (ValueError, OSError, RuntimeError)) or isinstance(error, RecursionError):
        return False
    frames = list(_frames(error))
    loading = any(frame.f_code.co_name == "<module>" for frame in frames)
    return not loading and not _of_a_library(frames[-1].f_code.co_filename) and bool(str(error))


def _frames(error):
    at = error.__traceback__
    while at:
        yield at.tb_frame
        at = at.tb_next


def _of_a_library(file):
    """Whether a file is Python's own or an installed package's."""
    if file.startswith(COURSE + os.sep):
        return False
    folders = os.path.dirname(os.__file__), *surroundings.package_folders()
    return file.startswith("<") or any(file.startswith(folder + os.sep) for folder in folders)


def _foreign_module(error, what):
    """That the error comes from a module which stands in for another, and what mends that; or an empty text."""
    names = {str(getattr(error, "name", "")).partition(".")[0]}
    names.add(str(getattr(getattr(error, "obj", None), "__name__", "")).partition(".")[0])  # whose attribute is missing
    touched = {frame.f_code.co_filename for frame in _frames(error)}
    touched |= {str(getattr(error, place, "")) for place in ("path", "filename")}
    for module, file, folder in surroundings.shadows():
        if module in names or any(each.startswith(_stem(file)) for each in touched):
            return _comes_from(module, file, folder, f" ({what})")
    return ""


def warn_of_foreign_modules():
    """Say which foreign modules were loaded: what a command said before may be their doing."""
    for module, file, folder in surroundings.shadows():
        loaded = any(getattr(each, "__file__", None) == file for each in list(sys.modules.values()))
        if loaded and file not in "".join(_said):
            say(_comes_from(module, file, folder))


def _comes_from(module, file, folder, what=""):
    remedy = surroundings.shadow_remedy(folder, [file])
    return f"{module} comes from {file}, not from where this Python keeps its own{what}. Mend it: {remedy}"


def _stem(file):
    """What the names of all files of a module begin with."""
    return file.removesuffix("__init__.py") if file.endswith(os.sep + "__init__.py") else os.path.splitext(file)[0]


def _requirement(error, what):
    """That a requirement of the course is missing, of a version it cannot use, or does not load; or an empty text."""
    try:
        from . import doctor, lessons

        root = lessons.course_root()
    except Exception:  # they need much that may be missing, too
        return ""
    name = (getattr(error, "name", None) or "").partition(".")[0]
    try:
        found = doctor.requirements(root)
    except Exception:
        found = []
    # What was looked for in vain comes first, if it is among them.
    for problem in sorted(found, key=lambda problem: not problem.what.startswith(f"{name} ")):
        return f"{problem.what} ({what}) Mend it: {problem.fix}"
    if isinstance(error, ImportError) and name not in ("", "lstm_course"):
        problem = doctor.does_not_load(root, name, what)
        return f"{problem.what} Mend it: {problem.fix} (`lstm-course doctor` looks further, where that does not help)"
    return ""


def _traceback_kept(error):
    """Keep the traceback in a file, and say where."""
    try:
        import tempfile
        import traceback

        with tempfile.NamedTemporaryFile(
            "w", prefix="lstm-course-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            traceback.print_exception(error, file=file)
        return f"(The traceback is in {file.name}.)"
    except Exception:  # no room, no folder, or one of the two modules is a foreign one
        return f"({DEBUG}=1 in the environment shows the traceback.)"


def _output_lost():
    """Whether the standard output takes nothing any more; what is still to be written then goes nowhere."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):  # something that stands in for it, in the memory
        return False
    try:
        sys.stdout.flush()
        import select

        pipe = select.poll()
        pipe.register(number, 0)
        lost = any(event & select.POLLERR for _, event in pipe.poll(0))
    except OSError:
        lost = True
    except (ImportError, AttributeError):  # Windows has no poll
        lost = False
    if lost:
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)
    return lost
