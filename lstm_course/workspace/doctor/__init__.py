"""What is wrong with the set-up of the course, why that matters, and the command that mends it.

`installation` looks at Python and the packages, `jupyter` at what JupyterLab needs, and `places` at folders and files.
"""

import runpy
from pathlib import Path

from .installation import does_not_load, foreign_modules, libraries, own_files, package, project, python, requirements
from .jupyter import kernel, settings, widgets
from .places import encoding, files, folders, home, room
from .problem import Problem, reinstall

__all__ = ["Problem", "does_not_load", "folders", "notes", "problems", "requirements", "settings"]


def problems(root):
    """Everything that is wrong with the environment this runs in.

    Parameters
    ----------
    root : path
        The course's folder.

    Returns
    -------
    list of Problem
        Empty when all is well.
    """
    root = Path(root)
    found = _made(foreign_modules, root)
    checks = [files, room, encoding]
    if not found:  # else what is said of the packages would be said of the foreign ones
        try:
            import packaging.requirements  # noqa: F401  the checks themselves need it
        except ImportError as error:
            why = "The course compares versions with it."
            return [Problem(f"packaging is not installed, or broken ({error}).", why, reinstall(root))]
        checks = [package, own_files, *checks]
        if project(root):
            checks = [python, requirements, libraries, *checks]
    homeless = _made(home, root)
    found += homeless
    if not homeless:
        checks += [folders] if found else [folders, kernel, widgets, settings]
    for check in checks:
        found += _made(check, root)
    return found


def notes(root):
    """Sentences about what is missing but needed by some only: for the tests, and for grading a class."""
    found = []
    for who, look in (("contributors", _browser), ("teachers", _isolation)):
        try:
            found += [f"For {who}: {note}" for note in look(root)]
        except Exception as error:
            found.append(f"For {who}: a check failed ({type(error).__name__}: {error}).")
    return found


def _made(check, root):
    """What a check has found. One that cannot be made is a problem of its own, and the others are made all the same."""
    try:
        return check(root)
    except Exception as error:
        what = f"The check of {check.__name__.replace('_', ' ')} failed ({type(error).__name__}: {error})."
        return [Problem(what, "What it uses is broken, and the course may use it as well.", reinstall(root))]


def _isolation(root):
    from lstm_course.isolation import support

    level = support.level()
    if level == "full":
        return []
    lacking = " ".join(f"Missing: {each.part} ({each.said}); {each.why}." for each in support.missing())
    return [f"`lstm-course grade` comes to the level {level} here, {support.LEVELS[level]}. {lacking}"]


def _browser(root):
    try:
        finder = runpy.run_path(str(Path(root) / "tests" / "browser" / "chromium.py"))
    except OSError:  # a course without its tests
        return []
    return [] if finder["find_chromium"]() else [finder["missing_line"]()]
