"""Noticing that an answer calls a function which it was asked to write.

What counts is which code runs while the answer is called. Python's profiling hook sees every call, so it does not
matter what the function is called there, how deep it lies, or what is wrapped around it.
"""

import contextlib
import inspect
import sys
import threading
import types

METHODS = ("__init__", "__call__", "forward")  # making or calling an object of a forbidden class


class Watch:
    """Watches for calls of some functions.

    Parameters
    ----------
    forbids : tuple of str
        Functions or classes, as ``"module:name"``. A module that is not loaded yet is not loaded for this.
    lent : iterable of callable
        Functions of the course that the answer may call. What these call on their own does not count.

    Attributes
    ----------
    seen : set of str
        Those of `forbids` that were called.
    complete : bool
        Whether all modules were loaded when the watch began. One that the answer itself loads cannot be watched in
        the same call.
    """

    def __init__(self, forbids, lent=()):
        self.seen, self._forbids = set(), forbids
        self._lent = {code for function in lent for code in _codes(function)}
        self._codes, self._builtins = {}, []
        for path in forbids:
            target = _loaded(path)
            if isinstance(target, types.BuiltinFunctionType):
                self._builtins.append((target, path))
            for code in _codes(target):
                owner = target if inspect.isclass(target) else None
                self._codes.setdefault(code.co_name, []).append((_place(code), owner, path))
        self._before = self._loaded_now()

    @property
    def complete(self):
        return self._before == self._loaded_now()

    def _loaded_now(self):
        return [path for path in self._forbids if path.partition(":")[0] in sys.modules]

    @contextlib.contextmanager
    def watching(self):
        """Watch whatever is called within the block, in this thread and in those that start there."""
        if not self._codes and not self._builtins:
            yield
            return
        before, before_in_threads = sys.getprofile(), threading.getprofile()
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        try:
            yield
        finally:
            sys.setprofile(before)
            threading.setprofile(before_in_threads)

    def _see(self, frame, event, called):
        if event == "call":
            for place, owner, path in self._codes.get(frame.f_code.co_name, ()):
                if place == _place(frame.f_code) and _belongs(frame, owner):
                    self._note(frame, path)
        elif event == "c_call" and self._builtins:
            for target, path in self._builtins:
                if called == target:
                    self._note(frame, path)

    def _note(self, frame, path):
        while frame is not None:
            if frame.f_code in self._lent:
                return
            frame = frame.f_back
        self.seen.add(path)


def _loaded(path):
    module, _, name = path.partition(":")
    return getattr(sys.modules.get(module), name, None)


def _codes(target):
    """The code that runs when a function is called, or when an object of a class is made or called."""
    if inspect.isclass(target):
        found = [getattr(target, name, None) for name in METHODS]
    else:
        found = [inspect.unwrap(target)] if callable(target) else []
    return [function.__code__ for function in found if hasattr(function, "__code__")]


def _place(code):
    """Where code was written: the same for a module that was loaded a second time."""
    return code.co_filename, code.co_firstlineno


def _belongs(frame, owner):
    """Whether a method was called on an object of this very class; it may be inherited by others."""
    if owner is None:
        return True
    first = frame.f_code.co_varnames[:1]
    bound = frame.f_locals.get(first[0]) if first else None
    return any(_same(kind, owner) for kind in type(bound).__mro__)


def _same(kind, owner):
    return kind is owner or (kind.__module__, kind.__qualname__) == (owner.__module__, owner.__qualname__)
