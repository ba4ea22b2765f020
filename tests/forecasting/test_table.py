"""The table of scores."""

import html.parser

import numpy as np
import pandas
import pytest

from lstm_course.forecasting import LastValue, SeasonalNaive, rolling_origin, score_table

VALUES = np.tile([1.0, 5.0, 3.0], 12) + np.arange(36) * 0.01
FORECASTS = {
    method.name: rolling_origin(VALUES, method, [20, 24], horizon=4) for method in (LastValue(), SeasonalNaive(3))
}


def test_the_best_stands_first_and_scores_are_against_the_reference():
    table = score_table({**FORECASTS, "guess": 0.5})
    assert list(table.index) == ["seasonal naive", "guess", "last value"]
    naive, guess, last = (table.loc[name] for name in table.index)
    skill = "skill against seasonal naive"
    assert naive[skill] == 0 and guess[skill] == pytest.approx(1 - 0.5 / naive["MAE"]) and np.isnan(guess["RMSE"])
    assert last["MAE"] == FORECASTS["last value"].mae() and last["RMSE"] == FORECASTS["last value"].rmse()
    best = score_table(FORECASTS, against="last value").iloc[0]
    assert best["skill against last value"] == pytest.approx(1 - naive["MAE"] / last["MAE"])


def test_the_table_is_a_data_frame():
    table = score_table({"ridge": 12.5, "seasonal naive": 20.0, "a long name": 30.0})
    expected = pandas.DataFrame(
        {
            "MAE": [12.5, 20.0, 30.0],
            "RMSE": [np.nan] * 3,
            "skill against seasonal naive": [0.375, 0.0, -0.5],
        },
        index=pandas.Index(["ridge", "seasonal naive", "a long name"], name="method"),
    )
    pandas.testing.assert_frame_equal(table, expected)


def test_small_errors_keep_their_digits():
    text = str(score_table({"a": 0.00123, "b": 0.002}, against="b"))
    assert "0.00123" in text and "0.00200" in text


def test_names_cannot_write_into_the_page():
    evil = "<script>alert(1)</script>&"
    page = score_table({evil: 1.0, "b": 2.0}, against=evil)._repr_html_()
    tags = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append(tag)
    parser.feed(page)
    assert "script" not in tags and "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page


@pytest.mark.parametrize(
    "scores, against, sentence",
    [
        ({"a": 1.0, "b": 2.0}, "c", "against: wanted one of a, b, got 'c'"),
        ({}, "c", "against: wanted one of no names at all, got 'c'"),
        ([1.0], "c", "scores: wanted a dictionary from names to scores, got list"),
        ({"a": np.nan, "b": 2.0}, "b", "scores['a']: wanted a finite number, got nan"),
        ({"a": 1.0, "b": 0.0}, "b", "against: wanted a number above 0, got 0.0"),
    ],
)
def test_bad_input_is_explained_in_one_sentence(scores, against, sentence):
    with pytest.raises(ValueError) as raised:
        score_table(scores, against)
    assert str(raised.value).startswith(sentence)
