"""A project of the reader's own, to start from: a copy of ``project/``, with an example of data."""

import shutil
from pathlib import Path

from lstm_course import lessons
from lstm_course.tasks.common import installed_file


def new_project(folder):
    """Create a project: data, network, training, tests and a picture, none of which needs the course.

    Parameters
    ----------
    folder : path
        Where to put it: a folder that doesn't exist yet, or an empty one.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    FileExistsError, NotADirectoryError
        If there is something in the folder already, or it is not a folder. Nothing is changed.
    ModuleNotFoundError
        If the package that carries the example's data is not installed.
    OSError
        If it cannot be written.
    """
    folder = Path(folder)
    weather = installed_file("vega_datasets", "_data/seattle-weather.csv")
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"folder: wanted a new or an empty folder, got the file {folder}")
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"folder: wanted a new or an empty folder, got {folder}, in which there is something")
    leave_out = shutil.ignore_patterns("__pycache__", ".*_cache", "results", "weather.csv")
    shutil.copytree(lessons.course_root() / "project", folder, ignore=leave_out, dirs_exist_ok=True)
    shutil.copyfile(weather, folder / "weather.csv")
    return folder
