"""Recorded movements: four students walk, stand, run or play badminton with a smart watch on the wrist.

The data set BasicMotions (in the archive of Bagnall and others 2018) has 80 recordings of 10 seconds, 20 of each kind.
A recording has six numbers ten times a second: the acceleration and the rate of turning, along three axes each.
"""

import numpy as np

from . import common

KINDS = ("Badminton", "Running", "Standing", "Walking")
RATE = 10  # samples in a second
_FOLDER = "datasets/data/BasicMotions"


def movements():
    """The recordings.

    Returns
    -------
    x : (80, 100, 6) array of float32
        In the sensor's units.
    kinds : (80,) array of int
        From 0 to 3, indices of `KINDS`.

    Raises
    ------
    ModuleNotFoundError
        If the package sktime, whose files are read, is not installed.
    """
    rows = []
    for part in ("TRAIN", "TEST"):
        text = common.installed_file("sktime", f"{_FOLDER}/BasicMotions_{part}.ts").read_text(encoding="utf-8")
        rows += [line.split(":") for line in text.split("@data")[1].split()]
    x = np.array([[column.split(",") for column in row[:-1]] for row in rows], np.float32).transpose(0, 2, 1)
    return np.ascontiguousarray(x), np.array([KINDS.index(row[-1]) for row in rows])
