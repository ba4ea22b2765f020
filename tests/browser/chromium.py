"""Where Chromium or Chrome is, for the tests that open the lessons in a browser."""

import os
import shutil
import sys
from pathlib import Path

ON_THE_PATH = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "~/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "${PROGRAMFILES}/Google/Chrome/Application/chrome.exe",
    "${PROGRAMFILES(X86)}/Google/Chrome/Application/chrome.exe",
    "${LOCALAPPDATA}/Google/Chrome/Application/chrome.exe",
    "${LOCALAPPDATA}/Chromium/Application/chrome.exe",
)


def find_chromium():
    """The path of a Chromium or Chrome that can be started, or None.

    The environment variable ``CHROMIUM`` comes first; where it is set and names nothing that runs, nothing
    else is tried, so that a mistyped path is noticed.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    for name in ON_THE_PATH:
        if found := shutil.which(name):
            return found
    for place in USUAL_PLACES:
        # An unset variable stays in the path as it is, and such a file does not exist.
        if found := shutil.which(Path(os.path.expandvars(place)).expanduser()):
            return str(found)
    return None


def missing_line():
    """One line that says that the browser tests were left out, and how to have them."""
    if named := os.environ.get("CHROMIUM"):
        return f"The browser tests were left out: CHROMIUM={named} is not a program that can be started."
    return (
        "The browser tests were left out: no Chromium or Chrome was found. To have them, install one "
        "(Debian: sudo apt install chromium) or set CHROMIUM=/path/to/chrome."
    )


if __name__ == "__main__":
    chromium = find_chromium()
    sys.exit(missing_line() if chromium is None else print(chromium))
