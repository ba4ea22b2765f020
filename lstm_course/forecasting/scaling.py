"""Standardisation of a series, and back."""

import numpy as np

from ..tasks.series import gaps


class Scaler:
    """Standardise with the mean and standard deviation of the values given here, and of no others.

    Give it the training part alone: a mean over the values to be forecast leaks information about them.

    Parameters
    ----------
    values : (T,) array
        The training part; gaps (NaN) are left out.

    Attributes
    ----------
    mean, deviation : float
        In the unit of the values; the standard deviation divides by T, not by T - 1.

    Raises
    ------
    ValueError
        If `values` is not as described, or all values are equal.

    Examples
    --------
    >>> scaler = Scaler([1, 2, 3])
    >>> scaler.undo(scaler.apply([2, 4])).tolist()
    [2.0, 4.0]
    """

    def __init__(self, values):
        values = gaps.with_gaps("values", values)
        self.mean, self.deviation = float(np.nanmean(values)), float(np.nanstd(values))
        # Rounding may make the standard deviation of equal numbers differ from zero.
        if np.nanmin(values) == np.nanmax(values):
            raise ValueError(f"values: wanted values that differ, got {values[~np.isnan(values)][0]} only")

    def apply(self, values):
        """Standardise `values`, an array of any shape."""
        return (np.asarray(values, np.float64) - self.mean) / self.deviation

    def undo(self, scaled):
        """Turn standardised values back into their unit."""
        return np.asarray(scaled, np.float64) * self.deviation + self.mean

    def undo_difference(self, scaled):
        """Turn differences of standardised values, such as errors, back into their unit; the mean cancels in them."""
        return np.asarray(scaled, np.float64) * self.deviation
