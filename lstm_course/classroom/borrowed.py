"""Finding answers that call the function they were supposed to implement, from their source code alone.

The result does not change any marks; the report lists it for the teacher to look at.
"""

import ast

from lstm_course.questions.solved import parse


def borrowed(cells, questions):
    """Uses of forbidden functions.

    Parameters
    ----------
    cells : list of (str, str)
        Name and source of each cell that the learner wrote; the name of an answer's cell is the id of its question.
    questions : iterable of Question or Choice

    Returns
    -------
    tuple of str
        Such as ``"04-forget-gate: lstm_course.scratch.sigmoid"``.
    """
    trees = [(name, _tree(source)) for name, source in cells]
    imported = {}
    for _, tree in trees:
        imported |= _imports(tree)
    uses = []
    for question in questions:
        paths = {path for name, tree in trees if name == question.id for path in _dotted_paths(tree, imported)}
        for forbidden in getattr(question, "forbids", ()):
            module, function = forbidden.split(":")
            if any(_refers_to(path, module, function) for path in paths):
                uses.append(f"{question.id}: {module}.{function}")
    return tuple(uses)


def _tree(source):
    try:
        return parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _imports(tree):
    """The dotted path of each imported name: ``{"s": "lstm_course.scratch.sigmoid"}``."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def _dotted_paths(tree, imported):
    """The dotted paths in the code that begin with an imported name, which is replaced by its own path."""
    for node in ast.walk(tree):
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in imported:
            yield ".".join([imported[node.id], *reversed(parts)])


def _refers_to(path, module, function):
    """Whether a path refers to the function in its module, in a parent of that module, or in a submodule of it."""
    parent, _, name = path.rpartition(".")
    return name == function and (f"{parent}.".startswith(f"{module}.") or f"{module}.".startswith(f"{parent}."))
