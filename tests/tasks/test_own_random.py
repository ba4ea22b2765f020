"""Thousands of ways to write a series: each file gives the series that was written, or is refused."""

import datetime
import random

import numpy as np
import pytest

DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", "%y-%m-%d",
        "%b %d, %Y", "%d %b %Y", "%d-%b-%y", "%B %d, %Y", "%Y%m%d", "%y%m%d", "%d%m%Y", "%Y/%m/%d",
        "%a %d %b %Y")  # fmt: skip
MONTHS = ("%Y-%m", "%m/%Y", "%b %Y", "%b-%y", "%Y%m", "%YM%m", "%m.%Y")
CLOCKS = ("%s %H:%M:%S", "%sT%H:%M:%S", "%s %I:%M:%S %p", "%H:%M:%S %s")
STEPS = {  # how to make some dates of a first one
    "day": lambda first, n: first + np.arange(n),
    "weekday": lambda first, n: np.busday_offset(first, np.arange(n), roll="forward"),
    "week": lambda first, n: first + 7 * np.arange(n),
    "month": lambda first, n: (first.astype("datetime64[M]") + np.arange(n)).astype("datetime64[D]"),
    "quarter": lambda first, n: (first.astype("datetime64[M]") + 3 * np.arange(n)).astype("datetime64[D]"),
    "hour": lambda first, n: first.astype("datetime64[s]") + 3600 * np.arange(n),
    "ten seconds": lambda first, n: first.astype("datetime64[s]") + 10 * np.arange(n),
}
NUMBERS = {
    "plain": lambda x: f"{x:.2f}",
    "whole": lambda x: f"{x:.0f}",
    "English": lambda x: f"{x:,.2f}",
    "English, whole": lambda x: f"{x:,.0f}",
    "German": lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")),
    "German, whole": lambda x: f"{x:,.0f}".replace(",", "."),
    "German, three decimals": lambda x: f"{x:.3f}".replace(".", ","),
    "French": lambda x: f"{x:,.1f}".translate(str.maketrans(",.", "\u202f,")),
    "Swiss": lambda x: f"{x:,.2f}".replace(",", "'"),
    "accounts": lambda x: f"({-x:,.2f})" if x < 0 else f"{x:,.2f}",
}
DECIMALS = {"whole": 0, "English, whole": 0, "German, whole": 0, "German, three decimals": 3, "French": 1}


def written(rng):
    """The bytes of a random file, its values and its dates, and whether dates have no days."""
    step, style = rng.choice(list(STEPS)), rng.choice(list(NUMBERS))
    year, month, day = rng.choice((1975, 1999, 2001, 2010, 2024)), rng.randint(1, 12), rng.randint(1, 28)
    first = np.datetime64(f"{year}-{month:02}-{day:02}")
    dates = STEPS[step](first, rng.choice((3, 5, 8, 13, 40))).astype("datetime64[s]")
    if rng.random() < 0.25 and len(dates) > 5:
        dates = np.delete(dates, rng.randrange(1, len(dates) - 1))
    monthly = step in ("month", "quarter") and rng.random() < 0.5
    form = rng.choice(MONTHS if monthly else DAYS)
    if step in ("hour", "ten seconds"):
        form = rng.choice(CLOCKS).replace("%s", form)
    scale = rng.choice((1, 100, 3000, 1e6))
    values = [round(scale * rng.uniform(-0.1, 1), DECIMALS.get(style, 2)) for _ in dates]
    separator = rng.choice(",;\t")
    days = [date.astype(datetime.datetime).strftime(form) for date in dates]
    cells = zip(days, map(NUMBERS[style], values), strict=True)
    rows = [separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in cells]
    rows = rows[::-1] if rng.random() < 0.4 else rows
    head = rng.choice(([], [f"{rng.choice(('date', 'Datum', 'time', 'x', ''))}{separator}value"]))
    text = "\n".join([*rng.choice(([], ["# comment"], ["Title"])), *head, *rows])
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "utf-16"))), values, dates, monthly


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_file_is_read_rightly_or_refused(read, seed):
    rng, right = random.Random(seed), 0
    for _ in range(100):
        data, values, dates, monthly = written(rng)
        try:
            made = read(data)
        except ValueError as refusal:
            assert str(refusal).split(":")[0] in ("column", "dates", "dayfirst", "decimal", "missing", "order"), data
            continue
        known = ~np.isnan(made.values)
        np.testing.assert_allclose(made.values[known], values, rtol=1e-12, err_msg=repr(data))
        unit = "datetime64[M]" if monthly else "datetime64[s]"
        np.testing.assert_array_equal(made.dates[known].astype(unit), dates.astype(unit), err_msg=repr(data))
        right += 1
    assert right > 50  # most files leave no doubt
