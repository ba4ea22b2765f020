"""Dates in several columns, in none, or as the time since a start; and the order of rows."""

import numpy as np
import pytest

from lstm_course.tasks import series


def table(names, *rows):
    return "\n".join([names, *(",".join(map(str, row)) for row in rows)])


def first_and_last(made):
    return [str(date).replace("T", " ").removesuffix(":00") for date in made.dates[[0, -1]]]


HOURS = [(2010, 1, day, hour, day * 24 + hour) for day in (1, 2) for hour in range(24)]


@pytest.mark.parametrize(
    "text, dates, wanted, step",
    [
        (table("No,year,month,day,hour,v", *((k, *row) for k, row in enumerate(HOURS, 1))),
         ["year", "month", "day", "hour"], ["2010-01-01 00:00", "2010-01-02 23:00"], "hour"),
        (table("year,month,day,hour,v", *((*row[:3], row[3] + 1, row[4]) for row in HOURS)),
         ["year", "month", "day", "hour"], ["2010-01-01 01:00", "2010-01-03 00:00"], "hour"),
        (table("Date,Time,v", *((f"{d}/12/2006", f"{h}:30:00", d + h) for d in (16, 17) for h in range(24))),
         ["Date", "Time"], ["2006-12-16 00:30", "2006-12-17 23:30"], "hour"),
        (table("<DATE>,<TIME>,v", *(("20240301", f"{h}{m:02}".zfill(4), h + m) for h in range(24) for m in (0, 30))),
         ["<DATE>", "<TIME>"], ["2024-03-01 00:00", "2024-03-01 23:30"], "30 minutes"),
        (table("date,hour,v", *((f"2024-03-0{d}", h, d + h) for d in (1, 2) for h in range(24))),
         ["date", "hour"], ["2024-03-01 00:00", "2024-03-02 23:00"], "hour"),
        (table("Year,Month,v", *((2020, m, k) for k, m in enumerate("Jan Feb Mar Apr".split()))),
         ["Year", "Month"], ["2020-01-01", "2020-04-01"], "month"),
        (table("year,quarter,v", *((y, f"Q{q}", y * q) for y in (2019, 2020) for q in (1, 2, 3, 4))),
         ["year", "quarter"], ["2019-01-01", "2020-10-01"], "quarter"),
        (table("year,week,v", *((2024, w, w) for w in range(5, 20))),
         ["year", "week"], ["2024-01-29", "2024-05-06"], "week"),
        (table("YEAR,DOY,v", *((2024, d, d) for d in range(50, 70))),
         ["YEAR", "DOY"], ["2024-02-19", "2024-03-09"], "day"),
        (table("Jahr,Monat,Tag,v", *((2024, 3, d, d) for d in range(5, 9))),
         ["Jahr", "Monat", "Tag"], ["2024-03-05", "2024-03-08"], "day"),
        (table("year,month,day,v", *(("2024.0", "3.0", f"{d}.0", d) for d in range(5, 9))),
         ["year", "month", "day"], ["2024-03-05", "2024-03-08"], "day"),
    ],
)  # fmt: skip
def test_dates_in_several_columns_are_joined_by_name_or_when_found(read, text, dates, wanted, step):
    for given in (True, dates, dates[::-1]):
        made = read(text, column="v", dates=given)
        assert (first_and_last(made), made.step, made.gaps) == (wanted, step, 0)


def test_columns_without_telling_names_are_joined_in_their_order(read, refused):
    text = table("a,b,c,v", *((2024, 3, day, day) for day in range(5, 9)))
    assert first_and_last(read(text, column="v", dates=["a", "b", "c"])) == ["2024-03-05", "2024-03-08"]
    bls = table("Year,Period,v", *((2020, f"M{month:02}", month) for month in range(1, 7)))
    assert first_and_last(read(bls, dates=["Year", "Period"])) == ["2020-01-01", "2020-06-01"]
    assert refused(bls).startswith("dates: wanted one of 'Year', 'Period', a list of them, or None")


def test_years_of_two_digits_are_of_the_nearer_century_or_refused(read, refused):
    def text(year):
        return table("year,month,day,v", *((year, 3, day, day) for day in range(5, 9)))

    for year, first in ((24, "2024-03-05"), (5, "2005-03-05"), (99, "1999-03-05")):
        assert first_and_last(read(text(year), column="v"))[0] == first
    assert refused(text(45)) == "dates: wanted years of four digits, got '45', which may be of two centuries"
    twice = refused(text(24).replace("month", "yr"), column="v", dates=["year", "yr", "day"])
    assert twice == "dates: wanted one column for each part of a date, got 'year' and 'yr'"


def test_a_part_of_a_date_is_no_date_of_its_own(read, refused):
    text = table("year,month,day,hour,v", *HOURS)
    error = refused(text, column="v", dates="hour")
    assert error.startswith("dates: wanted times that increase in 'hour', got '0' in line 26 after '23'; if other ")
    assert "name them all in dates=[...]" in error
    clocks = table("hour,minute,v", *((hour, 30, hour) for hour in range(9)))
    error = refused(clocks, column="v", dates=["hour", "minute"])
    assert error == "dates: wanted a column with days beside those with times, got 'hour' and 'minute'"
    bad = text.replace("2010,1,2,5", "2010,1,32,5")
    assert "got '2010-01-32 05:00' in line 31" in refused(bad, column="v")
    alone = table("date,sunrise,v", *((f"2024-03-0{d}", f"06:{60 - d}", d) for d in range(1, 8)))
    assert first_and_last(read(alone)) == ["2024-03-01", "2024-03-07"]


def test_the_time_since_a_beginning_makes_even_steps_without_dates(read, refused):
    for start, step in ((0, 1), (0, 0.25), (3, 1), (900, 10)):
        text = table("time,v", *((f"{start + step * k:g}", k % 7) for k in range(2000)))
        made = read(text, column="v")
        assert made.dates is None and made.step == "" and made.values.tolist() == [k % 7 for k in range(2000)]
    gap = read(table("Elapsed time (s),v", (0, 5), (1, 6), (2, 7), (4, 8), (5, 9)))
    np.testing.assert_array_equal(gap.values, [5, 6, 7, np.nan, 8, 9])
    assert "got '2.5' in line 4, which is not in step" in refused(table("t,v", (0, 5), (1, 6), (2.5, 7), (3, 8)))
    clock = table("time,v", *((f"{k // 4:02}:{k % 4 * 15:02}", k) for k in range(20)))
    assert read(clock).dates is None and len(read(clock)) == 20
    past_midnight = table("time,v", ("22:00", 1), ("23:00", 2), ("00:00", 3))
    assert "got '00:00' in line 4 after '23:00'; if other columns hold" in refused(past_midnight, order="mixed")


def test_numbers_of_four_digits_are_years_where_the_name_or_the_caller_says_so(read, refused):
    rows = [(1000 + k, k % 7) for k in range(40)]
    assert "may be a year or an elapsed time; say dates='time' for years; dates=None" in refused(table("time,v", *rows))
    assert read(table("time,v", *rows), dates="time").step == "year"
    assert read(table("time,v", *rows), column="v", dates=None).dates is None
    sunspots = read(table("YEAR,SUN", *((1700 + k, k % 11) for k in range(309))))
    assert first_and_last(sunspots) == ["1700-01-01", "2008-01-01"] and sunspots.step == "year"


@pytest.mark.parametrize("first", ["20240101", "1577836800", "1990", "A-1", "2024 spring 1"])
def test_a_column_that_may_hold_dates_is_asked_about(refused, read, first):
    head = first.rstrip("0123456789")
    rows = [(f"{head}{int(first[len(head) :]) + k}", 5 + k % 3) for k in range(4)]
    error = refused(table("x,v", *rows), column="v")
    assert error == f"dates: wanted 'x', or None if the file has no dates, as {first!r} may be a date"
    assert read(table("x,v", *rows), column="v", dates=None).dates is None
    months = table("x,v", ("01.2002", 5), ("12.2001", 6), ("11.2001", 7))
    assert refused(months, column="v").endswith("as '01.2002' may be a date")


def test_dates_across_the_names_are_no_series(refused):
    error = refused("Country,2019,2020,2021\nA,1,2,3\nB,4,5,6\n", column="2020")
    assert error.startswith("dates: wanted a row for each date and not a column, got names such as '2019' and '2020'")


NEWEST_FIRST = [(f"2024-01-{day:02}", day) for day in range(9, 0, -1)]


def test_rows_with_the_newest_first_are_turned_round(read, refused):
    made = read(table("date,v", *NEWEST_FIRST))
    assert made.values.tolist() == list(range(1, 10)) and first_and_last(made) == ["2024-01-01", "2024-01-09"]
    assert made.source.endswith("The newest row came first, so the order was reversed.")
    assert read(table("date,v", *NEWEST_FIRST), order="newest first").values[0] == 1
    assert refused(table("date,v", *NEWEST_FIRST), order="oldest first").startswith(
        "order: wanted rows in the order of 'date', oldest first, got '2024-01-08' in line 3 after '2024-01-09'; "
    )
    names = table("Date,Price", *((f'"Mar {day:02}, 2020"', 70 + day) for day in range(20, 0, -1)))
    assert read(names).values.tolist() == list(range(71, 91))


def test_rows_in_no_order_are_sorted_only_when_asked(read, refused):
    mixed = [NEWEST_FIRST[k] for k in (4, 3, 5, 1, 2, 8, 0, 7, 6)]
    error = refused(table("date,v", *mixed))
    assert error.startswith("order: wanted rows in the order of 'date', ")
    assert error.endswith("order='mixed' sorts them")
    made = read(table("date,v", *mixed), order="mixed")
    assert made.values.tolist() == list(range(1, 10)) and made.source.endswith("Rows were sorted by 'date'.")
    twice = table("date,v", *mixed, ("2024-01-04", 8))
    assert "got '2024-01-04' in line 11 for the second time" in refused(twice, order="mixed")


def test_without_dates_the_order_is_never_guessed(read, refused):
    counting = table("No,v", *((9 - k, k) for k in range(9)))
    for text, name in ((table("date,v", *NEWEST_FIRST), "date"), (counting, "No")):
        error = refused(text, column="v", dates=None)
        wanted = "order: wanted 'oldest first' or 'newest first' for rows without dates, got None, though"
        assert error.startswith(f"{wanted} {name!r} goes from ")
        as_written = read(text, column="v", dates=None, order="oldest first").values
        assert read(text, column="v", dates=None, order="newest first").values.tolist() == as_written.tolist()[::-1]
    months = "März Februar Januar".split()
    for dates in (
        [f"{31 - k} {month} 2020" for month in months for k in (1, 2, 3)],  # which cannot be read
        [*(date for date, _ in NEWEST_FIRST[:4]), "soon", *(date for date, _ in NEWEST_FIRST[4:])],
        [f"{hour}:00" for hour in range(20, 10, -1)],
        [f"run {number}" for number in range(9, 0, -1)],
    ):
        rows = table("when,v", *((date, k) for k, date in enumerate(dates)))
        assert refused(rows, dates=None).startswith(f"{wanted} 'when' goes from {dates[0]!r} to {dates[-1]!r}")
        assert read(rows, dates=None, order="newest first").values[0] == len(dates) - 1
    assert refused("v\n1\n2\n", order="mixed").startswith("order: wanted 'oldest first' or 'newest first' for rows ")
    falling = table("time,v", *((9 - k, k) for k in range(10)))
    assert refused(falling).startswith("order: wanted times that increase in 'time', got '0' in line 11 after '9'")
    assert read(falling, order="newest first").values.tolist() == list(range(9, -1, -1))


def test_the_first_name_of_dates_still_works(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("n,day,v\n" + "".join(f"{k},2024-01-0{k},{k * k}\n" for k in range(1, 8)), encoding="utf-8")
    assert series.read(path, "v", date="day").step == "day"
    with pytest.raises(ValueError, match="^dates: "):
        series.read(path, "v", date="nowhere")
