"""Resource limits that every POSIX system can set for a process: processor time, memory, files."""

import resource

FILE_BYTES = 32 << 20  # for each file that a learner writes
FOLDER_BYTES = 64 << 20  # for all of them together
FOLDER_FILES = 4096
THREADS = 64
OPEN_FILES = 256


def limit(memory_mb, seconds, threads=False):
    """Limit the resources of this process.

    Parameters
    ----------
    memory_mb : int
        Memory beyond what it has already.
    seconds : float
        Processor time.
    threads : bool
        Limit threads as well. Possible only where those of the user's other programs are not counted.
    """
    values = {
        "RLIMIT_CORE": 0,
        "RLIMIT_CPU": int(seconds) + 2,
        "RLIMIT_FSIZE": FILE_BYTES,
        "RLIMIT_NOFILE": OPEN_FILES,
        "RLIMIT_AS": _memory() + (memory_mb << 20),
    }
    if threads:
        values["RLIMIT_NPROC"] = THREADS
    for name, value in values.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        _, hard = resource.getrlimit(number)
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(number, (value, value))
        except (ValueError, OSError):  # macOS cannot limit memory; the judge watches it
            continue


def _memory():
    """Size of this process's address space in bytes."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 1 << 30
