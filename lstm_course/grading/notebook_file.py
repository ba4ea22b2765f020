"""A notebook as the judge reads it: its cells and their roles. Nothing in the file is trusted or run here."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

from .without_outputs import TooLarge, without_outputs


class UnreadableNotebook(ValueError):
    """The file cannot be judged; the message gives the reason in one sentence."""


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """One cell, with its role in the exercise.

    Attributes
    ----------
    cell_type, source : str
    grade_id : str
        The cell's id in nbgrader, or empty.
    is_check : bool
        Whether nbgrader would give marks for the cell.
    is_provided : bool
        Whether the cell is code provided by the course: locked, and neither an answer nor a check.
    """

    cell_type: str
    source: str
    grade_id: str = ""
    is_check: bool = False
    is_provided: bool = False


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook, and what its metadata says about its origin; all other metadata is dropped.

    Attributes
    ----------
    cells : tuple of NotebookCell
        In order.
    exercise, version : str
        The exercise that the notebook claims to be a copy of, and the version of that exercise; or empty.
    problem : str
        Why it cannot be judged, or empty. If there is a problem, the other attributes are as far as they could be read.
    """

    cells: tuple[NotebookCell, ...] = ()
    exercise: str = ""
    version: str = ""
    problem: str = ""


def read(path):
    """The notebook in a file, however large its outputs are.

    Raises
    ------
    UnreadableNotebook
        If the file is not a notebook; the message begins with the path.
    """
    path = Path(path)
    try:
        with open(path, "rb") as file:
            return _read(file)
    except FileNotFoundError:
        raise UnreadableNotebook(f"{path}: there is no such file") from None
    except OSError as problem:
        raise UnreadableNotebook(f"{path}: it cannot be read ({problem})") from None
    except UnreadableNotebook as problem:
        raise UnreadableNotebook(f"{path}: {problem}") from None


def parse(content):
    """The notebook in the content of a file.

    Raises
    ------
    UnreadableNotebook
        If the content is not a notebook.
    """
    return _read(io.BytesIO(content))


def _read(file):
    try:
        notebook = examine(without_outputs(file))
    except TooLarge as problem:
        raise UnreadableNotebook(str(problem)) from None
    if notebook.problem:
        raise UnreadableNotebook(notebook.problem)
    return notebook


def examine(content):
    """The notebook in the content of a file, as far as it can be read.

    Importing nbformat takes longer than judging, so it is imported only for old formats.

    Parameters
    ----------
    content : bytes
        As `without_outputs` returned it.

    Returns
    -------
    Notebook
        With a `problem` if it cannot be judged.
    """
    cells, exercise, version, problem = [], "", "", ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Notebook(problem=f"it cannot be read ({error})")
    try:
        form = json.loads(text)
        exercise, version = _copy_of(form["metadata"])
        if form["nbformat"] != 4:
            import nbformat

            form = nbformat.reads(text, as_version=4)
        for cell in form["cells"]:
            cells.append(_cell(cell))
    except Exception as error:  # each way in which a file can be broken raises a different error
        problem = f"it is not a Jupyter notebook ({type(error).__name__})"
    return Notebook(tuple(cells), exercise, version, problem)


def _copy_of(metadata):
    own = dict(metadata).get("lstm_course")
    values = [own.get(key, "") for key in ("exercise", "version")] if isinstance(own, dict) else ["", ""]
    return values if all(isinstance(value, str) for value in values) else ["", ""]


def _cell(form):
    kind, source = str(form["cell_type"]), "".join(form["source"])
    roles = dict(form.get("metadata", {})).get("nbgrader")
    if not isinstance(roles, dict) or not isinstance(roles.get("grade_id", ""), str):
        roles = {}  # not as nbgrader writes them
    is_check, locked, is_answer = (bool(roles.get(role)) for role in ("grade", "locked", "solution"))
    is_provided = kind == "code" and locked and not is_check and not is_answer
    return NotebookCell(kind, source, roles.get("grade_id", ""), is_check, is_provided)
