"""Generates the exercises from the solved notebooks, the slides of the lessons, and the tables of lessons.

A solved notebook in ``solutions/`` holds prose, stub and solution. Points, hints and the text of a choice belong to the
question and are copied into the notebook here, so that nothing has to be written twice. The exercise is the solved
notebook without solutions and outputs, in the format of nbgrader.
"""

import copy
import hashlib
import re

from lstm_course import files, lessons, questions
from lstm_course.questions.edits import check_edits

from . import notebooks, slides

SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n.*?^[ \t]*### END SOLUTION\n?", re.DOTALL | re.MULTILINE)
STUB = "{0}# Your answer here, in place of the next line.\n{0}raise NotImplementedError\n"
TABLE = re.compile(r"(?<=<!-- lessons -->\n).*?(?=<!-- end of lessons -->)", re.DOTALL)
VERSION = re.compile(r'^exercise\("(\w+)", version="\w*"\)', re.MULTILINE)


def build(root, check=False):
    """Fill the solved notebooks from the questions, make the exercises, lay out the slides, and write the tables.

    Parameters
    ----------
    root : pathlib.Path
        The course.
    check : bool
        Write nothing; only report what would change.

    Returns
    -------
    list of pathlib.Path
        The files that changed or would change.

    Raises
    ------
    ValueError
        If a solved notebook lacks a question, has one twice, has a cell for an unknown question, or does not fit a
        mistake's edit.
    """
    texts = {}
    for lesson in lessons.LESSONS:
        source = root / "solutions" / f"{lesson.stem}.ipynb"
        solved = filled(notebooks.read(source), lesson)
        _check_edits(solved, lesson)
        texts[source] = notebooks.to_text(solved)
        texts[root / "exercises" / source.name] = notebooks.to_text(blanked(solved))
    for path in sorted((root / "notebooks").glob("[0-9]*.ipynb")):
        texts[path] = notebooks.to_text(slides.lay_out(notebooks.read(path)))
    start = notebooks.read(root / "notebooks" / "start.ipynb")
    for cell in start.cells:
        written = cell.metadata.get("lstm_course", {}).get("written")
        if written in START:
            cell.source = START[written]().rstrip()
    texts[root / "notebooks" / "start.ipynb"] = notebooks.to_text(start)
    readme = (root / "README.md").read_text(encoding="utf-8")
    texts[root / "README.md"] = TABLE.sub(lambda match: lesson_table("notebooks/"), readme)
    changed = [path for path, text in texts.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if not check:
        for path in changed:
            files.write(path, texts[path])
    return changed


def lesson_table(folder):
    """The table of lessons in Markdown.

    Parameters
    ----------
    folder : str
        Path from the page with the table to the lessons: empty, or ending with a slash.
    """
    exercises = "exercises/" if folder else "../exercises/"
    rows = [
        f"| {lesson.number} | [{lesson.title}]({folder}{lesson.stem}.ipynb) | {lesson.promise} | {lesson.minutes} | "
        f"[{lesson.exercise_minutes}]({exercises}{lesson.stem}.ipynb) |"
        for lesson in lessons.LESSONS
    ]
    head = ["| | lesson | afterwards you can | minutes | exercises, minutes |", "|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def routes():
    """The ways through the course, as a list in Markdown with links to the lessons."""
    found = {lesson.number: lesson for lesson in lessons.LESSONS}
    rows = []
    for route in lessons.ROUTES:
        links = ", ".join(f"[{number}]({found[number].stem}.ipynb)" for number in route.numbers if number in found)
        rows.append(f"- **{route.name}:** {links}. {route.advice}\n")
    return "".join(rows)


def topics():
    """What each lesson covers, as a list in Markdown with links to the lessons."""
    return "".join(
        f"- [{lesson.number}]({lesson.stem}.ipynb): {'; '.join(lesson.covers)}\n" for lesson in lessons.LESSONS
    )


# What is written into the cells of the start page.
START = {"lessons": lambda: lesson_table(""), "routes": routes, "topics": topics}


def filled(notebook, lesson):
    """The solved notebook with points, hints and choices from the questions.

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
    scored = {question.id: question for question in questions.of_lesson(lesson) if question.points}
    _check_cells(notebook, scored, lesson)
    for cell in notebook.cells:
        written = cell.metadata.get("lstm_course", {}).get("written")
        if written:
            question = scored[cell.metadata["lstm_course"]["question"]]
            cell.source = _hints(question) if written == "hints" else _choice(question)
        roles = cell.metadata.get("nbgrader", {})
        if roles.get("grade"):
            question = scored[roles["grade_id"].removeprefix("check-")]
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


def _stub(match):
    """A stub that raises inside a function, and nothing outside, so that a blank exercise runs to its end."""
    return STUB.format(match[1]) if match[1] else ""


def _version(notebook):
    """The version of an exercise: a hash of its cells, without the version in them."""
    text = "\0".join(cell.cell_type + VERSION.sub(r"\1", cell.source) for cell in notebook.cells)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _check_cells(notebook, scored, lesson):
    for role, prefix in (("solution", ""), ("grade", "check-")):
        ids = [
            cell.metadata.nbgrader.grade_id.removeprefix(prefix)
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get(role)
        ]
        for question_id in {**dict.fromkeys(ids), **scored}:
            count = ids.count(question_id)
            if question_id not in scored:
                problem = f"a {role} cell has the id {question_id!r}, which is no question with points"
            elif count != 1:
                problem = f"{question_id!r} has {count} {role} cells; wanted exactly one"
            else:
                continue
            raise ValueError(f"solutions/{lesson.stem}.ipynb: {problem}")


def _check_edits(notebook, lesson):
    """Check that the edits of all mistakes fit their solutions."""
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
