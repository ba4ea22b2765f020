"""A notebook as the judge reads it: its cells and their metadata. Nothing in the file is trusted or run here."""

import io
import json
from dataclasses import dataclass
from pathlib import Path

from .without_outputs import TooLarge, without_outputs


class UnreadableNotebook(ValueError):
    """The file cannot be judged; the message gives the reason in one sentence."""


@dataclass(frozen=True)
class NotebookCell:
    """One cell, with the metadata written by the course and nbgrader."""

    cell_type: str
    source: str
    metadata: dict

    @property
    def grade_id(self):
        """The cell's id in nbgrader, or the empty string."""
        return self.metadata.get("nbgrader", {}).get("grade_id", "")

    @property
    def is_check(self):
        """Whether nbgrader would give marks for the cell."""
        return bool(self.metadata.get("nbgrader", {}).get("grade"))

    @property
    def is_provided(self):
        """Whether the cell is code provided by the course: locked, and neither an answer nor a check."""
        roles = self.metadata.get("nbgrader", {})
        return (
            self.cell_type == "code"
            and bool(roles.get("locked"))
            and not roles.get("grade")
            and not roles.get("solution")
        )


@dataclass(frozen=True)
class Notebook:
    """The cells of a notebook in order, and its own metadata."""

    cells: list
    metadata: dict

    @property
    def exercise(self):
        """The exercise that the notebook claims to be a copy of, or the empty string."""
        return self.metadata.get("lstm_course", {}).get("exercise", "")

    @property
    def version(self):
        """The version of that exercise, or the empty string."""
        return self.metadata.get("lstm_course", {}).get("version", "")


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
            return parse(without_outputs(file))
    except FileNotFoundError:
        raise UnreadableNotebook(f"{path}: there is no such file") from None
    except OSError as problem:
        raise UnreadableNotebook(f"{path}: it cannot be read ({problem})") from None
    except (TooLarge, UnreadableNotebook) as problem:
        raise UnreadableNotebook(f"{path}: {problem}") from None


def parse(content):
    """The notebook in the content of a file.

    Importing nbformat takes longer than judging, so it is imported only for old formats.

    Raises
    ------
    UnreadableNotebook
        If the content is not a notebook.
    """
    try:
        text = without_outputs(io.BytesIO(content)).decode("utf-8-sig")
    except TooLarge as problem:
        raise UnreadableNotebook(str(problem)) from None
    except UnicodeDecodeError as problem:
        raise UnreadableNotebook(f"it cannot be read ({problem})") from None
    try:
        return _parsed(text)
    except Exception as problem:  # each way in which a file can be broken raises a different error
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
        _drop_malformed(part.metadata)
    return parsed


def _drop_malformed(metadata):
    """Delete the metadata of the course and of nbgrader if it does not have the form in which they write it."""
    for owner, keys in (("lstm_course", ("exercise", "version")), ("nbgrader", ("grade_id",))):
        if owner in metadata:
            written = metadata[owner]
            if not isinstance(written, dict) or not all(isinstance(written.get(key, ""), str) for key in keys):
                del metadata[owner]
