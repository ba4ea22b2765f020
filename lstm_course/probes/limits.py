"""Stopping Python code that does not end."""

import contextlib
import ctypes
import threading


class TimeUp(BaseException):
    """Raised inside code that ran too long. Not an Exception, so that ``except Exception`` does not swallow it."""


@contextlib.contextmanager
def time_limit(seconds):
    """Raise `TimeUp` in the thread inside the block when it takes longer than `seconds`.

    Works on every platform, and for loops in Python; code that hangs inside a library is only stopped when it
    returns. It is raised again every half second, in case it was caught by a bare ``except``; a loop that catches it
    in every round goes on.
    """
    thread = ctypes.c_ulong(threading.get_ident())
    lock, state = threading.Lock(), {"over": False}

    def stop():
        nonlocal timer
        with lock:
            if state["over"]:
                return
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TimeUp))
            timer = _timer(0.5, stop)

    timer = _timer(seconds, stop)
    try:
        yield
    finally:
        with lock:
            state["over"] = True
            timer.cancel()
            # Take back an exception that was set but not yet raised.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)


def _timer(seconds, function):
    timer = threading.Timer(seconds, function)
    timer.daemon = True
    timer.start()
    return timer
