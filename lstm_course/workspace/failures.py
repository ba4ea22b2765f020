"""How a command of ``lstm-course`` fails: with a sentence and a remedy, never with a traceback.

This module may import only what Python itself has loaded before any foreign file could interfere: a foreign NumPy, or a
learner's own ``random.py``, can break any other import, and that has to be reported as well.
"""

import os
import sys

from . import surroundings

DEBUG = "LSTM_COURSE_DEBUG"  # in the environment: show tracebacks
FAILED, STOPPED, NOBODY_READS = 2, 130, 141  # exit statuses; the last two as in a shell, for Ctrl-C and a closed pipe
COURSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

_printed = []  # by this process, on the standard error


def guarded(function):
    """Call a function; an error in it ends this process with a sentence.

    Parameters
    ----------
    function : callable
        Takes no arguments.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    SystemExit
        With status 2 if the function failed, 130 if it was stopped by Ctrl-C, and 141 if nobody reads its output any
        more.
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
            raise  # the library of the command line ends commands in this way
        if _output_lost() and isinstance(error, BrokenPipeError):
            raise SystemExit(NOBODY_READS) from None
        if os.environ.get(DEBUG) and not isinstance(error, KeyboardInterrupt):
            raise
        say(sentence(error))
        raise SystemExit(STOPPED if isinstance(error, KeyboardInterrupt) else FAILED) from None


def say(text):
    """Write a line to the standard error, if there is one."""
    _printed.append(text)
    try:
        print(printable(text), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass


def printable(text):
    """A text without control characters: it may quote a learner, and must not control the terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in str(text))


def sentence(error):
    """An error in one line: what is wrong, and how to repair it.

    Parameters
    ----------
    error : BaseException
        An error that was caught, so that it has a traceback.

    Returns
    -------
    str
        One line. The traceback of an unexpected error is kept in a file, which the line names.
    """
    if isinstance(error, KeyboardInterrupt):
        return "Stopped."
    if isinstance(error, MemoryError):
        return f"There is not enough memory. {surroundings.REMEDIES['ENOMEM']}"
    if isinstance(error, OSError) and error.errno and error.strerror:
        return _system_error(error)
    if _raised_on_purpose(error):
        by_the_machine = isinstance(error, (OSError, RuntimeError)) and type(error).__module__ != "builtins"
        return f"{error}{'; `lstm-course doctor` looks for the cause' if by_the_machine else ''}"
    what = f"{type(error).__name__}: {error}".rstrip(": ").splitlines()[0]
    cause = _foreign_module(error, what) or _requirement(error, what)
    if cause and isinstance(error, (ImportError, SyntaxError)):
        return cause
    unexpected = f"An unexpected error occurred: {what}. `lstm-course doctor` looks for the cause."
    return f"{cause or unexpected} {_keep_traceback(error)}"


def _system_error(error):
    """An error of the operating system: the file, and what to do."""
    remedy = surroundings.remedy(error) or "`lstm-course doctor` looks for the cause."
    if error.filename is None:
        return f"{error.strerror}. {remedy}"
    path = os.fsdecode(error.filename) if isinstance(error.filename, (str, bytes)) else str(error.filename)
    return f"{path}: {error.strerror}. {remedy}"


def _raised_on_purpose(error):
    """Whether the course raised an error on purpose, with a sentence for whoever made the mistake."""
    if not isinstance(error, (ValueError, OSError, RuntimeError)) or isinstance(error, RecursionError):
        return False
    frames = list(_frames(error))
    importing = any(frame.f_code.co_name == "<module>" for frame in frames)
    return not importing and not _in_a_library(frames[-1].f_code.co_filename) and bool(str(error))


def _frames(error):
    traceback = error.__traceback__
    while traceback:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def _in_a_library(file):
    """Whether a file belongs to Python itself or to an installed package."""
    if file.startswith(COURSE + os.sep):
        return False
    folders = os.path.dirname(os.__file__), *surroundings.package_folders()
    return file.startswith("<") or any(file.startswith(folder + os.sep) for folder in folders)


def _foreign_module(error, what):
    """A sentence that names the foreign module behind an error and the remedy; empty if there is none."""
    names = {str(getattr(error, "name", "")).partition(".")[0]}
    names.add(str(getattr(getattr(error, "obj", None), "__name__", "")).partition(".")[0])  # whose attribute is missing
    involved = {frame.f_code.co_filename for frame in _frames(error)}
    involved |= {str(getattr(error, attribute, "")) for attribute in ("path", "filename")}
    for module, file, folder in surroundings.shadows():
        if module in names or any(each.startswith(_stem(file)) for each in involved):
            return _comes_from(module, file, folder, f" ({what})")
    return ""


def warn_of_foreign_modules():
    """Name the foreign modules that were imported: they may have caused what the command reported."""
    for module, file, folder in surroundings.shadows():
        loaded = any(getattr(each, "__file__", None) == file for each in list(sys.modules.values()))
        if loaded and file not in "".join(_printed):
            say(_comes_from(module, file, folder))


def _comes_from(module, file, folder, what=""):
    remedy = surroundings.shadow_remedy(folder, [file])
    return f"{module} comes from {file}, not from where this Python keeps its own{what}. Fix: {remedy}"


def _stem(file):
    """The beginning that the names of all files of a module share."""
    return file.removesuffix("__init__.py") if file.endswith(os.sep + "__init__.py") else os.path.splitext(file)[0]


def _requirement(error, what):
    """A sentence that names a missing, unsuitable or broken requirement and the remedy; empty if there is none."""
    try:
        from lstm_course import lessons

        from . import doctor

        root = lessons.course_root()
    except Exception:  # these modules import packages that may be missing too
        return ""
    name = (getattr(error, "name", None) or "").partition(".")[0]
    try:
        found = doctor.requirements(root)
    except Exception:
        found = []
    # The module that could not be imported comes first, if it is among them.
    for problem in sorted(found, key=lambda problem: not problem.what.startswith(f"{name} ")):
        return f"{problem.what} ({what}) Fix: {problem.fix}"
    if isinstance(error, ImportError) and name not in ("", "lstm_course"):
        problem = doctor.does_not_load(root, name, what)
        return f"{problem.what} Fix: {problem.fix} (If that does not help, run `lstm-course doctor --load`.)"
    return ""


def _keep_traceback(error):
    """Write the traceback to a file, and say where it is."""
    try:
        import tempfile
        import traceback

        with tempfile.NamedTemporaryFile(
            "w", prefix="lstm-course-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            traceback.print_exception(error, file=file)
        return f"(The traceback is in {file.name}.)"
    except Exception:  # there is no room or no folder, or one of the two modules is a foreign one
        return f"({DEBUG}=1 in the environment shows the traceback.)"


def _output_lost():
    """Whether the standard output accepts nothing any more; if so, the rest of the output is discarded."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):  # it is not a file, but an object in memory
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
