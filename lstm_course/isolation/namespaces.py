"""Namespaces: a process list, a network without devices, and mounts that no other process shares."""

import os

from . import kernel


def leave():
    """Continue as the first process of new namespaces. When that process ends, the kernel kills all that it started.

    The process must have one thread only, so this comes before NumPy and similar libraries are loaded.
    """
    _enter(kernel.CLONE_NEWPID | kernel.CLONE_NEWNET | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS)
    kernel.make_mounts_private()
    child = os.fork()
    if child:
        os.close(0)
        _, status = os.waitpid(child, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    kernel.die_with_parent(0)  # 0 even if it has died already, but the server also ends with the judge


def unshare_mounts():
    """Enter new namespaces for mounts and users. Threads are counted per user namespace: in a shared one, a single
    submission could use up the limit on threads for all others."""
    _enter(kernel.CLONE_NEWNS)


def _enter(flags):
    """Enter new namespaces in which this user and group keep their numbers and no others exist."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(kernel.CLONE_NEWUSER | flags)
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(text)
