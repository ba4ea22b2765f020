"""A pulse and an electrocardiogram, both recorded, and events to put into the pulse, since labelled ones are rare.

`pulse` is eleven minutes from a light sensor on a finger or wrist, measured 100 times a second. `heartbeat` is 20
seconds of an electrocardiogram from the MIT-BIH arrhythmia database (Moody and Mark 2001) at 360 samples a second, in
which cardiologists marked a single event.

An event is a function of the samples from its onset on. It returns the samples that replace the first few of them, as
many as the event lasts. Sizes are in standard deviations of the calm pulse, so the samples have to be standardised.
The events are:

    burst     0.15 s   noise on top of the signal
    frozen    0.5 s    the sensor repeats one value
    missed    a beat   a straight line in place of the beat, at the height of its troughs
    reversed  a beat   the beat backwards: the same values in reverse order
    weak      2 s      the amplitude falls to 40 per cent, and recovers
    early     2 beats  the first one is over too soon, and a pause follows
"""

from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

RATE = 100  # samples of the pulse in a second
ECG_RATE = 360
CALM, HELD, JUDGED = slice(34_000, 38_200), slice(25_500, 30_500), slice(39_400, 49_400)


def pulse():
    """The pulse: 68,476 numbers from 0 to 1,000, without a unit, in the order of time.

    `CALM`, `HELD` and `JUDGED` are three stretches of it: to learn from, to choose settings with, and to judge on.

    Raises
    ------
    ModuleNotFoundError
        If the package heartpy, whose file is read, is not installed.
    """
    return _column("heartpy", "data/data3.csv", 1)


def heartbeat():
    """The electrocardiogram: 7,500 numbers (mV), and for each whether it belongs to the marked event.

    Raises
    ------
    ModuleNotFoundError
        If the package sktime, whose file is read, is not installed.
    """
    file = "datasets/data/mitdb/mitdb.csv"
    return _column("sktime", file, 0), _column("sktime", file, 1) > 0


def standardised(x, calm=CALM):
    """All samples, shifted and scaled so that the `calm` stretch has mean 0 and standard deviation 1."""
    x = arguments.array("x", x, T=None)
    return (x - x[calm].mean()) / x[calm].std()


def trough(x, rate=RATE):
    """The number of samples from the first of `x` to the lowest one in the next 0.8 s."""
    return int(np.argmin(x[: round(0.8 * rate)]))


def beat(x, rate=RATE):
    """The number of samples from a trough, the first of `x`, to the next one, which is 0.4 to 1.1 s later."""
    first, last = round(0.4 * rate), round(1.1 * rate)
    return first + int(np.argmin(x[first:last]))


def burst(x, rng, rate=RATE, seconds=0.15, size=0.5):
    n = round(seconds * rate)
    return x[:n] + size * rng.normal(size=n)


def frozen(x, rng, rate=RATE, seconds=0.5):
    return np.full(round(seconds * rate), x[0])


def missed(x, rng, rate=RATE, size=0.03):
    n = beat(x, rate)
    return np.linspace(x[0], x[n], n, endpoint=False) + size * rng.normal(size=n)


def backwards(x, rng, rate=RATE):
    return x[: beat(x, rate)][::-1].copy()


def weak(x, rng, rate=RATE, seconds=2.0, size=0.6):
    n = round(seconds * rate)
    fade = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    return x[:n] * (1 - size * fade)


def early(x, rng, rate=RATE, size=0.12):
    n = beat(x, rate)
    n += beat(x[n:], rate)
    u = np.arange(n) / n
    return np.interp(n * (u + size * np.sin(2 * np.pi * u)), np.arange(n + 1), x[: n + 1])


EVENTS = {"burst": burst, "frozen": frozen, "missed": missed, "reversed": backwards, "weak": weak, "early": early}
FROM_A_TROUGH = ("missed", "reversed", "early")  # the others may begin anywhere


class Disturbed(NamedTuple):
    """What `disturb` returns.

    Attributes
    ----------
    x : (T,) array
    event : (T,) array of bool
        Where an event is.
    judged : (T,) array of bool
        False in the second after an event: a score that looks back still sees it.
    onsets, ends : (E,) array of int
        The first sample of each event, and the first one after it.
    """

    x: np.ndarray
    event: np.ndarray
    judged: np.ndarray
    onsets: np.ndarray
    ends: np.ndarray


def disturb(x, kind, count, seed, rate=RATE):
    """Put events of one kind into a standardised pulse: one into each of `count` parts of equal length.

    Parameters
    ----------
    x : (T,) array
    kind : str
        One of `EVENTS`.
    count : int
        At most one event in six seconds.
    seed : int or numpy.random.Generator
        Where they begin, and the noise.
    rate : int
        Samples in a second.

    Returns
    -------
    Disturbed

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> x = np.sin(2 * np.pi * np.arange(3000) / 80)
    >>> disturbed = disturb(x, "frozen", 2, seed=0)
    >>> (disturbed.ends - disturbed.onsets).tolist()
    [50, 50]
    """
    x, rng = arguments.array("x", x, T=None).copy(), common.generator(seed)
    if kind not in EVENTS:
        raise ValueError(f"kind: wanted one of {', '.join(EVENTS)}, got {kind!r}")
    count = arguments.size("count", count)
    part = len(x) // count
    if part < 6 * rate:
        raise ValueError(f"count: wanted at most {len(x) // (6 * rate)} for {len(x)} samples, got {count}")
    event, judged, onsets, ends = np.zeros(len(x), bool), np.ones(len(x), bool), [], []
    for k in range(count):
        onset = k * part + int(rng.integers(rate, part - 4 * rate))
        if kind in FROM_A_TROUGH:
            onset += trough(x[onset:], rate)
        changed = EVENTS[kind](x[onset:], rng, rate)
        end = onset + len(changed)
        x[onset:end] = changed
        event[onset:end], judged[end : end + rate] = True, False
        onsets.append(onset)
        ends.append(end)
    return Disturbed(x, event, judged, np.array(onsets), np.array(ends))


def alarms(score, threshold, quiet=2 * RATE):
    """The samples at which an alarm sounds: above the threshold, and none has sounded for `quiet` samples.

    Parameters
    ----------
    score : (T,) array
    threshold : float
    quiet : int
        While a score stays above the threshold, the alarm sounds again after so many samples.

    Returns
    -------
    (A,) array of int

    Examples
    --------
    >>> alarms([0, 9, 0, 9, 9, 0, 0, 9], threshold=5, quiet=3).tolist()
    [1, 4, 7]
    """
    score, sounded = arguments.array("score", score, T=None), []
    for t in np.flatnonzero(score > threshold):
        if not sounded or t >= sounded[-1] + quiet:
            sounded.append(int(t))
    return np.array(sounded, int)


def outcome(sounded, disturbed, grace=RATE):
    """Which events the alarms find, how late, and how many alarms are false.

    Parameters
    ----------
    sounded : (A,) array of int
        As from `alarms`.
    disturbed : Disturbed
    grace : int
        An alarm up to so many samples after an event still belongs to it.

    Returns
    -------
    delays : (E,) array
        Samples from the onset of each event to its first alarm; NaN where there is none.
    false : int
        The number of alarms that belong to no event.
    """
    since = np.asarray(sounded, int)[:, None] - disturbed.onsets
    belongs = (since >= 0) & (since < disturbed.ends - disturbed.onsets + grace)
    delays = np.where(belongs, since, np.inf).min(axis=0, initial=np.inf)
    return np.where(np.isfinite(delays), delays, np.nan), int((~belongs.any(axis=1)).sum())


def _column(package, inside, column):
    path = common.installed_file(package, inside)
    lines = path.read_text(encoding="utf-8").split("\n")[1:]
    return np.array([float(line.split(",")[column]) for line in lines if line])
