"""Reads, runs and stores notebooks in a normal form.

The normal form has no execution times and no kernel or editor versions; execution counts follow the order of the cells,
cells keep their ids, and a widget is stored as a picture. Changing one line of a notebook then changes few lines of its
file.
"""

import copy
import re
import sys
from pathlib import Path

from lstm_course import files, lessons

from . import slides

KEPT_METADATA = ("kernelspec", "language_info", "lstm_course", slides.FONTS)
KEPT_IN_CELLS = ("nbgrader", "lstm_course", "tags", "jupyter", "slideshow")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def read(path):
    """Read a notebook file as nbformat's version 4.

    Raises
    ------
    ValueError
        If the file is not a notebook.
    OSError
        If the file cannot be read.
    """
    import nbformat  # imported late: it can take seconds to load, and many commands do not need it

    try:
        return nbformat.read(Path(path), as_version=4)
    # The file is not JSON, has another structure than nbformat expects, or has an unknown version of the format.
    except (AttributeError, TypeError, KeyError, ValueError, RecursionError, nbformat.ValidationError):
        raise ValueError(f"{path}: it is not a Jupyter notebook") from None


def to_text(notebook):
    """The text of a notebook in normal form; equal notebooks have equal texts."""
    import nbformat

    notebook = copy.deepcopy(notebook)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata = {key: notebook.metadata[key] for key in KEPT_METADATA if key in notebook.metadata}
    notebook.metadata["kernelspec"] = lessons.KERNEL
    notebook.metadata["language_info"] = {"name": "python"}
    count, seen = 0, set()
    for index, cell in enumerate(notebook.cells):
        cell.metadata = {key: cell.metadata[key] for key in KEPT_IN_CELLS if key in cell.metadata}
        cell.id = _cell_id(cell, index, seen)
        if cell.cell_type == "code":
            ran = bool(cell.get("execution_count"))
            count += ran
            cell.execution_count = count if ran else None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count
            cell.outputs = _normal_outputs(cell.outputs)
    return nbformat.writes(notebook) + "\n"  # with sorted keys, and each line of text on its own line


def write(notebook, path):
    """Store a notebook in normal form, replacing the file atomically."""
    files.write(path, to_text(notebook))


def run(path, timeout=180):
    """Run a notebook from top to bottom and return it with its outputs. The file does not change.

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


def _cell_id(cell, index, seen):
    """The cell's nbgrader id or its own id if that is valid and unique, otherwise one made from its index."""
    cell_id = cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id", "")
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell_id) or cell_id in seen:
        cell_id = f"cell-{index:02d}"
    while cell_id in seen:
        cell_id += "x"
    seen.add(cell_id)
    return cell_id


def without_widgets(outputs):
    """Outputs for readers without a kernel, in which widgets are replaced by their picture or HTML.

    Without its kernel a widget would be displayed as an error. Widgets without a picture, such as progress bars, are
    left out.
    """
    kept = []
    for output in outputs:
        widget = output.get("data", {}).pop(WIDGET_VIEW, None)
        if not widget or not set(output.data) <= {"text/plain"}:
            kept.append(output)
    return kept


def _normal_outputs(outputs):
    """Outputs without widgets, and with neighbouring prints joined, which depend on buffering otherwise."""
    joined = []
    for output in without_widgets(outputs):
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    for output in joined:
        if output.output_type == "stream":  # on a screen, text after a carriage return overwrites the line
            output.text = re.sub(r"[^\n]*\r", "", output.text)
    return [output for output in joined if output.output_type != "stream" or output.text]


def main(arguments):
    """``python -m lstm_course.authoring.notebooks run [PATH ...]``: run notebooks and store them with their outputs."""
    if not arguments or arguments[0] != "run":
        print("Usage: python -m lstm_course.authoring.notebooks run [PATH ...]", file=sys.stderr)
        return 2
    root = lessons.course_root()
    for path in map(Path, arguments[1:]) if arguments[1:] else sorted((root / "notebooks").glob("*.ipynb")):
        print(f"running {path.name} ...", flush=True)
        ran = run(path)
        write(slides.lay_out(ran) if path.stem[0].isdigit() else ran, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
