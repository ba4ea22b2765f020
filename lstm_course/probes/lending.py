"""Lending an answer the course's own functions, so that a mistake in an earlier answer costs nothing here.

During the call they are bound to their names, in the notebook's namespace and in every other one that the answer uses.
Direct references to the learner's own function (under a second name, in a closure, as a default) are replaced as well.
"""

import contextlib
import functools
import inspect
import sys
import types

MOST_OBJECTS = 2000  # to be looked at, since an answer may refer to anything
MISSING = object()  # stands for the value of a name that is not bound


class Reach:
    """The learner's functions and variables that an answer uses, as far as its code and its attributes show.

    Parameters
    ----------
    answer : object
    names : dict, optional
        The namespace of the notebook.

    Attributes
    ----------
    namespaces : list of dict
        The notebook's namespace, and the globals of the learner's functions that the answer uses.
    functions : list of function
        These functions.
    attributes : list of dict
        Attributes of the learner's objects, and keywords of ``functools.partial`` objects.
    bindings : list of (dict, str, object)
        For each global name that the functions use, its namespace, the name, and its value or `MISSING`.
    """

    def __init__(self, answer, names=None):
        self.namespaces, self.functions, self.attributes, self.bindings = [], [], [], []
        self._seen = set()
        if names is not None:
            _add(self.namespaces, names)
        waiting = [answer]
        while waiting and len(self._seen) < MOST_OBJECTS:
            thing = waiting.pop()
            if id(thing) not in self._seen and thing is not None:
                self._seen.add(id(thing))
                waiting += self._used_by(thing)

    def _used_by(self, thing):
        """The objects to which an object refers. Notes what has to be replaced in it."""
        if isinstance(thing, types.FunctionType):
            return self._used_by_function(thing)
        if isinstance(thing, types.MethodType):
            return [thing.__func__, thing.__self__]
        if isinstance(thing, (staticmethod, classmethod)):
            return [thing.__func__]
        if isinstance(thing, functools.partial):
            _add(self.attributes, thing.keywords)
            return [thing.func, *thing.args, *thing.keywords.values()]
        if isinstance(thing, types.ModuleType):
            return self._used_by_module(thing)
        wrapped = [_attribute(thing, "__wrapped__")] if callable(thing) else []
        class_ = thing if isinstance(thing, type) else type(thing)
        if not _is_the_learners(class_.__module__):
            return wrapped
        if class_ is thing:
            return [*wrapped, *vars(thing).values()]
        attributes = vars(thing) if hasattr(thing, "__dict__") else {}
        _add(self.attributes, attributes)
        return [*wrapped, class_, *attributes.values()]

    def _used_by_function(self, function):
        self.functions.append(function)
        used = [_attribute(function, "__wrapped__"), *(function.__defaults__ or ())]
        used += (function.__kwdefaults__ or {}).values()
        used += [value for cell in function.__closure__ or () for value in _content(cell)]
        namespace = function.__globals__
        if _is_the_learners(namespace.get("__name__")):
            _add(self.namespaces, namespace)
            for name in _names_in(function.__code__):
                value = namespace.get(name, MISSING)  # perhaps bound later
                self.bindings.append((namespace, name, value))
                used += [] if value is MISSING else [value]
        return used

    def _used_by_module(self, module):
        if not _is_the_learners(module.__name__):
            return []
        _add(self.namespaces, vars(module))
        return [value for value in vars(module).values() if callable(value)]


def _add(dictionaries, dictionary):
    if all(dictionary is not known for known in dictionaries):
        dictionaries.append(dictionary)


@contextlib.contextmanager
def lent(functions, answer, names=None):
    """Let the answer use these functions within the block.

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
        for holder, name, value in _replacements(functions, Reach(answer, names), answer):
            undo.append(_replace(holder, name, value))
        yield
    finally:
        for holder, name, value in reversed(undo):
            _replace(holder, name, value)


def _replacements(functions, reach, answer):
    """Yield the arguments of `_replace`: for each name in every namespace, and for each direct reference to the
    learner's own function of that name."""
    own = {}  # by the id of a learner's function, the function itself and the one that replaces it
    for namespace in reach.namespaces:
        for name, function in functions.items():
            if name in namespace:
                own.setdefault(id(namespace[name]), (namespace[name], function))
    own = {key: pair for key, pair in own.items() if callable(pair[0]) and pair[0] is not answer}
    for namespace in reach.namespaces:
        for name, function in functions.items():
            yield namespace, name, function
    keyword_defaults = [function.__kwdefaults__ or {} for function in reach.functions]
    for holder in (*reach.namespaces, *reach.attributes, *keyword_defaults):
        for name, value in list(holder.items()):
            if id(value) in own:
                yield holder, name, own[id(value)][1]
    for function in reach.functions:
        for cell in function.__closure__ or ():
            if any(id(value) in own for value in _content(cell)):
                yield cell, None, own[id(cell.cell_contents)][1]
        if any(id(value) in own for value in function.__defaults__ or ()):
            defaults = [own[id(value)][1] if id(value) in own else value for value in function.__defaults__]
            yield function, None, tuple(defaults)


def _replace(holder, name, value):
    """Set an entry of a dictionary, the content of a closure's cell, or a function's defaults. Returns the arguments
    that undo it."""
    if isinstance(holder, types.CellType):
        before, holder.cell_contents = holder.cell_contents, value
    elif isinstance(holder, types.FunctionType):
        before, holder.__defaults__ = holder.__defaults__, value
    else:
        before = holder.get(name, MISSING)
        if value is MISSING:
            holder.pop(name, None)
        else:
            holder[name] = value
    return holder, name, before


def _attribute(thing, name):
    """Look up an attribute without running the learner's code."""
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


def _is_the_learners(module):
    """Whether a module is the learner's notebook or one of their files, and not a library."""
    if module is None or module == "__main__":
        return True
    top = module.partition(".")[0]
    if top == "lstm_course" or top in sys.stdlib_module_names:
        return False
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return "site-packages" not in file and "dist-packages" not in file
