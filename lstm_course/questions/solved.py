"""Reads from the solved notebooks what questions need: the source of an answer and the names that it uses."""

import ast
import functools
import json
import re
import threading

from lstm_course import lessons

MARKS = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION\n?", re.MULTILINE)
_PARSING = threading.Lock()


def parse(source):
    """The syntax tree of a source, by one thread at a time.

    In CPython 3.11, two threads that build trees at the same time may count their recursion depths together, and
    `ast.parse` then raises a SystemError (https://github.com/python/cpython/issues/106905).
    """
    with _PARSING:
        return ast.parse(source)


def answer_text(question_id):
    """The source of the course's own answer to a question that asks for code.

    Raises
    ------
    ValueError
        If the solved notebook of the lesson has no answer to it.
    FileNotFoundError
        If the course is installed without its notebooks.
    """
    path = _notebook(question_id)
    for role, source in _cells(path, path.stat().st_mtime_ns):
        if role.get("grade_id") == question_id:
            return without_marks(source)
    raise ValueError(f"question: the solved notebook {path.name} has no answer to {question_id!r}")


def without_marks(source):
    """The source of an answer cell without the comments that mark the solution."""
    return MARKS.sub("", source).strip()


def provided_names(question_id, source):
    """A new namespace with the imports, functions and constants that the notebook provides for an answer.

    Statements that are executed for their effect, such as `exercise(...)`, are left out. So are imports that neither
    `source`, the source of the answer, nor the notebook's own functions use, because they may take long to load.
    """
    path, namespace, statements = _notebook(question_id), {}, []
    for role, text in _cells(path, path.stat().st_mtime_ns):
        if role.get("locked") and not role.get("grade"):
            statements += parse(text).body
    imports = [each for each in statements if isinstance(each, (ast.Import, ast.ImportFrom))]
    definitions = [each for each in statements if each not in imports and not isinstance(each, ast.Expr)]
    nodes = (node for tree in (parse(source), *definitions) for node in ast.walk(tree))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    for each in imports:
        each.names = [alias for alias in each.names if (alias.asname or alias.name.split(".")[0]) in used]
    module = ast.Module([*(each for each in imports if each.names), *definitions], type_ignores=[])
    exec(compile(module, f"<{path.name}>", "exec"), namespace)
    return namespace


def _notebook(question_id):
    lesson = lessons.find(question_id.partition("-")[0])
    return lessons.course_root() / "solutions" / f"{lesson.stem}.ipynb"


@functools.lru_cache(maxsize=2)
def _cells(path, changed):
    """The nbgrader metadata and the source of each code cell; `changed` is part of the cache key only."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = (cell for cell in cells if cell["cell_type"] == "code")
    return [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in code]
