"""Stored runs: results from many seeds, which lessons draw behind the one run that they train live.

Each run is a module here, with an ``.npz`` file of the same name that its function ``make`` produced.
``python -m lstm_course.results`` rebuilds all of them, ``python -m lstm_course.results embedded_reber`` one. `load`
returns one to a lesson, and ``plots.over_seeds`` draws it in grey behind the live run. A lesson that trains with the
module's own function (``embedded_reber.train``) uses the settings of the stored run.

To add a run, write a module with ``SETTINGS`` (including ``seeds``) and ``make()``, which takes no arguments and
returns ``(arrays, settings)``, two dictionaries; add its name to `NAMES`; and assert in a test every figure that a
lesson reads from it.
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
    "memory_horizon",
    "frameworks",
    "clipping",
    "vowel_speakers",
    "both_sides",
    "training_well",
    "translation",
    "families",
    "little_data",
    "embedded_reber",
    "continual_reber",
    "forget_gate",
    "long_lags",
    "brackets",
    "gate_variants",
    "comedies",
    "agreement",
    "forecasting",
    "rainfall_runoff",
    "text_classification",
    "anomalies",
    "melodies",
    "spoken_numbers",
    "wake_word",
    "actions",
    "squeezed",
    "training_speed",
    "reading",
    "capstone",
    "real_sentences",  # last, because it needs files that somebody has downloaded
)
_FOLDER = Path(__file__).parent


class MissingFiles(ValueError):
    """A run needs files that aren't part of the course; the message says which ones."""


@dataclass(frozen=True, eq=False)
class Stored:
    """A stored run.

    Attributes
    ----------
    name : str
    arrays : dict of str to numpy.ndarray
        Described in the module of that name. ``stored["lstm_solved"]`` returns one of them.
    meta : dict
        ``settings`` (dict), ``script``, ``numpy`` (the version) and ``date`` (of the run, ISO 8601).
    """

    name: str
    arrays: dict
    meta: dict

    def __getitem__(self, key):
        return self.arrays[key]


def load(name):
    """Load a stored run.

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
        If there is no run of that name.
    """
    check_name(name)
    with np.load(_FOLDER / f"{name}.npz", allow_pickle=False) as file:
        arrays = dict(file)
    return Stored(name, arrays, json.loads(str(arrays.pop("meta"))))


def rebuild(name, folder=_FOLDER):
    """Repeat a run and store it, which takes seconds to minutes.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    folder : str or pathlib.Path
        Where to put the ``.npz`` file; by default beside this module.

    Raises
    ------
    ValueError
        If there is no run of that name.
    MissingFiles
        If the run needs files that nobody has downloaded.
    """
    check_name(name)
    arrays, settings = importlib.import_module(f"{__name__}.{name}").make()
    meta = {
        "settings": settings,
        "script": f"lstm_course/results/{name}.py",
        "numpy": np.__version__,
        "date": datetime.date.today().isoformat(),
    }
    # Written as a whole or not at all, so that a failure leaves the old file in place.
    files.write(Path(folder) / f"{name}.npz", lambda file: np.savez_compressed(file, meta=json.dumps(meta), **arrays))


def check_name(name):
    """Raise a ValueError if there is no stored run of that name."""
    if name not in NAMES:
        raise ValueError(f"name: wanted one of {', '.join(NAMES)}, got {name!r}")
