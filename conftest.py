"""How the notebooks are run as tests, in which order and on which worker, and the threads that every test has."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent
BROWSER = ROOT / "tests" / "browser"

# Two workers share two cores; and sums come out the same however many cores there are. Set before NumPy is loaded,
# and handed on to the kernels.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # nbval starts a file's kernel while its first cell is set up, so the environment has to be right before.
    # In a solved notebook `check` raises unless everything is earned; elsewhere it only shows its card.
    if item.path.suffix == ".ipynb" and ROOT / "solutions" in item.path.parents:
        os.environ["LSTM_COURSE_CHECK"] = "strict"
    else:
        os.environ.pop("LSTM_COURSE_CHECK", None)


def pytest_make_parametrize_id(val):
    """Binary data is called by its length: what is compressed holds the time, and workers must agree on the names."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Nothing is run twice: a notebook that a test in the browser runs and judges is left out of nbval's.

    The browser comes last, since each worker then starts JupyterLab once.
    """
    in_the_browser = {
        marker.args[0]
        for item in items
        if not item.get_closest_marker("skip")  # no browser was found
        for marker in item.iter_markers("runs_notebook")
    }
    twice = [item for item in items if item.path in in_the_browser]
    if twice:
        config.hook.pytest_deselected(items=twice)
    items[:] = sorted((item for item in items if item.path not in in_the_browser), key=comes_from_the_browser)


def comes_from_the_browser(item):
    return BROWSER in item.path.parents


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `--dist loadfile`, a worker takes a whole file, but of the lessons in the browser one after the other."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFileAndLesson(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if "browser/test_lessons.py" in nodeid else super()._split_scope(nodeid)

    return ByFileAndLesson(config, log)
