"""Values in a learner's own file: every supported form, and numbers that can be read in two ways."""

import numpy as np
import pytest

NAN = np.nan


def column(cells, separator=";", name="value"):
    rows = (f"2024-01-{day:02}{separator}{cell}" for day, cell in enumerate(cells, 1))
    return "\n".join([f"date{separator}{name}", *rows])


@pytest.mark.parametrize(
    "cells, separator, values, unit",
    [
        (["1.5", "2", "-3e1"], ",", [1.5, 2, -30], ""),
        (["1,5", "1.002,25", "3"], ";", [1.5, 1002.25, 3], ""),
        (["1,5", "2,25"], "\t", [1.5, 2.25], ""),
        (["0,5", "1,020", "3,25"], "|", [0.5, 1.02, 3.25], ""),
        (['"1,5"', '"2,255"'], ",", [1.5, 2.255], ""),
        (['"1,500"', '"22,555,000.5"'], ",", [1500, 22555000.5], ""),
        (['"12,34,567"', '"1,00,000"', "5"], ",", [1234567, 100000, 5], ""),  # as in India
        (["1.500", "2.5"], ";", [1.5, 2.5], ""),
        (["1.020", "0.980", "1.100"], ";", [1.02, 0.98, 1.1], ""),  # no thousands begin with 0
        (["1.234.567", "980.000", "5.125"], ";", [1234567, 980000, 5125], ""),
        (["21.375", "20.125", "0.250"], ",", [21.375, 20.125, 0.25], ""),
        (["1021.375", "20.125", "19.250"], ",", [1021.375, 20.125, 19.25], ""),  # thousands would be marked
        (["1 020", "980", "1 030,5"], ";", [1020, 980, 1030.5], ""),
        (["1\u202f020", "980", "12\u00a0345"], ";", [1020, 980, 12345], ""),
        (["1'020", "980", "1’030.5"], ";", [1020, 980, 1030.5], ""),
        (["$1,020.50", "-$980.00", "($3.00)"], "\t", [1020.5, -980, -3], "$"),
        (["1.020,50 €", "980,00 €"], ";", [1020.5, 980], "€"),
        (["CHF 1'020.50", "CHF 980.00"], ";", [1020.5, 980], "CHF"),
        (["45%", "46 %", "47.5%"], ",", [45, 46, 47.5], "%"),
        (["−5", "+6", "7.5-"], ",", [-5, 6, -7.5], ""),
        (["(5)", "6", "(1,234.50)"], "\t", [-5, 6, -1234.5], ""),
        (["1,5E+03", "2e-3", ",5"], ";", [1500, 0.002, 0.5], ""),
    ],
)
def test_ways_of_writing_numbers(read, cells, separator, values, unit):
    made = read(column(cells, separator))
    np.testing.assert_allclose(made.values, values, rtol=1e-15)
    assert made.unit == unit and made.gaps == 0


UNCLEAR = "decimal: wanted the mark before decimals in 'value', got {!r} in line {}, which may be {} or {}; say "


@pytest.mark.parametrize(
    "cells, separator, error",
    [
        (["950", "980", "1.020", "1.100"], ";", ("1.020", 4, 1020, "1.020")),
        (["950", "1,020", "1,100"], "\t", ("1,020", 3, 1020, "1.020")),
        (["1.020", "1.030", "1.040"], ";", ("1.020", 2, 1020, "1.020")),
        (["1.020", "1.030", "980"], ",", ("1.020", 2, 1020, "1.020")),
        (["21.375", "20.125", "19.250"], ",", ("21.375", 2, 21375, "21.375")),
        (['"1,020"', '"1,030"', "980"], ",", ("1,020", 2, 1020, "1.020")),
        (["-1.020", "5", "6"], "|", ("-1.020", 2, -1020, "-1.020")),
        (["1.020", "1,020", "6"], ";", ("1.020", 2, 1020, "1.020")),
    ],
)  # fmt: skip
def test_thousands_alone_are_not_taken_for_decimals(read, refused, cells, separator, error):
    mark = "." if "." in error[0] else ","
    assert refused(column(cells, separator)) == UNCLEAR.format(*error) + f"thousands={mark!r} or decimal={mark!r}"
    plain = [cell.strip('"') for cell in cells]
    if len({character for cell in plain for character in cell if character in ".,"}) == 1:
        thousands = [float(cell.replace(mark, "")) for cell in plain]
        decimals = [float(cell.replace(mark, ".")) for cell in plain]
        assert read(column(cells, separator), thousands=mark).values.tolist() == thousands
        assert read(column(cells, separator), decimal=mark).values.tolist() == decimals
        other = {".": ",", ",": "."}[mark]
        if separator != "," or other != ",":
            assert read(column(cells, separator), decimal=other).values.tolist() == thousands


def test_another_column_may_show_the_mark_before_decimals(read, refused):
    def text(rate):
        rows = zip(("1.020", "980", "1.030"), rate, strict=True)
        return "date;visitors;rate\n" + "\n".join(f"{day}.03.2024;{a};{b}" for day, (a, b) in enumerate(rows, 20))

    assert read(text(("1,5", "2,5", "3,5")), column="visitors").values.tolist() == [1020, 980, 1030]
    assert "say thousands='.'" in refused(text(("1.5", "2.5", "3.5")), column="visitors")  # 980 has no decimals
    beside = "date,v,rate\n" + "\n".join(f"{day}.03.2024,{day}.125,{day}.5" for day in range(20, 26))
    assert read(beside, column="v").values.tolist() == [day + 0.125 for day in range(20, 26)]
    # Dates are no numbers: 08.2024 says nothing about the mark.
    months = "date\tv\n" + "\n".join(f"{month:02}.2024\t{900 + month}.125" for month in range(1, 7))
    assert refused(months).startswith("decimal: wanted the mark before decimals in 'v', got '901.125'")


def test_a_single_column_of_decimals_with_commas(read, refused):
    text = "value\n1,5\n2,5\n3,5\n"
    assert refused(text).startswith("decimal: wanted the mark before decimals, got '1,5' in line 2, which may be one ")
    assert read(text, decimal=",").values.tolist() == [1.5, 2.5, 3.5]


MANY = ["5", "6", "7", "8", "9", "4", "5", "6"]


@pytest.mark.parametrize("cell", ["", "-", "--", ".", "NA", "n/a", "null", "NaN", "#N/A", "?", "None", "–", "<NA>"])
def test_what_says_that_a_value_is_missing(read, cell):
    made = read(column(["5", cell, *MANY], ","))
    assert np.isnan(made.values[1]) and made.gaps == 1


@pytest.mark.parametrize(
    "cell, given",
    [("-9999", -9999), ("-999.0", "-999"), ("-99.99", -99.99), ("999.9", [999.9]), ("9999", 9999), ("-32768", -32768),
     ("1e20", 1e20)],
)  # fmt: skip
def test_a_number_far_from_all_others_is_asked_about(read, refused, cell, given):
    text = column(["5", cell, *MANY], ",")
    error = refused(text)
    wanted = "missing: wanted to know what stands for a missing value in 'value'"
    assert error.startswith(f"{wanted}, got {float(cell):g} in line 3, which is far from all others; say missing=")
    assert error.endswith("or missing=() if it was measured")
    made = read(text, missing=given)
    assert np.isnan(made.values[1]) and made.gaps == 1
    assert read(text, missing=()).values[1] == float(cell)


def test_one_number_for_missing_values_does_not_hide_another(read, refused):
    text = column(["5", "-9999", "-200", *MANY, "-200", *MANY, "M"], ",")
    assert "got -200 in line 4" in refused(text, missing=["-9999", "m"])
    assert read(text, missing=[-9999, -200, "M"]).gaps == 4


def test_large_but_likely_numbers_are_values(read):
    for cells in ("900 950 999 1003", "9 5000 3 4", "-1 0 5 -1", "-99 -80 98 99"):
        cells = cells.split()
        assert read(column(cells, ",")).values.tolist() == [float(cell) for cell in cells]


@pytest.mark.parametrize(
    "cells, error",
    [
        (["5", "about 6", "7", "8"], "wanted numbers in 'value', got 'about 6' in line 3"),
        (["5", "<6", "7", "8"], "wanted numbers in 'value', got '<6' in line 3"),
        (["5", "7*", "7", "8"], "wanted numbers in 'value', got '7*' in line 3"),
        (["5", "#DIV/0!", "7", "8"], "wanted numbers in 'value', got '#DIV/0!' in line 3"),
        (["5", "1.5M", "7", "8"], "wanted numbers in 'value', got '1.5M' in line 3"),
        (["5", "1_000", "7", "8"], "wanted numbers in 'value', got '1_000' in line 3"),
        (["5", "0x1F", "7", "8"], "wanted numbers in 'value', got '0x1F' in line 3"),
        (["5", "--6", "7", "8"], "wanted numbers in 'value', got '--6' in line 3"),
        (["5", "(6", "7", "8"], "wanted numbers in 'value', got '(6' in line 3"),
        (["5", "6 0", "7", "8"], "wanted numbers in 'value', got '6 0' in line 3"),
        (["5", "inf", "7", "8"], "wanted finite numbers in 'value', got 'inf' in line 3"),
        (["5", "1e999", "7", "8"], "wanted finite numbers in 'value', got '1e999' in line 3"),
        (["1.5", "2,5", "3.5"], "wanted numbers with '.' before decimals, as decimal= or the others say, in 'value', "
         "got '2,5' in line 3"),
        (["$5", "€6", "$7"], "wanted one unit in 'value', got '€6' in line 3 beside $"),
        (["45%", "0.46", "47%"], "wanted one unit in 'value', got '0.46' in line 3 beside %"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_named_with_its_line(refused, cells, error):
    assert refused(column(cells)) == "column: " + error


def test_the_marks_that_the_caller_gives_are_held_to(read, refused):
    assert "got '1.5' in line 3" in refused(column(["2,5", "1.5"]), decimal=",")
    assert "got '1,020' in line 2" in refused(column(["1,020", "5"]), decimal=".", thousands="'")
    assert "got '0.250' in line 3" in refused(column(["21.375", "0.250"]), decimal=",")  # no thousands begin with 0
    assert read(column(["1'020", "1,5"]), thousands="'").values.tolist() == [1020, 1.5]
