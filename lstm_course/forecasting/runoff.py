"""Flow from the weather: how it is split and judged, and what can be written down about the weather up to today.

No past flow is given, so this is simulation rather than forecasting: with yesterday's flow, repeating it would be hard
to beat. Catchments are in `lstm_course.tasks.catchment`, the LSTM in `lstm_course.forecasting.runoff_lstm`.
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from .bootstrap import circular_blocks, interval

SPANS = 3, 7, 15, 30, 60, 90, 180, 365  # days over which `sums` adds up the rain and averages the temperature
KEPT = np.array([0.7, 0.9, 0.97, 0.99])  # share of the water that remains after a day, in the memories of `with_snow`


class EfficiencyDifference(NamedTuple):
    """How much larger the efficiency of one method is, and a bootstrap interval for it."""

    difference: float
    low: float
    high: float


class Split(NamedTuple):
    """The days to train on, to choose settings with, and to judge with, as slices of a series."""

    training: slice
    validation: slice
    judged: slice


def split(river, validation, judged, warm_up=1):
    """The years of a catchment in three parts, one after the other; the first years fill the stores.

    Parameters
    ----------
    river : lstm_course.tasks.catchment.Catchment
    validation, judged : int
        How many calendar years the second and the last part have.
    warm_up : int
        How many years at the beginning belong to no part.

    Returns
    -------
    Split

    Raises
    ------
    ValueError
        If an argument is not as described, or no year is left to train on.

    Examples
    --------
    >>> from lstm_course.tasks import catchment
    >>> split(catchment.simulated(years=5), validation=1, judged=2)
    Split(training=slice(365, 730, None), validation=slice(730, 1095, None), judged=slice(1095, 1825, None))
    """
    validation, judged = arguments.size("validation", validation), arguments.size("judged", judged)
    warm_up = arguments.whole("warm_up", warm_up, 0)
    years = np.unique(river.dates.astype("datetime64[Y]").astype(int) + 1970)
    training = len(years) - warm_up - validation - judged
    if training < 1:
        wanted = f"at least {warm_up + validation + judged + 1} years"
        raise ValueError(f"river: wanted {wanted}, to leave one to train on, got {len(years)}")
    ends = np.cumsum([warm_up, training, validation, judged])
    return Split(*(river.years(int(years[a]), int(years[b - 1])) for a, b in zip(ends[:-1], ends[1:], strict=True)))


def nse(actual, predicted):
    """The Nash-Sutcliffe efficiency: 1 minus the squared error over the squared deviation from the mean.

    1 is perfect, and 0 no better than always saying the mean of the days judged. Elsewhere it is called R².

    Parameters
    ----------
    actual, predicted : (T,) arrays

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is not as described, or the actual values do not differ.

    Examples
    --------
    >>> nse([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    actual = arguments.array("actual", actual, T=None)
    predicted = arguments.array("predicted", predicted, T=len(actual))
    spread = ((actual - actual.mean()) ** 2).sum()
    if actual.min() == actual.max():
        raise ValueError(f"actual: wanted values that differ, got {actual[0]} only")
    return float(1 - ((actual - predicted) ** 2).sum() / spread)


def efficiency_difference(actual, one, other, level=0.95, block=90, draws=2000, seed=0):
    """How much more efficient (`nse`) one method is than another, with an interval that keeps seasons together.

    The bootstrap draws blocks of neighbouring days (`circular_blocks`) and scores both methods on the same draw. Two or
    three years hold few blocks of a season, so such an interval is itself rough, and rather too narrow.

    Parameters
    ----------
    actual : (T,) array
    one, other : (T,) or (S, T) arrays
        What the methods say. With rows for several seeds, the efficiency is the mean over them; average the rows before
        to score the average of the networks instead.
    level : float
        Of the interval, between 0 and 1.
    block : int
        In days; at most half of them.
    draws : int
        How many bootstrap samples.
    seed : int

    Returns
    -------
    EfficiencyDifference

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> actual = np.sin(np.arange(400.0))
    >>> found = efficiency_difference(actual, actual, 0.5 * actual, block=50)
    >>> round(found.difference, 3), found.low > 0.2
    (0.25, True)
    """
    actual = arguments.array("actual", actual, T=None)
    errors = []
    for name, predicted in (("one", one), ("other", other)):
        predicted = arguments.array(name, np.atleast_2d(predicted), S=None, T=len(actual))
        errors.append(((predicted - actual) ** 2).mean(axis=0))
    drawn = circular_blocks(len(actual), block, draws, seed)
    fewer = errors[1] - errors[0]  # squared errors of the other that the one does not make
    gains = fewer[drawn].mean(axis=1) / actual[drawn].var(axis=1)
    return EfficiencyDifference(float(fewer.mean() / actual.var()), *interval(gains, level))


def windows(weather, days):
    """The raw weather of the last days, side by side, up to and including today.

    Parameters
    ----------
    weather : (T, D) array
    days : int
        Where fewer have passed, the first day stands in for those before.

    Returns
    -------
    (T, days * D) array
        The oldest day first.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> windows([[1.0], [2.0], [3.0]], days=2).tolist()
    [[1.0, 1.0], [1.0, 2.0], [2.0, 3.0]]
    """
    weather = arguments.array("weather", weather, T=None, D=None)
    days = arguments.size("days", days)
    padded = np.concatenate([np.repeat(weather[:1], days - 1, axis=0), weather])
    views = np.lib.stride_tricks.sliding_window_view(padded, days, axis=0)  # (T, D, days)
    return views.swapaxes(1, 2).reshape(len(weather), -1)


def sums(weather, dates):
    """What someone without a theory would write down: the last days, sums over longer times, and the season.

    Parameters
    ----------
    weather : (T, 2) array
        Rain and temperature.
    dates : (T,) array of datetime64[D]

    Returns
    -------
    (T, 28) array
        The rain of today and of six days before, the temperature of today and of two days before; the sum of the rain
        and the mean temperature of the last 3, 7, 15, 30, 60, 90, 180 and 365 days; sine and cosine of the season.

    Raises
    ------
    ValueError
        If an argument is not as described.
    """
    weather = arguments.array("weather", weather, T=None, D=2)
    dates = arguments.shaped("dates", dates, (len(weather),)).astype("datetime64[D]")
    angle = 2 * np.pi * (dates - dates.astype("datetime64[Y]")).astype(int) / 365.25
    spans = [windows(weather, days).reshape(len(weather), days, 2) for days in SPANS]
    recent = windows(weather, 7).reshape(len(weather), 7, 2)
    columns = [recent[:, ::-1, 0], recent[:, :3:-1, 1]]
    columns += [np.column_stack([span[:, :, 0].sum(axis=1), span[:, :, 1].mean(axis=1)]) for span in spans]
    return np.column_stack([*columns, np.sin(angle), np.cos(angle)])


def with_snow(weather, melt=3.0, freezing=0.0):
    """What someone who knows of snow would write down: a store of it, its melt, and fading memories of the water.

    Parameters
    ----------
    weather : (T, 2) array
        Rain and temperature.
    melt : float
        In mm a day for each °C above `freezing`.
    freezing : float
        The temperature below which rain is snow, in °C.

    Returns
    -------
    (T, 7) array
        In mm: the store, what melts, rain and meltwater, and four sums of the latter, which keep 0.7, 0.9, 0.97 and
        0.99 of themselves from day to day.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> with_snow([[10.0, -1.0], [0.0, 2.0]])[:, :3].tolist()
    [[10.0, 0.0, 0.0], [4.0, 6.0, 6.0]]
    """
    weather = arguments.array("weather", weather, T=None, D=2)
    melt, freezing = arguments.positive("melt", melt), arguments.number("freezing", freezing)
    store, memories, rows = 0.0, np.zeros(len(KEPT)), []
    for rain, temperature in weather:
        warmth = temperature - freezing
        store += rain if warmth < 0 else 0.0
        melts = min(store, melt * max(warmth, 0.0))
        store -= melts
        water = melts + (rain if warmth >= 0 else 0.0)
        memories = KEPT * memories + water
        rows.append([store, melts, water, *memories])
    return np.array(rows)
