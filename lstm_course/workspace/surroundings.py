"""What may disturb the course from outside: modules that hide others, and folders that cannot be written.

This module may import only what Python itself has loaded before any foreign file could interfere.
"""

import os
import site
import sys

# importlib.machinery re-exports these, but a foreign file can hide that module.
from _frozen_importlib import BuiltinImporter, FrozenImporter
from _frozen_importlib_external import PathFinder

# Modules of Python that nothing imports, and whose names people give to their own folders.
UNUSED = {"test", "antigravity", "idlelib", "this", "turtledemo"}
ENOUGH = 1 << 20  # bytes that must fit into a folder: a notebook with pictures

# The remedy for an error of the operating system, by its name in `errno`.
REMEDIES = {
    "ENOSPC": "The disk is full: free some space and try again.",
    "EDQUOT": "Your share of the disk is used up: free some space and try again.",
    "EFBIG": "The size of files is limited; `ulimit -f unlimited` lifts the limit.",
    "EMFILE": "Too many files are open; `ulimit -n 4096` allows more.",
    "EADDRINUSE": "Another program uses this port: choose another one with --port.",
    "EADDRNOTAVAIL": "This machine does not have that address: omit --ip.",
    "ENOMEM": "Close other programs and try again.",
    **dict.fromkeys(
        ("EACCES", "EPERM", "EROFS"), "Choose a folder that you can read and write, or get permission for this one."
    ),
    **dict.fromkeys(
        ("ENOENT", "ENOTDIR", "EISDIR", "EEXIST", "ENOTEMPTY", "ELOOP", "ENAMETOOLONG", "EINVAL"),
        "Check that this is the path you mean, and that nothing else is in its place.",
    ),
}


def shadows(folders=None):
    """Modules that come from a folder which Python searches before its own library and its installed packages.

    Parameters
    ----------
    folders : iterable of path, optional
        Where to look. By default, what precedes Python's own library in ``sys.path``: the folders of PYTHONPATH and,
        depending on how Python was started, the current folder.

    Returns
    -------
    list of (str, str, str)
        For each module that hides another of its name: the name, the file, and the folder.
    """
    own = {os.path.realpath(folder) for folder in (*package_folders(), os.path.dirname(os.__file__))}
    names = _names()
    hiding = []
    for folder in _searched_first() if folders is None else map(str, folders):
        if os.path.realpath(folder) in own:
            continue
        for name in sorted({entry.partition(".")[0] for entry in _listed(folder)} & names):
            spec = PathFinder.find_spec(name, [folder])
            if spec is not None and spec.origin and spec.origin not in ("namespace", "built-in"):
                hiding.append((name, spec.origin, folder))
    return hiding


def shadow_remedy(folder, files):
    """How to keep Python from importing modules from a folder.

    Parameters
    ----------
    folder : str
    files : list of str
        The files of those modules, as `shadows` names them.

    Returns
    -------
    str
    """
    on_the_path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if any(os.path.realpath(each) == os.path.realpath(folder) for each in on_the_path if each):
        clear = "set PYTHONPATH=" if os.name == "nt" else "unset PYTHONPATH"
        return f"{clear} (or remove {folder} from it)"
    modules = [file.removesuffix(os.sep + "__init__.py") for file in files]
    return f"Rename {', '.join(modules[:5])}{' and others there' if len(modules) > 5 else ''}"


def unwritable(folder):
    """The error of the operating system that prevents writing into a folder; None if it can be written.

    A folder that does not exist counts as writable if it could be created; it is not created here.
    """
    import tempfile

    existing = os.path.abspath(folder)
    while not os.path.lexists(existing):
        existing = os.path.dirname(existing)
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(bytes(ENOUGH))
            file.flush()
    except OSError as error:
        return OSError(error.errno, error.strerror, str(folder))
    return None


def remedy(error):
    """The remedy for an error of the operating system, as a sentence; empty if none is known."""
    import errno

    known = REMEDIES.get(errno.errorcode.get(error.errno), "")
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if not full and isinstance(error.filename, (str, bytes)):
        variable = variable_behind(os.fsdecode(error.filename))
        if variable:
            return f"The environment variable {variable} names this path: {variable_remedy(variable)}."
    return known


def variable_behind(path):
    """The environment variable that determines `path`, if what it names cannot be written; otherwise None."""
    path = os.path.abspath(path)
    values = {name: value for name, value in os.environ.items() if os.path.isabs(value) and len(value) > 1}
    above = [
        (len(value), name)
        for name, value in values.items()
        if name not in ("PWD", "OLDPWD", "_") and (path + os.sep).startswith(value.rstrip(os.sep) + os.sep)
    ]
    _, name = max(above, default=(0, None))
    return name if name and unwritable(values[name]) else None


def variable_remedy(variable):
    """How to correct an environment variable that names a folder which cannot be written."""
    if variable in ("HOME", "USERPROFILE"):
        return f"set {variable} to a folder in which you can write"
    return f"unset {variable}, or set it to a folder in which you can write"


def package_folders():
    """Where packages are installed."""
    return [*site.getsitepackages(), *([site.getusersitepackages()] if site.ENABLE_USER_SITE else [])]


def _searched_first():
    """The folders in ``sys.path`` that precede Python's own library."""
    library = os.path.realpath(os.path.dirname(os.__file__))
    folders = []
    for folder in sys.path:
        folder = folder or os.getcwd()
        if os.path.realpath(folder) == library:
            break
        folders.append(folder)
    return folders


def _names():
    """The names of all modules that a foreign file can hide."""
    # Built-in and frozen modules are never imported from a folder.
    safe = BuiltinImporter, FrozenImporter
    names = {name for name in sys.stdlib_module_names if not any(finder.find_spec(name) for finder in safe)}
    for folder in package_folders():
        names |= {entry.partition(".")[0] for entry in _listed(folder) if "-" not in entry}
    return names - UNUSED - {"", "__pycache__"}


def _listed(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
