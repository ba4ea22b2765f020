"""Notebooks as files: the one normal form in which they are stored, and how they are run and stored anew.

In the normal form there are no execution times and no kernel or editor versions, execution counts follow the
order of the cells, cells keep their identifiers, and a widget is stored as its picture. A change of one line is
then a diff of a few lines.
"""

import copy
import re
import sys
from pathlib import Path

from lstm_course import files, lessons

KEPT_METADATA = ("kernelspec", "language_info", "lstm_course")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def read(path):
    """The notebook in a file, as nbformat's version 4.

    Raises
    ------
    ValueError
        If it is no notebook.
    OSError
        If it cannot be read.
    """
    import nbformat  # takes seconds to load on some machines, and not every command reads notebooks with it

    try:
        return nbformat.read(Path(path), as_version=4)
    # No JSON, JSON of another shape than nbformat expects, or a version of the format that it does not know.
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError, nbformat.ValidationError):
        raise ValueError(f"{path}: it is not a Jupyter notebook") from None


def to_text(notebook):
    """The text of a notebook in its normal form; the same notebook always gives the same text."""
    import nbformat

    notebook = copy.deepcopy(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = {key: notebook.metadata[key] for key in KEPT_METADATA if key in notebook.metadata}
    notebook.metadata["kernelspec"] = lessons.KERNEL
    notebook.metadata["language_info"] = {"name": "python"}
    count, seen = 0, set()
    for place, cell in enumerate(notebook.cells):
        cell.metadata = {
            key: value for key, value in cell.metadata.items() if key in ("nbgrader", "lstm_course", "tags", "jupyter")
        }
        cell.id = _cell_id(cell, place, seen)
        if cell.cell_type == "code":
            ran = bool(cell.get("execution_count"))
            count += ran
            cell.execution_count = count if ran else None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count
            cell.outputs = _settled(cell.outputs)
    return nbformat.writes(notebook) + "\n"  # sorted keys, one line of text a line


def write(notebook, path):
    """Store a notebook in its normal form; the file is replaced in one go, or not at all."""
    files.write(path, to_text(notebook))


def run(path, timeout=180):
    """Run a notebook from top to bottom and return it with its outputs; the file is not changed.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises.
    """
    from nbclient import NotebookClient

    path = Path(path)
    notebook = read(path)
    notebook.metadata["kernelspec"] = lessons.KERNEL
    NotebookClient(
        notebook, timeout=timeout, record_timing=False, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return notebook


def _cell_id(cell, place, seen):
    """The id that the cell has, if it reads like one of ours; otherwise one made from its place."""
    roles = cell.metadata.get("nbgrader", {})
    wish = roles.get("grade_id") or cell.get("id", "")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", wish) or wish in seen:
        wish = f"cell-{place:02d}"
    while wish in seen:
        wish += "x"
    seen.add(wish)
    return wish


def without_widgets(outputs):
    """Outputs as a reader without a kernel can have them: the picture or page that a widget brings along.

    A widget whose kernel has gone shows as broken. One that brings nothing along, such as a progress bar, is left out.
    """
    kept = []
    for output in outputs:
        widget = output.get("data", {}).pop(WIDGET_VIEW, None)
        if not widget or not set(output.data) <= {"text/plain"}:
            kept.append(output)
    return kept


def _settled(outputs):
    """Neighbouring prints as one, so that buffering does not show in the file; and no dead widgets."""
    settled = []
    for output in without_widgets(outputs):
        last = settled[-1] if settled else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            settled.append(output)
    for output in settled:
        if output.output_type == "stream":  # as on a screen: what follows a carriage return overwrites its line
            output.text = re.sub(r"[^\n]*\r", "", output.text)
    return [output for output in settled if output.output_type != "stream" or output.text]


def main(arguments):
    """``python -m lstm_course.authoring.notebooks run [PATH ...]``: run notebooks and store them with their outputs."""
    if not arguments or arguments[0] != "run":
        print("Usage: python -m lstm_course.authoring.notebooks run [PATH ...]", file=sys.stderr)
        return 2
    root = lessons.course_root()
    for path in map(Path, arguments[1:]) if arguments[1:] else sorted((root / "notebooks").glob("*.ipynb")):
        print(f"running {path.name} ...", flush=True)
        write(run(path), path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
