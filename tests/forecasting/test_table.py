"""The table of scores, as text and as a page."""

import html.parser

import numpy as np
import pytest

from lstm_course.forecasting import LastValue, SeasonalNaive, rolling_origin, score_table

VALUES = np.tile([1.0, 5.0, 3.0], 12) + np.arange(36) * 0.01
FORECASTS = {
    method.name: rolling_origin(VALUES, method, [20, 24], horizon=4) for method in (LastValue(), SeasonalNaive(3))
}


def test_the_best_stands_first_and_scores_are_against_the_reference():
    table = score_table({**FORECASTS, "guess": 0.5})
    assert [row.name for row in table.rows] == ["seasonal naive", "guess", "last value"]
    naive, guess, last = table.rows
    assert naive.skill == 0 and guess.skill == pytest.approx(1 - 0.5 / naive.mae) and guess.rmse is None
    assert last.mae == FORECASTS["last value"].mae() and last.rmse == FORECASTS["last value"].rmse()
    assert score_table(FORECASTS, against="last value").rows[0].skill == pytest.approx(1 - naive.mae / last.mae)


def test_the_table_as_text():
    text = str(score_table({"ridge": 12.345, "seasonal naive": 20.0, "a long name": 31.0}))
    assert text == repr(score_table({"ridge": 12.345, "seasonal naive": 20.0, "a long name": 31.0}))
    assert text.splitlines() == [
        "method            MAE  RMSE  skill",
        "ridge           12.35         +38%  best".replace("12.35", f"{12.345:.2f}"),
        "seasonal naive  20.00           0%",
        "a long name     31.00         -55%",
        "skill: 1 - MAE / MAE of seasonal naive",
    ]


def test_small_errors_are_shown_to_three_digits():
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
    assert tags.count("tr") == 3 and page.count(">best<") == 1


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
def test_bad_input_is_said_in_one_sentence(scores, against, sentence):
    with pytest.raises(ValueError) as raised:
        score_table(scores, against)
    assert str(raised.value).startswith(sentence)
