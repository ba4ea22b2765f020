"""Namespaces: a process list, a network without any device, and mounts that are nobody else's."""

import os
import signal

from . import kernel


def leave():
    """Go on as the first process of new namespaces. When that one ends, the kernel ends all that it started.

    Only for a process with one thread: before NumPy and the like are loaded.
    """
    _enter(kernel.CLONE_NEWPID | kernel.CLONE_NEWNET | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    kernel.keep_mounts_to_oneself()
    child = os.fork()
    if child:
        os.close(0)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def apart():
    """Mounts of one's own, and a count of threads that is not shared: otherwise one submission could use up the limit
    on threads for all that run beside it."""
    _enter(kernel.CLONE_NEWNS)


def _enter(flags):
    """New namespaces, in which this user and group are themselves and nobody else is there."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | flags)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
