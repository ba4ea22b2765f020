"""Opening the course in JupyterLab."""

import os
from pathlib import Path

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
    """
    places = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(places)
    from jupyterlab.labapp import LabApp

    LabApp.launch_instance(argv=arguments(root, extra))


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
        '--HTMLExporter.preprocessors=["lstm_course.export.LivePieces"]',
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        options.append("--allow-root")  # in a container; Jupyter refuses to run as root otherwise
    return [*options, *extra]
