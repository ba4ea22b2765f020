"""Opening the course in JupyterLab."""

import os
from pathlib import Path

from .doctor.places import jupyter_folders
from .failures import say
from .surroundings import unwritable

# Defaults of JupyterLab's own settings that the course changes; what users set themselves comes before them.
# Widgets are saved with the notebook, so that a live cell still moves when it is opened without a kernel.
SETTINGS = Path(__file__).resolve().parent / "lab_settings"


def open_lab(root, extra=()):
    """Run JupyterLab in this process until it is stopped, with the learner's copies as its files.

    Parameters
    ----------
    root : pathlib.Path
        The course; its ``work/`` has been made.
    extra : sequence of str
        Options for ``jupyter lab``, handed on as they are.

    Raises
    ------
    OSError
        If a folder cannot be written that JupyterLab or its kernels need.
    """
    for folder, _ in jupyter_folders():
        error = unwritable(folder)
        if error:
            raise error
    places = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(places)
    from jupyterlab.labapp import LabApp

    try:
        LabApp.launch_instance(argv=arguments(root, extra))
    except SystemExit as end:
        if end.code:
            say(
                "JupyterLab ended with an error, which its last lines name. `lstm-course lab --port 8899` takes "
                "another port; `lstm-course doctor` looks for what else may be amiss."
            )
        raise


def arguments(root, extra=()):
    """What JupyterLab is started with."""
    start = "/tree/notebooks/start.ipynb" if (root / "work" / "notebooks" / "start.ipynb").exists() else ""
    options = [
        f"--ServerApp.root_dir={root / 'work'}",
        f"--LabApp.default_url=/lab{start}",
        # Nothing is fetched from elsewhere; lab_settings/ keeps JupyterLab from asking whether it may.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # A page that is exported from here has live cells that run, offline.
        '--HTMLExporter.preprocessors=["lstm_course.workspace.export.LivePieces"]',
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        options.append("--allow-root")  # in a container; Jupyter refuses to run as root otherwise
    return [*options, *extra]
