"""River catchments: what the weather brings, and what the river carries away.

A catchment has no batches and no score of its own, as it is one long series with inputs: rain and temperature on each
day, and the flow of the river. `fulda` is measured; `simulated` is made by a program whose stores are known, so that
one can look for them in a trained network.

What makes the flow hard to tell from the last days' weather is what the catchment stores. The snow of January may leave
in April, and a wet winter feeds the river into the summer.
"""

import csv
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scratch import arguments
from . import common

# Of the simulated catchment.
MELT = 3.0  # mm a day for each °C above zero
EVAPORATION = 0.1  # mm a day for each °C above zero
FAST_OUT, SEEPAGE, SLOW_OUT = 0.2, 0.1, 0.015  # shares of a store that leave it in a day
# Of its weather.
STARTS, STAYS = 0.3, 0.65  # probabilities of rain after a dry day and after a wet one
RAIN_SHAPE, RAIN_SCALE = 0.7, 8.0  # of the gamma distribution of the rain on a wet day: mean 5.6 mm
MEAN, SWING = 4.0, 9.0  # °C, of the year
QUICK, LASTING = (0.7, 2.0), (0.97, 0.7)  # two deviations: the share kept from day to day, and the daily shock in °C

FULDA_AREA = 2976.41  # km², upstream of the gauge


@dataclass(frozen=True, eq=False)
class Catchment:
    """The weather over a catchment and the flow of its river, day by day.

    Attributes
    ----------
    name : str
    dates : (T,) array of datetime64[D]
    rain : (T,) array
        Rain and snow together, in mm a day.
    temperature : (T,) array
        Mean of the day, in °C.
    flow : (T,) array
        In mm a day, as if it were spread over the catchment, so that it compares with the rain.
    snow : (T,) array or None
        The water in the snow at the end of the day, in mm; None where nobody measured it.
    simulated : bool
        Whether a program made all this.
    source : str
    """

    name: str
    dates: np.ndarray
    rain: np.ndarray
    temperature: np.ndarray
    flow: np.ndarray
    snow: np.ndarray | None = None
    simulated: bool = False
    source: str = ""

    def __len__(self):
        return len(self.flow)

    @property
    def weather(self):
        """(T, 2): rain and temperature, what a model of the flow may read."""
        return np.column_stack([self.rain, self.temperature])

    def years(self, first, last):
        """The days from 1 January of one year to 31 December of another, as a slice.

        Raises
        ------
        ValueError
            If the years are not whole numbers in order, or none of their days is in the series.

        Examples
        --------
        >>> simulated(years=3).years(2002, 2003)
        slice(365, 1095, None)
        """
        last = arguments.whole("last", last, arguments.whole("first", first, 1))
        bounds = np.array([f"{first:04d}-01-01", f"{last + 1:04d}-01-01"], "datetime64[D]")
        start, stop = np.searchsorted(self.dates, bounds).tolist()
        if start == stop:
            raise ValueError(f"first: wanted years from {self.dates[0]} to {self.dates[-1]}, got {first} to {last}")
        return slice(start, stop)


class Stores(NamedTuple):
    """What `stores` returns: arrays (T,) in mm, or mm a day, at the end of each day."""

    flow: np.ndarray  # what the river carries away
    evaporation: np.ndarray
    snow: np.ndarray
    fast: np.ndarray
    slow: np.ndarray


def fulda():
    """The upper Fulda in Germany, to the gauge of Grebenau: measured rain, temperature and flow, 1979-1988.

    The flow, in m³/s in the file, is divided by the area of 2,976 km². About two thirds of the rain and snow evaporate.

    Returns
    -------
    Catchment
        Without `snow`.

    Raises
    ------
    ModuleNotFoundError
        If the package spotpy is not installed.

    Examples
    --------
    >>> river = fulda()
    >>> len(river), river.rain[:3].tolist(), river.flow[:3].round(2).tolist()
    (3653, [1.0, 0.6, 0.7], [4.15, 3.19, 1.82])
    """
    path = common.installed_file("spotpy", "examples/cmf_data/fulda_climate.csv")
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[1:]  # the first one has the units
    rain, temperature, discharge = (np.array([float(row[name]) for row in rows]) for name in ("Prec", "tmean", "Q"))
    return Catchment(
        name="Fulda at Grebenau",
        dates=np.array(["-".join(row["date"].split(".")[::-1]) for row in rows], "datetime64[D]"),
        rain=rain,
        temperature=temperature,
        flow=discharge * 86_400 / (FULDA_AREA * 1000),  # seconds a day, and 1 mm on 1 km² is 1000 m³
        source="Daily rain, temperature and flow of the Fulda at Grebenau 1979-1988, from an example of spotpy (MIT "
        f"licence). The flow was converted from m³/s with an area of {FULDA_AREA:,.0f} km².",
    )


def simulated(years=16, seed=0):
    """A SIMULATED catchment in which snow matters, under simulated weather.

    The weather: a wet day follows a dry one with probability 0.3 and a wet one with probability 0.65; the rain on a wet
    day has a gamma distribution with a mean of 5.6 mm. The temperature swings by 9 °C about a mean of 4 °C, coldest
    around 21 January, with two deviations added: one that keeps 0.7 of itself from day to day, and one that keeps 0.97,
    which makes mild winters and hard ones. Rain and temperature do not depend on each other.

    What becomes of it, see `stores`.

    Parameters
    ----------
    years : int
        Of 365 days; there are no leap days.
    seed : int or numpy.random.Generator

    Returns
    -------
    Catchment
        From 1 January 2001. The flow has no error of measurement, so a perfect model would reach an efficiency of 1.

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> river = simulated(years=2)
    >>> len(river), river.simulated, bool(river.snow.max() > 20)
    (730, True, True)
    """
    years, rng = arguments.size("years", years), common.generator(seed)
    before = 365  # of warm-up, so that the stores are filled as usual on the first day
    T = before + 365 * years
    rain = _rain(T, rng)
    swing = MEAN - SWING * np.cos(2 * np.pi * (np.arange(T) % 365 - 20) / 365)
    temperature = swing + sum(_keeping(share, shock * rng.normal(size=T)) for share, shock in (QUICK, LASTING))
    made = stores(rain, temperature)
    calendar = np.arange(np.datetime64("2001-01-01"), np.datetime64(f"{2001 + years:04d}-01-01"))
    calendar = calendar[[not str(day).endswith("02-29") for day in calendar]]
    return Catchment(
        name="catchment, simulated",
        dates=calendar,
        rain=rain[before:],
        temperature=temperature[before:],
        flow=made.flow[before:],
        snow=made.snow[before:],
        simulated=True,
        source="Simulated weather; simulated catchment with a snow store, a fast and a slow store.",
    )


def stores(rain, temperature, snow=0.0, fast=5.0, slow=40.0):
    """What becomes of rain in the simulated catchment.

    With the rain P and the temperature T of a day, warmth W = max(T, 0), and the stores S (snow), F (fast: soil and
    ditches) and G (slow: groundwater), in mm, in this order:

        S <- S + P if T < 0, else S         snow falls
        M  = min(S, 3 W)                    and melts, 3 mm a day for each degree above zero
        S <- S - M
        F <- F + M + (P if T >= 0, else 0)  rain and meltwater
        E  = min(F, 0.1 W)                  evaporation
        F <- F - E
        Q  = 0.2 F + 0.015 G                the flow of the river
        F <- F - 0.2 F - 0.1 F              a tenth seeps
        G <- G + 0.1 F - 0.015 G            into the ground; F and G on the right are those of before

    No water is made or lost: the rain of all days is the sum of their flow and evaporation, and of what the stores
    gained. Melt by degree-days and linear stores are the classic parts of such models.

    Parameters
    ----------
    rain : (T,) array
        In mm a day, not negative.
    temperature : (T,) array
        In °C.
    snow, fast, slow : float
        The stores before the first day, in mm, not negative.

    Returns
    -------
    Stores

    Raises
    ------
    ValueError
        If an argument is not as described.

    Examples
    --------
    >>> found = stores([10, 0, 0], [-5, -1, 2], fast=0, slow=0)
    >>> found.snow.tolist(), found.flow.round(2).tolist()
    ([10.0, 10.0, 4.0], [0.0, 0.0, 1.16])
    """
    rain = arguments.array("rain", rain, T=None)
    temperature = arguments.array("temperature", temperature, T=len(rain))
    if rain.min() < 0:
        raise ValueError(f"rain: wanted no negative numbers, got {rain.min()}")
    for name, store in (("snow", snow), ("fast", fast), ("slow", slow)):
        if arguments.number(name, store) < 0:
            raise ValueError(f"{name}: wanted a number of at least 0, got {store}")
    days = np.empty((len(rain), len(Stores._fields)))
    for day, (falls, degrees) in enumerate(zip(rain, temperature, strict=True)):
        warmth = max(degrees, 0.0)
        snow += falls if degrees < 0 else 0.0
        melts = min(snow, MELT * warmth)
        snow -= melts
        fast += melts + (falls if degrees >= 0 else 0.0)
        evaporates = min(fast, EVAPORATION * warmth)
        fast -= evaporates
        runs_off, seeps, drains = FAST_OUT * fast, SEEPAGE * fast, SLOW_OUT * slow
        fast, slow = fast - runs_off - seeps, slow + seeps - drains
        days[day] = runs_off + drains, evaporates, snow, fast, slow
    return Stores(*days.T.copy())


def _rain(T, rng):
    """(T,): the rain of days that are wet or dry in turn."""
    draws, amounts = rng.random(T), rng.gamma(RAIN_SHAPE, RAIN_SCALE, T)
    wet, now = np.empty(T, bool), False
    for day in range(T):
        wet[day] = now = draws[day] < (STAYS if now else STARTS)
    return np.where(wet, amounts, 0.0)


def _keeping(share, shocks):
    """(T,): deviations of which a share remains on the next day."""
    deviations, now = np.empty_like(shocks), 0.0
    for day, shock in enumerate(shocks):
        deviations[day] = now = share * now + shock
    return deviations
