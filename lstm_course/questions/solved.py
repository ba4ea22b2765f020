"""The solved notebooks, as far as questions need them: the text of an answer, and the names that it finds there."""

import ast
import functools
import json
import re

from lstm_course import lessons

MARKS = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


def answer_text(question_id):
    """The course's own answer to a question that asks for code.

    Raises
    ------
    ValueError
        If the solved notebook of the lesson has no answer to it.
    FileNotFoundError
        If the course's notebooks are not beside the package.
    """
    path = _notebook(question_id)
    for role, source in _cells(path, path.stat().st_mtime_ns):
        if role.get("grade_id") == question_id:
            return without_marks(source)
    raise ValueError(f"question: the solved notebook {path.name} has no answer to {question_id!r}")


def without_marks(source):
    """The source of an answer cell without the marks around the solution."""
    return MARKS.sub("", source).strip()


def provided_names(question_id, source):
    """A fresh namespace with what the notebook provides for an answer: imports, functions and constants.

    Statements that only do something, such as `exercise(...)`, are left out, and so are imports of what neither
    `source`, the text of the answer, nor the notebook's own functions use: they may be large.
    """
    path, names, given = _notebook(question_id), {}, []
    for role, text in _cells(path, path.stat().st_mtime_ns):
        if role.get("locked") and not role.get("grade"):
            given += ast.parse(text).body
    imports = [statement for statement in given if isinstance(statement, (ast.Import, ast.ImportFrom))]
    rest = [statement for statement in given if statement not in imports and not isinstance(statement, ast.Expr)]
    nodes = (node for part in (ast.parse(source), *rest) for node in ast.walk(part))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    for statement in imports:
        statement.names = [alias for alias in statement.names if (alias.asname or alias.name.split(".")[0]) in used]
    kept = [*(statement for statement in imports if statement.names), *rest]
    exec(compile(ast.Module(kept, type_ignores=[]), f"<{path.name}>", "exec"), names)
    return names


def _notebook(question_id):
    lesson = lessons.find(question_id.partition("-")[0])
    return lessons.course_root() / "solutions" / f"{lesson.stem}.ipynb"


@functools.lru_cache(maxsize=2)
def _cells(path, changed):
    """What nbgrader notes of each code cell, and its source; read anew when the file has `changed`."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = (cell for cell in cells if cell["cell_type"] == "code")
    return [(cell["metadata"].get("nbgrader", {}), "".join(cell["source"])) for cell in code]
