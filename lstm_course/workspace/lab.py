"""Opening the course in JupyterLab."""

import os
import sys
from pathlib import Path

from .failures import say
from .surroundings import unwritable
from .work import folder as work_folder

# Defaults of JupyterLab that the course changes; what users set themselves takes precedence. Widgets are saved with the
# notebook, so that a live cell still moves when it is opened without a kernel.
SETTINGS = Path(__file__).resolve().parent / "lab_settings"


def open_lab(root, extra=()):
    """Run JupyterLab in this process until it is stopped, showing the learner's copies.

    Where a JupyterHub has started this process, it becomes JupyterLab as the hub wants it, open to this user only.

    Parameters
    ----------
    root : pathlib.Path
        The course, whose working copies exist.
    extra : sequence of str
        Options for ``jupyter lab``, passed on unchanged.

    Raises
    ------
    OSError
        If a folder that JupyterLab or its kernels need cannot be written.
    """
    for folder, _ in jupyter_folders():
        error = unwritable(folder)
        if error:
            raise error
    folders = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(folders)
    if on_a_hub():
        os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *arguments(root, extra)])
    from jupyterlab.labapp import LabApp

    try:
        LabApp.launch_instance(argv=arguments(root, extra))
    except SystemExit as end:
        if end.code:
            say(
                "JupyterLab ended with an error, which its last lines name. `lstm-course lab --port 8899` uses "
                "another port; `lstm-course doctor` looks for other causes."
            )
        raise


def on_a_hub():
    """True in a server that a JupyterHub has started, and in what is started from it."""
    return "JUPYTERHUB_SERVICE_URL" in os.environ


def jupyter_folders():
    """The folders without which JupyterLab or a kernel cannot start, each with what it is for."""
    home = os.path.expanduser("~")
    yield os.environ.get("IPYTHONDIR") or os.path.join(home, ".ipython"), "Kernels keep their history there."
    try:
        from jupyter_core import paths
    except ImportError:  # the doctor's check of requirements reports that jupyterlab is missing
        return
    for folder in (paths.jupyter_runtime_dir(), paths.jupyter_data_dir(), paths.jupyter_config_dir()):
        yield folder, "JupyterLab keeps its own files there, and cannot start without them."


def arguments(root, extra=()):
    """The command line with which JupyterLab is started."""
    work = work_folder(root)
    start = "/tree/notebooks/start.ipynb" if (work / "notebooks" / "start.ipynb").exists() else ""
    options = [
        f"--ServerApp.root_dir={work}",
        f"--{'ServerApp' if on_a_hub() else 'LabApp'}.default_url=/lab{start}",
        # Nothing is fetched from the internet; lab_settings/ keeps JupyterLab from asking whether it may.
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        # A page exported from JupyterLab has live cells that run offline.
        '--HTMLExporter.preprocessors=["lstm_course.workspace.export.LivePieces"]',
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in extra:
        options.append("--allow-root")  # in a container; otherwise Jupyter refuses to run as root
    return [*options, *extra]
