"""Measured series that come with installed packages: statsmodels and vega_datasets."""

import csv
import datetime

import numpy as np

from .. import common
from .record import Series

WEATHER = {  # columns of the weather in Seattle: what they hold, and in which unit
    "temp_max": ("highest temperature", "°C"),
    "temp_min": ("lowest temperature", "°C"),
    "precipitation": ("rain and melted snow", "mm a day"),
    "wind": ("wind speed", "m/s"),
}
COMPANIES = {"AAPL": "Apple", "AMZN": "Amazon", "GOOG": "Google", "IBM": "IBM", "MSFT": "Microsoft"}


def co2(step="month"):
    """Carbon dioxide in the air at Mauna Loa, Hawaii, from March 1958 to December 2001.

    Parameters
    ----------
    step : str
        ``"week"``: as measured, season 52; missing weeks are gaps. ``"month"``: the mean of the weeks of each month,
        season 12; a month without any week is a gap.

    Returns
    -------
    Series
        In ppm, parts per million parts of dry air.

    Raises
    ------
    ValueError
        If `step` is neither.

    Examples
    --------
    >>> series = co2()
    >>> len(series), series.gaps, series.season
    (526, 5, 12)
    """
    if step not in ("week", "month"):
        raise ValueError(f"step: wanted 'week' or 'month', got {step!r}")
    from statsmodels.datasets import co2 as stored  # loads pandas

    weekly = stored.load_pandas().data["co2"]
    source = (
        "Mauna Loa Weekly Atmospheric CO2 Data as in statsmodels: C.D. Keeling and T.P. Whorf (2004), "
        "Carbon Dioxide Information Analysis Center, Oak Ridge National Laboratory; public domain."
    )
    if step == "month":
        weekly = weekly.resample("MS").mean()
        source += " Each month is the mean of its weeks."
    return Series(
        name="carbon dioxide at Mauna Loa",
        values=weekly.to_numpy(np.float64),
        dates=weekly.index.to_numpy().astype("datetime64[D]"),
        unit="ppm",
        step=step,
        season=12 if step == "month" else 52,
        source=source,
    )


def sunspots():
    """The mean number of sunspots in each year from 1700 to 2008.

    The season of 11 years is only approximate: successive maxima are 7 to 17 years apart. A month always has the same
    position in its year, but a year does not always have the same position in its cycle.

    Returns
    -------
    Series

    Examples
    --------
    >>> series = sunspots()
    >>> len(series), series.values[:3].tolist()
    (309, [5.0, 11.0, 16.0])
    """
    from statsmodels.datasets import sunspots as stored  # loads pandas

    data = stored.load_pandas().data
    years = data["YEAR"].to_numpy(np.int64) - 1970
    return Series(
        name="sunspots",
        values=data["SUNACTIVITY"].to_numpy(np.float64),
        dates=years.astype("datetime64[Y]").astype("datetime64[D]"),
        unit="sunspots",
        step="year",
        season=11,
        source="Yearly sunspots data 1700-2008 as in statsmodels, from the National Geophysical Data Center; "
        "public domain.",
    )


def seattle(column="temp_max"):
    """The weather in Seattle on each day from 2012 to 2015.

    Parameters
    ----------
    column : str
        ``"temp_max"`` and ``"temp_min"``, the highest and the lowest temperature of the day; ``"precipitation"``;
        ``"wind"``.

    Returns
    -------
    Series
        Season 365; in degrees Celsius, mm a day, or m/s.

    Raises
    ------
    ValueError
        If there is no such column.
    ModuleNotFoundError
        If the package vega-datasets is not installed.

    Examples
    --------
    >>> series = seattle()
    >>> len(series), series.unit, series.values[:3].tolist()
    (1461, '°C', [12.8, 10.6, 11.7])
    """
    if column not in WEATHER:
        raise ValueError(f"column: wanted one of {', '.join(WEATHER)}, got {column!r}")
    rows = _rows("seattle-weather.csv")
    what, unit = WEATHER[column]
    return Series(
        name=f"{what} in Seattle",
        values=np.array([float(row[column]) for row in rows]),
        dates=np.array([row["date"].replace("/", "-") for row in rows], "datetime64[D]"),
        unit=unit,
        step="day",
        season=365,
        source="Daily weather in Seattle 2012-2015 as in vega_datasets, drawn from records of the United States' "
        "National Oceanic and Atmospheric Administration (NOAA); public domain.",
    )


def stock(company):
    """The price of a company's share in each month from January 2000, or August 2004 for Google, to March 2010.

    Parameters
    ----------
    company : str
        ``"AAPL"`` (Apple), ``"AMZN"`` (Amazon), ``"GOOG"`` (Google), ``"IBM"`` or ``"MSFT"`` (Microsoft).

    Returns
    -------
    Series
        In US dollars, without a season. The prices are adjusted: where shares were split, there is no jump.

    Raises
    ------
    ValueError
        If there is no such company.
    ModuleNotFoundError
        If the package vega-datasets is not installed.

    Examples
    --------
    >>> series = stock("MSFT")
    >>> len(series), series.name, series.values[:2].tolist()
    (123, 'Microsoft', [39.81, 36.35])
    """
    if company not in COMPANIES:
        raise ValueError(f"company: wanted one of {', '.join(COMPANIES)}, got {company!r}")
    rows = [row for row in _rows("stocks.csv") if row["symbol"] == company]
    days = [datetime.datetime.strptime(row["date"], "%b %d %Y").date() for row in rows]
    return Series(
        name=COMPANIES[company],
        values=np.array([float(row["price"]) for row in rows]),
        dates=np.array(days, "datetime64[D]"),
        unit="dollars",
        step="month",
        source="Monthly prices of shares 2000-2010, adjusted for splits, as in vega_datasets.",
    )


def _rows(name):
    """The rows of a file of vega_datasets, as dictionaries."""
    with open(common.installed_file("vega_datasets", f"_data/{name}"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
