"""A series: its values, and what one has to know about them."""

from dataclasses import dataclass, replace

import numpy as np

from ...scratch import arguments
from . import gaps


@dataclass(frozen=True, eq=False)
class Series:
    """Values at evenly spaced times.

    Attributes
    ----------
    name : str
    values : (T,) array
        NaN where one is missing.
    dates : (T,) array of datetime64, or None
        The day of each value, or the second or microsecond if steps are shorter than a day.
    unit : str
        Of the values.
    step : str
        The time from one value to the next: ``"hour"``, ``"day"``, ``"week"``, ``"month"``, ``"quarter"``,
        ``"year"`` or, from a file of your own, others such as ``"10 minutes"``; empty if it is not known.
    season : int
        The number of steps in a season, 0 if there is none.
    source : str
        A sentence that says where the values come from and what was done to them.
    simulated : bool
        Whether a program made them.

    Raises
    ------
    ValueError
        If the values are not a (T,) array of numbers and gaps, or the number of dates is another.

    Examples
    --------
    >>> series = Series("tide", [3.0, float("nan"), 5.0], unit="m")
    >>> series.gaps, series.filled().values.tolist()
    (1, [3.0, 4.0, 5.0])
    """

    name: str
    values: np.ndarray
    dates: np.ndarray | None = None
    unit: str = ""
    step: str = ""
    season: int = 0
    source: str = ""
    simulated: bool = False

    def __post_init__(self):
        values = gaps.with_gaps("values", self.values)
        object.__setattr__(self, "values", values)  # the class is frozen, the argument may be a list
        if self.dates is not None:
            object.__setattr__(self, "dates", arguments.shaped("dates", self.dates, values.shape).copy())
        arguments.whole("season", self.season, 0)

    @property
    def gaps(self):
        """The number of missing values."""
        return int(np.isnan(self.values).sum())

    def __len__(self):
        return len(self.values)

    def filled(self):
        """The series with each gap filled by a straight line, as its `source` then says; itself if it has no gaps."""
        if not self.gaps:
            return self
        remark = f"{self.gaps} of {len(self)} values were missing and are filled by straight lines."
        return replace(self, values=gaps.fill(self.values), source=f"{self.source} {remark}".strip())

    def until(self, stop):
        """The series of the first `stop` steps, as if the rest were still in the future.

        Raises
        ------
        ValueError
            If `stop` is not a whole number from 1 to T, or all values before it are missing.
        """
        stop = arguments.whole("stop", stop, 1, len(self))
        return replace(self, values=self.values[:stop], dates=None if self.dates is None else self.dates[:stop])

    def needs(self, window, horizon):
        """This series, or an error if it is too short for one forecast.

        Parameters
        ----------
        window, horizon : int
            The number of steps that a forecast sees, and the number that it predicts.

        Raises
        ------
        ValueError
            If the series has fewer than window + horizon steps.
        """
        least = arguments.size("window", window) + arguments.size("horizon", horizon)
        if len(self) < least:
            wanted = f"at least {least} steps, for a window of {window} and a horizon of {horizon}"
            raise ValueError(f"values: wanted {wanted}, got {len(self)}")
        return self
