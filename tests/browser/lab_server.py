"""JupyterLab as `lstm-course lab` opens it, on copies in a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lstm_course import lessons
from lstm_course.workspace import work

SERVER = """
import pathlib, sys
from lstm_course.workspace.lab import open_lab

open_lab(pathlib.Path(sys.argv[1]), sys.argv[2:])
"""
# What a page asks of another machine is noted, and never leaves this one.
BROWSER_OPTIONS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]


@dataclass(frozen=True)
class Server:
    """Where JupyterLab answers, and the folder of the learner's copies, which are its files."""

    url: str
    token: str
    folder: Path


@contextmanager
def running_lab(root):
    """Run JupyterLab with copies of the lessons, the exercises and the solutions.

    Parameters
    ----------
    root : pathlib.Path
        An empty folder for the copies, the settings and the log.

    Yields
    ------
    Server
    """
    course = lessons.course_root()
    work.make_copies(course, root / "work")
    shutil.copytree(course / "solutions", root / "work" / "solutions")
    # nbgrader comes with the test extras; learners do not have its menu and its buttons.
    page_config = root / "config" / "labconfig" / "page_config.json"
    page_config.parent.mkdir(parents=True)
    page_config.write_text('{"disabledExtensions": {"@jupyter/nbgrader": true}}')
    with open(root / "server.log", "w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, root, "--no-browser", "--LabApp.expose_app_in_browser=True"],
            env=_environment(root),
            cwd=root,
            stdout=log,
            stderr=log,
        )
        try:
            yield _answering(process, root, log)
        finally:
            process.terminate()  # it ends its kernels, too
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(root):
    """As a learner has it: without the settings of who runs the tests, and with checks that show cards."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    environment.pop("LSTM_COURSE_CHECK", None)
    environment.pop("NBGRADER_EXECUTION", None)
    return environment | {
        "JUPYTER_CONFIG_DIR": str(root / "config"),
        "JUPYTER_DATA_DIR": str(root / "data"),
        "JUPYTER_RUNTIME_DIR": str(root / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(root / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(root / "workspaces"),
        "IPYTHONDIR": str(root / "ipython"),
    }


def _answering(process, root, log):
    """Wait until the server has written down where it answers."""
    deadline = time.monotonic() + 300  # only there to end a start that hangs
    while time.monotonic() < deadline and process.poll() is None:
        for path in (root / "runtime").glob("jpserver-*.json"):
            try:
                info = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                continue  # half written
            return Server(f"http://127.0.0.1:{info['port']}/", info["token"], root / "work")
        time.sleep(0.05)
    log.seek(0)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read()}")
