"""Exercises from solved notebooks, and the tables of lessons: what is written by program and never by hand.

A solved notebook in ``solutions/`` owns prose, stub and solution. What the question owns (points, hints, the
text of a choice) is written into it here, so that nothing is said twice; the exercise is then the solved notebook
without its solutions and outputs, in the format of nbgrader.
"""

import copy
import hashlib
import re

from lstm_course import files, lessons, questions
from lstm_course.questions.edits import check_edits

from . import notebooks

SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION\n?", re.DOTALL | re.MULTILINE)
STUB = "{0}# Your answer here, in place of the next line.\n{0}raise NotImplementedError\n"
TABLE = re.compile(r"(?<=<!-- lessons -->\n).*?(?=<!-- end of lessons -->)", re.DOTALL)
VERSION = re.compile(r'^exercise\("(\w+)", version="\w*"\)', re.MULTILINE)


def build(root, check=False):
    """Write what the questions own into the solved notebooks, make the exercises, and list the lessons.

    Parameters
    ----------
    root : pathlib.Path
        The course.
    check : bool
        Write nothing; only say what would change.

    Returns
    -------
    list of pathlib.Path
        The files that changed, or would.

    Raises
    ------
    ValueError
        If a solved notebook lacks a question, has one twice, or has a cell that names none.
    """
    texts = {}
    for lesson in lessons.LESSONS:
        source = root / "solutions" / f"{lesson.stem}.ipynb"
        solved = filled(notebooks.read(source), lesson)
        _complain_of_edits(solved, lesson)
        texts[source] = notebooks.to_text(solved)
        texts[root / "exercises" / source.name] = notebooks.to_text(blanked(solved))
    start = notebooks.read(root / "notebooks" / "start.ipynb")
    for cell in start.cells:
        if cell.metadata.get("lstm_course", {}).get("written") == "lessons":
            cell.source = lesson_table("").rstrip()
    texts[root / "notebooks" / "start.ipynb"] = notebooks.to_text(start)
    readme = (root / "README.md").read_text(encoding="utf-8")
    texts[root / "README.md"] = TABLE.sub(lambda found: lesson_table("notebooks/"), readme)
    changed = [path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if not check:
        for path in changed:
            files.write(path, texts[path])
    return changed


def lesson_table(folder):
    """The lessons there are, as a table in Markdown.

    Parameters
    ----------
    folder : str
        Path from the page with the table to the lessons, empty or with a slash at its end.
    """
    exercises = "exercises/" if folder else "../exercises/"
    rows = [
        f"| {lesson.number} | [{lesson.title}]({folder}{lesson.stem}.ipynb) | {lesson.promise} | {lesson.minutes} | "
        f"[{lesson.exercise_minutes}]({exercises}{lesson.stem}.ipynb) |"
        for lesson in lessons.LESSONS
    ]
    head = ["| | lesson | afterwards you can | minutes | exercises, minutes |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def filled(notebook, lesson):
    """The solved notebook with points, hints and choices written in from the questions.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    lesson : Lesson

    Raises
    ------
    ValueError
        As for `build`.
    """
    notebook = copy.deepcopy(notebook)
    asked = {question.id: question for question in questions.of_lesson(lesson) if question.points}
    _complain_of_cells(notebook, asked, lesson)
    for cell in notebook.cells:
        written = cell.metadata.get("lstm_course", {}).get("written")
        if written:
            question = asked[cell.metadata["lstm_course"]["question"]]
            cell.source = _hints(question) if written == "hints" else _choice(question)
        roles = cell.metadata.get("nbgrader", {})
        if roles.get("grade"):
            question = asked[roles["grade_id"].removeprefix("check-")]
            roles["points"] = question.points
            cell.source = f'check("{question.id}", {question.name})'
    notebook.metadata["lstm_course"] = {"exercise": lesson.stem}
    version = _version(blanked(notebook))
    notebook.metadata["lstm_course"]["version"] = version
    for cell in notebook.cells:
        cell.source = VERSION.sub(rf'exercise("\1", version="{version}")', cell.source)
    return notebook


def blanked(notebook):
    """The exercise: a solved notebook without solutions and outputs."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source = SOLUTION.sub(_stub, cell.source + "\n").rstrip("\n")
    return notebook


def _stub(found):
    """Within a function a stub that raises; outside of one nothing, so that a blank exercise runs to its end."""
    return STUB.format(found[1]) if found[1] else ""


def _version(notebook):
    """What tells one state of an exercise from another: a hash of its cells, its own version left out."""
    text = "\0".join(cell.cell_type + VERSION.sub(r"\1", cell.source) for cell in notebook.cells)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _complain_of_cells(notebook, asked, lesson):
    for role, prefix in (("solution", ""), ("grade", "check-")):
        found = [
            cell.metadata.nbgrader.grade_id.removeprefix(prefix)
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get(role)
        ]
        for question_id in found:
            if question_id not in asked:
                raise ValueError(f"solutions/{lesson.stem}.ipynb: a cell belongs to {question_id!r}, which nobody asks")
            if found.count(question_id) > 1:
                raise ValueError(f"solutions/{lesson.stem}.ipynb: {question_id!r} has more than one {role} cell")
        for question_id in asked:
            if question_id not in found:
                raise ValueError(f"solutions/{lesson.stem}.ipynb: {question_id!r} has no {role} cell")


def _complain_of_edits(notebook, lesson):
    """Mistakes that are edits of a solution must fit it."""
    source = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell.source for cell in notebook.cells}
    for question in questions.of_lesson(lesson):
        if isinstance(question, questions.Question):
            check_edits(question, source[question.id], f"solutions/{lesson.stem}.ipynb")


def _hints(question):
    points = f"{question.points} point{'s' * (question.points != 1)}"
    folded = [
        f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
        for number, hint in enumerate(question.hints, start=1)
    ]
    return "\n\n".join([f"*Worth {points}. Stuck? Open one hint at a time.*", *folded])


def _choice(question):
    options = [f"- **{letter})** {option.text}" for letter, option in question.options.items()]
    return "\n".join([question.text, "", *options])
