"""Shutting a process in on Linux, before it runs what a learner wrote.

Two levels, and a third that needs nothing of this:

    full      user, process, network and mount namespaces of its own, Landlock, a list of allowed system calls,
              limits on processor, memory, file size and processes, and a folder in memory that is its own
    process   the same without namespaces, where those are forbidden
    limits    the limits alone (`limits`): what macOS and Windows have
"""

import os
from dataclasses import dataclass

from . import kernel, landlock, namespaces
from .limits import FOLDER_BYTES, FOLDER_FILES, limit

FULL, PROCESS = "full", "process"


@dataclass(frozen=True)
class Cage:
    """What is the same for all that a server shuts in.

    Attributes
    ----------
    level : str
    readable, devices : list of int
        File descriptors of what may be read, and of devices that may also be written.
    system_calls : bytes
        The filter.
    """

    level: str
    readable: list
    devices: list
    system_calls: bytes


def shut_in(cage, folder, memory_mb, seconds):
    """Confine this process; there is no way back.

    Parameters
    ----------
    cage : Cage
    folder : str
        An empty folder, to become its own.
    memory_mb : int
        That it may take beyond what it has.
    seconds : float
        Of processor time.
    """
    if cage.level == FULL:
        namespaces.apart()
        kernel.mount_memory(folder, f"size={FOLDER_BYTES},nr_inodes={FOLDER_FILES},mode=700")
    os.chdir(folder)
    limit(memory_mb, seconds, processes=cage.level == FULL)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    own = os.open(folder, os.O_PATH)
    landlock.restrict(cage.readable, [own], cage.devices)
    os.close(own)
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.filter_system_calls(cage.system_calls)
