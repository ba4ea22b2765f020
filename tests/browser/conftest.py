"""A real JupyterLab with the learner's copies, and a real browser that looks at it."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from chromium import find_chromium, missing_line
from lab_page import lab_page

from lstm_course import lessons, work

HERE = Path(__file__).resolve().parent
SERVER = "import sys, pathlib, lstm_course.lab as lab; lab.open_lab(pathlib.Path(sys.argv[1]), sys.argv[2:])"


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not find_chromium():
                item.add_marker(pytest.mark.skip(reason=missing_line()))


@dataclass(frozen=True)
class Server:
    """Where JupyterLab answers."""

    url: str
    token: str


# Scope "package", not "session": afterwards the same worker runs notebooks, and the loop of playwright would be
# in their way.
@pytest.fixture(scope="package")
def server(tmp_path_factory):
    """JupyterLab as `lstm-course lab` opens it, with copies of the lessons, the exercises and the solutions."""
    root = tmp_path_factory.mktemp("lab")
    course = lessons.course_root()
    work.make_copies(course, root / "work")
    shutil.copytree(course / "solutions", root / "work" / "solutions")
    for name in ("check", "grading"):
        assert not (root / "work" / name).exists()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    # As a learner has it: no settings of the one who runs the tests, and checks that show cards.
    environment.pop("LSTM_COURSE_CHECK", None)
    environment.pop("NBGRADER_EXECUTION", None)
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        environment[f"JUPYTER_{name}"] = str(root / name.lower())
    for name in ("SETTINGS_DIR", "WORKSPACES_DIR"):
        environment[f"JUPYTERLAB_{name}"] = str(root / name.lower())
    environment["IPYTHONDIR"] = str(root / "ipython")
    options = ["--no-browser", "--ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]
    with open(root / "server.log", "w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, root, *options], env=environment, stdout=log, stderr=log, cwd=root
        )
        try:
            yield _answering(process, root / "runtime_dir", log)
        finally:
            process.terminate()  # it ends its kernels, too
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answering(process, runtime, log):
    """Wait until the server has written down where it answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            try:
                info = json.loads(path.read_text())
            except ValueError:
                continue  # half written
            return Server(info["url"], info["token"])
        time.sleep(0.05)
    log.seek(0)
    pytest.fail(f"JupyterLab did not start:\n{log.read()}")


@pytest.fixture(scope="package")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            # What a page asks of another machine is noted, and never gets there.
            args=["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"],
        )
        yield browser
        browser.close()


@pytest.fixture
def lab(server, chromium):
    """A fresh page."""
    with lab_page(server, chromium) as page:
        yield page
