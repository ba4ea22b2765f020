"""Stopping Python code that does not end."""

import contextlib
import ctypes
import itertools
import os
import threading
from time import monotonic  # by name, so that code which replaces time.monotonic does not stop this clock

AGAIN = 0.5  # seconds between one exception and the next, in case it was caught


class TimeUp(BaseException):
    """Raised inside code that ran too long. Not an Exception, so that ``except Exception`` does not swallow it."""


@contextlib.contextmanager
def time_limit(seconds):
    """Raise `TimeUp` in the thread inside the block when it takes longer than `seconds`.

    Works on every platform, and for loops in Python; code that hangs inside a library is only stopped when it
    returns. It is raised again every half second, in case it was caught by a bare ``except``; a loop that catches it
    in every round goes on.
    """
    watch = watchdog()
    number = watch.expect(threading.get_ident(), monotonic() + seconds)
    try:
        yield
    finally:
        watch.forget(number)


def watchdog():
    """The one that watches in this process; started at the first call, and anew after a fork."""
    global _watchdog
    if _watchdog is None or _watchdog.process != os.getpid():
        _watchdog = _Watchdog()
    return _watchdog


class _Watchdog:
    """A thread that waits for the next limit to pass.

    One for all limits of a process: where memory or threads have run out, no other could be started.
    """

    def __init__(self):
        self.process, self._numbers, self._waiting = os.getpid(), itertools.count(), {}
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, daemon=True, name="time limits").start()

    def expect(self, thread, deadline):
        number = next(self._numbers)
        with self._changed:
            self._waiting[number] = (deadline, thread)
            self._changed.notify()
        return number

    def forget(self, number):
        while True:
            try:
                with self._changed:
                    self._waiting.pop(number, None)
                # An exception that was set and not yet raised is raised within these rounds. To take it back instead
                # would leave CPython 3.11 looking for it, without end once a profiling function is set.
                for _ in range(3):
                    pass
                return
            except TimeUp:  # one for an outer limit comes again
                continue

    def _watch(self):
        with self._changed:
            while True:
                now = monotonic()
                for number, (deadline, thread) in self._waiting.items():
                    if deadline <= now:
                        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(TimeUp))
                        self._waiting[number] = (now + AGAIN, thread)
                nearest = min((deadline for deadline, _ in self._waiting.values()), default=None)
                self._changed.wait(None if nearest is None else max(nearest - monotonic(), 0))


_watchdog = None
