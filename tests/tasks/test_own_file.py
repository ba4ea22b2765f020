"""Reading a learner's own CSV file: steps and seasons, gaps, columns, arguments, and general refusals."""

import dataclasses

import numpy as np
import pytest

from lstm_course.tasks import series

NAN = np.nan
DAYS = [f"2024-01-{day:02}" for day in range(1, 11)]


def lines(dates, values=None, separator=","):
    values = range(len(dates)) if values is None else values
    return "\n".join(
        ["date,value".replace(",", separator), *map(separator.join, zip(dates, map(str, values), strict=True))]
    )


@pytest.mark.parametrize(
    "dates, step, season",
    [
        (["2024-03-01", "2024-03-02", "2024-03-03"], "day", 7),
        (["1.3.2024", "2.3.2024"], "day", 7),
        (["2024-02-29 22:00", "2024-02-29 23:00", "2024-03-01 00:00"], "hour", 24),
        (["2024-01-01", "2024-01-08", "2024-01-15"], "week", 52),
        (["2024-01", "2024-02", "2024-03"], "month", 12),
        (["2024-01-31", "2024-02-29", "2024-03-31"], "month", 12),
        (["2020-01-17", "2020-02-21", "2020-03-20", "2020-04-17"], "month", 12),  # third Fridays
        (["2023-12-31", "2024-03-31", "2024-06-30"], "quarter", 4),
        (["2020-06-30", "2020-12-31", "2021-06-30"], "6 months", 2),
        (["2020-01-01", "2020-03-01", "2020-05-01"], "2 months", 6),
        (["1899", "1900", "1901"], "year", 0),
        (["1790", "1800", "1810", "1820"], "10 years", 0),
        (["2020-01-01", "2021-01-01", "2022-01-01"], "year", 0),
        (["2024-01-01", "2024-01-29", "2024-02-26", "2024-03-25"], "28 days", 0),
        (["2024-01-01 00:00", "2024-01-01 00:10", "2024-01-01 00:20"], "10 minutes", 0),
        (["2024-01-01 00:00", "2024-01-01 00:01", "2024-01-01 00:02"], "minute", 0),
        (["2024-01-01 00:00:00.0", "2024-01-01 00:00:00.5", "2024-01-01 00:00:01.0"], "0.5 seconds", 0),
        (["2024-01-01", "2024-01-03", "2024-01-05"], "2 days", 0),
        ([str(day) for day in np.busday_offset("2024-01-01", range(8))], "day", 5),
    ],
)
def test_step_and_season_are_told_from_the_dates(read, dates, step, season):
    made = read(lines(dates))
    assert (made.step, made.season, made.gaps, len(made)) == (step, season, 0, len(dates))
    assert made.values.tolist() == list(range(len(dates)))
    assert made.name == "value" and made.source == "Read from column 'value' of own.csv." and not made.simulated


def test_steps_that_are_left_out_become_gaps(read):
    made = read(lines(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-05", "2024-01-06"]))
    np.testing.assert_array_equal(made.values, [0, 1, 2, NAN, 3, 4])
    assert made.dates.astype(str).tolist() == [f"2024-01-0{day}" for day in range(1, 7)]
    months = read(lines(["2024-01-31", "2024-02-29", "2024-04-30", "2024-05-31", "2024-06-30"]))
    np.testing.assert_array_equal(months.values, [0, 1, NAN, 2, 3, 4])
    assert months.dates.astype("datetime64[M]").astype(str).tolist() == [f"2024-0{month}" for month in range(1, 7)]
    holiday = [str(day) for day in np.delete(np.busday_offset("2024-01-01", range(10)), 4)]
    np.testing.assert_array_equal(read(lines(holiday)).values, [0, 1, 2, 3, NAN, 4, 5, 6, 7, 8])
    hours = read(lines([f"2024-01-01 0{hour}:00" for hour in (0, 1, 2, 3, 5)]))
    assert np.isnan(hours.values[4]) and str(hours.dates[4]) == "2024-01-01T04:00:00"


def test_values_that_are_missing_are_gaps_and_a_series_can_be_used_as_any_other(read):
    made = read(lines(DAYS, [1, 2, 3, "", 5, 6, 7, "NA", 9, 10]))
    assert made.gaps == 2 and np.isnan(made.values[[3, 7]]).all()
    assert made.filled().values.tolist() == list(range(1, 11))
    assert made.until(4).dates.tolist() == made.dates[:4].tolist() and made.needs(5, 5) is made
    assert dataclasses.replace(made, season=3).season == 3


def test_a_file_without_dates_is_even_steps(read):
    made = read("value\n1\n2\n4\n")
    assert made.dates is None and (made.step, made.season) == ("", 0) and made.values.tolist() == [1, 2, 4]
    assert read("value\n3.1415\n2.7182\n").dates is None  # not months of the years 1415 and 7182
    assert read("t\n5\n4\n3\n").values.tolist() == [5, 4, 3]  # the only column has the values, whatever its name


def test_columns_are_chosen_by_name(read, refused):
    text = "first,second,begun,ended\n1,4,2024-01-01,2024-05-01\n2,6,2024-01-02,2024-06-01\n"
    made = read(text, column="second", dates="ended")
    assert made.values.tolist() == [4, 6] and made.step == "month"
    assert read(text, column="first", dates="begun").step == "day"
    assert refused(text, column="first") == (
        "dates: wanted one of 'begun', 'ended', a list of them, or None if the file has no dates, as '2024-01-01' may "
        "be a date"
    )
    assert read("date,2019,2020\n2024-01-01,1,2\n2024-01-02,3,4\n", column=2020).values.tolist() == [2, 4]


def test_an_unnamed_column_that_counts_the_rows_is_not_taken_for_the_values(read):
    assert read(",date,v\n0,2024-01-01,5\n1,2024-01-02,7\n").values.tolist() == [5, 7]
    assert read(",v\n1,5\n2,7\n").values.tolist() == [5, 7]


@pytest.mark.parametrize(
    "text, options, sentence",
    [
        ("date,value\n", {}, "path: wanted a CSV file with values, got own.csv, which has no rows of values"),
        (lines(DAYS), {"column": "temp"}, "column: wanted one of the columns 'date', 'value', got 'temp'"),
        (lines(DAYS), {"dates": "when"}, "dates: wanted one of the columns 'date', 'value', got 'when'"),
        (lines(DAYS), {"dates": ["date", "hour"]}, "dates: wanted one of the columns 'date', 'value', got 'hour'"),
        (lines(DAYS), {"column": 3}, "column: wanted one of the columns 'date', 'value', got 3"),
        (lines(DAYS), {"column": "date", "dates": "date"}, "column: wanted one with values, got 'date', which has the"),
        (lines(DAYS), {"column": "date"}, "column: wanted numbers in 'date', got '2024-01-01' in line 2"),
        ("a,a\n1,2\n3,4\n", {"column": "a"}, "column: wanted a column with a name of its own, got 'a', which stands "),
        ("date,a,b\n2024-01-01,1,2\n2024-01-02,3,4\n", {}, "column: wanted the name of one of 'a', 'b', as all of "),
        ("date,a\n2024-01-01,x\n2024-01-02,y\n", {}, "column: wanted a column with numbers beside the dates, got none "
         "among 'date', 'a'"),
        (lines(DAYS, [3] * 10), {}, "column: wanted values that differ, got 3 only in 'value'"),
        (lines(DAYS[:1], [1]), {}, "dates: wanted at least two dates in 'date', got one"),
        (lines(DAYS, [1, "", "", "", 5, 6, 7, 8, 9, 10]), {}, "column: wanted at most 20% of the steps without a "
         "value, got 3 of 10 in 'value'"),
        (lines(DAYS, [""] * 10), {"column": "value"}, "column: wanted numbers in 'value', got none"),
        (lines([*DAYS, "2024-02-20"]), {}, "dates: wanted at most 20% of the steps missing, got 40 of 51; dates=None"),
        (lines(["2024-01-01 00:00:00", "2024-01-01 00:00:01", "2024-01-01 00:00:02", "9999-01-01 00:00:00"]), {},
         "dates: wanted at most 20% of the steps missing, got "),
        (lines(["2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 02:00", "2024-01-01 03:30"]), {}, "dates: wanted "
         "even steps, here of hour, got 2024-01-01 03:30:00, which is not in step; dates=None treats the rows as even"),
        (lines(["2020-01-01", "2020-04-01", "2020-07-01", "2020-10-01", "2021-02-01"]), {}, "dates: wanted even "
         "steps, here of quarter, got 2021-02-01, which is not in step"),
        (lines(["2024-01-31", "2024-02-28", "2024-03-02", "2024-03-31", "2024-04-30", "2024-05-31"]), {}, "dates: "
         "wanted one row for each month in 'date', got '2024-03-31' in line 5 beside '2024-03-02' in line 4"),
        (lines(DAYS), {"dates": []}, "dates: wanted the name of a column, a list of names, or None, got []"),
        (lines(DAYS), {"dates": False}, "dates: wanted the name of a column, a list of names, or None, got False"),
        (lines(DAYS), {"dayfirst": "yes"}, "dayfirst: wanted True or False, got 'yes'"),
        (lines(DAYS), {"decimal": ";"}, "decimal: wanted '.' or ',', got ';'"),
        (lines(DAYS), {"thousands": 1000}, "thousands: wanted '.' or ',' or ' ' or \"'\", got 1000"),
        (lines(DAYS), {"decimal": ",", "thousands": ","}, "thousands: wanted another mark than before decimals, got "),
        (lines(DAYS), {"order": "up"}, "order: wanted 'oldest first' or 'newest first' or 'mixed', got 'up'"),
        (lines(DAYS), {"missing": {1}}, "missing: wanted a number, a text or a list of them, got {1}"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(refused, text, options, sentence):
    assert refused(text, **options).startswith(sentence)


def test_a_long_list_of_columns_is_cut_short(refused):
    names = [f"c{k}" for k in range(40)]
    error = refused("\n".join([",".join(names), ",".join("1" * 40), ",".join("2" * 40)]))
    assert error.endswith("'c10', 'c11' and 28 more, as all of them have numbers, got None")


@pytest.mark.parametrize("path", ["absent.csv", ".", 3, None, "a\0b"])
def test_a_file_that_cannot_be_read_is_said(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="^path: wanted a CSV file, got .*, which cannot be read"):
        series.read(path)
