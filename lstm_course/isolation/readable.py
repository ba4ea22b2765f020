"""The files that a learner's code may read: Python, its packages, fonts, and the parts of the course it may use.

For the course's own package this is an allow-list: a file that nobody has thought of cannot be read.
"""

import os
import site
import sys
import sysconfig
from importlib.util import spec_from_file_location
from pathlib import Path

import lstm_course

PACKAGE = Path(lstm_course.__file__).resolve().parent
SYSTEM = (
    "/usr/lib /usr/lib32 /usr/lib64 /usr/libx32 /usr/local/lib /usr/share/fonts /usr/local/share/fonts "
    "/usr/share/zoneinfo /usr/share/locale /lib /lib32 /lib64 /nix/store /etc/ld.so.cache /etc/localtime /etc/fonts "
    "/etc/mime.types /proc/cpuinfo /proc/meminfo /proc/filesystems /sys/devices/system/cpu"
).split()
DEVICES = ("/dev/null", "/dev/zero", "/dev/full")
RANDOM = ("/dev/urandom", "/dev/random")
# The parts that an answer may import. The others know the questions, or are of no use to an answer.
PARTS = "baselines convert diagrams explore files forecasting nets palette plots probes results scratch tasks".split()
DATA = ("palette.json",)


def readable(secrets=()):
    """List the files and folders that a learner's code may read.

    Parameters
    ----------
    secrets : iterable of str or pathlib.Path
        What it may not read, wherever it is, in addition to the course's questions, solutions and tests.

    Returns
    -------
    list of pathlib.Path
    """
    hidden = {Path(secret).resolve() for secret in secrets}
    hidden |= {
        entry for entry in PACKAGE.iterdir() if entry.stem not in (*PARTS, "__init__") and entry.name not in DATA
    }
    if (PACKAGE.parent / "solutions").is_dir():  # an editable installation, within a clone of the course
        hidden |= {entry for entry in PACKAGE.parent.iterdir() if entry.name not in (PACKAGE.name, ".venv", "venv")}
    roots = {Path(path).resolve() for path in (*_python(), *SYSTEM, *RANDOM) if os.path.exists(path)}
    return [path for root in sorted(roots) for path in _without(root, hidden)]


class OnlyParts:
    """An import hook that keeps an answer from importing any other part of the course, even on systems where it could
    read the files."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        package, _, rest = name.partition(".")
        if package != PACKAGE.name or not rest:
            return None
        part, _, submodule = rest.partition(".")
        if part not in PARTS:
            raise ModuleNotFoundError(f"{name} is not available to an answer", name=name)
        if submodule:
            return None
        # Python's own finder would list the package's folder, which is not allowed.
        folder = PACKAGE / part
        if (folder / "__init__.py").is_file():
            return spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
        return spec_from_file_location(name, PACKAGE / f"{part}.py")


def _python():
    """Yield the paths of this Python's library and packages."""
    paths = sysconfig.get_paths()
    yield from (paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from site.getsitepackages()
    yield from (f"{prefix}/lib" for prefix in (sys.prefix, sys.base_prefix))
    yield f"{sys.prefix}/pyvenv.cfg"
    yield PACKAGE
    yield from (path for path in sys.path if path and "site-packages" in path)


def _without(path, hidden):
    """Yield `path`, or, if something hidden lies beneath it, everything beneath it except that."""
    if any(path == secret or secret in path.parents for secret in hidden):
        return
    if not any(path in secret.parents for secret in hidden):
        yield path
        return
    for entry in sorted(path.iterdir()):
        if not entry.is_symlink():  # its target is readable if it is listed itself
            yield from _without(entry, hidden)
