"""Which tests belong to one lesson, for ``make test LESSON=04``."""

import ast
import json
import re
from pathlib import Path

from lstm_course import lessons

TESTS = Path(__file__).resolve().parent
FOLDERS = ("notebooks", "exercises", "solutions")
# Tests that go over all lessons or over all questions, and name them in their parameters.
OVER_ALL_LESSONS = (
    "authoring",
    "browser",
    "grading/test_cards.py",
    "grading_matrix",
    "questions",
    "test_stored_notebooks.py",
    "test_teaching.py",
)
EVERY_LESSON_USES = {"ask", "check", "exercise", "plots"}


def belongs(item, lesson, parts):
    """Whether a test belongs to a lesson: to its notebooks, its questions, its page, or a part that it uses.

    Parameters
    ----------
    item : pytest.Item
        A test, or a cell of a notebook.
    lesson : Lesson
    parts : set of str
        What `parts_of` gives for the lesson.
    """
    if item.path.suffix == ".ipynb":
        return item.path.name.startswith(f"{lesson.number}_")
    if not item.path.is_relative_to(TESTS):
        return False
    inside = item.path.relative_to(TESTS)
    if inside.parts[0] in parts or any(re.fullmatch(rf"test_{part}(_.*)?\.py", inside.name) for part in parts):
        return True
    if not any(inside.is_relative_to(place) for place in OVER_ALL_LESSONS):
        return False
    if inside.name == f"test_lesson_{lesson.number}.py":
        return True
    parameters = item.callspec.id if hasattr(item, "callspec") else ""
    return bool(re.search(rf"(?<!\d){lesson.number}[-_][a-z]", parameters))


def parts_of(lesson):
    """The parts of the package that the lesson's notebooks and questions import, but for those that every lesson uses.

    Returns
    -------
    set of str
        Names of folders or modules in ``lstm_course/``, such as ``"scratch"``.
    """
    root = lessons.course_root()
    sources = [
        re.sub(r"^\s*[%!].*$", "", "".join(cell["source"]), flags=re.MULTILINE)
        for folder in FOLDERS
        for path in (root / folder).glob(f"{lesson.number}_*.ipynb")
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    questions = root / "lstm_course" / "questions" / lesson.slug
    sources += [path.read_text(encoding="utf-8") for path in questions.glob("*.py")]
    return {part for source in sources for part in _imported(source)} - EVERY_LESSON_USES


def _imported(source):
    """The parts of the package that some code imports."""
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            package, *inside = name.split(".")
            if package == "lstm_course" and inside:
                yield inside[0]
