"""A lesson as an HTML page in which the live pieces run without a kernel."""

from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor

from lstm_course import files
from lstm_course.authoring import notebooks


class LivePieces(Preprocessor):
    """Replaces widgets by the HTML stored beside them, which runs by itself, and leaves out widgets without HTML.

    A page with widgets loads the program that shows them from the internet each time it is opened, and the widgets
    would have no kernel. `lstm-course lab` uses this for File > Save and Export Notebook As > HTML.
    """

    enabled = True

    def preprocess(self, notebook, resources):
        """The notebook without its widgets."""
        notebook.metadata.pop("widgets", None)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = notebooks.without_widgets(cell.outputs)
        return notebook, resources


def export(path, target=None):
    """Make one HTML page of a notebook as it was saved, including its pictures and live pieces.

    Parameters
    ----------
    path : path
        A notebook; it is not run.
    target : path, optional
        The page; by default beside the notebook. An existing file of that name is replaced.

    Returns
    -------
    pathlib.Path
        Where the page is.

    Raises
    ------
    OSError, ValueError
        If the notebook cannot be read, or the page cannot be written.
    """
    path = Path(path)
    target = path.with_suffix(".html") if target is None else Path(target)
    notebook = notebooks.read(path)
    exporter = HTMLExporter(preprocessors=[LivePieces])
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    files.write(target, page)
    return target
