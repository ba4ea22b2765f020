"""What a series is: its values, and what has to be known about them."""

from dataclasses import dataclass, replace

import numpy as np

from ...scratch import arguments
from . import gaps


@dataclass(frozen=True, eq=False)
class Series:
    """Values at even steps of time.

    Attributes
    ----------
    name : str
    values : (T,) array
        NaN where one is missing.
    dates : (T,) array of datetime64, or None
        The day of each value; for steps shorter than a day the second, or the microsecond.
    unit : str
        Of the values.
    step : str
        The time from one value to the next: ``"hour"``, ``"day"``, ``"week"``, ``"month"``, ``"quarter"``,
        ``"year"`` or, from a file of one's own, others such as ``"10 minutes"``; empty where it is not known.
    season : int
        Steps after which things come again, 0 for none.
    source : str
        A sentence: where the values are from, and what was done to them.
    simulated : bool
        Whether they were made by a program.

    Raises
    ------
    ValueError
        If the values are no (T,) array of numbers and gaps, or there are not as many dates.

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
        """How many values are missing."""
        return int(np.isnan(self.values).sum())

    def __len__(self):
        return len(self.values)

    def filled(self):
        """The series with each gap filled by a straight line, and `source` saying how many were.

        Returns
        -------
        Series
            This one, if it has no gaps.
        """
        if not self.gaps:
            return self
        said = f"{self.gaps} of {len(self)} values were missing and are filled by straight lines."
        return replace(self, values=gaps.fill(self.values), source=f"{self.source} {said}".strip())

    def until(self, stop):
        """The first `stop` steps, as if the rest had not come yet.

        Parameters
        ----------
        stop : int
            From 1 to T.

        Returns
        -------
        Series

        Raises
        ------
        ValueError
            If `stop` is no such number, or there are only gaps before it.
        """
        stop = arguments.whole("stop", stop, 1, len(self))
        return replace(self, values=self.values[:stop], dates=None if self.dates is None else self.dates[:stop])

    def needs(self, window, horizon):
        """This series, if it is long enough for one window and what comes after it.

        Parameters
        ----------
        window, horizon : int
            Steps that a forecast sees, and steps that it says.

        Returns
        -------
        Series

        Raises
        ------
        ValueError
            If it is shorter.
        """
        least = arguments.size("window", window) + arguments.size("horizon", horizon)
        if len(self) < least:
            wanted = f"at least {least} steps, for a window of {window} and a horizon of {horizon}"
            raise ValueError(f"values: wanted {wanted}, got {len(self)}")
        return self
