"""Noticing when an answer calls a function that the learner was asked to write.

What counts is the code that runs during the call. Python's profiling hook sees every call, so neither the function's
name in the notebook, nor the depth of the call, nor a wrapper makes a difference.
"""

import contextlib
import inspect
import sys
import threading
import types

METHODS = ("__init__", "__call__", "forward")  # run when an object of a forbidden class is made or called


class Watch:
    """Watches for calls of some functions.

    Parameters
    ----------
    forbids : tuple of str
        Functions or classes, as ``"module:name"``. Modules that are not loaded yet are not loaded for this.
    lent : iterable of callable
        Functions of the course that the answer may call. Calls that these make themselves do not count.

    Attributes
    ----------
    seen : set of str
        Those of `forbids` that were called.
    complete : bool
        False if a module of `forbids` was loaded after the watch began. Its functions were not watched.
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
                self._codes.setdefault(code.co_name, []).append((_position(code), owner, path))
        self._loaded_before = self._loaded_now()

    @property
    def complete(self):
        return self._loaded_before == self._loaded_now()

    def _loaded_now(self):
        return [path for path in self._forbids if path.partition(":")[0] in sys.modules]

    @contextlib.contextmanager
    def watching(self):
        """Watch all calls within the block, in this thread and in those that it starts."""
        if not self._codes and not self._builtins:
            yield
            return
        own_profile, thread_profile = sys.getprofile(), threading.getprofile()
        threading.setprofile(self._see)
        sys.setprofile(self._see)
        try:
            yield
        finally:
            sys.setprofile(own_profile)
            threading.setprofile(thread_profile)

    def _see(self, frame, event, called):
        if event == "call":
            for position, owner, path in self._codes.get(frame.f_code.co_name, ()):
                if position == _position(frame.f_code) and _belongs(frame, owner):
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
        functions = [getattr(target, name, None) for name in METHODS]
    else:
        functions = [inspect.unwrap(target)] if callable(target) else []
    return [function.__code__ for function in functions if hasattr(function, "__code__")]


def _position(code):
    """The file and the line where code is defined, which stay the same if its module is loaded a second time."""
    return code.co_filename, code.co_firstlineno


def _belongs(frame, owner):
    """Whether a method was called on an object of the forbidden class, which may have inherited it with others."""
    if owner is None:
        return True
    first = frame.f_code.co_varnames[:1]
    bound = frame.f_locals.get(first[0]) if first else None
    return any(_same(class_, owner) for class_ in type(bound).__mro__)


def _same(class_, owner):
    return class_ is owner or (class_.__module__, class_.__qualname__) == (owner.__module__, owner.__qualname__)
