"""The browser is found, or its absence is said in one line; in continuous integration that is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import chromium
import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def browser(tmp_path):
    program = tmp_path / "google-chrome-stable"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    return program


posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for Chrome is a shell script")


@posix
def test_found_on_the_path(browser, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(browser.parent))
    assert chromium.find_chromium() == str(browser)


@posix
def test_found_in_a_usual_place(browser, monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("LOCALAPPDATA", str(browser.parent))
    places = ("${NOWHERE}/chrome", "${LOCALAPPDATA}/google-chrome-stable")
    monkeypatch.setattr(chromium, "USUAL_PLACES", places)
    assert chromium.find_chromium() == str(browser)
    monkeypatch.setattr(chromium, "USUAL_PLACES", ("${NOWHERE}/chrome",))
    assert chromium.find_chromium() is None
    assert "sudo apt install chromium" in chromium.missing_line()


@posix
def test_the_one_that_is_named_comes_first(browser, monkeypatch):
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert chromium.find_chromium() == str(browser)
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    assert chromium.find_chromium() is None
    assert "CHROMIUM=/no/such/browser" in chromium.missing_line()


def pytest_on(*arguments, **environment):
    """Run the tests in a process of their own, where no browser is found."""
    environment = {**os.environ, "CHROMIUM": "/no/such/browser", **environment}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


@pytest.mark.slow
def test_without_a_browser_continuous_integration_fails():
    run = pytest_on("tests/browser", CI="true")
    assert run.returncode == 1
    assert "browser tests were left out" in run.stderr and "CI=true" in run.stderr


@pytest.mark.slow
def test_without_a_browser_others_are_told_in_one_line():
    run = pytest_on("tests", "--ignore-glob=*/test_*", CI="")
    last, closing = run.stdout.strip().splitlines()[-2:]
    assert last.startswith("The browser tests were left out") and "no tests ran" in closing


@pytest.mark.slow
def test_nothing_is_said_when_the_browser_tests_were_not_asked_for():
    for arguments in (["-m", "not browser"], ["--ignore=tests/browser"]):
        run = pytest_on("tests", "--ignore-glob=*/test_*", *arguments, CI="true")
        assert run.returncode == 5 and "left out" not in run.stdout + run.stderr
