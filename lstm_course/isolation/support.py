"""The levels of isolation that this machine supports, and what it lacks for the strictest one."""

import functools
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass

LEVELS = {  # described for people
    "full": "own namespaces without network, files and system calls restricted, limits on time and memory",
    "process": "files and system calls restricted, limits on time and memory",
    "limits": "limits on time and memory alone: a submission can read and change your files and use your network",
}
PARTS = ("landlock", "system calls", "namespaces")
WHY = {
    "landlock": "without it a submission can read every file that you can, and write some",
    "system calls": "without them a submission can start programs, open connections, and end other processes",
    "namespaces": "without them a submission shares your network and process list; only the other parts restrain it",
}


@dataclass(frozen=True)
class Missing:
    """A part of the isolation that this machine lacks: its name, why it matters, and the system's error message."""

    part: str
    why: str
    error: str


@functools.cache
def missing():
    """Return the parts that this machine lacks, as a tuple of `Missing`."""
    if sys.platform != "linux":
        return tuple(Missing(part, WHY[part], f"not available on {sys.platform}") for part in PARTS)
    trial = subprocess.run(
        [sys.executable, "-P", "-m", "lstm_course.isolation.support"], capture_output=True, text=True, timeout=60
    )
    try:
        problems = json.loads(trial.stdout)
    except ValueError:
        problems = dict.fromkeys(PARTS, f"the test process ended with status {trial.returncode}")
    return tuple(Missing(part, WHY[part], problems[part]) for part in PARTS if problems[part])


def level(isolation="auto"):
    """Choose the level of isolation.

    Parameters
    ----------
    isolation : {"auto", "full", "process", "limits"}

    Raises
    ------
    ValueError
        If there is no such level.
    OSError
        If this machine does not support it; the message says what is missing.
    """
    if isolation not in ("auto", "full", "process", "limits"):
        raise ValueError(f"isolation: wanted auto, full, process or limits, got {isolation!r}")
    if isolation == "limits":
        return "limits"
    lacking = missing()
    for_process = [each for each in lacking if each.part != "namespaces"]
    if isolation == "full" and lacking or isolation == "process" and for_process:
        parts = "; ".join(f"{each.part} ({each.error})" for each in lacking)
        raise OSError(f"isolation: {isolation} is not available on this machine, which lacks {parts}")
    if isolation == "auto":
        return "limits" if for_process else "process" if lacking else "full"
    return isolation


def _trial():
    """Apply each part to this process, which must end afterwards, and return the error messages by part."""
    from . import kernel, landlock, namespaces, system_calls

    problems, program = dict.fromkeys(PARTS, ""), b""
    try:
        namespaces.leave()
        namespaces.unshare_mounts()
        with tempfile.TemporaryDirectory() as folder:
            kernel.mount_memory(folder, "size=1m")
            kernel.unmount(folder)
    except OSError as problem:
        problems["namespaces"] = str(problem)
    try:
        program = system_calls.program()
    except Exception as problem:  # the package, or the system's library behind it, may be missing in many ways
        problems["system calls"] = str(problem) or type(problem).__name__
    try:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        landlock.restrict(landlock.opened(["/"]), [], [])
    except OSError as problem:
        problems["landlock"] = str(problem)
    if program:
        try:
            kernel.filter_system_calls(program)
        except OSError as problem:
            problems["system calls"] = str(problem)
    return problems


if __name__ == "__main__":
    print(json.dumps(_trial()))
