"""Shutting a process in, before it runs what a learner wrote.

Three levels:

    full      user, process, network and mount namespaces of its own, Landlock, a list of allowed system calls,
              limits on processor, memory, file size and processes, and a folder in memory that is its own
    process   the same without namespaces, where those are forbidden
    limits    the limits alone: what macOS and Windows have
"""

import os
import resource
from dataclasses import dataclass

from . import kernel, landlock, namespaces

FULL, PROCESS, LIMITS = "full", "process", "limits"
LEVELS = (FULL, PROCESS, LIMITS)
FILE_BYTES = 32 << 20  # one file that a learner writes
FOLDER_BYTES = 64 << 20  # all of them
FOLDER_FILES = 4096
THREADS = 64
OPEN_FILES = 256


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


def limit(memory_mb, seconds, processes=False):
    """Put the system's own limits on this process.

    Parameters
    ----------
    memory_mb : int
        Beyond what it has already.
    seconds : float
        Of processor time.
    processes : bool
        Limit threads as well; only where they are counted apart from those of the user's other programs.
    """
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(seconds) + 2,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_AS": _memory() + (memory_mb << 20),
    }
    if processes:
        wanted["RLIMIT_NPROC"] = THREADS
    for name, value in wanted.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, most = resource.getrlimit(number)
        if most != resource.RLIM_INFINITY:
            value = min(value, most)
        try:
            resource.setrlimit(number, (value, value))
        except (ValueError, OSError):  # macOS does not limit memory
            continue


def _memory():
    """Bytes of address space that this process has."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30
