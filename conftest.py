"""How the notebooks are run as tests, and the threads that every test has."""

import os
from pathlib import Path

import pytest

SOLUTIONS = Path(__file__).resolve().parent / "solutions"

# Two workers share two cores; and sums come out the same on every machine. Set before NumPy is loaded, and
# handed on to the kernels.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    # nbval starts a file's kernel while its first cell is set up, so the environment has to be right before.
    # In a solved notebook `check` raises unless everything is earned; elsewhere it only shows its card.
    if item.path.suffix == ".ipynb" and SOLUTIONS in item.path.parents:
        os.environ["LSTM_COURSE_CHECK"] = "strict"
    else:
        os.environ.pop("LSTM_COURSE_CHECK", None)
