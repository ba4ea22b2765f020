"""A notebook as the judge reads it: its cells and what is said of them. Nothing in the file is believed or run here."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

from .without_outputs import TooLarge, without_outputs


class UnreadableNotebook(ValueError):
    """The file cannot be judged; the message says why, in one sentence."""


@dataclass(frozen=True)
class NotebookCell:
    """One cell, with the metadata that course and nbgrader wrote."""

    cell_type: str
    source: str
    metadata: dict

    @property
    def grade_id(self):
        """What nbgrader calls it, or the empty string."""
        return self.metadata.get("nbgrader", {}).get("grade_id", "")

    @property
    def is_check(self):
        """Whether it is a cell that would give marks."""
        return bool(self.metadata.get("nbgrader", {}).get("grade"))

    @property
    def is_provided(self):
        """Whether it is code that the course provides: locked, and neither an answer nor a check."""
        roles = self.metadata.get("nbgrader", {})
        return (
            self.cell_type == "code"
            and bool(roles.get("locked"))
            and not roles.get("grade")
            and not roles.get("solution")
        )


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook in their order, and its own metadata."""

    cells: list
    metadata: dict

    @property
    def exercise(self):
        """The exercise that it says it is a copy of, or the empty string."""
        return self.metadata.get("lstm_course", {}).get("exercise", "")

    @property
    def version(self):
        """Of that exercise, or the empty string."""
        return self.metadata.get("lstm_course", {}).get("version", "")


def read(path):
    """The notebook in a file, however large its outputs are.

    Raises
    ------
    UnreadableNotebook
        If there is none; the message begins with the path.
    """
    path = Path(path)
    try:
        with open(path, "rb") as file:
            return parse(without_outputs(file))
    except FileNotFoundError:
        raise UnreadableNotebook(f"{path}: there is no such file") from None
    except OSError as problem:
        raise UnreadableNotebook(f"{path}: it cannot be read ({problem})") from None
    except (TooLarge, UnreadableNotebook) as problem:
        raise UnreadableNotebook(f"{path}: {problem}") from None


def parse(content):
    """The notebook that the bytes of a file hold.

    Loading nbformat takes longer than judging does; only old formats pay for it.

    Raises
    ------
    UnreadableNotebook
        If they hold none.
    """
    try:
        text = without_outputs(io.BytesIO(content)).decode("utf-8-sig")
    except TooLarge as problem:
        raise UnreadableNotebook(str(problem)) from None
    except UnicodeDecodeError as problem:
        raise UnreadableNotebook(f"it cannot be read ({problem})") from None
    try:
        return _parsed(text)
    except Exception as problem:  # a different kind for each way in which a file can be broken
        raise UnreadableNotebook(f"it is not a Jupyter notebook ({type(problem).__name__})") from None


def _parsed(text):
    notebook = json.loads(text)
    if notebook["nbformat"] != 4:
        import nbformat

        notebook = nbformat.reads(text, as_version=4)
    cells = [
        NotebookCell(str(cell["cell_type"]), "".join(cell["source"]), dict(cell.get("metadata", {})))
        for cell in notebook["cells"]
    ]
    parsed = Notebook(cells, dict(notebook["metadata"]))
    for part in (parsed, *cells):
        _forget_strange_metadata(part.metadata)
    return parsed


def _forget_strange_metadata(metadata):
    """What is not in the form in which we and nbgrader write it counts as not there."""
    for owner, keys in (("lstm_course", ("exercise", "version")), ("nbgrader", ("grade_id",))):
        if owner in metadata:
            found = metadata[owner]
            if not isinstance(found, dict) or not all(isinstance(found.get(key, ""), str) for key in keys):
                del metadata[owner]
