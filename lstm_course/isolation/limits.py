"""The limits that every POSIX system can put on a process: processor, memory, files."""

import resource

FILE_BYTES = 32 << 20  # one file that a learner writes
FOLDER_BYTES = 64 << 20  # all of them
FOLDER_FILES = 4096
THREADS = 64
OPEN_FILES = 256


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
