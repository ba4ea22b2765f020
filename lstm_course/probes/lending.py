"""Lending an answer the course's own functions, so that a mistake in an earlier answer costs nothing here.

An answer finds them under their names, in the namespace of the notebook and in every other one that it uses. Where it
holds the learner's own function directly (under a second name, in a closure, as a default), that is exchanged too.
"""

import contextlib
import functools
import inspect
import sys
import types

MOST = 2000  # objects looked at; an answer may hold anything
MISSING = object()  # stands for what is not bound


class Reach:
    """What an answer uses, as far as its code and its contents tell.

    Parameters
    ----------
    answer : object
    names : dict, optional
        The namespace of the notebook.

    Attributes
    ----------
    namespaces : list of dict
        The notebook's, and the globals of the learner's own functions that the answer uses.
    functions : list of function
    holders : list of dict
        Other places with values by name: attributes of the learner's objects, keywords of a ``partial``.
    bindings : list of (dict, str, object)
        For each name that the functions use, the namespace, the name, and the object that it stands for, or `MISSING`.
    """

    def __init__(self, answer, names=None):
        self.namespaces, self.functions, self.holders, self.bindings = [], [], [], []
        self._seen = set()
        if names is not None:
            self._add(self.namespaces, names)
        waiting = [answer]
        while waiting and len(self._seen) < MOST:
            thing = waiting.pop()
            if id(thing) not in self._seen and thing is not None:
                self._seen.add(id(thing))
                waiting += self._parts(thing)

    def _add(self, places, place):
        if all(place is not known for known in places):
            places.append(place)

    def _parts(self, thing):
        if isinstance(thing, types.FunctionType):
            return self._parts_of_function(thing)
        if isinstance(thing, types.MethodType):
            return [thing.__func__, thing.__self__]
        if isinstance(thing, (staticmethod, classmethod)):
            return [thing.__func__]
        if isinstance(thing, functools.partial):
            self._add(self.holders, thing.keywords)
            return [thing.func, *thing.args, *thing.keywords.values()]
        if isinstance(thing, types.ModuleType):
            return self._parts_of_module(thing)
        wrapped = [_attribute(thing, "__wrapped__")] if callable(thing) else []
        kind = thing if isinstance(thing, type) else type(thing)
        if not _is_ones_own(kind.__module__):
            return wrapped
        if kind is thing:
            return [*wrapped, *vars(thing).values()]
        attributes = vars(thing) if hasattr(thing, "__dict__") else {}
        self._add(self.holders, attributes)
        return [*wrapped, kind, *attributes.values()]

    def _parts_of_function(self, function):
        self.functions.append(function)
        parts = [_attribute(function, "__wrapped__"), *(function.__defaults__ or ())]
        parts += (function.__kwdefaults__ or {}).values()
        parts += [value for cell in function.__closure__ or () for value in _content(cell)]
        names = function.__globals__
        if _is_ones_own(names.get("__name__")):
            self._add(self.namespaces, names)
            for name in _names_in(function.__code__):
                value = names.get(name, MISSING)  # perhaps bound later
                self.bindings.append((names, name, value))
                parts += [] if value is MISSING else [value]
        return parts

    def _parts_of_module(self, module):
        if not _is_ones_own(module.__name__):
            return []
        self._add(self.namespaces, vars(module))
        return [value for value in vars(module).values() if callable(value)]


@contextlib.contextmanager
def lent(functions, answer, names=None):
    """For one call, let the answer have these functions.

    Parameters
    ----------
    functions : dict of str to callable
    answer : object
    names : dict, optional
        The namespace of the notebook.
    """
    if not functions:
        yield
        return
    undo = []
    try:
        for place, key, value in _exchanges(functions, Reach(answer, names), answer):
            undo.append(_put(place, key, value))
        yield
    finally:
        for place, key, value in reversed(undo):
            _put(place, key, value)


def _exchanges(functions, reach, answer):
    """Which entries to replace: by name in every namespace, elsewhere wherever the learner's own function is held."""
    own = {}  # by identity, what stands for the learner's function of each name
    for place in reach.namespaces:
        for name, function in functions.items():
            if name in place:
                own.setdefault(id(place[name]), (place[name], function))
    own = {key: pair for key, pair in own.items() if callable(pair[0]) and pair[0] is not answer}
    for place in reach.namespaces:
        for name, function in functions.items():
            yield place, name, function
    for place in (*reach.namespaces, *reach.holders, *(each.__kwdefaults__ or {} for each in reach.functions)):
        for name, value in list(place.items()):
            if id(value) in own:
                yield place, name, own[id(value)][1]
    for function in reach.functions:
        for cell in function.__closure__ or ():
            if any(id(value) in own for value in _content(cell)):
                yield cell, None, own[id(cell.cell_contents)][1]
        if any(id(value) in own for value in function.__defaults__ or ()):
            exchanged = [own[id(value)][1] if id(value) in own else value for value in function.__defaults__]
            yield function, None, tuple(exchanged)


def _put(place, key, value):
    """Put a value into its place; what has to be put to undo it."""
    if isinstance(place, types.CellType):
        before, place.cell_contents = place.cell_contents, value
    elif isinstance(place, types.FunctionType):
        before, place.__defaults__ = place.__defaults__, value
    else:
        before = place.get(key, MISSING)
        if value is MISSING:
            place.pop(key, None)
        else:
            place[key] = value
    return place, key, before


def _attribute(thing, name):
    """An attribute, without running code of the learner's."""
    return inspect.getattr_static(thing, name, None)


def _content(cell):
    try:
        return [cell.cell_contents]
    except ValueError:  # an empty cell
        return []


def _names_in(code):
    names = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            names |= _names_in(constant)
    return names


def _is_ones_own(module):
    """Whether a module is the learner's notebook or a file of theirs, and no library."""
    if module is None or module == "__main__":
        return True
    top = module.partition(".")[0]
    if top == "lstm_course" or top in sys.stdlib_module_names:
        return False
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return "site-packages" not in file and "dist-packages" not in file
