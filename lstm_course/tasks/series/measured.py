"""Two measured series, from the data sets of statsmodels."""

import numpy as np

from .record import Series


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
