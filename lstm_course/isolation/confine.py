"""Confining a process on Linux before it runs a learner's code.

There are two levels, and a third that needs none of this:

    full      its own user, process, network and mount namespaces, Landlock, a list of allowed system calls, limits on
              processor time, memory, file size and threads, and a private folder in memory
    process   the same without namespaces, for systems that forbid them
    limits    only the resource limits of `limits`, as on macOS, or none, as on Windows; the judge watches time and
              memory
"""

import os
from dataclasses import dataclass

from . import kernel, landlock, namespaces
from .limits import FOLDER_BYTES, FOLDER_FILES, limit

FULL, PROCESS = "full", "process"


@dataclass(frozen=True)
class Policy:
    """What a server grants to every process that it confines.

    Attributes
    ----------
    level : str
    readable, devices : list of int
        File descriptors of the files and folders that may be read, and of the devices that may be written as well.
    system_calls : bytes
        The filter, as BPF.
    """

    level: str
    readable: list
    devices: list
    system_calls: bytes


def confine(policy, folder, memory_mb, seconds):
    """Confine this process irrevocably.

    Parameters
    ----------
    policy : Policy
    folder : str
        An empty folder, the only place that the process may write to.
    memory_mb : int
        Memory that it may use beyond what it has.
    seconds : float
        Processor time.
    """
    if policy.level == FULL:
        namespaces.unshare_mounts()
        kernel.mount_memory(folder, f"size={FOLDER_BYTES},nr_inodes={FOLDER_FILES},mode=700")
    os.chdir(folder)
    limit(memory_mb, seconds, threads=policy.level == FULL)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    own = os.open(folder, os.O_PATH)
    landlock.restrict(policy.readable, [own], policy.devices)
    os.close(own)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.filter_system_calls(policy.system_calls)
