"""How notebooks are run as tests, which tests are run, in which order, on which worker, and with how many threads."""

import os
from pathlib import Path

import pytest
from one_lesson import belongs, parts_of

from lstm_course import lessons

ROOT = Path(__file__).resolve().parent
BROWSER = ROOT / "tests" / "browser"

# Two workers share two cores, and with one thread sums are the same however many cores there are. This is set before
# NumPy is loaded, and kernels inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_addoption(parser):
    parser.addoption("--lesson", default="", metavar="NN", help="run only the tests that belong to this lesson")


def pytest_configure(config):
    try:
        config.lesson = lessons.find(config.getoption("lesson")) if config.getoption("lesson") else None
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # nbval starts a file's kernel while it sets up the first cell, so the environment has to be right before that.
    # In a solved notebook `check` raises unless the answer earns every point; elsewhere it only shows its card.
    if item.path.suffix == ".ipynb" and ROOT / "solutions" in item.path.parents:
        os.environ["LSTM_COURSE_CHECK"] = "strict"
    else:
        os.environ.pop("LSTM_COURSE_CHECK", None)


def pytest_make_parametrize_id(val):
    """Name binary data by its length: compressed data contains a time, and workers must agree on the names of tests."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what another lesson needs, and run nothing twice.

    A notebook that a test runs and judges in the browser is not run by nbval as well. The tests in the browser come
    last, so that each worker starts JupyterLab once.
    """
    parts = parts_of(config.lesson) if config.lesson else set()
    in_the_browser = {
        marker.args[0]
        for item in items
        if not item.get_closest_marker("skip")  # no browser was found
        for marker in item.iter_markers("runs_notebook")
    }
    left_out = [
        item
        for item in items
        if item.path in in_the_browser or (config.lesson and not belongs(item, config.lesson, parts))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    kept = set(items) - set(left_out)
    items[:] = sorted((item for item in items if item in kept), key=comes_from_the_browser)


def comes_from_the_browser(item):
    return BROWSER in item.path.parents


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With `--dist loadfile`, give a worker a whole file at a time, but the lessons in the browser one by one."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFileAndLesson(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if "browser/test_lessons.py" in nodeid else super()._split_scope(nodeid)

    return ByFileAndLesson(config, log)
