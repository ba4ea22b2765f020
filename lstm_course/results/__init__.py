"""Stored runs: what many seeds gave, to be laid under the one that a lesson trains live.

Each run is a module here with a function ``make``, and an ``.npz`` file of the same name that it made.
``python -m lstm_course.results`` makes them all again, ``python -m lstm_course.results embedded_reber`` one.
`load` hands one to a lesson, and ``plots.over_seeds`` draws it in grey under the live run. A lesson that trains
live with the module's own function (``embedded_reber.train``) cannot differ from what is stored in its settings.

A new run: a module with ``SETTINGS`` (among them ``seeds``) and ``make``, which returns its arrays and these
settings; its name in `NAMES`; and an assertion in the tests for each figure that a lesson reads from it.
"""

import datetime
import importlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstm_course import files

NAMES = (
    "each_step_alone",
    "window_lag",
    "recall_rnn",
    "recall_controls",
    "gradient_lag",
    "clipping",
    "embedded_reber",
    "continual_reber",
    "forecasting",
)
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Stored:
    """A stored run.

    Attributes
    ----------
    name : str
    arrays : dict of str to numpy.ndarray
        What they hold is said by the module of that name. ``stored["lstm_solved"]`` gives one of them.
    meta : dict
        ``settings`` (dict), ``script``, ``numpy`` (its version) and ``date`` (of the run, ISO 8601).
    """

    name: str
    arrays: dict
    meta: dict

    def __getitem__(self, key):
        return self.arrays[key]


def load(name):
    """The stored run of that name.

    Parameters
    ----------
    name : str
        One of `NAMES`.

    Returns
    -------
    Stored

    Raises
    ------
    ValueError
        If there is none.
    """
    known(name)
    with np.load(_FOLDER / f"{name}.npz", allow_pickle=False) as file:
        arrays = dict(file)
    return Stored(name, arrays, json.loads(str(arrays.pop("meta"))))


def rebuild(name, folder=_FOLDER):
    """Make a run again and store it; takes seconds to minutes.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    folder : str or pathlib.Path
        Where the ``.npz`` file goes; not given, beside this file.

    Raises
    ------
    ValueError
        If there is no run of that name.
    """
    known(name)
    arrays, settings = importlib.import_module(f"{__name__}.{name}").make()
    meta = {
        "settings": settings,
        "script": f"lstm_course/results/{name}.py",
        "numpy": np.__version__,
        "date": datetime.date.today().isoformat(),
    }
    # All of it or nothing: the run that was stored stays until then.
    files.write(Path(folder) / f"{name}.npz", lambda file: np.savez_compressed(file, meta=json.dumps(meta), **arrays))


def known(name):
    """Refuse, with a sentence, a name that no stored run has."""
    if name not in NAMES:
        raise ValueError(f"name: wanted one of {', '.join(NAMES)}, got {name!r}")
