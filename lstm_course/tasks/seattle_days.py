"""Ten numbers for each day of the weather in Seattle, 2012-2015: what a model of tomorrow's temperature may read."""

import csv
from typing import NamedTuple

import numpy as np

from . import common

MEASURED = ("temp_max", "temp_min", "precipitation", "wind")
KINDS = ("rain", "drizzle", "fog", "snow")  # of weather; on all other days it was sunny
YEAR = 365.25  # days


class Days(NamedTuple):
    """What `seattle_days` returns.

    Attributes
    ----------
    dates : (T,) array of datetime64[D]
    features : (T, 10) array
        In the order of `names`, in their own units.
    names : tuple of str
    warmest : (T,) array
        The highest temperature of the day in °C, which is the first feature.
    """

    dates: np.ndarray
    features: np.ndarray
    names: tuple
    warmest: np.ndarray

    def start_of(self, year):
        """The index of 1 January."""
        return int(np.searchsorted(self.dates, np.datetime64(f"{year}-01-01")))


def seattle_days():
    """The weather of 1,461 days, measured, with the season as a sine and a cosine.

    Raises
    ------
    ModuleNotFoundError
        If the package vega-datasets is not installed.

    Examples
    --------
    >>> days = seattle_days()
    >>> days.features.shape, days.names[:2], days.warmest[:3].tolist()
    ((1461, 10), ('temp_max', 'temp_min'), [12.8, 10.6, 11.7])
    """
    path = common.installed_file("vega_datasets", "_data/seattle-weather.csv")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dates = np.array([row["date"].replace("/", "-") for row in rows], "datetime64[D]")
    angle = 2 * np.pi * (dates - np.datetime64("2012-01-01")).astype(float) / YEAR
    columns = [[float(row[name]) for row in rows] for name in MEASURED]
    columns += [[float(row["weather"] == kind) for row in rows] for kind in KINDS]
    features = np.column_stack([*columns, np.sin(angle), np.cos(angle)])
    return Days(dates, features, (*MEASURED, *KINDS, "season (sine)", "season (cosine)"), features[:, 0].copy())
