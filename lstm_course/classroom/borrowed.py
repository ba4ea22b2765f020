"""Answers that call what they were to write, as far as their text tells. It changes no marks; a person looks."""

import ast


def borrowed(cells, questions):
    """Uses of forbidden functions.

    Parameters
    ----------
    cells : list of (str, str)
        Name and source of each cell that somebody wrote; an answer's cell has the id of its question as its name.
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
    found = []
    for question in questions:
        used = {path for name, tree in trees if name == question.id for path in _used(tree, imported)}
        for forbidden in getattr(question, "forbids", ()):
            module, function = forbidden.split(":")
            if any(_is(path, module, function) for path in used):
                found.append(f"{question.id}: {module}.{function}")
    return tuple(found)


def _tree(source):
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def _imports(tree):
    """What each imported name stands for: ``{"s": "lstm_course.scratch.sigmoid"}``."""
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


def _used(tree, imported):
    """Dotted paths that the code names, with imported names spelled out."""
    for node in ast.walk(tree):
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in imported:
            yield ".".join([imported[node.id], *reversed(parts)])


def _is(path, module, function):
    """Whether a path means the function: from its module, from one around it, or from a part of it."""
    where, _, name = path.rpartition(".")
    return name == function and (where == module or where.startswith(module + ".") or module.startswith(where + "."))
