"""macOS or Windows as the course's own modules see it: whatever only Linux has is missing, or refused.

`prelude` makes every Python process that is started with its folder in PYTHONPATH begin with `pretend`, those of the
sandbox included. Libraries go on seeing Linux, for which they were built, but what is refused is refused to them too.
"""

import builtins
import io
import os
import posixpath
import resource
import select
import sys
import types
from pathlib import Path

SYSTEMS = ("darwin", "win32")
LINUX_ALONE = "unshare setns memfd_create pidfd_open eventfd splice posix_fallocate".split()
LINUX_ALONE += [name for name in dir(os) if name.startswith("sched_")]
KERNEL = "syscall unshare setns prctl mount umount2 capset seccomp".split()  # what `ctypes` could reach
# What Windows lacks, by module, and the modules that it lacks.
MISSING = {
    "os": "fork killpg getuid geteuid getgid getegid getppid mkfifo setsid O_PATH O_ASYNC".split(),
    "signal": "SIGKILL SIGIO SIGHUP SIGSTOP setitimer pthread_kill".split(),
    "socket": "AF_UNIX SOCK_SEQPACKET send_fds recv_fds".split(),
}
MISSING_MODULES = {"darwin": ("pyseccomp",), "win32": ("pyseccomp", "resource", "fcntl", "pwd", "grp", "termios")}


_open = open


class View(types.ModuleType):
    """A module of the standard library with other values, and without some names."""

    def __init__(self, module, missing=(), **values):
        super().__init__(module.__name__)
        self.__dict__.update(values, _module=module, _missing=missing)

    def __getattr__(self, name):
        if name in self._missing:
            raise AttributeError(f"module {self._module.__name__!r} has no attribute {name!r} on this system")
        return getattr(self._module, name)

    def __setattr__(self, name, value):
        setattr(self._module, name, value)


def prelude(folder, system):
    """The value of PYTHONPATH with which Python begins as on `system`; a file for that is written into `folder`."""
    text = f"import another_system\n\nanother_system.pretend({system!r})\n"
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    here = Path(__file__).resolve().parent
    return os.pathsep.join(map(str, (folder, here, here.parents[1])))


def pretend(system):
    """Make this process look like one on `system`, for good."""
    for name in LINUX_ALONE:
        if hasattr(os, name):
            delattr(os, name)
    del select.epoll
    if system == "darwin":
        _refuse_to_limit_memory()
    else:
        del select.poll
        posixpath.expanduser = _expanded_as_on_windows
        builtins.open = _open_as_on_windows
    builtins.__import__ = _importer(system)
    sys.addaudithook(_refuse)


def _refuse(event, arguments):
    if event in ("os.fork", "os.forkpty"):
        raise OSError(f"{event} is refused here")
    if event == "ctypes.dlsym" and arguments[1] in KERNEL:
        raise AttributeError(f"{arguments[1]} is not a function of this system")
    if event == "open" and str(arguments[0]).startswith("/proc"):
        # The library that measures memory reads there on Linux, and asks the system elsewhere.
        frame = sys._getframe(1)
        if frame.f_code is _open_as_on_windows.__code__:
            frame = frame.f_back
        if not frame.f_globals.get("__name__", "").startswith("psutil"):
            raise FileNotFoundError(2, "No such file or directory", arguments[0])


def _refuse_to_limit_memory():
    setrlimit = resource.setrlimit

    def refusing(number, limits):
        if number == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")  # what macOS says
        setrlimit(number, limits)

    resource.setrlimit = refusing


def _expanded_as_on_windows(path):
    home = os.environ.get("USERPROFILE")
    text = os.fspath(path)
    return home + text[1:] if home and (text == "~" or text.startswith("~/")) else text


def _open_as_on_windows(file, mode="r", buffering=-1, *others, **options):
    if file == os.devnull and "+" in mode and buffering:
        raise io.UnsupportedOperation("File or stream is not seekable.")
    return _open(file, mode, buffering, *others, **options)


def _importer(system):
    """The function behind ``import``; to the course's own modules it hands `View`s."""
    views = {"sys": View(sys, platform=system)}
    if system == "win32":
        for name, missing in MISSING.items():
            views[name] = View(__import__(name), missing, **({"name": "nt"} if name == "os" else {}))
        views["msvcrt"] = _msvcrt()
    plain = builtins.__import__

    def imported(name, globals=None, locals=None, fromlist=(), level=0):
        importer = (globals or {}).get("__package__") or ""
        if not level and importer.partition(".")[0] == "lstm_course":
            if name in MISSING_MODULES[system]:
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in views:
                return views[name]
        return plain(name, globals, locals, fromlist, level)

    return imported


def _msvcrt():
    """The locks of Windows, made of those of Linux."""
    import fcntl

    module = types.ModuleType("msvcrt")
    module.LK_NBLCK = 2
    module.locking = lambda number, mode, count: fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return module
