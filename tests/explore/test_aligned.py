"""The table of attention weights and the box to type in, without a front end."""

import numpy as np

from lstm_course.authoring.notebooks import WIDGET_VIEW
from lstm_course.explore.aligned import TypedText, table


def test_the_table_has_a_row_for_each_word_written_and_says_its_weights():
    page = table(("two", "<b>"), ("zwei",), np.array([[0.75, 0.25]]))
    assert page.count("<tr>") == 2 and page.count("<td title=") == 2
    assert "zwei from two: 0.75" in page and "<b>" not in page and "&lt;b&gt;" in page
    assert "nothing" in table(("two",), (), np.zeros((0, 1)))


def test_the_page_follows_the_box_and_an_error_is_a_sentence():
    def page(text):
        if "<" in text:
            raise ValueError(f"text: wanted no {text!r}")
        return f"<p>{text.upper()}</p>"

    typed = TypedText("word", "ab", page, longest=3)
    assert typed.shown.value == "<p>AB</p>"
    typed.box.value = "abcdefg"
    assert typed.shown.value == "<p>ABC</p>"
    typed.box.value = "<i>"
    assert "wanted no" in typed.shown.value and "<i>" not in typed.shown.value


def test_without_a_kernel_the_page_is_there():
    bundle = TypedText("word", "a<b", lambda text: f"<p>{len(text)}</p>")._repr_mimebundle_()
    assert WIDGET_VIEW in bundle and bundle["text/html"] == "<p>word: <b>a&lt;b</b></p><p>3</p>"
