"""Reading a CSV file of one's own: every way of writing it that is understood, and a sentence for the others."""

import numpy as np
import pytest

from lstm_course.tasks import series

NAN = np.nan


@pytest.fixture
def read(tmp_path):
    def write_and_read(text, **options):
        path = tmp_path / "own.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return series.read(path, **options)

    return write_and_read


def lines(dates, values=None, separator=","):
    values = range(len(dates)) if values is None else values
    return "\n".join(["date,value".replace(",", separator), *map(separator.join, zip(dates, map(str, values)))])


@pytest.mark.parametrize(
    "text, values",
    [
        ("date,value\n2024-01-01,1.5\n2024-01-02,2\n2024-01-03,-3e1\n", [1.5, 2, -30]),
        ("date;value\r\n01.01.2024;1,5\r\n02.01.2024;1.002,25\r\n14.01.2024;3\r\n", None),
        ("\ufeffTag;Wert\n30.12.2023;1,5\n31.12.2023;1.002,25\n1.1.2024;3\n", [1.5, 1002.25, 3]),
        ("date\tvalue\n2024-01-01\t1,5\n2024-01-02\t2,25\n", [1.5, 2.25]),
        ('date,value\n2024-01-01,"1,5"\n2024-01-02,"2,255"\n', [1.5, 2.255]),
        ('date,value\n2024-01-01,"1,500"\n2024-01-02,"22,555,000.5"\n', [1500, 22555000.5]),
        ("date;value\n2024-01-01;1.500\n2024-01-02;2.5\n", [1.5, 2.5]),
        ("2024-01-01,1\n2024-01-02,2\n", [1, 2]),  # no header
        ('"date", "value"\n\n2024-01-01, 1\n\n2024-01-02, 2\n', [1, 2]),
        ("date,value,\n2024-01-01,1,\n2024-01-02,2,\n", [1, 2]),  # a separator at the end of each line
        ("value,when\n1,2024-01-01\n2,2024-01-02\n", [1, 2]),
        ("station,date,value\nnorth,2024-01-01,1\nnorth,2024-01-02,2\n", [1, 2]),
        ("date,°C\n2024-01-01,1\n2024-01-02,2\n".encode("latin-1"), [1, 2]),
        ("value\n3.1415\n2.7182\n", [3.1415, 2.7182]),  # not months of the years 1415 and 7182
    ],
)
def test_ways_of_writing_numbers(read, text, values):
    if values is None:
        with pytest.raises(ValueError, match="^date: wanted at most 20% of the steps missing, got 11 of 14$"):
            read(text)
    else:
        assert read(text).values.tolist() == values


@pytest.mark.parametrize(
    "dates, step, season",
    [
        (["2024-03-01", "2024-03-02", "2024-03-03"], "day", 7),
        (["1.3.2024", "2.3.2024", "15.3.2024"][:2], "day", 7),
        (["03/13/2024", "03/14/2024", "03/15/2024"], "day", 7),
        (["13/03/2024", "14/03/2024", "15/03/2024"], "day", 7),
        (["2024/03/01", "2024/03/02"], "day", 7),
        (["2024-02-29 22:00", "2024-02-29 23:00", "2024-03-01 00:00"], "hour", 24),
        (["2024-02-29T22:00:00Z", "2024-02-29T23:00:00Z"], "hour", 24),
        (["29.02.2024 22:00:00", "29.02.2024 23:00:00"], "hour", 24),
        (["2024-01-01", "2024-01-08", "2024-01-15"], "week", 52),
        (["2024-01", "2024-02", "2024-03"], "month", 12),
        (["2024-01-31", "2024-02-29", "2024-03-31"], "month", 12),
        (["31.01.2024", "29.02.2024", "31.03.2024"], "month", 12),
        (["2023-12-31", "2024-03-31", "2024-06-30"], "quarter", 4),
        (["1899", "1900", "1901"], "year", 0),
        (["202311", "202312", "202401"], "month", 12),
        (["20231230", "20231231", "20240101"], "day", 7),
        (["2020-01-01", "2021-01-01", "2022-01-01"], "year", 0),
        (["2024-01-01 00:00", "2024-01-01 00:10", "2024-01-01 00:20"], "10 minutes", 0),
        (["2024-01-01 00:00", "2024-01-01 00:01", "2024-01-01 00:02"], "minute", 0),
        (["2024-01-01", "2024-01-03", "2024-01-05"], "2 days", 0),
        ([str(day) for day in np.busday_offset("2024-01-01", range(8))], "day", 5),
    ],
)
def test_step_and_season_are_guessed_from_the_dates(read, dates, step, season):
    made = read(lines(dates))
    assert (made.step, made.season, made.gaps, len(made)) == (step, season, 0, len(dates))
    assert made.name == "value" and "own.csv" in made.source and not made.simulated


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


def test_values_that_are_missing_are_gaps(read):
    made = read(lines([f"2024-01-{day:02}" for day in range(1, 11)], [1, 2, 3, "", 5, 6, 7, "NA", 9, 10]))
    assert made.gaps == 2 and np.isnan(made.values[[3, 7]]).all()


def test_a_file_without_dates_is_even_steps(read):
    made = read("value\n1\n2\n4\n")
    assert made.dates is None and (made.step, made.season) == ("", 0) and made.values.tolist() == [1, 2, 4]


def test_columns_are_chosen_by_name(read):
    text = "first,second,begun,ended\n1,4,2024-01-01,2024-05-01\n2,6,2024-01-02,2024-06-01\n"
    made = read(text, column="second", date="ended")
    assert made.values.tolist() == [4, 6] and made.step == "month"
    assert read(text, column="first").step == "day"


DAYS = [f"2024-01-{day:02}" for day in range(1, 11)]


@pytest.mark.parametrize(
    "text, options, sentence",
    [
        ("", {}, "path: wanted a CSV file, got {path}, which is empty"),
        ("\n \n", {}, "path: wanted a CSV file, got {path}, which is empty"),
        ("date,value\n", {}, "path: wanted a CSV file with values, got {path}, which has one line"),
        (b"PK\x03\x04\x00\x00", {}, "path: wanted a CSV file, got {path}, which is not text; save a spreadsheet as "),
        ("date,value\n2024-01-01,1\n2024-01-02,2,5\n", {}, "path: wanted 2 cells in each line, as in line 1, got 3 in "
         "line 3 of {path}"),
        (lines(DAYS), {"column": "temp"}, "column: wanted one of the columns 'date', 'value', got 'temp'"),
        (lines(DAYS), {"date": "when"}, "date: wanted one of the columns 'date', 'value', got 'when'"),
        (lines(DAYS), {"column": 3}, "column: wanted one of the columns 'date', 'value', got 3"),
        (lines(DAYS), {"column": "date"}, "column: wanted one with values, got 'date', which has the dates"),
        ("a,a\n1,2\n3,4\n", {"column": "a"}, "column: wanted a column with a name of its own, got 'a', which stands "),
        ("date,a,b\n2024-01-01,1,2\n2024-01-02,3,4\n", {}, "column: wanted the name of one of 'a', 'b', as all of "),
        ("date,a\n2024-01-01,x\n2024-01-02,y\n", {}, "column: wanted a column with numbers beside the dates, got none "
         "among 'date', 'a'"),
        (lines(DAYS, [1, 2, 3, "about 4", 5, 6, 7, 8, 9, 10]), {}, "column: wanted numbers in 'value', got 'about 4' "
         "in line 5"),
        (lines(DAYS, [1, 2, 3, 4, 5, 6, 7, 8, "inf", 10]), {}, "column: wanted finite numbers in 'value', got 'inf' "
         "in line 10"),
        (lines(DAYS, [1, 2, 3, 4, 5, 6, 7, 8, "1e999", 10]), {}, "column: wanted finite numbers in 'value', got '1e9"),
        (lines(DAYS, [3] * 10), {}, "column: wanted values that differ, got 3 only in 'value'"),
        (lines(DAYS[:1]), {}, "date: wanted at least two dates in 'date', got one"),
        (lines(DAYS, [1, "", "", "", 5, 6, 7, 8, 9, 10]), {}, "column: wanted at most 20% of the steps without a "
         "value, got 3 of 10 in 'value'"),
        (lines(DAYS, [""] * 10), {"column": "value"}, "column: wanted numbers in 'value', got none"),
        (lines([*DAYS[:4], "2024-02-30", *DAYS[5:]]), {}, "date: wanted dates such as 2024-01-31 in 'date', got "
         "'2024-02-30' in line 6"),
        (lines([*DAYS[:4], "soon", *DAYS[5:]]), {}, "date: wanted dates such as 2024-01-31 in 'date', got 'soon'"),
        ("when,value\nx,1\ny,2\n", {"date": "when"}, "date: wanted dates such as 2024-01-31 in 'when', got 'x' in "
         "line 2"),
        (lines(DAYS[::-1]), {}, "date: wanted dates that increase in 'date', got '2024-01-09' after "
         "'2024-01-10' in line 3"),
        (lines([*DAYS[:3], DAYS[2]]), {}, "date: wanted dates that increase in 'date', got '2024-01-03' for the second "
         "time in line 5"),
        (lines([*DAYS, "2024-02-20"]), {}, "date: wanted at most 20% of the steps missing, got 40 of 51"),
        (lines(["2024-01-01 00:00:00", "2024-01-01 00:00:01", "2024-01-01 00:00:02", "9999-01-01 00:00:00"]), {},
         "date: wanted at most 20% of the steps missing, got "),
        (lines(["2024-01-01 00:00", "2024-01-01 01:00", "2024-01-01 02:00", "2024-01-01 03:30"]), {}, "date: wanted "
         "even steps, here of hour, got 2024-01-01 03:30:00, which is not in step"),
        (lines(["2024-01-31", "2024-02-28", "2024-03-02", "2024-03-31", "2024-04-30", "2024-05-31"]), {}, "date: "
         "wanted one line for each month, got 2024-03-31 in the same as the line before, in line 5"),
        (lines(["01/01/2024", "02/01/2024", "03/01/2024"]), {}, "date: wanted dates that can be read in one way in "
         "'date', got '01/01/2024', which may be day/month or month/day; write 2024-01-31"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_sentence(read, tmp_path, text, options, sentence):
    with pytest.raises(ValueError) as raised:
        read(text, **options)
    said = str(raised.value)
    assert said.startswith(sentence.replace("{path}", str(tmp_path / "own.csv"))) and "\n" not in said


@pytest.mark.parametrize("path", ["absent.csv", ".", 3, None, "a\0b"])
def test_a_file_that_cannot_be_read_is_said(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="^path: wanted a CSV file, got .*, which cannot be read"):
        series.read(path)


def test_a_cell_without_end_is_no_csv(read):
    with pytest.raises(ValueError, match="^path: wanted a CSV file, got .*, of which line 2 is none"):
        read('date,value\n"' + "1" * 200_000)
