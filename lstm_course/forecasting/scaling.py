"""Numbers of the size that a network likes, and back."""

import numpy as np

from ..tasks.series import gaps


class Scaler:
    """Values less their mean, over their standard deviation: both from the values given here, and no others.

    Give it the training part alone. A mean that was taken over what is to be forecast tells of it.

    Parameters
    ----------
    values : (T,) array
        The training part; gaps (NaN) do not count.

    Attributes
    ----------
    mean, deviation : float
        In the unit of the values; the deviation is that of the values themselves, over T and not T - 1.

    Raises
    ------
    ValueError
        If `values` is not as described, or all of them are the same.

    Examples
    --------
    >>> scaler = Scaler([1, 2, 3])
    >>> scaler.undo(scaler.apply([2, 4])).tolist()
    [2.0, 4.0]
    """

    def __init__(self, values):
        values = gaps.with_gaps("values", values)
        self.mean, self.deviation = float(np.nanmean(values)), float(np.nanstd(values))
        # The deviation of equal numbers need not come out as exactly zero.
        if np.nanmin(values) == np.nanmax(values):
            raise ValueError(f"values: wanted values that differ, got {values[~np.isnan(values)][0]} only")

    def apply(self, values):
        """Scaled values, in the shape in which they come."""
        return (np.asarray(values, np.float64) - self.mean) / self.deviation

    def undo(self, scaled):
        """Values in their unit again."""
        return np.asarray(scaled, np.float64) * self.deviation + self.mean

    def undo_difference(self, scaled):
        """Differences and errors of scaled values in their unit again: the mean has no part in them."""
        return np.asarray(scaled, np.float64) * self.deviation
