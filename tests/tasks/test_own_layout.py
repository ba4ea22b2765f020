"""The table in a learner's own file: encodings, separators, lines above and below it, and names of columns."""

import gzip

import numpy as np
import pytest

ROWS = "\n".join(f"2024-01-{day:02};{day},5" for day in range(1, 9))
COMMAS = "\n".join(f"2024-01-{day:02},{day}.5" for day in range(1, 9))
VALUES = [day + 0.5 for day in range(1, 9)]


@pytest.mark.parametrize(
    "data",
    [
        ("date;value\n" + ROWS).encode("utf-8-sig"),
        ("sep=;\ndate;value\n" + ROWS).encode(),
        ('"sep=;"\ndate;value\n' + ROWS).replace("\n", "\r\n").encode("utf-16"),
        ("date\tvalue\n" + ROWS.replace(";", "\t")).encode("utf-16-le"),  # without its mark
        ("date;value\n" + ROWS).encode("utf-16-be"),
        ("date;value\n" + ROWS).encode("utf-32"),
        ("Datum;Wert in °C\n" + ROWS).encode("latin-1"),
        ("Datum;Wert in €\n" + ROWS).encode("cp1252"),
        ("date;value\n" + ROWS).replace("\n", "\r").encode(),
        ("date;value\n" + ROWS + "\n\x1a").encode(),
        gzip.compress(("date;value\n" + ROWS).encode()),
        ("date|value\n" + COMMAS.replace(",", "|")).encode(),
        ('"date", "value"\n\n' + COMMAS.replace(",", ", ").replace("\n", "\n\n")).encode(),
        ("date,value,\n" + COMMAS.replace("\n", ",\n") + ",\n").encode(),
        ("date,value\n" + COMMAS.replace("\n", ",\n") + ",\n").encode(),
        ("date,value,tags\n" + COMMAS.replace("\n", ",a;b\n") + ",a;b").encode(),
    ],
)
def test_encodings_and_separators(read, data):
    made = read(data)
    assert made.values.tolist() == VALUES and str(made.dates[0]) == "2024-01-01" and made.step == "day"


@pytest.mark.parametrize(
    "above, name",
    [
        ("date,value\n", "value"),
        ("# made by a logger\n# serial number, 5\ndate,value\n", "value"),
        ("# made by a logger\n# date,value\n", "value"),
        ("Sales report, 2024\n\nDate,Value\n", "Value"),
        ("Sales report, North\nDate,Value\n", "Value"),
        ("".join(f"Line {k} of many, with text, and {k} commas\n" for k in range(9)) + "date,value\n", "value"),
        ("Station,Berlin\nLatitude,52.5\nHeight,35\n\nwann,temp\n", "temp"),
        ("Zeit,Temp\n(UTC),(°C)\n", "Temp"),
        ("date,Temp\nyyyy-mm-dd,degC\n", "Temp"),
        ("Price,Close\nTicker,ABC\nDate,\n", "ABC"),
        ('date,"value\nin °C"\n', "value in °C"),
        ("Sales report\n", "column 2"),
        ("", "column 2"),
        ("date,0\n", "0"),
        (",v\n", "v"),
    ],
)
def test_titles_comments_and_units_around_the_names_are_left_out(read, above, name):
    made = read(above + COMMAS)
    assert (made.values.tolist(), made.name, str(made.dates[-1])) == (VALUES, name, "2024-01-08")


@pytest.mark.parametrize(
    "below, note",
    [
        ("", ""),
        ("\n\n,\n,\n", ""),
        ("\nTotal,44\n", "Line 10, 'Total', was left out."),
        ("\n,\nSumme:,44\nMittelwert,5.5\n", "Line 11, 'Summe:', was left out. Line 12, 'Mittelwert', was left out."),
        ("\n\nSource: the harbour\n", "Line 11, 'Source: the harbour', was left out."),
    ],
)
def test_totals_and_remarks_below_the_rows_are_left_out_and_said(read, below, note):
    made = read("date,value\n" + COMMAS + below)
    assert made.values.tolist() == VALUES and made.source == f"Read from column 'value' of own.csv. {note}".strip()


def test_a_total_without_a_date_is_left_out_too(read, refused):
    assert read("kind,v\nA,1\nB,2\nC,4\nTotal,7\n").values.tolist() == [1, 2, 4]
    everybody = "sex,date,v\n" + "\n".join(f"total,{row}" for row in COMMAS.split("\n"))
    assert read(everybody).values.tolist() == VALUES
    assert "got 'Total' in line 5" in refused("v\n1\n2\n3\nTotal\n6\n")


@pytest.mark.parametrize(
    "text, error",
    [
        ("", "path: wanted a CSV file, got own.csv, which is empty"),
        ("\n \n", "path: wanted a CSV file, got own.csv, which is empty"),
        ("sep=;\n", "path: wanted a CSV file, got own.csv, which has no rows"),
        (b"PK\x03\x04\x14\x00\x06\x00", "path: wanted a CSV file, got own.csv, which is not text; save a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "path: wanted a CSV file, got own.csv, which is not text; "),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "path: wanted a CSV file, got own.csv, which is not text; "),
        ("<html><table><tr><td>1", "path: wanted a CSV file, got own.csv, which looks like a web page or XML; save "),
        ('{"date": [1, 2]}', "path: wanted a CSV file, got own.csv, which looks like JSON; save the table"),
        (gzip.compress(ROWS.encode())[:30], "path: wanted a CSV file, got own.csv, which cannot be read (Compressed "),
        ("date value\n" + COMMAS.replace(",", " "), "path: wanted cells separated by commas, semicolons, tabs or bars, "
         "or one number in each line, got '2024-01-01 1.5' in line 2"),
        ("date,value\n" + COMMAS.replace("3.5", "3.5,9"), "path: wanted 2 cells in each line, as in line 2, got 3 in "
         "line 4 of own.csv"),
        ("date,value\n" + COMMAS + "\n2024-01-0", "path: wanted 2 cells in each line, as in line 2, got 1 in line 10 "),
        ("date,value\n2024-01-01,1,5\n2024-01-02,2,5\n", "path: wanted 3 cells in each line, as in line 2, got 2 in "
         "line 1 of own.csv"),
        ("date,value\n" + COMMAS.replace("\n2024-01-05", "\n# moved\n2024-01-05"), "path: wanted 2 cells in each line, "
         "as in line 2, got 1 in line 6"),
        ("date,value\n" + COMMAS.replace("\n2024-01-05", "\ndate,value\n2024-01-05"), "dates: wanted dates such as "
         "2024-01-31 in 'date', got 'date' in line 6"),
        ("date,value,note\n2024-01-01,1,\"a\n2024-01-02,2,b\n2024-01-03,3,c\"\n2024-01-04,4,d\n2024-01-05,5,e\n",
         "path: wanted a line for each row, got own.csv, in which a quotation mark encloses several lines, up to"),
        ("date,value,note\n2024-01-01,1,\"a\n2024-01-02,2,b\n", "path: wanted a CSV file, got own.csv, of which line 4 "
         "is none"),
        ('date,value\n"' + "1" * 200_000, "path: wanted a CSV file, got own.csv, of which line 2 is none (field"),
        ("soon,1\n2024-01-02,2\n2024-01-03,5\n", "column: wanted the name of a column, as the first row of own.csv has "
         "'soon', '1' in line 1, which may be names or values, got None"),
        ("date,value\nsoon,1\n2024-01-02,2\n2024-01-03,5\n", "dates: wanted dates such as 2024-01-31 in 'date', got "
         "'soon' in line 2"),
        ("value\n1\n\n3\n4\n5\n", "path: wanted NA where a value is missing, got an empty line 3 between values"),
    ],
)  # fmt: skip
def test_a_file_without_a_clear_table_is_refused(refused, text, error):
    assert refused(text).startswith(error)


def test_names_that_are_numbers_are_told_from_values_or_asked_about(read, refused):
    assert read(",0\n0,1.5\n1,2.5\n2,4.0\n").values.tolist() == [1.5, 2.5, 4]  # as pandas writes a series
    error = refused("0\n1.5\n2.5\n4\n")
    assert error.startswith("column: wanted one of the columns '0', or 'column 1' and on, got None with '0' in line 1")
    assert read("0\n1.5\n2.5\n4\n", column="0").values.tolist() == [1.5, 2.5, 4]
    assert read("0\n1.5\n2.5\n4\n", column="column 1").values.tolist() == [0, 1.5, 2.5, 4]
    assert "'A', '1' in line 1, which may be names or values" in refused("A,1\nB,2\nC,4\n")
    assert read("soon,1\n2024-01-02,2\n2024-01-03,5\n", column="1").values.tolist() == [2, 5]


def test_lines_in_which_nothing_stands(read):
    assert read("value\n\n1\n\n2\n\n4\n\n").values.tolist() == [1, 2, 4]  # after every row: a way of writing
    np.testing.assert_array_equal(read('value\n1\n""\n2\n3\n5\n').values, [1, np.nan, 2, 3, 5])
    np.testing.assert_array_equal(read("value\nNA\n2\n3\n5\n6\n").values, [np.nan, 2, 3, 5, 6])
    assert read("date,value\n" + COMMAS.replace("\n2024-01-05", "\n,\n\n2024-01-05")).values.tolist() == VALUES
