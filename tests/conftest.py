"""Says when the tests in a browser had to be left out; in continuous integration that is a failure."""

import os
from pathlib import Path

import pytest
from chromium import find_chromium, missing_line

BROWSER = Path(__file__).resolve().parent / "browser"


def pytest_sessionstart(session):
    if os.environ.get("CI", "").lower() in ("true", "1") and line_to_say(session.config):
        pytest.exit(f"{missing_line()} With CI=true that is a failure.", returncode=1)


def pytest_terminal_summary(terminalreporter, config):
    if line := line_to_say(config):
        terminalreporter.write_line(line, yellow=True)


def line_to_say(config):
    """The line about left out tests, or None: Chromium is there, or nobody asked for these tests."""
    if hasattr(config, "workerinput") or not asked_for(config) or find_chromium():
        return None
    return missing_line()


def asked_for(config):
    """True when the tests in ``tests/browser`` are among those to be run."""
    if "not browser" in config.getoption("markexpr", "") or not list(BROWSER.glob("test_*.py")):
        return False
    start = config.invocation_params.dir
    paths = [(start / argument.split("::")[0]).resolve() for argument in config.args]
    ignored = [(start / path).resolve() for path in config.getoption("ignore") or []]
    return BROWSER not in ignored and any(
        path == BROWSER or path in BROWSER.parents or BROWSER in path.parents for path in paths
    )
