"""A lesson as a page of HTML in which the live pieces run, without a kernel."""

from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import Preprocessor

from lstm_course import files
from lstm_course.authoring import notebooks


class LivePieces(Preprocessor):
    """What is both a widget and HTML that runs by itself becomes the HTML; what is a widget alone is left out.

    A page with widgets loads the program that shows them from another machine each time it is opened, and they would
    have no kernel. `lstm-course lab` has this in its own File > Save and Export Notebook As > HTML.
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
    """Make one page of a notebook as it was saved, with its pictures and live pieces in it.

    Parameters
    ----------
    path : path
        A notebook; it is not run.
    target : path, optional
        The page; beside the notebook where it is not given. A file of that name is replaced.

    Returns
    -------
    pathlib.Path
        Where the page is.

    Raises
    ------
    OSError, ValueError
        If the notebook cannot be read, or the page not be written.
    """
    path = Path(path)
    target = path.with_suffix(".html") if target is None else Path(target)
    notebook = notebooks.read(path)
    exporter = HTMLExporter(preprocessors=[LivePieces])
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": path.stem}})
    files.write(target, page)
    return target
