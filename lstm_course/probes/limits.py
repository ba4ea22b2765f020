"""Stopping Python code that takes too long."""

import contextlib
import ctypes
import itertools
import os
import threading
from time import monotonic  # by name, so that code that replaces time.monotonic cannot stop this clock

REPEAT_SECONDS = 0.5  # between one exception and the next, in case the first is caught


class TimeUp(BaseException):
    """Raised inside code that takes too long. Not an Exception, so that ``except Exception`` does not catch it."""


@contextlib.contextmanager
def time_limit(seconds):
    """Raise `TimeUp` within the block when it takes longer than `seconds`.

    This stops Python code on every platform. Code that hangs inside a library is stopped only when the library returns.
    The exception is raised again every half second, in case a bare ``except`` catches it; a loop that catches it in
    every round is not stopped.
    """
    dog = watchdog()
    number = dog.add(threading.get_ident(), monotonic() + seconds)
    try:
        yield
    finally:
        dog.remove(number)


def watchdog():
    """Return the watchdog of this process. The first call, and the first after a fork, starts it."""
    global _watchdog
    if _watchdog is None or _watchdog.process != os.getpid():
        _watchdog = _Watchdog()
    return _watchdog


class _Watchdog:
    """A thread that waits for the next deadline.

    One thread serves all time limits of a process, because another could not be started once memory or threads have run
    out.
    """

    def __init__(self):
        self.process, self._numbers = os.getpid(), itertools.count()
        self._limits = {}  # by number, the deadline and the thread
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, daemon=True, name="time limits").start()

    def add(self, thread, deadline):
        number = next(self._numbers)
        with self._changed:
            self._limits[number] = (deadline, thread)
            self._changed.notify()
        return number

    def remove(self, number):
        while True:
            try:
                with self._changed:
                    self._limits.pop(number, None)
                # A pending exception is raised during this loop. If it were cancelled instead, CPython 3.11 would keep
                # looking for it, endlessly once a profiling function is set.
                for _ in range(3):
                    pass
                return
            except TimeUp:  # if it belongs to an outer limit, it will be raised again
                continue

    def _watch(self):
        with self._changed:
            while True:
                now = monotonic()
                for number, (deadline, thread) in self._limits.items():
                    if deadline <= now:
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TimeUp))
                        self._limits[number] = (now + REPEAT_SECONDS, thread)
                nearest = min((deadline for deadline, _ in self._limits.values()), default=None)
                self._changed.wait(None if nearest is None else max(nearest - monotonic(), 0))


_watchdog = None
