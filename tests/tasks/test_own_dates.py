"""Dates in a learner's own file: every supported form, and dates that can be read in two ways."""

import numpy as np
import pytest


def column(dates, name="date", values=None):
    values = range(len(dates)) if values is None else values
    return "\n".join([f"{name};value", *(f"{date};{value}" for date, value in zip(dates, values, strict=True))])


def times(made):
    return [str(date).replace("T", " ").removesuffix(":00") for date in made.dates]


MARCH = ["2020-03-01", "2020-03-02", "2020-03-03"]


@pytest.mark.parametrize(
    "form",
    ["Mar 0{}, 2020", "March {} 2020", "{} Mar 2020", "{}-Mar-20", "{}st March 2020", "Sunday, 0{} March 2020",
     "0{}MAR2020", "2020/03/0{}", "2020.3.{}", "2020-3-{}", "{}.3.2020", "2020年3月{}日", "2020-W{}",
     "Sun Mar 0{} 2020 00:00:00 GMT+0100 (Central European Time)"],
)  # fmt: skip
def test_days(read, form):
    if "W" in form:
        made, wanted = read(column(["2020-W09-7", "2020-W10-1", "2020-W10-2"])), MARCH
    else:
        made, wanted = read(column([form.format(day) for day in (1, 2, 3)])), MARCH
    assert times(made) == wanted and made.step == "day" and made.values.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "texts, wanted, step",
    [
        (["2001Q3", "2001Q4", "2002Q1"], ["2001-07-01", "2001-10-01", "2002-01-01"], "quarter"),
        (["2001-Q3", "2001-Q4", "2002-Q1"], ["2001-07-01", "2001-10-01", "2002-01-01"], "quarter"),
        (["Q3 2001", "Q4 2001", "Q1 2002"], ["2001-07-01", "2001-10-01", "2002-01-01"], "quarter"),
        (["2020M11", "2020M12", "2021M01"], ["2020-11-01", "2020-12-01", "2021-01-01"], "month"),
        (["Nov-20", "Dec-20", "Jan-21"], ["2020-11-01", "2020-12-01", "2021-01-01"], "month"),
        (["11/2020", "12/2020", "01/2021"], ["2020-11-01", "2020-12-01", "2021-01-01"], "month"),
        (["11.2020", "12.2020", "1.2021"], ["2020-11-01", "2020-12-01", "2021-01-01"], "month"),
        (["202311", "202312", "202401"], ["2023-11-01", "2023-12-01", "2024-01-01"], "month"),
        (["2020-W52", "2020-W53", "2021-W01"], ["2020-12-21", "2020-12-28", "2021-01-04"], "week"),
        (["KW 5/2024", "KW 6/2024"], ["2024-01-29", "2024-02-05"], "week"),
        (["2024-01-01/2024-01-07", "2024-01-08/2024-01-14"], ["2024-01-01", "2024-01-08"], "week"),
        (["20231231", "20240101"], ["2023-12-31", "2024-01-01"], "day"),
        (["1700", "1701", "1702"], ["1700-01-01", "1701-01-01", "1702-01-01"], "year"),
        (["2020-03-01 12", "2020-03-01 13"], ["2020-03-01 12:00", "2020-03-01 13:00"], "hour"),
        (["1/13/2020 11:00 PM", "1/14/2020 12:00 AM"], ["2020-01-13 23:00", "2020-01-14 00:00"], "hour"),
        (["13/01/2020 11:30 p.m.", "14/01/2020 12:30 a.m."], ["2020-01-13 23:30", "2020-01-14 00:30"], "hour"),
        (["31.12.2019 23:00", "31.12.2019 24:00"], ["2019-12-31 23:00", "2020-01-01 00:00"], "hour"),
        (["01JAN2020:05:00:00", "01JAN2020:06:00:00"], ["2020-01-01 05:00", "2020-01-01 06:00"], "hour"),
        (["20200101T0500", "20200101T0600"], ["2020-01-01 05:00", "2020-01-01 06:00"], "hour"),
        (["2020010105", "2020010106"], ["2020-01-01 05:00", "2020-01-01 06:00"], "hour"),
        (["01.01.2020 00:00 - 01.01.2020 01:00", "01.01.2020 01:00 - 01.01.2020 02:00"],
         ["2020-01-01 00:00", "2020-01-01 01:00"], "hour"),
        (["01.03.2024 23:00", "02.03.2024", "02.03.2024 01:00"],  # a spreadsheet leaves midnight out
         ["2024-03-01 23:00", "2024-03-02 00:00", "2024-03-02 01:00"], "hour"),
        (["1577836800", "1577840400"], ["2020-01-01 00:00", "2020-01-01 01:00"], "hour"),
        (["1577836800000", "1577840400000"], ["2020-01-01 00:00", "2020-01-01 01:00"], "hour"),
        (["1577836800000000000", "1577840400000000000"], ["2020-01-01 00:00", "2020-01-01 01:00"], "hour"),
    ],
)  # fmt: skip
def test_periods_and_times(read, texts, wanted, step):
    made = read(column(texts))
    assert times(made) == wanted and made.step == step


def test_fractions_of_a_second_are_even_to_the_digits_that_are_printed(read):
    sixtieths = [f"2020-01-01 00:00:{second:06.3f}" for second in np.arange(90) / 60]
    made = read(column(sixtieths))
    assert len(made) == 90 and made.gaps == 0 and made.step == "0.0167 seconds"
    assert str(made.dates[1]) == "2020-01-01T00:00:00.017000"
    tenths = read(column([f"2020-01-01T00:00:0{second}" for second in ("0.0", "0.1", "0.2", "0.3", "0.5", "0.6")]))
    assert np.isnan(tenths.values[4]) and tenths.step == "0.1 seconds" and str(tenths.dates[4])[-9:] == "00.400000"
    assert read(column([f"{1577836800 + second}" for second in (0.25, 0.5, 0.75)])).step == "0.25 seconds"


def test_one_offset_from_utc_leaves_times_as_written_and_several_make_them_utc(read):
    winter = read(column([f"2020-01-01T0{hour}:00:00+01:00" for hour in range(3)]))
    assert times(winter)[0] == "2020-01-01 00:00"
    back = ["2020-10-25T01:00+02:00", "2020-10-25T02:00+02:00", "2020-10-25T02:00+01:00", "2020-10-25T03:00+01:00"]
    assert times(read(column(back))) == [f"2020-10-{day}:00" for day in ("24 23", "25 00", "25 01", "25 02")]
    named = ["2020-10-25 02:00 CEST", "2020-10-25 02:00 CET", "2020-10-25 03:00 CET"]
    assert times(read(column(named)))[0] == "2020-10-25 00:00"
    midnights = ["2020-10-24T00:00+02:00", "2020-10-25T00:00+02:00", "2020-10-26T00:00+01:00"]
    assert times(read(column(midnights))) == ["2020-10-24", "2020-10-25", "2020-10-26"]


def test_clocks_that_are_put_forward_leave_a_gap_and_those_put_back_are_refused(read, refused):
    forward = read(column([f"2020-03-29 0{hour}:00" for hour in (0, 1, 3, 4, 5, 6)]))
    assert forward.gaps == 1 and np.isnan(forward.values[2])
    back = column([f"2020-10-25 0{hour}:00" for hour in (0, 1, 2, 2, 3, 4)])
    error = refused(back)
    assert error.startswith("dates: wanted one row for each date in 'date', got '2020-10-25 02:00' in line 5 for the ")
    assert "clocks are put back" in error and error.endswith("dates=None")
    assert read(back, dates=None).values.tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("mark", ["/", "-"])
def test_day_or_month_first_is_told_by_other_rows_or_the_caller(read, refused, mark):
    def dashed(*dates):
        return column([date.replace("/", mark) for date in dates])

    assert times(read(dashed("11/03/2020", "12/03/2020", "13/03/2020")))[0] == "2020-03-11"
    assert times(read(dashed("03/11/2020", "03/12/2020", "03/13/2020")))[0] == "2020-03-11"
    both = dashed("01/03/2020", "02/03/2020", "03/03/2020")
    error = refused(both)
    assert error.startswith("dates: wanted dates that can be read in one way in 'date', got '01")
    assert error.endswith("which may be 2020-03-01 or 2020-01-03; say dayfirst=True or dayfirst=False")
    assert times(read(both, dayfirst=True)) == MARCH
    assert times(read(both, dayfirst=False)) == ["2020-01-03", "2020-02-03", "2020-03-03"]
    error = refused(dashed("01/01/2020", "13/01/2020", "01/14/2020"))
    assert "line 3, which has the day first, and" in error and error.endswith("line 4, which has the month first")
    assert times(read(column(["01.03.20", "02.03.20", "03.03.20"]), dayfirst=True)) == MARCH
    error = refused(dashed("01/13/2020", "01/14/2020"), dayfirst=True)
    assert error.startswith("dates: wanted dates such as 2024-01-31 with dayfirst=True in 'date', got '01")


def test_even_steps_over_years_tell_months_from_days(read, refused):
    months = [f"01/{month:02}/{year}" for year in (2019, 2020) for month in range(1, 13)]
    assert read(column(months)).step == "month" and read(column(months[::-1])).values[0] == 23
    # Days with gaps or months with gaps: neither is unlikely enough.
    assert "say dayfirst" in refused(column([f"01/{month:02}/2020" for month in (2, 3, 6, 7, 8, 9, 10)]))


@pytest.mark.parametrize(
    "texts, error",
    [
        (["3/10/65", "3/11/65", "3/13/65"], "years of four digits in 'date', got '3/10/65' in line 2, which may be of"),
        (["20-03-10", "20-03-11", "20-03-12"], "dates that can be read in one way in 'date', got '20-03-10' in line 2, "
         "which may be 2010-03-20 or 2020-03-10; say dayfirst=True, or write days as 2024-01-31"),
        (["200101", "200102", "200103"], "dates that can be read in one way in 'date', got '200101' in line 2, which "
         "may be 2001-01-01 or 2020-01-01; write days as 2024-01-31"),
        (["1801010000", "1801010100", "1801010200"], "dates that can be read in one way in 'date', got '1801010000'"),
        (["Jan-01", "Jan-02", "Jan-03"], "dates with a year in 'date', got 'Jan-01' in line 2, which may be a day or"),
        (["1-Jan", "2-Jan", "3-Jan"], "dates such as 2024-01-31 in 'date', got '1-Jan' in line 2; dates=None treats"),
        (["1 März 2020", "2 März 2020"], "dates such as 2024-01-31 in 'date', got '1 März 2020' in line 2;"),
        (["2024-02-28", "2024-02-29", "2024-02-30"], "dates such as 2024-01-31 in 'date', got '2024-02-30' in line 4"),
        (["2024-01-01", "soon", "2024-01-03"], "dates such as 2024-01-31 in 'date', got 'soon' in line 3"),
        (["2024-01-01", "", "2024-01-03"], "dates such as 2024-01-31 in 'date', got '' in line 3"),
        (["2024-01-01", "02.01.2024", "2024-01-03"], "dates such as 2024-01-31 in 'date', got '02.01.2024' in line 3"),
        (["2024-01-01T00:00Z", "2024-01-01T01:00", "2024-01-01T02:00Z"], "dates such as 2024-01-31 in 'date', got "
         "'2024-01-01T01:00' in line 3"),
        (["2024-01-01 00:00-01:00", "2024-01-01 01:00-02:00"], "dates such as 2024-01-31 in 'date', got '2024-01-01"),
        (["44197", "44198", "44199"], "dates such as 2024-01-31 in 'date', got '44197' in line 2, which is not"),
        (["1949.0", "1949.0833", "1949.1667"], "dates such as 2024-01-31 in 'date', got '1949.0' in line 2, which is"),
        (["2001/02", "2002/03", "2003/04"], "even steps, here of 393 days, got 2003-04-01, which is not in step"),
    ],
)  # fmt: skip
def test_dates_that_are_not_clear_are_refused(refused, texts, error):
    assert refused(column(texts)).startswith("dates: wanted " + error)


def test_weeks_are_those_of_iso_8601_or_refused(read, refused):
    numbers = [f"2024{week:02}" for week in range(5, 20)]
    assert times(read(column(numbers, name="week")))[0] == "2024-01-29"
    assert "may be a week or a month" in refused(column(numbers[:5], name="week"))
    year = [f"2020-W{week:02}" for week in range(40, 53)] + [f"2021-W{week:02}" for week in range(1, 20)]
    assert "wanted the weeks of ISO 8601 in 'week', got none for week 53 of 2020" in refused(column(year, name="week"))


def test_one_bad_date_in_many_is_named(refused):
    days = [str(day) for day in np.arange("2024-01-01", "2026-01-01", dtype="datetime64[D]")]
    days[400] = "2025-02-3o"
    assert "got '2025-02-3o' in line 402" in refused(column(days))
